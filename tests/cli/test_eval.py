from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest
from click.testing import CliRunner

import swfactory.sandbox
from swfactory.cli.eval import evaluate
from swfactory.domain.execution import Command, Execution
from swfactory.errors import InputError, NotFoundError
from swfactory.finetune.evaluation import subjects
from swfactory.models.adapters import AdapterCard, AdapterStore
from swfactory.testing.chat import ScriptedChatModel
from swfactory.testing.sandbox import ScriptedSandbox
from tests.finetune.evaluation.fakes import DIFF, WHOLE, fault_row, write_rows

MODEL = "hf:tiny"
REPORT = '<testsuites><testsuite><testcase classname="test_it" name="test_one"/></testsuite></testsuites>'


def mended(command: Command) -> Execution:
    """The tests of a fault, without running them."""
    if "- 1" in command.files["solution.py"]:
        return Execution(exit_code=1, stdout="assert 2 == 3")
    return Execution(exit_code=0, files={"report.xml": REPORT})


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SWF_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SWF_CONFIG", os.devnull)
    monkeypatch.setattr(swfactory.sandbox, "create_sandbox", lambda settings: ScriptedSandbox(mended))
    write_rows(tmp_path / "items" / "test.jsonl", [fault_row(), fault_row("def total(xs):\n    return sum(xs) - 11\n")])


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Model URLs, as they are asked; the adapted model mends the first fault, the base does so in one form only."""
    seen: list[str] = []

    def make(url: str, settings: object) -> ScriptedChatModel:
        def reply(request) -> str:
            seen.append(url)
            if "adapter" in url:
                return DIFF
            return WHOLE if "corrected function" in request.messages[0].content else "no idea"

        return ScriptedChatModel(reply)

    monkeypatch.setattr(subjects, "create_chat_model", make)
    return seen


@pytest.fixture
def store(tmp_path: Path) -> AdapterStore:
    store = AdapterStore(tmp_path / "data" / "adapters")
    rows = write_rows(tmp_path / "data" / "datasets" / "seeds" / "train.jsonl", [{"messages": [{"content": "x"}]}])
    data = {"seeds": hashlib.sha256(rows.read_bytes()).hexdigest()}
    with store.adding("mender") as folder:
        (folder / "peft").mkdir()
        (folder / "peft" / "adapter_model.safetensors").write_bytes(b"weights")
        (folder / "curve.jsonl").write_text('{"step": 1, "loss": 2}\n{"step": 2, "loss": 1}\n')
        card = AdapterCard(name="mender", base="tiny", method="lora", exports={"peft": "peft"}, data=data)
        store.write_card(card, folder)
    return store


def invoke(*words: str):
    done = CliRunner().invoke(evaluate, [MODEL, *words], standalone_mode=False, catch_exceptions=False)
    if done.exception:
        raise done.exception
    return done


def test_base_and_adapter_are_measured_and_the_card_is_written(asked: list[str], store: AdapterStore) -> None:
    words = ("--adapter", "mender", "--suite", "repair", "--data", "repair=items", "--out", "o", "--seed", "3")
    done = invoke(*words)
    assert asked == [MODEL] * 4 + ["hf:tiny?adapter=mender"] * 2
    assert "base, function (counts) | 2 of 2" in done.stdout
    assert "adapted, diff | 1 of 2" in done.stdout
    assert "0 of 2 items overlap" in done.stdout
    assert "repair adapted-diff 2/2 repair-0001 0/1" in done.stderr
    assert "Loss in training" in Path("o/card.html").read_text()
    kept = json.loads(Path("o/scores.json").read_text())
    assert kept["conditions"]["adapter_digest"] == hashlib.sha256(b"weights").hexdigest()
    assert kept["conditions"]["seed"] == 3
    (score,) = store.card("mender").scores
    assert (score.suite, score.passed, score.total, score.base) == ("repair", 1, 2, 1.0)
    again = invoke(*words)
    assert len(asked) == 6, "nothing is asked twice"
    assert again.stderr.count("(known)") == 6
    assert len(store.card("mender").scores) == 1


def test_forms_limits_and_samples(asked: list[str]) -> None:
    done = invoke(
        *("--suite", "repair", "--data", "repair=items", "--out", "o", "--limit", "1", "-q"),
        *("--repair-forms", "function", "--samples", "2"),
    )
    assert asked == [MODEL] * 2
    assert "2 samples an item at temperature 0.8" in done.stdout
    assert "pass@1 100.0 %; pass@2 100.0 %" in done.stdout
    assert done.stderr == ""
    invoke("--suite", "repair", "--data", "repair=items", "--only", "repair-0001", "-q")
    (found,) = Path(".benchmarks").iterdir()
    assert found.name.startswith("eval-hf-tiny-seed0-")
    assert asked == [MODEL] * 4


def test_a_data_folder_serves_every_suite(asked: list[str], tmp_path: Path) -> None:
    (tmp_path / "items").rename(tmp_path / "repair")
    done = invoke("--suite", "repair", "--data", str(tmp_path), "--out", "o", "-q")
    assert "## repair" in done.stdout


def test_a_data_set_is_found_by_its_name(asked: list[str], tmp_path: Path) -> None:
    (tmp_path / "data" / "datasets").mkdir(parents=True)
    (tmp_path / "items").rename(tmp_path / "data" / "datasets" / "faults")
    done = invoke("--suite", "repair", "--data", "repair=faults", "--out", "o", "-q")
    assert "2 of 2" in done.stdout


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        (("--suite", "repair", "--data", "repair=items", "--data", "mbpp=items"), InputError, "'mbpp', which is not"),
        (("--suite", "repair"), InputError, "'repair' needs"),
        (("--suite", "repaid"), NotFoundError, "'repaid'"),
        (("--suite", "repair", "--data", "repair=items", "--only", "x"), NotFoundError, "'x'"),
        (("--suite", "repair", "--data", "repair=items", "--adapter", "nosuch"), NotFoundError, "'nosuch'"),
        (("--suite", "repair", "--data", "repair=items", "--repair-forms", "patch"), InputError, "'patch'"),
        (
            ("--suite", "repair", "--data", "repair=items", "--samples", "2", "--temperature", "0"),
            InputError,
            "2 samples",
        ),
    ],
)
def test_bad_input(words: tuple[str, ...], error: type[Exception], said: str, asked: list[str]) -> None:
    with pytest.raises(error, match=said):
        invoke(*words)
    assert asked == []
    assert not list(Path().rglob("card.md"))


def test_training_data_that_is_not_the_adapters(asked: list[str], store: AdapterStore) -> None:
    write_rows(Path("items/train.jsonl"), [fault_row()])
    with pytest.raises(InputError, match="was not trained on"):
        invoke(
            *("--adapter", "mender", "--suite", "repair", "--data", "repair=items", "--data", "training=items"),
            *("--out", "o"),
        )
    assert asked == []


def test_the_help_has_examples_and_names_every_suite() -> None:
    done = CliRunner().invoke(evaluate, ["--help"])
    assert done.exit_code == 0
    assert "Examples:" in done.output
    for name in ("humaneval", "mbpp", "roles", "repair", "bench", "ceval", "forgetting"):
        assert f"\n    {name}" in done.output
