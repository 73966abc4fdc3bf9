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

__all__ = ["texts_of", "training_files"]

_ROWS = "train.jsonl"
_HELD = "validation"
"""Training looks at these rows too, to know when to stop; a card names them as a part of their data set."""


def training_files(card: AdapterCard | None, settings: Settings, given: Path | None = None) -> tuple[Path, ...]:
    """Return the rows that an adapter was trained on, as far as all of them are at hand.

    Args:
        card: names the data sets, with the digest of the rows of each; None for an adapter that is not in the store.
        settings: where data sets are kept.
        given: a data set's folder, or a file of rows; None to look in the data folder and where the recipe found them.

    Returns:
        Files of rows; none when one of them is not at hand or has changed since.

    Raises:
        InputError: the given data set does not exist, or is not one that the adapter was trained on.
    """
    if given is not None:
        file = given if given.is_file() else given / _ROWS
        if not file.is_file():
            raise InputError(f"there is no {str(file)!r}", hint="--data training=FOLDER names a data set")
        if card and card.data and file_digest(file) not in card.data.values():
            raise InputError(
                f"adapter {card.name!r} was not trained on {str(given)!r} as it is now",
                hint=f"its data: {', '.join(card.data)}",
            )
        return (file,)
    if card is None:
        return ()
    found = []
    for name, digest in card.data.items():
        here = next((file for file in _places(name, card, settings) if file_digest(file) == digest), None)
        if here is None:
            return ()
        found.append(here)
    return tuple(found)


def _places(name: str, card: AdapterCard, settings: Settings) -> Iterator[Path]:
    """Every file that may hold the rows of a name."""
    folder = name.removesuffix(f"/{_HELD}")
    for part, file in ((name, _ROWS), (folder, f"{_HELD}.jsonl")):
        for place in (settings.data_dir / "datasets" / part, *_named(card.recipe, part)):
            yield from (path for path in (place / file, place) if path.is_file())


def _named(recipe: str, name: str) -> Iterator[Path]:
    """Every path in a recipe that ends in a name."""
    try:
        yield from (Path(text).expanduser() for text in _strings(yaml.safe_load(recipe)) if _ends(text, name))
    except yaml.YAMLError:
        return


def _ends(path: str, name: str) -> bool:
    return path == name or path.endswith(f"/{name}")


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from _strings(inner)


def texts_of(files: Sequence[Path]) -> Iterator[str]:
    """Yield the texts of several files of rows; see ``training_texts``."""
    for file in files:
        yield from training_texts(file)
