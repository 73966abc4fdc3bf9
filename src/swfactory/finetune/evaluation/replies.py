"""Suites of replies: a model is asked, one or several times an item, and each reply is judged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from swfactory.bench.arms import ask
from swfactory.domain.budget import Usage
from swfactory.domain.call import Request
from swfactory.errors import InputError, ModelError, ModelUnavailable
from swfactory.finetune.evaluation.subjects import Subject
from swfactory.finetune.evaluation.suite import Exam, Item, Measured, Scale, Verdict
from swfactory.ports import Sandbox

__all__ = ["ReplySuite"]

_SEED_STRIDE = 7919
"""Seeds of the samples of neighbouring runs do not meet."""


class ReplySuite:
    """Measures the replies to an exam.

    Args:
        exam: what is asked, and how a reply is judged.
        sandbox: where replies are judged.
        samples: replies an item.
        temperature: 0 is greedy.
        seed: seed of the first sample; the others follow from it.
        forms: forms in which the base is asked; the adapted model is asked in the first one, which it was trained in.

    Raises:
        InputError: several greedy samples, which would all be the same.
    """

    scale: Scale = "share"
    documents = False

    def __init__(
        self,
        exam: Exam,
        sandbox: Sandbox,
        *,
        samples: int = 1,
        temperature: float = 0.0,
        seed: int = 0,
        forms: Sequence[str] = ("",),
    ) -> None:
        if samples > 1 and temperature <= 0:
            raise InputError(
                f"{samples} samples at temperature {temperature} are the same one", hint="--samples 5 --temperature 0.8"
            )
        self._exam = exam
        self._sandbox = sandbox
        self._samples = samples
        self._temperature = temperature
        self._seed = seed
        self._forms = tuple(forms)

    @property
    def name(self) -> str:
        """Name of the exam."""
        return self._exam.name

    @property
    def meaning(self) -> str:
        """What its score means."""
        return self._exam.meaning

    def items(self) -> Sequence[Item]:
        """What is asked."""
        return self._exam.items()

    def check(self, subject: Subject) -> None:
        """Every chat model can be asked."""

    def forms(self, *, adapted: bool) -> tuple[str, ...]:
        """The forms of the base; of an adapted model, the first of them."""
        return self._forms[:1] if adapted else self._forms

    async def measure(self, item: Item, subject: Subject, form: str, folder: Path) -> Measured:
        """Ask, and judge each reply; a call that fails at this item is a reply that is not right."""
        del folder
        asked = self._exam.question(item, form)
        drawn = [await self._sample(item, subject, asked, number) for number in range(self._samples)]
        figures: Counter[str] = Counter()
        for _, verdict, _ in drawn:
            figures.update(verdict.figures)
        return Measured(
            passed=tuple(verdict.passed for _, verdict, _ in drawn),
            replies=tuple(text for text, _, _ in drawn),
            figures=dict(figures),
            usage=sum((usage for _, _, usage in drawn), Usage()),
            note="\n".join(dict.fromkeys(verdict.why for _, verdict, _ in drawn if verdict.why)),
        )

    async def _sample(self, item: Item, subject: Subject, asked: Request, number: int) -> tuple[str, Verdict, Usage]:
        seed = (self._seed * _SEED_STRIDE + number) % 2**31
        sampling = asked.sampling.model_copy(update={"temperature": self._temperature, "seed": seed})
        try:
            reply = await ask(subject.model, asked.model_copy(update={"sampling": sampling}))
        except ModelUnavailable:
            raise
        except ModelError as exc:
            return "", Verdict(passed=False, why=exc.message), Usage()
        return reply.text, await self._exam.judge(item, reply, self._sandbox), reply.usage
