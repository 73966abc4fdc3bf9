"""Where the base of an adapter is: as a folder of Transformers, and as the GGUF file that llama.cpp loads."""

from __future__ import annotations

from pathlib import Path

from swfactory.config import Settings
from swfactory.errors import InputError, MissingExtraError, NotFoundError
from swfactory.models.adapters import AdapterCard
from swfactory.models.catalog import CATALOG, model_path

__all__ = ["base_file", "base_folder"]


def base_folder(card: AdapterCard, settings: Settings) -> Path:
    """Return the folder of the unquantised weights that an adapter was trained on.

    Raises:
        MissingExtraError: it is on the hub, and huggingface_hub is not installed.
        NotFoundError: it is not on this machine.
    """
    if any(model.name == card.base for model in CATALOG):
        folder = settings.data_dir.expanduser().absolute() / "bases" / f"{card.base}-{card.base_digest[:12]}"
        if (folder / "config.json").is_file():
            return folder
        raise NotFoundError(
            f"the base {card.base!r} of adapter {card.name!r} is not at {str(folder)!r}",
            hint="swf train RECIPE --prepare  or any training on this base makes it",
        )
    folder = Path(card.base).expanduser()
    if folder.is_dir():
        return folder.absolute()
    if card.base.startswith((".", "/", "~")) or card.base.count("/") != 1:
        raise NotFoundError(f"the base {card.base!r} of adapter {card.name!r} is no folder here", hint="move it back")
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError
    except ModuleNotFoundError as exc:
        raise MissingExtraError("a base on the hub", extra="train") from exc
    try:
        return Path(snapshot_download(card.base, allow_patterns=["*.json", "*.safetensors", "*.jinja", "*.model"]))
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as exc:
        raise NotFoundError(f"the base {card.base!r} cannot be had: {exc}", hint="HF_ENDPOINT=mirror") from exc


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
