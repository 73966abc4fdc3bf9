from __future__ import annotations

from collections import Counter

from swfactory.finetune.data.mixing import Pool, interleave, sample, shares
from swfactory.finetune.data.recipe import SplitRecipe
from swfactory.finetune.data.splitting import split_of


def test_without_weights_everything_is_taken():
    assert shares([Pool(rows=3), Pool(rows=9)]) == (3, 9)


def test_the_scarcest_source_sets_the_size():
    assert shares([Pool(rows=100, weight=1), Pool(rows=1000, weight=3)]) == (100, 300)
    assert shares([Pool(rows=100, weight=3), Pool(rows=10, weight=1)]) == (30, 10)
    assert shares([Pool(rows=0, weight=1), Pool(rows=10, weight=1)]) == (0, 10)
    assert shares([Pool(rows=0, weight=1)]) == (0,)


def test_a_sample_has_its_size_and_is_the_same_for_a_seed():
    taken = list(sample(range(1000), 1000, 50, "1"))
    assert len(taken) == 50
    assert taken == sorted(set(taken))
    assert taken == list(sample(range(1000), 1000, 50, "1"))
    assert taken != list(sample(range(1000), 1000, 50, "2"))
    assert list(sample(range(5), 5, 5, "1")) == [0, 1, 2, 3, 4]


def test_every_row_is_as_likely():
    counts = Counter(row for seed in range(3000) for row in sample(range(6), 6, 2, str(seed)))
    assert all(900 < counts[row] < 1100 for row in range(6))


def test_sources_are_interleaved_and_keep_their_order():
    mixed = list(interleave([iter("abcde"), iter("ABCDE")], [5, 5], 3))
    assert [row for row in mixed if row.islower()] == list("abcde")
    assert [row for row in mixed if row.isupper()] == list("ABCDE")
    assert mixed != list("abcdeABCDE")
    assert mixed == list(interleave([iter("abcde"), iter("ABCDE")], [5, 5], 3))


def test_splits_have_about_their_shares_and_hang_on_the_group_alone():
    recipe = SplitRecipe(validation=0.1, test=0.3)
    drawn = Counter(split_of(f"repository {number}", recipe, 0) for number in range(5000))
    assert abs(drawn["test"] - 1500) < 150
    assert abs(drawn["validation"] - 500) < 100
    moved = sum(
        split_of(f"repository {number}", recipe, 0) != split_of(f"repository {number}", recipe, 1)
        for number in range(200)
    )
    assert moved > 20
    assert split_of("x", SplitRecipe(), 5) == "train"
