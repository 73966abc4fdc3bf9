"""The models of this machine by the names under which a server offers them."""

from __future__ import annotations

from pathlib import Path

from swfactory.config import Settings
from swfactory.domain.value import Value
from swfactory.errors import ConfigError, InputError, NotFoundError
from swfactory.models.catalog import CATALOG, model_path
from swfactory.models.fitting import adapter_store
from swfactory.models.spec import ModelSpec

__all__ = ["OfferedModel", "check_named", "find_offered", "offered_models"]


class OfferedModel(Value):
    """A model that a server offers.

    Args:
        name: what clients call it.
        url: model URL.
        created: seconds since the epoch, UTC: when its file or its adapter came here; 0 when that is not known.
    """

    name: str
    url: str
    created: int = 0


def offered_models(settings: Settings) -> tuple[OfferedModel, ...]:
    """Return the models that can be had without fetching anything.

    They are the catalogue's that are on this machine (``NAME``), the same with an adapter that was trained on them
    (``NAME+ADAPTER``), other bases with an adapter that Transformers can load, and the settings' model by its URL.

    Args:
        settings: where models and adapters are.
    """
    files = {model.name: settings.model_files / model.file for model in CATALOG if model.kind == "chat"}
    found = [
        OfferedModel(name=name, url=str(ModelSpec(scheme="llama", target=name)), created=int(file.stat().st_mtime))
        for name, file in files.items()
        if file.is_file()
    ]
    here = {model.name for model in found}
    for card in adapter_store(settings).cards():
        if card.base in here and "gguf" in card.exports:
            spec = ModelSpec(scheme="llama", target=card.base, adapters=(card.name,))
        elif card.base not in files and "peft" in card.exports:
            spec = ModelSpec(scheme="hf", target=card.base, adapters=(card.name,))
        else:
            continue
        name = f"{Path(card.base).name}+{card.name}"
        found.append(OfferedModel(name=name, url=str(spec), created=int(card.created)))
    if _is_here(settings.model, settings):
        found.append(OfferedModel(name=settings.model, url=settings.model))
    return tuple({model.name: model for model in found}.values())


def find_offered(name: str, settings: Settings) -> OfferedModel:
    """Return the model that is offered under a name.

    Raises:
        NotFoundError: there is none.
    """
    offered = {model.name: model for model in offered_models(settings)}
    if name not in offered:
        known = ", ".join(offered) or "there is none: swf models pull"
        raise NotFoundError(f"there is no model {name!r} here", hint=f"models: {known}")
    return offered[name]


def check_named(url: str, settings: Settings) -> None:
    """Raise unless a model is one that anybody who may start runs may name.

    Others can be files or servers anywhere, which the owner of the machine alone should choose.

    Args:
        url: model URL.
        settings: name models of their own, and where models and adapters are.

    Raises:
        InputError: it is none of the settings' and none that is offered here.
    """
    named = [settings.model, *settings.role_models.values(), *(model.url for model in offered_models(settings))]
    if url not in named:
        known = ", ".join(dict.fromkeys(named))
        raise InputError(f"{url!r} is none of this server's models", hint=f"choose one of: {known}")


def _is_here(url: str, settings: Settings) -> bool:
    try:
        spec = ModelSpec.parse(url)
        if spec.scheme == "llama":
            model_path(spec.target, settings)
    except ConfigError:  # its file is missing; a URL of another scheme is that of a builder of the caller's own
        return not url.startswith("llama:")
    return True
