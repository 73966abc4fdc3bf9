"""Calls that must raise, made from the requirement."""

import sys
import types
import unittest.mock

import pytest

from swfactory.requirements.interfaces.error_calls import error_calls

TEXT = (
    "Write shelf.py with a class Shelf(size): put(item, weight), take(item), newest() and clear(reason=None). "
    "size must be positive, otherwise ValueError; a negative weight raises ValueError in put. "
    "newest of an empty shelf raises IndexError, take of an unknown item raises KeyError, "
    "putting an item twice raises ValueError."
)


class Shelf:
    """What the text asks for."""

    def __init__(self, size):
        if size <= 0:
            raise ValueError
        self.items = []

    def put(self, item, weight):
        if weight < 0 or item in self.items:
            raise ValueError
        self.items.append(item)

    def take(self, item):
        if item not in self.items:
            raise KeyError

    def newest(self):
        return self.items[-1]


def hold(product) -> list[bool]:
    """Whether each example holds for a product."""
    held = []
    with unittest.mock.patch.dict(sys.modules, shelf=types.SimpleNamespace(Shelf=product)):
        for example in error_calls(TEXT, "shelf.py"):
            try:
                exec(example.code, {})
            except (LookupError, ValueError, pytest.fail.Exception):
                held.append(False)
            else:
                held.append(True)
    return held


def test_each_error_case_is_a_call_that_must_raise() -> None:
    codes = [example.code for example in error_calls(TEXT, "shelf.py")]
    head = "import pytest\nfrom shelf import Shelf\n\n"
    assert codes == [
        f"{head}with pytest.raises(ValueError):\n    Shelf(0)\n",
        f"{head}with pytest.raises(ValueError):\n    Shelf(-1)\n",
        f"{head}subject = Shelf(1)\nwith pytest.raises(ValueError):\n    subject.put('a', -1)\n",
        f"{head}subject = Shelf(1)\nwith pytest.raises(KeyError):\n    subject.take('a')\n",
        f"{head}subject = Shelf(1)\nwith pytest.raises(IndexError):\n    subject.newest()\n",
        f"{head}subject = Shelf(1)\nsubject.put('a', 1)\nwith pytest.raises(ValueError):\n    subject.put('a', 1)\n",
    ]


def test_they_hold_for_what_was_asked_for_and_not_for_less() -> None:
    assert all(hold(Shelf))
    lax = type("Shelf", (), {"__init__": lambda *_: None} | dict.fromkeys(("put", "take", "newest"), lambda *_: None))
    assert not any(hold(lax))


def test_an_unknown_argument_of_any_method() -> None:
    text = "shop/till.py (class Till(limit) with sell(sku), price(sku), open()). An unknown sku raises KeyError."
    codes = [example.code for example in error_calls(text, "shop/till.py")]
    assert [code.splitlines()[-1].strip() for code in codes] == ["subject.sell('a')", "subject.price('a')"]
    assert all("from shop.till import Till" in code for code in codes)


@pytest.mark.parametrize(
    "text",
    [
        "shelf.py with take(item). take of an unknown item raises KeyError.",
        "shelf.py with a class Shelf(path) and take(item). take of an unknown item raises KeyError.",
        "shelf.py with a class Shelf and take(item). take of an unknown item raises OutOfStock.",
        "shelf.py with a class Shelf and take(item). take of an unknown item raises KeyError, else ValueError.",
        "shelf.py with a class Shelf and take(item). take of an unknown item prints an error.",
    ],
    ids=["no class", "works on a file", "an exception of its own", "two exceptions", "no exception"],
)
def test_what_is_not_clear_makes_no_call(text) -> None:
    assert error_calls(text, "shelf.py") == ()


