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

__all__ = ["FactoryContext", "Installer"]

Installer = Callable[[Sequence[str]], Awaitable[Installed]]
"""Installs third-party distributions from wheels.

Raises SandboxError when it cannot.
"""


@dataclass(frozen=True)
class FactoryContext:
    """The outside world of one run, behind ports.

    Args:
        requirement: what was asked for.
        models: chat model by role; the key ``*`` serves every other role.
        sandbox: runs generated code.
        workspace: history of the product.
        objects: documents, transcripts and tool output by digest.
        budget: bounds of the run.
        gates: gates that wait for a person.
        seed: seed of every sample.
        model_url: model URL, for the report.
        model_digest: SHA-256 of the model file, for the report.
        retriever: passages of the user's code and documents; None without a store.
        libraries: the user's own libraries, which products may import; None without a store.
        install: installs third-party packages; None when they are not allowed.
        clock: monotonic seconds, for the time budget.
    """

    requirement: Requirement
    models: Mapping[str, BaseChatModel]
    sandbox: Sandbox
    workspace: Workspace
    objects: ObjectStore
    budget: Budget = field(default_factory=Budget)
    gates: frozenset[Gate] = frozenset()
    seed: int = 0
    model_url: str = ""
    model_digest: str = ""
    retriever: Retriever | None = None
    libraries: Libraries | None = None
    install: Installer | None = None
    clock: Callable[[], float] = field(default=time.monotonic)

    def model(self, role: str) -> BaseChatModel:
        """Return the chat model of a role."""
        return self.models.get(role) or self.models["*"]
