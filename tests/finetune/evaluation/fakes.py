"""Models, suites and data small enough to be judged by eye."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

from swfactory.config import Settings, load_settings
from swfactory.domain.budget import Usage
from swfactory.domain.call import Request
from swfactory.finetune.evaluation.runner import EvaluationConditions
from swfactory.finetune.evaluation.subjects import ADAPTED, BASE, Subject
from swfactory.finetune.evaluation.suite import Item, Measured
from swfactory.testing.chat import ScriptedChatModel
from tests.bench.fakes import MACHINE

CONDITIONS = EvaluationConditions(model="replay:x", seed=1, machine=MACHINE)

FAULTY = "def total(xs):\n    return sum(xs) - 1\n"
TESTS = "from solution import total\n\n\ndef test_total():\n    assert total([1, 2]) == 3\n    assert total([]) == 0\n"
DIFF = "- return sum(xs) - 1\n+ return sum(xs)"
WHOLE = "```python\ndef total(xs):\n    return sum(xs)\n```"


def subject(name: str, script: Sequence[str] | Callable[[Request], str] = ()) -> Subject:
    """A subject whose model follows a script."""
    made = Subject(name, f"replay:{name}", load_settings())
    made.__dict__["model"] = ScriptedChatModel(script)  # where a cached property keeps its value
    return made


def both(base: Sequence[str] | Callable[[Request], str], adapted: Sequence[str] | Callable[[Request], str]):
    """A base and an adapted model."""
    return subject(BASE, base), subject(ADAPTED, adapted)


def fault_row(source: str = FAULTY, tests: str = TESTS, name: str = "total") -> dict[str, object]:
    """A row of kind ``prompt``, as data sets of repairs have it."""
    return {
        "origin": {"source": "seeds", "group": "seeds", "name": name, "maker": "mutants"},
        "prompt": [
            {"role": "system", "content": 'Answer with the wrong line after "-" and the right line after "+".'},
            {
                "role": "user",
                "content": f"```python\n{source.strip()}\n```\npytest output:\n```\nE  assert 2 == 3\n```",
            },
        ],
        "tests": tests,
        "module": "solution.py",
    }


def write_rows(path: Path, rows: Sequence[dict[str, object]]) -> Path:
    """Write a JSONL file and return its path."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


class TableSuite:
    """Passes what a table says: item to a verdict by arm."""

    name = "table"
    meaning = "share of items that the table passes"
    documents = False

    def __init__(self, table: dict[str, dict[str, Sequence[bool]]], *, text: str = "", scale: str = "share") -> None:
        self.table = table
        self.scale = scale
        self.text = text
        self.asked: list[tuple[str, str]] = []

    def items(self):
        return tuple(Item(id=id, content=id, text=f"{self.text} {id}", name=id) for id in self.table)

    def check(self, subject: Subject) -> None: ...

    def forms(self, *, adapted: bool) -> tuple[str, ...]:
        return ("diff",) if adapted else ("diff", "function")

    async def measure(self, item: Item, subject: Subject, form: str, folder: Path) -> Measured:
        arm = f"{subject.name}-{form}"
        self.asked.append((arm, item.id))
        verdicts = self.table[item.id][arm]
        if self.scale == "perplexity":
            return Measured(figures={"log-likelihood": verdicts[0], "tokens": verdicts[1]})
        return Measured(passed=tuple(verdicts), usage=Usage(completion_tokens=3, seconds=0.5))


def settings(folder: Path) -> Settings:
    """Settings whose data is in a folder."""
    return load_settings(data_dir=folder)
