"""Chat models behind model URLs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from swfactory.models.spec import ModelSpec

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from swfactory.config import Settings

__all__ = ["ModelSpec", "create_chat_model", "model_digest"]


def create_chat_model(url: str, settings: Settings) -> BaseChatModel:
    """Make the chat model of a model URL; a local model is loaded at its first call.

    Args:
        url: model URL, see ``ModelSpec``.
        settings: threads, context and where model files are.

    Raises:
        ConfigError: the URL cannot be used, or the model file is not on this machine.
        MissingExtraError: the adapter's extra is not installed.
    """
    from swfactory.models.factory import create

    return create(ModelSpec.parse(url), settings)


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
