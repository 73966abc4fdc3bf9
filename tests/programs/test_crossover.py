"""Exchanging files and functions between two products."""

from __future__ import annotations

from textwrap import dedent
from types import ModuleType

from swfactory.programs.crossover import crossings, graft

LEFT = dedent('''\
    """Numbers."""
    import sys


    def add(a, b):
        return a + b


    def double(a):
        return a + 1


    class Counter:
        def __init__(self):
            self.n = 0

        def up(self):
            self.n -= 1


    if __name__ == "__main__":
        print(add(1, 2), file=sys.stdout)
    ''')
RIGHT = dedent("""\
    from functools import reduce

    FACTOR = 2


    def helper(a):
        return reduce(lambda x, y: x * y, [a, FACTOR])


    def add(a, b):
        return a - b


    def double(a):
        return helper(a)


    class Counter:
        def __init__(self):
            self.n = 0

        @staticmethod
        def up(self):
            self.n += 1
    """)


def run(source: str) -> ModuleType:
    module = ModuleType("product")
    exec(compile(source, "product.py", "exec"), module.__dict__)
    return module


def test_every_differing_function_and_method_is_offered_once() -> None:
    products = [product["kit.py"] for product in crossings({"kit.py": LEFT}, {"kit.py": RIGHT})]

    assert len(products) == 3  # add, double, Counter.up; __init__ is the same in both
    assert sum("return a - b" in text for text in products) == 1
    assert sum("self.n += 1" in text for text in products) == 1


def test_a_function_brings_what_it_needs() -> None:
    text = next(p["kit.py"] for p in crossings({"kit.py": LEFT}, {"kit.py": RIGHT}) if "helper(a)\n" in p["kit.py"])

    assert run(text).double(4) == 8
    assert run(text).add(1, 2) == 3
    assert text.index('"""Numbers."""') < text.index("from functools import reduce") < text.index("def add")


def test_a_method_keeps_its_decorator_and_place() -> None:
    text = next(p["kit.py"] for p in crossings({"kit.py": LEFT}, {"kit.py": RIGHT}) if "self.n += 1" in p["kit.py"])

    assert "    @staticmethod\n    def up(self):\n        self.n += 1\n" in text
    assert text.count("def up") == 1


def test_whole_files_come_first_when_there_are_several() -> None:
    best = {"a.py": "def f():\n    return 1\n", "b.py": "def g():\n    return 1\n"}
    donor = {"a.py": "def f():\n    return 2\n", "b.py": "def g():\n    return 2\n"}

    products = list(crossings(best, donor))

    assert products[:2] == [{**best, "a.py": donor["a.py"]}, {**best, "b.py": donor["b.py"]}]


def test_a_single_file_is_not_replaced_by_the_donor_as_a_whole() -> None:
    assert {"kit.py": RIGHT} not in list(crossings({"kit.py": LEFT}, {"kit.py": RIGHT}))


def test_broken_and_missing_files_are_left_alone() -> None:
    assert list(crossings({"a.py": "def f(:\n"}, {"a.py": "def f():\n    return 1\n"})) == []
    assert list(crossings({"a.py": "x = 1\n"}, {"b.py": "x = 2\n"})) == []
    assert list(crossings({"a.py": "x = 1\n"}, {"a.py": "  \n"})) == []


def test_a_corrected_function_takes_its_place() -> None:
    text = graft(LEFT, "import math\n\ndef double(a):\n    return math.floor(a * 2)\n\nprint(double(2))\n")

    assert text is not None
    assert run(text).double(4) == 8
    assert "print(double(2))" not in text
    assert "class Counter" in text
    assert '__name__ == "__main__"' in text


def test_a_corrected_method_comes_inside_its_class_or_alone() -> None:
    inside = graft(LEFT, "class Counter:\n  def up(self):\n    self.n += 5\n\n  def down(self):\n    self.n -= 5\n")
    alone = graft(LEFT, "def up(self):\n    self.n += 5\n")

    assert inside is not None
    assert alone is not None
    for text in (inside, alone):
        counter = run(text).Counter()
        counter.up()
        assert counter.n == 5
    assert "    def down(self):" in inside


def test_what_is_new_is_added_and_a_constant_replaced() -> None:
    text = graft(
        "RATE = 1\n\n\ndef f():\n    return RATE\n\n\ndef g():\n    pass\n",
        "RATE = 2\nSIZE = 3\n\ndef f():\n    return h()\n\ndef h():\n    return RATE * SIZE\n",
    )

    assert text is not None
    assert run(text).f() == 6
    assert text.count("RATE =") == 1


def test_a_fragment_that_is_the_whole_program_replaces_it() -> None:
    whole = LEFT.replace("a + 1", "a * 2")

    assert graft(LEFT, whole) == whole


def test_what_does_not_parse_is_no_program() -> None:
    assert graft(LEFT, "def up(:\n") is None
    assert graft("def up(:\n", "def up():\n    pass\n") is None


def test_a_text_that_holds_a_form_feed_is_moved_as_it_is() -> None:
    made = graft(
        "class Page:\n    def end(self):\n        pass\n", "class Page:\n    def end(self):\n        return 'a\x0cb'\n"
    )
    assert made == "class Page:\n    def end(self):\n        return 'a\x0cb'\n"
