import pytest

from swfactory.domain.budget import Budget
from swfactory.domain.call import Message, Request
from swfactory.errors import SandboxError
from swfactory.graphs.node import node
from swfactory.roles.task import Task
from tests.graphs.conftest import make_rig

TASK = Task(Request(role="engineer", messages=(Message(role="user", content="hi"),)), lambda reply: reply.text)


async def test_what_a_node_spends_is_added_to_its_update():
    @node
    async def work(desk):
        await desk.ask(TASK)
        return {"commit": await desk.ask(TASK)}

    ticks = iter(range(100))
    rig = make_rig(lambda request: "one two", clock=lambda: float(next(ticks)))
    update = await work({"usage": {}, "rounds": 0}, rig.runtime())
    assert update["commit"] == "one two"
    assert update["usage"]["engineer"].completion_tokens == 4
    assert update["usage"]["engineer"].calls == 2
    assert update["seconds"] > 0


async def test_a_spent_budget_ends_gracefully_and_keeps_the_account():
    @node
    async def work(desk):
        while True:
            await desk.ask(TASK)

    rig = make_rig(lambda request: "one two", budget=Budget(max_tokens=5))
    update = await work({"usage": {}}, rig.runtime())
    assert update["exhausted"] == "tokens"
    assert update["usage"]["engineer"].completion_tokens == 5
    assert "commit" not in update
    assert rig.told("note") == ["the run's tokens are used up"]


async def test_time_is_a_bound_too():
    @node
    async def work(desk):
        desk.check_budget()
        raise AssertionError

    rig = make_rig(budget=Budget(max_seconds=10))
    assert (await work({"usage": {}, "seconds": 10.0}, rig.runtime()))["exhausted"] == "time"


@pytest.mark.parametrize("error", [SandboxError("no"), AssertionError("no")])
async def test_any_other_error_is_not_hidden(error):
    @node
    async def work(desk):
        raise error

    with pytest.raises(type(error)):
        await work({}, make_rig().runtime())


def test_langgraph_reads_state_and_runtime_of_a_node():
    @node
    async def work(desk):
        """Work hard."""

    assert list(work.__annotations__) == ["state", "runtime", "return"]
    assert (work.__name__, work.__doc__) == ("work", "Work hard.")
