from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from swfactory.finetune.evaluation.card import Card, add_scores, read_curve, render_html, render_markdown, write_card
from swfactory.finetune.evaluation.overlap import Overlap
from swfactory.finetune.evaluation.plots import curve_plot, differences_plot, suite_plot
from swfactory.finetune.evaluation.runner import Scored
from swfactory.finetune.evaluation.scores import ArmScore, Comparison, SuiteScore, Tally
from swfactory.finetune.evaluation.statistics import Interval
from swfactory.models.adapters import AdapterCard, AdapterStore
from tests.finetune.evaluation.fakes import CONDITIONS

HOSTILE = "<script>alert(1)</script>|`x`"


def arm(subject: str, value: float, form: str = "", **facts: object) -> ArmScore:
    interval = Interval(low=value - 0.1, high=value + 0.1)
    return ArmScore(subject=subject, form=form, value=value, interval=interval, **facts)


def repair() -> SuiteScore:
    change = Comparison(difference=0.15, interval=Interval(low=0.02, high=0.3), gained=("a", "b", "c"), lost=(), p=0.25)
    arms = (
        arm("base", 0.1, "diff", passed=2),
        arm("base", 0.25, "function", passed=5, tokens=1234, figures={"applied": 19}),
        arm("adapted", 0.4, "diff", passed=8, figures={"applied": 20}, parts={"spec": 0.5}, pass_at={1: 0.4}),
    )
    tally = Tally(items=20, groups=4, arms=arms, base_form="function", comparison=change)
    clean = tally.model_copy(update={"items": 19})
    overlaps = (Overlap(id="a-7", longest=11), Overlap(id="b-8", longest=6))
    return SuiteScore(name="repair", meaning="share", scale="share", tally=tally, clean=clean, overlaps=overlaps)


def forgetting() -> SuiteScore:
    arms = (
        arm("base", 8.0, figures={"tokens": 900, "log-likelihood": -1}),
        arm("adapted", 8.25, figures={"tokens": 900, "log-likelihood": -2}),
    )
    change = Comparison(difference=0.25, interval=Interval(low=-0.1, high=0.6))
    tally = Tally(items=3, groups=3, arms=arms, comparison=change)
    return SuiteScore(name="forgetting", meaning="perplexity", scale="perplexity", tally=tally)


@pytest.fixture
def card() -> Card:
    conditions = CONDITIONS.model_copy(update={"adapter": "mender", "adapter_digest": "abc", "model_digest": "def"})
    return Card(
        scored=Scored(conditions=conditions, factory="0.1.0 (1a2b3c4d)", suites=(repair(), forgetting())),
        adapter=AdapterCard(name="mender", base="qwen", method="qlora", role="engineer"),
        curve=((1, "loss", 2.0), (5, "loss", 1.0), (5, "eval_loss", 1.5), (9, "loss", 0.5)),
    )


