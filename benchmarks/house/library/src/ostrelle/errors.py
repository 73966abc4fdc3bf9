"""Errors raised by the library."""

from __future__ import annotations

__all__ = ["OstrelleError", "Refused", "SlateError"]


class OstrelleError(Exception):
    """Base class of all errors of this library; ``str(error)`` is a message fit for the user."""


class Refused(OstrelleError, ValueError):
    """A value that the house rules do not accept, such as a wrong reference, amount or destination."""


class SlateError(OstrelleError):
    """A slate file that is malformed.

    Args:
        message: what is wrong.
        line: number of the offending line, counted from 1.

    Attributes:
        line: number of the offending line, counted from 1.
    """

    def __init__(self, message: str, line: int) -> None:
        super().__init__(f"line {line}: {message}")
        self.line = line
