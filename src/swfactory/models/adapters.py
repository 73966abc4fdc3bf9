"""Adapters on disk: a folder each, found by name, with a card that says what it was made of."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import Field, ValidationError

from swfactory.domain.value import Value
from swfactory.errors import InputError, NotFoundError, StoreError

__all__ = ["AdapterCard", "AdapterStore", "Score"]

_CARD = "card.json"
_NAME = re.compile(r"[A-Za-z0-9][\w.-]{0,63}")


class Score(Value):
    """What an evaluation found.

    Args:
        suite: name of the suite.
        passed: items passed; None for a suite that measures something else.
        total: items.
        value: the score: a share, or a perplexity.
        base: the same of the base model; None when not measured.
        low: lower end of the 95 % interval of the difference; None when not measured.
        high: upper end.
        time: seconds since the epoch, UTC.
    """

    suite: str
    passed: int | None = None
    total: int = 0
    value: float
    base: float | None = None
    low: float | None = None
    high: float | None = None
    time: float = 0.0


class AdapterCard(Value):
    """What is known of an adapter.

    Args:
        name: what it is called in ``adapter=NAME``.
        base: the base model as the recipe names it, e.g. ``qwen2.5-coder-0.5b``, a folder or a hub name.
        base_digest: SHA-256 of the base's file, or of the weights of its folder.
        architecture: model type of the base, e.g. ``qwen2``.
        method: how it was trained, e.g. ``qlora``.
        role: role it was trained for; empty for any.
        created: seconds since the epoch, UTC.
        recipe: the recipe, as YAML.
        data: digest by name of the data sets.
        facts: what training measured: steps, loss, tokens a second, peak memory in bytes.
        exports: file or folder by form, relative to the adapter's folder: ``peft``, ``gguf``, ``merged``, ...
        scores: evaluations, oldest first.
    """

    name: str = Field(pattern=_NAME.pattern)
    base: str
    base_digest: str = ""
    architecture: str = ""
    method: str
    role: str = ""
    created: float = 0.0
    recipe: str = ""
    data: dict[str, str] = Field(default_factory=dict)
    facts: dict[str, float | int | str] = Field(default_factory=dict)
    exports: dict[str, str] = Field(default_factory=dict)
    scores: tuple[Score, ...] = ()


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
        if not _NAME.fullmatch(name):
            raise InputError(f"an adapter cannot be called {name!r}", hint="letters, digits, dots and dashes")
        return self.root / name

    def cards(self) -> tuple[AdapterCard, ...]:
        """Every adapter, by name; folders without a whole card are none."""
        names = sorted(path.parent.name for path in self.root.glob(f"*/{_CARD}") if _NAME.fullmatch(path.parent.name))
        return tuple(self.card(name) for name in names)

    def card(self, name: str) -> AdapterCard:
        """Return what is known of an adapter.

        Raises:
            NotFoundError: there is none of this name.
            StoreError: its card is damaged.
        """
        path = self.folder(name) / _CARD
        try:
            return AdapterCard.model_validate_json(path.read_bytes())
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
            raise NotFoundError(
                f"adapter {name!r} has no form {form!r}", hint=f"swf adapters export {name} --to {form}"
            )
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
            yield staging
            if not (staging / _CARD).is_file():
                raise StoreError(f"adapter {name!r} was left without a card", hint="write_card() before the block ends")
            staging.rename(target)
        except OSError as exc:
            raise StoreError(f"adapter {name!r} cannot be kept: {exc}", hint="look at the disk: df -h") from exc
        finally:
            shutil.rmtree(staging, ignore_errors=True)

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
        if not folder.is_dir():
            raise NotFoundError(f"there is no adapter {name!r}", hint="swf adapters list")
        hidden = self.root / f".removed-{name}-{os.getpid()}"
        try:
            folder.rename(hidden)
            shutil.rmtree(hidden)
        except OSError as exc:
            raise StoreError(f"adapter {name!r} cannot be deleted: {exc}", hint="check its permissions") from exc
