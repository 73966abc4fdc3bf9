import json
import time

import pytest
from langchain_core.language_models import BaseChatModel

from swfactory.config import Settings
from swfactory.errors import ModelRefused, ModelUnavailable
from swfactory.models import create_chat_model, model_digest
from swfactory.testing.contracts_models import ChatModelContract
from tests.models.servers import Handler, serve

WORDS = [f"word{number} " for number in range(4000)]


class FakeServer(Handler):
    """Chat completions, streamed; ``faults`` are statuses to answer with first."""

    faults: list
    bodies: list
    keys: list
    cut = False

    def do_POST(self):  # noqa: N802
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.bodies.append(body)
        self.keys.append(self.headers["Authorization"])
        if self.faults:
            message = json.dumps({"error": {"message": "no such luck", "type": "test"}}).encode()
            self.reply(self.faults.pop(0), message, "application/json")
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        pieces, finish = self.sample(body)
        try:
            for number, piece in enumerate(pieces):
                time.sleep(0.002 if number > 50 else 0)  # so that long replies can be cancelled under way
                self.event(choices=[{"index": 0, "delta": {"content": piece}, "finish_reason": None}])
                if self.cut:
                    self.connection.shutdown(2)
                    return
            self.event(choices=[{"index": 0, "delta": {}, "finish_reason": finish}])
            usage = {"prompt_tokens": 21, "completion_tokens": len(pieces), "total_tokens": 21 + len(pieces)}
            self.event(choices=[], usage={**usage, "prompt_tokens_details": {"cached_tokens": 5}})
            self.wfile.write(b"data: [DONE]\n\n")
        except OSError:  # the client went away, which some tests do on purpose
            self.gone.append(True)

    def sample(self, body):
        if "response_format" in body:
            return ['{"answer"', ": 4}"], "stop"
        pieces = WORDS[: body["max_tokens"]]
        finish = "length"
        for mark in body.get("stop") or []:
            text = "".join(pieces)
            if mark in text:
                pieces, finish = [text[: text.index(mark)]], "stop"
        return pieces, finish

    def event(self, **fields):
        data = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "fake", **fields}
        self.wfile.write(b"data: " + json.dumps(data).encode() + b"\n\n")
        self.wfile.flush()


@pytest.fixture
def server(monkeypatch):
    monkeypatch.delenv("SWF_OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("OPENAI_API_KEY", "a key that is not meant for this server")
    handler = type("TestServer", (FakeServer,), {"faults": [], "bodies": [], "keys": [], "gone": []})
    with serve(handler) as url:
        handler.url = f"openai:{url}/v1#fake"
        yield handler


@pytest.fixture
def model(server):
    return create_chat_model(server.url, Settings()).model_copy(update={"patience": 0.0})


class TestServerModelKeepsTheContract(ChatModelContract):
    @pytest.fixture
    def model(self, server) -> BaseChatModel:
        return create_chat_model(server.url, Settings())


async def test_sends_what_servers_know_and_keeps_role_back(server, model):
    form = {"type": "json_schema", "json_schema": {"name": "reply", "schema": {"type": "object"}}}
    await model.ainvoke("hi", role="engineer", temperature=0.5, seed=3, max_tokens=7, stop=["x"], response_format=form)
    body = server.bodies[0]
    assert body["model"] == "fake"
    assert (body["temperature"], body["seed"], body["max_tokens"], body["stop"]) == (0.5, 3, 7, ["x"])
    assert body["response_format"] == form
    assert body["stream_options"] == {"include_usage": True}
    assert "role" not in body


def test_the_key_is_ours_alone(server, model, monkeypatch):
    model.invoke("hi", max_tokens=2)
    monkeypatch.setenv("SWF_OPENAI_API_KEY", "ours")
    create_chat_model(server.url, Settings()).invoke("hi", max_tokens=2)
    assert server.keys == ["Bearer none", "Bearer ours"]


@pytest.mark.parametrize("fault", [429, 500, 503])
async def test_passing_faults_are_tried_again(server, model, fault):
    server.faults[:] = [fault, fault]
    assert (await model.ainvoke("hi", max_tokens=2)).text == "word0 word1 "
    server.faults[:] = [fault, fault]
    assert model.invoke("hi", max_tokens=2).text == "word0 word1 "
    assert len(server.bodies) == 6


async def test_faults_that_stay_are_unavailable(server, model):
    server.faults[:] = [503] * 9
    with pytest.raises(ModelUnavailable, match="503") as error:
        await model.ainvoke("hi")
    assert error.value.hint
    assert len(server.bodies) == model.attempts


@pytest.mark.parametrize(("fault", "hint"), [(400, "shorter"), (401, "SWF_OPENAI_API_KEY"), (404, "/models")])
async def test_refusals_are_not_tried_again(server, model, fault, hint):
    server.faults[:] = [fault]
    with pytest.raises(ModelRefused, match="no such luck") as error:
        await model.ainvoke("hi")
    assert hint in error.value.hint
    assert len(server.bodies) == 1


async def test_a_stream_that_breaks_off_is_unavailable_and_not_repeated(server, model):
    server.cut = True
    with pytest.raises(ModelUnavailable):
        await model.ainvoke("hi", max_tokens=50)
    assert len(server.bodies) == 1


async def test_no_server_says_how_to_look():
    model = create_chat_model("openai:http://127.0.0.1:9/v1#x", Settings()).model_copy(update={"patience": 0.0})
    with pytest.raises(ModelUnavailable, match="cannot be reached") as error:
        await model.ainvoke("hi")
    assert "curl http://127.0.0.1:9/v1/models" in error.value.hint


def test_a_server_has_no_digest():
    assert model_digest("openai:http://127.0.0.1:9/v1#x", Settings()) == ""
