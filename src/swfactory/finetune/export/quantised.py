"""Quantised weights by llm-compressor, which needs libraries of other versions: in an environment of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Literal

from swfactory.errors import InputError, MissingExtraError, StoreError
from swfactory.finetune.data.formats import read_rows
from swfactory.finetune.export import compressor
from swfactory.finetune.rows import Conversation, Row

__all__ = ["QUANTISED", "Compressor", "Quantised", "calibration_ids", "refuse_without_accelerator"]

Quantised = Literal["gptq", "awq", "smoothquant", "w8a8"]
QUANTISED: tuple[Quantised, ...] = ("gptq", "awq", "smoothquant", "w8a8")

_REQUIREMENT = "llmcompressor>=0.14,<0.15"
_LENGTH = 512
"""Tokens of a calibration text; longer ones are cut."""

_SAMPLES = 256
_TOLD_LINES = 15


def refuse_without_accelerator(form: Quantised) -> None:
    """Raise when a form cannot be made on this machine.

    Raises:
        InputError: AWQ was asked for, whose search is for accelerators only, and there is none.
        MissingExtraError: torch is not installed.
    """
    if form != "awq":
        return
    try:
        import torch
    except ModuleNotFoundError as exc:
        raise MissingExtraError("quantising a model", extra="train") from exc
    if not torch.cuda.is_available():
        raise InputError(
            "AWQ needs an accelerator, and this machine has none that torch can use",
            hint="swf adapters export NAME --to gptq  has the same size and runs here",
        )


def calibration_ids(tokenizer: Any, data: Path, *, most: int = _SAMPLES) -> list[list[int]]:
    """Return token ids of the conversations that show the quantiser what activations look like.

    Args:
        tokenizer: of the model, with a chat template.
        data: a data set's folder, or a file of conversations, one JSON object a line.
        most: how many to take.

    Raises:
        NotFoundError: there is no such file.
        InputError: a line is no conversation, or there are none.
    """
    file = data / "train.jsonl" if data.is_dir() else data
    found = [_ids(tokenizer, row) for row in islice(read_rows(file, "sft"), most)]
    if not found:
        raise InputError(f"{str(file)!r} holds no conversation", hint="--data FOLDER of a data set")
    return found


def _ids(tokenizer: Any, row: Row) -> list[int]:
    assert isinstance(row, Conversation)
    turns = [message.model_dump(exclude_none=True) for message in row.messages]
    text = tokenizer.apply_chat_template(turns, tokenize=False)
    ids: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"][:_LENGTH]
    return ids


class Compressor:
    """llm-compressor in a virtual environment, which is made when it is first needed.

    Args:
        home: folder of the environment.
        report: told what happens, a line at a time.
    """

    def __init__(self, home: Path, report: Callable[[str], None]) -> None:
        self._home = home
        self._report = report

    @property
    def python(self) -> Path:
        """The interpreter of the environment."""
        return self._home / "bin" / "python"

    def prepare(self) -> None:
        """Make the environment, unless it is there and whole.

        Raises:
            StoreError: it cannot be made.
        """
        whole = self._home / "whole.txt"
        if whole.is_file() and whole.read_text(encoding="utf-8") == _REQUIREMENT:
            return
        self._report(f"installing {_REQUIREMENT} into {self._home}: several GB, once")
        shutil.rmtree(self._home, ignore_errors=True)
        self._home.parent.mkdir(parents=True, exist_ok=True)
        for argv in _installation(self._home, self.python):
            self._call(argv, "llm-compressor cannot be installed", "look at the network and the disk, then try again")
        whole.write_text(_REQUIREMENT, encoding="utf-8")

    def quantise(
        self,
        form: Quantised,
        model: Path,
        target: Path,
        *,
        calibration: Sequence[Sequence[int]],
        probes: Sequence[Sequence[int]],
    ) -> list[list[float | None]]:
        """Quantise a model.

        Args:
            form: how.
            model: folder of the unquantised weights.
            target: folder to make.
            calibration: token ids of texts like those that the model will see.
            probes: token ids of texts whose tokens the quantised model is to judge.

        Returns:
            Log-probability of each token of each probe but the first.

        Raises:
            StoreError: the environment cannot be made, or the work failed in it.
        """
        self.prepare()
        job_file, result = (target.with_name(f"{target.name}.{end}.json") for end in ("job", "result"))
        job = {"model": str(model), "target": str(target), "form": form, "result": str(result)}
        lists = {"calibration": [list(ids) for ids in calibration], "probes": [list(ids) for ids in probes]}
        try:
            job_file.write_text(json.dumps(job | lists), encoding="utf-8")
            argv = [str(self.python), str(compressor.__file__), str(job_file)]
            self._call(argv, f"llm-compressor could not make {form!r}", "free memory, or fewer texts in --data")
            scores: list[list[float | None]] = json.loads(result.read_text(encoding="utf-8"))["scores"]
        except (OSError, ValueError, KeyError) as exc:
            raise StoreError(f"llm-compressor left no result: {exc}", hint=f"rm -r {self._home}  and again") from exc
        finally:
            job_file.unlink(missing_ok=True)
            result.unlink(missing_ok=True)
        return scores

    def _call(self, argv: list[str], fault: str, hint: str) -> None:
        last: deque[str] = deque(maxlen=_TOLD_LINES)
        try:
            with subprocess.Popen(
                argv, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, text=True
            ) as process:
                assert process.stdout is not None
                for line in _lines(process.stdout):
                    last.append(line)
                    self._report(line)
        except OSError as exc:
            raise StoreError(f"{fault}: {exc}", hint=hint) from exc
        if process.returncode:
            told = "\n".join(last)
            raise StoreError(f"{fault} (status {process.returncode}):\n{told}", hint=hint)


def _lines(stream: Iterable[str]) -> Iterable[str]:
    return (line.rstrip() for line in stream if line.strip())


def _installation(home: Path, python: Path) -> list[list[str]]:
    """Commands that make the environment; the index is the one that uv or pip is set to."""
    if uv := shutil.which("uv"):
        return [[uv, "venv", str(home)], [uv, "pip", "install", "--python", str(python), _REQUIREMENT]]
    return [[sys.executable, "-m", "venv", str(home)], [str(python), "-m", "pip", "install", _REQUIREMENT]]