def test_values_that_lack_what_is_asked_for() -> None:
    text = (
        "grid.py has a class Grid(rows) for a non-empty rectangular list of lists (otherwise ValueError), and size()."
    )
    calls = [example.code.splitlines()[-1].strip() for example in error_calls(text, "grid.py")]
    assert calls == ["Grid([])", "Grid([[1, 2], [3]])"]


def test_objects_that_do_not_fit_together() -> None:
    text = (
        "grid.py has a class Grid(rows) with +, ==, flip(), trace() (square only, else ValueError). "
        "Shape mismatches raise ValueError."
    )
    codes = [example.code.splitlines() for example in error_calls(text, "grid.py")]
    assert [(code[-3], code[-1].strip()) for code in codes] == [
        ("subject = Grid([[1, 2, 3], [4, 5, 6]])", "subject.trace()"),
        ("subject = Grid([[1, 2], [3, 4]])", "subject + Grid([[3, 1, 2], [0, 4, 1], [5, 2, 6]])"),
    ]


HALL = (
    "A package hall/ with seats.py (dataclass Row: name, seats) and hall.py (class Hall(path), SQLite storage, with "
    "add_row(row), book(name, guest), cancel(name, guest)). Booking when no seat is left, or a second time for the "
    "same guest, raises ValueError; an unknown name raises KeyError; cancelling what is not booked raises ValueError."
)


def test_what_comes_too_late_too_early_or_once_too_often() -> None:
    codes = [example.code for example in error_calls(HALL, "hall/hall.py")]
    assert [code.splitlines()[-1].strip() for code in codes[:2]] == [
        "subject.book('a', 'a')",
        "subject.cancel('a', 'a')",
    ]
    head = "import pytest\nfrom hall.hall import Hall\nfrom hall.seats import Row\n\n"
    head += "subject = Hall(str(tmp_path / 'data'))\n"
    refused = "with pytest.raises(ValueError):\n    subject"
    assert codes[2:] == [
        f"{head}subject.add_row(Row('a', 1))\nsubject.book('a', 'a')\n{refused}.book('a', 'c')\n",
        f"{head}subject.add_row(Row('c', 3))\nsubject.book('c', 'c')\n{refused}.book('c', 'c')\n",
        f"{head}subject.add_row(Row('c', 3))\n{refused}.cancel('c', 'c')\n",
    ]


ACCOUNT = "account.py has a class Account(owner). deposit(amount) adds money. withdraw(amount) removes money, {}."


@pytest.mark.parametrize(
    "said",
    [
        'raises `ValueError("insufficient funds")` if the balance is too low',
        "and raises ValueError when there is not enough money",
        "and raises ValueError when the amount exceeds the balance",
        "余额不足时抛出 ValueError",
    ],
)
def test_of_what_a_new_object_has_none_it_runs_short(said: str) -> None:
    (example,) = error_calls(ACCOUNT.format(said), "account.py")
    assert example.code.endswith("subject = Account('a')\nwith pytest.raises(ValueError):\n    subject.withdraw(3)\n")


@pytest.mark.parametrize(
    "text",
    [
        ACCOUNT.format("raises ValueError if the balance is too low").replace("(owner)", "(owner, balance)"),
        ACCOUNT.format("raises ValueError if the amount is too low"),
        ACCOUNT.format("raises KeyError for an unknown amount and ValueError if the balance is too low"),
    ],
)
def test_what_an_object_may_have_it_does_not_run_short_of(text: str) -> None:
    assert not any("raises(ValueError)" in example.code for example in error_calls(text, "account.py"))


@pytest.mark.parametrize(
    ("said", "call"),
    [
        ("takes the coins 1, 2 and 5 and raises ValueError for any other", "put(3)"),
        ("takes the coins 1, 2, 3 and 5 and raises ValueError for every other coin", "put(4)"),
        ("接受硬币 1、2和5，其他值抛出 ValueError", "put(3)"),
    ],
)
def test_a_number_that_is_not_listed_is_refused(said: str, call: str) -> None:
    (example,) = error_calls(f"till.py has a class Till(). put(coin) {said}.", "till.py")
    assert example.code.endswith(f"with pytest.raises(ValueError):\n    subject.{call}\n")


