"""Errors as ``langgraph_sdk`` reads them."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from swfactory.api.translation import Fault, TranslatingRoute, errors_of

__all__ = ["ERRORS", "DialectRoute"]

ERRORS = errors_of(
    {
        "type": "object",
        "required": ["code", "message", "detail", "hint"],
        "properties": {key: {"type": "string"} for key in ("code", "message", "detail", "hint")},
    }
)
"""How the routes describe their errors."""


class DialectRoute(TranslatingRoute):
    """A route whose errors the client raises with their message."""

    @staticmethod
    def answer(fault: Fault) -> Response:
        """Return the message where the client looks for it, and for people the hint."""
        body = {"code": fault.kind, "message": fault.text, "detail": fault.message, "hint": fault.hint}
        return JSONResponse(body, status_code=fault.status, headers=fault.headers)
