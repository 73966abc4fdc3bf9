"""Small changes that mend usual slips."""

import ast

import pytest

from swfactory.programs.mutation import mutants


def bodies(source, name="f"):
    """The function of each mutant, as one line of Python."""
    found = []
    for mutant in mutants(source, name):
        (function,) = [node for node in ast.parse(mutant).body if isinstance(node, ast.FunctionDef)]
        found.append("; ".join(map(ast.unparse, function.body)))
    return found


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("print(', '.join(x))", "print(', '.join(sorted(x)))"),
        ("print(f\"{x} [{', '.join(y)}]\")", "print(f\"{x} [{', '.join(sorted(y))}]\")"),
        ("print(f'{x} [{y}]')", "print(f'{x} [{y}]' if y else f'{x}')"),
        ("print(f'{x} [{y if y else 0}]')", "print(f'{x} [{y}]' if y else f'{x}')"),
        ("print(f'total: {x:.2f}')", "print(f'{x:.2f}')"),
        ("print(f'平均分：{x}')", "print(f'{x}')"),
        ("print(f'{x:.2f}')", "print(f'{x:.1f}')"),
        ("print(f'{x:8,.2f}')", "print(f'{x:8,.0f}')"),
        ("print(round(x, 2))", "print(round(x, 1))"),
        ("print(' '.join(x))", "print(''.join(x))"),
        ("print(' '.join(x))", "print(', '.join(x))"),
        ("return x in y.lower()", "return x.lower() in y.lower()"),
        ("return x[0] == y", "return x[0].startswith(y)"),
        ("return x[0]", "if not x:\n    return ''; return x[0]"),
        ("return x[0]", "if not x:\n    return []; return x[0]"),
        ("x += y", "x += float(y)"),
        ("return x[0] > 0", "return x[0]"),
        ("return [y for y in x]", "return sorted([y for y in x])"),
        ("for y in x:\n        print(y)", "for y in sorted(x):\n    print(y)"),
        ("for i, y in enumerate(x, 1):\n        print(i)", "for (i, y) in enumerate(sorted(x), 1):\n    print(i)"),
        ("x.sort()", "x.sort(reverse=True)"),
        ("print(sorted(x, reverse=True))", "print(sorted(x))"),
        ("return x < y", "return x <= y"),
        ("return x / y", "return y / x"),
        ("print(f'{x - y:.2f}')", "print(f'{y - x:.2f}')"),
    ],
)
def test_a_usual_slip_is_mended(body, expected):
    wanted = ast.unparse(ast.parse(expected.replace("; ", "\n")))
    assert wanted in [text.replace("; ", "\n") for text in bodies(f"def f(x, y):\n    {body}\n")]


@pytest.mark.parametrize(
    ("body", "expected", "problem"),
    [
        ("print(' '.join(x))", "print(' x '.join(x))", "`main.py` printed '2 3', expected '2 x 3'"),
        ("return x.isdigit()", "return str(x).isdigit()", "AttributeError: 'int' object has no attribute 'isdigit'"),
        ("return x + y", "return x + float(y)", "TypeError: unsupported operand type(s) for +: 'float' and 'str'"),
        ("return x <= y", "return float(x) <= y", "TypeError: '<=' not supported between instances of 'str' and 'int'"),
        ("gcd = gcd(x, y); return gcd", "gcd_value = gcd(x, y); return gcd_value", ""),
        (
            "x.append(f'{y}s'); return x",
            "if y or not x:\n    x.append(f'{y}s')\nreturn x",
            "`f` printed '1h 0s', expected '1h'",
        ),
    ],
)
def test_a_failure_says_what_is_worth_a_try(body, expected, problem):
    source = f"def f(x, y):\n    {body}\n"
    wanted = [ast.dump(node) for node in ast.parse(expected).body]
    made = [*mutants(source, "f", [problem])]
    assert wanted in [[ast.dump(node) for node in ast.parse(text).body[0].body] for text in made]
    assert "'int'" not in problem or made[0] != next(iter(mutants(source, "f")), "")


