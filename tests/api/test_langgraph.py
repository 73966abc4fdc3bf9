"""The unmodified ``langgraph_sdk`` client against the dialect."""

import asyncio
import json
import uuid

import httpx
import pytest
from langgraph_sdk import get_client, get_sync_client
from langgraph_sdk.errors import ConflictError, NotFoundError, UnprocessableEntityError

from swfactory.api.langgraph import states
from swfactory.api.langgraph.names import run_id_of, thread_id
from swfactory.config import Settings
from swfactory.runtime import AsyncFactory, follow
from swfactory.runtime.store import new_run_id
from tests.api.dialect import makers, serve, serve_factory, toy  # noqa: F401  # fixtures
from tests.graphs.team import REQUIREMENT
from tests.graphs.team import build_model as build_team
from tests.runtime.conftest import TOY, wish

pytestmark = pytest.mark.usefixtures("toy")

GATED = {"gates": ["spec"]}


def asked(number):
    return {"requirement": f"Write {number} files"}


@pytest.fixture
def served(makers):  # noqa: F811
    with serve(makers) as served:
        yield served


@pytest.fixture
async def client(served):
    async with get_client(url=served.url, api_key=None) as client:
        yield client


async def listed(stream):
    return [part async for part in stream]


async def test_a_client_drives_a_run_through_a_gate_to_its_end(client, served):
    thread = await client.threads.create(metadata={"owner": "me"})
    identifier = thread["thread_id"]
    assert thread["status"] == "idle"
    assert (await client.threads.get_state(identifier))["values"] == {}
    begun = []
    parts = await listed(
        client.runs.stream(
            identifier,
            "toy",
            input=asked(2),
            context=GATED,
            stream_mode=["values", "updates", "custom", "messages-tuple", "tasks"],
            on_run_created=begun.append,
        )
    )
    assert begun[0]["thread_id"] == identifier
    assert parts[0].event == "metadata"
    assert parts[0].data["run_id"] == begun[0]["run_id"]
    assert parts[-1].event == "end"
    by_event = {}
    for part in parts:
        by_event.setdefault(part.event, []).append(part.data)
    assert [event["seq"] for event in by_event["custom"]] == list(range(1, len(by_event["custom"]) + 1))
    text = "".join(chunk["content"] for chunk, _ in by_event["messages"])
    assert text == "product_manager on Write 2 files"
    assert {about["langgraph_node"] for _, about in by_event["messages"]} == {"plan"}
    assert [task["name"] for task in by_event["tasks"]] == ["plan", "plan", "gate"]
    assert by_event["updates"][0]["plan"]["spec"]["title"] == text
    [interrupt] = by_event["updates"][-1]["__interrupt__"]
    assert by_event["values"][-1]["__interrupt__"] == [interrupt]

    state = await client.threads.get_state(identifier)
    assert state["next"] == ["gate"]
    assert state["interrupts"] == state["tasks"][0]["interrupts"] == [interrupt]
    assert interrupt["value"]["gate"] == "spec"
    assert json.loads(interrupt["value"]["document"]) == state["values"]["spec"]
    assert (await client.threads.get(identifier))["status"] == "interrupted"
    assert (await client.runs.get(identifier, begun[0]["run_id"]))["status"] == "interrupted"

    answered = await listed(
        client.runs.stream(identifier, "toy", command={"resume": {interrupt["id"]: "approve"}}, stream_mode="updates")
    )
    changes = [part.data for part in answered if part.event == "updates"]
    assert [next(iter(change)) for change in changes] == ["gate", "write", "write", "deliver"]
    assert list(changes[2]["write"]["files"]) == ["src/file2.txt"]

    state = await client.threads.get_state(identifier)
    assert state["next"] == []
    assert state["values"]["outcome"] == "delivered"
    assert set(state["values"]["files"]) == {"REPORT.md", "src/file1.txt", "src/file2.txt"}
    assert [message["type"] for message in state["values"]["messages"]] == ["human", "ai"]
    thread = await client.threads.get(identifier)
    assert thread["status"] == "idle"
    assert thread["metadata"]["owner"] == "me"
    assert thread["metadata"]["graph_id"] == "toy"
    run = served.factory.run(state["values"]["run"])
    assert run.status == "delivered"
    history = await client.threads.get_history(identifier, limit=100)
    assert [item["metadata"]["step"] for item in history] == list(range(len(history) - 2, -2, -1))
    assert history[0]["checkpoint"] == state["checkpoint"]
    assert history[1]["checkpoint"] == state["parent_checkpoint"]
    assert [item["next"] for item in history[-3:]] == [["gate"], ["plan"], ["__start__"]]
    earlier = await client.threads.get_state(identifier, checkpoint_id=history[1]["checkpoint"]["checkpoint_id"])
    assert earlier == history[1]
    assert await client.threads.get_state(identifier, checkpoint=history[1]["checkpoint"]) == history[1]
    page = await client.threads.get_history(identifier, limit=2, before=history[0]["checkpoint"], select=["next"])
    assert page == [{"next": item["next"]} for item in history[1:3]]
    runs = await client.runs.list(identifier)
    assert [run["status"] for run in runs] == ["success", "interrupted"]


