"""Paired results: two arms on the same problems."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import comb

from swfactory.bench.results import Conditions, Record
from swfactory.bench.table import conditions_lines

__all__ = ["Answer", "paired_table", "sign_test"]


class Answer(Record):
    """Result of one arm on one problem.

    Args:
        passed: whether the test holds.
        code: what was judged.
    """

    passed: bool
    code: str = ""


def paired_table(conditions: Conditions, answers: Sequence[Answer]) -> str:
    """Return a Markdown document: each arm's share, and for two arms the problems on which they differ.

    Args:
        conditions: what the results depend on.
        answers: results, arm by arm on the same problems.
    """
    arms = list(dict.fromkeys(answer.arm for answer in answers))
    passed = {arm: {answer.id for answer in answers if answer.arm == arm and answer.passed} for arm in arms}
    lines = [
        *conditions_lines(conditions, answers),
        "",
        "| arm | passed | generated tokens | seconds a problem |",
        "|---|---:|---:|---:|",
    ]
    for arm in arms:
        own = [answer for answer in answers if answer.arm == arm]
        share = len(passed[arm]) / len(own)
        tokens = sum(answer.usage.completion_tokens for answer in own)
        pace = sum(answer.seconds for answer in own) / len(own)
        lines.append(f"| {arm} | {len(passed[arm])} of {len(own)} ({share:.1%}) | {tokens:,} | {pace:.1f} |")
    if len(arms) == 2:
        first, second = arms
        gained, lost = sorted(passed[second] - passed[first]), sorted(passed[first] - passed[second])
        lines += [
            "",
            f"| | {second} passed | {second} failed |",
            "|---|---:|---:|",
            f"| {first} passed | {len(passed[first] & passed[second])} | {len(lost)} |",
            f"| {first} failed | {len(gained)} | {_neither(answers, passed)} |",
            "",
            f"- only {second}: {', '.join(gained) or 'none'}",
            f"- only {first}: {', '.join(lost) or 'none'}",
            f"- two-sided sign test over the pairs that differ: p = {sign_test(len(gained), len(lost)):.3g}",
        ]
    return "\n".join([*lines, ""])


def _neither(answers: Sequence[Answer], passed: Mapping[str, set[str]]) -> int:
    return len({answer.id for answer in answers} - set().union(*passed.values()))


def sign_test(gained: int, lost: int) -> float:
    """Return the two-sided probability of a split at least this uneven when neither arm is better.

    Args:
        gained: pairs that only the second arm passed.
        lost: pairs that only the first arm passed.
    """
    pairs = gained + lost
    tail = sum(comb(pairs, k) for k in range(min(gained, lost) + 1))
    return min(1.0, 2.0 * tail / float(2**pairs))
