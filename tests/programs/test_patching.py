"""A change is written into a program where it was made, and nowhere else."""

import ast

import pytest

from swfactory.programs.patching import patched

SOURCE = '''\
def f(x):
    """Say it."""
    # first
    total = 0  # counted

    for one in x:
        if one: total += 1
        else:
            total = (
                "a"  # why
            )
    try:
        print(f"{total}")
    except ValueError as error:
        print(error)
    return total
'''


def patch(old: str, new: str) -> list[str]:
    """The lines that a change of the parsed program changes."""
    changed = ast.parse(SOURCE.replace(old, new)).body[0]
    made = patched(SOURCE, ast.parse(SOURCE).body[0], changed)
    assert ast.dump(ast.parse(made)) == ast.dump(ast.parse(SOURCE.replace(old, new)))
    return [line for line in made.splitlines() if line not in SOURCE.splitlines()]


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("return total", "return total + 1", ["    return total + 1"]),
        ("total = 0", "total = 5", ["    total = 5"]),
        ('{total}")', '{total:.1f}")', ["        print(f'{total:.1f}')"]),
        (
            "if one: total += 1",
            "if one: total += 2",
            ["        if one:", "            total += 2", "            total = 'a'"],
        ),
        ('"a"', '"b"', ["            total = 'b'"]),
        ("for one in x:", "for one in sorted(x):", None),
        ("print(error)", "print(str(error))", None),
        ("    # first", "    if not x:\n        return 0", ["    if not x:", "        return 0"]),
        ("return total", "total += 1\n    return total", ["    total += 1"]),
        ("return total", "return total\n    print()", None),
        ("def f(x):", "def f(x, y):", None),
    ],
)
def test_a_statement_is_written_anew_where_it_stands(old, new, changed):
    lines = patch(old, new)
    assert changed is None or lines == changed


@pytest.mark.parametrize(
    "source",
    ["@cache\ndef f(x):\n    return x\n", "def f(x):\n    a = 1; return x\n", "def f(x): return x\n"],
    ids=["decorated", "several in a line", "one line"],
)
@pytest.mark.parametrize(("old", "new"), [("return x", "return x + 1"), ("f(x)", "f(x, y)")])
def test_what_shares_a_line_stays(source, old, new):
    wanted = ast.parse(source.replace(old, new))
    made = patched(source, ast.parse(source).body[0], wanted.body[0])
    assert ast.dump(ast.parse(made)) == ast.dump(wanted)


def test_lines_are_counted_as_the_parser_does():
    source = "def f(x):\n    a = 'one\x0ctwo\u2028three'\n    return x\n"
    changed = ast.parse(source.replace("return x", "return a")).body[0]
    assert patched(source, ast.parse(source).body[0], changed) == source.replace("return x", "return a")


def test_nothing_changed_is_no_patch():
    node = ast.parse(SOURCE).body[0]
    assert patched(SOURCE, node, ast.parse(SOURCE).body[0]) is None
