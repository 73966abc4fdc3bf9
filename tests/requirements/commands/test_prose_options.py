"""Options that a requirement speaks of beside its commands."""

from __future__ import annotations

import pytest

from swfactory.domain.requirement import Requirement
from swfactory.requirements.commands.command_lines import forms_of, words_of_commands
from swfactory.requirements.commands.forms import Form

TABLE = (
    "`python main.py show FILE` prints a table; `--columns a,b` picks columns, `--where x=y` keeps rows (may be "
    "repeated), `--desc` turns them round and `--limit N` prints at most N. `python main.py values FILE` counts. "
)


def forms(text: str) -> dict[str, Form]:
    text = Requirement.parse(text).text
    return forms_of(text, words_of_commands(text, "main.py"))


def test_options_belong_to_the_command_before_them() -> None:
    found = forms(TABLE)
    assert [*found["show"].options] == ["--columns", "--where", "--desc", "--limit"]
    assert [(o.value, o.repeats) for o in found["show"].options.values()] == [
        ("a,b", False), ("x=y", True), ("", False), ("N", False),
    ]  # fmt: skip
    assert found["values"].options == {}


@pytest.mark.parametrize(
    "said",
    [
        "Every subcommand takes `--state`, either a number like 404 or a class like 4xx.",
        "All of them take --state STATE.",
        "With `--state STATE` only some are looked at.",
    ],
)
def test_options_of_all_commands(said: str) -> None:
    found = forms(TABLE + said)
    assert [*found] == ["show", "values"]
    assert all(form.options["--state"].value for form in found.values())


def test_several_in_a_row_belong_to_the_same() -> None:
    found = forms(TABLE + "Both take --from DATE and --to DATE.")
    assert all({"--from", "--to"} <= {*form.options} for form in found.values())


@pytest.mark.parametrize(
    "said", ["`--top 3` (default 10) limits it.", "`--top 3`，默认为 10。", '"--top 3" (default: 10) limits it.']
)
def test_a_number_has_its_default(said: str) -> None:
    (form,) = forms(f"`python main.py FILE` prints words; {said}").values()
    assert (form.options["--top"].default, form.options["--top"].kind) == ("10", "number")


def test_a_program_that_reads_standard_input_has_options_too() -> None:
    found = forms("main.py lines up standard input.\n- `--sep TEXT`: what separates cells\n- `--rule`: a line below")
    assert [*found[""].options] == ["--sep", "--rule"]
