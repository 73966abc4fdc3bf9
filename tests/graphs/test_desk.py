import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk

from swfactory.domain.budget import Budget, Usage
from swfactory.domain.call import Message, Reply, Request, Sampling
from swfactory.domain.execution import Command, Execution
from swfactory.domain.spec import Criterion, Spec
from swfactory.errors import BudgetSpent, ModelUnavailable, PathEscapeError, PromptTooLong, ReplyError
from swfactory.roles.task import Task
from swfactory.testing.chat import ScriptedChatModel
from swfactory.testing.sandbox import ScriptedSandbox
from tests.graphs.conftest import make_rig


def task(read=lambda reply: reply.text, *, content="hi", fallback=None, retries=1, **sampling):
    messages = (Message(role="system", content="be brief"), Message(role="user", content=content))
    return Task(Request(role="engineer", messages=messages, sampling=Sampling(**sampling)), read, fallback, retries)


def refuse(error):
    def read(reply):
        raise error

    return read


def picky(wanted):
    def read(reply):
        if reply.text != wanted:
            raise ReplyError(f"{reply.text!r} is not {wanted!r}")
        return reply.text

    return read


async def test_a_usable_answer_is_asked_for_once():
    rig = make_rig(["yes"])
    assert await rig.desk().ask(task()) == "yes"
    rig.model.assert_finished()


async def test_an_unusable_answer_is_asked_for_again_with_what_was_wrong():
    rig = make_rig(["no", "yes"])
    assert await rig.desk().ask(task(picky("yes"), seed=5)) == "yes"
    first, second = rig.model.requests
    assert [m.role for m in second.messages] == ["system", "user", "assistant", "user"]
    assert second.messages[:2] == first.messages
    assert second.messages[2].content == "no"
    assert "'no' is not 'yes'" in second.messages[3].content
    assert second.sampling.seed != first.sampling.seed
    assert second.sampling.temperature > first.sampling.temperature
    assert rig.told("note") == ["engineer: 'no' is not 'yes'"]


async def test_after_the_last_try_comes_the_fallback_or_the_error():
    rig = make_rig(lambda request: "no")
    assert await rig.desk().ask(task(picky("yes"), fallback=lambda: "default", retries=2)) == "default"
    assert len(rig.model.requests) == 3
    with pytest.raises(ReplyError, match="is not"):
        await rig.desk().ask(task(picky("yes"), retries=0))


@pytest.mark.parametrize(
    "error",
    [ReplyError("x"), PathEscapeError("x"), ValueError("x"), KeyError("x"), RecursionError("x"), MemoryError("x")],
)
async def test_any_way_in_which_a_reply_cannot_be_read(error):
    rig = make_rig(lambda request: "no")
    assert await rig.desk().ask(task(refuse(error), fallback=lambda: "default")) == "default"


@pytest.mark.parametrize("error", [AssertionError("x"), TypeError("x")])
async def test_a_bug_of_a_reader_is_not_hidden(error):
    with pytest.raises(type(error)):
        await make_rig(lambda request: "no").desk().ask(task(refuse(error), fallback=lambda: "default"))


async def test_a_model_that_is_away_is_not_a_bad_reply():
    rig = make_rig([ModelUnavailable("gone")])
    with pytest.raises(ModelUnavailable):
        await rig.desk().ask(task(fallback=lambda: "default"))


async def test_a_huge_bad_reply_is_quoted_short():
    rig = make_rig(["x" * 1_000_000, "yes"])
    await rig.desk().ask(task(picky("yes")))
    assert len(rig.model.requests[1].messages[2].content) == 400
    assert len(rig.model.requests[1].messages[3].content) < 600


async def test_an_empty_reply_can_be_told():
    rig = make_rig(["", "yes"])
    assert await rig.desk().ask(task(picky("yes"))) == "yes"
    assert rig.model.requests[1].messages[2].content


