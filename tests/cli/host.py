"""``swf`` with a real factory whose model and sandbox are fakes; run as ``python -m tests.cli.host``."""

from __future__ import annotations

from swfactory.cli import main


class NoSandbox:
    """The toy graph runs nothing."""

    name = "none"

    async def run(self, command):
        raise AssertionError(f"the toy graph ran {command.argv}")


def build_model(url, settings):
    """A model that nobody asks."""
    from swfactory.testing.chat import ScriptedChatModel

    return ScriptedChatModel([])


def make(settings):
    """A factory that loads no model."""
    from swfactory.runtime import AsyncFactory

    return AsyncFactory(settings, build_model=build_model, sandbox=NoSandbox())


if __name__ == "__main__":
    main(make)
