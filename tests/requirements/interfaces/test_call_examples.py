"""Calls that a requirement shows with their result."""

import pytest

from swfactory.requirements.interfaces.call_examples import api_examples


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('kit.py has enc(s): enc("aab") gives "2ab"', 'from kit import enc\n\nassert enc("aab") == "2ab"\n'),
        ("geo.py: dist((0, 0), (3, 4)) -> 5.0", "from geo import dist\n\nassert dist((0, 0), (3, 4)) == 5.0\n"),
        ("In lib/calc.py add(1, b=2) == 3.", "from lib.calc import add\n\nassert add(1, b=2) == 3\n"),
        ('kit.py has enc(s). `enc("aab")` returns `"2ab"`.', 'from kit import enc\n\nassert enc("aab") == "2ab"\n'),
        ("`calc.py` 提供 `add(1, 2)` 返回 `3`", "from calc import add\n\nassert add(1, 2) == 3\n"),
        (
            'kit.py: split("a,b") returns ["a", "b"] always',
            'from kit import split\n\nassert split("a,b") == ["a", "b"]\n',
        ),
    ],
)
def test_api_examples(text, code):
    found = api_examples(text)
    assert [example.code for _, example in found] == [code]
    compile(code, "example", "exec")


@pytest.mark.parametrize(
    "text",
    [
        "f(1) gives 2",  # no module
        "main.py has f(1) gives 2",  # the program is no module
        "kit.py: f(n) gives 2",  # a placeholder
        "kit.py: f() gives 2",  # nothing to call it with
        "kit.py: f(1) gives two",  # no literal
        "kit.py: f(1) is fast and gives 2",
        "kit.py: f(1",
        "kit.py: `f(1) + 1` gives 3",  # no call alone
        "kit.py: obj.f(1) gives 2",
    ],
)
def test_api_examples_that_are_not_literal_are_refused(text):
    assert api_examples(text) == ()


def test_what_repr_looks_like():
    text = "Write shapes.py with a class Box(sides). repr is like Box([1, 2]). Its `repr(box)` gives Box() when empty."
    assert [example.code for _, example in api_examples(text)] == [
        "from shapes import Box\n\nassert repr(Box([1, 2])) == 'Box([1, 2])'\n"
    ]


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("f('a') should return [1, 2].", "f('a') == [1, 2]"),
        ("f(1) => 2", "f(1) == 2"),
        ("f(1) ➞ True", "f(1) == True"),
        ("f(1, x=2) # returns 'db'", "f(1, x=2) == 'db'"),
        (">>> f([])\n    None\n    >>> f([1])", "f([]) == None"),
        (">>> f((1, 2))\n    (2, 1)\n", "f((1, 2)) == (2, 1)"),
    ],
)
def test_examples_of_a_docstring(text, check):
    assert [e.code for _, e in api_examples(text, {"f": "kit"})] == [f"from kit import f\n\nassert {check}\n"]


@pytest.mark.parametrize(
    "text", ["f(2) = 1 + (2 / 2) = 2", "f(1) => true", "f(x) == 1", "g(1) == 2", ">>> f(1)\n>>> f(2)"]
)
def test_what_is_no_literal_example(text):
    assert api_examples(text, {"f": "kit"}) == ()


BANK = "bank.py has div(a, b), gcd(a, b), lcm(a, b) and parse(text). "


def claims(said: str) -> list[str]:
    return [example.code.partition("\n\n")[2].strip() for _, example in api_examples(BANK + said)]


@pytest.mark.parametrize(
    "said",
    [
        "div(7, 2) returns 3, 1.",
        "div(4, 3) gives 1.333...",
        'parse("x") returns "a" or "b".',
        "gcd(12, 8) * lcm(12, 8) == 96.",
        "not gcd(12, 8) == 3.",
        "round(2.5) is 2.",
        "Decimal('1.0') equals 1.",
    ],
)
def test_what_is_not_said_of_the_call_alone_is_no_example(said: str) -> None:
    assert claims(said) == []


def test_a_list_of_calls_is_no_sum() -> None:
    assert claims("Calls:\n* gcd(12, 8) is 4\n- lcm(2, 3) is 6\n") == [
        "assert gcd(12, 8) == 4",
        "assert lcm(2, 3) == 6",
    ]


def test_a_function_may_have_the_name_of_a_built_in_one() -> None:
    ((_, example),) = api_examples("money.py has round(amount). round(2.5) is 3.")
    assert example.code == "from money import round\n\nassert round(2.5) == 3\n"


@pytest.mark.parametrize(
    "said",
    [
        'parse("2h") should raise ValueError.',
        '`parse("2h")` raises `ValueError`, because of the letter.',
        'parse("2h") 抛出 ValueError。',
        '`parse("2h")` 应抛出 ValueError。',
        'parse(text) is empty after a reset, and parse("2h") raises ValueError.',
        'A second is 1 and is read so. parse("2h") raises ValueError.',
    ],
)
def test_a_call_that_raises(said: str) -> None:
    assert claims(said) == ['with pytest.raises(ValueError):\n    parse("2h")']


@pytest.mark.parametrize(
    "said",
    [
        'parse("2h") never raises ValueError.',
        'parse("2h") raises ValueError or TypeError.',
        'parse("2h") raises ValueError when strict.',
        'parse("2h") raises Oddity.',
        "parse(text) raises ValueError.",
        'If parse("2h") is called twice, the second parse("2h") raises ValueError.',
        "After parse(text), div(1, 2) raises ValueError.",
        '再次调用 parse("2h") 抛出 ValueError。',
        "锁定后，div(1, 2) 抛出 ValueError。",
        "锁定时 div(1, 2) 抛出 ValueError。",
        "In `bank.py`, after a reset, div(1, 2) raises ValueError.",
        'In strict mode parse("2h") raises ValueError.',
        'With strict=True, parse("2h") raises ValueError.',
        'parse("2h") raises ValueError with strict=True.',
        'parse("2h") raises ValueError in strict mode.',
        'parse("2h") raises ValueError the second time.',
        'parse("2h") raises ValueError; otherwise None.',
        'parse("2h") raises the price.',
    ],
)
def test_what_does_not_raise_in_any_case_is_no_example(said: str) -> None:
    assert claims(said) == []
