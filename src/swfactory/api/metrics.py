"""What a server does, in numbers that Prometheus reads."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping

from fastapi import APIRouter, Request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from swfactory.api.access import require
from swfactory.api.services import Services
from swfactory.domain.run import Event

__all__ = ["Metrics", "MetricsMiddleware", "router"]

_KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

router = APIRouter(tags=["server"])


class Metrics:
    """The metrics of one application.

    Args:
        services: the parts of the server.
    """

    def __init__(self, services: Services) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "swf_requests", "Requests that were answered.", ("method", "route", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "swf_request_seconds",
            "Time until an answer began.",
            ("method", "route"),
            buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60),
            registry=self.registry,
        )
        self.tokens = Counter(
            "swf_generated_tokens", "Tokens that models generated for runs here.", ("role",), registry=self.registry
        )
        self.registry.register(_Runs(services))
        services.worker.feed.listen(self._heard)

    def render(self) -> bytes:
        """Return the metrics in Prometheus' text format."""
        return generate_latest(self.registry)

    def _heard(self, event: Event) -> None:
        if event.kind != "call":
            return
        usage = event.data.get("usage")
        tokens = (usage if isinstance(usage, Mapping) else event.data).get("completion_tokens")
        if isinstance(tokens, int) and tokens > 0:
            self.tokens.labels(event.role or "none").inc(tokens)


class _Runs(Collector):
    """Numbers that are looked up when they are asked for."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def collect(self) -> Iterator[GaugeMetricFamily]:
        counts = self._services.factory.counts()
        runs = GaugeMetricFamily("swf_runs", "Runs by where they stand.", labels=("status",))
        for status, count in counts.items():
            runs.add_metric((status,), count)
        yield runs
        yield GaugeMetricFamily("swf_queue_length", "Runs that wait for a worker.", value=counts["queued"])
        yield GaugeMetricFamily(
            "swf_worker_runs", "Runs that this server works on.", value=len(self._services.worker.at_work)
        )
        yield GaugeMetricFamily(
            "swf_worker_alive", "Whether this server works off runs.", value=float(self._services.worker.alive)
        )


class MetricsMiddleware:
    """Counts and times answers, by the template of their route.

    Args:
        app: what is measured.
        metrics: where to.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Measure a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.perf_counter()
        method = scope["method"] if scope["method"] in _KNOWN_METHODS else "other"

        async def measured(message: Message) -> None:
            if message["type"] == "http.response.start":
                route = _template(scope)
                self._metrics.requests.labels(method, route, str(message["status"])).inc()
                self._metrics.seconds.labels(method, route).observe(time.perf_counter() - began)
            await send(message)

        await self._app(scope, receive, measured)


def _template(scope: Scope) -> str:
    """The route's template: paths themselves would be without number."""
    return str(getattr(scope.get("route"), "path", "") or "other")


@router.get(
    "/metrics",
    summary="Metrics for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}},
    dependencies=[require("read")],
)
def read_metrics(request: Request) -> Response:
    """Runs by status, queue length, generated tokens, requests and their times."""
    metrics: Metrics = request.app.state.metrics
    return Response(metrics.render(), media_type=CONTENT_TYPE_LATEST)
