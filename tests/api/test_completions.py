"""The unmodified ``openai`` client against the models of the machine."""

import asyncio
import time
from itertools import pairwise

import httpx
import openai
import pytest
from openai import AsyncOpenAI

from swfactory.api.model_pool import ModelPool
from swfactory.config import Settings
from swfactory.errors import ModelUnavailable, PromptTooLong
from swfactory.models.adapter_card import AdapterCard
from swfactory.models.catalog import find_model
from swfactory.models.fitting import adapter_store
from swfactory.models.offered import offered_models
from swfactory.testing.chat import ScriptedChatModel
from tests.api.dialect import makers, serve  # noqa: F401  # fixtures

SMALL, BIG = "qwen2.5-coder-0.5b", "qwen2.5-coder-1.5b"
ASK = [{"role": "system", "content": "Be short."}, {"role": "user", "content": "How are you?"}]


class Shelf:
    """Makes scripted models, and keeps what was made of which URL."""

    def __init__(self):
        self.script = lambda request: f"I am {request.role} and well"
        self.pause = 0.0
        self.made = []
        self.models = {}

    def build(self, url, settings):
        model = ScriptedChatModel(lambda request: self.script(request), pause=self.pause)
        self.made.append(url)
        self.models[url] = model
        return model


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
def served(makers, shelf):  # noqa: F811
    settings = Settings(data_dir=makers.data_dir)
    settings.model_files.mkdir(parents=True)
    for name in (SMALL, BIG):
        (settings.model_files / find_model(name).file).write_bytes(b"gguf")
    store = adapter_store(settings)
    for name, base, form in (("repair", SMALL, "gguf"), ("raw", SMALL, "peft"), ("far", "org/else-7b", "peft")):
        with store.adding(name) as folder:
            (folder / form).write_bytes(b"lora")
            store.write_card(AdapterCard(name=name, base=base, method="lora", created=7, exports={form: form}), folder)
    with serve(makers, build=shelf.build) as served:
        yield served


@pytest.fixture
async def client(served):
    async with AsyncOpenAI(base_url=f"{served.url}/v1", api_key="none", max_retries=0) as client:
        yield client


async def test_models_are_listed_and_shown_by_name(client, served):
    listed = [model.id async for model in client.models.list()]
    assert listed == [BIG, SMALL, "else-7b+far", f"{SMALL}+repair", "scripted:toy"]
    assert (await client.models.retrieve(f"{SMALL}+repair")).created == 7
    assert (await client.models.retrieve("scripted:toy")).object == "model"
    with pytest.raises(openai.NotFoundError, match="smollm2"):
        await client.models.retrieve("smollm2-135m")
    urls = {model.name: model.url for model in offered_models(served.factory.settings)}
    assert urls[f"{SMALL}+repair"] == f"llama:{SMALL}?adapter=repair"
    assert urls["else-7b+far"] == "hf:org/else-7b?adapter=far"


def test_the_default_model_is_offered_by_its_url_only_when_it_is_here(tmp_path):
    settings = Settings(data_dir=tmp_path)
    assert offered_models(settings) == ()
    file = settings.model_files / find_model(BIG).file
    file.parent.mkdir()
    file.touch()
    assert [model.name for model in offered_models(settings)] == [BIG, f"llama:{BIG}"]


async def test_a_client_chats_and_sees_the_usage(client, shelf):
    reply = await client.chat.completions.create(
        model=f"{SMALL}+repair",
        messages=[
            *ASK,
            {"role": "assistant", "content": "Well."},
            {"role": "user", "content": [{"type": "text", "text": "And now?"}]},
        ],
        temperature=0.5,
        seed=3,
        stop="nothing",
        max_completion_tokens=50,
    )
    assert reply.model == f"{SMALL}+repair"
    [choice] = reply.choices
    assert (choice.message.content, choice.finish_reason) == ("I am chat and well", "stop")
    assert (reply.usage.prompt_tokens, reply.usage.completion_tokens, reply.usage.total_tokens) == (8, 5, 13)
    [request] = shelf.models[f"llama:{SMALL}?adapter=repair"].requests
    assert [(turn.role, turn.content) for turn in request.messages[2:]] == [
        ("assistant", "Well."),
        ("user", "And now?"),
    ]
    sampling = request.sampling
    assert (sampling.temperature, sampling.seed, sampling.stop, sampling.max_tokens) == (0.5, 3, ("nothing",), 50)


