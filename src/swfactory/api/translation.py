"""What the dialects of other servers have in common: bodies read leniently, errors in the form their clients read."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel, model_validator
from pydantic_core import PydanticSerializationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from swfactory.errors import (
    BusyError,
    FactoryError,
    LimitError,
    MissingExtraError,
    ModelRefused,
    ModelUnavailable,
    NotFoundError,
    UserError,
    WorkspaceError,
)

__all__ = ["Body", "Fault", "TranslatingRoute", "errors_of", "kind_of", "status_of"]

_STATUS: tuple[tuple[type[FactoryError], int], ...] = (
    (NotFoundError, 404),
    (BusyError, 409),
    (LimitError, 429),
    (UserError, 422),
    (WorkspaceError, 422),
    (ModelRefused, 400),
    (ModelUnavailable, 503),
    (MissingExtraError, 501),
)


def status_of(error: FactoryError) -> int:
    """Return the HTTP status that an error of ours means."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), 500)


def kind_of(error: FactoryError) -> str:
    """Return the name of an error as programs compare it, e.g. ``not_found``."""
    name = type(error).__name__.removesuffix("Error")
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).strip("_")


def errors_of(schema: Mapping[str, Any]) -> dict[int | str, dict[str, Any]]:
    """Return how routes describe their errors.

    Args:
        schema: JSON Schema of an error's body.
    """
    content = {"application/json": {"schema": dict(schema)}}
    return {
        "4XX": {"description": "The request cannot be served as it is.", "content": content},
        "5XX": {"description": "The machine or a model must be mended first.", "content": content},
    }


class Body(BaseModel):
    """A body in which null means that a field is not given, as some clients write it."""

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, data: Any) -> Any:
        return {key: value for key, value in data.items() if value is not None} if isinstance(data, dict) else data


class Fault:
    """What went wrong with a request.

    Args:
        status: HTTP status.
        kind: name of the error for programs.
        message: what was wrong, with the value.
        hint: what to do next; may be empty.
        param: field of the body that it concerns; empty for none.
        headers: headers of the answer.
    """

    def __init__(
        self,
        status: int,
        kind: str,
        message: str,
        *,
        hint: str = "",
        param: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.kind = kind
        self.message = message
        self.hint = hint
        self.param = param
        self.headers = dict(headers or {})

    @classmethod
    def of(cls, error: FactoryError | RequestValidationError | HTTPException) -> Fault:
        """Return what an error says."""
        if isinstance(error, FactoryError):
            return cls(status_of(error), kind_of(error), error.message, hint=error.hint)
        if isinstance(error, HTTPException):
            kind = HTTPStatus(error.status_code).phrase.lower().replace(" ", "_")
            return cls(error.status_code, kind, str(error.detail), headers=error.headers)
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"] if part != "body")
        return cls(422, "input", f"{where or 'the body'}: {first['msg']}", param=where)

    @property
    def text(self) -> str:
        """The message with its hint."""
        return f"{self.message} ({self.hint})" if self.hint else self.message


class TranslatingRoute(APIRoute):
    """A route that answers errors in its dialect's own form."""

    @staticmethod
    def answer(fault: Fault) -> Response:
        """Return the answer that a client of the dialect reads."""
        raise NotImplementedError

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler with its errors translated."""
        handler = super().get_route_handler()

        async def translated(request: Request) -> Response:
            try:
                return await handler(request)
            except (FactoryError, RequestValidationError, HTTPException) as exc:
                return self.answer(Fault.of(exc))
            except (UnicodeEncodeError, PydanticSerializationError) as exc:  # half a surrogate pair in a JSON string
                return self.answer(Fault(422, "input", f"the body cannot be kept: {_ascii(exc)}", hint="send UTF-8"))

        return translated


def _ascii(error: Exception) -> str:
    return str(error).encode("ascii", "replace").decode()
