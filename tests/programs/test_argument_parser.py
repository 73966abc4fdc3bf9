"""The parser that is written for a requirement."""

from __future__ import annotations

import ast
import sys

import pytest

from swfactory.programs.argument_parser import Parameter, nameless, parameters_of, parser_module


def parse(text: str, *words: str) -> dict[str, object]:
    """Run the parser's source on some words."""
    names: dict[str, object] = {}
    exec(parser_module(text, "main.py"), names)
    monkey = sys.argv
    sys.argv = ["main.py", *words]
    try:
        return vars(names["parse_args"]())
    finally:
        sys.argv = monkey


HELPERS = {
    "Parser",
    "print",
    "exit",
    "format_usage",
    "int",
    "float",
    "lstrip",
    "isdigit",
    "isfinite",
    "ValueError",
    "strptime",
}
JOURNAL = (
    'Keep a journal. `python main.py write "a day" --mood good --mood calm` saves, `python main.py show` prints all, '
    "`python main.py show --mood good` filters, `python main.py find WORD` searches, `python main.py drop 3` deletes."
)


def test_subcommands_with_arguments_and_options() -> None:
    assert parse(JOURNAL, "write", "x", "--mood", "a", "--mood", "b") == {
        "command": "write",
        "text": "x",
        "mood": ["a", "b"],
    }
    assert parse(JOURNAL, "show") == {"command": "show", "mood": None}
    assert parse(JOURNAL, "show", "--mood", "a") == {"command": "show", "mood": "a"}
    assert parse(JOURNAL, "find", "x") == {"command": "find", "word": "x"}
    assert parse(JOURNAL, "drop", "3") == {"command": "drop", "number": 3}


def test_values_show_what_is_meant() -> None:
    source = parser_module(JOURNAL, "main.py")

    assert 'add_argument("text")  # e.g. a day' in source
    assert 'add_argument("number", type=number)  # e.g. 3' in source


def test_subcommands_that_are_listed_in_capitals() -> None:
    text = "main.py has the subcommands put KEY VALUE, get KEY (prints it) and return KEY."

    assert parse(text, "put", "a", "b") == {"command": "put", "key": "a", "value": "b"}
    assert parse(text, "return", "a") == {"command": "return", "key": "a"}


def test_a_placeholder_for_a_number_is_no_value_that_the_parser_must_understand() -> None:
    source = parser_module("`python stats.py FILE` counts words, `python stats.py FILE --top N` the first.", "stats.py")
    assert 'add_argument("--top", type=number)' in source


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ("`python main.py FILE --top 3`", ["a", "--top", "2"], {"file": "a", "top": 2}),
        ("`python main.py [--raw] FILE` and `python main.py FILE`", ["--raw", "a"], {"file": "a", "raw": True}),
        ("`python main.py FILE`; `--raw` shows all, `--top 3` some", ["a", "--raw"], {"file": "a", "raw": True}),
        ("`python main.py FILE --sum` or `python main.py a.txt b.txt --sum`", ["x", "y"], {"files": ["x", "y"]}),
        ("`python main.py mean --digits 2 1 2 3 4`", ["mean", "5", "6"], {"command": "mean", "numbers": [5, 6]}),
        (
            "日记：`python main.py add 2024-01-01` 与 `python main.py list`",
            ["list"],
            {"command": "list"},
        ),
    ],
)
def test_shapes(text: str, words: list[str], expected: dict[str, object]) -> None:
    assert expected.items() <= parse(text, *words).items()


@pytest.mark.parametrize("text", ["A library.", "`python main.py Rome Paris` prints 1105.", "`python main.py FILE`"])
def test_plain_words_need_no_parser(text: str) -> None:
    assert parser_module(text, "main.py") == ""


def test_a_parser_that_misreads_a_quoted_command_is_not_used() -> None:
    text = "`python main.py --size 3 a` and `python main.py a --size` both work."

    assert parser_module(text, "main.py") == ""


@pytest.mark.parametrize(
    "word",
    [
        '--x"+str(open(chr(47)+"etc"))+"',
        "--x\\'",
        "a\rraise SystemExit(9)",
        "a\x0craise SystemExit(9)",
        "a\u2028raise SystemExit(9)",
        "'<x\"); raise SystemExit(9)#>'",
        '""',
        "'<>'",
        "'...'",
    ],
)
def test_nothing_of_a_hostile_requirement_is_executed(word: str) -> None:
    text = f"`python main.py add {word} 1` adds, `python main.py list --all` lists."
    source = parser_module(text, "main.py")
    if source:
        calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
        assert {ast.unparse(call.func).split(".")[-1] for call in calls} <= {
            "ArgumentParser",
            "add_subparsers",
            "add_parser",
            "add_argument",
            "parse_args",
            *HELPERS,
        }
        raised = [ast.unparse(node) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Raise)]
        assert set(raised) <= {"raise ValueError(f'{text} is not finite')"}


