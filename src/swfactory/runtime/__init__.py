"""The composition root: builds adapters, compiles graphs, keeps runs."""

from swfactory.runtime.blocking import Factory, RunHandle
from swfactory.runtime.checkpoints import Checkpoint
from swfactory.runtime.decision import DOCUMENTS, Decision, PendingGate
from swfactory.runtime.drafts import RunOptions
from swfactory.runtime.factory import AsyncFactory
from swfactory.runtime.following import follow
from swfactory.runtime.wiring import ModelBuilder
from swfactory.runtime.worker import Worker

__all__ = [
    "DOCUMENTS",
    "AsyncFactory",
    "Checkpoint",
    "Decision",
    "Factory",
    "ModelBuilder",
    "PendingGate",
    "RunHandle",
    "RunOptions",
    "Worker",
    "follow",
]
