"""From results of single items to scores: shares, perplexities, and what the adapter changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from pydantic import Field

from swfactory.bench.pairs import sign_test
from swfactory.domain.value import Value
from swfactory.finetune.evaluation.overlap import Overlap
from swfactory.finetune.evaluation.scorer import perplexity
from swfactory.finetune.evaluation.statistics import Interval, bootstrap, mean, pass_at_k, wilson
from swfactory.finetune.evaluation.subjects import ADAPTED, BASE
from swfactory.finetune.evaluation.suite import Item, Outcome, Scale, Suite

__all__ = ["ArmScore", "Comparison", "SuiteScore", "Tally", "arm_name", "score_suite"]

_KS = (1, 5, 10, 100)


class ArmScore(Value):
    """Score of one model in one form.

    Args:
        subject: ``base`` or ``adapted``.
        form: in which it was asked; empty for a suite that has one only.
        value: share or perplexity.
        interval: 95 % interval of the value: Wilson's where items are independent and passed or not, else bootstrap.
        passed: items passed, the sum of the shares of their samples that passed; None for a perplexity.
        pass_at: estimate of pass@k by k, for suites with several samples.
        parts: share by part of the suite.
        figures: further numbers, summed over the items.
        tokens: generated tokens.
        seconds: sum of the items' time; items that are measured at once overlap in it.
    """

    subject: str
    form: str = ""
    value: float
    interval: Interval
    passed: float | None = None
    pass_at: dict[int, float] = Field(default_factory=dict)
    parts: dict[str, float] = Field(default_factory=dict)
    figures: dict[str, float] = Field(default_factory=dict)
    tokens: int = 0
    seconds: float = 0.0


class Comparison(Value):
    """What the adapter changed, item by item.

    Args:
        difference: value of the adapted model less that of the base in its best form.
        interval: 95 % bootstrap interval of the difference, without width when no item differs. The items are drawn in
            pairs, and those of a group together (Davison and Hinkley 1997, "Bootstrap Methods and Their Application",
            section 3.8).
        gained: items that only the adapted model passed; None where items are no matter of passing or failing.
        lost: items that only the base passed.
        p: of McNemar's exact test (McNemar 1947, doi:10.1007/BF02295996), two-sided; it takes every item for
            independent.
    """

    difference: float
    interval: Interval
    gained: tuple[str, ...] | None = None
    lost: tuple[str, ...] | None = None
    p: float | None = None


class Tally(Value):
    """Scores on a set of items.

    Args:
        items: how many count; of documents, how many there are.
        groups: how many of them are independent of each other.
        arms: scores, the base first.
        base_form: form in which the base did best, the one that is compared.
        comparison: of the two models; None with one model only.
    """

    items: int
    groups: int
    arms: tuple[ArmScore, ...]
    base_form: str = ""
    comparison: Comparison | None = None

    def counted(self, subject: str) -> ArmScore | None:
        """The score that counts of a model, the base's in its best form; None when it was not measured."""
        arms = [arm for arm in self.arms if arm.subject == subject]
        return next((arm for arm in arms if subject == ADAPTED or arm.form == self.base_form), None)


class SuiteScore(Value):
    """Scores of a suite.

    Args:
        name: of the suite.
        meaning: what its score means.
        scale: what its score is.
        tally: scores on all items.
        clean: scores without the items that are in the training data; None when all items are in it, none is, or it
            is not known.
        overlaps: items that share something with the training data; None when that is not known.
    """

    name: str
    meaning: str
    scale: Scale
    tally: Tally
    clean: Tally | None = None
    overlaps: tuple[Overlap, ...] | None = None


class _Unit(NamedTuple):
    """What one item, or one document of it, says of a model: a share, or a likelihood and its tokens."""

    id: str
    part: str
    group: str
    amount: float
    weight: float


Results = Mapping[str, Mapping[str, Outcome]]
"""Outcomes by arm, then by item."""


def arm_name(subject: str, form: str) -> str:
    """Name of the arm under which results are kept."""
    return f"{subject}-{form}" if form else subject


def score_suite(
    suite: Suite, items: Sequence[Item], results: Results, overlaps: Sequence[Overlap] | None
) -> SuiteScore:
    """Score a suite.

    Args:
        suite: the suite.
        items: what was measured, at least one.
        results: an outcome of every item in every arm.
        overlaps: what the items share with the training data; None when that is not known.
    """
    seen = {overlap.id for overlap in overlaps or () if overlap.seen}
    rest = [item for item in items if item.id not in seen]
    return SuiteScore(
        name=suite.name,
        meaning=suite.meaning,
        scale=suite.scale,
        tally=_tally(suite, items, results),
        clean=_tally(suite, rest, results) if seen and rest else None,
        overlaps=None if overlaps is None else tuple(o for o in overlaps if o.longest or o.name),
    )


