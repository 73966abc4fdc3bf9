"""swfactory: a software factory on your own machine.

A requirement goes in, a tested, documented git repository comes out.

```python
from swfactory import Factory

with Factory() as factory:
    run = factory.start("`python main.py NAME` prints `hello NAME`.")
    print(run.result().output)
```

What is named here is loaded when it is first used, so that importing the package stays fast.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from swfactory._version import __version__

if TYPE_CHECKING:
    from swfactory.config import Settings, load_settings
    from swfactory.domain.answer import Answer
    from swfactory.domain.budget import Budget
    from swfactory.domain.delivery import Delivery
    from swfactory.domain.requirement import Requirement
    from swfactory.domain.run import Event, Run
    from swfactory.errors import FactoryError
    from swfactory.runtime import (
        AsyncFactory,
        Checkpoint,
        Decision,
        Factory,
        PendingGate,
        RunHandle,
        RunOptions,
        Worker,
    )
    from swfactory.runtime.handle import AsyncRunHandle

__all__ = [
    "Answer",
    "AsyncFactory",
    "AsyncRunHandle",
    "Budget",
    "Checkpoint",
    "Decision",
    "Delivery",
    "Event",
    "Factory",
    "FactoryError",
    "PendingGate",
    "Requirement",
    "Run",
    "RunHandle",
    "RunOptions",
    "Settings",
    "Worker",
    "__version__",
    "load_settings",
]

_HOMES = {
    "Answer": "domain.answer",
    "AsyncFactory": "runtime",
    "AsyncRunHandle": "runtime.handle",
    "Budget": "domain.budget",
    "Checkpoint": "runtime",
    "Decision": "runtime",
    "Delivery": "domain.delivery",
    "Event": "domain.run",
    "Factory": "runtime",
    "FactoryError": "errors",
    "PendingGate": "runtime",
    "Requirement": "domain.requirement",
    "Run": "domain.run",
    "RunHandle": "runtime",
    "RunOptions": "runtime",
    "Settings": "config",
    "Worker": "runtime",
    "load_settings": "config",
}


def __getattr__(name: str) -> object:
    if (home := _HOMES.get(name)) is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{home}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
