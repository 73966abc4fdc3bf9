"""Commands made from a list of subcommands with placeholders."""

import pytest

from swfactory.requirements.commands.listed_walks import listed_errors, listed_parts, listed_walk
from swfactory.requirements.commands.shapes import output_shapes

HALL = (
    "Write main.py with the subcommands open HALL SEATS, free HALL (prints a number), cancel HALL GUEST, book HALL "
    "GUEST and find TEXT. An unknown hall raises KeyError; booking a second time raises ValueError. "
    "Errors exit with status 3 and a message on stderr."
)


def words(example):
    return [" ".join(step.argv[2:]) for step in example.steps]


def test_what_is_put_in_is_found_and_taken_away_last():
    walk = listed_walk(HALL, "main.py")
    assert words(walk) == [
        "open hall1 2",
        "open hall2 3",
        "free hall1",
        "book hall1 guest1",
        "find hall1",
        "cancel hall1 guest1",
    ]
    assert all(step.argv[:2] == ("python", "main.py") and step.exit_code == 0 for step in walk.steps)


def test_what_brings_nothing_new_and_shows_nothing_comes_last():
    text = (
        "main.py has the subcommands enter PLATE KIND, leave PLATE, free (prints a number), parked (one plate per "
        "line) and find TEXT (lines `PLATE | KIND`)."
    )
    walk = listed_walk(text, "main.py")
    assert [line.split()[0] for line in words(walk)] == ["enter", "enter", "free", "parked", "find", "leave"]
    parts = [(words(example)[-1], example.steps[-1]) for example in listed_parts(text, "main.py", output_shapes(text))]
    assert [line for line, _ in parts] == ["free", "find kind1"]
    assert parts[1][1].stdout == "plate1 | kind1\n"


def test_what_speaks_of_nothing_known_may_be_refused():
    walk = listed_walk("main.py has the subcommands open ACCOUNT, transfer SOURCE TARGET AMOUNT and list.", "main.py")
    assert [step.exit_code for step in walk.steps] == [0, 0, None, 0]


@pytest.mark.parametrize(
    "text",
    [
        "main.py counts words.",
        "main.py has the subcommands pack FILE and unpack FILE.",
        "`python main.py add milk` adds, `python main.py list` lists.",
    ],
)
def test_none_where_nothing_is_listed_or_values_are_shown(text):
    assert listed_walk(text, "main.py") is None


def test_what_must_fail():
    failing = [
        (sentence.split()[0], words(example), example.steps[-1]) for sentence, example in listed_errors(HALL, "main.py")
    ]
    assert [row[:2] for row in failing] == [
        ("An", ["free hall1"]),
        ("An", ["cancel hall1 guest1"]),
        ("An", ["book hall1 guest1"]),
        ("booking", ["open hall1 2", "book hall1 guest1", "book hall1 guest1"]),
    ]
    assert all((step.exit_code, step.stderr_nonempty) == (3, True) for *_, step in failing)


def test_errors_without_a_status_are_not_known():
    assert list(listed_errors(HALL.partition(" Errors")[0], "main.py")) == []


SHELF = (
    "main.py has the subcommands add SKU NAME COUNT, take SKU MEMBER, held MEMBER (one sku per line), left SKU (prints "
    "a number), find TEXT (lines `SKU: NAME`) and list (lines `SKU: NAME`)."
)


def test_what_is_stated_of_the_output():
    shapes = output_shapes(SHELF) | {"list": "SKU: NAME"}
    made = [*listed_parts(SHELF, "main.py", shapes)]
    parts = [(words(example), example.steps[-1]) for example in made]
    assert [row[-1] for row, _ in parts] == ["held member1", "left sku1", "find name1", "list"]
    held, left, find, listing = (step for _, step in parts)
    assert held.stdout_contains == ("sku1",)
    assert left.lines_like == "0"
    assert find.stdout == "sku1: name1\n"
    assert listing.stdout_contains == ("sku1: name1", "sku2: name2")
    assert all(example.origin == "stated" for example in made)
    assert parts[0][0][:3] == ["add sku1 name1 2", "add sku2 name2 3", "take sku1 member1"]


def test_nothing_is_stated_of_what_was_never_put_in():
    text = "main.py has the subcommands add NAME, held MEMBER (one sku per line) and find TEXT (lines `SKU: NAME`)."
    assert [example.steps[-1].lines_like for example in listed_parts(text, "main.py", output_shapes(text))] == [
        "SKU: NAME"
    ]


CONTACTS = """A CLI program `contacts.py` that stores contacts in `contacts.json`. Commands:

- `python contacts.py add NAME PHONE` adds a contact, prints `added NAME`
- `python contacts.py find TEXT` prints every contact whose name contains TEXT, as `NAME: PHONE`
- `python contacts.py delete NAME`: removes it and prints `deleted NAME`
"""


def test_what_a_command_says_of_its_own_words_and_what_is_looked_for_by_name():
    parts = listed_parts(CONTACTS, "contacts.py", output_shapes(CONTACTS))
    assert [(words(example)[-1], example.steps[-1].stdout) for example in parts] == [
        ("add name1 phone1", "added name1\n"),
        ("add name2 phone2", "added name2\n"),
        ("find name1", "name1: phone1\n"),
        ("delete name1", "deleted name1\n"),
    ]


def test_a_letter_that_stands_for_a_number_is_no_text():
    text = (
        "- `python n.py add TEXT` adds a note and prints `saved note N`\n- `python n.py list` prints all notes as "
        "`N: TEXT`\n- `python n.py delete N`: deletes a note and prints `deleted note N`\n"
    )
    parts = list(listed_parts(text, "n.py", output_shapes(text)))
    seen = [(words(one)[-1], one.steps[-1].stdout, one.steps[-1].lines_like) for one in parts]
    assert seen == [("list", None, "N: TEXT"), ("delete 2", None, "deleted note N")]
