"""A sandbox in memory that plays a script."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from swfactory.domain.design import safe_path
from swfactory.domain.execution import Command, Execution

__all__ = ["ScriptedSandbox"]


class ScriptedSandbox:
    """Answers commands from a script, or from a function; runs nothing.

    Paths are confined and only collected files are returned, as in a real sandbox.

    Args:
        script: executions in order, and an ``AssertionError`` when there are no more; or a function that answers every
            command.
    """

    def __init__(self, script: Sequence[Execution] | Callable[[Command], Execution]) -> None:
        self._answer = script if callable(script) else None
        self._left = [] if callable(script) else list(script)
        self._commands: list[Command] = []

    @property
    def name(self) -> str:
        """The backend's name."""
        return "scripted"

    @property
    def commands(self) -> tuple[Command, ...]:
        """The commands that were run, in order."""
        return tuple(self._commands)

    async def run(self, command: Command) -> Execution:
        """Return the next execution; see ``swfactory.ports.Sandbox.run``.

        Raises:
            AssertionError: the script has ended.
            PathEscapeError: a path leaves the folder.
        """
        for path in command.files:
            safe_path(path)
        wanted = {safe_path(path) for path in command.collect}
        self._commands.append(command)
        if self._answer is not None:
            execution = self._answer(command)
        elif self._left:
            execution = self._left.pop(0)
        else:
            raise AssertionError(f"the script has ended, and then came {command.argv!r}")
        files = {path: text for path, text in execution.files.items() if path in wanted}
        return execution.model_copy(update={"backend": self.name, "files": files})

    def assert_finished(self) -> None:
        """Fail when executions of the script were never asked for.

        Raises:
            AssertionError: some are left.
        """
        assert not self._left, f"{len(self._left)} executions of the script were never asked for"
