"""Outcomes that are told, not shown."""

import pytest

from swfactory.requirements.narratives import narratives

SHOP = "shop.py has a class Till. `insert(coin)` takes a coin, `buy(price)` returns the change as a list. "


@pytest.mark.parametrize(
    ("sentence", "function", "value"),
    [
        ("After inserting 200 and buying for 130, buy returns [50, 20].", "buy", "[50, 20]"),
        ("With 5 inserted, `buy` gives `[]`.", "buy", "[]"),
        ("投入 200 之后，buy 返回 [50, 20]。", "buy", "[50, 20]"),
    ],
)
def test_an_outcome_is_found_with_its_sentence(sentence, function, value):
    (found,) = narratives(SHOP + sentence, "shop.py")
    assert (found.sentence, found.function, found.value) == (sentence, function, value)


@pytest.mark.parametrize(
    "sentence",
    [
        "`buy(130)` returns [50, 20].",  # shows the call
        "buy returns 3 coins at most.",  # says how many
        "After that, buy returns the change.",
        "After that, sell returns 3.",
        "buy gives 3.",  # in no situation
    ],
)
def test_what_is_no_story_is_none(sentence):
    assert narratives(SHOP + sentence, "shop.py") == ()


def test_a_module_without_functions_tells_none():
    assert narratives("main.py prints 3 after 4.", "main.py") == ()
