"""The outline of a module, written without a model."""

import ast

import pytest

from swfactory.programs.module_outline import module_outline, parts_of

STACK = (
    "Write stack.py with a class Stack(limit, clock=time.time) that keeps at most limit items, push(item), pop() "
    "returning the newest one, count() -> int, load(path) as a class method, __len__ and indexing s[0]. "
    "pop of an empty stack raises IndexError, pushing too many raises OverflowError. Stacks are thread-safe; a limit "
    "below 1 raises ValueError. repr is like Stack(3). `python main.py FILE` prints a stack. Include pytest tests."
)


def test_a_class_with_what_is_said_of_its_methods() -> None:
    assert (
        module_outline(STACK, "stack.py")
        == """\
import threading
import time

# Stacks are thread-safe


class Stack:
    def __init__(self, limit, clock=time.time):
        # keep at most limit items
        # raise ValueError for a limit below 1
        self.limit = limit
        self.clock = clock
        self.lock = threading.RLock()  # for every method
        ...

    def push(self, item):
        # raise OverflowError for pushing too many
        ...

    def pop(self):
        # return the newest one
        # raise IndexError for pop of an empty stack
        ...

    def count(self):
        ...

    @classmethod
    def load(cls, path):
        ...

    def __len__(self):
        # __len__ and indexing s[0]
        ...

    def __getitem__(self, index):
        # __len__ and indexing s[0]
        ...

    def __repr__(self):
        # repr is like Stack(3)
        ...
"""
    )


def test_classes_that_share_their_methods() -> None:
    text = "shapes.py has the classes Box(side) and Disc(radius), which offer area() and scale_by(factor)."
    code = module_outline(text, "shapes.py")
    assert [node.name for node in ast.parse(code).body if isinstance(node, ast.ClassDef)] == ["Box", "Disc"]
    assert code.count("def area(self)") == code.count("def scale_by(self, factor)") == 2


def test_what_an_object_is_made_of_is_kept_beside_its_methods() -> None:
    code = module_outline("jar.py has a class Jar(size, label) with size() and fill().", "jar.py")
    assert "self._size = size\n        self.label = label\n        ..." in code
    assert "threading" not in code


def test_a_database_is_opened_by_what_the_store_offers() -> None:
    text = "till.py has a class Till(path) with sell(item). Selling what is not there raises KeyError."
    code = module_outline(text, "till.py", ["from db import connect"], "connect")
    assert code.startswith("from db import connect\n\n\nclass Till:")
    assert "def __init__(self, path):\n        self.connection = connect(path)\n\n" in code


def test_of_parameters_that_are_listed_together_each_class_has_its_own() -> None:
    text = (
        "shapes.py has Box(side, depth) and Disc(radius), which offer area(). side, depth and radius must be positive, "
    )
    code = module_outline(text + "otherwise ValueError.", "shapes.py")
    assert "# raise ValueError unless side and depth are positive\n" in code
    assert "# raise ValueError unless radius is positive\n" in code


def test_a_module_of_a_package_is_described_in_brackets() -> None:
    text = (
        "A package shop/ with db.py (SQLite storage) and till.py (class Till(path) with sell(item), take_back(item)). "
        "Selling what is not there raises KeyError; taking back what was not sold raises ValueError."
    )
    code = module_outline(text, "shop/till.py")
    assert "def sell(self, item):\n        # raise KeyError for selling what is not there\n" in code
    assert "def take_back(self, item):\n        # raise ValueError for taking back what was not sold\n" in code
    assert module_outline(text, "shop/db.py") == ""


def test_operators_are_methods() -> None:
    text = "Write vector.py with a class Vector(items), with +, - (of a vector), * (by a number), == and norm()."
    code = module_outline(text, "vector.py")
    for name in ("__add__", "__sub__", "__mul__", "__eq__"):
        assert f"def {name}(self, other):" in code
    assert "# - (of a vector)" in code


