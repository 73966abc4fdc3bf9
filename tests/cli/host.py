"""``swf`` with a real factory whose model and sandbox are fakes; run as ``python -m tests.cli.host``."""

from __future__ import annotations

from swfactory.cli import main
from swfactory.config import Settings
from swfactory.runtime import Factory
from swfactory.testing.chat import ScriptedChatModel


class NoSandbox:
    """The toy graph runs nothing."""

    name = "none"

    async def run(self, command):
        raise AssertionError(f"the toy graph ran {command.argv}")


def make(settings: Settings) -> Factory:
    """A factory that loads no model."""
    return Factory(settings, build_model=lambda url, settings: ScriptedChatModel([]), sandbox=NoSandbox())


if __name__ == "__main__":
    main(make)
