"""What a node may touch: models and adapters, handed in by the runtime, never kept in the state."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from langchain_core.language_models import BaseChatModel

from swfactory.domain.budget import Budget
from swfactory.domain.requirement import Requirement
from swfactory.domain.run import Gate
from swfactory.ports import Installed, Libraries, ObjectStore, Retriever, Sandbox, Workspace

__all__ = ["CallContext", "FactoryContext", "Installer"]

Installer = Callable[[Sequence[str]], Awaitable[Installed]]
"""Installs third-party distributions from wheels.

Raises SandboxError when it cannot.
"""


@dataclass(frozen=True, kw_only=True)
class CallContext:
    """What is needed to ask models and to look things up.

    Args:
        models: chat model by role; the key ``*`` serves every other role.
        objects: documents, transcripts and tool output by digest.
        budget: bounds of the run.
        seed: seed of every sample.
        retriever: passages of the user's code and documents; None without a store.
        clock: monotonic seconds, for the time budget.
    """

    models: Mapping[str, BaseChatModel]
    objects: ObjectStore
    budget: Budget = field(default_factory=Budget)
    seed: int = 0
    retriever: Retriever | None = None
    clock: Callable[[], float] = field(default=time.monotonic)

    def model(self, role: str) -> BaseChatModel:
        """Return the chat model of a role."""
        return self.models.get(role) or self.models["*"]


@dataclass(frozen=True, kw_only=True)
class FactoryContext(CallContext):
    """The outside world of one run, behind ports.

    Args:
        requirement: what was asked for.
        sandbox: runs generated code.
        workspace: history of the product.
        gates: gates that wait for a person.
        model_url: model URL, for the report.
        model_digest: SHA-256 of the model file, for the report.
        options: what else ``swf run`` was told that changes the product, as it is typed, for the report.
        libraries: the user's own libraries, which products may import; None without a store.
        install: installs third-party packages; None when they are not allowed.
    """

    requirement: Requirement
    sandbox: Sandbox
    workspace: Workspace
    gates: frozenset[Gate] = frozenset()
    model_url: str = ""
    model_digest: str = ""
    options: tuple[str, ...] = ()
    libraries: Libraries | None = None
    install: Installer | None = None
