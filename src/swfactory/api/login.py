"""The page's way in: a token that becomes a cookie."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from swfactory.api.access import COOKIE, LOGIN_PAGE, Tokens
from swfactory.api.services import services

__all__ = ["router"]

_HOME = "/"

router = APIRouter(tags=["server"])


class Login(BaseModel):
    """A token."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    token: str = Field(min_length=1, max_length=1000, examples=["A-LONG-SECRET"])


_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": Login.model_json_schema()}
            for kind in ("application/json", "application/x-www-form-urlencoded")
        },
    }
}


@router.get("/login", response_class=HTMLResponse, summary="The form for a token")
async def login_page() -> HTMLResponse:
    """A form that asks for the token."""
    return HTMLResponse(LOGIN_PAGE)


@router.post(
    "/login",
    status_code=204,
    response_class=Response,
    summary="Log a page in",
    openapi_extra=_BODY,
    responses={303: {"description": "a form was sent; the page is elsewhere"}},
)
async def login(request: Request) -> Response:
    """Turn a token into a cookie for a page in a browser; programs send the token itself."""
    form = request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")
    token = _token(await request.body(), form=form)
    tokens = Tokens(services(request).settings.serve_tokens)
    if tokens and tokens.find(token) is None:
        raise HTTPException(401, "the token is not known", headers={"WWW-Authenticate": 'Bearer realm="swfactory"'})
    response: Response = RedirectResponse(_HOME, 303) if form else Response(status_code=204)
    if tokens:
        secure = request.url.scheme == "https"
        response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=secure, path="/")
    return response


@router.post("/logout", status_code=204, response_class=Response, summary="Log a page out")
async def logout() -> Response:
    """Take the cookie back."""
    response = Response(status_code=204)
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")
    return response


def _token(body: bytes, *, form: bool) -> str:
    try:
        if form:
            fields = parse_qs(body.decode(), strict_parsing=True, max_num_fields=4)
            return Login.model_validate({key: values[-1] for key, values in fields.items()}).token
        return Login.model_validate(json.loads(body)).token
    except ValidationError as exc:
        raise HTTPException(422, f"the token cannot be used: {exc.errors()[0]['msg']}") from exc
    except ValueError as exc:  # what json and parse_qs say of a malformed body
        raise HTTPException(400, 'the body is neither {"token": "..."} nor a form with a token') from exc