async def test_the_runs_seed_changes_every_sample_and_the_same_seed_repeats_it():
    seeds = []
    for seed in (0, 1, 2, 1):
        rig = make_rig(lambda request: "yes", seed=seed)
        for own in (0, 1):
            await rig.desk().ask(task(seed=own))
        seeds.append(tuple(request.sampling.seed for request in rig.model.requests))
    assert seeds[1] == seeds[3]
    assert len({seed for pair in seeds[:3] for seed in pair}) == 6


@pytest.mark.parametrize(
    "secret",
    [
        "sk-" + "a1" * 20,
        "ghp_" + "A1" * 18,
        "glpat-" + "a1" * 10,
        "AKIA" + "A1" * 8,
        "-----BEGIN RSA PRIVATE KEY-----\nMIIB\n-----END RSA PRIVATE KEY-----",
    ],
)
async def test_secrets_reach_neither_the_model_nor_the_store(secret):
    rig = make_rig(lambda request: "yes")
    await rig.desk().ask(task(content=f"use {secret} for it"))
    assert rig.model.requests[0].messages[1].content.startswith("use [masked:")
    (call,) = [event["data"] for event in rig.events if event["kind"] == "call"]
    assert "MIIB" not in rig.context.objects.get(call["prompt"])
    assert secret not in rig.context.objects.get(call["prompt"])


async def test_ordinary_words_are_no_secrets():
    rig = make_rig(lambda request: "yes")
    await rig.desk().ask(task(content="task-management, sk-short, AKIA"))
    assert rig.model.requests[0].messages[1].content == "task-management, sk-short, AKIA"


async def test_the_budget_clips_what_may_be_generated():
    rig = make_rig(lambda request: "word " * 500, budget=Budget(max_tokens=100))
    desk = rig.desk(usage={"architect": Usage(completion_tokens=70)})
    assert len((await desk.ask(task(max_tokens=1000))).split()) == 30
    assert rig.model.requests[0].sampling.max_tokens == 30
    with pytest.raises(BudgetSpent) as caught:
        await desk.ask(task())
    assert caught.value.hint == "tokens"
    assert len(rig.model.requests) == 1


async def test_calls_at_once_share_what_is_left():
    rig = make_rig(lambda request: "word " * 500, budget=Budget(max_tokens=90))
    desk = rig.desk()
    replies = await desk.gather([desk.ask(task(max_tokens=1000, content=str(n))) for n in range(3)])
    assert [len(reply.split()) for reply in replies] == [30, 30, 30]
    with pytest.raises(BudgetSpent):
        await desk.gather([desk.ask(task())])


async def test_of_calls_at_once_those_that_the_budget_allowed_are_kept():
    async def twice(desk):
        await desk.ask(task(content="first"))
        return await desk.ask(task(content="second"))

    rig = make_rig(lambda request: "word " * 40, budget=Budget(max_tokens=100))
    desk = rig.desk()
    assert len(await desk.gather([twice(desk), desk.ask(task(content="once"))])) >= 1
    assert desk.spent_tokens <= 100


async def test_an_error_of_one_call_waits_for_the_others():
    replies = iter(["no", "yes"])
    rig = make_rig(lambda request: next(replies))
    desk = rig.desk()
    with pytest.raises(ReplyError):
        await desk.gather([desk.ask(task(picky("yes"), retries=0)), desk.ask(task(picky("yes")))])
    assert len(rig.told("call")) == 2


async def test_without_a_bound_nothing_is_clipped():
    rig = make_rig(lambda request: "word " * 500, budget=Budget(max_tokens=None))
    await rig.desk().ask(task(max_tokens=400))
    assert rig.model.requests[0].sampling.max_tokens == 400


async def test_time_is_counted_from_the_beginning_of_the_run():
    now = [100.0]
    rig = make_rig(lambda request: "yes", budget=Budget(max_seconds=10), clock=lambda: now[0])
    desk = rig.desk(seconds=8.0)
    await desk.ask(task())
    now[0] += 2
    with pytest.raises(BudgetSpent) as caught:
        await desk.ask(task())
    assert caught.value.hint == "time"


