"""Data sets on disk: a folder each, added whole or not at all, found by name or by path."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import ValidationError

from swfactory.errors import InputError, NotFoundError, StoreError
from swfactory.finetune.data.card import DatasetCard, readme
from swfactory.locks import process_lives

__all__ = ["CARD", "DatasetStore", "adding", "read_card", "write_card"]

CARD = "card.json"
_STAGED = re.compile(r"\.(?P<state>building|replaced)-(?P<name>.+)-(?P<process>\d+)")


class DatasetStore:
    """The data sets of a data folder.

    Args:
        root: folder with one folder a data set.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def cards(self) -> tuple[DatasetCard, ...]:
        """Every data set, by name; folders without a whole card are none."""
        names = sorted(path.parent.name for path in self.root.glob(f"*/{CARD}") if path.parent.name[0] != ".")
        return tuple(read_card(self.root / name) for name in names)

    def find(self, name: str) -> Path:
        """Return the folder of a data set.

        Args:
            name: of a data set, or the path of a folder with a card.

        Raises:
            NotFoundError: there is none.
        """
        for folder in (self.root / name, Path(name).expanduser()):
            if (folder / CARD).is_file():
                return folder
        raise NotFoundError(f"there is no data set {name!r}", hint="swf data list")


def read_card(folder: Path) -> DatasetCard:
    """Return the card of a data set.

    Raises:
        NotFoundError: the folder has none.
        StoreError: it is damaged.
    """
    try:
        return DatasetCard.model_validate_json((folder / CARD).read_bytes())
    except FileNotFoundError as exc:
        raise NotFoundError(f"{str(folder)!r} is no data set", hint="swf data list") from exc
    except (OSError, ValidationError) as exc:
        raise StoreError(f"the card in {str(folder)!r} is damaged: {exc}", hint="swf data build RECIPE.yaml") from exc


def write_card(card: DatasetCard, folder: Path) -> None:
    """Write a card, for programs and for people.

    Raises:
        OSError: it cannot be written.
    """
    text = json.dumps(card.model_dump(mode="json"), indent=2, ensure_ascii=False) + "\n"
    (folder / CARD).write_text(text, encoding="utf-8")
    (folder / "README.md").write_text(readme(card), encoding="utf-8")


@contextmanager
def adding(target: Path, *, replace: bool = False) -> Iterator[Path]:
    """Yield a folder to fill; it becomes the data set when the block ends, and vanishes when it fails.

    A killed build leaves a hidden folder that the next one removes.

    Args:
        target: the folder that is to be.
        replace: whether a data set that is there gives way, at the very end.

    Raises:
        InputError: the folder exists and may not be replaced, or is no data set.
        StoreError: the disk is full, or the folder cannot be made.
    """
    if target.exists() and not replace:
        raise InputError(f"{str(target)!r} exists", hint="swf data build RECIPE.yaml --replace")
    if target.exists() and not (target / CARD).is_file():
        raise InputError(f"{str(target)!r} is no data set, and is not replaced", hint="name another folder")
    staging = target.with_name(f".building-{target.name}-{os.getpid()}")
    try:
        staging.parent.mkdir(parents=True, exist_ok=True)
        _sweep(target.parent)
        shutil.rmtree(staging, ignore_errors=True)
        staging.mkdir()
        yield staging
        if target.exists():
            old = target.with_name(f".replaced-{target.name}-{os.getpid()}")
            target.rename(old)
            staging.rename(target)
            shutil.rmtree(old, ignore_errors=True)
        else:
            staging.rename(target)
    except OSError as exc:
        raise StoreError(f"{str(target)!r} cannot be written: {exc.strerror or exc}", hint="df -h") from exc
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _sweep(root: Path) -> None:
    """Remove what killed builds have left, and put back what one was about to replace; living ones go on."""
    for folder in root.iterdir():
        found = _STAGED.fullmatch(folder.name)
        if found is None or process_lives(int(found["process"])):
            continue
        if found["state"] == "replaced" and not (root / found["name"]).exists():
            folder.rename(root / found["name"])
        else:
            shutil.rmtree(folder, ignore_errors=True)
