"""Guards that are dropped, and those that are put in."""

import re

import pytest

from swfactory.programs.guards import with_guard, without_guard

GUARDED = """\
def f(x):
    if not x:
        return 0
    elif x > 9:
        raise ValueError("large")
    for y in x:
        if y:
            raise ValueError("bad")
    if x == 3:
        raise KeyError(
            "three"
        )
    return 1
"""


@pytest.mark.parametrize(("line", "first", "last"), [(5, 4, 5), (11, 9, 12)])
def test_a_guard_is_dropped(line, first, last):
    lines = GUARDED.splitlines()
    assert without_guard(GUARDED, line) == "\n".join(lines[: first - 1] + lines[last:]) + "\n"


@pytest.mark.parametrize(
    ("source", "line"),
    [(GUARDED, 3), (GUARDED, 8), ("if x:\n    raise E\nelse:\n    f()\n", 2), ("def f(:\n", 1), ("", 1)],
    ids=["raises nothing", "nothing would be left", "something else hangs on it", "no program", "empty"],
)
def test_what_is_no_guard_stays(source, line):
    assert without_guard(source, line) is None


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            "    return self.rows.get(key)[0]",
            "    found = self.rows.get(key)\n    if found is None:\n        RAISE\n    return found[0]",
        ),
        (
            "    row = look(key)\n    return row.size",
            "    row = look(key)\n    if row is None:\n        RAISE\n    return row.size",
        ),
        (
            "    if x:\n        if c.fetchone()['é'] < 1:\n            x = 2",
            "    if x:\n        found = c.fetchone()\n        if found is None:\n            RAISE\n"
            "        if found['é'] < 1:\n            x = 2",
        ),
    ],
    ids=["a call", "a name", "a condition"],
)
def test_what_was_not_found_is_refused(body, expected):
    source = f"def take(self, key):\n{body}\n"
    line = next(number for number, text in enumerate(source.splitlines(), 1) if re.search(r"\[|\.size", text))
    wanted = expected.replace("RAISE", 'raise KeyError(f"unknown key: {key}")')
    assert with_guard(source, line, "KeyError") == f"def take(self, key):\n{wanted}\n"


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("def f(x):\n    return 1\n", 2),
        ("x = y[0]\n", 1),
        ("def f(x):\n    if x:\n        pass\n    elif y[0]:\n        pass\n", 4),
        ("def f(:\n", 1),
    ],
    ids=["uses nothing", "no function", "no place", "no program"],
)
def test_where_nothing_is_looked_up_there_is_no_guard(source, line):
    assert with_guard(source, line, "KeyError") is None


def test_without_arguments_the_message_is_plain():
    assert 'raise IndexError("there is none")' in (
        with_guard("def f():\n    return top.value\n", 2, "IndexError") or ""
    )
