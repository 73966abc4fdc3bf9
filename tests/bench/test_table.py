from __future__ import annotations

from swfactory.bench.results import Entry
from swfactory.bench.score import Score
from swfactory.bench.table import results_table
from swfactory.domain.budget import Budget, Usage
from tests.bench.fakes import CONDITIONS


def entry(task: str, arm: str, passed: int, tokens: int) -> Entry:
    score = Score(id=task, level="hard", passed=passed, total=4, solved=passed == 4)
    usage = Usage(prompt_tokens=1000, completion_tokens=tokens)
    return Entry(id=task, digest="d", arm=arm, factory="1 (abc)", status="done", score=score, usage=usage, seconds=3700)


def test_totals_and_lines() -> None:
    conditions = CONDITIONS.model_copy(update={"model_digest": "ab12", "budget": Budget(max_tokens=9000)})
    table = results_table(
        conditions, [entry("a", "baseline", 1, 500), entry("a", "factory", 4, 1500), entry("b", "factory", 2, 2500)]
    )
    assert "- model: `replay:x`, SHA-256 `ab12`" in table
    assert "- seed: 1; budget a task: 9,000 generated tokens, any seconds, 6 rounds" in table
    assert "- factory: 1 (abc)\n" in table
    assert "- machine: a cpu, 2 cores, 8.0 GiB, Linux 6, Python 3.11.7" in table
    assert "| factory | 1 of 2 | 6 of 8 (75%) | 75% | 2,000 | 4,000 | 2,000 | 2:03:20 |" in table
    assert "| baseline | 0 of 1 | 1 of 4 (25%) | 25% | 1,000 | 500 | 500 | 1:01:40 |" in table
    assert "| a | hard | factory | yes | 4/4 | 1,000 | 1,500 | 1:01:40 | done |" in table
