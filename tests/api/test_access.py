"""Who is let in, and what cannot be got at."""

from __future__ import annotations

import json

import httpx
import pytest

from swfactory.api.access import COOKIE, Tokens, check_binding
from swfactory.errors import ConfigError
from tests.api.conftest import HOME, TOKENS, bearer, call, problem
from tests.runtime.conftest import TOY

OPEN = {("get", "/healthz"), ("get", "/readyz"), ("get", "/login"), ("post", "/login")}
TOKEN_OF = {role: token for token, role in TOKENS.items()}


def operations(app) -> list[tuple[str, str]]:
    return [(method, path) for path, found in app.openapi()["paths"].items() for method in found]


async def test_without_a_token_nothing_but_health_answers(serving):
    async with serving(serve_tokens=TOKENS) as server:
        paths = [*operations(server.app), ("get", "/openapi.json"), ("get", "/nowhere"), ("post", "/runs/last/gates/x")]
        assert len(paths) > 30
        for method, path in paths:
            if (method, path) in OPEN:
                continue
            for headers in ({}, {"Authorization": "Bearer wrong"}, {"Authorization": f"Basic {TOKEN_OF['admin']}"}):
                answer = await server.client.request(method, path, headers=headers)
                problem(answer, 401)
                assert answer.headers["www-authenticate"].startswith("Bearer")
        for method, path in OPEN - {("post", "/login")}:
            assert (await server.client.request(method, path)).status_code == 200


async def test_a_malformed_body_says_nothing_to_those_without_a_token(serving):
    async with serving(serve_tokens=TOKENS) as server:
        problem(await server.client.post("/runs", content=b"{", headers={"Content-Type": "application/json"}), 401)


async def test_roles_allow_what_they_say(serving):
    body = {"requirement": "Write 1 files"}
    async with serving(serve_tokens=TOKENS) as server:
        client = server.client
        server.worker.close()
        problem(await client.post("/runs", json=body, headers=bearer("read")), 403)
        run = server.factory.enqueue("Write 1 files", graph=TOY)
        one = f"/runs/{run.id}"
        for role in ("read", "run", "admin"):
            for path in ("/runs", one, f"{one}/steps", "/models", "/metrics", "/rag/collections", "/openapi.json"):
                assert (await client.get(path, headers=bearer(role))).status_code == 200, (role, path)
        for path, said in (
            ("/resume", {}),
            ("/cancel", None),
            ("/fork", {"step": 1}),
            ("/gates/spec", {"decision": "approve"}),
        ):
            assert "'read'" in problem(await client.post(one + path, json=said, headers=bearer("read")), 403)["detail"]
        problem(await client.post("/ask", json={"question": "x"}, headers=bearer("read")), 403)
        files = {"files": ("a.md", b"a")}
        problem(await client.post("/rag/collections/docs/files", files=files, headers=bearer("read")), 403)
        problem(await client.delete(one, headers=bearer("run")), 403)
        problem(await client.delete("/rag/collections/docs/sources/a", headers=bearer("run")), 403)
        problem(await client.post("/runs", json=body | {"graph": TOY}, headers=bearer("run")), 403)
        for url in ("openai:http://elsewhere:1/v1#x", "replay:/etc/passwd", "llama:/tmp/some.gguf", "nothing"):
            answer = await client.post("/runs", json=body | {"model": url}, headers=bearer("run"))
            assert url in problem(answer, 422)["detail"]
        accepted = await client.post("/runs", json=body | {"graph": TOY}, headers=bearer("admin"))
        assert accepted.status_code == 202
        assert (await client.post("/runs", json=body, headers=bearer("run"))).status_code == 202


async def test_roles_hold_for_langgraphs_client_too(serving):
    async with serving(serve_tokens=TOKENS) as server:
        client = server.client
        server.worker.close()
        asked = {"assistant_id": "delivery", "input": {"requirement": "Write 1 files"}}
        thread = (await client.post("/threads", json={}, headers=bearer("run"))).json()["thread_id"]
        for url in ("openai:http://elsewhere:1/v1#x", "replay:/etc/passwd", "llama:/tmp/some.gguf", "nothing"):
            for path in (f"/threads/{thread}/runs", "/runs/wait", "/runs/stream"):
                answer = await client.post(path, json=asked | {"context": {"model": url}}, headers=bearer("run"))
                assert answer.status_code == 422
                assert url in answer.json()["message"]
        assert server.factory.runs() == []
        assert (await client.post(f"/threads/{thread}/runs", json=asked, headers=bearer("run"))).status_code == 200
        [run] = server.factory.runs()
        server.factory.stop(run.id)
        assert (await client.delete(f"/threads/{thread}", headers=bearer("run"))).status_code == 403
        assert [kept.id for kept in server.factory.runs()] == [run.id]
        assert (await client.delete(f"/threads/{thread}", headers=bearer("admin"))).status_code == 204
        assert server.factory.runs() == []


