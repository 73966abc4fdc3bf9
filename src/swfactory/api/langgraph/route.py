"""Errors as ``langgraph_sdk`` reads them."""

from __future__ import annotations

from starlette.responses import JSONResponse, Response

from swfactory.api.translation import Fault, TranslatingRoute

__all__ = ["DialectRoute"]


class DialectRoute(TranslatingRoute):
    """A route whose errors the client raises with their message."""

    @staticmethod
    def answer(fault: Fault) -> Response:
        """Return the message where the client looks for it, and for people the hint."""
        body = {"code": fault.kind, "message": fault.text, "detail": fault.message, "hint": fault.hint}
        return JSONResponse(body, status_code=fault.status, headers=fault.headers)
