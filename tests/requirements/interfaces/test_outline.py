"""What a requirement says of the functions and classes of a module."""

from __future__ import annotations

import pytest

from swfactory.requirements.interfaces.outline import function_notes, offered, read_outline, signatures

STACK = (
    "Write stack.py with a class Stack(limit) with push(item) and pop(). Pushing too many raises OverflowError. "
    "kit.py offers area(side) and volume(side); `python main.py FILE` prints a stack."
)


@pytest.mark.parametrize(
    "said",
    [
        "parse(line) returning a dict with ip, time (a datetime), path and size, raising ValueError for no date",
        "parse(line) 去掉字母、数字、空格以外的字符，空格换成连字符",
    ],
)
def test_lists_stay_whole(said: str) -> None:
    assert len(function_notes(f"log.py offers {said}.", "log.py", "parse")) == 2


def test_notes_of_a_method_and_of_nothing() -> None:
    assert function_notes(STACK, "stack.py", "Stack.push") == ["raise OverflowError for pushing too many"]
    assert function_notes(STACK, "stack.py", "Stack.peek") == function_notes(STACK, "main.py", "push") == []


def test_each_function_gets_what_is_said_of_it() -> None:
    text = (
        'kit.py has pack(text) and unpack(text) for short mail: pack("a b") gives "a_b", unpack reverses it, text '
        "with tabs raises ValueError in pack and broken input raises ValueError in unpack."
    )
    assert function_notes(text, "kit.py", "pack") == [
        "for short mail",
        'pack("a b") gives "a_b"',
        "raise ValueError for text with tabs",
    ]
    assert function_notes(text, "kit.py", "unpack") == [
        "for short mail",
        "unpack reverses it",
        "raise ValueError for broken input",
    ]


def test_what_a_module_offers() -> None:
    assert offered(STACK, "stack.py") == ("Stack",)
    assert offered(STACK, "kit.py") == ("area", "volume")
    assert offered(STACK, "main.py") == ()


@pytest.mark.parametrize(
    ("said", "attributes"),
    [
        ("* `balance` property", ("balance",)),
        ("It has a read-only property `balance`.", ("balance",)),
        ("`owner` and `balance` are attributes.", ("owner", "balance")),
        ("属性 `owner` 和 `balance`。", ("owner", "balance")),
        ("`balance` 是余额。", ()),
    ],
)
def test_what_is_called_a_property_needs_no_call(said: str, attributes: tuple[str, ...]) -> None:
    text = f"account.py has a class Account(owner).\n* `deposit(amount)` adds money\n{said}\n"
    outline = read_outline(text, "account.py")
    assert outline is not None
    assert outline.attributes == attributes
    shown = [f".{name}" for name in attributes]
    assert signatures(text, "account.py") == ("Account(owner)", ".deposit(amount)", *shown)


def test_methods_may_be_named_like_functions_of_python() -> None:
    outline = read_outline("box.py has a class Box() with set(key, value), max() and filter(word).", "box.py")
    assert outline is not None
    assert [method.name for method in outline.classes["Box"]] == ["__init__", "set", "max", "filter"]


def test_what_is_done_by_a_function_is_said_of_it() -> None:
    text = "kit.py offers add(key) and purge(age). Old keys are dropped by purge(age), which returns how many."
    assert function_notes(text, "kit.py", "purge") == ["Old keys are dropped", "return how many"]


def test_what_has_to_be_known_is_said_of_those_that_are_told_it() -> None:
    text = "kit.py has a class Kit() with put(key, value), get(key), has(word) and drop(key). "
    text += "An unknown key raises KeyError."
    told = [name for name in ("put", "get", "has", "drop") if function_notes(text, "kit.py", f"Kit.{name}")]
    assert told == ["get", "drop"]


def test_an_enumeration_in_brackets_keeps_what_happens_otherwise() -> None:
    text = "kit.py has a class Kit() with area() (square only, else ValueError)."
    assert function_notes(text, "kit.py", "Kit.area") == ["raise ValueError unless square"]


def test_an_order_is_said_of_what_goes_by_it_alone() -> None:
    text = "kit.py has a class Kit() with put(item), pop(), __len__, __contains__ and __iter__ in pop order."
    told = [name for name in ("pop", "__contains__", "__iter__") if function_notes(text, "kit.py", f"Kit.{name}")]
    assert told == ["__iter__"]


def test_two_cases_of_an_error_are_two_lines() -> None:
    text = "kit.py has a class Kit() with lend(key). Lending when none is left, or a second time, raises ValueError."
    assert function_notes(text, "kit.py", "Kit.lend") == [
        "raise ValueError for lending when none is left",
        "raise ValueError for lending a second time",
    ]


def test_signatures_may_be_shown_as_code_with_text_for_defaults():
    text = (
        'A module `bank.py` with a class `Account`. `Account(owner, kind="open")`; `deposit(amount)` and '
        "`withdraw(amount)` return the new balance."
    )
    assert signatures(text, "bank.py") == ('Account(owner, kind="open")', ".deposit(amount)", ".withdraw(amount)")


