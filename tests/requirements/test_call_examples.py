"""Calls that a requirement shows with their result."""

import pytest

from swfactory.requirements.call_examples import api_examples, module_of


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


def test_a_module_is_the_last_one_before_the_first_mention():
    text = "a.py has f(x). b.py has g(x). f(1) gives 2."
    assert module_of(text, "f") == "a"
    assert module_of(text, "g") == "b"
    assert module_of(text, "h") is None
    assert module_of("twice.py with twice(text)", "twice") == "twice"


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
