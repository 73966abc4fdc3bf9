"""The page on a server: beside its routes, for those who may see it, and asking nobody else for anything."""

import asyncio
import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from swfactory.domain.budget import Budget
from swfactory.errors import InputError, NotFoundError
from swfactory.rag import open_collection
from swfactory.rag.ingestion import add
from swfactory.runtime import Worker
from swfactory.ui.adding import forget, keep, stored
from swfactory.ui.bounds import new_budget, number
from swfactory.ui.building import _send
from swfactory.ui.desk import Desk
from swfactory.ui.fetching import absent
from swfactory.ui.models import adapters, assignments, catalogue
from swfactory.ui.page import _page, mount
from swfactory.ui.product import _archive, _product
from swfactory.ui.running import _fork


@pytest.fixture
def desk(factory, worker) -> Desk:
    none = SimpleNamespace()
    return Desk(factory, worker, none, none, none, none)


async def application(factory, **hooks) -> FastAPI:
    """Mounted in an event loop: without one, Gradio makes some for its locks and leaves them open."""
    app = FastAPI()

    @app.get("/runs")
    def runs() -> str:
        return "the API's"

    mount(app, factory, Worker(factory), **hooks)
    return app


def config_of(client: TestClient) -> dict:
    return json.loads(re.search(r"window.gradio_config = (\{.*?\});</script>", client.get("/").text)[1])


def test_the_page_comes_last_and_offers_no_way_around_the_api(factory):
    with TestClient(asyncio.run(application(factory))) as client:
        assert client.get("/runs").json() == "the API's"
        assert "window.gradio_config" in client.get("/").text
        config = config_of(client)
        assert config["analytics_enabled"] is False
        assert all(item["api_visibility"] == "private" for item in config["dependencies"])
        theme = client.get("/theme.css").text
        assert "http" not in re.sub(r"https?://www\.w3\.org/\S+", "", theme)
        assert "@font-face" not in theme
        assert client.get("/gradio_api/file=/etc/passwd").status_code in {403, 404}
        named = client.get("/gradio_api/info").json()
        assert named["named_endpoints"] == {}


def test_the_page_is_for_those_who_may_see_it(factory):
    def who(request) -> str | None:
        return request.headers.get("x-who")

    with TestClient(asyncio.run(application(factory, who=who))) as client:
        assert client.get("/").status_code == 401
        assert client.get("/config").status_code == 401
        assert client.get("/", headers={"x-who": "me"}).status_code == 200
        assert client.get("/runs").status_code == 200


def request(**headers: str) -> gr.Request:
    return gr.Request(request=SimpleNamespace(headers=headers))


def send(desk, text, seat="", **changed):
    options = {"gates": [], "model": "", "tokens": "", "minutes": "", "rounds": "", "seed": "", "names": []}
    return _send(desk, request(), text, seat, "en", *{**options, **changed}.values())


def finished(desk, seat):
    run_id = seat.split(" ")[0]
    while desk.factory.run(run_id).under_way:
        pass
    return desk.factory.run(run_id)


def test_a_requirement_begins_a_run_and_what_is_said_later_is_added_to_it(desk):
    text, seat, notice = send(desk, "Count. Write 1 file", tokens="5,000", seed="7")
    assert (text, notice) == ("", "")
    run = finished(desk, seat)
    assert (run.status, run.seed, run.budget.max_tokens) == ("delivered", 7, 5000)
    _, seat, _ = send(desk, "It also adds.", seat)
    refined = finished(desk, seat)
    assert refined.id != run.id
    assert refined.requirement.text == "Count. Write 1 file\nIt also adds."
    assert (refined.seed, refined.budget) == (7, run.budget)


def test_a_refined_run_may_use_what_the_first_one_might(desk):
    assert desk.factory.settings.experience is False
    desk.worker.close()
    first = desk.factory.enqueue("Count. Write 1 file", experience=True)
    desk.factory.stop(first.id)
    _, seat, _ = send(desk, "It also adds.", f"{first.id} 1")
    assert desk.run_of(seat).options["experience"] is True


def test_a_queue_that_is_full_takes_nothing_from_the_page(factory, desk, monkeypatch):
    run = finished(desk, send(desk, "Count. Write 1 file")[1])
    desk.worker.close()
    monkeypatch.setattr(factory, "_settings", factory.settings.model_copy(update={"serve_max_queued": 1}))
    send(desk, "Count. Write 1 file")
    kept, _, notice = send(desk, "Count once more.")
    assert kept == gr.skip()
    assert "no room for another" in notice
    assert "no room for another" in _fork(desk, request(), run.id, 0, "", "en")[-1]
    assert len(factory.runs()) == 2


def test_a_collection_that_is_made_later_can_be_chosen(factory):
    async def offers() -> list[Any]:
        blocks = _page(factory, Worker(factory), None)
        tab = next(block for block in blocks.blocks.values() if isinstance(block, gr.Tab) and block.id == "build")
        return [
            listener.fn()
            for listener in blocks.fns.values()
            if (tab._id, "select") in listener.targets and isinstance(listener.outputs[0], gr.Dropdown)
        ]

    folder = factory.settings.data_dir / "rag" / "ours"
    assert [offer["choices"] for offer in asyncio.run(offers())] == [[]]
    folder.mkdir(parents=True)
    (folder / "catalog.db").touch()
    assert [offer["choices"] for offer in asyncio.run(offers())] == [["ours"]]


