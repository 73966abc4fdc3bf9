"""One tree of errors, branched by who must act.

    FactoryError
    ├── UserError             the person at the keyboard can mend it
    │   ├── InputError        a requirement, option or document that cannot be used
    │   ├── ConfigError       a settings file, variable or model URL that cannot be used
    │   ├── NotFoundError     a run, step, file or model name that does not exist
    │   └── BusyError         another process holds what was asked for
    ├── EnvironmentalError    the machine must be mended
    │   ├── MissingExtraError an optional capability is not installed
    │   ├── SandboxError      no safe way to run generated code
    │   ├── DownloadError     a model file could not be had whole
    │   └── StoreError        a store on disk is full, locked or damaged
    ├── ModelError            the model did not do what it was asked
    │   ├── ModelUnavailable  it cannot be reached or loaded; worth another try
    │   ├── ModelRefused      it rejected the request; another try is the same
    │   │   └── PromptTooLong the request does not fit its context
    │   └── ReplyError        it answered, and the answer cannot be used
    ├── WorkspaceError        generated content that must not be written
    │   └── PathEscapeError   a path that leaves the workspace
    └── LimitError            a bound was reached, not a fault
        ├── BudgetSpent       tokens, time or rounds
        └── Interrupted       Ctrl-C, SIGTERM or cancel; the run can be resumed

Every error carries a message (what was wrong, with the value) and a ``hint`` (the next command to type).
"""

from __future__ import annotations

__all__ = [
    "BudgetSpent",
    "BusyError",
    "ConfigError",
    "DownloadError",
    "EnvironmentalError",
    "FactoryError",
    "InputError",
    "Interrupted",
    "LimitError",
    "MissingExtraError",
    "ModelError",
    "ModelRefused",
    "ModelUnavailable",
    "NotFoundError",
    "PathEscapeError",
    "PromptTooLong",
    "ReplyError",
    "SandboxError",
    "StoreError",
    "UserError",
    "WorkspaceError",
    "install_hint",
]


class FactoryError(Exception):
    """Base of every error that swfactory raises on purpose.

    Args:
        message: what was wrong, with the offending value in it.
        hint: what to do next, best as a command to type; may be empty.
    """

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}\n  {self.hint}" if self.hint else self.message


class UserError(FactoryError):
    """The person at the keyboard can mend it."""


class InputError(UserError):
    """A requirement, option or document that cannot be used."""


class ConfigError(UserError):
    """A settings file, environment variable or model URL that cannot be used."""


class NotFoundError(UserError):
    """A run, step, file or model name that does not exist."""


class BusyError(UserError):
    """Another process holds what was asked for."""


class EnvironmentalError(FactoryError):
    """The machine must be mended before this can work."""


def install_hint(extra: str) -> str:
    """Return the command that brings an extra. The name alone is another project's in package indexes.

    Args:
        extra: its name.
    """
    return f"pip install -c constraints/locked.txt -e '.[{extra}]'  in the clone"


class MissingExtraError(EnvironmentalError):
    """An optional capability is not installed.

    Args:
        capability: what was asked for, in the user's words.
        extra: the extra that brings it.
    """

    def __init__(self, capability: str, *, extra: str) -> None:
        super().__init__(
            f"{capability} needs the extra {extra!r}, which is not installed",
            hint=install_hint(extra),
        )
        self.extra = extra


class SandboxError(EnvironmentalError):
    """There is no safe way to run generated code on this machine."""


class DownloadError(EnvironmentalError):
    """A model file could not be had whole."""


class StoreError(EnvironmentalError):
    """A store on disk is full, locked or damaged."""


class ModelError(FactoryError):
    """The model did not do what it was asked."""


class ModelUnavailable(ModelError):
    """The model cannot be reached or loaded; another try may help."""


class ModelRefused(ModelError):
    """The model rejected the request; another try would end the same."""


class PromptTooLong(ModelRefused):
    """The request does not fit the model's context."""


class ReplyError(ModelError):
    """The model answered, and the answer cannot be used."""


class WorkspaceError(FactoryError):
    """Generated content that must not be written."""


class PathEscapeError(WorkspaceError):
    """A path that leaves the workspace."""


class LimitError(FactoryError):
    """A bound was reached; nothing is broken."""


class BudgetSpent(LimitError):
    """The run's tokens, time or rounds are used up."""


class Interrupted(LimitError):
    """The run was asked to stop and can be resumed."""
