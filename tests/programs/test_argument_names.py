import re

import pytest

from swfactory.programs.argument_names import name_arguments

PARSER = """\
p.add_argument("date", type=day)
p.add_argument("text")  # e.g. chess
p.add_argument("number", type=number)
p.add_argument("--dry-run", action="store_true")
"""


@pytest.mark.parametrize(
    ("program", "names"),
    [
        ("save(args.date, args.game, args.number, args.dry_run)\n", ["date", "game", "number"]),
        ("save(args.date, args.game, args.amount)\n", ["date", "game", "amount"]),
        ("save(args.date, args.text, args.amount)\n", ["date", "text", "amount"]),
        ("save(args.date, args.text, args.number)\n", ["date", "text", "number"]),
        ("save(args.date, args.game)\n", ["date", "text", "number"]),
        ("save(args.day, args.text, args.number)\n", ["date", "text", "number"]),
        ("if args.command == 'add':\n    save(args.game, args.number)\n", ["date", "game", "number"]),
    ],
    ids=["one", "two", "a number", "none", "too few", "a name that was shown", "the command"],
)
def test_arguments_get_the_names_that_the_program_uses(program, names):
    parser = name_arguments({"arguments.py": PARSER, "main.py": program})["arguments.py"]
    assert re.findall(r'add_argument\("(\w+)"', parser) == names
    assert parser.count("type=") == 2


def test_without_a_parser_nothing_is_named():
    tree = {"main.py": "print(args.game)\n"}
    assert name_arguments(tree) == tree


COMMANDS = """\
add_parser = commands.add_parser("add")
add_parser.add_argument("date", type=day)  # e.g. 2024-03-05
add_parser.add_argument("text")  # e.g. chess
add_parser.add_argument("number", type=number)
drop_parser = commands.add_parser("drop")
drop_parser.add_argument("text")  # e.g. go
drop_parser.add_argument("--all", action="store_true")
"""


@pytest.mark.parametrize(
    ("program", "names"),
    [
        (
            "if args.command == 'add':\n    save(args.date, args.game, args.text)\n",
            ["date", "game", "text", "text"],
        ),
        (
            "if args.command == 'add':\n    save(args.number, args.game)\n"
            "elif args.command == 'drop':\n    drop(args.name, args.all)\n",
            ["date", "game", "number", "name"],
        ),
        (
            "match args.command:\n    case 'add':\n        save(args.game, args.hours)\n"
            "    case 'drop':\n        drop(args.text)\n",
            ["date", "game", "hours", "text"],
        ),
        (
            "if args.command == 'add':\n    save(args)\n\ndef save(args):\n    print(args.hours, args.text)\n",
            ["date", "text", "hours", "text"],
        ),
    ],
    ids=["a name of another", "each its own", "match", "handed on"],
)
def test_each_subcommand_has_names_of_its_own(program, names):
    parser = name_arguments({"arguments.py": COMMANDS, "main.py": program})["arguments.py"]
    assert re.findall(r'add_argument\("(\w+)"', parser) == names