def test_what_cannot_be_sent_stays_where_it_was_typed(desk):
    for text, changed, said in (
        (" ", {}, "nothing to send"),
        ("Count", {"tokens": "many"}, "Tokens at most"),
        ("Count", {"rounds": "-1"}, "Repair rounds"),
        ("Count", {"seed": "1.5"}, "Seed"),
    ):
        kept, seat, notice = send(desk, text, **changed)
        assert kept == seat == gr.skip()
        assert said in notice
    assert desk.factory.runs() == []
    kept, _, notice = send(desk, "Count", "gone 1")
    assert kept == gr.skip()
    assert "gone" in notice


def test_a_word_at_a_gate_sends_the_document_back(desk):
    _, seat, _ = send(desk, "Count. Write 1 file", gates=["spec"])
    run = finished(desk, seat)
    assert run.status == "waiting"
    send(desk, "simpler, please", seat)
    finished(desk, seat)
    answer = next(e for e in desk.factory.events(run.id) if e.data.get("answered"))
    assert (answer.data["decision"], answer.data["comment"]) == ("reject", "simpler, please")


def test_a_token_that_only_reads_starts_nothing(desk):
    desk.role_of = lambda request: request.headers["role"]
    with pytest.raises(InputError, match="needs run"):
        desk.allow(request(role="read"), "run", "en")
    desk.allow(request(role="run"), "run", "en")
    with pytest.raises(InputError, match="admin"):
        desk.allow(request(role="run"), "admin", "zh")
    _, _, notice = _send(desk, request(role="read"), "Count", "", "en", [], "", "", "", "", "", [])
    assert "allows read" in notice
    assert desk.factory.runs() == []


def test_the_product_of_any_step_is_shown_and_packed(desk, tmp_path):
    _, seat, _ = send(desk, "Count. Write 2 files")
    run = finished(desk, seat)
    step, tree, _, code, path, matrix, _, notice = _product(desk, seat, -2, "", "en")
    assert (path, notice) == ("main.py", "")
    assert "counter/part2.py" in tree
    assert code["language"] == "python"
    assert "C1" in matrix
    assert len(step["choices"]) == 4
    first = next(item.step for item in desk.factory.history(run.id) if item.commit)
    older = _product(desk, seat, first, "counter/part2.py", "en")
    assert "part2" not in older[1]
    assert older[4] == "main.py"
    assert "/etc/passwd" not in _product(desk, seat, -2, "../../../etc/passwd", "en")[2]
    assert Path(_archive(desk, seat, None, tmp_path)).read_bytes() == desk.factory.product(run.id)
    assert _archive(desk, seat, first, tmp_path).endswith(f"{run.id}-step{first}.zip")
    assert "no files yet" in _product(desk, "", -2, "", "en")[1]


def test_bounds_are_read_as_typed(factory):
    base = Budget.of(factory.settings)
    assert new_budget("en", base, "", "", "") == base
    wider = new_budget("en", base, " 20,000 ", "1.5", "0")
    assert (wider.max_tokens, wider.max_seconds, wider.max_rounds) == (20_000, 90.0, 0)
    for text in ("nan", "inf", "1e99", "-3", "x"):
        with pytest.raises(InputError):
            number(text, "n", float)


def test_uploads_stay_below_the_data_folder(factory, tmp_path):
    pytest.importorskip("chromadb")
    file = tmp_path / "no te.md"
    file.write_text("# Logs\n\nLogs are kept for 90 days.\n", "utf-8")
    settings = factory.settings
    for folder in ("../up", "", "a/b", "."):
        with pytest.raises(InputError, match="name of a source"):
            keep(settings, [str(file)], "ours", folder, "en")
    with pytest.raises(InputError):
        keep(settings, [str(file)], "../ours", "docs", "en")
    with pytest.raises(InputError, match="choose some"):
        keep(settings, [], "ours", "docs", "en")
    twin = tmp_path / "other" / file.name
    twin.parent.mkdir()
    twin.write_text("# Other\n", "utf-8")
    with pytest.raises(InputError, match=r"two files of the upload are called 'no te\.md'"):
        keep(settings, [str(file), str(twin)], "ours", "docs", "en")
    assert not (settings.data_dir / "uploads" / "ours" / "docs").exists()
    done = keep(settings, [str(file)], "ours", "docs", "en")
    assert (done.added, done.failed) == (1, {})
    assert (settings.data_dir / "uploads" / "ours" / "docs" / "no te.md").is_file()
    html = stored(settings, "en")
    assert "ours" in html
    assert "docs" in html
    for name in ("nope", str(tmp_path)):
        with pytest.raises(NotFoundError):
            forget(settings, "ours", name)
    assert forget(settings, "ours", "docs").files == 1
    assert not (settings.data_dir / "uploads" / "ours" / "docs").exists()
    assert "docs" not in stored(settings, "en")


def test_a_source_that_was_not_uploaded_loses_no_file(factory, tmp_path):
    pytest.importorskip("chromadb")
    (tmp_path / "handbook").mkdir()
    (tmp_path / "handbook" / "logs.md").write_text("# Logs\n\nLogs are kept for 90 days.\n", "utf-8")
    collection = open_collection(factory.settings, "ours", create=True)
    add(collection, tmp_path / "handbook")
    collection.close()
    assert forget(factory.settings, "ours", "handbook").files == 1
    assert (tmp_path / "handbook" / "logs.md").is_file()


def test_models_adapters_and_roles_are_listed(factory):
    settings = factory.settings
    html = catalogue(settings, "en")
    assert html.count("not here") == len(absent(settings)) > 2
    assert "no adapters" in adapters(settings, "en")
    assert "scripted:toy" in assignments(settings, "zh")
    assert "工程师" in assignments(settings, "zh")
