"""The loss curve: a line of JSON for each logged step, and a picture."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from swfactory.errors import MissingExtraError, StoreError

__all__ = ["Curve", "draw_curve"]


class Curve:
    """A file of measurements that a resumed training goes on with.

    Args:
        path: JSONL file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def points(self) -> list[dict[str, Any]]:
        """Measurements in order; a last line that a killed process left unfinished is none."""
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return []
        points: list[dict[str, Any]] = []
        for line in lines:
            try:
                points.append(json.loads(line))
            except json.JSONDecodeError:
                break
        return points

    def cut(self, step: int) -> None:
        """Forget what came after a step, which will be measured again.

        Raises:
            StoreError: the file cannot be written.
        """
        kept = [point for point in self.points() if point["step"] <= step]
        draft = self.path.with_name(f"{self.path.name}.{os.getpid()}.part")
        try:
            draft.write_text("".join(json.dumps(point) + "\n" for point in kept), encoding="utf-8")
            draft.replace(self.path)
        except OSError as exc:
            raise _unwritable(self.path, exc) from exc

    def add(self, point: dict[str, Any]) -> None:
        """Write one measurement.

        Args:
            point: has ``step``.

        Raises:
            StoreError: the file cannot be written.
        """
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(json.dumps(point) + "\n")
        except OSError as exc:
            raise _unwritable(self.path, exc) from exc


def draw_curve(points: Sequence[dict[str, Any]], path: Path, title: str) -> None:
    """Draw loss and validation loss by step.

    Args:
        points: measurements.
        path: PNG file to write.
        title: above the picture.

    Raises:
        MissingExtraError: matplotlib is not installed.
        StoreError: the file cannot be written.
    """
    try:
        from matplotlib.backends.backend_agg import FigureCanvasAgg
        from matplotlib.figure import Figure
    except ModuleNotFoundError as exc:
        raise MissingExtraError("the picture of the loss", extra="train") from exc
    figure = Figure(figsize=(8, 4.5), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.add_subplot()
    for key, label in (("loss", "training"), ("eval_loss", "validation")):
        line = [(point["step"], point[key]) for point in points if key in point]
        if line:
            axes.plot(*zip(*line, strict=True), label=label, marker="." if len(line) < 60 else "")
    axes.set_xlabel("step")
    axes.set_ylabel("loss")
    axes.set_title(title)
    axes.grid(alpha=0.3)
    if axes.get_legend_handles_labels()[0]:
        axes.legend()
    try:
        figure.savefig(path, dpi=120)
    except OSError as exc:
        raise _unwritable(path, exc) from exc


def _unwritable(path: Path, exc: OSError) -> StoreError:
    return StoreError(f"{str(path)!r} cannot be written: {exc}", hint="look at the disk: df -h")
