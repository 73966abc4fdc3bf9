"""How good a ranking is."""

import math

from swfactory.rag.metrics import ndcg, percentile, recall, reciprocal_rank


def test_recall_and_reciprocal_rank() -> None:
    ranking = ["a", "b", "c"]
    assert (recall(ranking, {"b"}, 1), recall(ranking, {"b"}, 2), recall(ranking, {"z"}, 3)) == (0, 1, 0)
    assert (reciprocal_rank(ranking, {"b", "c"}), reciprocal_rank(ranking, {"z"})) == (0.5, 0)


def test_ndcg_is_one_for_the_best_order_and_less_for_any_other() -> None:
    assert ndcg(["a", "b", "c"], {"a", "b"}) == 1
    assert math.isclose(ndcg(["c", "a"], {"a"}), 1 / math.log2(3))
    assert ndcg(["c"], set()) == 0


def test_percentiles_are_values_that_were_measured() -> None:
    assert percentile([4, 1, 3, 2], 0.95) == 4
    assert percentile([4, 1, 3, 2], 0.5) == 2
    assert percentile([], 0.5) == 0
