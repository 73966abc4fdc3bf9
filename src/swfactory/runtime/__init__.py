"""The composition root: builds adapters, compiles graphs, keeps runs."""

from swfactory.runtime.checkpoints import Checkpoint
from swfactory.runtime.decision import DOCUMENTS, Decision, PendingGate
from swfactory.runtime.factory import Factory
from swfactory.runtime.wiring import ModelBuilder

__all__ = ["DOCUMENTS", "Checkpoint", "Decision", "Factory", "ModelBuilder", "PendingGate"]
