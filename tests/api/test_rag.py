"""The store of code and documents over HTTP, with an embedder that needs no model."""

from __future__ import annotations

import json

import pytest

from swfactory.testing.embedding import WordEmbedder
from tests.api.conftest import events, problem

OPS = b"# Operations\n\n## Logs\n\nLogs are kept for 90 days.\n"
SAID = json.dumps({"sentences": [{"text": "Logs are kept for 90 days.", "sources": [1]}]})


@pytest.fixture(autouse=True)
def embedder(monkeypatch):
    monkeypatch.setattr("swfactory.rag.embedding.create_embedder", lambda url, folder: WordEmbedder())


@pytest.fixture
async def server(serving):
    async with serving(embedding="words") as server:
        yield server


async def upload(server, *files, name="default"):
    return await server.client.post(f"/rag/collections/{name}/files", files=[("files", file) for file in files])


async def test_uploads_are_found_kept_in_step_and_removed(server, makers):
    done = (await upload(server, ("docs/ops.md", OPS), ("code.py", b"def purge():\n    return 1\n"))).json()
    assert (done["source"], done["added"], done["failed"]) == ("uploads", 2, {})
    folder = makers.data_dir / "uploads" / "default" / "uploads"
    assert (folder / "docs" / "ops.md").read_bytes() == OPS

    search = "/rag/collections/default/search"
    (hit, *_) = (await server.client.get(search, params={"q": "how long are logs kept?"})).json()
    assert hit["source"].startswith("uploads/docs/ops.md")
    words = await server.client.get(search, params={"q": "purge", "mode": "words", "limit": 1})
    assert [found["symbol"] for found in words.json()] == ["purge"]

    (collection,) = (await server.client.get("/rag/collections")).json()
    assert collection == (await server.client.get("/rag/collections/default")).json()
    assert [(source["name"], source["files"]) for source in collection["sources"]] == [("uploads", 2)]

    replaced = (await upload(server, ("docs/ops.md", OPS.replace(b"90", b"30")))).json()
    assert (replaced["changed"], replaced["unchanged"]) == (1, 1)
    (folder / "code.py").unlink()
    (synced,) = (await server.client.post("/rag/collections/default/sync")).json()
    assert (synced["removed"], synced["unchanged"]) == (1, 1)

    assert (await server.client.delete("/rag/collections/default/sources/uploads")).status_code == 204
    assert (await server.client.get("/rag/collections/default")).json()["sources"] == []
    assert not folder.exists()
    problem(await server.client.delete("/rag/collections/default/sources/uploads"), 404)


@pytest.mark.parametrize(
    "name",
    ["../x.md", "../../factory.db", "/etc/cron.d/x", "a/../../x", ".ssh/id", "a\\..\\x", "..", "a//b", "x" * 300],
)
async def test_an_upload_stays_in_its_folder(server, makers, name):
    before = {path for path in makers.data_dir.rglob("*") if path.is_file()}
    problem(await upload(server, (name, b"text")), 422)
    assert {path for path in makers.data_dir.rglob("*") if path.is_file()} <= before | {
        makers.data_dir / "factory.db-wal",
        makers.data_dir / "factory.db-shm",
    }


async def test_an_upload_through_a_link_stays_in_its_folder(server, makers, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    folder = makers.data_dir / "uploads" / "default" / "uploads"
    folder.mkdir(parents=True)
    (folder / "out").symlink_to(tmp_path / "elsewhere")
    problem(await upload(server, ("out/x.md", OPS)), 422)
    assert list((tmp_path / "elsewhere").iterdir()) == []


async def test_what_is_not_there_or_no_name_is_told(server):
    for path in ("/rag/collections/nope", "/rag/collections/nope/search?q=x"):
        problem(await server.client.get(path), 404)
    problem(await server.client.post("/rag/collections/nope/sync"), 404)
    for name in ("UPPER", "..", "a_b", "x" * 50):
        answer = await server.client.get(f"/rag/collections/{name}/search?q=x".replace("..", "%2e%2e%2f"))
        assert answer.status_code in {404, 422}
    problem(await upload(server, ("a.md", OPS), name="Upper"), 422)
    problem(await server.client.post("/rag/collections/default/files"), 422)
    problem(await server.client.post("/ask", json={"question": "How long?"}), 404)


async def test_a_question_is_answered_with_sources_or_told_as_it_goes(server, makers):
    makers.script = lambda request: (
        json.dumps({"supported": "yes"}) if "# Claim" in request.messages[-1].content else SAID
    )
    await upload(server, ("ops.md", OPS))
    question = {"question": "How long are logs kept?"}
    answer = (await server.client.post("/ask", json=question)).json()
    assert (answer["answer"], answer["supported"]) == ("Logs are kept for 90 days.[1]", True)
    assert [source["number"] for source in answer["sources"] if source["cited"]] == [1]
    stream = await server.client.post("/ask", json=question, headers={"Accept": "text/event-stream"})
    told = events(stream.text)
    assert {"retrieval", "token"} <= {event["event"] for event in told}
    assert told[-1]["event"] == "answer"
    assert json.loads(told[-1]["data"]) == answer
    for wrong in ({}, {"question": " "}, {**question, "thread": "../x"}, {**question, "collections": []}):
        problem(await server.client.post("/ask", json=wrong), 422)
    refused = await server.client.post(
        "/ask", json={**question, "collections": ["nope"]}, headers={"Accept": "text/event-stream"}
    )
    problem(refused, 404)
