"""What holds of every container."""

import sys
import types
import unittest.mock

import pytest

from swfactory.requirements.interfaces.containers import container_examples

TEXT = (
    "bag.py has a class Bag with put(item, weight), heaviest() returning the item with the highest weight, newest() "
    "returning the newest item, take() returning the item with the lowest weight (first in, first out), "
    "peek(), change(item, weight), remove(item), __len__, __contains__ and __iter__ in take order. change and remove "
    "of an unknown item raise KeyError, take of an empty bag raises IndexError."
)

HEAVIEST = "assert subject.heaviest() == 'c'"
FIRST_COME = "assert [subject.take() for _ in range(len(subject))] == ['a', 'd', 'b', 'c']"
PEEK = "assert subject.peek() == subject.take()"
SEEN = "assert list(subject) == [subject.take() for _ in range(len(subject))]"
CHANGE_REST = "[subject.change(item, 1) for item in rest]"
REMOVE_REST = "[subject.remove(item) for item in rest]"
LEFT = "assert sorted([subject.take() for _ in range(len(subject))]) == sorted(['a', 'd', 'b'])"


class Bag:
    """What the text asks for."""

    def __init__(self):
        self.items = {}

    def put(self, item, weight):
        self.items[item] = weight

    def newest(self):
        return list(self.items)[-1]

    def heaviest(self):
        return max(self.items, key=self.items.get)

    def take(self):
        lightest = min(self.items, key=self.items.get)  # of equals the first
        del self.items[lightest]
        return lightest

    def peek(self):
        return min(self.items, key=self.items.get)

    def change(self, item, weight):
        self.items[item] = weight

    def remove(self, item):
        del self.items[item]

    def __len__(self):
        return len(self.items)

    def __contains__(self, item):
        return item in self.items

    def __iter__(self):
        return iter(sorted(self.items, key=self.items.get))


def failures(product) -> list[str]:
    """The last line of each example that does not hold for a product."""
    failed = []
    with unittest.mock.patch.dict(sys.modules, bag=types.SimpleNamespace(Bag=product)):
        for example in container_examples(TEXT, "bag.py"):
            assert example.origin == "stated"
            try:
                exec(example.code, {})
            except (AssertionError, LookupError, ValueError):
                failed.append(example.code.splitlines()[-1])
    return failed


def test_they_hold_for_what_was_asked_for() -> None:
    assert failures(Bag) == []
    lasts = [example.code.splitlines()[-1] for example in container_examples(TEXT, "bag.py")]
    assert lasts == [
        "assert len(subject) == 4",
        "assert 'z' not in subject",
        HEAVIEST,
        HEAVIEST,
        "assert subject.newest() == 'b'",
        "assert subject.take() == 'a'",
        "assert subject.take() == 'c'",
        "assert subject.take() == 'c'",
        FIRST_COME,
        CHANGE_REST,
        REMOVE_REST,
        "assert len(subject) == 0",
        LEFT,
        PEEK,
        "subject.change('c', 1)",
        "assert len(subject) == 3",
        *[SEEN] * 3,
    ]
    changed = [example.code for example in container_examples(TEXT, "bag.py") if "change('c', 4)" in example.code]
    assert [code.splitlines()[-1] for code in changed] == [HEAVIEST]


@pytest.mark.parametrize(
    ("slip", "failed"),
    [
        ({"heaviest": Bag.newest}, [HEAVIEST, HEAVIEST]),
        ({"__iter__": lambda self: iter([*self.items][::-1])}, [SEEN] * 3),
        (
            {"remove": lambda self, item: None},
            ["assert len(subject) == 0", LEFT, "assert len(subject) == 3"],
        ),
        (
            {"change": lambda self, item, weight: [][0]},
            [HEAVIEST, *["assert subject.take() == 'c'"] * 2, CHANGE_REST, "subject.change('c', 1)", SEEN],
        ),
        ({"peek": Bag.take}, [PEEK]),
        ({"change": lambda self, item, weight: None}, ["assert subject.take() == 'c'"] * 2),
        ({"__contains__": lambda self, item: False}, ["assert 'z' not in subject"]),
    ],
)
def test_they_do_not_hold_for_slips(slip, failed) -> None:
    assert failures(type("Slipped", (Bag,), slip)) == failed


class Numbered(Bag):
    """Keeps its items' places, and forgets that they move up when one is taken out."""

    def __init__(self):
        self.order, self.weights, self.places = [], [], {}

    def put(self, item, weight):
        self.places[item] = len(self.order)
        self.order.append(item)
        self.weights.append(weight)

    def take(self):
        place = self.weights.index(min(self.weights))
        del self.weights[place]
        del self.places[self.order[place]]
        return self.order.pop(place)

    def change(self, item, weight):
        self.weights[self.places[item]] = weight

    def remove(self, item):
        place = self.places.pop(item)
        del self.weights[place]
        del self.order[place]

    @property
    def items(self):
        return dict(zip(self.order, self.weights, strict=True))


def test_what_is_left_is_known_as_before() -> None:
    assert {"assert subject.take() == 'c'", CHANGE_REST, REMOVE_REST} <= {*failures(Numbered)}


@pytest.mark.parametrize(
    "text",
    [
        "bag.py has a class Bag(size) with put(item) and __len__.",
        "bag.py has a class Bag with show() and __len__.",
        "bag.py has a class Bag with put(count) and clear().",
        "bag.py with put(item).",
        "bag.py has a class Bag(limit=3) with put(item), newest() returning the newest item and __len__.",
        "bag.py has a class Bag with put(item) and __len__. It holds at most 3. When it is full, the oldest goes.",
        "bag.py has a class Bag with put(item, count) and __len__. `len(bag)` is the total count.",
        "bag.py has a class Bag with put(item) and __len__ (the number of different items).",
    ],
)
def test_where_nothing_is_known_nothing_is_said(text) -> None:
    assert container_examples(text, "bag.py") == ()


def test_an_object_of_the_same_class_is_not_put_in() -> None:
    text = "kit.py has a class Vector() with dot(other), repr like Vector(1, 2) and len(). It is a container."
    assert container_examples(text, "kit.py") == ()


def test_where_something_is_put_is_not_what_is_put() -> None:
    text = "kit.py has a class Editor() with insert(position, text), delete(start, end) and len(). It is a container."
    assert container_examples(text, "kit.py") == ()


@pytest.mark.parametrize(
    ("said", "laws"),
    [
        ("`get(key)` returns the value, or None", ["assert subject.get('c') == 'c'"]),
        ("`delete(key)` removes the key; KeyError if it is not there", ["subject.delete('c')"]),
        ("`delete(key)`：删除；key 不存在时抛出 `KeyError`", ["subject.delete('c')"]),
        ("`get(key)` returns the value in capitals", []),
        ("`delete(key)` removes the key, if it is there", []),
    ],
)
def test_what_was_put_in_is_there_with_its_value(said: str, laws: list[str]) -> None:
    text = f"`kv.py` has a class `Store`.\n\n- `set(key, value)` stores a value\n- {said}\n"
    made = [example.code.split("\n\n")[1].splitlines() for example in container_examples(text, "kv.py")]
    assert [lines[-1] for lines in made] == laws
    assert all(lines[0] == "subject = Store()" and "subject.set('c', 'c')" in lines for lines in made)
