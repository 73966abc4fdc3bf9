"""What went wrong, as ``application/problem+json`` (RFC 9457) with what to do next."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import Response

from swfactory.errors import (
    BusyError,
    FactoryError,
    InputError,
    LimitError,
    MissingExtraError,
    ModelError,
    ModelUnavailable,
    NotFoundError,
    PathEscapeError,
    PromptTooLong,
)

__all__ = ["FOREIGN_PROBLEMS", "MEDIA_TYPE", "PROBLEMS", "Problem", "install", "problem", "status_of"]

MEDIA_TYPE = "application/problem+json"

_RETRY_SECONDS = 2
_STATUSES: tuple[tuple[type[FactoryError], int], ...] = (
    (NotFoundError, 404),
    (BusyError, 409),
    (InputError, 422),
    (PathEscapeError, 422),
    (PromptTooLong, 422),
    (LimitError, 409),
    (MissingExtraError, 501),
    (ModelUnavailable, 503),
    (ModelError, 502),
    (FactoryError, 503),  # settings, stores, sandbox: the machine must be mended first
)
_HINTS: dict[int, str] = {
    400: "send a body as GET /openapi.json describes it",
    401: "send Authorization: Bearer TOKEN",
    403: "send a token of the role that is needed; serve_tokens in the server's settings gives roles",
    404: "GET /openapi.json lists the routes",
    405: "GET /openapi.json lists the methods of each route",
    413: "send less, or let the server take more with serve_max_bytes",
    422: "GET /openapi.json describes the request",
    429: "try again later, as Retry-After says",
}
_ROUTES: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), route)
    for pattern, route in (
        (r"swf show (\S+)$", r"GET /runs/\1"),
        (r"swf runs$", "GET /runs"),
        (r"swf run .*", "POST /runs"),
        (r"swf logs (\S+) --follow$", r"GET /runs/\1/events"),
        (r"swf resume (\S+)$", r"POST /runs/\1/resume"),
        (r"swf delete (\S+)$", r"DELETE /runs/\1"),
        (r"swf rag list$", "GET /rag/collections"),
        (r"swf rag add FOLDER(?: --collection (\S+))?$", "POST /rag/collections/NAME/files"),
        (r"swf models list$", "GET /models"),
    )
)
"""What the command line is told, as the route that does the same."""


class Fault(BaseModel):
    """One thing that is wrong with a request."""

    where: str = Field(description="part of the request", examples=["body.requirement"])
    message: str = Field(description="what is wrong with it", examples=["Field required"])


class Problem(BaseModel):
    """A problem (RFC 9457)."""

    type: str = Field(default="about:blank", description="kind of the problem", examples=["urn:swfactory:not-found"])
    title: str = Field(description="the status in words", examples=["Not Found"])
    status: int = Field(description="HTTP status", examples=[404])
    detail: str = Field(description="what was wrong, with the value", examples=["no run 'nope'"])
    hint: str = Field(default="", description="what to do next", examples=["GET /runs"])
    instance: str = Field(default="", description="path of the request", examples=["/runs/nope"])
    errors: list[Fault] = Field(default_factory=list, description="what is wrong, part by part")


def _responses(*others: str) -> dict[int | str, dict[str, Any]]:
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}, **{kind: {} for kind in others}}
    return {
        "4XX": {"description": "The request cannot be served as it is; `hint` says what to do.", "content": content},
        "5XX": {"description": "The machine or a model must be mended first; `hint` says how.", "content": content},
    }


PROBLEMS = _responses()
"""Responses that every route may give, for its description."""

FOREIGN_PROBLEMS = _responses("application/json")
"""The same of routes that tell of their own errors as another program does."""


def status_of(error: FactoryError) -> int:
    """Return the HTTP status of an error."""
    return next(status for kind, status in _STATUSES if isinstance(error, kind))


def problem(
    status: int,
    detail: str,
    *,
    hint: str = "",
    kind: str = "about:blank",
    instance: str = "",
    errors: Sequence[Fault] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return a problem as a response.

    Args:
        status: HTTP status.
        detail: what was wrong, with the value.
        hint: what to do next; empty for what goes with the status.
        kind: URI of the kind of problem.
        instance: path of the request.
        errors: what is wrong, part by part.
        headers: further headers.
    """
    body = Problem(
        type=kind,
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail,
        hint=hint or _HINTS.get(status, ""),
        instance=instance,
        errors=list(errors),
    )
    # Escaped, so that half a surrogate pair in a key or a path cannot break the answer about it.
    content = json.dumps(body.model_dump(exclude_defaults=True) | {"type": kind}, ensure_ascii=True)
    return Response(content, status, headers=dict(headers or {}), media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Let an application answer every error with a problem."""
    app.add_exception_handler(FactoryError, _factory_error)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _fault)


async def _factory_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, FactoryError)
    status = status_of(error)
    return problem(
        status,
        error.message,
        hint=_as_route(error.hint),
        kind=f"urn:swfactory:{_kebab(type(error).__name__)}",
        instance=request.url.path,
        headers={"Retry-After": str(_RETRY_SECONDS)} if status == 503 or isinstance(error, BusyError) else None,
    )


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = [Fault(where=".".join(str(part) for part in e["loc"]), message=str(e["msg"])) for e in error.errors()]
    if any(e["type"] == "json_invalid" for e in error.errors()):
        reason = error.errors()[0].get("ctx", {}).get("error", "")
        return problem(
            400,
            f"the body is not JSON: {reason} at character {error.errors()[0]['loc'][-1]}",
            hint="send a JSON object with Content-Type: application/json",
            kind="urn:swfactory:malformed-json",
            instance=request.url.path,
        )
    hint = "correct what `errors` names; GET /openapi.json describes the request"
    if any(fault.where == "body" for fault in faults):
        hint = "send a JSON object with Content-Type: application/json; GET /openapi.json describes it"
    return problem(
        422,
        "; ".join(f"{fault.where}: {fault.message}" for fault in faults[:3]) or "the request cannot be used",
        hint=hint,
        kind="urn:swfactory:invalid-request",
        instance=request.url.path,
        errors=faults,
    )


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    detail = str(error.detail)
    if error.status_code in {404, 405} and detail == HTTPStatus(error.status_code).phrase:
        detail = {
            404: f"there is nothing at {request.url.path!r}",
            405: f"{request.url.path!r} does not take {request.method}",
        }[error.status_code]
    return problem(error.status_code, detail, instance=request.url.path, headers=error.headers)


async def _fault(request: Request, error: Exception) -> Response:
    return problem(
        500,
        f"internal fault: {type(error).__name__}",
        hint="the server's log shows where; report that. No finished step of a run is lost",
        instance=request.url.path,
    )


def _as_route(hint: str) -> str:
    for pattern, route in _ROUTES:
        if pattern.match(hint):
            return pattern.sub(route, hint)
    return hint


def _kebab(name: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name.removesuffix("Error")).lower()
