"""What requests say and answers hold, with examples."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Path
from pydantic import BaseModel, ConfigDict, Field

from swfactory.domain.budget import Budget
from swfactory.domain.run import Gate, Run, RunStatus

__all__ = [
    "EVENT_STREAM",
    "Bounds",
    "FileEntry",
    "Fork",
    "GateAnswer",
    "NewRun",
    "Progressed",
    "Resume",
    "RunDetails",
    "RunId",
    "RunPage",
    "RunView",
    "Step",
    "WaitingGate",
]

_MOST = 10**9

EVENT_STREAM: dict[str, Any] = {
    "type": "object",
    "required": ["event", "data"],
    "properties": {
        "id": {"type": "string", "description": "number of a kept event, to go on after it"},
        "event": {"type": "string", "description": "kind of the event"},
        "data": {"type": "string", "contentMediaType": "application/json"},
    },
}
"""Schema of one server-sent event, as OpenAPI 3.2 describes items of a stream."""

RunId = Annotated[
    str,
    Path(
        min_length=1,
        max_length=64,
        pattern=r"^[0-9A-Za-z-]+$",
        description="an id, the beginning of one or of its last part, or `last`",
        examples=["260801-101500-k3x7"],
    ),
]


class _Asked(BaseModel):
    """The base of what is asked: closed to what is not known."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Bounds(_Asked):
    """Bounds of a run; null lifts one, what is left out stays as it is."""

    max_tokens: int | None = Field(default=None, gt=0, le=_MOST, description="generated tokens", examples=[20000])
    max_seconds: float | None = Field(
        default=None, gt=0, le=_MOST, allow_inf_nan=False, description="seconds of work", examples=[1800]
    )
    max_rounds: int | None = Field(default=None, ge=0, le=_MOST, description="repair rounds", examples=[6])

    def merged(self, base: Budget) -> Budget:
        """Return a budget with these bounds put in.

        Args:
            base: what holds for what was left out.
        """
        return base.model_copy(update={key: getattr(self, key) for key in self.model_fields_set})


class NewRun(_Asked):
    """A run to start."""

    requirement: str = Field(
        min_length=1,
        max_length=100_000,
        pattern=r"\S",
        description="what is wanted, in English or Chinese; examples in it become tests",
        examples=["A Roman numeral converter. `python main.py 1994` prints MCMXCIV."],
    )
    license: str | None = Field(
        default=None, max_length=64, description="SPDX name of the product's licence", examples=["MIT"]
    )
    gates: tuple[Gate, ...] = Field(default=(), max_length=3, description="where to wait for a person")
    model: str | None = Field(
        default=None,
        min_length=1,
        max_length=1000,
        description="model URL, one of `GET /models`; null for the server's",
        examples=["llama:qwen2.5-coder-1.5b"],
    )
    seed: int | None = Field(default=None, ge=0, le=2**32 - 1, description="seed of every sample", examples=[0])
    budget: Bounds | None = Field(default=None, description="bounds; null for the server's")
    collections: tuple[Annotated[str, Field(min_length=1, max_length=40)], ...] | None = Field(
        default=None, max_length=20, description="where roles look things up; null for the server's, empty for nowhere"
    )
    experience: bool | None = Field(
        default=None, description="whether it learns from earlier runs and teaches later ones"
    )
    graph: str = Field(
        default="delivery",
        min_length=1,
        max_length=1000,
        description="`delivery`; a graph file `path.py:name` of the server needs the role admin",
        examples=["delivery"],
    )

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "requirement": "A Roman numeral converter. `python main.py 1994` prints MCMXCIV.",
                    "gates": ["spec"],
                    "budget": {"max_tokens": 20000},
                }
            ]
        },
    )


class Resume(_Asked):
    """How to go on."""

    budget: Bounds | None = Field(default=None, description="new bounds of the whole run, what is spent included")


class GateAnswer(_Asked):
    """An answer to a gate."""

    decision: Literal["approve", "reject", "edit"] = Field(
        description="let it pass, send it back with a comment, or pass it with the edited document"
    )
    comment: str = Field(default="", max_length=100_000, description="why; goes back to the role on a rejection")
    document: str | dict[str, Any] = Field(default="", description="the edited document, for `edit` only")

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={"examples": [{"decision": "reject", "comment": "Numbers above 3999 are an error."}]},
    )


class Fork(_Asked):
    """A run to start from a step of another one."""

    step: int = Field(ge=-1, le=_MOST, description="go on after this step, one of `GET /runs/{id}/steps`", examples=[4])
    changes: dict[Literal["spec", "design", "report"], str | dict[str, Any]] = Field(
        default_factory=dict, description="documents to put in"
    )

    model_config = ConfigDict(extra="forbid", frozen=True, json_schema_extra={"examples": [{"step": 4}]})


class RunView(BaseModel):
    """A run as it is listed."""

    id: str = Field(examples=["260801-101500-k3x7"])
    status: RunStatus = Field(examples=["queued"])
    requirement: str = Field(examples=["A Roman numeral converter. `python main.py 1994` prints MCMXCIV."])
    language: Literal["en", "zh"] = "en"
    license: str | None = None
    model: str = Field(examples=["llama:qwen2.5-coder-1.5b"])
    graph: str = Field(examples=["delivery"])
    seed: int = 0
    budget: Budget
    gates: tuple[Gate, ...] = ()
    parent: str | None = Field(default=None, description="run that it was forked from")
    created: float = Field(description="seconds since the epoch", examples=[1785579300.0])
    updated: float = Field(description="seconds since the epoch", examples=[1785579300.0])

    @classmethod
    def of(cls, run: Run) -> RunView:
        """Return a run as it is listed."""
        fields = run.model_dump(include=set(cls.model_fields) - {"requirement", "language", "license", "budget"})
        wanted = run.requirement
        return cls(
            **fields, budget=run.budget, requirement=wanted.text, language=wanted.language, license=wanted.license
        )


class RunPage(BaseModel):
    """A page of runs, newest first."""

    runs: list[RunView]
    next: str | None = Field(default=None, description="`before` of the next page; null on the last one")


class Progressed(BaseModel):
    """How far a run is."""

    step: str = Field(default="", description="node at work", examples=["code"])
    role: str = Field(default="", description="role at work", examples=["engineer"])
    passed: int = Field(default=0, description="tests that pass")
    total: int = Field(default=0, description="tests")
    rounds: int = Field(default=0, description="repair rounds")
    tokens: int = Field(default=0, description="generated tokens")


class RunDetails(RunView):
    """A run, and how far it is."""

    progress: Progressed
    waiting: list[str] = Field(default_factory=list, description="gates that wait for an answer")
    events: int = Field(default=0, description="number of the newest event")


class Step(BaseModel):
    """A point that a run can be forked at."""

    step: int = Field(examples=[4])
    time: float = Field(description="seconds since the epoch")
    nodes: tuple[str, ...] = Field(description="nodes that finished in it", examples=[["design"]])
    commit: str = Field(description="commit of the product after it; empty before the first")
    documents: list[str] = Field(description="documents that are there", examples=[["spec", "design"]])


class WaitingGate(BaseModel):
    """A gate that waits for an answer."""

    gate: str = Field(examples=["spec"])
    document: str = Field(description="what is to be decided on; JSON for gates of the delivery graph")
    text: str = Field(description="the document, put for people")
    answers: list[str] = Field(default_factory=lambda: ["approve", "reject", "edit"])


class FileEntry(BaseModel):
    """A file of a product."""

    path: str = Field(examples=["main.py"])
    bytes: int = Field(examples=[812])
