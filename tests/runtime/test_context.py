"""Runs with a store: what is looked up is recorded and replayed, and what is learnt is offered to later runs."""

from __future__ import annotations

import pytest

from swfactory.config import Settings
from swfactory.domain.references import Passage, References
from swfactory.domain.run import Event
from swfactory.errors import BusyError, MissingExtraError, NotFoundError, ReplyError
from swfactory.rag import open_collection
from swfactory.rag.ingestion import add
from swfactory.runtime import AsyncFactory
from swfactory.runtime.experience import EXPERIENCE, Experience, lessons
from swfactory.runtime.retrieval import RecordedRetriever, wanted_collections
from swfactory.testing.chat import ScriptedChatModel
from swfactory.testing.workspace import MemoryObjectStore
from tests.graphs.conftest import text_of
from tests.graphs.team import REQUIREMENT, answer
from tests.runtime.conftest import TOY

RECKON = '''\
"""Sums and products of whole numbers, as a calculator on the command line needs them."""


def compute(name: str, a: int, b: int) -> int:
    """Return the sum (`add`) or the product (`mul`) of two numbers."""
    return a + b if name == "add" else a * b
'''


class Rig:
    """A factory with a real store, a real sandbox and a scripted team."""

    def __init__(self, tmp_path, sandbox) -> None:
        self.data_dir = tmp_path / "data"
        self.sandbox = sandbox
        self.models: list[ScriptedChatModel] = []
        self.library = tmp_path / "reckon"
        self.library.mkdir()
        (self.library / "reckon.py").write_text(RECKON)

    def settings(self, **given) -> Settings:
        return Settings(data_dir=self.data_dir, model="scripted:team", experience=True, **given)

    def store(self, name: str = "default") -> None:
        collection = open_collection(self.settings(), name, create=True)
        add(collection, self.library)
        collection.close()

    def factory(self) -> AsyncFactory:
        def build(url, settings):
            if url.startswith("replay:"):
                from swfactory.models import create_chat_model

                return create_chat_model(url, settings)
            self.models.append(ScriptedChatModel(answer))
            return self.models[-1]

        return AsyncFactory(self.settings(), build_model=build, sandbox=self.sandbox)

    def shown(self) -> str:
        return "\n".join(text_of(request) for model in self.models for request in model.requests)


@pytest.fixture
def rig(tmp_path, bubblewrap) -> Rig:
    return Rig(tmp_path, bubblewrap)


async def test_what_was_looked_up_is_replayed_although_the_store_has_changed(rig):
    rig.store()
    with rig.factory() as factory:
        run = await (await factory.start(REQUIREMENT, collections=["default"], experience=False)).result()
        assert run.status == "delivered"
        assert factory.delivery(run.id).options == ("--collection", "default", "--no-experience")
        assert 'source="reckon/reckon.py:4"' in rig.shown()
        assert any(event.kind == "retrieval" for event in factory.events(run.id))
        commits = [event.data["commit"] for event in factory.events(run.id) if event.kind == "delivery"]
    (rig.library / "reckon.py").write_text(RECKON.replace("compute", "reckon").replace("Sums", "Totals"))
    rig.store()
    with rig.factory() as factory:
        replay = await (await factory.replay(run.id)).result()
        assert replay.status == "delivered"
        assert [e.data["commit"] for e in factory.events(replay.id) if e.kind == "delivery"][-1] == commits[-1]


async def test_a_later_run_is_offered_what_an_earlier_one_has_proved(rig):
    with rig.factory() as factory:
        run = await (await factory.start(REQUIREMENT)).result()
        assert "<passage" not in rig.shown()
        assert any("learnt" in event.text for event in factory.events(run.id) if event.kind == "note")
        kept = rig.data_dir / EXPERIENCE / "earlier-runs" / run.id
        assert {"plan.md", "main.py", "calc.py", "fixes.md"} <= {path.name for path in kept.iterdir()}
        assert "compute" in (kept / "fixes.md").read_text()
    with rig.factory() as factory:
        await (await factory.start(REQUIREMENT)).result()
        assert f'source="earlier-runs/{run.id}/' in rig.shown()
        rig.models.clear()
        await (await factory.start(REQUIREMENT, experience=False)).result()
        assert "<passage" not in rig.shown()
        assert factory.delete(run.id) == ""
        assert not kept.exists()