def test_chinese() -> None:
    text = "写一个 queue.py，包含 class Queue(size)，方法 put(item)、get() 返回最早的一个；get 为空时抛出 IndexError。"
    code = module_outline(text, "queue.py")
    assert "def get(self):\n        # 返回最早的一个\n        # get 为空时抛出 IndexError\n" in code


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Write stack.py with push(item) and pop().",
        "Write stack.py with a class Stack.",
        "Write other.py with a class Stack and pop().",
        'Write stack.py with a class Stack: push("a") gives 1.',
    ],
    ids=["nothing", "no class", "no methods", "another module", "only a call"],
)
def test_without_a_class_and_its_methods_there_is_none(text) -> None:
    assert module_outline(text, "stack.py") == ""


def test_what_is_no_program_is_left_out() -> None:
    assert module_outline("stack.py: a class Stack with pop(class) and import().", "stack.py") == ""


WORDS = (
    "Write words.py with a function tally(text, least=1) that returns a list of pairs of word and number, letters in "
    "lower case, words seen less than least times left out, most frequent first, raising ValueError for least below 1; "
    "and a program main.py so that `python main.py FILE` prints them."
)


def test_functions_with_every_clause_on_a_line() -> None:
    assert (
        module_outline(WORDS, "words.py")
        == """\
def tally(text, least=1):
    # return a list of pairs of word and number
    # letters in lower case
    # words seen less than least times left out
    # most frequent first
    # raise ValueError for least below 1
    ...
"""
    )


def test_functions_of_which_nothing_is_said_need_no_outline() -> None:
    assert (
        module_outline("Write roman.py with to_roman(n) and from_roman(text), and a program main.py.", "roman.py") == ""
    )


def test_an_object_is_gone_through_in_the_order_of_a_method() -> None:
    text = "line.py has a class Line() with put(item), take(), __len__ and __iter__ in take order without taking."
    code = module_outline(text, "line.py")
    filled = code
    for line in ("self.items = []", "self.items.append(item)", "return self.items.pop()", "return len(self.items)"):
        filled = filled.replace("...", line, 1)
    names: dict[str, type] = {}
    exec(filled, names)
    row = names["Line"]()
    thing = object()
    for item in ("a", thing):
        row.put(item)
    assert list(row) == list(row) == [thing, "a"]
    assert "yield" not in module_outline(text.replace("take()", "take(n)"), "line.py")
    assert "yield" not in module_outline(text + " Lines are thread-safe.", "line.py")


def test_classes_with_one_interface_are_written_one_by_one() -> None:
    text = "gates.py has the classes Box(side) and Disc(radius), which offer area(key) and grow(key). "
    text += "Keys are independent."
    assert parts_of(text, "gates.py") == ("Box", "Disc")
    code = module_outline(text, "gates.py", part="Disc")
    assert "class Box" not in code
    assert "self.radius = radius\n        self.keys = {}  # what belongs to each key\n        ..." in code
    assert parts_of("kit.py has a class Kit() with area().", "kit.py") == parts_of("Write kit.py.", "kit.py") == ("",)


def test_what_is_independent_is_kept_apart_only_where_methods_take_it() -> None:
    text = "gate.py has a class Gate() with pass_by(word) and count(word). Keys are independent."
    assert "{}" not in module_outline(text, "gate.py")
    assert "self.words = {}  # what belongs to each word" in module_outline(text.replace("Keys", "Words"), "gate.py")


def test_records_and_exceptions_of_a_module_come_first() -> None:
    text = (
        "bus.py has a class Bus with emit(name), which raises Full, a subclass of ValueError. "
        "It also has a class Event (a dataclass with name and count)."
    )
    tree = ast.parse(module_outline(text, "bus.py"))
    assert [node.name for node in tree.body if isinstance(node, ast.ClassDef)] == ["Full", "Event", "Bus"]
    assert "from dataclasses import dataclass" in module_outline(text, "bus.py")