@pytest.mark.parametrize(
    "said",
    [
        "discard of an unknown item does nothing rather than raising KeyError",
        "discard ignores an unknown item instead of raising KeyError",
        "discard of an unknown item never raises KeyError",
    ],
)
def test_what_is_said_not_to_raise_is_not_asked_to(said: str) -> None:
    text = f"bag.py has a class Bag() with add(item), discard(item) and take(item). {said}; "
    codes = [example.code for example in error_calls(text + "take of an unknown item raises KeyError.", "bag.py")]
    assert [code.splitlines()[-1].strip() for code in codes] == ["subject.take('a')"]


@pytest.mark.parametrize(
    ("said", "calls"),
    [
        ("Adding an empty text raises ValueError", []),
        ("add of an empty item raises ValueError", []),
        ("the text 为空时 add 抛出 ValueError", []),
        ("last of an empty bag raises ValueError", ["subject.last()"]),
        ("袋子为空时 last 抛出 ValueError", ["subject.last()"]),
    ],
)
def test_an_empty_argument_is_no_empty_object(said: str, calls: list[str]) -> None:
    text = f"bag.py has a class Bag() with add(item) and last(). {said}."
    assert [example.code.splitlines()[-1].strip() for example in error_calls(text, "bag.py")] == calls


def test_an_object_that_is_made_of_something_is_not_empty() -> None:
    text = "deck.py has a class Deck(cards) with draw(). draw of an empty deck raises IndexError. {}"
    assert len(error_calls(text.format(""), "deck.py")) == 1
    assert error_calls(text.format("Deck([1, 2]).draw() returns 2."), "deck.py") == ()


@pytest.mark.parametrize(
    ("said", "made"),
    [
        ("take(item) and take raises KeyError when the item is not there", ["KeyError: subject.take('a')"]),
        ("take(item), which raises KeyError if the item is not in the shelf", ["KeyError: subject.take('a')"]),
        ("take(index=-1) and indexing; take and indexing raise IndexError when out of range",
         ["IndexError: subject.take(999)", "IndexError: subject[999]"]),
        ("index(item) and indexing; index raises ValueError when the item is not there, indexing raises IndexError "
         "when out of range", ["ValueError: subject.index('a')", "IndexError: subject[999]"]),
        ("swap(index, item), which raises IndexError when out of range", []),
        ("take(item) and take returns None when the item is not there", []),
    ],
)  # fmt: skip
def test_a_new_object_lacks_everything(said: str, made: list[str]) -> None:
    examples = error_calls(f"shelf.py has a class Shelf(items=()): put(item), {said}.", "shelf.py")
    calls = [example.code.splitlines()[-2:] for example in examples]
    assert [f"{raises.partition('raises(')[2][:-2]}: {failing.strip()}" for raises, failing in calls] == made


@pytest.mark.parametrize(
    ("said", "made"),
    [
        ("Shares are added with + and divided with / by numbers; a parts of zero and division by zero raise "
         "ZeroDivisionError", ["ZeroDivisionError: Share(1, parts=0)", "ZeroDivisionError: subject / 0"]),
        ("+ and / with other shares; division by zero raises ZeroDivisionError", []),
        ("+ with integers; division by zero raises ZeroDivisionError", []),
        ('Share.parse("3/4") is a class method; text of another form raises ValueError',
         ["ValueError: Share.parse('?!')"]),
        ("Share.parse(text) is a class method, which raises ValueError for anything else",
         ["ValueError: Share.parse('?!')"]),
        ("Share.parse(text) 是类方法，格式不对时抛出 ValueError", ["ValueError: Share.parse('?!')"]),
        ("Share.zero() is a class method; text of another form raises ValueError", []),
    ],
)  # fmt: skip
def test_zero_and_texts_of_another_form(said: str, made: list[str]) -> None:
    examples = error_calls(f"kit.py has a class Share(count, parts=1): {said}.", "kit.py")
    calls = [example.code.splitlines()[-2:] for example in examples]
    assert [f"{raises.partition('raises(')[2][:-2]}: {failing.strip()}" for raises, failing in calls] == made


