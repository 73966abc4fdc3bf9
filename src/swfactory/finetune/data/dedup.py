"""What was said before: exact copies by hash, near ones by MinHash, remembered on disk so that memory stays small.

Near copies are found by banding (Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, chapter 3): a signature of
MinHash values (Broder 1997) is cut into bands, and texts that share a band are compared by their whole signatures.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from array import array
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from swfactory.errors import MissingExtraError, StoreError
from swfactory.finetune.data.recipe import DedupRecipe

__all__ = ["Seen", "normalised"]

_SEED = 1
_BANDS = 16
_CANDIDATES = 64
"""Texts of one band that are compared at most: a band that thousands share says nothing."""
_CACHE_KB = 32_000
_NEIGHBOURS = """
SELECT bands.text FROM bands JOIN texts ON texts.id = bands.text
WHERE bands.hash = ? AND (texts.kin = 0 OR texts.kin != ?) LIMIT ?
"""
_WORD = re.compile(r"[^\W_]+|[\u3400-\u9fff]")
_SCHEMA = """
PRAGMA journal_mode=OFF;
PRAGMA synchronous=OFF;
PRAGMA cache_size=-{cache};
CREATE TABLE exact (hash BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE texts (id INTEGER PRIMARY KEY, kin INTEGER NOT NULL, signature BLOB NOT NULL);
CREATE TABLE bands (hash INTEGER NOT NULL, text INTEGER NOT NULL, PRIMARY KEY (hash, text)) WITHOUT ROWID;
"""


def normalised(text: str) -> str:
    """Return what two copies of a text have in common: small letters, single spaces.

    Args:
        text: code or prose.
    """
    return " ".join(text.lower().split())


class Seen:
    """Remembers texts, at about a kilobyte of disk each. Use it as a context manager.

    Memory holds a page cache of at most 32 MB, however many texts there are.

    Args:
        path: a file that does not exist.
        recipe: what counts as a copy.

    Raises:
        StoreError: the file cannot be made.
        MissingExtraError: near copies are looked for and the extra ``data`` is not installed.
    """

    def __init__(self, path: Path, recipe: DedupRecipe) -> None:
        self._recipe = recipe
        self._minhash = _minhash() if recipe.near is not None else None
        try:
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.executescript(_SCHEMA.format(cache=_CACHE_KB))
            self._db.execute("BEGIN")
        except sqlite3.Error as exc:
            raise _full(exc) from exc

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def again(self, text: str, scope: str = "", kin: str = "") -> str:
        """Return why a text is a copy, and remember it when it is none.

        Args:
            text: code, a document, or all that a row says.
            scope: texts of different scopes are no copies of each other.
            kin: texts of the same kin were made to differ in little, and are no near copies of each other; empty for
                none.

        Returns:
            ``exact duplicate``, ``near duplicate``, or nothing.

        Raises:
            StoreError: the disk is full.
        """
        plain = f"{scope}\x00{normalised(text)}"
        try:
            if self._recipe.exact:
                digest = hashlib.blake2b(plain.encode("utf-8", "replace"), digest_size=16).digest()
                if not self._db.execute("INSERT OR IGNORE INTO exact VALUES (?)", (digest,)).rowcount:
                    return "exact duplicate"
            if self._recipe.near is not None and self._near(plain, scope, kin, self._recipe.near):
                return "near duplicate"
        except sqlite3.Error as exc:
            raise _full(exc) from exc
        return ""

    def _near(self, plain: str, scope: str, kin: str, threshold: float) -> bool:
        assert self._minhash is not None
        words, size = _WORD.findall(plain), self._recipe.shingle
        if len(words) <= size:
            return False  # too little to be like anything; exact copies are found by their hash
        shingles = {f"{scope}\x00" + " ".join(words[at : at + size]) for at in range(len(words) - size + 1)}
        sketch = self._minhash(num_perm=self._recipe.permutations, seed=_SEED)
        sketch.update(sorted(shingles))
        signature = array("I", sketch.digest())
        rows = len(signature) // _BANDS
        bands = [_hash(bytes([at]) + signature[at * rows : (at + 1) * rows].tobytes()) for at in range(_BANDS)]
        family = _hash(kin.encode("utf-8", "replace")) if kin else 0
        compared: set[int] = set()
        for band in bands:
            for (text,) in self._db.execute(_NEIGHBOURS, (band, family, _CANDIDATES)):
                if text not in compared and self._similarity(text, signature) >= threshold:
                    return True
                compared.add(text)
        row = (family, signature.tobytes())
        text = self._db.execute("INSERT INTO texts (kin, signature) VALUES (?, ?)", row).lastrowid
        self._db.executemany("INSERT OR IGNORE INTO bands VALUES (?, ?)", [(band, text) for band in bands])
        return False

    def _similarity(self, text: int, signature: array[int]) -> float:
        """Share of equal values: an unbiased estimate of the Jaccard similarity of the shingles."""
        stored: bytes = self._db.execute("SELECT signature FROM texts WHERE id=?", (text,)).fetchone()[0]
        other = array("I", stored)
        same = sum(a == b for a, b in zip(signature, other, strict=True))
        return same / len(signature)


def _hash(data: bytes) -> int:
    """Eight bytes, as SQLite's integers are."""
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest(), "big", signed=True)


def _minhash() -> Any:
    try:
        from rensa import RMinHash
    except ModuleNotFoundError as exc:
        raise MissingExtraError("finding near duplicates", extra="data") from exc
    return RMinHash


def _full(exc: sqlite3.Error) -> StoreError:
    return StoreError(f"what was seen cannot be remembered: {exc}", hint="look at the disk: df -h")
