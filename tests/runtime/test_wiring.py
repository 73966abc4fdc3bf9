"""Which models a run gets: one in memory for roles whose URLs differ in their adapters only."""

import pytest

from swfactory.config import Settings
from swfactory.domain.requirement import Requirement
from swfactory.domain.run import Run
from swfactory.runtime.wiring import Wiring
from swfactory.testing.sandbox import ScriptedSandbox


@pytest.fixture
def wired(tmp_path):
    """The models of a run by role, and the files of the model and of two adapters."""
    files = [tmp_path / name for name in ("m.gguf", "a.gguf", "b.gguf")]
    for file in files:
        file.touch()
    model, a, b = files
    wiring = Wiring(
        Settings(threads=1), tmp_path / "data", lambda run: [], build_model=None, sandbox=ScriptedSandbox([])
    )
    roles = {"model.engineer": f"llama:{model}?adapter={a}", "model.writer": f"llama:{model}?adapter={b}"}
    run = Run(
        id="1",
        requirement=Requirement(text="a tool"),
        model=f"llama:{model}",
        options={**roles, "model.reviewer": f"llama:{model}?adapter={a}", "model_digest": "0"},
    )
    yield wiring.context(run).models, a, b
    wiring.close()


def test_roles_that_differ_in_adapters_only_load_one_model(wired):
    models, a, b = wired
    assert {role: model.applied for role, model in models.items()} == {
        "*": (),
        "engineer": (a,),
        "writer": (b,),
        "reviewer": (a,),
    }
    assert {model.adapters for model in models.values()} == {(a, b)}
    assert models["engineer"] is models["reviewer"]
