"""Bounds of what requests may take: bytes of a body, requests and streams at a time."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from swfactory.api.problems import problem

__all__ = ["LimitsMiddleware"]

_RETRY_SECONDS = 1
_STREAM = "text/event-stream"
_FREE = frozenset({"/healthz", "/readyz"})
"""Who looks after a busy server must still be answered."""


class _TooLarge(HTTPException):
    """A body that grew beyond the bound; FastAPI lets it pass where it reads one."""

    def __init__(self, limit: int) -> None:
        super().__init__(413, f"the body has more than {limit} bytes", {"Connection": "close"})


class _NoRoom(OSError):
    """A response that turned out to be a stream when there is no room for one; servers take it for a lost client."""


class LimitsMiddleware:
    """Refuses what would take more than its share: 413 for a large body, 429 for a request too many.

    A request that is answered by a stream of events does not count as a request from then on, but as a stream.

    Args:
        app: what is protected.
        max_bytes: largest body.
        max_requests: requests under way at a time.
        max_streams: streams open at a time.
    """

    def __init__(self, app: ASGIApp, *, max_bytes: int, max_requests: int, max_streams: int) -> None:
        self._app = app
        self._max_bytes = max_bytes
        self._room = {"requests": max_requests, "streams": max_streams}
        self.used = {"requests": 0, "streams": 0}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on when there is room for it."""
        if scope["type"] != "http" or scope["path"] in _FREE:
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length) > self._max_bytes:
            await self._large(scope["path"])(scope, receive, send)
            return
        kind = "streams" if _wants_stream(scope, headers) else "requests"
        if not self._take(kind):
            await self._full(kind, scope["path"])(scope, receive, send)
            return
        await _Passage(self, kind).run(scope, receive, send)

    def _take(self, kind: str) -> bool:
        if self.used[kind] >= self._room[kind]:
            return False
        self.used[kind] += 1
        return True

    def _large(self, path: str) -> Response:
        return problem(
            413,
            f"the body has more than {self._max_bytes} bytes",
            instance=path,
            headers={"Connection": "close"},
        )

    def _full(self, kind: str, path: str) -> Response:
        return problem(
            429,
            f"{self._room[kind]} {kind} are under way, and there is no room for another",
            hint=f"try again in {_RETRY_SECONDS} s, or let the server take more with serve_max_{kind}",
            instance=path,
            headers={"Retry-After": str(_RETRY_SECONDS)},
        )


class _Passage:
    """One request on its way through."""

    def __init__(self, limits: LimitsMiddleware, kind: str) -> None:
        self._limits = limits
        self._kind = kind
        self._read = 0
        self._begun = False

    async def run(self, scope: Scope, receive: Receive, send: Send) -> None:
        limits = self._limits

        async def counted() -> Message:
            message = await receive()
            self._read += len(message.get("body", b""))
            if self._read > limits._max_bytes:
                raise _TooLarge(limits._max_bytes)
            return message

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                if self._kind == "requests" and Headers(raw=message["headers"]).get("content-type", "").startswith(
                    _STREAM
                ):
                    self._turn_into_stream()
                self._begun = True
            await send(message)

        try:
            await limits._app(scope, counted, watched)
        except _TooLarge:  # from an application that makes no answer of it
            if self._begun:
                raise
            await limits._large(scope["path"])(scope, receive, send)
        except Exception:  # what an application makes of a lost client is its own affair
            if self._kind != "none" or self._begun:
                raise
            await limits._full("streams", scope["path"])(scope, receive, send)
        finally:
            if self._kind != "none":
                limits.used[self._kind] -= 1

    def _turn_into_stream(self) -> None:
        self._limits.used["requests"] -= 1
        self._kind = "none"
        if not self._limits._take("streams"):
            raise _NoRoom("no room for another stream")
        self._kind = "streams"


def _wants_stream(scope: Scope, headers: Headers) -> bool:
    return (scope["method"] == "GET" and scope["path"].endswith("/events")) or _STREAM in headers.get("accept", "")
