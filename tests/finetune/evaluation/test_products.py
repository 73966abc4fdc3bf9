from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from swfactory.domain.budget import Budget
from swfactory.errors import Interrupted
from swfactory.finetune.evaluation.products import ProductSuite
from swfactory.finetune.evaluation.subjects import Subject
from swfactory.ports import Sandbox
from tests.bench.fakes import FakeFactory, shout
from tests.finetune.evaluation.fakes import settings


@dataclass(frozen=True)
class FakeSubject(Subject):
    made: FakeFactory | None = None

    def factory(self):
        return nullcontext(self.made)


async def test_the_factory_builds_and_the_checks_judge(tmp_path: Path, real_sandbox: Sandbox) -> None:
    task = shout()
    (tmp_path / "tasks.yaml").write_text(yaml.safe_dump([task.model_dump(mode="json")]))
    suite = ProductSuite(tmp_path / "tasks.yaml", real_sandbox, seed=4, budget=Budget(max_tokens=77))
    (item,) = suite.items()
    assert (item.id, item.part, item.text) == ("shout", "easy", task.requirement)
    factory = FakeFactory(Interrupted("stopped"), "delivered")
    subject = FakeSubject("adapted", "replay:x", settings(tmp_path), made=factory)
    with pytest.raises(Interrupted):
        await suite.measure(item, subject, "", tmp_path / "kept")
    measured = await suite.measure(item, subject, "", tmp_path / "kept")
    assert factory.calls == ["start run0", "resume run0"]
    assert measured.passed == (True,), measured.note
    assert measured.figures == {"checks": 2, "checks passed": 2}
    assert measured.usage.completion_tokens == 7
    run = factory.runs["run0"]
    assert (run.seed, run.budget.max_tokens) == (4, 77)
