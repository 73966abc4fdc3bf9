import ast
import sys
import types
import unittest.mock

import pytest

from swfactory.domain.spec import ApiExample, CommandExample, Step
from swfactory.requirements.quotations import quoted_examples
from swfactory.requirements.variations import vary, vary_steps


def commands(text, **options):
    """The varied commands of a requirement, without the program's name."""
    return [[list(step.argv[2:]) for step in example.steps] for example in vary(text, quoted_examples(text), **options)]


def test_a_value_of_a_list_takes_all_its_values():
    text = "Colours: red, green, blue or black. `python main.py mix red blue` prints purple."
    (rows,) = commands(text, subcommands=["mix"])
    assert all(row[0] == "mix" for row in rows)
    assert {word for row in rows for word in row[1:]} == {"red", "green", "blue", "black"}
    assert all(row[1] != row[2] for row in rows)


@pytest.mark.parametrize(
    ("word", "others"),
    [
        ("5", {"6", "20", "1"}),
        ("2.50", {"3.50", "7.5", "1"}),
        ("2024-01-05", {"2024-12-31", "2023-03-01", "2000-02-29"}),
        ("abc", {"cba", "abcabc", "aaaaaaaaaaaa"}),
    ],
)
def test_each_kind_of_value_has_its_variants(word, others):
    (rows,) = commands(f"`python main.py {word}` prints x1.")
    assert {row[0] for row in rows} == others


@pytest.mark.parametrize("word", ["--flag", "x", "2024-03-05T09:00", "12:30"])
def test_options_letters_and_times_stay(word):
    assert commands(f"`python main.py {word}` prints x1.") == []


def test_varied_commands_may_be_refused():
    (example,) = vary("`python main.py 5` prints 25.", quoted_examples("`python main.py 5` prints 25."))
    assert example.origin == "derived"
    assert all(step.refusable and step.exit_code is None and step.stdout is None for step in example.steps)


@pytest.mark.parametrize(
    "example",
    [
        CommandExample(steps=(Step(argv=("python", "main.py", "5"), exit_code=1),)),
        CommandExample(steps=(Step(argv=("python", "main.py", "5")),)),
        CommandExample(files={"a.txt": "x"}, steps=(Step(argv=("python", "main.py", "5"), stdout="1"),)),
        CommandExample(
            steps=(Step(argv=("python", "main.py", "1")), Step(argv=("python", "main.py", "5"), stdout="1"))
        ),
        CommandExample(steps=(Step(argv=("python", "main.py"), stdout="1"),)),
        ApiExample(code="from kit import f\n\nf('abc')\n"),
        ApiExample(code="from kit import f\n\nx = f(1)\nassert f(x) == 2\n"),
        ApiExample(code="from kit import f, g\n\nassert f(g(1)) == 2\n"),
        ApiExample(code="from kit import f\n\nassert f(True) == 2\n"),
    ],
    ids=["error", "no output", "files", "several", "no words", "no assert", "setup", "nested", "bool"],
)
def test_what_cannot_be_varied(example):
    assert vary("", [example]) == ()


@pytest.mark.parametrize(
    ("literal", "others"),
    [
        ("'ab'", {"''", "'abbbbbbbbbbbb'", "'abab'", "'ba'", "'a ab'"}),
        ("3", {"4", "30", "1", "0"}),
        ("2.0", {"3.0", "0.5", "0.0"}),
        ("[1, 2]", {"[]", "[1]", "[1, 2, 1, 2]", "[2, 1]"}),
    ],
)
def test_calls_are_varied_argument_by_argument(literal, others):
    examples = vary("f raises KeyError.", [ApiExample(code=f"from kit import f\n\nassert f({literal}) == 7\n")])
    assert {example.code.split("f(")[-1].strip()[:-1] for example in examples} == others
    for example in examples:
        assert "from kit import f" in example.code
        assert "contextlib.suppress(KeyError, ValueError)" in example.code
        ast.parse(example.code)


PACKED_ONE = [ApiExample(code="from kit import pack\n\nassert pack('ab') == 'ba'\n")]
PACKED = [ApiExample(code="from kit import pack_all\n\nassert pack_all('ab') == 'ba'\n")]


def test_what_is_packed_and_unpacked_is_what_it_was():
    codes = [example.code for example in vary("Offers pack_all(text) and unpack_all(text).", PACKED)]
    assert "from kit import unpack_all, pack_all\n\nassert unpack_all(pack_all('ab')) == 'ab'\n" in codes
    (guarded,) = [code for code in codes if "made = pack_all('abab')" in code]
    assert "except (ValueError):\n    pass\nelse:\n    assert unpack_all(made) == 'abab'" in guarded


