"""The card of an evaluation: Markdown, and a page of HTML with plots that loads nothing."""

from __future__ import annotations

import json
import math
from functools import cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from swfactory.bench.results import write_text
from swfactory.domain.value import Value
from swfactory.finetune.evaluation.plots import curve_plot, differences_plot, suite_plot
from swfactory.finetune.evaluation.runner import Scored
from swfactory.finetune.evaluation.scores import ArmScore, Tally
from swfactory.finetune.evaluation.subjects import ADAPTED, BASE
from swfactory.finetune.evaluation.suite import Scale
from swfactory.models.adapters import AdapterCard, AdapterStore, Score
from swfactory.report.text import code, escape, plain

__all__ = ["Card", "add_scores", "read_curve", "render_html", "render_markdown", "write_card"]

_LOSSES = ("loss", "eval_loss")


class Card(Value):
    """What a card tells.

    Args:
        scored: the evaluation.
        adapter: what is known of the adapter; None for none, or one that is not in the store.
        curve: step, name of the loss, and loss of the adapter's training.
    """

    scored: Scored
    adapter: AdapterCard | None = None
    curve: tuple[tuple[float, str, float], ...] = ()


@cache
def _environment(*, html: bool) -> Environment:
    environment = Environment(
        loader=PackageLoader("swfactory.finetune.evaluation"),
        undefined=StrictUndefined,
        autoescape=html,  # noqa: S701 - in Markdown, every quoted value goes through one of its filters
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        # what a page prints goes through here, so that no template can forget it
        finalize=(lambda value: plain(value) if type(value) is str else value) if html else None,
    )
    environment.filters.update(esc=escape, code=code, score=_score_text, change=_change_text, notes=_notes)
    return environment


def _score_text(value: float, scale: Scale) -> str:
    return f"{100 * value:.1f} %" if scale == "share" else f"{value:.3f}"


def _change_text(value: float, scale: Scale) -> str:
    return f"{100 * value:+.1f} points" if scale == "share" else f"{value:+.3f}"


def _notes(arm: ArmScore, scale: Scale) -> str:
    """What else is known of a score; of a perplexity, the table says it all."""
    if scale == "perplexity":
        return ""
    shares = {**{f"pass@{k}": share for k, share in arm.pass_at.items()}, **arm.parts}
    texts = [f"{name} {_score_text(share, scale)}" for name, share in shares.items()]
    return "; ".join([*texts, *(f"{name} {number:,.6g}" for name, number in arm.figures.items())])


def render_markdown(card: Card) -> str:
    """Return a card as Markdown; equal cards give equal text."""
    return _environment(html=False).get_template("card.md.j2").render(card=card, s=card.scored)


def render_html(card: Card) -> str:
    """Return a card as an HTML page; it has no script and loads nothing, and its policy forbids both."""
    suites = card.scored.suites
    return (
        _environment(html=True)
        .get_template("card.html.j2")
        .render(
            card=card,
            s=card.scored,
            plots={suite.name: suite_plot(suite) for suite in suites},
            differences=differences_plot(suites),
            curve=curve_plot(card.curve),
        )
    )


def write_card(card: Card, folder: Path) -> None:
    """Write ``card.md`` and ``card.html``.

    Args:
        card: what they tell.
        folder: where they go; made when missing.

    Raises:
        StoreError: they cannot be written.
    """
    write_text(folder / "card.md", render_markdown(card))
    write_text(folder / "card.html", render_html(card))


def read_curve(folder: Path | None) -> tuple[tuple[float, str, float], ...]:
    """Return the losses in an adapter's ``curve.jsonl``; lines that tell none are left out.

    Args:
        folder: of the adapter; None for one that is not in the store.
    """
    path = folder / "curve.jsonl" if folder else None
    if path is None or not path.is_file():
        return ()
    points: list[tuple[float, str, float]] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            logged = json.loads(line)
            points += [
                (float(logged["step"]), name, float(logged[name]))
                for name in _LOSSES
                if logged.get(name) is not None and math.isfinite(float(logged[name]))
            ]
        except (ValueError, KeyError, TypeError, AttributeError):  # a last line that a kill cut short
            continue
    return tuple(points)


def add_scores(store: AdapterStore, name: str, scored: Scored, time: float) -> tuple[Score, ...]:
    """Append scores to an adapter's card, those left out that it has already.

    Args:
        store: the adapters.
        name: of the adapter.
        scored: the evaluation.
        time: seconds since the epoch.

    Returns:
        What was appended.

    Raises:
        NotFoundError: there is no such adapter.
        StoreError: its card cannot be written.
    """
    found = [score for suite in scored.suites if (score := _score(suite.name, suite.tally))]
    new: tuple[Score, ...] = ()

    def append(card: AdapterCard) -> AdapterCard:
        nonlocal new
        known = {score.model_copy(update={"time": 0.0}) for score in card.scores}
        new = tuple(score.model_copy(update={"time": time}) for score in found if score not in known)
        return card.model_copy(update={"scores": (*card.scores, *new)})

    store.update(name, append)
    return new


def _score(suite: str, tally: Tally) -> Score | None:
    adapted, base, change = tally.counted(ADAPTED), tally.counted(BASE), tally.comparison
    if adapted is None:
        return None
    return Score(
        suite=suite,
        passed=None if adapted.passed is None or adapted.passed % 1 else int(adapted.passed),
        total=tally.items,
        value=adapted.value,
        base=base.value if base else None,
        low=change.interval.low if change else None,
        high=change.interval.high if change else None,
    )
