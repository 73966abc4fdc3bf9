"""What the page shows of a run, as HTML: pure, and text is all that its content can be."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence

from swfactory.domain.delivery import Delivery
from swfactory.domain.requirement import Language
from swfactory.domain.run import Run
from swfactory.report.facts import facts_of
from swfactory.report.progress import MACHINE, clean, clock
from swfactory.ui.live import Live
from swfactory.ui.markup import badge, esc, table
from swfactory.ui.wording import say
from swfactory.ui.wording import table as strings

__all__ = ["chat", "heading", "log", "matrix", "numbers", "role_name", "status_badge", "stream", "tests"]

_KINDS = {
    "delivered": "good",
    "partial": "wait",
    "exhausted": "wait",
    "failed": "bad",
    "waiting": "wait",
    "interrupted": "quiet",
    "queued": "quiet",
}
_OUTCOMES = {"passed": "good", "failed": "bad", "error": "bad", "dropped": "quiet"}
_VERDICTS = {"met": "good", "unmet": "bad", "unchecked": "quiet"}
_STREAM_LINES = 14
_LOG_LINES = 60
_TEXT = 600
"""Characters of something said that the chat shows."""


def role_name(language: Language, role: str) -> str:
    """Return a role or node as people call it; a graph of the user's own may bring others."""
    return strings(language).get(f"role_{role}") or clean(role).replace("_", " ")


def status_badge(language: Language, status: str) -> str:
    """Return where a run stands, as a label."""
    return badge(strings(language).get(f"status_{status}", status), _KINDS.get(status, "busy"))


def heading(language: Language, live: Live | None) -> str:
    """Return the line that says which run this is and where it stands."""
    if live is None:
        return f'<div class="swf-head"><p class="swf-lead">{esc(say(language, "lead"))}</p></div>'
    run = live.run
    title = " ".join(run.requirement.text.split())
    parent = say(language, "forked_from", run=run.parent) if run.parent else ""
    facts = " · ".join(part for part in (run.id, run.model, parent) if part)
    return (
        f'<div class="swf-head"><div class="swf-line">{status_badge(language, run.status)}'
        f'<span class="swf-title">{esc(title[:160])}</span></div><div class="swf-facts">{esc(facts)}</div></div>'
    )


def _bar(label: str, used: float, limit: float | None, text: str) -> str:
    share = 0.0 if not limit else min(100.0, 100.0 * used / limit)
    kind = "full" if share >= 100 else "near" if share >= 80 else "fine"
    inner = f'<i class="swf-{kind}" style="width:{share:.1f}%"></i>' if limit else ""
    return (
        f'<div class="swf-bar"><div class="swf-line"><span>{esc(label)}</span><b>{esc(text)}</b></div>'
        f'<div class="swf-track" role="progressbar" aria-label="{esc(label)}" aria-valuenow="{share:.0f}">'
        f"{inner}</div></div>"
    )


def numbers(language: Language, live: Live, now: float) -> str:
    """Return the budget bars and what each role has cost.

    Args:
        language: of the reader.
        live: the run.
        now: seconds since the epoch.
    """
    progress, budget = live.progress, live.run.budget
    spent = live.elapsed(now)

    def of(used: str, limit: str | None) -> str:
        return say(language, "used_of", used=used, limit=limit) if limit else used

    tokens, seconds, rounds = budget.max_tokens, budget.max_seconds, budget.max_rounds
    tokens_text = of(f"{progress.tokens:,}", f"{tokens:,}" if tokens else None)
    time_text = of(clock(spent), clock(seconds) if seconds else None)
    rounds_text = of(str(progress.rounds), str(rounds) if rounds is not None else None)
    bars = (
        _bar(say(language, "tokens"), progress.tokens, tokens, tokens_text),
        _bar(say(language, "time"), spent, seconds, time_text),
        _bar(say(language, "rounds"), progress.rounds, rounds, rounds_text),
    )
    rows = "".join(
        f'<li class="{"swf-on" if live.working and role.name == progress.active else "swf-seen" if role.seen else ""}">'
        f"<span>{esc(role_name(language, role.name))}</span>"
        f"<b>{esc(say(language, 'role_tokens', count=f'{role.tokens:,}')) if role.calls else ''}</b></li>"
        for role in progress.roles.values()
        if role.name != MACHINE
    )
    return f'<div class="swf-bars">{"".join(bars)}</div><ul class="swf-roles">{rows}</ul>'


def tests(language: Language, live: Live) -> str:
    """Return the tests of a run as they turn green."""
    progress = live.progress
    if not live.results and not progress.total:
        return f'<p class="swf-empty">{esc(say(language, "no_tests"))}</p>'
    counts = say(language, "tests_pass", passed=progress.passed, total=progress.total)
    items = "".join(
        f'<li class="swf-{_OUTCOMES.get(outcome, "quiet")}" title="{esc(identifier)}: {esc(outcome)}">'
        f"{esc(identifier.rpartition('::')[2] or identifier)}</li>"
        for identifier, outcome in live.results.items()
    )
    return f'<p class="swf-count">{esc(counts)}</p><ul class="swf-tests">{items}</ul>'


