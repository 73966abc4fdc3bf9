"""The models that runs may name."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from swfactory.api.access import Caller, require
from swfactory.api.services import Services, services
from swfactory.config import Settings
from swfactory.errors import ConfigError, InputError
from swfactory.models.catalog import CATALOG
from swfactory.models.offered import check_named, offered_models
from swfactory.models.spec import ModelSpec

__all__ = ["ModelList", "ModelView", "allowed_model", "known_models", "router"]

router = APIRouter(tags=["models"], dependencies=[require("read")])


class ModelView(BaseModel):
    """A model."""

    url: str = Field(description="what a run is given as `model`", examples=["llama:qwen2.5-coder-1.5b"])
    summary: str = Field(default="", examples=["the default: writes code, 1.1 GB, about 2 GB of memory"])
    roles: list[str] = Field(default_factory=list, description="roles that the settings give it; `*` for all others")
    here: bool | None = Field(default=None, description="whether its file is on this machine; null where that is open")
    bytes: int | None = Field(default=None, description="size of its file")
    license: str = Field(default="", examples=["Apache-2.0"])


class ModelList(BaseModel):
    """The models that a run may name."""

    default: str = Field(description="model of a run that names none", examples=["llama:qwen2.5-coder-1.5b"])
    models: list[ModelView]


def known_models(settings: Settings) -> list[ModelView]:
    """Return the models of the settings, those of the catalogue that can chat, and those here that have an adapter.

    Args:
        settings: the merged settings.
    """
    roles: dict[str, list[str]] = {settings.model: ["*"]}
    for role, url in sorted(settings.role_models.items()):
        roles.setdefault(url, []).append(role)
    found = {url: ModelView(url=url, roles=names) for url, names in roles.items()}
    for model in CATALOG:
        if model.kind != "chat":
            continue
        url = f"llama:{model.name}"
        here = all((settings.model_files / file.file).is_file() for file in model.files)
        found[url] = ModelView(
            url=url,
            summary=model.summary,
            roles=roles.get(url, []),
            here=here,
            bytes=model.size,
            license=model.license,
        )
    for offered in offered_models(settings):
        found.setdefault(offered.url, ModelView(url=offered.url, summary=offered.name, here=True))
    return list(found.values())


def allowed_model(url: str | None, settings: Settings, who: Caller) -> str | None:
    """Return a model URL that a caller may give to a run.

    Args:
        url: as it was asked for; None for the settings'.
        settings: the merged settings.
        who: an admin may name any model; it can be a file or a server elsewhere.

    Raises:
        InputError: the URL cannot be used, or is none of the known ones.
    """
    if url is None or url == settings.model:
        return url
    try:
        ModelSpec.parse(url)
    except ConfigError as exc:
        raise InputError(exc.message, hint=exc.hint) from exc
    known = {model.url: model for model in known_models(settings)}
    if url in known and known[url].here is False:
        raise InputError(f"the model {url!r} is not on this machine", hint=f"swf models pull {url.partition(':')[2]}")
    if not who.may("admin"):
        check_named(url, settings)
    return url


@router.get("/models", summary="List models")
def list_models(parts: Annotated[Services, Depends(services)]) -> ModelList:
    """Models that a run may name: those of the settings, those that can be fetched by name, and adapters."""
    return ModelList(default=parts.settings.model, models=known_models(parts.settings))