class Page(HTMLParser):
    """Keeps tags, attributes and text, and checks that tags close in order."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, list[str | None]] = {}
        self.text = ""
        self.open: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs) -> None:
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, []).append(value)
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data) -> None:
        self.text += data


FACTS = (
    "Evaluation of",
    "mender",
    "SHA-256",
    "def",
    "abc",
    "qlora",
    "for the role engineer",
    "seed 1, 1 sample an item at temperature 0 (greedy)",
    "0.1.0 (1a2b3c4d)",
    "a cpu, 2 cores, 8.0 GiB",
    "base, function (counts)",
    "5 of 20",
    "25.0 %",
    "1,234",
    "+15.0 points",
    "95 % interval +2.0 points to +30.0 points",
    "3 gained, 0 lost, McNemar's exact p = 0.25",
    "pass@1 40.0 %; spec 50.0 %; applied 20",
    "1 of 20 items overlap with the training data",
    "(11 words)",
    "The 20 items are of 4 groups",
    "8 of 19",
    "8.250",
    "+0.250",
    "it is not at hand",
)


def test_every_fact_is_on_the_page_and_in_the_markdown(card: Card) -> None:
    page = Page(render_html(card))
    assert page.open == []
    shown = " ".join(page.text.split())
    markdown = " ".join(render_markdown(card).replace("\\", "").replace("*", "").replace("`", "").split())
    for fact in FACTS:
        assert fact in shown, fact
        assert fact in markdown, fact
    assert "b-8" not in shown, "what shares a few words does not count"


def test_the_markdown_is_one_that_renders(card: Card) -> None:
    text = render_markdown(card)
    assert "\n\n\n" not in text
    for line in re.findall(r"^\|.*$", text, re.MULTILINE):
        assert line.count("|") == 7, line
    assert re.findall(r"^## .*$", text, re.MULTILINE) == ["## repair", "## forgetting"]
    assert re.search(r"\n\n\| model \| passed", text)
    assert re.search(r"\n\n- base, function: applied 19\n- adapted, diff: .*\n\n1 of 20", text)


def test_the_page_loads_nothing_and_runs_nothing(card: Card) -> None:
    source = render_html(card)
    page = Page(source)
    assert not {"script", "link", "img", "iframe", "object", "image", "use"} & set(page.tags)
    assert not {"src", "href", "xlink:href"} & set(page.attributes)
    assert not [name for name in page.attributes if name.startswith("on")]
    assert "default-src 'none'" in source
    assert "http" not in source.replace("http-equiv", "")
    assert page.tags.count("svg") == 4


def test_what_a_name_holds_is_only_shown(card: Card) -> None:
    suite = repair().model_copy(
        update={"meaning": HOSTILE, "overlaps": (Overlap(id=HOSTILE, longest=20),), "name": HOSTILE}
    )
    conditions = CONDITIONS.model_copy(update={"model": HOSTILE, "adapter": HOSTILE})
    hostile = Card(scored=Scored(conditions=conditions, factory=HOSTILE, suites=(suite,)))
    page = Page(render_html(hostile))
    assert "script" not in page.tags
    assert HOSTILE in page.text
    for line in re.findall(r"^\|.*$", render_markdown(hostile), re.MULTILINE):
        assert line.count("|") == 7, line


def test_places_of_a_plot() -> None:
    plot = suite_plot(repair())
    low, _, middle, _, high = (tick.at for tick in plot.ticks)
    assert middle == pytest.approx((low + high) / 2)
    first = plot.marks[0]
    assert (first.label, first.text) == ("base, diff", "10.0%")
    assert first.at == pytest.approx(low + 0.1 * (high - low), abs=0.1)
    assert first.low == low
    assert all(0 <= mark.low <= mark.at <= mark.high <= plot.width for mark in plot.marks)


def test_differences_stand_right_of_zero_when_they_are_gains() -> None:
    plot = differences_plot([repair(), forgetting()])
    (mark,) = plot.marks
    assert plot.zero < mark.low < mark.at < mark.high
    assert differences_plot([forgetting()]) is None


def test_a_curve_falls_as_the_loss_does(card: Card) -> None:
    plot = curve_plot(card.curve)
    assert list(plot.lines) == ["loss", "eval_loss"]
    points = [tuple(map(float, pair.split(","))) for pair in plot.lines["loss"].split()]
    assert [x for x, _ in points] == sorted(x for x, _ in points)
    assert [y for _, y in points] == sorted(y for _, y in points), "down is more, from above"
    assert curve_plot(card.curve[:1]) is None


def test_the_curve_of_a_killed_training_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    assert read_curve(tmp_path) == read_curve(None) == ()
    lines = ['{"step": 1, "loss": 2.5, "eval_loss": null}', '{"step": 2, "eval_loss": 2.0}', '{"step": 3, "loss": NaN}']
    (tmp_path / "curve.jsonl").write_text("\n".join([*lines, '{"step": 4, "lo']))
    assert read_curve(tmp_path) == ((1.0, "loss", 2.5), (2.0, "eval_loss", 2.0))


def test_both_cards_are_written(card: Card, tmp_path: Path) -> None:
    write_card(card, tmp_path / "out")
    assert (tmp_path / "out" / "card.md").read_text() == render_markdown(card)
    assert (tmp_path / "out" / "card.html").read_text() == render_html(card)


def test_scores_are_added_to_the_adapter_once(card: Card, tmp_path: Path) -> None:
    store = AdapterStore(tmp_path)
    with store.adding("mender") as folder:
        store.write_card(card.adapter, folder)
    assert len(add_scores(store, "mender", card.scored, 5.0)) == 2
    assert add_scores(store, "mender", card.scored, 6.0) == ()
    first, second = store.card("mender").scores
    assert (first.suite, first.passed, first.total, first.value, first.base) == ("repair", 8, 20, 0.4, 0.25)
    assert (first.low, first.high, first.time) == (0.02, 0.3, 5.0)
    assert (second.suite, second.passed, second.value) == ("forgetting", None, 8.25)
