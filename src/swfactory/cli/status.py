"""What the exit status of ``swf`` says."""

from __future__ import annotations

from enum import IntEnum

from swfactory.domain.run import RunStatus
from swfactory.errors import BudgetSpent, ConfigError, FactoryError, InputError, Interrupted, NotFoundError

__all__ = ["EXIT_TABLE", "ExitStatus", "status_of_error", "status_of_run"]


class ExitStatus(IntEnum):
    """Exit statuses of every command."""

    OK = 0
    FAILED = 1
    BAD_INPUT = 2
    PARTIAL = 3
    SPENT = 4
    WAITING = 5
    INTERRUPTED = 130


# The first character keeps click from re-wrapping the paragraph.
EXIT_TABLE = """\b
Exit status:
  0    every criterion passed (or the command did what it says)
  1    something failed: the message says what, SWF_DEBUG=1 shows where
  2    bad input: an option, requirement, setting or name
  3    partial delivery: a product was delivered, not every criterion passed
  4    a bound was reached (tokens, time, rounds, no progress): the best state was delivered
  5    the run waits for an answer at a gate
  130  interrupted by Ctrl-C or SIGTERM: `swf resume RUN` goes on
"""


def status_of_error(error: FactoryError) -> ExitStatus:
    """Return the exit status that an error ends the program with."""
    match error:
        case InputError() | ConfigError() | NotFoundError():
            return ExitStatus.BAD_INPUT
        case BudgetSpent():
            return ExitStatus.SPENT
        case Interrupted():
            return ExitStatus.INTERRUPTED
        case _:
            return ExitStatus.FAILED


def status_of_run(status: RunStatus) -> ExitStatus:
    """Return the exit status that a run ends the program with.

    Args:
        status: where the run stands when nobody works on it any more.
    """
    match status:
        case "delivered":
            return ExitStatus.OK
        case "partial":
            return ExitStatus.PARTIAL
        case "exhausted":
            return ExitStatus.SPENT
        case "waiting":
            return ExitStatus.WAITING
        case "created" | "queued" | "running" | "interrupted":
            return ExitStatus.INTERRUPTED
        case "failed":
            return ExitStatus.FAILED
