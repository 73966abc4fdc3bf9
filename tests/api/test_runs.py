"""Runs over HTTP, from the order to the product."""

from __future__ import annotations

import asyncio
import io
import json
import zipfile

import pytest

from swfactory.runtime.lock import RunLock
from tests.api.conftest import events, problem
from tests.runtime.conftest import TOY


async def test_a_run_is_accepted_followed_and_fetched(server):
    accepted = await server.client.post("/runs", json={"requirement": "Write 2 files", "graph": TOY, "seed": 7})
    assert accepted.status_code == 202
    run = accepted.json()
    assert (run["status"], run["requirement"], run["seed"]) == ("queued", "Write 2 files", 7)
    assert accepted.headers["location"] == f"/runs/{run['id']}"

    stream = await server.client.get(f"/runs/{run['id']}/events")
    assert stream.headers["content-type"].startswith("text/event-stream")
    told = events(stream.text)
    kept = [event for event in told if "id" in event]
    assert [int(event["id"]) for event in kept] == [*range(1, len(kept) + 1)]
    assert [json.loads(event["data"])["seq"] for event in kept] == [int(event["id"]) for event in kept]
    assert all("id" not in event for event in told if event["event"] == "token")
    assert told[-1]["event"] == "done"
    assert json.loads(told[-1]["data"]) == {"run": run["id"], "status": "delivered"}

    shown = (await server.client.get(accepted.headers["location"])).json()
    assert shown["status"] == "delivered"
    assert shown["events"] == len(kept)
    assert (await server.client.get("/runs/last")).json() == shown

    files = (await server.client.get(f"/runs/{run['id']}/files")).json()
    assert [file["path"] for file in files] == ["REPORT.md", "src/file1.txt", "src/file2.txt"]
    file = await server.client.get(f"/runs/{run['id']}/files/src/file2.txt")
    assert file.text.startswith("engineer on")
    assert file.headers["content-type"] == "text/plain; charset=utf-8"
    assert len(file.content) == files[2]["bytes"]
    archive = await server.client.get(f"/runs/{run['id']}/archive.zip")
    assert archive.headers["content-disposition"] == f'attachment; filename="{run["id"]}.zip"'
    with zipfile.ZipFile(io.BytesIO(archive.content)) as packed:
        assert packed.read(f"{run['id']}/src/file2.txt") == file.content
    diff = await server.client.get(f"/runs/{run['id']}/diff")
    assert "+++ b/src/file2.txt" in diff.text
    assert (await server.client.get(f"/runs/{run['id']}/diff?step=3")).text.count("+++ b/") == 1


async def test_a_report_is_markdown_or_a_page_that_can_do_nothing(server):
    run = await server.finished()
    path = f"/runs/{run['id']}/report"
    assert (await server.client.get(path)).headers["content-type"] == "text/markdown; charset=utf-8"
    accepts = {"Accept": "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"}
    for page in (await server.client.get(path, headers=accepts), await server.client.get(f"{path}?format=html")):
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "<html" in page.text
        assert page.headers["content-security-policy"].startswith("sandbox; default-src 'none'")


async def test_steps_and_documents_are_what_the_library_gives(server):
    run = await server.finished()
    steps = (await server.client.get(f"/runs/{run['id']}/steps")).json()
    assert [step["step"] for step in steps] == [step.step for step in server.factory.history(run["id"])]
    assert steps[-1]["documents"] == ["spec", "delivery"]
    spec = await server.client.get(f"/runs/{run['id']}/documents/spec")
    assert spec.json() == json.loads(server.factory.document(run["id"], "spec"))
    problem(await server.client.get(f"/runs/{run['id']}/documents/spec?step=0"), 404)
    problem(await server.client.get(f"/runs/{run['id']}/documents/nothing"), 404)
    problem(await server.client.get(f"/runs/{run['id']}/files?step=99"), 404)


async def test_runs_are_listed_page_by_page_and_filtered(server):
    ids = [(await server.finished())["id"] for _ in range(5)]
    seen: list[str] = []
    url = "/runs?limit=2"
    pages = 0
    while url:
        page = await server.client.get(url)
        seen += [run["id"] for run in page.json()["runs"]]
        pages += 1
        url = page.links["next"]["url"] if "next" in page.links else ""
        assert bool(url) == bool(page.json()["next"])
    assert (seen, pages) == (ids[::-1], 3)
    assert (await server.client.get("/runs?status=failed")).json() == {"runs": [], "next": None}
    fork = (await server.client.post(f"/runs/{ids[0]}/fork", json={"step": 1})).json()
    listed = (await server.client.get(f"/runs?parent={ids[0]}")).json()["runs"]
    assert [run["id"] for run in listed] == [fork["id"]]
    assert (await server.settled(fork["id"]))["status"] == "delivered"


