"""Which functions of a product are to blame for what fails, among those that a model wrote."""

from __future__ import annotations

from swfactory.domain.design import Design
from swfactory.graphs.desk import Desk
from swfactory.graphs.evaluation import Candidate, problems
from swfactory.programs.frames import is_framed
from swfactory.programs.functions import hollow, suspects
from swfactory.roles import blueprint

__all__ = ["blamed"]


def blamed(desk: Desk, product: Candidate) -> list[tuple[str, str]]:
    """Rank the functions of a product, pairs of path and name, the likeliest at fault first.

    Args:
        desk: the node's desk.
        product: it, with its report.
    """
    plan, requirement = desk.load("design", Design), desk.requirement
    files = [file for file in plan.files if not blueprint.ready_made(requirement, plan, file)]
    own = {file.path: product.sources.get(file.path, "") for file in files}
    framed = {file.path: blueprint.frame(requirement, plan, file) for file in files}
    return [
        (path, name)
        for path, name in suspects(own, problems(product.report))
        if hollow(own[path], name) and not is_framed(framed[path], own[path], name)
    ]
