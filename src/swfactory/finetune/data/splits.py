"""The files of a data set while they are written: rows, digests, lengths and groups of each split."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from swfactory.errors import StoreError
from swfactory.finetune.data.card import LengthCounter, SplitFacts
from swfactory.finetune.data.decontamination import text_of
from swfactory.finetune.data.recipe import SplitName
from swfactory.finetune.data.splitting import group_of
from swfactory.finetune.rows import Row
from swfactory.rag.packing import estimate_tokens

__all__ = ["SplitWriter"]

_ORDER: tuple[SplitName, ...] = ("train", "validation", "test")
_SCHEMA = """
PRAGMA journal_mode=OFF;
PRAGMA synchronous=OFF;
CREATE TABLE groups (hash BLOB PRIMARY KEY, split TEXT NOT NULL) WITHOUT ROWID;
"""


class SplitWriter:
    """Writes the splits of a data set. Use it as a context manager.

    Args:
        folder: where the files go.
        memory: a file for the groups that were seen; they may be as many as the rows.

    Raises:
        StoreError: the file cannot be made.
    """

    def __init__(self, folder: Path, memory: Path) -> None:
        self.makers: Counter[str] = Counter()
        self.licenses: Counter[str] = Counter()
        self._folder = folder
        self._stack = ExitStack()
        self._files: dict[SplitName, _File] = {}
        try:
            self._groups = sqlite3.connect(memory, isolation_level=None)
            self._groups.executescript(_SCHEMA)
            self._groups.execute("BEGIN")
        except sqlite3.Error as exc:
            raise _full(exc) from exc

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._groups.close()
        self._stack.close()

    def add(self, split: SplitName, line: str, row: Row) -> None:
        """Write a row.

        Args:
            split: where to.
            line: the row as it is kept, with its end of line.
            row: the same.

        Raises:
            OSError: the disk is full.
            StoreError: the disk is full.
        """
        if split not in self._files:
            opened = self._stack.enter_context((self._folder / f"{split}.jsonl").open("wb"))
            self._files[split] = _File(opened)
        self._files[split].add(line.encode(), estimate_tokens(text_of(row)))
        digest = hashlib.blake2b(group_of(row).encode("utf-8", "replace"), digest_size=16).digest()
        try:
            self._groups.execute("INSERT OR IGNORE INTO groups VALUES (?, ?)", (digest, split))
        except sqlite3.Error as exc:
            raise _full(exc) from exc
        self.makers[(row.origin and row.origin.maker) or "as given"] += 1
        self.licenses[(row.origin and row.origin.license) or "unknown"] += 1

    def facts(self) -> dict[str, SplitFacts]:
        """Flush the files and return what is in them, by split.

        Raises:
            OSError: the disk is full.
            StoreError: the groups cannot be counted.
        """
        try:
            groups = dict(self._groups.execute("SELECT split, count(*) FROM groups GROUP BY split").fetchall())
        except sqlite3.Error as exc:
            raise _full(exc) from exc
        return {split: self._files[split].facts(groups[split]) for split in _ORDER if split in self._files}


class _File:
    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self._lengths = LengthCounter()
        self._rows = 0
        self._size = 0

    def add(self, line: bytes, tokens: int) -> None:
        self._file.write(line)
        self._hash.update(line)
        self._lengths.add(tokens)
        self._rows += 1
        self._size += len(line)

    def facts(self, groups: int) -> SplitFacts:
        self._file.flush()
        return SplitFacts(
            rows=self._rows,
            groups=groups,
            sha256=self._hash.hexdigest(),
            size=self._size,
            tokens=self._lengths.lengths(),
        )


def _full(exc: sqlite3.Error) -> StoreError:
    return StoreError(f"the groups of the data set cannot be counted: {exc}", hint="look at the disk: df -h")
