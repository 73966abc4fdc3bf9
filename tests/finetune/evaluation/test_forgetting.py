from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from swfactory.errors import ConfigError, InputError
from swfactory.finetune.evaluation import evaluate
from swfactory.finetune.evaluation.forgetting import ForgettingSuite
from swfactory.finetune.evaluation.scorer import perplexity
from swfactory.finetune.evaluation.subjects import Subject
from tests.finetune.evaluation.fakes import CONDITIONS, TableSuite, settings, subject


class WordScorer:
    """Finds every word but the first one in e times as likely as the one before."""

    async def score(self, text: str) -> tuple[float, ...]:
        return (-1.0,) * (len(text.split()) - 1)


def test_perplexity_by_hand() -> None:
    assert perplexity(3 * math.log(0.5), 3) == pytest.approx(2.0)


async def test_tokens_of_a_passage_are_summed(tmp_path: Path) -> None:
    (tmp_path / "general.txt").write_text("one two three four")
    suite = ForgettingSuite(tmp_path / "general.txt")
    (item,) = suite.items()
    model = subject("base")
    model.__dict__["scorer"] = WordScorer()
    measured = await suite.measure(item, model, "", Path())
    assert measured.figures == {"log-likelihood": -3.0, "tokens": 3}
    assert measured.passed == ()


def test_texts_are_cut_between_paragraphs_and_nothing_is_lost(tmp_path: Path) -> None:
    paragraphs = [f"{number} {'word ' * 150}".strip() for number in range(6)]
    (tmp_path / "a.txt").write_text("\n\n".join(paragraphs))
    (tmp_path / "b.jsonl").write_text("\n".join(json.dumps({"text": text}) for text in ("x" * 4500, "short")))
    (tmp_path / "c.bin").write_bytes(b"\xff")
    passages = [item.text for item in ForgettingSuite(tmp_path).items()]
    assert passages[:3] == ["\n\n".join(paragraphs[at : at + 2]) for at in (0, 2, 4)]
    assert [len(passage) for passage in passages[3:]] == [2000, 2000, 500, 5]


def test_texts_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "x"}\n{"content": "y"}\n')
    with pytest.raises(InputError, match=r"a\.jsonl:2"):
        ForgettingSuite(tmp_path / "a.jsonl")
    (tmp_path / "b.txt").write_text("\n \n")
    with pytest.raises(InputError, match="no text"):
        ForgettingSuite(tmp_path / "b.txt")
    with pytest.raises(InputError, match="cannot be read"):
        ForgettingSuite(tmp_path / "nosuch.txt")


async def test_a_model_without_log_probabilities_is_refused_before_anything_is_measured(tmp_path: Path) -> None:
    (tmp_path / "general.txt").write_text("one two")
    suites = [TableSuite({"a": {}}), ForgettingSuite(tmp_path / "general.txt")]
    with pytest.raises(ConfigError, match="replay:base"):
        await evaluate(suites, [subject("base")], conditions=CONDITIONS, folder=tmp_path / "o")
    assert suites[0].asked == []
    suites[1].check(Subject("base", "hf:x", settings(tmp_path)))
