"""The program that is filled in by a model."""

import ast
import re
import subprocess
import sys

import pytest

from swfactory.programs.skeleton import Shared, program_skeleton

COMMANDS = "`python main.py add 2024-01-31 --tag x` adds, `python main.py list` lists. Errors exit with status 3."


def test_each_subcommand_has_a_function_with_what_it_gets_and_what_is_said_of_it():
    assert (
        program_skeleton(COMMANDS, "main.py")
        == """\
import sys

from arguments import parse_args


def add_command(date: str, tag: str | None) -> None:
    # add 2024-01-31 --tag x: adds
    ...


def list_command() -> None:
    # list: lists
    ...


def main():
    args = parse_args()
    try:
        if args.command == "add":
            add_command(args.date, args.tag)
        elif args.command == "list":
            list_command()
    except (ValueError, LookupError, OSError) as error:
        print(f"error: {error}", file=sys.stderr)
        sys.exit(3)


if __name__ == "__main__":
    main()
"""
    )


def test_a_program_without_subcommands_has_one_function():
    text = "`python main.py FILE --top 3` prints (in order; all of them) three lines. `--raw` leaves out the numbers."
    code = program_skeleton(text, "main.py")
    assert "run(file: str, top: int | float | None, raw: bool) -> None:" in code
    assert "    # FILE --top 3: prints three lines\n    # in order\n    # all of them\n" in code
    assert "    # --raw: leaves out the numbers\n" in code
    assert "run(args.file, args.top, args.raw)" in code


def test_what_is_ready_is_imported():
    code = program_skeleton(COMMANDS, "main.py", {"lib.store": ("load", "save")})
    assert "from lib.store import load, save\n" in code


def test_a_program_without_a_parser_gets_its_words():
    code = program_skeleton("`python main.py Red Green Blue` prints white.", "main.py")
    assert "arguments" not in code
    assert "words = sys.argv[1:]  # like ['Red', 'Green', 'Blue']" in code


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            "`python main.py FILE` counts words.",
            'file = sys.argv[1]\n        text = Path(file).read_text(encoding="utf-8")',
        ),
        ("`python main.py FILE` writes ten numbers to FILE.", "file = sys.argv[1]\n        run(file)"),
        ("`python main.py FILE WORD` counts a word.", "file, word = sys.argv[1:]"),
        ("`python main.py WORD WORD` joins.", "words = sys.argv[1:]  # like ['WORD', 'WORD']"),
        ("`python main.py FILE` counts, `python main.py FILE WORD` finds.", "words = sys.argv[1:]  # like ['FILE']"),
        (
            "`python main.py NAME` greets. Without a name it prints `Hello, world!`.",
            "words = sys.argv[1:]  # like ['NAME']",
        ),
        ("`python main.py NAME` greets the world if no name is given.", "words = sys.argv[1:]  # like ['NAME']"),
        ("`python main.py NAME` 打印问候语。不带名字时打印 `你好`。", "words = sys.argv[1:]  # like ['NAME']"),
    ],
    ids=["a file to read", "a file to write", "two", "equal names", "two ways", "without it", "if none is given", "zh"],
)
def test_words_are_called_as_the_requirement_does(text, line):
    code = program_skeleton(text, "main.py")
    assert line in code
    assert ("Path" in line) == ("from pathlib import Path" in code)


@pytest.mark.parametrize(
    "text",
    [
        "`python main.py NAME` greets. It exits without a traceback.",
        "`python main.py NAME` greets. If no friends are found, it prints `nobody`.",
        "`python main.py NAME` 打印朋友。没有朋友时打印 `无`。",
    ],
)
def test_what_is_missing_elsewhere_makes_no_argument_optional(text):
    assert "name = sys.argv[1]" in program_skeleton(text, "main.py")


def test_a_missing_file_may_have_a_status_of_its_own():
    text = "`python main.py FILE` counts. Bad numbers exit with status 1, and a missing file exits with status 2."
    code = program_skeleton(text, "main.py")
    assert code.index("except FileNotFoundError") < code.index("except (ValueError")
    assert code.index("sys.exit(2)") < code.index("sys.exit(1)")


def test_one_status_for_all_errors_needs_one_handler():
    code = program_skeleton("`python main.py FILE` counts. A missing file exits with status 2.", "main.py")
    assert code.count("except") == 1
    assert "sys.exit(2)" in code


@pytest.mark.parametrize(
    "text",
    [
        COMMANDS,
        "",
        "`python main.py FILE --top 3`",
        "做一个程序 main.py：`python main.py 加 2` 打印 4。",
        "`python main.py '\"`",
    ],
)
def test_it_is_a_program_whatever_is_asked_for(text):
    ast.parse(program_skeleton(text, "main.py"))


