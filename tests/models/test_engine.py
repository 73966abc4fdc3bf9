"""The engine's own work, with a server in place of llama.cpp that does what it is told."""

import threading
from pathlib import Path

import pytest

from swfactory.errors import ModelRefused, ModelUnavailable
from swfactory.models import engine as engine_module
from swfactory.models.engine import (
    Engine,
    EngineOptions,
    Job,
    acquire_engine,
    close_engines,
    free_cores,
    release_engine,
)
from swfactory.models.llama import LlamaChatModel


class FakeServer:
    """Answers ``max_tokens`` chunks a choice; waits for ``go`` before each request when told to."""

    def __init__(self):
        self.requests = []
        self.go = threading.Event()
        self.go.set()
        self.arrived = threading.Semaphore(0)
        self.sent = 0
        self.fault = None

    def handle_chat_completions(self, request, callback):
        self.requests.append(request)
        self.arrived.release()
        self.go.wait(10)
        if isinstance(self.fault, Exception):
            raise self.fault
        if self.fault:
            callback({"error": self.fault})
            return
        count = request.get("n", 1)
        for _ in range(request["max_tokens"]):
            for index in reversed(range(count)):
                self.sent += 1
                text = f"{request['seed'] + index} "
                if callback({"choices": [{"index": index, "finish_reason": None, "delta": {"content": text}}]}):
                    return
        for index in range(count):
            callback({"choices": [{"index": index, "finish_reason": "length", "delta": {}}]})
            usage = {"prompt_tokens": 3, "completion_tokens": request["max_tokens"], "total_tokens": 9}
            callback({"choices": [], "usage": usage})


class Call:
    """A job and what it was given."""

    def __init__(self, seed=0, text="hi", max_tokens=2):
        self.items = []
        self.ended = threading.Event()
        self.some = threading.Event()
        body = {"messages": [{"role": "user", "content": text}], "max_tokens": max_tokens}
        self.job = Job(body=body, seed=seed, deliver=self.take)

    def take(self, item):
        self.items.append(item)
        self.some.set()
        if item is None or isinstance(item, Exception):
            self.ended.set()

    @property
    def text(self):
        pieces = [item["choices"][0]["delta"].get("content", "") for item in self.items[:-1] if item["choices"]]
        return "".join(pieces)

    @property
    def usages(self):
        return [item["usage"] for item in self.items[:-1] if item.get("usage")]


@pytest.fixture
def server(monkeypatch):
    fake = FakeServer()
    monkeypatch.setattr(engine_module, "_load", lambda options, key: fake)
    return fake


@pytest.fixture
def engine(server):
    made = Engine(EngineOptions(path=Path("m.gguf"), context=1000, parallel=4))
    yield made
    server.go.set()
    made.close()


def run(engine, *calls):
    for call in calls:
        engine.submit(call.job)
    for call in calls:
        assert call.ended.wait(10)


def test_samples_of_one_prompt_are_one_request_and_each_gets_its_own(engine, server):
    calls = [Call(seed) for seed in (7, 5, 6)]
    run(engine, *calls)
    assert [(request["seed"], request.get("n")) for request in server.requests] == [(5, 3)]
    assert [call.text for call in calls] == ["7 7 ", "5 5 ", "6 6 "]
    assert all(len(call.usages) == 1 and call.items[-1] is None for call in calls)


def test_what_differs_in_more_than_the_seed_stays_apart(engine, server):
    run(engine, Call(0), Call(1, text="ho"), Call(1, max_tokens=3), Call(0), Call(9))
    assert sorted((request["seed"], request.get("n", 1)) for request in server.requests) == [
        (0, 1),
        (0, 1),
        (1, 1),
        (1, 1),
        (9, 1),
    ]


def test_no_more_samples_in_a_batch_than_slots(engine, server):
    run(engine, *(Call(seed) for seed in range(6)))
    assert sorted((request["seed"], request.get("n", 1)) for request in server.requests) == [(0, 4), (4, 2)]


def test_calls_wait_until_their_tokens_fit_the_pool(engine, server):
    server.go.clear()
    first, second = Call(text="a", max_tokens=1200), Call(text="b", max_tokens=1200)
    engine.submit(first.job)
    assert server.arrived.acquire(timeout=10)
    engine.submit(second.job)
    assert not server.arrived.acquire(timeout=0.1)
    server.go.set()
    assert first.ended.wait(10)
    assert second.ended.wait(10)
    assert len(server.requests) == 2


def test_a_call_larger_than_the_pool_still_goes_alone(engine, server):
    call = Call(max_tokens=5000)
    run(engine, call)
    assert call.items[-1] is None


