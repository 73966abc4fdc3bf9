"""A whole evaluation: suites made, models measured, the card written, the scores added to the adapter's."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from swfactory.bench.machine import this_machine
from swfactory.config import Settings
from swfactory.finetune.evaluation.card import Card, add_scores, read_curve, write_card
from swfactory.finetune.evaluation.catalog import Plan, create_suites
from swfactory.finetune.evaluation.runner import EvaluationConditions, Progress, Scored, evaluate
from swfactory.finetune.evaluation.subjects import Adapter, subjects_of
from swfactory.finetune.evaluation.training_data import texts_of, training_files
from swfactory.models import model_digest
from swfactory.models.adapters import AdapterStore
from swfactory.ports import Sandbox

__all__ = ["Job"]


@dataclass(frozen=True, kw_only=True)
class Job:
    """What to evaluate.

    Args:
        settings: the merged settings; ``model`` is the base.
        suites: names of suites.
        plan: how they are measured, and on what.
        folder: where results and the card are kept.
        adapter: what the base is compared with; None to measure the base alone.
        only: ids of items; empty for all.
        training: data set that the adapter was trained on; None to look for it where its card and recipe say.
        parallel: items at once.
    """

    settings: Settings
    suites: Sequence[str]
    plan: Plan
    folder: Path
    adapter: Adapter | None = None
    only: Sequence[str] = ()
    training: Path | None = None
    parallel: int = 1

    async def run(self, sandbox: Sandbox, report: Callable[[Progress], None] = lambda _: None) -> Scored:
        """Do it, or go on with it.

        Args:
            sandbox: where replies are judged.
            report: told of every result.

        Raises:
            FactoryError: something cannot be used, or failed that would fail every item; finished ones are kept.
        """
        card = self.adapter.card if self.adapter else None
        data = training_files(card, self.settings, self.training) if self.adapter else ()
        scored = await evaluate(
            create_suites(self.suites, self.plan, sandbox),
            subjects_of(self.settings.model, self.adapter, self.settings),
            conditions=self._conditions(),
            folder=self.folder,
            training=texts_of(data) if data else None,
            limit=self.plan.limit,
            only=self.only,
            parallel=self.parallel,
            report=report,
        )
        curve = read_curve(self.adapter.folder if self.adapter else None)
        write_card(Card(scored=scored, adapter=card, curve=curve), self.folder)
        if card is not None:
            add_scores(AdapterStore(self.settings.data_dir / "adapters"), card.name, scored, time.time())
        return scored

    def _conditions(self) -> EvaluationConditions:
        return EvaluationConditions(
            model=self.settings.model,
            model_digest=model_digest(self.settings.model, self.settings),
            role_models=self.settings.role_models,
            seed=self.settings.seed,
            budget=self.plan.budget,
            machine=this_machine(),
            adapter=self.adapter.name if self.adapter else "",
            adapter_digest=self.adapter.digest if self.adapter else "",
            samples=self.plan.samples,
            temperature=self.plan.temperature,
        )
