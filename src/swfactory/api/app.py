"""The HTTP application: routes, guards and the worker behind them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from swfactory._version import __version__
from swfactory.api import (
    asking,
    completions,
    health,
    langgraph,
    login,
    metrics,
    models,
    problems,
    products,
    rag,
    runs,
    streams,
)
from swfactory.api.access import AccessMiddleware, Tokens, check_binding, require
from swfactory.api.limits import LimitsMiddleware
from swfactory.api.metrics import Metrics, MetricsMiddleware
from swfactory.api.services import Services
from swfactory.runtime import AsyncFactory, Worker

__all__ = ["create_app"]

_DESCRIPTION = """
Runs are written down first and answered with 202; a worker in the background takes them up, one that outlives requests
and restarts. Errors are `application/problem+json` (RFC 9457), and their `hint` says what to do. `Idempotency-Key`
makes it safe to send an order again.
"""


def create_app(factory: AsyncFactory, worker: Worker) -> FastAPI:
    """Return the application of a factory; it starts the worker and closes it when it ends.

    Args:
        factory: the runs; open for as long as the application.
        worker: works off what is enqueued; not started yet.

    Raises:
        ConfigError: others could reach the address of the settings, and there is no token.
    """
    services = Services(factory, worker)
    settings = services.settings
    check_binding(settings.serve_host, settings.serve_tokens)
    app = FastAPI(
        title="swfactory",
        version=__version__,
        description=_DESCRIPTION.strip(),
        docs_url=None,  # these pages load scripts from elsewhere
        redoc_url=None,
        lifespan=_lifespan,
        responses=problems.PROBLEMS,
    )
    app.state.services = services
    app.state.metrics = Metrics(services)
    problems.install(app)
    for module in (runs, streams, products, asking, rag, models, metrics, health, login):
        app.include_router(module.router)
    for module in (langgraph, completions):  # they speak another program's protocol
        app.include_router(module.router, dependencies=[require("run")], responses=problems.FOREIGN_PROBLEMS)
    # The last one added sees a request first.
    app.add_middleware(
        LimitsMiddleware,
        max_bytes=settings.serve_max_bytes,
        max_requests=settings.serve_max_requests,
        max_streams=settings.serve_max_streams,
    )
    app.add_middleware(AccessMiddleware, tokens=Tokens(settings.serve_tokens))
    app.add_middleware(MetricsMiddleware, metrics=app.state.metrics)
    app.openapi = lambda: _described(app)  # type: ignore[method-assign]
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    worker: Worker = app.state.services.worker
    await asyncio.to_thread(worker.start)
    try:
        yield
    finally:
        await asyncio.to_thread(worker.close)


def _described(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI description, with the problem's schema and how tokens are given."""
    if app.openapi_schema is None:
        schema = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes, tags=app.openapi_tags
        )
        components = schema.setdefault("components", {})
        problem = problems.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        components.setdefault("schemas", {}).update(problem.pop("$defs", {}), Problem=problem)
        if app.state.services.settings.serve_tokens:
            components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
            schema["security"] = [{"token": []}]
        app.openapi_schema = schema
    return app.openapi_schema