async def test_a_reply_is_streamed_with_its_usage_at_the_end(client):
    stream = await client.chat.completions.create(
        model=SMALL, messages=ASK, max_tokens=3, stream=True, stream_options={"include_usage": True}
    )
    chunks = [chunk async for chunk in stream]
    assert [chunk.choices[0].delta.content for chunk in chunks[:-2]] == ["", "I ", "am ", "chat "]
    assert chunks[0].choices[0].delta.role == "assistant"
    assert chunks[-2].choices[0].finish_reason == "length"
    assert chunks[-1].choices == []
    assert chunks[-1].usage.completion_tokens == 3
    assert len({chunk.id for chunk in chunks}) == 1
    quiet = await client.chat.completions.create(model=SMALL, messages=ASK, stream=True)
    assert [chunk.usage async for chunk in quiet] == [None] * 7


async def test_a_reply_follows_a_schema_and_a_seed_is_drawn_when_none_is_given(client, shelf):
    schema = {"type": "object", "properties": {"a": {"type": "integer"}}}
    form = {"type": "json_schema", "json_schema": {"name": "answer", "schema": schema}}
    for wanted in (form, {"type": "json_object"}, {"type": "text"}):
        await client.chat.completions.create(model=SMALL, messages=ASK, response_format=wanted)
    requests = shelf.models[f"llama:{SMALL}"].requests
    assert [request.sampling.json_schema for request in requests] == [schema, {"type": "object"}, None]
    assert len({request.sampling.seed for request in requests}) == 3
    assert requests[0].sampling.max_tokens == 4096


@pytest.mark.parametrize(
    ("arguments", "param"),
    [
        ({"n": 2}, "'n' cannot be 2"),
        ({"tools": [{"type": "function", "function": {"name": "f"}}]}, "'tools' is not supported"),
        ({"logprobs": True}, "'logprobs' is not supported"),
        ({"presence_penalty": 1.0}, "'presence_penalty' is not supported"),
        ({"temperature": 9}, "temperature"),
        ({"max_tokens": 0}, "max_tokens"),
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "tool", "content": "x", "tool_call_id": "1"}]}, "messages.0.role"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "u"}}]}]}, "image_url"),
        ({"response_format": {"type": "json_schema"}}, "json_schema"),
    ],
)
async def test_what_a_model_cannot_do_is_refused(client, shelf, arguments, param):
    for stream in (False, True):
        with pytest.raises(openai.BadRequestError, match=param) as error:
            await client.chat.completions.create(**{"model": SMALL, "messages": ASK, "stream": stream} | arguments)
        assert error.value.type == "invalid_request_error"
    assert shelf.made == []


async def test_errors_have_openais_form(client, served, shelf):
    with pytest.raises(openai.NotFoundError, match="no model 'gpt-4'") as missing:
        await client.chat.completions.create(model="gpt-4", messages=ASK)
    assert (missing.value.code, missing.value.param) == ("model_not_found", "model")
    async with httpx.AsyncClient(base_url=served.url) as plain:
        body = {"model": SMALL, "messages": ASK, "stream": None, "n": None, "stop": None, "tools": []}
        assert (await plain.post("/v1/chat/completions", json=body)).status_code == 200
    with pytest.raises(openai.NotFoundError):  # a URL is no name: it could be any file or server
        await client.chat.completions.create(model="llama:/etc/passwd.gguf", messages=ASK)
    with pytest.raises(openai.NotFoundError):  # it has no form that is served
        await client.chat.completions.create(model=f"{SMALL}+raw", messages=ASK)

    def too_long(request):
        raise PromptTooLong("the prompt does not fit", hint="ask for less")

    def gone(request):
        raise ModelUnavailable("the model went away")

    for stream in (False, True):
        shelf.script = too_long
        with pytest.raises(openai.BadRequestError, match="does not fit") as long:
            await client.chat.completions.create(model=SMALL, messages=ASK, stream=stream)
        assert long.value.code == "context_length_exceeded"
        shelf.script = gone
        with pytest.raises(openai.InternalServerError, match="went away") as unavailable:
            await client.chat.completions.create(model=SMALL, messages=ASK, stream=stream)
        assert unavailable.value.status_code == 503
    async with httpx.AsyncClient(base_url=served.url) as plain:
        answer = await plain.post("/v1/chat/completions", content=b"{")
    assert answer.status_code == 400
    assert answer.json()["error"]["type"] == "invalid_request_error"


