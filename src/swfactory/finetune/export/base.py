"""Where the base of an adapter is: as a folder of Transformers, and as the GGUF file that llama.cpp loads."""

from __future__ import annotations

from pathlib import Path

from swfactory.config import Settings
from swfactory.errors import InputError, NotFoundError
from swfactory.finetune.bases import resolve_base
from swfactory.models.adapters import AdapterCard
from swfactory.models.catalog import CATALOG, model_path

__all__ = ["base_file", "base_folder"]


def base_folder(card: AdapterCard, settings: Settings) -> Path:
    """Return the folder of the unquantised base of an adapter, made or fetched when it is not there.

    Raises:
        InputError: the base is another one now than the adapter was trained on.
        ConfigError: the catalogue's file was not fetched.
        ModelUnavailable: the hub does not have it, or cannot be reached.
        StoreError: the folder cannot be written.
    """
    base = resolve_base(card.base, settings, trust_remote_code=card.trusts_code)
    if card.base_digest and base.digest != card.base_digest:
        raise InputError(
            f"the base {card.base!r} is another one now than adapter {card.name!r} was trained on "
            f"({base.digest[:12]}, not {card.base_digest[:12]})",
            hint="put the weights back that it was trained on",
        )
    return base.folder


def base_file(card: AdapterCard, settings: Settings, given: Path | None) -> Path:
    """Return the GGUF file of an adapter's base.

    Args:
        card: of the adapter.
        settings: says where fetched files are.
        given: the file, when somebody names it; None for that of the catalogue.

    Raises:
        ConfigError: the catalogue's file was not fetched.
        InputError: the catalogue does not have the base, and no file was given.
        NotFoundError: there is no such file.
    """
    if given is not None:
        if not given.is_file():
            raise NotFoundError(f"there is no model file {str(given)!r}", hint="--over FILE.gguf of the base")
        return given.absolute()
    if any(model.name == card.base for model in CATALOG):
        return model_path(card.base, settings)
    raise InputError(
        f"no GGUF file of the base {card.base!r} is known, and this form is proved on one",
        hint=f"swf adapters export {card.name} --to gguf --over FILE.gguf",
    )
