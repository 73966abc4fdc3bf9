"""Whether the server is well."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field
from starlette.responses import Response

from swfactory.api.problems import problem
from swfactory.api.services import Services, services

__all__ = ["Health", "router"]

router = APIRouter(tags=["server"])


class Health(BaseModel):
    """The server is well."""

    status: Literal["ok"] = Field(default="ok", examples=["ok"])


@router.get("/healthz", summary="Whether the server answers")
async def healthz() -> Health:
    """Answer as long as the server lives; needs no token."""
    return Health()


@router.get("/readyz", summary="Whether runs are worked off", response_model=Health)
def readyz(parts: Annotated[Services, Depends(services)]) -> Health | Response:
    """Answer 503 while runs cannot be read or nobody works them off; needs no token."""
    parts.factory.runs(limit=1)
    if not parts.worker.alive:
        return problem(503, "no worker works off the runs", hint="restart the server", headers={"Retry-After": "5"})
    return Health()