async def test_a_gate_is_shown_answered_and_answered_once(server):
    run = await server.finished(gates=["spec"])
    assert (run["status"], run["waiting"]) == ("waiting", ["spec"])
    path = f"/runs/{run['id']}/gates"
    (gate,) = (await server.client.get(path)).json()
    assert "there are files" in gate["text"]
    spec = json.loads(gate["document"])
    assert "waits at" in problem(await server.client.post(f"/runs/{run['id']}/resume"), 422)["detail"]

    wrong = (
        ({"decision": "edit"}, "spec"),
        ({"decision": "approve", "document": "{}"}, "spec"),
        ({"decision": "edit", "document": "no spec"}, "spec"),
        ({"decision": "edit", "document": {"title": "no criteria"}}, "spec"),
        ({"decision": "perhaps"}, "spec"),
        ({}, "spec"),
        ({"decision": "approve"}, "design"),
        ({"decision": "approve"}, "../spec"),
    )
    for body, name in wrong:
        answer = await server.client.post(f"{path}/{name.replace('/', '%2F')}", json=body)
        problem(answer, 404 if "/" in name else 422)
    assert (await server.client.get(f"/runs/{run['id']}")).json()["status"] == "waiting"

    edited = {"decision": "edit", "document": spec | {"title": "Another title"}}
    assert (await server.client.post(f"{path}/spec", json=edited)).status_code == 202
    assert (await server.settled(run["id"]))["status"] == "delivered"
    assert (await server.client.get(f"/runs/{run['id']}/documents/spec")).json()["title"] == "Another title"
    assert "waiting: none" in problem(await server.client.post(f"{path}/spec", json=edited), 422)["detail"]
    assert (await server.client.get(path)).json() == []


async def test_cancelling_stops_a_queued_run_at_once_and_a_running_one_soon(server, makers):
    makers.pause = 0.05
    running, queued = await server.start(100), await server.start(1)
    while (await server.client.get(f"/runs/{running['id']}")).json()["status"] != "running":
        pass
    taken_back = await server.client.post(f"/runs/{queued['id']}/cancel")
    assert (taken_back.status_code, taken_back.json()["status"]) == (200, "interrupted")
    assert "worked on" in problem(await server.client.delete(f"/runs/{running['id']}"), 409)["detail"]
    assert (await server.client.post(f"/runs/{running['id']}/cancel")).status_code == 202
    assert (await server.settled(running["id"]))["status"] == "interrupted"
    problem(await server.client.post(f"/runs/{running['id']}/cancel"), 422)
    makers.pause = 0.0
    assert (await server.client.post(f"/runs/{queued['id']}/resume")).status_code == 202
    assert (await server.settled(queued["id"]))["status"] == "delivered"
    assert (await server.client.delete(f"/runs/{running['id']}")).status_code == 204
    problem(await server.client.get(f"/runs/{running['id']}"), 404)


async def test_a_spent_budget_is_widened(server):
    run = await server.finished(3, budget={"max_tokens": 10})
    assert (run["status"], run["budget"]["max_tokens"], run["budget"]["max_rounds"]) == ("exhausted", 10, 6)
    problem(await server.client.post(f"/runs/{run['id']}/resume"), 422)
    widened = await server.client.post(f"/runs/{run['id']}/resume", json={"budget": {"max_tokens": None}})
    assert widened.status_code == 202
    assert (await server.settled(run["id"]))["status"] == "delivered"


async def test_a_fork_takes_changed_documents(server):
    run = await server.finished()
    spec = json.loads(server.factory.document(run["id"], "spec")) | {"title": "Changed"}
    asked = {"step": 1, "changes": {"spec": spec}}
    fork = await server.client.post(f"/runs/{run['id']}/fork", json=asked)
    assert (fork.status_code, fork.json()["parent"]) == (202, run["id"])
    await server.settled(fork.json()["id"])
    assert (await server.client.get(f"/runs/{fork.json()['id']}/documents/spec")).json()["title"] == "Changed"
    for wrong in ({}, {"step": 99}, {"step": 1, "changes": {"spec": "x"}}, {"step": 1, "changes": {"code": "x"}}):
        problem(await server.client.post(f"/runs/{run['id']}/fork", json=wrong), 404 if wrong == {"step": 99} else 422)


async def test_what_another_process_holds_is_a_conflict(server):
    run = await server.finished(3, budget={"max_tokens": 10})
    with RunLock(server.factory.settings.data_dir / "runs" / run["id"] / "lock", run["id"]):
        asked = {"budget": {"max_tokens": 1000}}
        answer = await server.client.post(f"/runs/{run['id']}/resume", json=asked)
        problem(answer, 409)
        assert answer.headers["retry-after"]


