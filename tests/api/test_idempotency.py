"""Orders that are given twice are carried out once."""

from __future__ import annotations

import asyncio

import pytest

from swfactory.api.idempotency import REPLAYED
from swfactory.errors import InputError
from swfactory.runtime.store import RunStore
from tests.api.conftest import TOKENS, bearer, problem
from tests.runtime.conftest import TOY

ORDER = {"requirement": "Write 1 files", "graph": TOY}


async def ids(server) -> list[str]:
    return [run["id"] for run in (await server.client.get("/runs?limit=200")).json()["runs"]]


async def test_ten_equal_orders_at_once_are_one_run(server):
    key = {"Idempotency-Key": "order-17"}
    answers = await asyncio.gather(*(server.client.post("/runs", json=ORDER, headers=key) for _ in range(10)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.text for answer in answers}) == 1
    assert sum(answer.headers.get(REPLAYED) == "true" for answer in answers) == 9
    assert await ids(server) == [answers[0].json()["id"]]


async def test_a_key_is_remembered_after_a_restart_and_by_another_server(serving):
    key = {"Idempotency-Key": "k"}
    async with serving() as server:
        first = await server.client.post("/runs", json=ORDER, headers=key)
        async with serving() as other:
            elsewhere = await other.client.post("/runs", json=ORDER, headers=key)
    async with serving() as server:
        again = await server.client.post("/runs", json=ORDER, headers=key)
        assert first.text == again.text == elsewhere.text
        assert len(await ids(server)) == 1


async def test_a_key_is_of_one_order_only(server):
    key = {"Idempotency-Key": "k"}
    first = await server.client.post("/runs", json=ORDER, headers=key)
    assert "new key" in problem(await server.client.post("/runs", json=ORDER | {"seed": 1}, headers=key), 422)["hint"]
    run = first.json()["id"]
    problem(await server.client.post(f"/runs/{run}/resume", headers=key), 422)
    # How the same is written makes no difference.
    spaced = await server.client.post("/runs", json={"seed": None, **ORDER}, headers=key)
    assert spaced.text == first.text
    for wrong in ("", "x" * 201, "with space", "ä".encode()):
        problem(await server.client.post("/runs", json=ORDER, headers={"Idempotency-Key": wrong}), 422)


async def test_a_key_is_its_callers_own(serving):
    async with serving(serve_tokens=TOKENS | {"b" * 20: "admin"}) as server:
        server.worker.close()
        key = {"Idempotency-Key": "k"}
        one = await server.client.post("/runs", json=ORDER, headers=key | bearer("admin"))
        other = await server.client.post("/runs", json=ORDER, headers=key | {"Authorization": f"Bearer {'b' * 20}"})
        assert one.json()["id"] != other.json()["id"]


async def test_forks_answers_and_resumes_are_given_once(server):
    run = await server.finished(2, gates=["spec"], budget={"max_tokens": 1})
    path = f"/runs/{run['id']}"
    for number, (route, body) in enumerate(
        (
            ("gates/spec", {"decision": "approve"}),
            ("resume", {"budget": {"max_tokens": 10_000}}),
            ("fork", {"step": 1}),
        )
    ):
        key = {"Idempotency-Key": f"key-{number}"}
        first = await server.client.post(f"{path}/{route}", json=body, headers=key)
        assert first.status_code == 202, first.text
        await server.settled(run["id"])
        again = await server.client.post(f"{path}/{route}", json=body, headers=key)
        assert (again.status_code, again.text) == (202, first.text)
        assert again.headers[REPLAYED] == "true"
    assert len(await ids(server)) == 2
    events = server.factory.events(run["id"])
    assert sum(event.kind == "gate" and bool(event.data["answered"]) for event in events) == 1


async def test_an_order_that_failed_can_be_given_again_with_its_key(server):
    key = {"Idempotency-Key": "k"}
    wrong = ORDER | {"collections": ["docs"]}
    problem(await server.client.post("/runs", json=wrong, headers=key), 404)
    assert (await server.client.post("/runs", json=ORDER, headers=key)).status_code == 202


def test_an_order_that_breaks_off_leaves_nothing(tmp_path):
    """What a kill does, too: a transaction that was not ended is none."""
    from tests.runtime.test_store import make

    store = RunStore(tmp_path / "factory.db")

    def breaks() -> str:
        make(store)
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError):
        store.once("k", "c", breaks)
    assert store.runs() == []
    assert store.once("k", "c", lambda: make(store).id) == (store.runs()[0].id, False)
    assert store.once("k", "c", breaks) == (store.runs()[0].id, True)
    with pytest.raises(InputError):
        store.once("k", "d", breaks)
    store.close()


def test_orders_are_forgotten_after_a_week(tmp_path):
    now = 1_000_000.0
    store = RunStore(tmp_path / "factory.db", clock=lambda: now)
    store.once("k", "c", lambda: "old")
    now += 8 * 24 * 3600
    store.once("other", "c", lambda: "x")
    assert store.once("k", "c", lambda: "new") == ("new", False)
    store.close()


def test_a_store_of_the_version_before_is_brought_up_to_date(tmp_path):
    import sqlite3

    from tests.runtime.test_store import make

    store = RunStore(tmp_path / "factory.db")
    run = make(store)
    store.close()
    with sqlite3.connect(tmp_path / "factory.db") as db:
        db.execute("DROP TABLE orders")
        db.execute("PRAGMA user_version=1")
    db.close()
    store = RunStore(tmp_path / "factory.db")
    assert [found.id for found in store.runs()] == [run.id]
    assert store.once("k", "c", lambda: "done") == ("done", False)
    store.close()