async def test_a_run_is_waited_for_and_answers_with_values(client):
    thread = await client.threads.create(graph_id="toy")
    identifier = thread["thread_id"]
    values = await client.runs.wait(
        identifier,
        "toy",
        input={"messages": [{"role": "user", "content": [{"type": "text", "text": "Write 1 files"}]}]},
        config={"configurable": {"gates": ["spec"], "thread_id": identifier}},
    )
    assert values["requirement"] == "Write 1 files"
    [interrupt] = values["__interrupt__"]
    edited = {**json.loads(interrupt["value"]["document"]), "title": "Better"}
    values = await client.runs.wait(
        identifier, "toy", command={"resume": {"decision": "edit", "document": edited}}, durability="sync"
    )
    assert "__interrupt__" not in values
    assert values["spec"]["title"] == "Better"
    assert values["files"]["src/file1.txt"] == "engineer on Better: file 1\n"


async def test_stateless_runs_make_a_thread_that_is_kept(client):
    begun = []
    values = await client.runs.wait(None, "toy", input=asked(1), on_run_created=begun.append)
    assert values["outcome"] == "delivered"
    thread = await client.threads.get(begun[0]["thread_id"])
    assert thread["values"]["run"] == values["run"]
    parts = await listed(client.runs.stream(None, "toy", input=asked(1), stream_mode="messages"))
    complete = [part.data[0]["content"] for part in parts if part.event == "messages/complete"]
    assert complete == ["product_manager on Write 1 files", "engineer on product_manager on Write 1 files: file 1"]
    partial = [part.data[0]["content"] for part in parts if part.event == "messages/partial"]
    assert complete[0] in partial
    assert len(partial) > len(complete)


async def test_a_created_run_is_joined_and_its_stream_goes_on_where_it_was_cut(client):
    thread = await client.threads.create()
    identifier = thread["thread_id"]
    run = await client.runs.create(identifier, "toy", input=asked(2))
    assert run["status"] in {"pending", "running"}
    assert run["assistant_id"] == (await client.assistants.get("toy"))["assistant_id"]
    values = await client.runs.join(identifier, run["run_id"])
    assert values["outcome"] == "delivered"
    assert (await client.runs.get(identifier, run["run_id"]))["status"] == "success"
    whole = await listed(client.runs.join_stream(identifier, run["run_id"], stream_mode=["custom", "updates"]))
    custom = [part.data["seq"] for part in whole if part.event == "custom"]
    assert custom == list(range(1, len(custom) + 1))
    cut = next(i for i, part in enumerate(whole) if part.event == "custom" and part.id == "6")
    rest = await listed(
        client.runs.join_stream(
            identifier, run["run_id"], stream_mode=["custom", "updates"], last_event_id=whole[cut].id
        )
    )
    assert [(part.event, part.data) for part in rest[1:]] == [(part.event, part.data) for part in whole[cut + 1 :]]