def stream(language: Language, live: Live) -> str:
    """Return what the model writes at the moment."""
    progress = live.progress
    who = role_name(language, progress.active) if live.working and progress.active else ""
    speed = say(language, "speed", count=f"{progress.speed:.0f}") if live.working and progress.speed >= 0.5 else ""
    lines = "\n".join(progress.lines(_STREAM_LINES))
    cursor = '<span class="swf-cursor"></span>' if live.working and progress.writing else ""
    empty = esc(say(language, "no_stream")) if not lines else ""
    return (
        f'<div class="swf-line swf-small"><span>{esc(who)}</span><span>{esc(speed)}</span></div>'
        f'<pre class="swf-stream">{esc(lines)}{cursor}{empty}</pre>'
    )


def log(live: Live) -> str:
    """Return the last lines of what happened, newest first."""
    lines = list(live.log)[-_LOG_LINES:]
    return f'<ul class="swf-log">{"".join(f"<li>{esc(line)}</li>" for line in reversed(lines))}</ul>'


def chat(language: Language, live: Live, delivery: Delivery | None) -> list[tuple[str, str]]:
    """Return the conversation about a run: who speaks (``user`` or ``assistant``), and plain text.

    Args:
        language: of the reader.
        live: the run.
        delivery: what it handed over; None for nothing yet.
    """
    turns = [("user", live.run.requirement.text)]
    turns.append(("assistant", say(language, "chat_started", run=live.run.id)))
    commits: list[str] = []
    for kind, about in live.said:
        if kind == "commit":
            commits.append(about["text"])
            continue
        if commits:
            turns.append(("assistant", _committed(language, commits)))
            commits = []
        turns.append(_turn(language, kind, about))
    if commits:
        turns.append(("assistant", _committed(language, commits)))
    if delivery is not None and live.said and live.said[-1][0] in {"delivery", "commit"}:
        turns.append(("assistant", _verdict(language, delivery)))
    return [(who, text) for who, text in turns if text]


def _committed(language: Language, commits: Sequence[str]) -> str:
    lines = [f"• {clean(text)[:_TEXT]}" for text in dict.fromkeys(commits)]
    return "\n".join([say(language, "chat_commits"), *lines])


def _turn(language: Language, kind: str, about: Mapping[str, str]) -> tuple[str, str]:
    gate = strings(language).get(f"gate_{about.get('gate')}") or about.get("gate", "")
    match kind:
        case "waits":
            return "assistant", say(language, "chat_waits", gate=gate)
        case "approve" | "edit" | "reject":
            comment = clean(about.get("comment", ""))[:_TEXT]
            return "user", say(language, f"chat_{kind}", gate=gate) + (f"\n{comment}" if comment else "")
        case "interrupted":
            return "assistant", say(language, "chat_interrupted")
        case "failed":
            return "assistant", say(language, "chat_failed", reason=clean(about.get("text", ""))[:_TEXT])
        case _:
            return "assistant", say(language, "chat_delivered")


def _verdict(language: Language, delivery: Delivery) -> str:
    facts = facts_of(delivery.model_copy(update={"language": language}))
    lines = [f"{delivery.title}: {facts.verdict}"]
    if facts.total:
        lines.append(say(language, "tests_pass", passed=facts.passed, total=facts.total))
    lines += [f"✗ {line.criterion.id} {line.criterion.text}" for line in facts.open]
    if delivery.run_command:
        lines.append(say(language, "chat_run_it", command=shlex.join(delivery.run_command)))
    lines.append(say(language, "chat_refine"))
    return clean("\n".join(lines))


def matrix(language: Language, delivery: Delivery | None) -> str:
    """Return the traceability matrix: criteria, their tests and the verdict.

    Args:
        language: of the reader.
        delivery: the facts; None where there are none yet.
    """
    if delivery is None:
        return f'<p class="swf-empty">{esc(say(language, "no_matrix"))}</p>'
    facts = facts_of(delivery.model_copy(update={"language": language}))
    rows = []
    for line in facts.lines:
        criterion = line.criterion
        results = "".join(
            f'<li class="swf-{_OUTCOMES[result.outcome]}" title="{esc(result.message[:_TEXT])}">{esc(result.id)}</li>'
            for result in line.results
        ) or "".join(f"<li>{esc(test)}</li>" for test in criterion.tests)
        quote = f'<q class="swf-quote">{esc(criterion.quote)}</q>' if criterion.quote else ""
        rows.append(
            [
                f"<b>{esc(criterion.id)}</b> {esc(criterion.text)}{quote}",
                f'<ul class="swf-tests">{results}</ul>' if results else "–",
                "<br>".join(f"<code>{esc(path)}</code>" for path in criterion.files) or "–",
                badge(say(language, f"verdict_{criterion.verdict}"), _VERDICTS[criterion.verdict]),
            ]
        )
    head = [say(language, f"matrix_{name}") for name in ("criterion", "tests", "files", "verdict")]
    verdict = f'<p class="swf-count">{esc(facts.verdict)}</p>'
    return verdict + table(head, rows, empty=say(language, "no_matrix"))


def title_of(run: Run) -> str:
    """Return the requirement of a run as one line."""
    return " ".join(clean(run.requirement.text).split())