def test_help_is_argparses_own() -> None:
    text = "`python main.py add X` adds, `python main.py list --all` lists, `python main.py --help` and `-h` help."

    assert parse(text, "list", "--all") == {"command": "list", "all": True}


def test_names_do_not_collide() -> None:
    text = "`python main.py run COMMAND` runs, `python main.py show FILE --file b.txt --class c` shows."

    assert parse(text, "run", "x") == {"command": "run", "command_": "x"}
    assert parse(text, "show", "a", "--file", "b") == {"command": "show", "file_": "a", "file": "b", "class_": None}


def test_a_module_that_the_requirement_names_is_left_to_it() -> None:
    assert (
        parser_module("Keep parsing in arguments.py. `python main.py add 1`, `python main.py list`.", "main.py") == ""
    )


@pytest.mark.parametrize(
    ("words", "number"), [(["5", "km"], 5), (["-5", "km"], -5), (["2.50", "km"], 2.5), (["1e3", "km"], 1000.0)]
)
def test_numbers_arrive_as_numbers(words, number) -> None:
    assert parse("`python main.py 5 km --all` prints 5000.00.", *words) == {
        "number": number,
        "text": "km",
        "all": False,
    }


@pytest.mark.parametrize("word", ["five", "nan", "inf", "", "1,5"])
def test_what_is_no_finite_number_ends_the_program(word) -> None:
    with pytest.raises(SystemExit):
        parse("`python main.py 5 km --all` prints 5000.00.", word, "km")


def test_dates_and_months_are_checked_and_stay_text() -> None:
    text = "`python main.py add 2024-01-31 7`, `python main.py sum --month 2024-01`"
    assert parse(text, "add", "2024-02-29", "1")["date"] == "2024-02-29"
    assert parse(text, "sum", "--month", "2024-12")["month"] == "2024-12"
    for words in (["add", "2024-02-30", "1"], ["sum", "--month", "2024-13"], ["sum", "--month", "x"]):
        with pytest.raises(SystemExit):
            parse(text, *words)


