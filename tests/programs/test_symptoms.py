"""What failures point to."""

import pytest

from swfactory.programs.symptoms import gives_wrong_text, mixes_types, separators_in, takes_too_much, texts_of


@pytest.mark.parametrize(
    ("message", "texts"),
    [
        ("`python main.py show 5400` printed '1h 30m', expected '1h30m'", ("1h 30m", "1h30m")),
        ("`assert show(0) == '0s'`: AssertionError: assert '' == '0s'", ("", "0s")),
        ("`python main.py mean` printed the line 'mean: 82.60', which is not like '0.0'", ("mean: 0.00", "0.0")),
        ("`assert f(1) == 2`: AssertionError: assert 3 == 2", None),
        ("`f()` crashed with ValueError", None),
    ],
)
def test_the_texts_of_a_failure_are_known(message, texts):
    assert texts_of(message) == texts
    assert gives_wrong_text([message]) == (texts is not None)


def test_separators_are_those_of_what_is_expected():
    messages = ["`a` printed '2 3', expected '2 x 3 x 5'", "`b` printed '', expected 'a: 1, b-c\\nd'", "`c` failed"]
    assert separators_in(messages) == (" x ", ": ", ", ", "-", "\n")


def test_other_symptoms_are_in_the_words_of_failures():
    assert takes_too_much(["`f('')`: but nothing was raised"])
    assert takes_too_much(["`python main.py x` exited with status 0, expected 1; it said ''"])
    assert mixes_types(["`f` crashed with AttributeError: 'int' object has no attribute 'isdigit' (in main.py line 9)"])
    assert mixes_types(["TypeError: unsupported operand type(s) for +: 'float' and 'str'"])
    assert not takes_too_much(["`f` printed '1', expected '2'"])
    assert not mixes_types(["`f` printed '1', expected '2'"])