def test_methods_that_follow_the_sentence_of_a_class_are_its_own():
    text = "Write cache.py with a class Cache. `put(key, value)` stores. When it is full, put drops the oldest."
    outline = read_outline(text, "cache.py")
    assert outline is not None
    (maker, put) = outline.classes["Cache"]
    assert not maker.clauses
    assert list(put.clauses) == ["stores", "when it is full, put drops the oldest"]


def test_methods_may_follow_a_colon_and_have_empty_defaults() -> None:
    text = "plan.py has a class Plan: add(name, needs=()) adds a step and its needs, order() returns all names. "
    text += 'Adding a name twice raises ValueError, steps that need each other raise ValueError("cycle").'
    assert signatures(text, "plan.py") == ("Plan()", ".add(name, needs=())", ".order()")
    assert "raise ValueError for adding a name twice" in function_notes(text, "plan.py", "Plan.add")


def test_a_function_may_stand_beside_a_class() -> None:
    text = "kit.py has a class Kit(size) with put(item). Also write a decorator once(limit) that calls but once."
    outline = read_outline(text, "kit.py")
    assert outline is not None
    assert [method.name for method in outline.classes["Kit"]] == ["__init__", "put"]
    assert [function.name for function in outline.functions] == ["once"]
    assert offered(text, "kit.py") == ("Kit", "once")


def test_brackets_and_quotes_stay_whole() -> None:
    text = (
        'kit.py has parse(text), which reads "1h30m", "45s" or "2d" (units d, h; none twice), and show(cells, size)'
        "（返回文本；从头起）和 step(cells)（返回下一代的集合）。"
    )
    assert function_notes(text, "kit.py", "parse") == ['reads "1h30m", "45s" or "2d" (units d, h; none twice)']
    assert function_notes(text, "kit.py", "show") == ["返回文本", "从头起"]
    assert function_notes(text, "kit.py", "step") == ["返回下一代的集合"]


def test_a_long_statement_and_its_remark_are_two() -> None:
    text = f"kit.py has parse(text), which reads {'very ' * 20}long texts (in {'any of ' * 10}them)."
    assert [note.split(" ")[0] for note in function_notes(text, "kit.py", "parse")] == ["reads", "in"]


def test_each_error_of_a_row_goes_to_what_it_speaks_of() -> None:
    text = "kit.py has a class Kit(size) with put(item), drop(item). A size below 1 raises ValueError, "
    text += "dropping an unknown item raises KeyError."
    assert function_notes(text, "kit.py", "Kit.__init__") == ["raise ValueError for a size below 1"]
    assert function_notes(text, "kit.py", "Kit.drop") == ["raise KeyError for dropping an unknown item"]


def test_what_joins_two_files_is_said_of_neither() -> None:
    text = "Write a package kit/ with cart.py (class Cart with add(item), total()) and store.py (class Store(path))."
    assert function_notes(text, "kit/cart.py", "Cart.total") == []


def test_a_class_may_be_put_into_a_file() -> None:
    text = (
        "Write a class Vector in vector.py for vectors: Vector(1, 2, 3). It has + and abs() (the length), dot(other)."
    )
    outline = read_outline(text, "vector.py")
    assert outline is not None
    (maker, *methods) = outline.classes["Vector"]
    assert maker.parameters == "*values"
    assert [method.name for method in methods] == ["dot", "__add__", "__abs__"]
    assert function_notes(text, "vector.py", "Vector.__abs__") == ["the length"]


def test_each_class_has_the_methods_that_follow_it() -> None:
    text = "kit.py has a class Stack with push(item), top() and a class Queue(size) with put(item), get()."
    outline = read_outline(text, "kit.py")
    assert outline is not None
    names = {name: [method.name for method in methods] for name, methods in outline.classes.items()}
    assert names == {"Stack": ["__init__", "push", "top"], "Queue": ["__init__", "put", "get"]}
    both = read_outline(text + " Both share len().", "kit.py")
    assert both is not None
    assert len(both.classes["Stack"]) == len(both.classes["Queue"])


def test_a_record_is_no_class_with_methods() -> None:
    text = "bus.py has a class Bus with emit(name). Also provide a class Event (a dataclass with name and data)."
    outline = read_outline(text, "bus.py")
    assert outline is not None
    assert [*outline.classes] == ["Bus"]
    assert outline.general == []
    assert offered(text, "bus.py") == ("Bus", "Event")


def test_what_follows_another_file_is_said_of_whom_it_names() -> None:
    text = "A package kit/ with stock.py (class Stock with remove(name)) and report.py (function summary(stock)). "
    text += "remove raises KeyError for unknown names. It is fast."
    assert function_notes(text, "kit/stock.py", "Stock.remove") == ["remove raises KeyError for unknown names"]
    assert read_outline(text, "kit/report.py").general == ["It is fast"]  # type: ignore[union-attr]


