"""A module in the place of lm-eval shows what is asked of it; test_lm_eval.py asks the real one."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from swfactory.errors import ConfigError, InputError, MissingExtraError
from swfactory.finetune.evaluation import harness
from swfactory.finetune.evaluation.harness import HarnessSuite
from swfactory.finetune.evaluation.subjects import Subject
from swfactory.models.transformers import HfChatModel
from tests.finetune.evaluation.fakes import settings


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, object]:
    """What lm-eval was asked, and under ``samples`` what it answers."""
    seen: dict[str, object] = {"samples": {}}

    def simple_evaluate(**options: object) -> dict[str, object]:
        seen.update(options)
        return {"results": {}, "samples": seen["samples"]}

    class TaskManager:
        def __init__(self, *, include_path: str | None) -> None:
            seen["include_path"] = include_path

        def match_tasks(self, names: list[str]) -> list[str]:
            return [name for name in names if name.startswith("ceval")]

    def wrap(*, pretrained: object, tokenizer: object) -> tuple[object, object]:
        return pretrained, tokenizer

    monkeypatch.setattr(harness, "find_spec", lambda name: name)
    monkeypatch.setattr(HfChatModel, "load", lambda self: ((self.source, self.adapters), "tokenizer"))
    contents = {
        "lm_eval": {"simple_evaluate": simple_evaluate},
        "lm_eval.models": {},
        "lm_eval.models.huggingface": {"HFLM": wrap},
        "lm_eval.tasks": {"TaskManager": TaskManager},
    }
    for name, content in contents.items():
        module = ModuleType(name)
        vars(module).update(content)
        monkeypatch.setitem(sys.modules, name, module)
    return seen


async def measure(suite: HarnessSuite, url: str, folder: Path):
    (item,) = suite.items()
    suite.check(Subject("adapted", url, settings(folder)))
    return await suite.measure(item, Subject("adapted", url, settings(folder)), "", folder)


async def test_documents_are_kept_in_one_order(asked: dict[str, object], tmp_path: Path) -> None:
    asked["samples"] = {
        "ceval-valid_law": [{"doc_id": 1, "acc": 1.0}, {"doc_id": 0, "acc": 0.0}],
        "ceval-valid_art": [{"doc_id": 0, "acc": 1.0}],
    }
    suite = HarnessSuite("ceval", "ceval-valid", tmp_path / "tasks", limit=7)
    measured = await measure(suite, "hf:/models/base?adapter=/adapters/a", tmp_path)
    assert measured.passed == (True, False, True)
    assert asked["model"] == (("/models/base", ("/adapters/a",)), "tokenizer")
    assert (asked["tasks"], asked["limit"], asked["log_samples"]) == (["ceval-valid"], 7, True)
    assert asked["include_path"] == str(tmp_path / "tasks")


async def test_what_it_cannot_measure(asked: dict[str, object], tmp_path: Path) -> None:
    suite = HarnessSuite("ceval", "ceval-valid")
    with pytest.raises(ConfigError, match="llama:x"):
        await measure(suite, "llama:x", tmp_path)
    asked["samples"] = {"pile": [{"doc_id": 0, "word_perplexity": 3.0}]}
    with pytest.raises(InputError, match="no accuracy"):
        await measure(suite, "hf:x", tmp_path)


def test_a_task_that_there_is_none_of_costs_no_load(asked: dict[str, object], tmp_path: Path) -> None:
    suite = HarnessSuite("lm-eval", "mmlux")
    with pytest.raises(InputError, match="no task 'mmlux'"):
        suite.check(Subject("base", "hf:x", settings(tmp_path)))


async def test_without_lm_eval(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(harness, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match="lm-eval"):
        await measure(HarnessSuite("ceval", "ceval-valid"), "hf:x", tmp_path)
