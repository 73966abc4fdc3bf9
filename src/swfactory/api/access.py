"""Who may do what: bearer tokens with roles, a cookie for the page, and requests that other pages cannot forge."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args
from urllib.parse import urlsplit

from fastapi import Depends, Request
from fastapi.routing import RouteContext
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from swfactory.api.problems import problem
from swfactory.config import AccessRole, allows
from swfactory.errors import ConfigError

__all__ = [
    "COOKIE",
    "LOGIN_PAGE",
    "OPEN_PATHS",
    "AccessMiddleware",
    "Caller",
    "Tokens",
    "caller",
    "check_binding",
    "require",
    "role_of",
]

COOKIE = "swf_token"
"""Cookie that carries the token of a page."""

OPEN_PATHS = frozenset({"/healthz", "/readyz", "/login"})
"""Paths that need no token."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_LOCAL_NAMES = frozenset({"localhost", "localhost."})
LOGIN_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>swfactory</title>
<form method="post" action="/login"><label>Token <input type="password" name="token" autofocus></label>
<button>Open</button></form></html>"""
"""What a browser is shown that has no token yet."""


@dataclass(frozen=True)
class Caller:
    """Who sent a request.

    Args:
        role: what the caller may do.
        name: tells callers from each other and gives no token away.
    """

    role: AccessRole
    name: str = ""

    def may(self, role: AccessRole) -> bool:
        """Whether the caller may do what a role may."""
        return allows(self.role, role)


class Tokens:
    """The tokens of a server.

    Args:
        roles: role by token.
    """

    def __init__(self, roles: Mapping[str, AccessRole]) -> None:
        self._roles = [(_digest(token), role) for token, role in roles.items()]

    def __bool__(self) -> bool:
        return bool(self._roles)

    def find(self, token: str) -> Caller | None:
        """Return whose token it is, in a time that says nothing about the token; None for nobody's."""
        if not token:  # none was sent; it must not be taken for a token that came out empty
            return None
        digest, found = _digest(token), None
        for known, role in self._roles:
            if hmac.compare_digest(known, digest):
                found = Caller(role, digest.hex()[:16])
        return found


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()


def is_loopback(host: str) -> bool:
    """Whether a name or address is this machine's own, seen from itself."""
    if host.lower() in _LOCAL_NAMES:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def check_binding(host: str, tokens: Mapping[str, AccessRole]) -> None:
    """Refuse to serve others than this machine's users without a token.

    Raises:
        ConfigError: the address can be reached from elsewhere, and there is no token, or a token is empty.
    """
    if any(not token.strip() for token in tokens):
        raise ConfigError(
            "a token of serve_tokens is empty", hint="look at SWF_SERVE_TOKENS: is a variable in it set to nothing?"
        )
    if not is_loopback(host) and not tokens:
        raise ConfigError(
            f"the server would listen at {host!r}, where others can reach it, and there is no token",
            hint='set SWF_SERVE_TOKENS=\'{"A-LONG-SECRET": "admin"}\', or serve_tokens in the settings file;\n'
            'make one: python -c "import secrets; print(secrets.token_urlsafe(32))"',
        )


def caller(request: Request) -> Caller:
    """Return who sent a request; a dependency of routes."""
    found: Caller = request.scope["swf.caller"]
    return found


def require(role: AccessRole) -> Any:
    """Return a dependency that lets only those pass who have a role, or a greater one.

    Args:
        role: the least role.
    """
    return Depends(_CHECKS[role])


def _check(role: AccessRole) -> Callable[[Request], None]:
    def check(request: Request) -> None:
        found = caller(request)
        if not found.may(role):
            raise HTTPException(403, f"the token's role is {found.role!r}, and this needs {role!r}")

    return check


_CHECKS: dict[AccessRole, Callable[[Request], None]] = {role: _check(role) for role in get_args(AccessRole)}


def role_of(route: RouteContext) -> AccessRole | None:
    """Return the least role that a route needs; None when it needs no token."""
    if route.path in OPEN_PATHS:
        return None
    calls = [dependency.call for dependency in route.dependant.dependencies]
    roles: tuple[AccessRole, ...] = ("admin", "run")
    return next((role for role in roles if _CHECKS[role] in calls), "read")


class AccessMiddleware:
    """Lets a request pass when it is known who sent it, and that no foreign page did.

    Args:
        app: what is guarded.
        tokens: the tokens; without any, whoever reaches the server may do everything.
    """

    def __init__(self, app: ASGIApp, tokens: Tokens) -> None:
        self._app = app
        self._tokens = tokens

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check a request or a websocket; pass everything else on."""
        if scope["type"] not in {"http", "websocket"}:
            await self._app(scope, receive, send)
            return
        refusal = self._refusal(HTTPConnection(scope))
        if refusal is None:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": "not allowed"})
        else:
            await refusal(scope, receive, send)

    def _refusal(self, connection: HTTPConnection) -> Response | None:
        scope, headers = connection.scope, connection.headers
        path = str(scope["path"])
        # A websocket may write; a page that is not ours must not open one.
        safe = scope["type"] == "http" and scope["method"] in _SAFE
        if not self._tokens:
            # The browser of a local user is the way in: a name that was bound anew to 127.0.0.1, or a foreign form.
            if not is_loopback(_hostname(headers.get("host", ""))):
                return problem(
                    403,
                    f"the host {headers.get('host', '')!r} is not this machine",
                    hint="ask for http://127.0.0.1 or http://localhost, or set serve_tokens",
                    instance=path,
                )
            if not safe and _is_foreign(headers):
                return _forged(headers, path)
            scope["swf.caller"] = Caller("admin")
            return None
        if path in OPEN_PATHS:
            if not safe and _is_foreign(headers):
                return _forged(headers, path)
            scope["swf.caller"] = Caller("read")
            return None
        if token := _sent(headers):
            found = self._tokens.find(token)
        else:
            found = self._tokens.find(connection.cookies.get(COOKIE, ""))
            if found and not safe and (not headers.get("origin") or _is_foreign(headers)):
                return _forged(headers, path)
        if found is None:
            return _unknown(headers, path)
        scope["swf.caller"] = found
        return None


def _sent(headers: Headers) -> str:
    """The token that a program sends; LangGraph's client has a header of its own for it."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else headers.get("x-api-key", "").strip()


def _hostname(netloc: str) -> str:
    try:
        return urlsplit(f"//{netloc}").hostname or ""
    except ValueError:
        return ""


def _is_foreign(headers: Headers) -> bool:
    """Whether a page of another origin sent a request, as far as browsers tell."""
    origin = headers.get("origin")
    if origin is None:
        return headers.get("sec-fetch-site") in {"cross-site", "same-site"}
    try:
        return urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
    except ValueError:
        return True


def _forged(headers: Headers, path: str) -> Response:
    return problem(
        403,
        f"a page of {headers.get('origin', 'another origin')!r} may not ask for this",
        hint="send it from a page of this server, or from a program with Authorization: Bearer TOKEN",
        instance=path,
    )


def _unknown(headers: Headers, path: str) -> Response:
    challenge = {"WWW-Authenticate": 'Bearer realm="swfactory"'}
    if "text/html" in headers.get("accept", ""):
        return HTMLResponse(LOGIN_PAGE, 401, headers=challenge)
    given = "is not known" if headers.get("authorization") or headers.get("x-api-key") else "is missing"
    return problem(401, f"the token {given}", hint="send Authorization: Bearer TOKEN", instance=path, headers=challenge)
