import pytest

from swfactory.programs.functions import defines, functions_of, hollow, parse, runs, source_lines, suspects

SOURCE = """\
class Queue:
    def __init__(self):
        self.items = []

    @property
    def first(self):
        \"\"\"The next one.\"\"\"
        return self.items[0]

    def size(self): return len(self.items)


def main(
    words,
):
    queue = Queue()
    if words[0] == "drop":
        print(queue.first)


main(["drop"])
"""


def test_functions_and_methods_with_their_lines():
    found = {function.name: function.lines for function in functions_of(parse(SOURCE))}
    assert list(found) == ["Queue.__init__", "Queue.first", "Queue.size", "main"]
    assert list(found["Queue.first"]) == [5, 6, 7, 8]


def test_a_hole_keeps_signature_and_docstring():
    assert hollow(SOURCE, "Queue.first") == SOURCE.replace("return self.items[0]", "...  # to be written")
    start, end = SOURCE.index("    queue = Queue()"), SOURCE.index("\n\n\nmain(")
    assert hollow(SOURCE, "main") == SOURCE[:start] + "    ...  # to be written" + SOURCE[end:]


def test_a_function_of_a_docstring_alone_gets_a_hole_below_it():
    assert hollow('def f():\n    """Doc."""\n', "f") == 'def f():\n    """Doc."""\n    ...  # to be written\n'


@pytest.mark.parametrize(("source", "name"), [(SOURCE, "Queue.size"), (SOURCE, "gone"), ("def f(:", "f"), ("", "f")])
def test_where_no_hole_can_be_made(source, name):
    assert hollow(source, name) is None


@pytest.mark.parametrize("name", ["Queue.first", "Queue.__init__", "main"])
def test_a_program_with_a_hole_still_parses(name):
    assert parse(hollow(SOURCE, name)) is not None


@pytest.mark.parametrize(
    ("problem", "first"),
    [
        (
            "`python main.py x` crashed with IndexError (in main.py line 8, in first: return self.items[0])",
            "Queue.first",
        ),
        ("`Queue().size()` gives 1", "Queue.size"),
        ("`python main.py drop` printed '1', expected '2'", "main"),
    ],
    ids=["the frame of a crash", "a name in a call", "a word in a string"],
)
def test_the_likeliest_at_fault_comes_first(problem, first):
    assert suspects({"main.py": SOURCE}, [problem])[0] == ("main.py", first)


def test_the_function_of_a_failing_command_comes_first():
    source = "def add_command(text):\n    pass\n\n\ndef list_all_command():\n    pass\n\n\n"
    source += "def main():\n    print('list-all')\n"
    said = ["`python main.py list-all` printed '1', expected '2'"]
    assert suspects({"main.py": source}, said)[0] == ("main.py", "list_all_command")


@pytest.mark.parametrize(
    ("said", "first"),
    [
        ("`assert list(box) == ['a']`: AssertionError", "__iter__"),
        ("`assert len(box) == 1`: AssertionError", "__len__"),
        ("`assert 'z' not in box`: AssertionError", "__contains__"),
        ("`box + Box(2)`: TypeError", "__add__"),
        ("`box[0]`: IndexError", "__getitem__"),
        ("it failed", "__init__"),
    ],
)
def test_a_method_that_a_failure_does_not_name_is_told_by_what_calls_it(said, first):
    names = ["__init__", "__len__", "__iter__", "__contains__", "__add__", "__getitem__"]
    source = "class Box:\n" + "".join(f"    def {name}(self, other=None):\n        return 0\n" for name in names)
    assert suspects({"box.py": source}, [said])[0] == ("box.py", f"Box.{first}")


def test_every_function_of_every_file_that_parses_is_a_suspect():
    assert suspects({"a.py": "def f():\n    g()\n", "b.py": "def g(:", "c.py": "x = 1\n"}, []) == [("a.py", "f")]


@pytest.mark.parametrize(("depth", "read"), [(80, True), (600, False)])
def test_what_is_nested_too_deep_is_no_program(depth, read):
    assert (parse(f"x = {' + '.join(['y'] * depth)}\n") is not None) is read


@pytest.mark.parametrize(
    ("source", "defined"),
    [
        ("def f():\n    pass\n", True),
        ("class f:\n    pass\n", True),
        ("f = 1\n", True),
        ("def g():\n    f()\n", False),
        ("", False),
        ("def f(:\n", True),
    ],
)
def test_what_a_program_defines(source, defined):
    assert defines(source, ["f", "other"]) is defined


@pytest.mark.parametrize(
    ("source", "run"),
    [
        ("print(1)\n", True),
        ("def main():\n    pass\n", True),
        ("if __name__ == '__main__':\n    f()\n", True),
        ("import os\n\n\nclass A:\n    pass\n\n\nx = 1\n", False),
        ("def f():\n    pass\n", False),
        ("def f(:\n", False),
    ],
)
def test_what_runs(source, run):
    assert runs(source) is run


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_those_that_the_parser_counts(end):
    source = f"a = '\x0c\u2028'{end}\x0cb = 2{end}"
    assert source_lines(source) == ["a = '\x0c\u2028'", "\x0cb = 2"]
    assert [node.lineno for node in parse(source).body] == [1, 2]


def test_a_hole_is_cut_where_the_parser_saw_the_function():
    source = "A = '\x0c'\n\n\ndef f():\n    return 1\n"
    assert hollow(source, "f") == "A = '\x0c'\n\n\ndef f():\n    ...  # to be written\n"
