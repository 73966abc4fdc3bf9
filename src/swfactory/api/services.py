"""What the routes work with."""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request

from swfactory.config import Settings
from swfactory.runtime import AsyncFactory, Worker

__all__ = ["Services", "services"]


@dataclass(frozen=True)
class Services:
    """The parts of a server.

    Args:
        factory: the runs; its methods block, so call them in a thread.
        worker: works off what is enqueued.
    """

    factory: AsyncFactory
    worker: Worker

    @property
    def settings(self) -> Settings:
        """The merged settings."""
        return self.factory.settings


def services(request: Request) -> Services:
    """Return the parts of the server that a request came to; a dependency of routes."""
    found: Services = request.app.state.services
    return found