async def test_a_call_is_shown_token_by_token_and_kept_whole():
    rig = make_rig(["one two three"])
    desk = rig.desk()
    await desk.ask(task())
    assert "".join(rig.told("token")) == "one two three"
    (call,) = [event for event in rig.events if event["kind"] == "call"]
    request = Request.model_validate_json(rig.context.objects.get(call["data"]["prompt"]))
    assert request.digest == call["data"]["request"]
    assert request == rig.model.requests[0]
    reply = Reply.model_validate_json(rig.context.objects.get(call["data"]["reply"]))
    assert (reply.text, reply.usage.completion_tokens) == ("one two three", 3)
    update = desk.done({"commit": "c"})
    assert update["usage"]["engineer"] == reply.usage
    assert update["commit"] == "c"


async def test_recorded_seconds_are_kept_and_others_are_measured():
    ticks = iter(range(0, 1000, 7))
    desk = make_rig(lambda request: "yes", clock=lambda: float(next(ticks))).desk()
    await desk.ask(task())
    assert desk.done()["usage"]["engineer"].seconds == 0.0  # the scripted model says how long it pretends to take

    class Silent(ScriptedChatModel):
        async def _astream(self, messages, stop=None, run_manager=None, **kwargs):
            yield ChatGenerationChunk(message=AIMessageChunk(content="yes"))

    desk = make_rig(models={"*": Silent(["yes"])}, clock=lambda: float(next(ticks))).desk()
    await desk.ask(task())
    assert desk.done()["usage"]["engineer"].seconds > 0


async def test_a_model_that_says_nothing_at_all():
    class Mute(ScriptedChatModel):
        async def _astream(self, messages, stop=None, run_manager=None, **kwargs):
            yield ChatGenerationChunk(message=AIMessageChunk(content=""))

    model: BaseChatModel = Mute([""])
    assert await make_rig(models={"*": model}).desk().ask(task(picky("yes"), fallback=lambda: "default")) == "default"


async def test_a_role_may_have_a_model_of_its_own():
    own = ScriptedChatModel(["own"])
    rig = make_rig(models={"*": ScriptedChatModel([]), "engineer": own})
    assert await rig.desk().ask(task()) == "own"


async def test_documents_are_kept_by_digest():
    desk = make_rig().desk()
    spec = Spec(title="t", criteria=(Criterion(id="C1", text="x"),))
    desk.state["spec"] = desk.store(spec)
    assert desk.load("spec", Spec) == spec


async def test_commits_follow_each_other_and_are_told():
    rig = make_rig()
    desk = rig.desk()
    assert desk.tree() == {}
    desk.state["commit"] = desk.commit({"a.py": "1"}, "Add a")
    second = desk.commit({"b.py": "2"}, "Add b")
    assert desk.tree(second) == {"a.py": "1", "b.py": "2"}
    assert desk.tree() == {"a.py": "1"}
    assert rig.told("commit") == ["Add a", "Add b"]


async def test_a_stopped_program_is_told():
    rig = make_rig(sandbox=ScriptedSandbox([Execution(exit_code=-9, verdict="memory"), Execution(exit_code=1)]))
    desk = rig.desk()
    for _ in range(2):
        await desk.run(Command(argv=("python", "main.py")))
    assert rig.told("finding") == ["the sandbox stopped a run: memory limit"]


def too_long(request):
    raise PromptTooLong("the prompt of 9000 tokens does not fit the context of 8192")


async def test_a_prompt_that_does_not_fit_is_not_repeated_and_ends_in_the_fallback():
    rig = make_rig(too_long)
    assert await rig.desk().ask(task(fallback=lambda: "default", retries=3)) == "default"
    assert len(rig.model.requests) == 1


async def test_a_prompt_that_does_not_fit_is_an_unusable_reply_without_a_fallback():
    with pytest.raises(ReplyError, match="9000"):
        await make_rig(too_long).desk().ask(task())
