"""What came of a run: files, differences, reports, drawings."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import Response

from swfactory.api.access import require
from swfactory.api.schemas import FileEntry, RunId
from swfactory.api.services import Services, services
from swfactory.domain.run import Run
from swfactory.errors import NotFoundError
from swfactory.report import render_html, render_markdown

__all__ = ["router"]

_INERT = {
    # What a model has written must not act on the pages of this server.
    "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    "X-Content-Type-Options": "nosniff",
}

Parts = Annotated[Services, Depends(services)]
AfterStep = Annotated[int | None, Query(alias="step", ge=-1, le=10**9, description="as it was after this step")]

router = APIRouter(tags=["products"], dependencies=[require("read")])


def _content(*types: str) -> dict[int | str, dict[str, object]]:
    return {200: {"content": {kind: {"schema": {"type": "string"}} for kind in types}}}


@router.get("/runs/{run_id}/files", summary="List files")
def list_files(run_id: RunId, parts: Parts, step: AfterStep = None) -> list[FileEntry]:
    """The files of a run's product."""
    found = parts.factory.files(run_id, step=step)
    return [FileEntry(path=path, bytes=len(text.encode("utf-8", "replace"))) for path, text in sorted(found.items())]


@router.get(
    "/runs/{run_id}/files/{path:path}",
    summary="Read a file",
    response_class=Response,
    responses=_content("text/plain"),
)
def read_file(run_id: RunId, path: str, parts: Parts, step: AfterStep = None) -> Response:
    """A file of a run's product, as text. It is looked up in the product's commit and nowhere else."""
    text = parts.factory.files(run_id, step=step).get(path)
    if text is None:
        raise NotFoundError(f"run {run_id!r} has no file {path!r}", hint=f"GET /runs/{run_id}/files lists them")
    return Response(text.encode("utf-8", "replace"), media_type="text/plain; charset=utf-8", headers=_INERT)


@router.get(
    "/runs/{run_id}/diff", summary="Show what was changed", response_class=Response, responses=_content("text/x-diff")
)
def read_diff(run_id: RunId, parts: Parts, step: AfterStep = None) -> Response:
    """The unified diff of the whole product against nothing, or of one step."""
    text = parts.factory.diff(run_id, step)
    return Response(text.encode("utf-8", "replace"), media_type="text/x-diff; charset=utf-8", headers=_INERT)


@router.get(
    "/runs/{run_id}/report",
    summary="Read the report",
    response_class=Response,
    responses=_content("text/markdown", "text/html"),
)
def read_report(
    run_id: RunId,
    parts: Parts,
    request: Request,
    format: Annotated[Literal["markdown", "html"] | None, Query(description="instead of what is accepted")] = None,
) -> Response:
    """The report of a delivered run: Markdown, or HTML for those who accept that first."""
    html = (format or _preferred(request, "text/markdown", "text/html")) in {"html", "text/html"}
    run = parts.factory.run(run_id)
    files = parts.factory.files(run.id)
    text = files.get("report.html" if html else "REPORT.md")
    if text is None:
        delivery = parts.factory.delivery(run.id)
        if delivery is None:
            raise NotFoundError(
                f"run {run.id!r} has no report yet: it is {run.status}", hint=f"GET /runs/{run.id}/events tells when"
            )
        text = render_html(delivery) if html else render_markdown(delivery)
    kind = "text/html" if html else "text/markdown"
    return Response(text.encode("utf-8", "replace"), media_type=f"{kind}; charset=utf-8", headers=_INERT)


@router.get(
    "/runs/{run_id}/archive.zip",
    summary="Fetch the product",
    response_class=Response,
    responses={200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}},
)
def read_archive(run_id: RunId, parts: Parts, step: AfterStep = None) -> Response:
    """The files of a run's product as a zip file."""
    run = parts.factory.run(run_id)
    name = f'attachment; filename="{run.id}.zip"'
    return Response(
        parts.factory.product(run.id, step=step), media_type="application/zip", headers={"Content-Disposition": name}
    )


@router.get(
    "/runs/{run_id}/graph",
    summary="Draw the graph",
    response_class=Response,
    responses=_content("text/vnd.mermaid", "image/svg+xml"),
)
def read_graph(
    run_id: RunId,
    parts: Parts,
    request: Request,
    format: Annotated[Literal["mermaid", "svg"] | None, Query(description="instead of what is accepted")] = None,
) -> Response:
    """The graph that a run walks: Mermaid text, or a drawing that shows how far it is."""
    svg = (format or _preferred(request, "text/vnd.mermaid", "image/svg+xml")) in {"svg", "image/svg+xml"}
    run = parts.factory.run(run_id)
    if svg:
        return Response(_drawn(parts, run), media_type="image/svg+xml", headers=_INERT)
    from swfactory.runtime.topology import mermaid

    return Response(mermaid(run.graph), media_type="text/vnd.mermaid; charset=utf-8", headers=_INERT)


def _drawn(parts: Services, run: Run) -> str:
    from swfactory.report.picture import svg
    from swfactory.runtime.topology import outline

    done: set[str] = set()
    active: set[str] = set()
    for event in parts.factory.events(run.id):
        if event.kind == "step" and event.data.get("phase", "start") == "start":
            active.add(event.step)
        elif event.kind == "step":
            active.discard(event.step)
            done.add(event.step)
    shown = active if run.under_way or run.status == "waiting" else set()
    return svg(outline(run.graph), done=sorted(done - shown), active=sorted(shown), title=f"run {run.id}")


def _preferred(request: Request, *kinds: str) -> str:
    """The kind that a client accepts first; the first of ours when it does not say."""
    weights = dict.fromkeys(kinds, 0.0)
    for part in request.headers.get("accept", "").split(","):
        name, *options = (piece.strip() for piece in part.split(";"))
        quality = next((o[2:] for o in options if o.startswith("q=")), "1")
        if name in weights and re.fullmatch(r"[01](\.\d{0,3})?", quality):
            weights[name] = float(quality)
    return max(kinds, key=weights.__getitem__)
