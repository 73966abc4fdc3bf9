from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

import swfactory.models
from swfactory.bench.corpus import corpus_digest
from swfactory.cli.bench import bench, default_folder
from swfactory.config import Settings
from swfactory.errors import InputError, Interrupted, NotFoundError
from swfactory.testing.chat import ScriptedChatModel
from tests.bench.fakes import SOLVED, FakeFactory

TASKS = """
- id: shout
  level: easy
  requirement: "Write main.py: `python main.py abc` prints ABC."
  checks:
    - {run: [python, main.py, abc], exact: ABC}
- id: other
  level: easy
  requirement: Write other.py.
  checks:
    - {py: import other}
"""


class OpenFactory(FakeFactory):
    def __call__(self, settings: Settings) -> OpenFactory:
        return self

    def __enter__(self) -> OpenFactory:
        return self

    def __exit__(self, *error: object) -> None: ...


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SWF_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SWF_CONFIG", os.devnull)
    monkeypatch.setenv("SWF_MODEL", "openai:http://127.0.0.1:9/v1#fake")
    (tmp_path / "tasks.yaml").write_text(TASKS)
    reply = f"```python\n# main.py\n{SOLVED}```"
    monkeypatch.setattr(
        swfactory.models, "create_chat_model", lambda url, settings: ScriptedChatModel(lambda request: reply)
    )


def invoke(*words: str, factory: FakeFactory | None = None) -> str:
    done = CliRunner().invoke(bench, words, obj=factory or OpenFactory(), standalone_mode=False, catch_exceptions=False)
    if done.exception:
        raise done.exception
    return done.output


def test_measures_both_and_goes_on(tmp_path: Path) -> None:
    factory = OpenFactory("delivered", "partial")
    out = invoke("tasks.yaml", "--only", "shout", "--out", "o", "--seed", "4", "--max-tokens", "77", factory=factory)
    assert "shout        baseline  solved" in out
    assert "shout        factory   solved" in out
    assert "| factory | 1 of 1 |" in out
    run = factory.runs["run0"]
    assert (run.seed, run.budget.max_tokens) == (4, 77)
    assert Path(run.output) == tmp_path / "o" / "factory" / "shout" / "product"
    again = invoke("tasks.yaml", "--out", "o", "--seed", "4", "--max-tokens", "77", factory=factory)
    assert again.count("(known)") == 2
    assert factory.calls == ["start run0", "start run1"]
    kept = json.loads((tmp_path / "o" / "results.json").read_text())
    assert len(kept["results"]) == 4
    assert kept["conditions"]["model"] == "openai:http://127.0.0.1:9/v1#fake"


def test_arms_can_be_left_out() -> None:
    factory = OpenFactory("delivered")
    out = invoke("tasks.yaml", "--limit", "1", "--no-baseline", factory=factory)
    assert "baseline" not in out
    invoke("tasks.yaml", "--limit", "1", "--no-factory", "--out", "b", factory=factory)
    assert factory.calls == ["start run0"]
    with pytest.raises(InputError, match="nothing to measure"):
        invoke("tasks.yaml", "--no-baseline", "--no-factory")


def test_default_folder_tells_settings_apart(tmp_path: Path) -> None:
    invoke("tasks.yaml", "--limit", "1", "--no-factory")
    (found,) = (tmp_path / ".benchmarks").iterdir()
    assert found.name.startswith("tasks-openai-http-127.0.0.1-9-v1-fake-seed0-")
    folders = {
        default_folder(tasks, model, seed, version)
        for tasks in ("a.yaml", "b.yaml", "house/a.yaml", "practice/a.yaml")
        for model in ("m", "n")
        for seed in (0, 1)
        for version in ("1", "2")
    }
    assert len(folders) == 32
    assert default_folder("../x/house/tasks.yaml", "m", 0, "1.0").name == "house-tasks-m-seed0-1.0"
    assert default_folder("../tasks.yaml", "m", 0, "1.0").name == "tasks-m-seed0-1.0"
    assert default_folder("humaneval", "m", 0, "1.0").name == "humaneval-m-seed0-1.0"


def test_results_with_and_without_a_corpus_are_not_mixed(tmp_path: Path) -> None:
    library = tmp_path / "library"
    library.mkdir()
    (library / "ledger.py").write_text("RATE = 1\n")
    plain, held = ["tasks.yaml", "--limit", "1", "--no-factory"], ["--corpus", "library", "--no-context"]
    invoke(*plain, "--out", "o")
    with pytest.raises(InputError, match="holds results with corpus"):
        invoke(*plain, *held, "--out", "o")
    before = corpus_digest(library)
    (library / "ledger.py").write_text("RATE = 2\n")
    assert corpus_digest(library) != before


def test_bad_input() -> None:
    with pytest.raises(NotFoundError, match="'nope'"):
        invoke("tasks.yaml", "--only", "nope", "--no-factory")
    with pytest.raises(InputError, match=r"nosuch\.yaml"):
        invoke("nosuch.yaml", "--no-factory")
    assert not Path(".benchmarks").exists()


def test_interruption_says_how_to_go_on() -> None:
    with pytest.raises(Interrupted):
        invoke("tasks.yaml", "--no-baseline", factory=OpenFactory(Interrupted("stopped")))


def test_humaneval_from_a_file(tmp_path: Path) -> None:
    line = {"task_id": "HumanEval/0", "prompt": "def f(x):\n", "entry_point": "f", "test": "def check(f): assert f(1)"}
    (tmp_path / "h.jsonl").write_text(json.dumps(line))
    out = invoke("h.jsonl", "--no-factory")
    assert "HumanEval-0" in out
    assert "| one prompt | 0 of 1 (0.0%)" in out
