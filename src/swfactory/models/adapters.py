"""Adapters on disk: a folder each, found by name, with a card that says what it was made of."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pydantic import ValidationError

from swfactory.errors import InputError, NotFoundError, StoreError
from swfactory.locks import FileLock, process_lives
from swfactory.models.adapter_card import NAME, AdapterCard, Score

__all__ = ["AdapterCard", "AdapterStore", "Score"]

_CARD = "card.json"
_LOCK = ".lock"
_HIDDEN = (".adding-", ".removed-")
"""How names begin that end with the number of the process and a time."""
_PATIENCE_SECONDS = 30.0
"""For whoever writes the same card, much longer than that takes."""


class AdapterStore:
    """The adapters of a data folder.

    Args:
        root: folder with one folder an adapter.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, name: str) -> Path:
        """Folder of an adapter, which need not exist.

        Raises:
            InputError: the name cannot be one of a folder.
        """
        if not NAME.fullmatch(name):
            raise InputError(f"an adapter cannot be called {name!r}", hint="letters, digits, dots and dashes")
        return self.root / name

    def names(self) -> tuple[str, ...]:
        """Names of the adapters, sorted, those with a damaged card included."""
        return tuple(
            sorted(path.parent.name for path in self.root.glob(f"*/{_CARD}") if NAME.fullmatch(path.parent.name))
        )

    def cards(self) -> tuple[AdapterCard, ...]:
        """Every adapter, by name; folders without a whole card are none."""
        found = []
        for name in self.names():
            with suppress(StoreError):
                found.append(self.card(name))
        return tuple(found)

    def card(self, name: str) -> AdapterCard:
        """Return what is known of an adapter.

        Raises:
            NotFoundError: there is none of this name.
            StoreError: its card is damaged.
        """
        path = self.folder(name) / _CARD
        try:
            card = AdapterCard.model_validate_json(path.read_bytes())
            if card.name != name:
                raise StoreError(
                    f"the card of adapter {name!r} is that of {card.name!r}", hint=f"swf adapters remove {name}"
                )
            return card
        except FileNotFoundError as exc:
            raise NotFoundError(f"there is no adapter {name!r}", hint="swf adapters list") from exc
        except (OSError, ValidationError) as exc:
            raise StoreError(
                f"the card of adapter {name!r} is damaged: {exc}", hint=f"swf adapters remove {name}"
            ) from exc

    def export(self, name: str, form: str) -> Path:
        """Return the file or folder of an adapter in one of its forms.

        Args:
            name: of the adapter.
            form: ``peft``, ``gguf``, ``merged``, ...

        Raises:
            NotFoundError: there is no such adapter, or it has no such form.
        """
        card = self.card(name)
        if form not in card.exports or not (path := self.folder(name) / card.exports[form]).exists():
            hint = f"swf adapters export {name} --to {form}"
            if form == "peft":  # what a training leaves, and nothing else makes
                hint = f"swf adapters show {name}  tells its forms"
            raise NotFoundError(f"adapter {name!r} has no form {form!r}", hint=hint)
        return path

    @contextmanager
    def adding(self, name: str) -> Iterator[Path]:
        """Yield a folder to fill; it becomes the adapter when the block ends, and vanishes when it fails.

        The block must leave a card, see ``write_card``.

        Raises:
            InputError: there is an adapter of this name.
            StoreError: the folder cannot be made or renamed.
        """
        target = self.folder(name)
        if target.exists():
            raise InputError(f"there is an adapter {name!r} already", hint=f"swf adapters remove {name}")
        staging = self.root / f".adding-{name}-{os.getpid()}-{time.monotonic_ns()}"
        try:
            staging.mkdir(parents=True)
            self._sweep()
            yield staging
            if not (staging / _CARD).is_file():
                raise StoreError(f"adapter {name!r} was left without a card", hint="write_card() before the block ends")
            staging.rename(target)
        except OSError as exc:
            raise StoreError(f"adapter {name!r} cannot be kept: {exc}", hint="look at the disk: df -h") from exc
        finally:
            shutil.rmtree(staging, ignore_errors=True)

    @contextmanager
    def exporting(self, name: str, form: str, place: str) -> Iterator[Path]:
        """Yield a path to write a form of an adapter to; the card names it when the block ends.

        Until then the adapter keeps the form that it had, and a block that fails leaves that.

        Args:
            name: of the adapter.
            form: ``gguf``, ``merged``, ...
            place: what the file or folder shall be called, e.g. ``adapter.gguf``.

        Raises:
            NotFoundError: there is no such adapter.
            StoreError: the form cannot be written.
        """
        before = self.card(name).exports.get(form)
        folder = self.folder(name)
        self._sweep(folder)
        staging = folder / f".adding-{form}-{os.getpid()}-{time.monotonic_ns()}"
        target: Path | None = None
        try:
            yield staging
            made = _free(folder / place)
            staging.rename(made)
            target = made
            self.update(name, lambda card: card.model_copy(update={"exports": {**card.exports, form: made.name}}))
            target = folder / before if before else None
        except OSError as exc:
            raise StoreError(
                f"the form {form!r} of adapter {name!r} cannot be kept: {exc}", hint="look at the disk: df -h"
            ) from exc
        finally:
            _delete(staging)
            if target is not None:  # the form that was replaced, or one that the card does not name
                _delete(target)

    def update(self, name: str, change: Callable[[AdapterCard], AdapterCard]) -> AdapterCard:
        """Change a card; two processes that do so at once do it one after the other.

        Args:
            name: of the adapter.
            change: gets the card as it is and returns what it shall be.

        Raises:
            NotFoundError: there is no such adapter.
            BusyError: another process has been writing it for half a minute.
            StoreError: the card is damaged or cannot be written.
        """
        self.card(name)
        try:
            with FileLock(
                self.folder(name) / _LOCK,
                f"the card of {name!r} is being written",
                hint="wait for it, then type the command again",
            ).acquire(_PATIENCE_SECONDS):
                card = change(self.card(name))
                self.write_card(card)
        except OSError as exc:
            raise StoreError(f"the card of {name!r} cannot be written: {exc}", hint="look at the disk: df -h") from exc
        return card

    def _sweep(self, folder: Path | None = None) -> None:
        """Delete what processes that were killed have left half-written or half-deleted."""
        for path in (path for kind in _HIDDEN for path in (folder or self.root).glob(f"{kind}*")):
            parts = path.name.split("-")
            if parts[-2].isdigit() and not process_lives(int(parts[-2])):
                _delete(path)

    def write_card(self, card: AdapterCard, folder: Path | None = None) -> None:
        """Write a card, whole or not at all.

        Args:
            card: what is known.
            folder: of an adapter that is being added; None for the one of its name.

        Raises:
            StoreError: it cannot be written.
        """
        path = (folder or self.folder(card.name)) / _CARD
        draft = path.with_name(f"{_CARD}.{os.getpid()}.part")
        try:
            draft.write_text(json.dumps(card.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n", "utf-8")
            draft.replace(path)
        except OSError as exc:
            raise StoreError(
                f"the card of {card.name!r} cannot be written: {exc}", hint="look at the disk: df -h"
            ) from exc

    def remove(self, name: str) -> None:
        """Delete an adapter.

        Raises:
            NotFoundError: there is none of this name.
            StoreError: it cannot be deleted.
        """
        folder = self.folder(name)
        self._sweep()  # first: this may be the second try, after a kill
        if not folder.is_dir():
            raise NotFoundError(f"there is no adapter {name!r}", hint="swf adapters list")
        hidden = self.root / f".removed-{name}-{os.getpid()}-{time.monotonic_ns()}"
        try:
            folder.rename(hidden)
            shutil.rmtree(hidden)
        except OSError as exc:
            raise StoreError(f"adapter {name!r} cannot be deleted: {exc}", hint="check its permissions") from exc


def _free(place: Path) -> Path:
    """A path that nothing is at: a form that is made again must not touch the one in use."""
    path, number = place, 1
    while path.exists():
        number += 1
        path = place.with_name(f"{place.stem}-{number}{place.suffix}")
    return path


def _delete(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