@pytest.mark.parametrize(
    ("said", "made"),
    [
        ("Board(names): pick(name); pick of an unknown name raises KeyError", "KeyError: subject.pick('nosuchthing')"),
        ("Board(size): set(i), test(i); an index outside 0 to size - 1 raises IndexError",
         "IndexError: subject.set(999)"),
        ("Board(): add(item), get(item), drop(item). get, add and drop raise KeyError for an unknown item",
         "KeyError: subject.get('a')"),
        ("Board(): add(item); add raises ValueError for an item that exists", "ValueError: subject.add('a')"),
    ],
)  # fmt: skip
def test_what_a_new_object_is_made_of_is_known_to_it(said: str, made: str) -> None:
    examples = error_calls(f"kit.py has a class {said}.", "kit.py")
    calls = [example.code.splitlines()[-2:] for example in examples]
    assert made in [f"{raises.partition('raises(')[2][:-2]}: {failing.strip()}" for raises, failing in calls]


def test_objects_of_any_number_of_values() -> None:
    text = (
        "kit.py has a class Vector(*components): dot(other), +, repr like Vector(1, 2, 3). Vectors of different "
        "lengths raise ValueError in + and dot; Vector() without components raises ValueError."
    )
    failing = [example.code.splitlines()[-1].strip() for example in error_calls(text, "kit.py")]
    assert failing == ["Vector()", "subject + Vector(1, 2, 3, 1)"]


@pytest.mark.parametrize(
    ("said", "operators"),
    [
        ("+, -, * by a number. Vectors of different lengths raise ValueError", ["+", "-"]),
        ("+, -, *. Vectors of different lengths raise ValueError in + and -", ["+", "-"]),
        ("+, -, * by a number or a vector. Size mismatches raise ValueError", ["+", "-", "*"]),
    ],
)
def test_operators_of_objects_that_do_not_fit(said: str, operators: list[str]) -> None:
    text = f"kit.py has a class Vector(*components): norm(), repr like Vector(1, 2, 3), {said}."
    failing = [example.code.splitlines()[-1].strip() for example in error_calls(text, "kit.py")]
    assert failing == [f"subject {operator} Vector(1, 2, 3, 1)" for operator in operators]


@pytest.mark.parametrize(
    ("said", "made"),
    [
        ("Cup(teams): rounds(). Fewer than two teams or duplicates raise ValueError",
         ["Cup(['b'])", "Cup(['b', 'b', 'a', 'c'])"]),
        ("Cup(teams): rounds(). Fewer than 1 team raises ValueError", ["Cup([])"]),
        ("Cup(floors, start=0): step(). Fewer than 2 floors raise ValueError", ["Cup(1)"]),
        ("Cup(x=0): run(commands). Other characters raise ValueError in run", ["subject.run('?!')"]),
        ("Cup(x=0): run(count). Other characters raise ValueError in run", []),
        ("Cup(teams): rounds(). Duplicate teams are left out", []),
        ("Cup(rows, columns): size(). Fewer than 1 row or column raises ValueError",
         ["Cup(0, 1)", "Cup(1, 0)"]),
        ("Cup(entrants): rounds(). Fewer than two entrants raise ValueError", []),
    ],
)  # fmt: skip
def test_objects_that_cannot_be_made(said: str, made: list[str]) -> None:
    examples = error_calls(f"kit.py has a class {said}.", "kit.py")
    assert [example.code.splitlines()[-1].strip() for example in examples] == made