def test_a_value_that_is_refused_is_one_that_is_taken() -> None:
    text = "kit.py has a class Kit() with put(amount), take(amount), name(). Amounts below 1 raise ValueError."
    told = [name for name in ("put", "take", "name") if function_notes(text, "kit.py", f"Kit.{name}")]
    assert told == ["put", "take"]


def test_an_attribute_needs_no_quotes() -> None:
    outline = read_outline("kit.py has a class Kit() with put(item) and a property size, which grows.", "kit.py")
    assert outline is not None
    assert outline.attributes == ("size",)


def test_a_class_of_operators_alone_has_an_outline() -> None:
    text = "kit.py has a class Ratio(top, bottom=1) with +, ==, float() and str like 3/4 (just 3 when bottom is 1)."
    outline = read_outline(text, "kit.py")
    assert outline is not None
    names = [method.name for method in outline.classes["Ratio"]]
    assert names == ["__init__", "__add__", "__eq__", "__str__", "__float__"]


@pytest.mark.parametrize(
    ("shown", "parameters"),
    [('parse("3/4")', "text"), ("parse(line)", "line"), ("parse(3)", "value"), ("parse()", "")],
)
def test_a_class_method_is_shown_with_its_class(shown: str, parameters: str) -> None:
    outline = read_outline(f"kit.py has a class Ratio(top) with +. Ratio.{shown} is a class method.", "kit.py")
    assert outline is not None
    (method,) = (one for one in outline.classes["Ratio"] if one.class_method)
    assert (method.name, method.parameters) == ("parse", parameters)


def test_a_class_that_is_shown_without_values_later_keeps_its_parameters() -> None:
    outline = read_outline("kit.py has a class Bag(*items) with add(item). Bag() is empty. Bag.zero(n) is a class "
                           "method. Adding zero items raises ValueError.", "kit.py")  # fmt: skip
    assert outline is not None
    maker, add, zero = outline.classes["Bag"]
    assert maker.parameters == "*items"
    assert "Adding zero items" not in " ".join(zero.clauses)
    assert any("raise ValueError" in clause for clause in add.clauses)


LISTED = """`bank.py` has a class `Bank`.

* `Bank()` starts empty.
* `deposit(account, amount)` adds money and returns the new balance; amounts of zero or less raise `ValueError`.
* `balance(account)` returns 0 for an unknown account.
1. `lend(item)` / `give_back(item)`: the new count; `lend` raises `ValueError` when there is none

Names must be words.
"""


def test_an_item_of_a_list_speaks_of_what_it_begins_with() -> None:
    outline = read_outline(LISTED, "bank.py")
    assert outline is not None
    said = {method.name: list(method.clauses) for method in outline.classes["Bank"]}
    assert said == {
        "__init__": ["starts empty"],
        "deposit": ["adds money", "return the new balance", "raise ValueError for amounts of zero or less"],
        "balance": ["return 0 for an unknown account"],
        "lend": ["the new count", "lend raises ValueError when there is none"],
        "give_back": ["the new count"],
    }
    assert outline.general == ["Names must be words"]


def test_a_line_that_begins_with_a_signature_is_an_item() -> None:
    lines = "resolve(code) -> url: the url.\nstats(code) -> int: how often it was resolved."
    text = f"File: `links.py`. Class: Links.\n\n{lines}"
    outline = read_outline(text, "links.py")
    assert outline is not None
    said = {method.name: list(method.clauses) for method in outline.classes["Links"]}
    assert said == {"__init__": [], "resolve": ["the url"], "stats": ["how often it was resolved"]}


def test_what_an_object_is_made_of_is_no_default() -> None:
    made = "    cache = Cache(capacity=2)\n    cache.put('a', 1)"
    text = f"Write `lru.py` with a class Cache.\n\n{made}\n\n`put(key, value)` stores."
    outline = read_outline(text, "lru.py")
    assert outline is not None
    maker = outline.classes["Cache"][0]
    assert (maker.parameters, maker.values) == ("capacity", {"capacity": ("2",)})


def test_an_error_told_after_a_file_without_functions_is_of_those_that_take_what_it_names() -> None:
    text = (
        "`shop/store.py` has a class `Store`.\n- `add(sku)` adds\n- `take(sku)` takes\n\n"
        "All errors live in `shop/errors.py` and are documented. Unknown skus raise `KeyError`."
    )
    outline = read_outline(text, "shop/store.py")
    assert outline is not None
    assert {method.name: list(method.clauses) for method in outline.classes["Store"][1:]} == {
        "add": ["adds"],
        "take": ["takes", "raise KeyError for unknown skus"],
    }


@pytest.mark.parametrize(
    ("said", "classes"),
    [
        ("a `Shelf` class: `put(item)` puts", ["Shelf"]),
        ("其中 `Shelf` 类支持 `put(item)`", ["Shelf"]),
        ("Python class of type Any. Each class has `put(item)`", []),
        ("支持 List 类型；`put(item)` 放入", []),
    ],
)
def test_a_class_may_be_named_first(said: str, classes: list[str]) -> None:
    outline = read_outline(f"Write `shelf.py`, {said}.", "shelf.py")
    assert outline is not None
    assert [*outline.classes] == classes
