"""A model that was taught to exchange lines is asked in every round of repair; another one never is."""

import pytest

from swfactory.testing.chat import ScriptedChatModel
from tests.graphs.conftest import GOOD, HALF, fenced, make_rig, team, text_of
from tests.graphs.test_delivery import strategies, whole


def rig_of(bubblewrap, said):
    rig = make_rig(team(code=fenced(HALF), infill="", repair=""), sandbox=bubblewrap)
    mender = ScriptedChatModel(lambda request: said)
    models = {**rig.context.models, "mender": mender}
    return make_rig(team(code=fenced(HALF), infill="", repair=""), sandbox=bubblewrap, models=models), mender


async def test_a_line_is_exchanged_before_anything_else_is_tried(bubblewrap):
    wrong = next(line for line in HALF.splitlines() if "a - b" in line)
    rig, mender = rig_of(bubblewrap, f"-{wrong.strip()}\n+{wrong.strip().replace('a - b', 'a + b')}")
    await rig.deliver()
    whole(rig)
    assert (rig.state["outcome"], strategies(rig)) == ("delivered", [])
    assert rig.tree["main.py"] == GOOD
    shown = text_of(mender.requests[0])
    assert "```python\ndef main(argv):" in shown
    assert "`python main.py add 2 3` printed '-1', expected '5'" in shown
    assert mender.requests[0].sampling.temperature == 0


@pytest.mark.parametrize("said", ["", "- no such line\n+ x = 1", "I cannot.", "-    return 1\n+    return 1"])
async def test_what_fits_nowhere_leaves_the_round_to_the_engineer(bubblewrap, said):
    rig, mender = rig_of(bubblewrap, said)
    await rig.deliver()
    whole(rig)
    assert mender.requests
    assert strategies(rig)[0] == "infill"