async def test_a_model_that_fails_in_the_middle_ends_the_stream_with_an_error(client, served):
    class Breaking(ScriptedChatModel):
        async def _astream(self, *args, **kwargs):
            async for chunk in super()._astream(*args, **kwargs):
                if chunk.text.startswith("well"):
                    raise ModelUnavailable("the model stopped in the middle")
                yield chunk

    served.app.state.chat_models = ModelPool(
        lambda url, settings: Breaking(["I am well", "again"]), served.factory.settings
    )
    texts = []

    async def read(stream):
        async for chunk in stream:
            texts.append(chunk.choices[0].delta.content)

    stream = await client.chat.completions.create(model=SMALL, messages=ASK, stream=True)
    with pytest.raises(openai.APIError, match="in the middle"):
        await read(stream)
    assert texts == ["", "I ", "am "]
    reply = await client.chat.completions.create(model=SMALL, messages=ASK)  # its turn was given up
    assert reply.choices[0].message.content == "again"


async def test_one_model_is_kept_and_another_takes_its_place(client, shelf):
    for name in (SMALL, SMALL, BIG, SMALL):
        await client.chat.completions.create(model=name, messages=ASK)
    assert shelf.made == [f"llama:{SMALL}", f"llama:{BIG}", f"llama:{SMALL}"]


async def test_the_pool_frees_what_it_lets_go_of_and_keeps_servers_apart(tmp_path):
    freed = []

    class Freeable(ScriptedChatModel):
        def unload(self):
            freed.append(self.script[0])
            return True

    made = []

    def build(url, settings):
        made.append(url)
        return Freeable([url])

    pool = ModelPool(build, Settings(data_dir=tmp_path), most=2)
    for url in ("llama:a", "llama:b", "llama:a", "openai:http://h/v1#m", "llama:c", "llama:a", "openai:http://h/v1#m"):
        async with pool.use(url) as model:
            assert model.script == [url]
    assert made == ["llama:a", "llama:b", "openai:http://h/v1#m", "llama:c"]
    assert freed == ["llama:b"]
    async with pool.use("llama:a"), pool.use("openai:http://h/v1#m"):  # a server's model waits for nobody
        waiting = asyncio.create_task(pool.use("llama:c").__aenter__())
        await asyncio.sleep(0)
        assert not waiting.done()
        waiting.cancel()


async def test_calls_of_local_models_come_one_after_the_other(client, shelf):
    shelf.pause = 0.02
    order = []

    async def ask(name, word):
        stream = await client.chat.completions.create(
            model=name, messages=[{"role": "user", "content": word}], stream=True
        )
        async for chunk in stream:
            if chunk.choices[0].delta.content:
                order.append(word)

    await asyncio.gather(ask(SMALL, "one"), ask(BIG, "two"), ask(SMALL, "three"))
    changes = sum(one != other for one, other in pairwise(order))
    assert len(order) == 15
    assert changes == 2


@pytest.mark.parametrize("stream", [True, False])
async def test_a_client_that_leaves_ends_its_call(client, served, shelf, stream):
    shelf.pause = 0.02
    shelf.script = lambda request: "word " * 2_000
    if stream:
        reply = await client.chat.completions.create(model=SMALL, messages=ASK, stream=True)
        async for chunk in reply:
            if chunk.choices[0].delta.content:
                break
        await reply.close()
    else:
        call = asyncio.create_task(client.chat.completions.create(model=SMALL, messages=ASK))
        deadline = time.monotonic() + 60
        while not any(model.words_sent for model in shelf.models.values()):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.02)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
    model = shelf.models[f"llama:{SMALL}"]
    shelf.script = lambda request: "short"
    after = await client.chat.completions.create(model=SMALL, messages=ASK)
    assert after.choices[0].message.content == "short"
    assert 0 < model.words_sent < 500
