"""Runs: started, listed, steered and deleted."""

from __future__ import annotations

import json
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, Response
from starlette.exceptions import HTTPException

from swfactory.api.access import Caller, caller, require
from swfactory.api.idempotency import Once, once
from swfactory.api.models import allowed_model
from swfactory.api.schemas import (
    Fork,
    GateAnswer,
    NewRun,
    Progressed,
    Resume,
    RunDetails,
    RunId,
    RunPage,
    RunView,
    Step,
    WaitingGate,
)
from swfactory.api.services import Services, services
from swfactory.domain.budget import Budget
from swfactory.domain.requirement import Requirement
from swfactory.domain.run import RunStatus
from swfactory.errors import LimitError
from swfactory.report import canonical_license
from swfactory.report.documents import document_text
from swfactory.report.progress import Progress
from swfactory.runtime import DOCUMENTS, Decision

__all__ = ["router"]

_RETRY_SECONDS = 10

Parts = Annotated[Services, Depends(services)]
Who = Annotated[Caller, Depends(caller)]
OnceOnly = Annotated[Once, Depends(once)]

router = APIRouter(tags=["runs"])


@router.post("/runs", status_code=202, summary="Start a run", dependencies=[require("run")])
def start_run(asked: NewRun, parts: Parts, who: Who, only: OnceOnly, request: Request, response: Response) -> RunView:
    """Write a run down and answer; a worker takes it up, now or after a restart.

    Follow it with `GET /runs/{id}/events`.
    """
    if asked.graph != "delivery" and not who.may("admin"):
        raise HTTPException(403, f"the graph {asked.graph!r} is a file of the server, and naming one needs 'admin'")
    model = allowed_model(asked.model, parts.settings, who)
    wanted = Requirement.parse(asked.requirement, license=canonical_license(asked.license) if asked.license else None)

    def order() -> RunView:
        _refuse_beyond(parts)
        run = parts.factory.enqueue(
            wanted,
            graph=asked.graph,
            gates=asked.gates,
            model=model,
            seed=asked.seed,
            budget=asked.budget.merged(Budget.of(parts.settings)) if asked.budget else None,
            collections=asked.collections,
            experience=asked.experience,
        )
        return RunView.of(run)

    return _accepted(parts, request, response, only(RunView, order, asked))


@router.get("/runs", summary="List runs", dependencies=[require("read")])
def list_runs(
    parts: Parts,
    request: Request,
    response: Response,
    status: Annotated[RunStatus | None, Query(description="only runs that stand there")] = None,
    parent: Annotated[
        str | None, Query(min_length=1, max_length=64, description="only forks and replays of this run")
    ] = None,
    limit: Annotated[int, Query(ge=1, le=200, description="at most so many")] = 50,
    before: Annotated[
        str | None, Query(min_length=1, max_length=64, description="only runs older than this id: `next` of a page")
    ] = None,
) -> RunPage:
    """A page of runs, newest first; `next` and the header `Link` lead to the next one."""
    found = parts.factory.runs(status=status, parent=parent, limit=limit + 1, before=before)
    page = found[:limit]
    following = page[-1].id if len(found) > limit else None
    if following:
        response.headers["Link"] = f'<{request.url.include_query_params(before=following)}>; rel="next"'
    return RunPage(runs=[RunView.of(run) for run in page], next=following)


@router.get("/runs/{run_id}", summary="Show a run", dependencies=[require("read")])
def show_run(run_id: RunId, parts: Parts) -> RunDetails:
    """A run, where it stands and how far it is."""
    run = parts.factory.run(run_id)
    events = parts.factory.events(run.id)
    progress = Progress(budget=run.budget)
    for event in events:
        progress.apply(event)
    at_work = run.status == "running"
    return RunDetails(
        **RunView.of(run).model_dump(),
        progress=Progressed(
            step=progress.step if at_work else "",
            role=progress.active if at_work else "",
            passed=progress.passed,
            total=progress.total,
            rounds=progress.rounds,
            tokens=progress.tokens,
        ),
        waiting=[gate.gate for gate in parts.factory.gates(run.id)],
        events=events[-1].seq if events else 0,
    )


@router.get("/runs/{run_id}/steps", summary="List steps", dependencies=[require("read")])
def list_steps(run_id: RunId, parts: Parts) -> list[Step]:
    """The steps of a run, oldest first: what `fork`, `diff` and documents take."""
    return [
        Step(
            step=item.step,
            time=item.time,
            nodes=item.nodes,
            commit=item.commit,
            documents=[key for key in (*DOCUMENTS, "delivery") if item.values.get(key)],
        )
        for item in parts.factory.history(run_id)
    ]


