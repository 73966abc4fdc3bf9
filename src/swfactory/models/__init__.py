"""Chat models behind model URLs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from swfactory.models.spec import ModelSpec

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from swfactory.config import Settings

__all__ = ["ModelSpec", "create_chat_model", "create_chat_models", "model_digest"]


def create_chat_model(url: str, settings: Settings) -> BaseChatModel:
    """Make the chat model of a model URL; a local model is loaded at its first call.

    Args:
        url: model URL, see ``ModelSpec``.
        settings: threads, context and where model files are.

    Raises:
        ConfigError: the URL cannot be used, the model file is not on this machine, or an adapter is another model's.
        MissingExtraError: the adapter's extra is not installed.
        NotFoundError: there is no adapter of a name in the URL.
    """
    from swfactory.models.factory import create

    return create(ModelSpec.parse(url), settings)


def create_chat_models(urls: Sequence[str], settings: Settings) -> dict[str, BaseChatModel]:
    """Make the chat models of several URLs; llama.cpp's that differ in their adapters only share one in memory.

    Args:
        urls: model URLs, see ``ModelSpec``.
        settings: threads, context and where model files are.

    Returns:
        The model of each URL.

    Raises:
        ConfigError: as for one URL.
        MissingExtraError: an adapter's extra is not installed.
        NotFoundError: there is no adapter of a name in a URL.
    """
    from swfactory.models.factory import create_all

    return create_all({url: ModelSpec.parse(url) for url in urls}, settings)


def model_digest(url: str, settings: Settings) -> str:
    """Return what identifies the weights behind a model URL: a SHA-256, or empty when a server keeps them.

    Args:
        url: model URL, see ``ModelSpec``.
        settings: where model files are.

    Raises:
        ConfigError: the URL cannot be used, or the model file is not on this machine.
    """
    from swfactory.models.factory import digest

    return digest(ModelSpec.parse(url), settings)