async def test_a_busy_thread_takes_no_other_run_and_a_run_is_cancelled_and_resumed(client, makers, monkeypatch):  # noqa: F811
    makers.pause = 0.05
    thread = await client.threads.create()
    identifier = thread["thread_id"]
    run = await client.runs.create(identifier, "toy", input=asked(25))
    with pytest.raises(ConflictError, match="busy"):
        await client.runs.create(identifier, "toy", input=asked(1))
    with pytest.raises(UnprocessableEntityError, match="'interrupt' is not supported"):
        await client.runs.create(identifier, "toy", input=asked(1), multitask_strategy="interrupt")
    with pytest.raises(ConflictError, match="busy"):
        await client.threads.delete(identifier)
    with pytest.raises(UnprocessableEntityError, match="rollback"):
        await client.runs.cancel(identifier, run["run_id"], action="rollback")
    stream = client.runs.join_stream(identifier, run["run_id"], stream_mode="updates")
    async for part in stream:
        if part.event == "updates":
            break
    await client.runs.cancel(identifier, run["run_id"], wait=True)
    assert (await client.runs.get(identifier, run["run_id"]))["status"] == "interrupted"
    assert (await client.threads.get(identifier))["status"] == "interrupted"
    assert (await client.threads.get_state(identifier))["next"] == ["write"]
    with pytest.raises(ConflictError, match="not at work"):
        await client.runs.cancel(identifier, run["run_id"])
    with monkeypatch.context() as patch:  # as when it is stopped between two nodes, of which none has begun
        patch.setattr(states, "active_steps", lambda events: ())
        assert (await client.threads.get_state(identifier))["next"] == ["write"]
    makers.pause = 0.0
    values = await client.runs.wait(identifier, "toy", input=None)
    assert values["outcome"] == "delivered"
    assert [run["status"] for run in await client.runs.list(identifier)] == ["success", "interrupted"]


async def test_a_client_that_leaves_stops_its_run_only_when_it_said_so(client, served, makers):  # noqa: F811
    makers.pause = 0.05
    begun = []
    async with get_client(url=served.url, api_key=None) as leaving:
        async for part in leaving.runs.stream(
            None, "toy", input=asked(25), stream_mode="custom", on_disconnect="cancel", on_run_created=begun.append
        ):
            if part.event == "custom" and part.data["kind"] == "commit":
                run_id = part.data["run"]
                break
    kept = [event async for event in follow(served.factory, served.worker.feed, run_id)]
    assert kept[-1].data["status"] == "interrupted"
    assert served.factory.run(run_id).status == "interrupted"


async def test_a_failed_run_is_told_as_an_error(client, makers):  # noqa: F811
    makers.script = lambda request: "unavailable"
    parts = await listed(client.runs.stream(None, "toy", input=asked(1)))
    assert parts[-1].event == "error"
    assert parts[-1].data == {"error": "ModelUnavailable", "message": "the model went away"}
    with pytest.raises(Exception, match="ModelUnavailable: the model went away"):
        await client.runs.wait(None, "toy", input=asked(1))
    thread = (await client.threads.search(status="error", limit=1))[0]
    state = await client.threads.get_state(thread["thread_id"])
    assert state["tasks"][0]["name"] == "write"
    assert state["tasks"][0]["error"] == "the model went away"


async def test_a_checkpoint_is_forked_with_another_spec_and_the_thread_goes_on_from_it(client):
    thread = await client.threads.create()
    identifier = thread["thread_id"]
    first = await client.runs.wait(identifier, "toy", input=asked(1))
    history = await client.threads.get_history(identifier, limit=100)
    base = next(item for item in history if item["next"] == ["gate"])
    parts = await listed(
        client.runs.stream(
            identifier,
            "toy",
            input={"spec": {**base["values"]["spec"], "title": "Forked"}},
            checkpoint=base["checkpoint"],
            stream_mode="updates",
        )
    )
    assert [next(iter(part.data)) for part in parts if part.event == "updates"] == ["gate", "write", "deliver"]
    state = await client.threads.get_state(identifier)
    assert state["values"]["run"] != first["run"]
    assert state["values"]["files"]["src/file1.txt"] == "engineer on Forked: file 1\n"
    found = await client.threads.search(ids=[identifier, thread_id(first["run"])])
    assert {item["thread_id"] for item in found} == {identifier, thread_id(first["run"])}
    again = await client.runs.wait(
        identifier, "toy", input=None, checkpoint_id=state["parent_checkpoint"]["checkpoint_id"]
    )
    assert again["outcome"] == "delivered"
    with pytest.raises(NotFoundError, match="no checkpoint"):
        await client.runs.create(identifier, "toy", input=None, checkpoint_id="nothing")


