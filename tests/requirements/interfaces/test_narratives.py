"""Outcomes that are told, not shown."""

import pytest

from swfactory.requirements.interfaces.narratives import narratives

SHOP = "shop.py has a class Till. `insert(coin)` takes a coin, `buy(price)` returns the change as a list. "


@pytest.mark.parametrize(
    ("sentence", "function", "value"),
    [
        ("After inserting 200 and buying for 130, buy returns [50, 20].", "buy", "[50, 20]"),
        ("With 5 inserted, `buy` gives `[]`.", "buy", "[]"),
        ("With 5 inserted, buy should be equal to 5.", "buy", "5"),
        ("投入 200 之后，buy 应该返回 [50]。", "buy", "[50]"),
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
        "After inserting 200, buy returns 50, 20.",  # is no list
        "After inserting 200, buy returns [50, 20] in any order.",
        "After inserting 200, buy returns [50, 20] or [20, 50].",
        "After that, buy returns the change.",
        "After that, sell returns 3.",
        "buy gives 3.",  # in no situation
    ],
)
def test_what_is_no_story_is_none(sentence):
    assert narratives(SHOP + sentence, "shop.py") == ()


@pytest.mark.parametrize(
    ("code", "fits"),
    [
        ("till = Till(); till.insert(200); till.buy(130)", True),
        ("till = Till(); till.insert(200.0); till.buy(130)", True),
        ("till = Till(); till.insert(200); till.buy(100)", False),
    ],
)
def test_calls_that_tell_a_story_have_its_numbers(code, fits):
    (story,) = narratives(SHOP + "After inserting 200 and buying for 130, buy returns [50, 20].", "shop.py")
    assert story.fits(code) == fits


def test_a_story_without_numbers_is_told_by_any_calls_or_none():
    (story,) = narratives(SHOP + "When it is empty, buy returns [].", "shop.py")
    assert not story.fits("Till().buy(1)")


def test_what_an_object_looks_like_tells_what_was_done_to_it():
    text = 'account.py: class `Account`:\n* `deposit(amount)` adds money\n* `str(account)` gives "Anna: 12.50"\n'
    (found,) = narratives(text, "account.py")
    assert (found.function, found.value) == ("str", '"Anna: 12.50"')
    assert found.fits("a = Account('Anna'); a.deposit(12.5); str(a)")
    assert narratives(text.replace('"Anna: 12.50"', '"an account"'), "account.py") == ()


def test_a_module_without_functions_tells_none():
    assert narratives("main.py prints 3 after 4.", "main.py") == ()
