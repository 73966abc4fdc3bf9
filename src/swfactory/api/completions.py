"""stub"""

from fastapi import APIRouter


def completions_router(build=None):
    return APIRouter()
