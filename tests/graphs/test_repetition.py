import pytest

from swfactory.graphs.repetition import Repetition
from swfactory.models.replay import ReplayChatModel
from tests.graphs.conftest import make_rig
from tests.graphs.test_desk import task

MARKS = "!@#$%^&*()_+=~`{}|?[]/:;,."
CHAIN = "".join(f'.replace("{mark}", "")' for mark in MARKS)
FUNCTION = '''
def {name}(text):
    """Return the part of the text that is {what}, as the requirement wants it."""
    words = text.split()
    return [word for word in words if word.is{name}()]

'''


def stopped_at(text, size=7):
    watch = Repetition()
    return next((at for at in range(0, len(text), size) if watch.add(text[at : at + size])), None)


@pytest.mark.parametrize(
    "block", ["x = x.strip()\n", "# The `main` function calls the `main` function with these words.\n", CHAIN]
)
@pytest.mark.parametrize("size", [1, 7, 3000])
def test_a_block_over_and_over_is_noticed(block, size):
    text = "def clean(x):\n    " + block * (6000 // len(block))
    found = stopped_at(text, size)
    assert found is not None
    assert found < 2000


@pytest.mark.parametrize(
    "text",
    [
        "".join(
            FUNCTION.format(name=name, what=name) for name in ("alpha", "digit", "lower", "upper", "title", "space")
        ),
        "GRID = [\n" + "    [0, 0, 0, 0, 0, 0, 0, 0],\n" * 8 + "]\n\ndef solve(grid):\n    return grid\n",
        "\n".join(f"    elif value == {number}:\n        return {number} * factor" for number in range(60)),
        "-" * 79 + "\n" + "=" * 300 + "\n",
        CHAIN,
    ],
)
def test_code_that_is_alike_is_no_repetition(text):
    assert stopped_at(text) is None


async def test_a_reply_that_repeats_itself_is_cut_off_and_counted():
    rig = make_rig(["yes " * 3000])
    desk = rig.desk()
    reply = await desk.ask(task(lambda reply: reply, max_tokens=4000))
    assert reply.finish == "length"
    assert len(reply.text) < 1000
    assert reply.usage.completion_tokens == len(reply.text.split()) == desk.spent_tokens
    assert reply.usage.prompt_tokens > 0


async def test_what_was_cut_off_is_replayed_with_its_cost():
    rig = make_rig(["yes " * 3000])
    first = await rig.desk().ask(task(lambda reply: reply, max_tokens=4000))
    asked = rig.model.requests[0]
    again = make_rig(models={"*": ReplayChatModel(replies={asked.digest: first}, source="a run")}).desk()
    assert await again.ask(task(lambda reply: reply, max_tokens=4000)) == first
    assert again.spent_tokens == first.usage.completion_tokens


async def test_a_reply_in_a_form_is_left_whole():
    schema = {"type": "object", "properties": {"x": {"type": "string"}}}
    rig = make_rig(['{"x": "' + "yes " * 500 + '"}'])
    assert len(await rig.desk().ask(task(max_tokens=4000, json_schema=schema))) > 2000
