"""Orders that may be given twice and are carried out once: the header ``Idempotency-Key``.

Keys are kept in the runs database, in one transaction with what an order writes: a server that is killed has either
both or neither, and another server on the same data folder sees them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Annotated, TypeVar

from fastapi import Depends, Header, Request, Response
from pydantic import BaseModel

from swfactory.api.access import caller
from swfactory.api.services import Services, services

__all__ = ["REPLAYED", "Once", "once"]

REPLAYED = "Idempotency-Replayed"
"""Header of an answer that was given before."""

T = TypeVar("T", bound=BaseModel)

_Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[!-~]+$",
        description="makes it safe to send the request again: the same key has the same answer, for a week",
        examples=["3f0c9a52-order-17"],
    ),
]


class Once:
    """Carries out an order of a request, unless its key says that this was done.

    Args:
        request: the request.
        response: its answer, whose headers say when it is an old one.
        parts: the parts of the server.
        key: what the caller tells orders apart by; None to carry out every one.
    """

    def __init__(self, request: Request, response: Response, parts: Services, key: str | None) -> None:
        self._request = request
        self._response = response
        self._parts = parts
        self._key = key

    def __call__(self, answer: type[T], order: Callable[[], T], content: BaseModel | None = None) -> T:
        """Carry out an order, or return the answer that an equal one had.

        Args:
            answer: what is answered.
            order: carries it out.
            content: what it says, apart from the path.

        Raises:
            InputError: the key was used for another order.
        """
        if self._key is None:
            return order()
        # Keys are a caller's own; nobody is given another's answer.
        key = f"{caller(self._request).name}/{self._key}"
        said = f"{self._request.method} {self._request.url.path}\n{content.model_dump_json() if content else ''}"
        digest = hashlib.sha256(said.encode()).hexdigest()
        text, old = self._parts.factory.once(key, digest, lambda: order().model_dump_json())
        if old:
            self._response.headers[REPLAYED] = "true"
        return answer.model_validate_json(text)


def once(request: Request, response: Response, parts: Annotated[Services, Depends(services)], key: _Key = None) -> Once:
    """Return what carries out the order of a request; a dependency of routes."""
    return Once(request, response, parts, key)