@pytest.mark.slow
async def test_the_delivery_graph_is_driven_through_its_three_gates(bubblewrap, tmp_path):
    settings = Settings(data_dir=tmp_path / "data", model="scripted:team")
    with serve_factory(AsyncFactory(settings, build_model=build_team, sandbox=bubblewrap), build_team) as served:
        async with get_client(url=served.url, api_key=None) as client:
            identifier = (await client.threads.create())["thread_id"]
            order = {"input": {"requirement": REQUIREMENT.text}, "context": {"gates": ["spec", "design", "release"]}}
            seen, nodes = [], []
            while True:
                async for part in client.runs.stream(identifier, "delivery", stream_mode="updates", **order):
                    if part.event == "updates" and "__interrupt__" not in part.data:
                        nodes += part.data
                state = await client.threads.get_state(identifier)
                if not state["interrupts"]:
                    break
                [task] = state["tasks"]
                seen.append((task["name"], task["interrupts"][0]["value"]["gate"]))
                order = {"command": {"resume": "approve"}}
            history = await client.threads.get_history(identifier, limit=1000)
    assert [gate for _, gate in seen] == ["spec", "design", "release"]
    assert state["values"]["outcome"] == "delivered"
    assert state["values"]["report"]["results"]
    assert [message.get("name") for message in state["values"]["messages"]] == [None, "spec", "design", "report"]
    assert {"main.py", "calc.py", "README.md"} <= set(state["values"]["files"])
    steps = [node for item in reversed(history) for node in item["metadata"].get("nodes", ())]
    assert nodes == steps


async def test_runs_of_other_doors_are_threads(client, served):
    run = served.factory.enqueue(wish(1), graph=TOY, gates=["spec"])
    served.worker.wake()
    async for _ in follow(served.factory, served.worker.feed, run.id):
        pass
    identifier = thread_id(run.id)
    assert run_id_of(identifier) == run.id
    [thread] = await client.threads.search(status="interrupted")
    assert thread["thread_id"] == identifier
    [turn] = await client.runs.list(identifier)
    assert turn["status"] == "interrupted"
    values = await client.runs.wait(identifier, "toy", command={"resume": {"decision": "reject", "comment": "shorter"}})
    assert values["outcome"] == "delivered"
    assert [item["status"] for item in await client.runs.list(identifier)] == ["success", "interrupted"]
    assert await client.threads.count() == 1


async def test_threads_survive_a_restart(makers):  # noqa: F811
    with serve(makers) as served:
        async with get_client(url=served.url, api_key=None) as client:
            empty = await client.threads.create(metadata={"n": 1})
            begun = await client.threads.create(metadata={"n": 2})
            await client.runs.wait(begun["thread_id"], "toy", input=asked(1), context=GATED)
    with serve(makers) as served:
        async with get_client(url=served.url, api_key=None) as client:
            found = await client.threads.search(sort_by="created_at", sort_order="asc")
            assert [thread["metadata"]["n"] for thread in found] == [1, 2]
            assert (await client.threads.get_state(empty["thread_id"]))["values"] == {}
            assert (await client.runs.wait(empty["thread_id"], "toy", input=asked(1)))["outcome"] == "delivered"
            [run] = await client.runs.list(begun["thread_id"])
            assert run["status"] == "interrupted"
            values = await client.runs.wait(begun["thread_id"], "toy", command={"resume": "approve"})
            assert values["outcome"] == "delivered"


