"""How the commands reach the runtime; a test puts another one in its place."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from swfactory.config import Settings

if TYPE_CHECKING:
    from swfactory.runtime.factory import AsyncFactory

__all__ = ["FactoryMaker", "open_factory"]

FactoryMaker = Callable[[Settings], "AsyncFactory"]
"""Makes the factory of some settings; given as click's context object in tests."""


@contextmanager
def open_factory(settings: Settings) -> Iterator[AsyncFactory]:
    """Open the factory that the current command works with, and close it afterwards.

    Args:
        settings: the merged settings.
    """
    context = click.get_current_context(silent=True)
    maker: FactoryMaker | None = context.find_root().obj if context else None
    if maker is None:
        from swfactory.runtime.factory import AsyncFactory

        maker = AsyncFactory
    with maker(settings) as factory:
        yield factory