@pytest.mark.parametrize(
    ("said", "origin"),
    [("which reverses it", "stated"), ("互逆", "stated"), ("for files", "derived"), ("按逆序", "derived")],
)
def test_no_vote_drops_the_way_back_that_the_requirement_states(said, origin):
    examples = vary(f"Offers pack_all(text) and unpack_all(text), {said}.", PACKED)
    assert {example.origin for example in examples if "unpack_all" in example.code} == {origin}


@pytest.mark.parametrize(("back", "holds"), [("lambda made: made", True), ("int", False)])
def test_what_was_packed_must_be_unpacked(back, holds):
    codes = [example.code for example in vary("pack(text) and unpack(text)", PACKED_ONE)]
    (code,) = [code for code in codes if "made = pack('abab')" in code]
    product = types.ModuleType("kit")
    product.pack, product.unpack = str, eval(back)
    with unittest.mock.patch.dict(sys.modules, kit=product):
        if holds:
            exec(code, {})
        else:
            with pytest.raises(ValueError, match="invalid literal"):
                exec(code, {})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Offers pack_all(text).", PACKED[0].code),
        ("f(x) and unpack_all(text)", "from kit import f\n\nassert f('ab') == 'ba'\n"),
        ("unpack(text)", "from kit import pack\n\nassert pack('ab', 2) == 'ba'\n"),
    ],
    ids=["no inverse is offered", "no inverse is known", "two arguments"],
)
def test_no_way_back_is_invented(text, code):
    assert not any("unpack" in example.code for example in vary(text, [ApiExample(code=code)]))


def test_letters_that_are_altered_need_not_come_back():
    text = "Offers pack_all(text) and unpack_all(text); unpack_all returns upper-case text."
    assert not any("unpack" in example.code for example in vary(text, PACKED))


@pytest.mark.parametrize(
    "claim", ["to_feet(3) == 9.84", "to_feet(9.15) == 30", "to_feet(10) == 33", "to_feet([0.5]) == 'a'"]
)
def test_numbers_that_may_be_rounded_need_not_come_back(claim):
    text = "to_feet(metres) and from_feet(feet), which is the inverse of to_feet."
    made = vary(text, [ApiExample(code=f"from kit import to_feet\n\nassert {claim}\n")])
    assert not any("from_feet" in example.code for example in made)


def conversions(text):
    """What a requirement's conversions must print, by their words."""
    found = [example.steps[0] for example in vary(text, quoted_examples(text)) if isinstance(example, CommandExample)]
    return {" ".join(step.argv[2:]): step.stdout for step in found if step.stdout is not None}


def test_what_is_converted_there_and_back_is_what_it_was():
    text = "Converts weights: g, kg, t. `python main.py 5 t kg` prints 5000.0."
    assert conversions(text) == {
        "5000.0 kg t": "5.0\n",
        "5 g g": "5.0\n",
        "5 kg kg": "5.0\n",
        "5 t t": "5.0\n",
    }


def test_a_conversion_to_the_same_may_be_refused():
    text = "Converts weights: g, kg, t; two of the same are an error. `python main.py 5 t kg` prints 5000."
    assert conversions(text) == {"5000 kg t": "5\n"}


@pytest.mark.parametrize(
    "text",
    [
        "Weights: g, kg, t. `python main.py 5 t kg` prints 5000.0.",
        "Converts weights: g, kg, t. `python main.py 5 g kg` prints 0.005.",
        "Converts weights: g, kg, t. `python main.py 0.125 t kg` prints 125.0.",
        "Converts weights: g, kg, t. `python main.py t kg` prints 1000.0.",
        "Converts weights: g, kg, t. `python main.py 5 t lb` prints 11023.0.",
        "Converts weights: g, kg, t. `python main.py 5 t kg` exits with status 1.",
    ],
    ids=["no conversion", "rounded", "more digits", "no number", "one kind", "an error"],
)
def test_no_conversion_is_invented(text):
    assert conversions(text) == {}


def test_commands_of_which_no_output_is_shown_vary_too() -> None:
    walk = CommandExample(steps=(Step(argv=("python", "main.py", "gcd", "12", "18")),))
    (made,) = vary_steps("`python main.py gcd 12 18` prints the divisor.", walk, subcommands={"gcd"})
    assert {step.argv[2] for step in made.steps} == {"gcd"}
    assert ("12", "18") not in {step.argv[3:] for step in made.steps}
    assert vary_steps("Numbers are stored in a file.", walk, subcommands={"gcd"}) == ()


def test_a_count_does_not_become_a_huge_one() -> None:
    (made,) = vary_steps(
        "", CommandExample(steps=(Step(argv=("python", "main.py", "roll", "2d6")),)), subcommands={"roll"}
    )
    assert all(len(step.argv[3]) <= len("2d62d6") for step in made.steps)