async def test_threads_are_made_patched_searched_and_deleted(client, served):
    wanted = str(uuid.uuid4())
    await client.threads.create(thread_id=wanted, metadata={"a": 1})
    with pytest.raises(ConflictError, match="already"):
        await client.threads.create(thread_id=wanted)
    kept = await client.threads.create(thread_id=wanted, if_exists="do_nothing")
    assert kept["metadata"] == {"a": 1}
    with pytest.raises(UnprocessableEntityError, match="not a UUID"):
        await client.threads.create(thread_id="mine")
    with pytest.raises(UnprocessableEntityError, match="ttl"):
        await client.threads.create(ttl=5)
    await client.threads.update(wanted, metadata={"b": 2})
    other = await client.threads.create()
    assert [thread["thread_id"] for thread in await client.threads.search(metadata={"b": 2})] == [wanted]
    assert await client.threads.count(status="idle") == 2
    [only] = await client.threads.search(ids=[other["thread_id"]], select=["thread_id"])
    assert only == {"thread_id": other["thread_id"]}
    values = await client.runs.wait(wanted, "toy", input=asked(1))
    await client.threads.delete(wanted)
    with pytest.raises(NotFoundError, match=wanted):
        await client.threads.get(wanted)
    assert served.factory.runs() == []
    assert values["run"]


async def test_what_cannot_be_done_is_said(client):
    identifier = (await client.threads.create())["thread_id"]
    missing = str(uuid.uuid4())
    with pytest.raises(NotFoundError, match="no assistant 'nobody'"):
        await client.runs.create(identifier, "nobody", input=asked(1))
    with pytest.raises(NotFoundError, match="no thread"):
        await client.runs.create(missing, "toy", input=asked(1))
    with pytest.raises(NotFoundError, match="has no run"):
        await client.runs.get(identifier, missing)
    for match, arguments in (
        ("no requirement", {"input": {"nothing": 1}}),
        ("not started yet", {"command": {"resume": "approve"}}),
        ("'goto' is not supported", {"command": {"goto": "write"}}),
        ("'webhook' is not supported", {"input": asked(1), "webhook": "http://example.org"}),
        ("'interrupt_before' is not supported", {"input": asked(1), "interrupt_before": ["write"]}),
        ("stream mode 'debug' is not supported", {"input": asked(1), "stream_mode": "debug"}),
        ("context's 'gatez'", {"input": asked(1), "context": {"gatez": []}}),
        ("context's 'gates.0'", {"input": asked(1), "context": {"gates": ["nowhere"]}}),
    ):
        with pytest.raises(UnprocessableEntityError, match=match):
            await client.runs.create(identifier, "toy", **arguments)
    assert await client.runs.list(identifier) == []
    await client.runs.wait(identifier, "toy", input=asked(1), context=GATED)
    for match, arguments in (
        ("has a run already", {"input": asked(1)}),
        ("'maybe' cannot be used|'decision': 'maybe'", {"command": {"resume": "maybe"}}),
        ("the spec cannot be used", {"command": {"resume": {"decision": "edit", "document": {"title": 1}}}}),
        ("waits at the gate", {"input": None}),
    ):
        with pytest.raises(UnprocessableEntityError, match=match):
            await client.runs.create(identifier, "toy", **arguments)
    with pytest.raises(UnprocessableEntityError, match="cannot be written"):
        await client.threads.update_state(identifier, {"spec": {}})
    assert (await client.threads.get(identifier))["status"] == "interrupted"
    made = await client.runs.create(missing, "toy", input=asked(1), if_not_exists="create")
    assert made["thread_id"] == missing


async def test_text_that_is_no_unicode_and_a_wild_event_id_are_no_faults_of_the_server(served):
    async with httpx.AsyncClient(base_url=served.url) as client:
        for status, path, body in (
            (422, "/threads", r'{"metadata": {"a": "\ud800"}}'),
            (422, "/runs/wait", r'{"assistant_id": "toy", "input": {"requirement": "\ud800 Write 1 files"}}'),
            (422, "/runs/wait", r'{"assistant_id": "toy", "input": {"requirement": "1"}, "metadata": {"\udfff": 1}}'),
            (404, "/runs/wait", r'{"assistant_id": "\ud800"}'),
            (200, "/threads/search", r'{"metadata": {"a": "\ud800"}}'),
        ):
            answer = await client.post(path, content=body.encode(), headers={"Content-Type": "application/json"})
            assert answer.status_code == status, (path, body, answer.text)
        assert served.factory.runs() == []
        begun = (await client.post("/threads", json={})).json()["thread_id"]
        run = (await client.post(f"/threads/{begun}/runs", json={"assistant_id": "toy", "input": asked(1)})).json()
        path = f"/threads/{begun}/runs/{run['run_id']}/stream"
        told = await client.get(path, headers={"Last-Event-ID": "9" * 40})
        assert told.text.rstrip().endswith("data: null")