async def test_a_page_logs_in_with_a_cookie_that_other_pages_cannot_use(serving):
    async with serving(serve_tokens=TOKENS) as server:
        problem(await server.client.post("/login", json={"token": "wrong"}), 401)
        problem(await server.client.post("/login", content=b"{"), 400)
        problem(await server.client.post("/login", json={"token": ""}), 422)
        problem(await server.client.post("/login", json={"token": "x"}, headers={"Origin": "http://evil.example"}), 403)
        assert (await server.client.get("/runs")).status_code == 401
        page = await server.client.get("/runs", headers={"Accept": "text/html"})
        assert (page.status_code, "<form" in page.text) == (401, True)

        form = {"token": TOKEN_OF["admin"]}
        answer = await server.client.post("/login", data=form)
        assert answer.status_code == 303
        assert (await server.client.post("/login", json=form)).status_code == 204
        cookie = answer.headers["set-cookie"]
        assert all(part in cookie for part in (COOKIE, "HttpOnly", "SameSite=strict", "Path=/"))

        assert (await server.client.get("/runs")).status_code == 200
        body = {"requirement": "Write 1 files", "graph": TOY}
        for origin in (None, "http://evil.example", "null", "http://127.0.0.1:1"):
            headers = {"Origin": origin} if origin else {}
            problem(await server.client.post("/runs", json=body, headers=headers), 403)
        assert (await server.client.post("/runs", json=body, headers={"Origin": HOME})).status_code == 202
        # A program with the token itself is nobody's page.
        foreign = bearer("admin") | {"Origin": "http://evil.example"}
        assert (await server.client.post("/runs", json=body, headers=foreign)).status_code == 202

        await server.client.post("/logout", headers={"Origin": HOME})
        assert (await server.client.get("/runs")).status_code == 401


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost", "LOCALHOST:1", "[::1]:8765", "127.8.9.1"])
async def test_local_names_are_let_in_without_a_token(server, host):
    assert (await server.client.get("/runs", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "", "0.0.0.0", "localhost.evil", "[", "::"])
async def test_a_name_that_was_bound_to_this_machine_is_not(server, host):
    problem(await server.client.get("/runs", headers={"Host": host}), 403)


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
async def test_a_foreign_page_cannot_give_orders(server, headers):
    body = {"requirement": "Write 1 files", "graph": TOY}
    problem(await server.client.post("/runs", json=body, headers=headers), 403)
    assert (await server.client.get("/runs")).json()["runs"] == []
    assert (await server.client.post("/runs", json=body, headers={"Origin": HOME})).status_code == 202


def test_nobody_else_is_served_without_a_token():
    for host in ("127.0.0.1", "localhost", "::1"):
        check_binding(host, {})
    for host in ("0.0.0.0", "::", "192.168.1.5", "factory.example", ""):
        with pytest.raises(ConfigError, match="no token") as caught:
            check_binding(host, {})
        assert "SWF_SERVE_TOKENS" in caught.value.hint
        check_binding(host, {"t": "read"})


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_a_token_that_came_out_empty_is_none(host):
    for token in ("", " "):
        with pytest.raises(ConfigError, match="empty"):
            check_binding(host, {token: "admin", "t": "read"})
    assert Tokens({"": "admin"}), "nobody is let in for want of tokens"
    assert Tokens({"": "admin"}).find("") is None


@pytest.mark.parametrize(
    "path",
    [
        "../../factory.db",
        "..%2f..%2ffactory.db",
        "%2e%2e/%2e%2e/factory.db",
        "..%5c..%5cfactory.db",
        "/etc/passwd",
        "%2fetc%2fpasswd",
        "src/../../../lock",
        "lock",
        ".git/config",
        "src",
        "",
        "%00",
        "src/file1.txt%00.png",
        "%ff%fe",
        "a" * 5000,
    ],
)
async def test_no_path_leaves_the_product(server, path):
    run = await server.finished()
    answer = await server.client.get(httpx.URL(f"{HOME}/runs/{run['id']}/files/{path}"))
    if path in {"", "../../factory.db"}:  # the client itself goes up: these are other routes
        assert answer.status_code in {200, 307, 404, 422}
        assert "SQLite" not in answer.text
    else:
        problem(answer, 404)


@pytest.mark.parametrize("name", ["..", "%2e%2e", "nope", "nope%00", "a/b", "' OR 1=1", "%2fetc%2fpasswd", "x" * 999])
async def test_an_unknown_run_is_said_to_be_none(server, name):
    for tail in ("", "/events", "/files", "/steps", "/gates", "/diff", "/report", "/archive.zip", "/documents/spec"):
        answer = await server.client.get(httpx.URL(f"{HOME}/runs/{name}{tail}"))
        if answer.status_code != 200:  # a client resolves '..' itself and lands elsewhere
            problem(answer, answer.status_code)
            assert answer.status_code in {404, 422}
        else:
            assert name in {"..", "%2e%2e"}


async def test_a_traversal_that_no_client_has_resolved_reaches_nothing(server):
    """As a socket would send it: dots and all."""
    run = await server.finished()
    for path in (f"/runs/{run['id']}/files/../../../factory.db", f"/runs/{run['id']}/files//etc/passwd", "/runs/../x"):
        sent = await call(server.app, path, host="127.0.0.1")
        assert sent[0]["status"] in {404, 422}
        assert json.loads(sent[1]["body"])["hint"]
