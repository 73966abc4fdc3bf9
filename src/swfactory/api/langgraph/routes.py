"""Routes of the dialect: assistants, threads, their states, and their runs."""

from __future__ import annotations

from fastapi import APIRouter

from swfactory.api.langgraph import assistant_routes, run_routes, thread_routes
from swfactory.api.langgraph.route import ERRORS, DialectRoute

__all__ = ["router"]

router = APIRouter(route_class=DialectRoute, tags=["langgraph"], responses=ERRORS)
for _part in (assistant_routes, run_routes, thread_routes):
    router.include_router(_part.router)
