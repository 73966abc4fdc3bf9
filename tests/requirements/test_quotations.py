"""All examples that a requirement quotes."""

import pytest

from swfactory.requirements.quotations import quoted_examples
from swfactory.requirements.text.sentences import sentences


def test_origin_is_quoted():
    assert {e.origin for e in quoted_examples('`python main.py a` prints b. In x.py, f("a") gives 1.')} == {"quoted"}


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "text",
    ["`python main.py " * 3000, "f(" * 5000, "x.py f(" + "(" * 5000, '"' * 20000, "x.py f(1) gives " + "-" * 5000],
)
def test_hostile_requirements_are_read_in_bounded_time(text):
    assert quoted_examples(text) == ()
    assert isinstance(sentences(text), tuple)