def _tally(suite: Suite, items: Sequence[Item], results: Results) -> Tally:
    units: dict[tuple[str, str], list[_Unit]] = {}
    arms: list[ArmScore] = []
    for subject in (BASE, ADAPTED):
        for form in suite.forms(adapted=subject == ADAPTED):
            kept = results.get(arm_name(subject, form))
            if kept is not None:
                outcomes = [kept[item.id] for item in items]
                units[subject, form] = _units(suite.scale, items, outcomes, documents=suite.documents)
                arms.append(_arm(suite, subject, form, outcomes, units[subject, form]))
    sign = -1 if suite.scale == "perplexity" else 1
    forms = [arm for arm in arms if arm.subject == BASE]
    best = max(forms, key=lambda arm: sign * arm.value).form if forms else ""
    base = units.get((BASE, best))
    adapted = next((own for (subject, _), own in units.items() if subject == ADAPTED), None)
    some = next(iter(units.values()))
    return Tally(
        items=len(some),
        groups=len({unit.group for unit in some}),
        arms=tuple(arms),
        base_form=best,
        comparison=_compare(suite.scale, base, adapted) if base and adapted else None,
    )


def _units(scale: Scale, items: Sequence[Item], outcomes: Sequence[Outcome], *, documents: bool) -> list[_Unit]:
    found: list[_Unit] = []
    for item, outcome in zip(items, outcomes, strict=True):
        if scale == "perplexity":
            figures = outcome.figures
            found.append(_Unit(item.id, item.part, item.id, figures["log-likelihood"], figures["tokens"]))
        elif documents:
            ids = [f"{item.id}/{number}" for number in range(len(outcome.passed))]
            found += [_Unit(id, item.part, id, float(one), 1.0) for id, one in zip(ids, outcome.passed, strict=True)]
        else:
            share = mean([float(one) for one in outcome.passed])
            found.append(_Unit(item.id, item.part, item.group or item.id, share, 1.0))
    return found


_Sums = tuple[float, ...]
"""Amounts and weights of what belongs together, of one model or of two."""


def _grouped(*models: Sequence[_Unit]) -> list[_Sums]:
    """Amount and weight of each group in each model: what is drawn anew, for its items are not independent."""
    sums: dict[str, list[float]] = {}
    for number, units in enumerate(models):
        for unit in units:
            own = sums.setdefault(unit.group, [0.0] * (2 * len(models)))
            own[2 * number] += unit.amount
            own[2 * number + 1] += unit.weight
    return [tuple(own) for own in sums.values()]


def _value(scale: Scale, drawn: Sequence[_Sums], number: int = 0) -> float:
    """Share or perplexity of one of the models that are summed."""
    amount, weight = sum(own[2 * number] for own in drawn), sum(own[2 * number + 1] for own in drawn)
    return perplexity(amount, weight) if scale == "perplexity" else amount / weight


def _is_binary(units: Sequence[_Unit]) -> bool:
    return all(unit.amount in (0.0, 1.0) for unit in units)


def _arm(suite: Suite, subject: str, form: str, outcomes: Sequence[Outcome], units: Sequence[_Unit]) -> ArmScore:
    share = suite.scale == "share"
    passed, groups = sum(unit.amount for unit in units), _grouped(units)
    figures: Counter[str] = Counter()
    for outcome in outcomes:
        figures.update(outcome.figures)
    samples = min(len(outcome.passed) for outcome in outcomes)
    several = share and samples > 1 and not suite.documents
    parts = dict.fromkeys(unit.part for unit in units if unit.part)
    return ArmScore(
        subject=subject,
        form=form,
        value=_value(suite.scale, groups),
        interval=_interval(suite.scale, units, groups),
        passed=passed if share else None,
        pass_at={
            k: mean([pass_at_k(len(outcome.passed), sum(outcome.passed), k) for outcome in outcomes])
            for k in sorted({*_KS, samples} if several else ())
            if k <= samples
        },
        parts={part: _value(suite.scale, _grouped([unit for unit in units if unit.part == part])) for part in parts},
        figures=dict(figures),
        tokens=sum(outcome.usage.completion_tokens for outcome in outcomes),
        seconds=sum(outcome.seconds for outcome in outcomes),
    )


def _interval(scale: Scale, units: Sequence[_Unit], groups: Sequence[_Sums]) -> Interval:
    value = _value(scale, groups)
    if scale == "share" and value in (0.0, 1.0):
        # drawn anew, equal items are equal again: a group counts as one item then
        return wilson(round(value * len(groups)), len(groups))
    if scale == "share" and _is_binary(units) and len(groups) == len(units):
        return wilson(round(value * len(units)), len(units))
    return bootstrap(groups, lambda drawn: _value(scale, drawn))


def _compare(scale: Scale, base: Sequence[_Unit], adapted: Sequence[_Unit]) -> Comparison:
    groups = _grouped(base, adapted)

    def difference(drawn: Sequence[_Sums]) -> float:
        return _value(scale, drawn, 1) - _value(scale, drawn, 0)

    found = Comparison(difference=difference(groups), interval=bootstrap(groups, difference))
    if scale == "perplexity" or not (_is_binary(base) and _is_binary(adapted)):
        return found
    pairs = list(zip(base, adapted, strict=True))
    gained = tuple(after.id for before, after in pairs if after.amount > before.amount)
    lost = tuple(after.id for before, after in pairs if after.amount < before.amount)
    return found.model_copy(update={"gained": gained, "lost": lost, "p": sign_test(len(gained), len(lost))})
