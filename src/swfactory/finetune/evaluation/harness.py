"""Suites of EleutherAI's lm-eval, C-Eval among them: its tasks run as they are, a document being a pair."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from swfactory.errors import ConfigError, InputError, MissingExtraError
from swfactory.finetune.evaluation.subjects import Subject
from swfactory.finetune.evaluation.suite import Item, Measured, Scale
from swfactory.models.spec import ModelSpec

__all__ = ["HarnessSuite"]

_METRICS = ("acc", "exact_match")


class HarnessSuite:
    """Measures accuracy on a task or group of lm-eval (Gao et al. 2021, doi:10.5281/zenodo.5371628), on hf: models.

    Args:
        name: of the suite, e.g. ``ceval``.
        task: lm-eval's name of the task or group, e.g. ``ceval-valid``.
        data: folder of task files that name local data; None for lm-eval's own, which fetch theirs from the hub.
        limit: documents of each task; None for all.
    """

    scale: Scale = "share"
    documents = True

    def __init__(self, name: str, task: str, data: Path | None = None, *, limit: int | None = None) -> None:
        self.name = name
        self.meaning = f"share of documents of lm-eval's {task} that are answered rightly"
        self._task = task
        self._data = data
        self._limit = limit

    def items(self) -> Sequence[Item]:
        """The task, as one item: lm-eval reads its documents itself."""
        return (Item(id=self.name, content=f"{self._task} {self._data or ''} {self._limit}"),)

    def check(self, subject: Subject) -> None:
        """Raise when lm-eval or the task is not there, or the model is of another kind; see ``Suite.check``."""
        if find_spec("lm_eval") is None:
            raise MissingExtraError(f"the suite {self.name!r}", extra="lm-eval")
        if ModelSpec.parse(subject.url).scheme != "hf":
            raise ConfigError(f"lm-eval cannot measure {subject.url!r}", hint="an hf:FOLDER")
        if not self._tasks.match_tasks([self._task]):
            raise InputError(
                f"lm-eval has no task {self._task!r}",
                hint=f"lm-eval ls tasks  names its own; --data {self.name}=FOLDER  brings yours",
            )

    @cached_property
    def _tasks(self) -> Any:
        """Every task that lm-eval knows; it reads thousands of files to tell."""
        from lm_eval.tasks import TaskManager

        return TaskManager(include_path=str(self._data) if self._data else None)

    def forms(self, *, adapted: bool) -> tuple[str, ...]:
        """There is one only."""
        del adapted
        return ("",)

    async def measure(self, item: Item, subject: Subject, form: str, folder: Path) -> Measured:
        """Run the task and keep the verdict on every document.

        Raises:
            InputError: the task has no accuracy.
            ModelUnavailable: the model or its adapter cannot be loaded.
        """
        del item, form, folder
        import lm_eval
        from lm_eval.models.huggingface import HFLM

        from swfactory.models.transformers import HfChatModel

        # Loaded by us: given a name, lm-eval takes CUDA for granted, and resizes the embeddings of a model with an
        # adapter but not those of its base.
        assert isinstance(subject.model, HfChatModel)
        model, tokenizer = subject.model.load()
        done = lm_eval.simple_evaluate(
            model=HFLM(pretrained=model, tokenizer=tokenizer),
            tasks=[self._task],
            limit=self._limit,
            task_manager=self._tasks,
            log_samples=True,
            bootstrap_iters=0,
        )
        return Measured(passed=_verdicts(done["samples"], self._task))


def _verdicts(samples: dict[str, list[dict[str, Any]]], task: str) -> tuple[bool, ...]:
    """Whether each document was answered rightly, in an order that two runs share."""
    documents = [(name, one) for name in sorted(samples) for one in sorted(samples[name], key=lambda o: o["doc_id"])]
    found = [next((one[key] for key in _METRICS if key in one), None) for _, one in documents]
    if not found or None in found:
        raise InputError(f"lm-eval's task {task!r} gives no accuracy", hint=f"a task with {' or '.join(_METRICS)}")
    return tuple(bool(value) for value in found)