def test_cancelling_stops_the_server(engine, server):
    call = Call(max_tokens=10**9)
    engine.submit(call.job)
    assert call.some.wait(10)
    engine.cancel(call.job)
    assert call.ended.wait(10)
    assert server.sent < 10**8
    assert engine.active == 0


def test_one_of_a_batch_can_go_while_the_others_stay(engine, server):
    server.go.clear()
    gone, stays = Call(0), Call(1)
    engine.submit(gone.job)
    engine.submit(stays.job)
    assert server.arrived.acquire(timeout=10)
    engine.cancel(gone.job)
    server.go.set()
    assert stays.ended.wait(10)
    assert stays.text == "1 1 "
    assert gone.ended.wait(10)
    assert gone.text == ""


def test_a_waiting_call_can_be_cancelled_before_it_reaches_the_server(engine, server):
    server.go.clear()
    first, second = Call(text="a", max_tokens=1200), Call(text="b", max_tokens=1200)
    engine.submit(first.job)
    assert server.arrived.acquire(timeout=10)
    engine.submit(second.job)
    engine.cancel(second.job)
    assert second.ended.wait(10)
    server.go.set()
    assert first.ended.wait(10)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("fault", "kind", "word"),
    [
        (
            {"type": "exceed_context_size_error", "code": 400, "n_prompt_tokens": 9000, "n_ctx": 8192},
            ModelRefused,
            "9000 tokens does not fit the context of 8192",
        ),
        ({"type": "invalid_request_error", "code": 400, "message": "bad grammar"}, ModelRefused, "bad grammar"),
        ({"type": "server_error", "code": 500, "message": "no room"}, ModelUnavailable, "no room"),
        (ValueError("JSON schema error"), ModelRefused, "JSON schema error"),
        (RuntimeError("decode failed"), ModelUnavailable, "decode failed"),
    ],
)
def test_faults_become_errors_of_ours_and_the_next_call_works(engine, server, fault, kind, word):
    server.fault = fault
    call = Call()
    run(engine, call)
    assert isinstance(call.items[-1], kind)
    assert word in str(call.items[-1])
    assert call.items[-1].hint
    server.fault = None
    again = Call()
    run(engine, again)
    assert again.text == "0 0 "


def test_closing_ends_every_call_with_an_error(engine, server):
    call = Call(max_tokens=10**9)
    engine.submit(call.job)
    assert call.some.wait(10)
    engine.close()
    assert isinstance(call.items[-1], ModelUnavailable)
    with pytest.raises(ModelUnavailable, match="closed"):
        engine.submit(Call().job)


def test_one_engine_for_equal_options(server):
    try:
        one = acquire_engine(EngineOptions(path=Path("a.gguf")))
        assert acquire_engine(EngineOptions(path=Path("a.gguf"))) is one
        assert acquire_engine(EngineOptions(path=Path("a.gguf"), context=512)) is not one
    finally:
        close_engines()
    with pytest.raises(ModelUnavailable):
        one.submit(Call().job)


def test_free_cores_is_at_least_one():
    assert free_cores() >= 1


def test_an_engine_is_freed_when_nobody_calls_it_and_loaded_again_when_wanted(server):
    options = EngineOptions(path=Path("a.gguf"))
    try:
        assert not release_engine(options)
        first = acquire_engine(options)
        server.go.clear()
        call = Call()
        first.submit(call.job)
        assert not release_engine(options)
        server.go.set()
        assert call.ended.wait(10)
        while first.active:
            pass
        assert release_engine(options)
        assert acquire_engine(options) is not first
        with pytest.raises(ModelUnavailable, match="closed"):
            first.submit(Call().job)
    finally:
        close_engines()


async def test_a_model_that_was_freed_in_between_is_loaded_again_by_the_call(server, monkeypatch):
    model = LlamaChatModel(path=Path("a.gguf"))
    try:
        model.load()
        assert model.unload()
        monkeypatch.setattr(LlamaChatModel, "load", _stale_once(LlamaChatModel.load))
        reply = await model.ainvoke("hi", max_tokens=2, seed=7, top_p=0.5)
        assert reply.text == "7 7 "
        assert model.invoke("hi", max_tokens=1, seed=8).text == "8 "
        assert [request.get("top_p") for request in server.requests] == [0.5, None]
    finally:
        close_engines()


def _stale_once(find):
    found = []

    def engine(model):
        found.append(find(model))
        if len(found) == 1:
            model.unload()
        return found[-1]

    return engine
