import pytest
from pydantic import ValidationError

from swfactory.domain.budget import Budget, Usage


def test_usage_adds_up_in_every_field():
    one = Usage(calls=1, prompt_tokens=10, cached_tokens=4, completion_tokens=5, seconds=0.5)
    assert one + one == Usage(calls=2, prompt_tokens=20, cached_tokens=8, completion_tokens=10, seconds=1.0)
    assert sum([one, one], Usage()) == one + one


@pytest.mark.parametrize(
    ("tokens", "seconds", "bound"), [(99, 9.9, None), (100, 0, "tokens"), (0, 10, "time"), (500, 50, "tokens")]
)
def test_a_bound_is_spent_when_it_is_reached(tokens, seconds, bound):
    assert Budget(max_tokens=100, max_seconds=10).spent(tokens=tokens, seconds=seconds) == bound


def test_an_unbounded_budget_is_never_spent():
    assert Budget(max_tokens=None, max_seconds=None).spent(tokens=10**9, seconds=1e9) is None


@pytest.mark.parametrize("bad", [{"max_tokens": 0}, {"max_seconds": -1}, {"max_rounds": -1}])
def test_senseless_bounds_are_refused(bad):
    with pytest.raises(ValidationError):
        Budget(**bad)


def test_no_rounds_at_all_is_a_budget():
    assert Budget(max_rounds=0).max_rounds == 0


@pytest.mark.parametrize(("rounds", "patience"), [(0, 2), (2, 2), (5, 3), (6, 3), (14, 7), (None, None)])
def test_half_of_the_rounds_may_be_in_vain(rounds, patience):
    assert Budget(max_rounds=rounds).patience == patience