def test_what_another_method_refuses_need_not_have_been_done_before() -> None:
    text = "kit.py has a class Shelf(): add(name), rename(old, new); rename raises ValueError for a name that exists."
    assert error_calls(text, "kit.py") == ()


@pytest.mark.parametrize(
    ("said", "made"),
    [
        (
            "* `pay(name, amount)` pays.\n* `take(name, amount)` takes; raises `ValueError` if there is not enough.",
            ["take('c', 3)"],
        ),
        (
            "- `pay(name, amount)` pays.\n- `take(name)` takes.\n\nAmounts must be positive, otherwise ValueError.",
            ["pay('a', 0)", "pay('a', -1)"],
        ),
        ("- `pay(amount)`: amounts of zero raise `ValueError`.\n- `take(amount)`: takes it.", ["pay(0)"]),
        ("- `push(item)` 加入；\n- `pop()` 取出；空队列 `pop()` 抛出 `IndexError`。", ["pop()"]),
    ],
)
def test_errors_of_lists_are_of_the_items_that_tell_of_them(said: str, made: list[str]) -> None:
    codes = [example.code for example in error_calls(f"`purse.py` has a class `Purse`.\n\n{said}\n", "purse.py")]
    assert [code.rsplit("subject.", 1)[1].strip() for code in codes] == made


def test_an_object_that_has_nothing_by_default_runs_short() -> None:
    text = (
        "`a.py`: class Account(owner, balance=0).\n\n- `take(amount)`: raises ValueError when the balance is too low\n"
    )
    (example,) = error_calls(text, "a.py")
    assert "subject = Account('a')\n" in example.code
    assert not error_calls(text.replace("balance=0", "balance=100"), "a.py")


@pytest.mark.parametrize(
    ("said", "made"),
    [
        ("- `end()`: ends it; RuntimeError without a transaction", ["end()"]),
        ("- `end()` raises RuntimeError if no transaction is open", ["end()"]),
        ("- `undo()` raises LookupError when there is nothing to undo", ["undo()"]),
        ("- `end()`：没有事务时抛出 `RuntimeError`", ["end()"]),
        ("- `end()` never raises RuntimeError when there is nothing", []),
        ("- `find(name)` raises LookupError when there are no names of that length", []),
    ],
)
def test_a_new_object_has_nothing(said: str, made: list[str]) -> None:
    text = f"`kv.py` has a class `KV`.\n\n- `set(key, value)` stores\n{said}\n"
    codes = [example.code for example in error_calls(text, "kv.py")]
    assert [code.rsplit("subject.", 1)[1].strip() for code in codes] == made


@pytest.mark.parametrize(
    ("said", "last"),
    [
        ("- `add(isbn)`：添加；isbn 已存在时抛出 `ValueError`\n- `lend(isbn)`：借出", "add('a')"),
        ("- `add(isbn)`：添加\n- `lend(isbn)`：借出；书不存在抛出 `KeyError`", "lend('a')"),
    ],
)
def test_chinese_lists(said: str, last: str) -> None:
    (example,) = error_calls(f"`lib.py` 中的 `Library` 类支持：\n{said}\n", "lib.py")
    assert example.code.rstrip().endswith(f"subject.{last}")


@pytest.mark.parametrize(
    ("said", "calls"),
    [
        ("the item is not reserved", ["subject.add('c')", "subject.free('c')"]),
        ("it has not been reserved", ["subject.add('c')", "subject.free('c')"]),
        ("it was not added", []),
    ],
)
def test_what_another_method_has_not_done_yet(said: str, calls: list[str]) -> None:
    methods = f"- `add(item)` adds\n- `reserve(item, who)` reserves\n- `free(item)`: LookupError if {said}"
    text = f"`s.py` has a class `S`:\n{methods}\n"
    lines = [line.strip() for one in error_calls(text, "s.py") for line in one.code.splitlines() if "subject." in line]
    assert lines == calls
