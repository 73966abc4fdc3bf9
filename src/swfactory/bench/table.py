"""The Markdown table of a measurement."""

from __future__ import annotations

from collections.abc import Sequence

from swfactory.bench.results import Conditions, Entry, Record

__all__ = ["conditions_lines", "results_table"]


def conditions_lines(conditions: Conditions, records: Sequence[Record]) -> list[str]:
    """Return what the results depend on, as a Markdown list.

    Args:
        conditions: what they share.
        records: the results, for the versions of the factory that made them.
    """
    machine = conditions.machine
    digest = f", SHA-256 `{conditions.model_digest}`" if conditions.model_digest else ""
    budget = conditions.budget
    tokens = "any" if budget.max_tokens is None else f"{budget.max_tokens:,}"
    seconds = "any" if budget.max_seconds is None else f"{budget.max_seconds:,.0f}"
    rounds = "any" if budget.max_rounds is None else f"{budget.max_rounds}"
    return [
        f"- model: `{conditions.model}`{digest}",
        *(f"- model of the {role}: `{url}`" for role, url in sorted(conditions.role_models.items())),
        f"- seed: {conditions.seed}; budget a task: {tokens} generated tokens, {seconds} seconds, {rounds} rounds",
        *([f"- corpus: SHA-256 `{conditions.corpus}`"] if conditions.corpus else []),
        f"- factory: {', '.join(dict.fromkeys(record.factory for record in records))}",
        f"- machine: {machine.cpu}, {machine.cores} cores, {machine.memory_gb} GiB, {machine.system}, "
        f"Python {machine.python}",
    ]


def results_table(conditions: Conditions, entries: Sequence[Entry]) -> str:
    """Return a Markdown document with a line a task and arm, and totals by arm.

    Args:
        conditions: what the results depend on.
        entries: results, in the order they are shown.
    """
    lines = [
        *conditions_lines(conditions, entries),
        "",
        "| arm | tasks solved | checks passed | mean share of checks | prompt tokens | generated tokens "
        "| generated a task | wall-clock |",
        "|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    arms = dict.fromkeys(entry.arm for entry in entries)
    lines += [_total(arm, [entry for entry in entries if entry.arm == arm]) for arm in arms]
    lines += [
        "",
        "| task | level | arm | solved | checks | prompt tokens | generated tokens | wall-clock | status |",
        "|---|---|---|:---:|---:|---:|---:|---:|---|",
        *(_line(entry) for entry in entries),
        "",
    ]
    return "\n".join(lines)


def _line(entry: Entry) -> str:
    score, usage = entry.score, entry.usage
    cells = [
        score.id,
        score.level,
        entry.arm,
        "yes" if score.solved else "no",
        f"{score.passed}/{score.total}",
        f"{usage.prompt_tokens:,}",
        f"{usage.completion_tokens:,}",
        _clock(entry.seconds),
        entry.status,
    ]
    return f"| {' | '.join(cells)} |"


def _total(arm: str, entries: Sequence[Entry]) -> str:
    solved = sum(entry.score.solved for entry in entries)
    passed, total = sum(entry.score.passed for entry in entries), sum(entry.score.total for entry in entries)
    share = sum(entry.score.passed / entry.score.total for entry in entries) / len(entries)
    generated = sum(entry.usage.completion_tokens for entry in entries)
    cells = [
        arm,
        f"{solved} of {len(entries)}",
        f"{passed} of {total} ({passed / total:.0%})",
        f"{share:.0%}",
        f"{sum(entry.usage.prompt_tokens for entry in entries):,}",
        f"{generated:,}",
        f"{generated / len(entries):,.0f}",
        _clock(sum(entry.seconds for entry in entries)),
    ]
    return f"| {' | '.join(cells)} |"


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
