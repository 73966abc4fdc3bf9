import asyncio

import pytest

from swfactory.domain.call import Message, Request, Sampling
from swfactory.errors import ModelUnavailable
from swfactory.testing.chat import ScriptedChatModel
from swfactory.testing.contracts_models import ChatModelContract

STORY = " ".join(f"word{number}" for number in range(5000))


class TestScriptedModelKeepsTheContract(ChatModelContract):
    @pytest.fixture
    def model(self):
        return ScriptedChatModel(lambda request: '{"answer": 4}' if request.sampling.json_schema else STORY)

    async def test_closing_the_stream_sends_no_more_words(self, model):
        stream = model.astream("hi", max_tokens=4000)
        await anext(stream)
        await stream.aclose()
        sent = model.words_sent
        await asyncio.sleep(0)
        assert model.words_sent == sent < 10


def test_answers_in_order_and_fails_when_the_script_ends():
    model = ScriptedChatModel(["one", "two"])
    assert [model.invoke("a").text, model.invoke("b").text] == ["one", "two"]
    model.assert_finished()
    with pytest.raises(AssertionError, match="script has 2 replies"):
        model.invoke("c")


def test_an_unfinished_script_is_told():
    model = ScriptedChatModel(["one", "two"])
    model.invoke("a")
    with pytest.raises(AssertionError, match="1 calls came"):
        model.assert_finished()


def test_an_error_in_the_script_is_raised():
    model = ScriptedChatModel([ModelUnavailable("gone", hint="wait"), "back"])
    with pytest.raises(ModelUnavailable, match="gone"):
        model.invoke("a")
    assert model.invoke("a").text == "back"


def test_remembers_requests_as_they_were_made():
    request = Request(
        role="reviewer",
        messages=(Message(role="system", content="s"), Message(role="user", content="u")),
        sampling=Sampling(temperature=0.5, seed=7, max_tokens=9, stop=("x",), json_schema={"type": "object"}),
    )
    model = ScriptedChatModel(["{}"])
    model.invoke([("system", "s"), ("human", "u")], **request.options)
    assert model.requests == (request,)
    assert model.requests[0].digest == request.digest


def test_whitespace_is_kept():
    text = "  def f():\n\n    return 1\n\t# end \n"
    assert ScriptedChatModel([text]).invoke("a").text == text
