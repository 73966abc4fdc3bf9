"""The reviewer: an opinion on what no test could check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, ValidationError

from swfactory.domain.call import Reply, Sampling
from swfactory.domain.report import Finding
from swfactory.domain.requirement import Requirement
from swfactory.domain.spec import Criterion
from swfactory.errors import ReplyError
from swfactory.roles.task import Task, ask, schema_of

__all__ = ["ROLE", "review"]

ROLE = "reviewer"


class _Opinion(BaseModel):
    criterion: str
    done: bool
    change: str


class _Reply(BaseModel):
    opinions: list[_Opinion]


def review(
    requirement: Requirement, files: Mapping[str, str], criteria: Sequence[Criterion], *, seed: int = 0
) -> Task[tuple[Finding, ...]]:
    """Ask whether untested criteria are met; what is not becomes a finding that does not block.

    Args:
        requirement: what was asked for.
        files: the product's sources.
        criteria: criteria without a passing test.
        seed: seed of the sample.
    """
    request = ask(
        ROLE,
        "review",
        Sampling(seed=seed, max_tokens=80 * len(criteria) + 80, json_schema=schema_of(_Reply)),
        requirement=requirement,
        files=files,
        criteria=criteria,
    )
    known = {criterion.id for criterion in criteria}

    def read(reply: Reply) -> tuple[Finding, ...]:
        try:
            answer = _Reply.model_validate_json(reply.text)
        except ValidationError as exc:
            raise ReplyError(f"the review is not valid: {exc.errors()[0]['msg']}") from exc
        return tuple(
            Finding(tool="review", message=f"{o.criterion}: {o.change.strip()}", blocking=False)
            for o in answer.opinions
            if o.criterion in known and not o.done and o.change.strip()
        )

    return Task(request, read, lambda: ())
