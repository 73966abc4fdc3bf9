from __future__ import annotations

import random
from itertools import combinations

import pytest

from swfactory.bench.pairs import sign_test
from swfactory.finetune.evaluation.statistics import bootstrap, mean, pass_at_k, wilson


def test_mcnemar_of_six_against_none() -> None:
    assert sign_test(6, 0) == pytest.approx(2 / 2**6)
    assert sign_test(0, 0) == 1.0
    # the pilot: 17 against 11 of 40 with 13 gained and 7 lost would not convince
    assert sign_test(13, 7) == pytest.approx(0.2632, abs=1e-4)


@pytest.mark.parametrize(("samples", "passed", "k"), [(5, 2, 1), (5, 2, 3), (6, 1, 4), (4, 4, 2), (4, 0, 2), (7, 3, 7)])
def test_pass_at_k_is_the_share_of_choices_with_one_that_passes(samples: int, passed: int, k: int) -> None:
    verdicts = [True] * passed + [False] * (samples - passed)
    choices = list(combinations(verdicts, k))
    assert pass_at_k(samples, passed, k) == pytest.approx(sum(any(choice) for choice in choices) / len(choices))


def test_pass_at_k_by_hand() -> None:
    assert pass_at_k(5, 2, 1) == pytest.approx(0.4)
    assert pass_at_k(5, 2, 3) == pytest.approx(1 - 1 / 10)
    with pytest.raises(ValueError, match="pass@6"):
        pass_at_k(5, 2, 6)
    with pytest.raises(ValueError, match="6 of 5"):
        pass_at_k(5, 6, 1)


def test_wilson_by_hand() -> None:
    # Newcombe 1998, table I: 81 of 263, and 0 of 20
    found = wilson(81, 263)
    assert (found.low, found.high) == (pytest.approx(0.2553, abs=5e-5), pytest.approx(0.3662, abs=5e-5))
    found = wilson(0, 20)
    assert (found.low, found.high) == (pytest.approx(0, abs=1e-9), pytest.approx(0.1611, abs=5e-5))
    assert wilson(20, 20).high == pytest.approx(1.0)


def test_bootstrap_repeats_and_holds_what_it_is_of() -> None:
    values = [0.1, 1.3, 2.2, 0.7, 1.9, 3.1, 0.2]
    assert bootstrap(values, mean, resamples=500, seed=3) == bootstrap(values, mean, resamples=500, seed=3)
    assert bootstrap(values, mean, resamples=500, seed=3) != bootstrap(values, mean, resamples=500, seed=4)
    same = bootstrap([0.25] * 4, mean, resamples=50)
    assert (same.low, same.high) == (0.25, 0.25)


def test_bootstrap_covers_the_truth_about_as_often_as_it_says() -> None:
    draw = random.Random(7)
    hits = 0
    for number in range(200):
        # a paired difference: gained with 0.25, lost with 0.10, so that 0.15 is true
        sample = draw.choices([1.0, -1.0, 0.0], weights=[0.25, 0.10, 0.65], k=60)
        found = bootstrap(sample, mean, resamples=300, seed=number)
        hits += found.low <= 0.15 <= found.high
    assert 0.90 <= hits / 200 <= 0.99
