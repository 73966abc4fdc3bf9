"""What happens between the steps of a trainer: the curve, progress, whole checkpoints, AdaLoRA's ranks."""

from __future__ import annotations

import contextlib
import resource
import sys
import time
from pathlib import Path
from typing import Any

from swfactory.finetune.training.place import Place
from swfactory.finetune.training.reporting import Report, Step
from swfactory.finetune.training.resuming import TrainingFolder

__all__ = ["AdaLoraRanks", "Recorder", "peak_memory", "reset_peak_memory"]

_NOT_MEASURED = {"epoch", "train_runtime", "train_samples_per_second", "train_steps_per_second", "total_flos"}
_RANKS = "ranks.pt"


def reset_peak_memory(place: Place) -> None:
    """Measure the peak from here on, where the system can: making a base ready is no part of a training."""
    if place.device == "cuda":
        import torch

        torch.cuda.reset_peak_memory_stats()
        return
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # proc_pid_clear_refs(5): resets VmHWM


def peak_memory(place: Place) -> int:
    """Bytes at the peak of this process: of the GPU where there is one, else of main memory."""
    if place.device == "cuda":
        import torch

        return int(torch.cuda.max_memory_allocated())
    with contextlib.suppress(OSError, StopIteration):
        lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
        return 1024 * int(next(line.split()[1] for line in lines if line.startswith("VmHWM")))
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


class _Listener:
    """What a trainer calls between its steps.

    It has every method of Transformers' ``TrainerCallback``, which cannot be a base here: importing does no work.
    """

    def __getattr__(self, name: str) -> Any:
        if name.startswith("on_"):
            return _nothing
        raise AttributeError(name)


def _nothing(*args: Any, **kwargs: Any) -> None:
    del args, kwargs


class Recorder(_Listener):
    """Writes the curve, marks whole checkpoints, and reports.

    Args:
        folder: of the training.
        place: only the first process writes.
        report: told of every step.
    """

    def __init__(self, folder: TrainingFolder, place: Place, report: Report) -> None:
        self._folder = folder
        self._place = place
        self._report = report
        last = (folder.curve.points() or [{}])[-1]
        self._tokens = int(last.get("tokens", 0))
        self._before = float(last.get("seconds", 0.0))
        self._began = time.monotonic()

    def on_train_begin(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Start the clock."""
        del args, state, control, kwargs
        self._began = time.monotonic()

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, Any] | None = None, **kwargs: Any) -> None:
        """Keep what was measured."""
        del args, control, kwargs
        if not self._place.first or not logs or "train_runtime" in logs:
            return
        point: dict[str, Any] = {"step": state.global_step}
        for key, value in logs.items():
            if key == "num_tokens":
                point["tokens"] = self._tokens + int(value)
            elif key not in _NOT_MEASURED and not key.endswith(("_runtime", "_per_second")):
                point[key] = float(value)
        point["seconds"] = round(self._before + time.monotonic() - self._began, 3)
        self._folder.curve.add(point)
        stage = "evaluating" if "eval_loss" in logs else "training"
        loss = logs.get("loss", logs.get("eval_loss"))
        self._report(Step(stage=stage, done=state.global_step, total=state.max_steps, loss=loss))

    def on_save(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
        """Mark the checkpoint: all of it is on disk."""
        del args, control, kwargs
        if self._place.first:
            self._folder.mark_whole(state.global_step)


class AdaLoraRanks(_Listener):
    """Shares out the ranks of AdaLoRA, which nobody else does, and keeps its statistics with the checkpoints.

    The ranks are kept out of PEFT's configuration: it would save matrices cut to them, and then not load those again.
    Ranks that were cut are zeros, so the adapter does the same.

    Args:
        folder: of the training.
        checkpoint: that the training goes on from; None for a new one.
    """

    def __init__(self, folder: TrainingFolder, checkpoint: Path | None) -> None:
        self._folder = folder
        self._checkpoint = checkpoint
        self._ranks: Any = None

    def on_train_begin(self, args: Any, state: Any, control: Any, model: Any = None, **kwargs: Any) -> None:
        """Take up the statistics of the checkpoint."""
        del args, state, control, kwargs
        if self._checkpoint is None:
            return
        import torch

        kept = torch.load(self._checkpoint / _RANKS, weights_only=True)
        allocator = model.base_model.rankallocator
        allocator.ipt, allocator.exp_avg_ipt, allocator.exp_avg_unc = kept["scores"]
        self._ranks = kept["ranks"]

    def on_optimizer_step(self, args: Any, state: Any, control: Any, model: Any = None, **kwargs: Any) -> None:
        """Update importances and cut ranks, while the gradients are still there."""
        del args, control, kwargs
        model = getattr(model, "module", model)
        config = model.peft_config["default"]
        config.rank_pattern = self._ranks
        model.base_model.update_and_allocate(state.global_step)
        self._ranks, config.rank_pattern = config.rank_pattern, None

    def on_save(self, args: Any, state: Any, control: Any, model: Any = None, **kwargs: Any) -> None:
        """Keep the statistics; runs before the checkpoint is marked as whole."""
        del args, control, kwargs
        import torch

        if not state.is_world_process_zero:
            return
        allocator = getattr(model, "module", model).base_model.rankallocator
        kept = {
            "scores": (allocator.ipt, allocator.exp_avg_ipt, allocator.exp_avg_unc),
            "ranks": self._ranks,
        }
        torch.save(kept, self._folder.path / f"checkpoint-{state.global_step}" / _RANKS)
