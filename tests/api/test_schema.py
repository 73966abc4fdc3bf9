"""What the description says is what the server does, whatever it is sent."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.python.asgi import shutdown_lifespans
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from swfactory.api.app import create_app
from swfactory.config import Settings
from swfactory.errors import ModelUnavailable
from swfactory.runtime import AsyncFactory, Worker
from swfactory.testing.chat import ScriptedChatModel
from swfactory.testing.embedding import WordEmbedder
from tests.runtime.conftest import TOY, NoSandbox, wish
from tests.runtime.test_worker import settled

CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance, status_code_conformance]
EXAMPLES = 4
HOST = {"Host": "127.0.0.1"}


def build_model(url: str, known: Settings):
    """A librarian, and roles of the toy graph; whatever else asks for a model gets none, and its run fails at once."""
    if url == "scripted:librarian":
        said = {"sentences": [{"text": "There are customers.", "sources": [1]}], "supported": "no"}
        return ScriptedChatModel(lambda request: json.dumps(said))
    if url == "scripted:toy":
        return ScriptedChatModel(lambda request: "said")
    raise ModelUnavailable("there is no model", hint="start one")


@pytest.fixture
def schema(tmp_path: Path, monkeypatch):
    monkeypatch.setattr("swfactory.rag.embedding.create_embedder", lambda url, folder: WordEmbedder())
    settings = Settings(
        data_dir=tmp_path / "data",
        model="scripted:none",
        role_models={"librarian": "scripted:librarian"},
        embedding="words",
    )
    factory = AsyncFactory(settings, build_model=build_model, sandbox=NoSandbox())
    app = create_app(factory, Worker(factory))
    found = schemathesis.openapi.from_dict(app.openapi())
    found.app = app
    found.factory = factory
    yield found
    shutdown_lifespans()
    factory.close()


def test_every_operation_is_described_with_examples(schema):
    described = schema.app.openapi()
    assert described["openapi"].startswith("3.1")
    for path, operations in described["paths"].items():
        for method, operation in operations.items():
            assert operation["summary"], (method, path)
            assert operation["description"], (method, path)
            if {"langgraph", "openai"} & {*operation["tags"]}:
                continue  # those clients know errors of another form
            problem = operation["responses"]["4XX"]["content"]["application/problem+json"]["schema"]
            assert problem == {"$ref": "#/components/schemas/Problem"}
    bodies = ("NewRun", "GateAnswer", "Fork", "Question", "Problem")
    for name in bodies:
        body = described["components"]["schemas"][name]
        assert "examples" in body or all("examples" in body["properties"][part] for part in body["required"])


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Do not use the `random` module")  # the worker's thread does, not a strategy
def test_no_request_breaks_the_server(schema):
    """Requests that fit the description and requests that do not, on runs that exist and on others."""
    factory = schema.factory
    runs = {}
    # The first request starts the worker.
    schema["/healthz"]["get"].Case().call(headers=HOST)
    for name, asked in {"delivered": {}, "waiting": {"gates": ["spec"]}}.items():
        runs[name] = factory.enqueue(wish(1), graph=TOY, model="scripted:toy", **asked).id
        settled(factory, runs[name])
    operations = [found.ok() for found in schema.get_all_operations()]
    operations.sort(key=lambda operation: operation.method == "delete")  # what they delete, others look at
    assert len(operations) > 30
    for operation in operations:
        known = [{"run_id": run} for run in runs.values()] if "{run_id}" in operation.path else [{}]
        for parameters in known:
            for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                try_out(operation, mode, parameters)
    assert factory.runs(limit=200)


def try_out(operation, mode: GenerationMode, parameters: dict[str, str]) -> None:
    given_ = {name: value for name, value in parameters.items() if f"{{{name}}}" in operation.path}

    @settings(
        max_examples=EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode, path_parameters=given_ or None))
    def run(case) -> None:
        response = case.call(headers=HOST)
        case.validate_response(response, checks=CHECKS)

    with suppress(Unsatisfiable):  # what takes nothing cannot be given the wrong thing
        run()