@pytest.mark.parametrize(
    ("condition", "good", "bad"),
    [
        ("not x", "a", ""),
        ("any((char.isdigit() for char in x))", "a", "a1"),
        ("x <= 0", 1, 0),
        ("x < 0", 0, -1),
        ("len({len(one) for one in x}) > 1", [[1], [2]], [[1], [2, 3]]),
    ],
)
def test_what_is_to_be_refused_is_refused(condition, good, bad):
    made = mutants("def f(x):\n    return x\n", "f", ["`f(1)` but nothing was raised"])
    (mutant,) = [text for text in made if f"if {condition}:\n        raise" in text]
    names = {}
    exec(mutant, names)
    assert names["f"](good) == good
    with pytest.raises(ValueError, match="x can't be"):
        names["f"](bad)


def test_what_puts_texts_together_is_changed_first_where_a_text_is_wrong():
    source = "def f(x):\n    if not x:\n        return ''\n    return ' '.join(x)\n"
    made = [*mutants(source, "f", ["`f` printed 'a b', expected 'ab'"])]
    assert made[0] == source.replace("return ' '", "return ''")
    assert sorted(made) == sorted(mutants(source, "f"))


def test_nothing_is_refused_without_need():
    assert not [text for text in mutants("def f(x, y):\n    return x\n", "f") if "raise" in text]
    second = [
        text
        for text in mutants("def f(x, y):\n    return x\n", "f", ["`f(1)` but nothing was raised"])
        if "if y <= 0" in text
    ]
    assert len(second) == 1


def test_each_mutant_changes_one_place_and_the_rest_stays():
    other = "import os\n\n\ndef g():\n    # kept\n    return ','.join([])\n"
    source = f"{other}\n\ndef f(x):\n    return ','.join(x) + ';'.join(x)\n"
    joined = [mutant for mutant in mutants(source, "f") if "sorted(x)) + " in mutant or "join(sorted(x))" in mutant]
    assert len(joined) == 2
    for mutant in mutants(source, "f"):
        compile(mutant, "main.py", "exec")
        assert mutant.startswith(other)
    assert source not in mutants(source, "f")


def test_a_method_is_changed_in_its_class():
    source = (
        "class Box:\n    def show(self, x):\n        return ','.join(x)\n\n    def other(self):\n        return 1\n"
    )
    first = next(iter(mutants(source, "Box.show")))
    names = {}
    exec(first, names)
    assert (names["Box"]().show("ba"), names["Box"]().other()) == ("a,b", 1)


@pytest.mark.parametrize("source", ["def f(:\n", "x = 1\n", "def g():\n    pass\n"])
def test_where_there_is_no_such_function_nothing_is_changed(source):
    assert list(mutants(source, "f")) == []


def test_what_is_nested_too_deep_stays_as_it_is():
    source = f"def f(x):\n    return {' + '.join(['x'] * 600)}\n"
    assert list(mutants(source, "f")) == []


def test_several_symptoms_take_turns():
    source = "def f(x):\n    print(f'mean: {x:.2f}')\n    return x\n"
    problems = ["`main.py` printed 'mean: 2.50', expected '2.5'", "`f(0)`: but nothing was raised"]
    made = [*mutants(source, "f", problems)][:6]
    assert any("{x:.2f}" in text and "mean" not in text for text in made)
    assert any("raise ValueError" in text for text in made)


@pytest.mark.parametrize(
    "body",
    [
        "if x:\n        print(f'error: no {x}', file=sys.stderr)\n        return\n    y()",
        "if x:\n        print(f'Error: no {x}')\n        return\n    y()",
        "if not x:\n        y()\n    else:\n        print(f'no {x}', file=sys.stderr)",
        "if x:\n        print(f'no {x}', file=sys.stderr)\n        sys.exit(0)\n    y()",
    ],
)
def test_what_complains_and_goes_on_raises_instead(body):
    source = f"def f(x, y):\n    {body}\n"
    made = [*mutants(source, "f", ["`f 1` exited with status 0, expected 1"])]
    assert [text for text in made if "raise ValueError(f'no {x}')" in text and "print" not in text]
    assert [text for text in made if "raise LookupError(f'no {x}')" in text and "print" not in text]


def test_what_is_printed_and_is_no_complaint_stays():
    problems = ["`f 1` exited with status 0, expected 1"]
    for body in (
        "print('error: x', file=sys.stderr)\n    y()",
        "if x:\n        print(x)\n    y()",
        "print(x)\n    return",
    ):
        made = [*mutants(f"def f(x, y):\n    {body}\n", "f", problems)]
        assert not [text for text in made if "raise" in text and "can't be" not in text]
