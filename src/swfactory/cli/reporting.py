"""Where progress is shown: a bar on a terminal, lines where there is none, nothing when that is wished."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TypeVar

__all__ = ["reporting"]

Told = TypeVar("Told")


@contextmanager
def reporting(
    bar: Callable[[], AbstractContextManager[Callable[[Told], None]]], line: Callable[[Told], None], *, quiet: bool
) -> Iterator[Callable[[Told], None]]:
    """Yield what is to be told how far something is.

    Args:
        bar: opens a bar on standard error and gives what moves it.
        line: writes a line to standard error, or waits until one is due.
        quiet: show nothing.
    """
    if quiet:
        yield _ignore
    elif sys.stderr.isatty():
        with bar() as report:
            yield report
    else:
        yield line


def _ignore(told: object) -> None:
    del told