@router.get("/runs/{run_id}/gates", summary="List gates that wait", dependencies=[require("read")])
def list_gates(run_id: RunId, parts: Parts) -> list[WaitingGate]:
    """The gates that a run waits at, with the documents to decide on."""
    return [
        WaitingGate(gate=item.gate, document=item.document, text=document_text(item.gate, item.document))
        for item in parts.factory.gates(run_id)
    ]


@router.post("/runs/{run_id}/gates/{gate}", status_code=202, summary="Answer a gate", dependencies=[require("run")])
def answer_gate(
    run_id: RunId, gate: str, asked: GateAnswer, parts: Parts, only: OnceOnly, request: Request, response: Response
) -> RunView:
    """Record the answer to a gate, and let a worker go on with the run."""
    decision = Decision.of(asked.decision, comment=asked.comment, document=_as_text(asked.document))
    return _accepted(
        parts,
        request,
        response,
        only(RunView, lambda: RunView.of(parts.factory.enqueue_answer(run_id, gate, decision)), asked),
    )


@router.post("/runs/{run_id}/resume", status_code=202, summary="Go on with a run", dependencies=[require("run")])
def resume_run(
    run_id: RunId, parts: Parts, only: OnceOnly, request: Request, response: Response, asked: Resume | None = None
) -> RunView:
    """Go on with a run that was interrupted, has failed, or has spent its budget and gets a larger one."""

    def order() -> RunView:
        bounds = asked.budget if asked else None
        budget = bounds.merged(parts.factory.run(run_id).budget) if bounds else None
        return RunView.of(parts.factory.enqueue_resume(run_id, budget=budget))

    return _accepted(parts, request, response, only(RunView, order, asked))


@router.post("/runs/{run_id}/fork", status_code=202, summary="Fork a run", dependencies=[require("run")])
def fork_run(run_id: RunId, asked: Fork, parts: Parts, only: OnceOnly, request: Request, response: Response) -> RunView:
    """Start a new run from a step of another one, with documents changed. The other run stays as it is."""
    changes = {str(key): _as_text(document) for key, document in asked.changes.items()}

    def order() -> RunView:
        _refuse_beyond(parts)
        return RunView.of(parts.factory.enqueue_fork(run_id, step=asked.step, changes=changes))

    return _accepted(parts, request, response, only(RunView, order, asked))


@router.post(
    "/runs/{run_id}/cancel",
    status_code=202,
    summary="Cancel a run",
    dependencies=[require("run")],
    responses={200: {"model": RunView, "description": "it waited for a worker, and does so no more"}},
)
def cancel_run(run_id: RunId, parts: Parts, response: Response) -> RunView:
    """Stop a run where it can go on. One that is at work stops soon: follow its events to see it."""
    run = parts.factory.stop(run_id)
    if not run.under_way:
        response.status_code = 200
    return RunView.of(run)


@router.delete(
    "/runs/{run_id}",
    status_code=204,
    response_class=Response,
    summary="Delete a run",
    dependencies=[require("admin")],
)
def delete_run(run_id: RunId, parts: Parts) -> None:
    """Delete a run with its records and files; one that is at work has to be cancelled first."""
    parts.factory.delete(run_id, wait=True)


@router.get(
    "/runs/{run_id}/documents/{key}",
    summary="Show a document",
    dependencies=[require("read")],
    responses={200: {"content": {"application/json": {"schema": {}}}}},
)
def show_document(
    run_id: RunId,
    key: str,
    parts: Parts,
    step: Annotated[int | None, Query(ge=-1, le=10**9, description="as it was after this step")] = None,
) -> Response:
    """A document of a run: `spec`, `design`, `report` or `delivery`."""
    return Response(parts.factory.document(run_id, key, step=step), media_type="application/json")


def _accepted(parts: Services, request: Request, response: Response, run: RunView) -> RunView:
    parts.worker.wake()
    response.headers["Location"] = request.url_for("show_run", run_id=run.id).path
    return run


def _refuse_beyond(parts: Services) -> None:
    try:
        parts.factory.check_room()
    except LimitError as exc:
        raise HTTPException(
            429,
            f"{exc.message}; GET /runs?status=queued lists them",
            headers={"Retry-After": str(_RETRY_SECONDS)},
        ) from exc


def _as_text(document: str | dict[str, Any]) -> str:
    return document if isinstance(document, str) else json.dumps(document)