@pytest.mark.parametrize("text", ["`python main.py 5 km`, `python main.py five km`", "`python main.py 0042 km`"])
def test_what_is_not_always_a_number_stays_text(text) -> None:
    assert "type=" not in parser_module(text + " `python main.py 1 2 --all`", "main.py")


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("", 2),
        ("A value that is not a number exits with status 1.", 1),
        ("A missing file exits with status 3. An invalid amount exits with status 4.", 4),
        ("冲突时打印到标准错误，并以状态 3 退出；其他错误以状态 1 退出。", 1),
        ("It exits with status 0 when all is well.", 2),
    ],
)
def test_a_bad_value_ends_with_the_status_that_the_requirement_gives(said, status, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        parse(f"`python main.py 5 km --all` prints 5000.00. {said}", "five", "km")
    assert ended.value.code == status
    assert capsys.readouterr().err.startswith("error: argument number: invalid number value: 'five'")


def test_a_list_of_subcommands_with_and_without_values() -> None:
    text = "main.py has the subcommands put KEY [--ttl N], list (prints all, sorted), size and drop KEY. Errors exit."
    assert parse(text, "list") == {"command": "list"}
    assert parse(text, "size") == {"command": "size"}
    assert parse(text, "put", "a", "--ttl", "3") == {"command": "put", "key": "a", "ttl": 3}
    assert parse(text, "drop", "a") == {"command": "drop", "key": "a"}


def told(text: str, source: str = "") -> dict[str, list[str]]:
    return {
        command: [*map(str, parameters)]
        for command, parameters in parameters_of(text, "main.py", source=source).items()
    }


def test_what_is_parsed_is_told_in_words() -> None:
    text = (
        "`python main.py add 2024-01-31 2.5 --tag a --tag b`, `python main.py sum --month 2024-01`, "
        "`python main.py list --all` and `python main.py clear`."
    )
    assert told(text) == {
        "add": [
            "args.date (str, like 2024-01-31)",
            "args.number (int or float, like 2.5)",
            "args.tag (list of str, like b)",
        ],
        "sum": ["args.month (str or None, like 2024-01)"],
        "list": ["args.all (bool)"],
        "clear": [],
    }
    assert told("`python main.py FILE... --top 3`") == {
        "": ["args.file (list of str)", "args.top (int or float or None, like 3)"]
    }
    assert told("A library.") == {}


def test_arguments_that_were_renamed_are_told_by_their_new_names() -> None:
    text = "`python main.py play 2024-01-31 chess`, `python main.py list`"
    source = parser_module(text, "main.py").replace('"text"', '"game"')
    assert told(text, source)["play"] == ["args.date (str, like 2024-01-31)", "args.game (str, like chess)"]
    assert told(text)["play"][1] == "args.text (str, like chess)"


def test_a_function_that_takes_several_calls_them_so() -> None:
    (tag, words) = (Parameter("tag", "list[str]", ""), Parameter("words", "list[str]", ""))
    assert (tag.name, words.name, Parameter("tag", "str", "").name) == ("tags", "words", "tag")


def test_what_stands_for_an_entry_is_its_id() -> None:
    text = "`python main.py add x`, `python main.py drop 1` drops by id."
    assert parameters_of(text, "main.py")["drop"] == [Parameter("id", "int", "1")]
    assert parameters_of(text.replace(" by id", ""), "main.py")["drop"] == [Parameter("number", "int | float", "1")]


PAY = "`python main.py pay bob 3.50` pays, `python main.py list` lists. "


@pytest.mark.parametrize(
    ("text", "refused"),
    [
        (PAY + "Negative amounts exit with status 1.", True),
        (PAY + "A negative or zero amount is an error.", True),
        ("`python main.py pay bob 3.50`、`python main.py list`。金额为负时报错，退出码 1。", True),
        (PAY + "Negative amounts are paid back.", False),
        ("`python main.py move 3 4` moves, `python main.py list` lists. Negative numbers exit with status 1.", False),
    ],
    ids=["status", "error", "chinese", "allowed", "several numbers"],
)
def test_negative_numbers_are_refused_where_there_is_only_one(text, refused) -> None:
    assert ("is negative" in parser_module(text, "main.py")) == refused


HOTEL = (
    "Write main.py, a hotel desk. `python main.py open alice` opens a bill, `python main.py charge alice 12.50 wine` "
    "adds to it, `python main.py close alice 2024-03-01`, and `python main.py show FILE` reads a file."
)


def test_what_can_be_confused_is_nameless() -> None:
    assert nameless(HOTEL, "main.py") == {"charge": ["alice", "12.50", "wine"]}
    assert nameless("Write main.py: `python main.py mul 2 3` multiplies.", "main.py") == {"mul": ["2", "3"]}
    assert nameless("Write main.py: `python main.py add WORD` and `python main.py drop WORD`.", "main.py") == {}
    assert nameless("Write kit.py.", "main.py") == {}


def test_names_are_given_to_the_nameless_alone() -> None:
    names = {"open": ("guest",), "charge": ("guest", "amount", "item"), "close": ("guest", ""), "show": ("guest",)}
    found = parameters_of(HOTEL, "main.py", names)
    assert {command: [parameter.name for parameter in row] for command, row in found.items()} == {
        "open": ["guest"],
        "charge": ["guest", "amount", "item"],
        "close": ["guest", "date"],
        "show": ["file"],
    }
    made = parser_module(HOTEL, "main.py", names)
    assert 'charge_parser.add_argument("amount", type=number)  # e.g. 12.50' in made
    assert 'show_parser.add_argument("file")' in made


@pytest.mark.parametrize("names", [("class", "command", "x"), ("guest", "amount"), ("guest", "amount", "item", "more")])
def test_names_that_do_not_fit_still_give_a_parser(names: tuple[str, ...]) -> None:
    made = parser_module(HOTEL, "main.py", {"charge": names, "nothing": ("a",)})
    ast.parse(made)
    assert 'add_argument("class"' not in made
    assert 'add_argument("command"' not in made


def test_whole_numbers_have_no_fraction_and_an_option_has_its_choices():
    text = (
        "`python main.py add 3 --size small` adds, `python main.py list` lists. Sizes are small, medium and large; "
        "small when none is given. What is not a whole number exits with status 1."
    )
    module = parser_module(text, "main.py")
    assert "    value = int(text)\n" in module
    assert 'choices=["small", "medium", "large"], default="small"' in module
    number, size = parameters_of(text, "main.py")["add"]
    assert (number.type, size.type) == ("int", "str")
    assert parameters_of(text.replace("3", "2.5"), "main.py")["add"][0].type == "int | float"


def test_an_argument_in_brackets_may_be_left_out():
    text = "`python main.py check NAME [DATE]` marks a name, `python main.py list [NAME...]` lists them."
    module = parser_module(text, "main.py")
    assert 'add_argument("date", nargs="?")' in module
    (_, date), (names,) = parameters_of(text, "main.py").values()
    assert (date.type, names.type) == ("str | None", "list[str]")