def test_a_run_teaches_what_was_proved_and_nothing_else():
    from swfactory.domain.delivery import CriterionVerdict, Delivery
    from swfactory.domain.report import TestResult
    from swfactory.domain.run import Run

    run = Run(id="r", requirement=REQUIREMENT, model="m")
    delivery = Delivery(
        title="Calculator",
        requirement=REQUIREMENT.text,
        commit="c",
        criteria=(CriterionVerdict(id="C1", text="adds", verdict="met"),),
        results=(TestResult(id="t", criterion="C1", origin="quoted", outcome="passed"),),
    )
    tree = {
        "main.py": "def main():\n    return 1\n",
        "tests/test_x.py": "",
        "arguments.py": "x = 1\n",
        "README.md": "x",
    }
    files = lessons(run, delivery, tree, [])
    assert set(files) == {"plan.md", "main.py"}
    assert "- `main.py`: main" in files["plan.md"]
    failed = delivery.results[0].model_copy(update={"outcome": "failed"})
    assert lessons(run, delivery.model_copy(update={"results": (failed,)}), tree, []) == {}
    assert lessons(run, delivery.model_copy(update={"results": ()}), tree, []) == {}
    unchecked = CriterionVerdict(id="C2", text="subtracts", verdict="unchecked")
    assert lessons(run, delivery.model_copy(update={"criteria": (*delivery.criteria, unchecked)}), tree, []) == {}


def test_a_collection_that_is_named_must_be_there(rig):
    assert wanted_collections(rig.settings(), None) == ()
    with pytest.raises(NotFoundError, match="the store is empty"):
        wanted_collections(rig.settings(), ["other"])
    rig.store()
    assert wanted_collections(rig.settings(), None) == ("default",)
    assert wanted_collections(rig.settings(collections=""), None) == ()
    with pytest.raises(NotFoundError, match="there are: default"):
        wanted_collections(rig.settings(collections="default,other"), None)


async def test_a_record_knows_what_was_asked_and_nothing_else():
    objects = MemoryObjectStore()
    found = References(passages=(Passage(text="x", source="a:1"),))
    data = {"query": objects.put("how?"), "max_tokens": 9, "passages": objects.put(found.model_dump_json())}
    record = RecordedRetriever([Event(run="r", time=0.0, kind="retrieval", data=data)], objects)
    assert await record.retrieve("how?", max_tokens=9) == found.passages
    with pytest.raises(ReplyError, match="diverged"):
        await record.retrieve("how?", max_tokens=8)


@pytest.mark.parametrize(
    ("error", "said"),
    [(MissingExtraError("no store here", extra="rag"), ""), (BusyError("the store is being written"), "rag sync")],
)
async def test_a_run_is_deleted_although_its_lessons_cannot_be(makers, monkeypatch, error, said):
    def broken(*_):
        raise error

    monkeypatch.setattr(Experience, "_sync", broken)
    factory = makers.factory()
    runs = [await (await factory.start(REQUIREMENT, graph=TOY)).result() for _ in range(2)]
    for run in runs:
        (makers.data_dir / EXPERIENCE / "earlier-runs" / run.id).mkdir(parents=True, exist_ok=True)
        left = factory.delete(run.id)
        assert said in left
        assert bool(said) == bool(left)
    assert factory.runs() == []


async def test_what_follows_a_delivery_cannot_undo_it(makers, monkeypatch):
    def broken(self, run, delivery, tree):
        raise RuntimeError("no memory left")

    monkeypatch.setattr(AsyncFactory, "_learn", broken)
    factory = makers.factory()
    handle = await factory.start(REQUIREMENT, graph=TOY)
    run = await handle.result()
    assert run.status == "delivered"
    assert factory.run(run.id).status == "delivered"
    assert any("no memory left" in event.text for event in factory.events(run.id) if event.kind == "note")
