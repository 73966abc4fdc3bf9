"""The help answers at once, for every command, and says what a new user needs."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.util import find_spec

import click
import pytest

from swfactory import __version__
from swfactory.cli import swf as group
from tests.cli.conftest import ROOT

HEAVY = (
    "torch",
    "chromadb",
    "langgraph",
    "langchain",
    "langchain_core",
    "xllamacpp",
    "transformers",
    "pydantic",
    "rich",
)
COMMANDS = [name for name, command in group._lazy.items() if find_spec(command.target.partition(":")[0]) is not None]


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys\nfrom swfactory.cli import main\nsys.argv = ['swf', '--help']\n"
        "try:\n    main()\nexcept SystemExit as left:\n    assert not left.code\n"
        f"print('heavy:', [name for name in {HEAVY} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "heavy: []"


@pytest.mark.parametrize("command", ["runs", "show", "logs", "diff"])
def test_looking_at_runs_imports_no_model_and_no_graph(command: str, swf) -> None:
    code = (
        f"import sys\nfrom swfactory.cli import main\nsys.argv = ['swf', {command!r}, '--help']\n"
        "try:\n    main()\nexcept SystemExit as left:\n    assert not left.code\n"
        f"print('heavy:', [name for name in {HEAVY[:7]} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "heavy: []"


def test_help_lists_every_command_and_the_exit_statuses(cli) -> None:
    out = cli("--help").out
    for name, command in group._lazy.items():
        assert name in out
        assert command.help in out
    assert "130 interrupted" in out


@pytest.mark.parametrize("name", COMMANDS)
def test_the_table_names_commands_that_exist_and_say_what_they_do(name: str) -> None:
    command = group._lazy[name].load()
    assert isinstance(command, click.Command)
    assert command.name == name
    assert command.help


@pytest.mark.parametrize("name", COMMANDS)
def test_no_help_shows_a_mark_that_is_meant_for_click(name: str, cli) -> None:
    command = group._lazy[name].load()
    children = list(command.commands) if isinstance(command, click.Group) else []
    for path in ([name], *([name, child] for child in children)):
        assert "\\b" not in cli(*path, "--help").out


@pytest.mark.parametrize("name", COMMANDS)
def test_the_examples_name_files_of_the_project_that_there_are(name: str) -> None:
    command = group._lazy[name].load()
    children = list(command.commands.values()) if isinstance(command, click.Group) else []
    for one in (command, *children):
        for path in re.findall(r"(?:benchmarks|finetune)/[\w./-]+", f"{one.help} {one.epilog}"):
            assert (ROOT / path).exists(), path


@pytest.mark.parametrize("name", ["run", "resume", "fork", "replay"])
def test_commands_that_work_on_a_run_explain_their_exit_statuses(name: str, cli) -> None:
    out = cli(name, "--help").out
    for status in ("0 ", "1 ", "2 ", "3 ", "4 ", "5 ", "130 "):
        assert f"\n    {status}" in out
    assert "Examples:" in out


def test_the_version_is_the_package_version(cli) -> None:
    assert cli("--version").out == f"swf {__version__}\n"


@pytest.mark.parametrize(("typed", "meant"), [("rnu", "run"), ("exprot", "export"), ("RESUME", "resume")])
def test_a_mistyped_command_is_guessed(typed: str, meant: str, cli) -> None:
    answer = cli(typed)
    assert answer.status == 2
    assert f"'{meant}'" in answer.err


def test_a_mistyped_option_is_guessed(cli) -> None:
    answer = cli("run", "x", "--max-token", "5")
    assert answer.status == 2
    assert "--max-tokens" in answer.err
