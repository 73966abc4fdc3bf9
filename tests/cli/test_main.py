"""Errors: a line, a hint, a status; a stack only when asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest

from swfactory import errors
from swfactory.cli.status import ExitStatus, status_of_error, status_of_run


def test_an_error_is_a_line_a_hint_and_a_status(cli) -> None:
    answer = cli("show", "nothing")
    assert answer == (2, "", "error: no run 'nothing'\n  swf runs\n")


def test_a_fault_of_ours_shows_no_stack_unless_asked(swf, env) -> None:
    done = swf("run", "it crashes", "--quiet")
    assert done.returncode == 1
    assert "internal fault, ValueError: a bug of the graph" in done.stderr
    assert "Traceback" not in done.stderr
    env["SWF_DEBUG"] = "1"
    done = swf("run", "it crashes", "--quiet")
    assert done.returncode == 1
    assert "Traceback" in done.stderr


def test_debug_shows_the_stack_of_an_error_and_keeps_its_status(swf, env) -> None:
    env["SWF_DEBUG"] = "1"
    done = swf("show", "nothing")
    assert done.returncode == 2
    assert "NotFoundError" in done.stderr
    assert "error: no run 'nothing'" in done.stderr


def test_settings_that_cannot_be_used_are_bad_input(cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWF_SEED", "minus one")
    answer = cli("runs")
    assert answer.status == 2
    assert "'minus one'" in answer.err


def test_a_terminal_without_chinese_gets_question_marks_and_no_stack(swf, env) -> None:
    env["PYTHONIOENCODING"] = "ascii"
    done = swf("run", "做一个程序", "--quiet")
    assert done.returncode == 0, done.stderr
    done = swf("runs")
    assert done.returncode == 0, done.stderr
    assert "?????" in done.stdout


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (errors.InputError("x"), 2),
        (errors.ConfigError("x"), 2),
        (errors.NotFoundError("x"), 2),
        (errors.BusyError("x"), 1),
        (errors.SandboxError("x"), 1),
        (errors.ModelUnavailable("x"), 1),
        (errors.BudgetSpent("x"), 4),
        (errors.Interrupted("x"), 130),
    ],
)
def test_the_status_of_an_error_says_who_must_act(error: errors.FactoryError, status: int) -> None:
    assert status_of_error(error) == status


def test_the_status_of_a_run_is_zero_only_when_it_delivered() -> None:
    assert status_of_run("delivered") == 0
    assert status_of_run("partial") == ExitStatus.PARTIAL == 3
    assert status_of_run("exhausted") == ExitStatus.SPENT == 4
    assert status_of_run("waiting") == ExitStatus.WAITING == 5
    assert status_of_run("interrupted") == ExitStatus.INTERRUPTED == 130
    assert status_of_run("failed") == ExitStatus.FAILED == 1


def test_the_module_runs_as_a_program() -> None:
    done = subprocess.run([sys.executable, "-m", "swfactory.cli", "--version"], capture_output=True, text=True)
    assert done.stdout.startswith("swf ")
