from __future__ import annotations

import math

import pytest

from swfactory.finetune.evaluation.overlap import Overlap
from swfactory.finetune.evaluation.scores import score_suite
from swfactory.finetune.evaluation.statistics import wilson
from swfactory.finetune.evaluation.suite import Item, Outcome
from tests.finetune.evaluation.fakes import TableSuite


def score(table, overlaps=None, scale: str = "share", parts=None, groups=None, documents: bool = False):
    """Score a suite of a table: item to arm to verdicts."""
    suite = TableSuite(table, scale=scale)
    suite.documents = documents
    results: dict[str, dict[str, Outcome]] = {}
    for id, arms in table.items():
        for arm, verdicts in arms.items():
            kept = (
                {"passed": verdicts}
                if scale == "share"
                else {"figures": {"log-likelihood": verdicts[0], "tokens": verdicts[1]}}
            )
            results.setdefault(arm, {})[id] = Outcome(id=id, digest="", arm=arm, **kept)
    items = [Item(id=id, content=id, part=(parts or {}).get(id, ""), group=(groups or {}).get(id, "")) for id in table]
    return score_suite(suite, items, results, overlaps)


def row(diff: bool, function: bool, adapted: bool):
    return {"base-diff": [diff], "base-function": [function], "adapted-diff": [adapted]}


def test_the_base_counts_in_its_best_form() -> None:
    table = {
        "a": row(False, True, True),
        "b": row(False, True, True),
        "c": row(True, False, True),
        "d": row(False, False, False),
    }
    tally = score(table).tally
    assert tally.base_form == "function"
    assert [(arm.subject, arm.form, arm.passed) for arm in tally.arms] == [
        ("base", "diff", 1.0),
        ("base", "function", 2.0),
        ("adapted", "diff", 3.0),
    ]
    found = tally.comparison
    assert found.difference == pytest.approx(0.25)
    assert (found.gained, found.lost, found.p) == (("c",), (), 1.0)
    assert tally.counted("base").form == "function"
    assert tally.counted("adapted").form == "diff"


def test_a_clear_gain_has_an_interval_above_zero_and_no_gain_has_none() -> None:
    gained = {f"g{n}": row(False, False, True) for n in range(20)}
    rest = {f"r{n}": row(True, False, True) for n in range(20)}
    found = score(gained | rest).tally.comparison
    assert found.difference == 0.5
    assert 0.3 < found.interval.low < 0.5 < found.interval.high < 0.7
    assert found.p == pytest.approx(2 / 2**20)
    lost = {f"l{n}": row(True, False, False) for n in range(20)}
    even = score(gained | lost).tally.comparison
    assert even.interval.low < 0 < even.interval.high
    assert even.p == 1.0


def test_items_of_the_training_data_are_counted_apart() -> None:
    table = {"a": row(False, False, True), "b": row(True, True, True), "c": row(True, True, False)}
    overlaps = [Overlap(id="a", longest=12), Overlap(id="b", longest=7), Overlap(id="c")]
    found = score(table, overlaps)
    assert [overlap.id for overlap in found.overlaps] == ["a", "b"]
    assert (found.tally.items, found.clean.items) == (3, 2)
    assert found.tally.comparison.difference == 0
    assert found.clean.comparison.difference == -0.5
    assert score(table, [Overlap(id=id) for id in table]).clean is None
    assert score(table, [Overlap(id=id, name=True) for id in table]).clean is None
    assert score(table).overlaps is None


def test_samples_give_pass_at_k_and_no_sign_test() -> None:
    table = {
        "a": {"base-diff": [True] * 5, "adapted-diff": [True] * 5},
        "b": {"base-diff": [False] * 5, "adapted-diff": [True, True, False, False, False]},
    }
    tally = score(table).tally
    base, adapted = tally.arms
    assert base.pass_at == {1: 0.5, 5: 0.5}
    assert adapted.pass_at == {1: pytest.approx(0.7), 5: 1.0}
    assert adapted.value == pytest.approx(0.7)
    assert adapted.interval.low == pytest.approx(0.4)
    assert (tally.comparison.difference, tally.comparison.p) == (pytest.approx(0.2), None)


def test_documents_are_pairs_of_their_own() -> None:
    table = {"ceval": {"base-diff": [True, False, False], "adapted-diff": [True, True, False]}}
    tally = score(table, documents=True).tally
    assert tally.items == 3
    assert tally.arms[0].pass_at == {}
    assert (tally.comparison.gained, tally.comparison.lost) == (("ceval/1",), ())


def test_perplexity_is_of_all_tokens_together() -> None:
    table = {
        "a": {"base-diff": (-10.0, 10), "adapted-diff": (-20.0, 10)},
        "b": {"base-diff": (-60.0, 20), "adapted-diff": (-60.0, 20)},
    }
    tally = score(table, scale="perplexity").tally
    base, adapted = tally.arms
    assert base.value == pytest.approx(math.exp(70 / 30))
    assert adapted.value == pytest.approx(math.exp(80 / 30))
    assert base.passed is None
    assert base.figures["tokens"] == 30
    assert tally.comparison.difference == pytest.approx(math.exp(80 / 30) - math.exp(70 / 30))
    assert (tally.comparison.gained, tally.comparison.p) == (None, None)
    assert tally.comparison.interval.low == pytest.approx(0.0)


def test_the_form_with_the_lower_perplexity_is_the_better_one() -> None:
    table = {"a": {"base-diff": (-20.0, 10), "base-function": (-10.0, 10)}}
    assert score(table, scale="perplexity").tally.base_form == "function"


def test_parts_are_counted_by_themselves() -> None:
    table = {"a": {"base-diff": [True]}, "b": {"base-diff": [False]}, "c": {"base-diff": [True]}}
    tally = score(table, parts={"a": "spec", "b": "spec", "c": "design"}).tally
    assert tally.arms[0].parts == {"spec": 0.5, "design": 1.0}
    assert tally.comparison is None


def test_items_of_one_group_are_no_more_than_one_item() -> None:
    def table(copies: int):
        gained = {f"g{n}.{copy}": row(False, False, True) for n in range(6) for copy in range(copies)}
        return gained | {f"r{n}.{copy}": row(True, False, True) for n in range(6) for copy in range(copies)}

    once = score(table(1)).tally
    groups = {id: id.partition(".")[0] for id in table(5)}
    grouped = score(table(5), groups=groups).tally
    assert (once.items, once.groups, grouped.items, grouped.groups) == (12, 12, 60, 12)
    assert grouped.comparison.interval == once.comparison.interval
    assert grouped.arms[0].interval.low > 0
    none = score({f"a.{n}": row(False, False, False) for n in range(9)}, groups={f"a.{n}": "a" for n in range(9)})
    assert none.tally.arms[0].interval == wilson(0, 1)
    alone = score(table(5)).tally
    assert alone.comparison.interval.low > grouped.comparison.interval.low
    assert alone.arms[0].interval.low > grouped.arms[0].interval.low
