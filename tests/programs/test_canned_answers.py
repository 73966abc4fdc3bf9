"""Answers that are written into a program."""

from __future__ import annotations

from textwrap import dedent

import pytest

from swfactory.domain.spec import ApiExample, CommandExample, Example, Step
from swfactory.domain.suite import PlannedTest, Suite
from swfactory.programs.canned_answers import canned_answers


def found(source: str, example: Example) -> dict[str, str]:
    test = PlannedTest(name="test_c1_1", criterion="C1", title="t", example=example)
    return canned_answers({"main.py": dedent(source)}, Suite(tests=(test,)))


def printing(stdout: str, *words: str) -> CommandExample:
    return CommandExample(origin="quoted", steps=(Step(argv=("python", "main.py", *words), stdout=stdout),))


DIGIT = printing("3", "digit", "7992739871")


@pytest.mark.parametrize(
    "source",
    [
        "def digit_command(number):\n    work(number)\n    print(3)\n",
        "def digit_command(number):\n    print('3')\n    print('no', file=sys.stderr)\n",
        "def digit_command(number):\n    if number == '7992739871':\n        print(3)\n    print(work(number))\n",
    ],
)
def test_a_constant_is_no_answer(source: str) -> None:
    (said,) = found(source, DIGIT).values()
    assert said.startswith("`python main.py digit 7992739871` prints `3`: it must be worked out")
    assert "(in main.py line " in said


@pytest.mark.parametrize(
    "source",
    [
        "def digit_command(number):\n    print(work(number))\n",
        "def digit_command(number):\n    print(3 if odd(number) else 4)\n",
        "def digit_command(number):\n    if number == 'a':\n        print(3)\n    else:\n        print(work(number))\n",
        "def digit_command(number):\n    print(3, number)\n",
        "def digit_command(number:\n",
    ],
)
def test_what_is_worked_out_is_one(source: str) -> None:
    assert found(source, DIGIT) == {}


@pytest.mark.parametrize(
    ("stdout", "words", "printed"),
    [("balanced", ("a.txt",), "balanced"), ("0", ("count", "x"), "0"), ("1.2.3", ("version",), "1.2.3")],
)
def test_what_may_always_be_said_may_be_constant(stdout: str, words: tuple[str, ...], printed: str) -> None:
    assert found(f"def run(file):\n    print({printed!r})\n", printing(stdout, *words)) == {}


@pytest.mark.parametrize(
    ("code", "returned", "canned"),
    [
        ("assert pack('aaab') == '3a1b'", "'3a1b'", True),
        ("assert pack([1, 2]) == [[1], [2]]", "[[1], [2]]", True),
        ("assert pack('1h30m') == 5400", "5400", True),
        ("assert pack('x') == 4", "4", False),
        ("assert pack('x') == 'odd'", "'odd'", False),
        ("assert pack('aaab') == '3a1b'", "work(text)", False),
        ("assert unpack('aaab') == '3a1b'", "'3a1b'", False),
        ("assert pack() == '3a1b'", "'3a1b'", False),
        ("assert pack('a') in given", "'3a1b'", False),
        ("pack('aaab')", "'3a1b'", False),
        ("# nothing", "'3a1b'", False),
        ("assert pack('aaab') == 500", f"{'-' * 1500}500", False),
    ],
)
def test_what_a_function_returns(code: str, returned: str, canned: bool) -> None:
    example = ApiExample(code=f"from main import pack\n\n{code}\n")
    assert bool(found(f"def pack(text):\n    return {returned}\n", example)) is canned
