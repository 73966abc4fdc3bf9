"""Sessions with objects in blocks of code: which values are checked, and after which statements."""

from __future__ import annotations

import pytest

from swfactory.requirements.interfaces.shown_sessions import session_examples

CACHE = """Write `lru.py`.

    cache = LRUCache(capacity=2)
    cache.put("a", 1)
    cache.get("a")      # 1
    cache.put("b", 2)   # evicts nothing yet
    "a" in cache        # True
    cache.get("z")      # raises KeyError
    len(cache)          # -> 2
"""
VECTOR = """`vec.py` has a class Vector.

```python
>>> from vec import Vector
>>> v = Vector(1, 2)
>>> v + Vector(3, 4)
Vector(4, 6)
>>> v == Vector(1, 2)
True
>>> print(v)
(1, 2)
>>> v[2]
Traceback (most recent call last):
    ...
IndexError: no such component
```
"""


def _lines(text: str) -> list[list[str]]:
    return [example.code.split("\n\n", 1)[1].splitlines() for example in session_examples(text)]


def test_values_in_comments_are_checked_after_the_statements_before_them() -> None:
    made = ["cache = LRUCache(capacity=2)", "cache.put('a', 1)"]
    more = [*made, "cache.get('a')", "cache.put('b', 2)"]
    assert _lines(CACHE) == [
        [*made, "assert cache.get('a') == 1"],
        [*more, "assert ('a' in cache) == True"],
        [*more, "with pytest.raises(KeyError):", "    cache.get('z')"],
        [*more, "assert len(cache) == 2"],
    ]


def test_what_python_shows_is_checked_by_its_text() -> None:
    v = "v = Vector(1, 2)"
    assert _lines(VECTOR) == [
        [v, "assert repr(v + Vector(3, 4)) == 'Vector(4, 6)'"],
        [v, "assert (v == Vector(1, 2)) == True"],
        [v, "assert str(v) == '(1, 2)'"],
        [v, "with pytest.raises(IndexError):", "    v[2]"],
    ]


def test_calls_of_functions_stand_alone() -> None:
    text = 'In `slug.py`:\n```\nslugify("A b")  # "a-b"\nslugify("")  # raises ValueError\nslugify("c") == "c"\n```'
    assert [lines[0] for lines in _lines(text)] == [
        "assert slugify('A b') == \"a-b\"",
        "with pytest.raises(ValueError):",
        "assert slugify('c') == 'c'",
    ]


@pytest.mark.parametrize(
    "block",
    [
        "stack = Stack()  # 1. make one\nstack.push(1)  # 2. put one in",
        "stack = Stack()  # 1\nstack.push(4)  # 2\nstack.pop()  # 3",
        "stack = Stack(size)\nstack.pop()  # 3",
        "stack = Stack()\nstack.pop()  # 3 items are left",
        "other.run()  # 3",
        "def push(item): ...",
        "$ python stack.py\n3",
    ],
)
def test_remarks_and_what_cannot_be_followed_are_no_values(block: str) -> None:
    assert _lines(f"Write `stack.py`:\n```\n{block}\n```") == []


@pytest.mark.parametrize("said", ["raises Overdrawn", "-> OverdrawnError", "fails", "抛出Overdrawn"])
def test_a_session_ends_where_it_fails_in_a_way_that_is_not_known(said: str) -> None:
    block = f"a = Account()\na.worth()  # 0\na.pay(5)  # {said}\na.worth()  # 0"
    assert _lines(f"Write `bank.py`:\n```\n{block}\n```") == [["a = Account()", "assert a.worth() == 0"]]
