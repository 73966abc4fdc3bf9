"""What a sentence says of one command: what it prints, on which stream, and how it ends."""

from __future__ import annotations

import re
from dataclasses import dataclass

from swfactory.domain.spec import Step
from swfactory.requirements.commands.exit_statuses import fails_somehow, may_fail, stated_status
from swfactory.requirements.commands.listed_values import listed_values, on_lines_of_their_own, on_one_line
from swfactory.requirements.commands.printed import complaint_of, output_of, what_is_printed
from swfactory.requirements.text.failures import looks_like_error, tells_of_failure

__all__ = ["Account", "account_of"]

_QUOTATION = re.compile(r"\s*(?:exactly |just |only )?[:：]?\s*[`\"“「']")
_SILENT = re.compile(r"\b(?:nothing|silently|quietly|no (?:output|message))\b|不打印|不输出|不显示|静默", re.IGNORECASE)


@dataclass(frozen=True)
class Account:
    """What holds of a command in any case.

    Args:
        output: all that it prints; None where that is not said.
        parts: what is in its output, where all of it is not said.
        complaint: what it says on standard error; empty where that is not said.
        exit_code: its status; None where any will do.
        fails: whether its status is another than 0, and not named.
        is_error: whether it ends in an error, whose message may come on either stream.
        tells_why: whether it is said what it prints, if only in part, or that it prints nothing.
    """

    output: str | None
    parts: tuple[str, ...]
    complaint: str
    exit_code: int | None
    fails: bool
    is_error: bool
    tells_why: bool

    def step(self, argv: tuple[str, ...]) -> Step:
        """Make a step of the command that checks all that is said of it.

        Args:
            argv: the command.
        """
        return Step(
            argv=argv,
            stdout=None if self.is_error else self.output,
            stdout_contains=self.parts,
            stderr_contains=(self.complaint,) if self.complaint else (),
            says=(self.output,) if self.is_error and self.output else (),
            exit_code=self.exit_code,
            fails=self.fails,
            refusable=self.exit_code is None and (self.is_error or bool(self.complaint)),
            stderr_nonempty=bool(self.exit_code) and not self.tells_why,
        )


def account_of(said: str, text: str) -> Account | None:
    """Read what is said of a command; None where it is nothing that can be checked word for word.

    Args:
        said: what its sentence says after it.
        text: the requirement.
    """
    what = what_is_printed(said) or ""
    output, parts = output_of(said), listed_values(what)
    if parts:
        output = None
        if on_lines_of_their_own(text) and not on_one_line(said):
            output, parts = "\n".join(parts), ()
    complaint = complaint_of(said) or ""
    status = stated_status(said)
    fails = status is None and fails_somehow(said)
    if output is None and status is None and not (parts or complaint or fails):
        return None
    exit_code = None if status is None and (complaint or may_fail(said)) else status or 0
    return Account(
        output=output,
        parts=parts,
        complaint=complaint,
        exit_code=exit_code,
        fails=fails,
        is_error=tells_of_failure(said) or (exit_code != 0 and looks_like_error(output or "")),
        tells_why=output is not None or bool(parts or complaint or _QUOTATION.match(what) or _SILENT.search(said)),
    )
