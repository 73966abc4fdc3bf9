"""Changes that need no model, step by step, with the tests as the judge."""

from tests.graphs.conftest import fenced, make_rig, plan, spec, team

TEXT = "Write main.py: `python main.py 2 3` prints 2.5, the mean of the numbers."
MEAN = """\
import sys


def main(argv):
    if not argv:
        return 1
    numbers = [float(word) for word in argv]
    # the answer
    print(f"Mean: {sum(numbers) / len(numbers):.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
"""


async def test_two_changes_of_which_neither_helps_alone_are_found_by_coming_nearer(bubblewrap):
    answers = team(spec=spec((1, "the mean is printed")), design=plan(), code=fenced(MEAN), infill="")
    rig = make_rig(answers, text=TEXT, sandbox=bubblewrap)
    await rig.deliver()
    assert (rig.state["outcome"], rig.state["rounds"]) == ("delivered", 0)
    written = rig.tree["main.py"]
    assert [line for line in written.splitlines() if line not in MEAN.splitlines()] == [
        "    print(f'{sum(numbers) / len(numbers):.1f}')"
    ]
