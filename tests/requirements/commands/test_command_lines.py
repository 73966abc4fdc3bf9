"""The command line that a requirement describes."""

from __future__ import annotations

import pytest

from swfactory.requirements.commands.command_lines import forms_of, subcommand_of, words_of_commands


def test_words_are_read_as_a_shell_would() -> None:
    text = '`python main.py add "two words" -x` and `python other.py a` and `python main.py "open`'

    assert words_of_commands(text, "main.py") == [["add", "two words", "-x"]]


@pytest.mark.parametrize(("words", "name"), [(["add", "x"], "add"), (["5", "km"], ""), (["--all"], ""), ([], "")])
def test_the_word_that_chooses_what_is_done(words, name) -> None:
    assert subcommand_of(words) == name


def test_forms_name_and_count_what_a_call_takes() -> None:
    forms = forms_of("", [["add", "2024-01-01", "--tag", "a", "--tag", "b"], ["add", "2024-01-02"], ["list"]])
    assert list(forms) == ["add", "list"]
    (argument,) = forms["add"].arguments
    assert (argument.name, argument.kind, argument.example) == ("date", "day", "2024-01-01")
    option = forms["add"].options["--tag"]
    assert (option.repeats, option.values, option.kind) == (True, ["a", "b"], "")


def test_plain_words_are_no_form() -> None:
    assert forms_of("", [["Rome", "Paris"]]) == {}
    assert forms_of("", []) == {}


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The header is date,player,score.", ["date", "player", "score"]),
        ("The header is `date,player,score`.", ["date", "player", "score"]),
        ("The header is player,date,score.", ["date", "text", "number"]),
        ("The header is date,player.", ["date", "text", "number"]),
        ("Use dates, players, scores.", ["date", "text", "number"]),
    ],
    ids=["columns", "quoted columns", "another order", "too few", "prose"],
)
def test_arguments_that_make_a_row_are_named_after_its_columns(text, names) -> None:
    forms = forms_of(text, [["add", "2024-03-05", "ann", "12.50"], ["total", "--month", "2024-03"]])
    assert [argument.name for argument in forms["add"].arguments] == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Converts money. Currencies: EUR, USD, GBP.", ["number", "from_currency", "to_currency"]),
        ("Paints. Colours: EUR, USD, GBP.", ["number", "colour1", "colour2"]),
        ("Paints. Colours: EUR, GBP, CHF.", ["number", "colour", "text2"]),
        ("Converts money: EUR, USD, GBP.", ["number", "text", "text2"]),
    ],
    ids=["a conversion", "two of one list", "one of a list", "no label"],
)
def test_words_are_named_after_the_list_that_they_are_of(text, names) -> None:
    form = forms_of(text, [["3", "EUR", "USD"]])[""]
    assert [argument.name for argument in form.arguments] == names
    assert form.arguments[0].kind == "number"


@pytest.mark.parametrize(
    ("text", "commands"),
    [
        ("`--since 2024-01-31` on any of them leaves older ones out.", {"add", "list"}),
        ("Every command takes `--since 2024-01-31`.", {"add", "list"}),
        ("It prints all entries with `--since 2024-01-31`.", set()),
    ],
)
def test_an_option_of_all_subcommands(text, commands) -> None:
    forms = forms_of(text, [["add", "milk"], ["list"]])
    assert {name for name, form in forms.items() if "--since" in form.options} == commands


def test_an_option_may_be_one_of_a_list_that_has_its_name() -> None:
    text = "Sizes are small, medium and large; medium when none is given. Tags: a, b, c."
    form = forms_of(text, [["add", "x", "--size", "small", "--tag", "d"], ["list"]])["add"]
    assert (form.options["--size"].choices, form.options["--size"].default) == (("small", "medium", "large"), "medium")
    assert (form.options["--tag"].choices, form.options["--tag"].default) == ((), "")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        (["1h30m", "45m", "20s"], "texts"),
        (["2024-01-01", "2024-01-02", "2024-01-03"], "dates"),
        (["1", "2", "3"], "numbers"),
        (["Ann", "Lee", "Rome"], "text"),
        (["1h30m", "45m"], "text"),
    ],
)
def test_three_values_of_one_form_are_as_many_as_one_likes(words, name) -> None:
    argument = forms_of("", [["add", *words], ["list"]])["add"].arguments[0]
    assert (argument.name, argument.count) == (name, "+" if name.endswith("s") else "")


def test_what_a_key_is_set_to_may_be_anything() -> None:
    form = forms_of("", [["set", "server.port", "8080"], ["list"]])["set"]
    assert [(argument.name, argument.kind) for argument in form.arguments] == [("text", ""), ("value", "")]


def test_listed_subcommands_may_take_pairs() -> None:
    text = "Subcommands price SKU (a number), order SKU=QUANTITY... (prints its number) and show NUMBER."
    forms = forms_of(text, [])
    assert list(forms) == ["price", "order", "show"]
    (pairs,) = forms["order"].arguments
    assert (pairs.name, pairs.example, pairs.count) == ("pairs", "SKU=QUANTITY", "+")