async def test_a_finished_run_that_later_ones_still_learn_from_is_deleted_a_moment_later(server):
    run = await server.finished()
    learning = RunLock(server.factory.settings.data_dir / "runs" / run["id"] / "lock", run["id"])
    with learning.acquire(patience=30):
        deletion = asyncio.create_task(server.client.delete(f"/runs/{run['id']}"))
        assert not (await asyncio.wait({deletion}, timeout=0.5))[0]
        learning.release()
        assert (await deletion).status_code == 204
    stopped = await server.finished(3, budget={"max_tokens": 10})
    with RunLock(server.factory.settings.data_dir / "runs" / stopped["id"] / "lock", stopped["id"]).acquire(30):
        problem(await server.client.delete(f"/runs/{stopped['id']}"), 409)


async def test_a_full_queue_says_when_to_come_again(serving):
    async with serving(serve_max_queued=2) as server:
        server.worker.close()
        for _ in range(2):
            await server.start()
        answer = await server.client.post("/runs", json={"requirement": "x", "graph": TOY})
        problem(answer, 429)
        assert int(answer.headers["retry-after"]) > 0


@pytest.mark.parametrize("last", ["0", "3", "1000000"])
async def test_a_stream_goes_on_after_what_was_seen(server, last):
    run = await server.finished()
    every = [event for event in events((await server.client.get(f"/runs/{run['id']}/events")).text) if "id" in event]
    for how in ({"headers": {"Last-Event-ID": last}}, {"params": {"after": last}}):
        rest = events((await server.client.get(f"/runs/{run['id']}/events", **how)).text)
        assert rest[:-1] == every[int(last) :]
        assert rest[-1]["event"] == "done"


async def test_metrics_can_be_read_by_prometheus(server, makers):
    from prometheus_client.parser import text_string_to_metric_families

    await server.finished()
    await server.client.get("/nowhere/at/all")
    answer = await server.client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain")
    samples = {
        (sample.name, *sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert samples[("swf_runs", ("status", "delivered"))] == 1
    assert samples[("swf_runs", ("status", "failed"))] == 0
    assert samples[("swf_queue_length",)] == 0
    assert samples[("swf_worker_alive",)] == 1
    assert samples[("swf_requests_total", ("method", "POST"), ("route", "/runs"), ("status", "202"))] == 1
    assert samples[("swf_requests_total", ("method", "GET"), ("route", "other"), ("status", "404"))] == 1
    assert samples[("swf_request_seconds_count", ("method", "GET"), ("route", "/runs/{run_id}"))] >= 1
    assert not any("/nowhere" in str(key) for key in samples)


async def test_generated_tokens_are_counted_by_role(server):
    from swfactory.domain.run import Event

    server.worker.feed.publish(Event(run="r", kind="call", role="engineer", data={"completion_tokens": 12}))
    server.worker.feed.publish(Event(run="r", kind="call", role="engineer", data={"usage": {"completion_tokens": 3}}))
    assert 'swf_generated_tokens_total{role="engineer"} 15.0' in (await server.client.get("/metrics")).text


async def test_health_tells_whether_runs_are_worked_off(server):
    assert (await server.client.get("/healthz")).json() == {"status": "ok"}
    assert (await server.client.get("/readyz")).status_code == 200
    server.worker.close()
    problem(await server.client.get("/readyz"), 503)
    assert (await server.client.get("/healthz")).status_code == 200


async def test_models_are_those_of_the_settings_and_the_catalogue(serving):
    async with serving(role_models={"reviewer": "openai:http://127.0.0.1:9/v1#big"}) as server:
        listed = (await server.client.get("/models")).json()
    assert listed["default"] == "scripted:toy"
    models = {model["url"]: model for model in listed["models"]}
    assert models["scripted:toy"]["roles"] == ["*"]
    assert models["openai:http://127.0.0.1:9/v1#big"]["roles"] == ["reviewer"]
    assert models["llama:qwen2.5-coder-1.5b"]["here"] is False
    assert not any("minilm" in url for url in models)


async def test_the_graph_of_a_run_is_text_or_a_drawing(server):
    run = await server.finished()
    path = f"/runs/{run['id']}/graph"
    text = await server.client.get(path)
    assert text.headers["content-type"] == "text/vnd.mermaid; charset=utf-8"
    assert "plan" in text.text
    for drawing in (
        await server.client.get(path, headers={"Accept": "image/svg+xml"}),
        await server.client.get(f"{path}?format=svg"),
    ):
        assert drawing.headers["content-type"] == "image/svg+xml"
        assert drawing.text.lstrip().startswith("<svg")
        assert "deliver" in drawing.text