async def test_a_null_is_as_good_as_nothing(served):
    async with httpx.AsyncClient(base_url=served.url) as client:
        assert (await client.post("/threads", json={"thread_id": None, "metadata": None})).status_code == 200
        body = {"assistant_id": "toy", "input": asked(1), "metadata": None, "stream_mode": None, "checkpoint": None}
        assert (await client.post("/runs/wait", json=body)).json()["outcome"] == "delivered"


async def test_a_full_queue_refuses(makers):  # noqa: F811
    makers.pause = 0.05
    with serve(makers, serve_max_queued=1) as served:
        served.worker.close()
        async with httpx.AsyncClient(base_url=served.url) as client:
            body = {"assistant_id": "toy", "input": asked(1), "if_not_exists": "create"}
            statuses = [(await client.post(f"/threads/{uuid.uuid4()}/runs", json=body)).status_code for _ in range(2)]
    assert statuses == [200, 429]


async def test_assistants_are_the_built_in_graphs(client, served):
    found = await client.assistants.search()
    assert {item["graph_id"] for item in found} >= {"delivery", "toy"}
    by_name = await client.assistants.get("toy")
    assert by_name == await client.assistants.get(by_name["assistant_id"])
    assert await client.assistants.count(graph_id="toy") == 1
    schemas = await client.assistants.get_schemas("toy")
    assert "requirement" in schemas["input_schema"]["properties"]
    assert "gates" in schemas["context_schema"]["properties"]
    assert await client.assistants.get_subgraphs("toy") == {}
    with pytest.raises(UnprocessableEntityError, match="built-in"):
        await client.assistants.create("toy")
    with pytest.raises(NotFoundError):
        await client.assistants.get("nobody")
    async with httpx.AsyncClient(base_url=served.url) as plain:
        assert (await plain.get("/ok")).json() == {"ok": True}
        assert (await plain.get("/info")).json()["flags"]["assistants"] is True


async def test_an_assistant_shows_its_graph(client):
    graph = await client.assistants.get_graph("toy")
    assert {"plan", "gate", "write", "deliver"} <= {node["id"] for node in graph["nodes"]}
    assert {"source": "plan", "target": "gate", "conditional": False} in graph["edges"]


def test_the_dialect_works_below_a_prefix_and_for_the_synchronous_client(served):
    with get_sync_client(url=f"{served.url}/langgraph", api_key=None) as client:
        thread = client.threads.create()
        parts = list(client.runs.stream(thread["thread_id"], "toy", input=asked(1), version="v2", context=GATED))
        assert parts[0]["type"] == "metadata"
        assert parts[-1]["interrupts"][0]["value"]["gate"] == "spec"
        values = client.runs.wait(thread["thread_id"], "toy", command={"resume": "approve"})
        assert values["outcome"] == "delivered"


async def test_two_clients_begin_one_thread_once(client):
    identifier = (await client.threads.create())["thread_id"]
    made = await asyncio.gather(
        *(client.runs.create(identifier, "toy", input=asked(1)) for _ in range(4)), return_exceptions=True
    )
    assert sum(isinstance(item, dict) for item in made) == 1
    assert len(await client.runs.list(identifier)) == 1


def test_the_id_of_a_thread_spells_its_run():
    for now in (0.0, 1_795_712_338.615, 4_000_000_000.999):
        run_id = new_run_id(now)
        identifier = thread_id(run_id)
        assert uuid.UUID(identifier).version == 5
        assert run_id_of(identifier) == run_id
    assert run_id_of(str(uuid.uuid4())) is None
    assert run_id_of("nothing") is None
    assert uuid.UUID(thread_id("of another form")).version == 5