def test_a_file_that_cannot_be_read_may_have_a_status_of_its_own():
    text = (
        "`python main.py FILE --raw` reads JSON. A missing key exits with status 1, a missing or invalid file "
        "with status 2."
    )
    code = program_skeleton(text, "main.py")
    assert code.startswith("import json\nimport sys\n")
    assert "except (FileNotFoundError, json.JSONDecodeError) as error:" in code
    assert code.index("sys.exit(2)") < code.index("sys.exit(1)")


def test_all_functions_get_the_object_that_they_work_on():
    shared = Shared("till", "Till", 'Till("till.db")', "sqlite3.Error")
    code = program_skeleton(COMMANDS, "main.py", {"shop": ["Till"]}, shared=shared)
    assert "from shop import Till\n" in code
    assert "import sqlite3\nimport sys\n" in code
    assert "def list_command(till: Till) -> None:" in code
    assert '    try:\n        till = Till("till.db")\n        if args' in code
    assert "add_command(till, args.date, args.tag)" in code
    assert "except (ValueError, LookupError, OSError, sqlite3.Error) as error:" in code


def test_words_in_capitals_that_the_requirement_speaks_of_name_the_arguments() -> None:
    text = (
        "Write main.py. `python main.py DEPOT SERIAL` prints the reference of that depot and serial number: "
        "`python main.py KRN 417` prints KRN/00417-D."
    )
    made = program_skeleton(text, "main.py", {})
    assert "depot, serial = sys.argv[1:]\n        serial = int(serial)\n" in made  # a number in every example
    assert "run(depot: str, serial: int) -> None:" in made


@pytest.mark.parametrize(
    ("text", "signature"),
    [
        ("`python roman.py 1994` prints MCMXCIV, `python roman.py IX` prints 9.", "run(value: str)"),
        ("`python roman.py 1994` prints MCMXCIV.", "run(number: str)"),
        ("`python morse.py SOS` prints the code.", "run(text: str)"),
        ("`python sum.py 4` prints 4; there may be several.", "run(words: list[str])"),
        ("`python show.py notes.txt` prints the file.", "run(words: list[str])"),
        ("`python bmi.py KG METRES` prints it. `python bmi.py 70 1.75` prints 22.9.", "run(kg: float, metres: float)"),
        ("`python box.py WIDTH TEXT` prints it. `python box.py 7 hm` prints a box.", "run(width: str, text: str)"),
        ("`python check.py REF...` checks them. `python check.py A/1 B/2` prints both.", "run(refs: list[str])"),
        ("`python w.py 千克...` 逐行打印。`python w.py 1 2` 打印两行。", "run(kilograms: list[str])"),
        ("wc.py counts the words of standard input.", "run(text: str)"),
        ("wc.py counts: `echo a b | python wc.py`.", "run(text: str)"),
        ("`python wc.py a` counts standard input too.", "run(text: str)"),
        ("`python show.py -v` prints the version.", "run(words: list[str])"),
    ],
)
def test_the_only_argument_is_one(text, signature):
    assert signature in program_skeleton(text, re.search(r"\w+\.py", text)[0])


def test_a_status_that_is_a_result_is_said_to_the_function_that_gives_it():
    text = "`python check.py REF...` checks them. The exit status is 1 when one is broken, else 0."
    program = program_skeleton(text, "check.py")
    assert "    # The exit status is 1 when one is broken, else 0\n" in program
    assert "sys.exit(1)" in program


@pytest.mark.parametrize(
    "text",
    [
        "`python w.py FILE...` counts words. Report an error, continue with the others, exit with status 1 then.",
        "`python w.py REF...` checks them; after an error it goes on with the rest and exits with status 1.",
        "`python w.py 编号...` 逐行打印，出错时继续处理其余的编号，最后以状态 1 退出。",
    ],
)
def test_an_argument_that_is_refused_does_not_keep_a_program_from_the_others(text, tmp_path):
    made = program_skeleton(text, "w.py")
    (name,) = re.findall(r"def run\((\w+): str\)", made)
    body = f'if {name} == "b":\n        raise ValueError("bad " + {name})\n    print({name})'
    (tmp_path / "w.py").write_text(re.sub(r"^    \.\.\.$", f"    {body}", made, flags=re.MULTILINE))
    argv = [sys.executable, "w.py", "a", "b", "c"]
    done = subprocess.run(argv, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (1, "a\nc\n", "error: bad b\n")


def test_any_number_of_arguments_come_together_where_nothing_is_said_of_errors():
    assert "def run(refs: list[str])" in program_skeleton("`python w.py REF...` checks them.", "w.py")


def test_what_decimals_refuse_is_reported_where_a_library_may_take_them():
    text = "`python w.py KG` prints the weight"
    assert "except (ArithmeticError, ValueError," in program_skeleton(f"With our library `post`, {text}.", "w.py")
    assert "except (ValueError," in program_skeleton(f"{text}.", "w.py")
