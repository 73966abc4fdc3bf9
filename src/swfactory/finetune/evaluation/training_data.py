"""What an adapter was trained on, found again by its digest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from swfactory.config import Settings
from swfactory.errors import InputError
from swfactory.finetune.evaluation.overlap import training_texts
from swfactory.models.adapters import AdapterCard
from swfactory.models.stamp import file_digest

__all__ = ["texts_of", "training_folders"]

_ROWS = "train.jsonl"


def training_folders(card: AdapterCard | None, settings: Settings, given: Path | None = None) -> tuple[Path, ...]:
    """Return the data sets that an adapter was trained on, as far as all of them are at hand.

    Args:
        card: names the data sets, with the digest of the rows of each; None for an adapter that is not in the store.
        settings: where data sets are kept.
        given: folder of a data set; None to look in the data folder and where the recipe found them.

    Returns:
        Folders, one a data set; none when one of them is not at hand or has changed since.

    Raises:
        InputError: the given folder is no data set, or not one that the adapter was trained on.
    """
    if given is not None:
        if not (digest := _digest(given)):
            raise InputError(f"there is no {str(given / _ROWS)!r}", hint="--data training=FOLDER names a data set")
        if card and card.data and digest not in card.data.values():
            raise InputError(
                f"adapter {card.name!r} was not trained on {str(given)!r} as it is now",
                hint=f"its data: {', '.join(card.data)}",
            )
        return (given,)
    if card is None:
        return ()
    found = []
    for name, digest in card.data.items():
        places = [settings.data_dir / "datasets" / name, *_named(card.recipe, name)]
        here = next((place for place in places if _digest(place) == digest), None)
        if here is None:
            return ()
        found.append(here)
    return tuple(found)


def _named(recipe: str, name: str) -> Iterator[Path]:
    """Every path in a recipe that ends in a name."""
    try:
        yield from (Path(text).expanduser() for text in _strings(yaml.safe_load(recipe)) if Path(text).name == name)
    except yaml.YAMLError:
        return


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _strings(inner)


def _digest(folder: Path) -> str:
    path = folder / _ROWS
    return file_digest(path) if path.is_file() else ""


def texts_of(folders: Sequence[Path]) -> Iterator[str]:
    """Yield the texts of several data sets; see ``training_texts``."""
    for folder in folders:
        yield from training_texts(folder)
