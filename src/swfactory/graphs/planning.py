"""Spec and design: what to build and in which files, before any code."""

from __future__ import annotations

from swfactory.domain.spec import Spec
from swfactory.errors import SandboxError
from swfactory.graphs.desk import Desk
from swfactory.graphs.drafts import WARM
from swfactory.graphs.node import node
from swfactory.graphs.state import FactoryState
from swfactory.programs.sqlite_store import agreed_tables, sqlite_path
from swfactory.programs.unit_table import agreed_table
from swfactory.requirements.conversions import shown_conversion
from swfactory.roles import architect, product_manager

__all__ = ["design", "specify"]

_BASES = 4
"""Tables of units that are asked for: as many as run side by side."""

_ANSWERS = 4
"""Designs of a database that are asked for: as many as run side by side."""


@node
async def specify(desk: Desk) -> FactoryState:
    """The product manager writes numbered criteria with the examples that the requirement quotes."""
    comment = desk.state.get("rejected", {}).get("spec", "")
    spec = await desk.ask(product_manager.write_spec(desk.context.requirement, comment=comment, seed=len(comment)))
    examples = sum(len(criterion.examples) for criterion in spec.criteria)
    text = f"{len(spec.criteria)} criteria, {examples} examples quoted from the requirement"
    desk.tell("note", text, role=product_manager.ROLE, criteria=[c.model_dump(mode="json") for c in spec.criteria])
    return FactoryState(spec=desk.store(spec))


@node
async def design(desk: Desk) -> FactoryState:
    """The architect plans the files; packages are installed when that is allowed."""
    comment = desk.state.get("rejected", {}).get("design", "")
    plan = await desk.ask(architect.plan_files(desk.context.requirement, comment=comment, seed=len(comment)))
    if ask := plan.entry_point and architect.name_arguments(desk.context.requirement, plan.entry_point):
        plan = plan.model_copy(update={"arguments": await desk.ask(ask)})
    if known := shown_conversion(desk.context.requirement.text):
        tables = [architect.unit_table(known.units, base) for base in known.units[:_BASES]]
        answers: list[dict[str, float]] = await desk.gather([desk.ask(table) for table in tables])
        plan = plan.model_copy(update={"factors": agreed_table(answers, known)})
    if sqlite_path(desk.context.requirement.text, [file.path for file in plan.files]):
        plan = plan.model_copy(update={"tables": await _tables(desk)})
    spec = desk.load("spec", Spec)
    update = FactoryState(pending=[file.path for file in plan.in_order()])
    notes = list(desk.state.get("notes", []))
    wanted = tuple(
        dict.fromkeys((*spec.packages, *plan.packages, *architect.named_packages(desk.context.requirement.text)))
    )
    if wanted and desk.context.install is None:
        notes.append(
            f"built on the standard library alone: installing {', '.join(wanted)} was not allowed (--allow-install)"
        )
        wanted = ()
    elif wanted and desk.context.install is not None:
        try:
            update["packages"], update["requirements"] = await desk.context.install(wanted)
        except SandboxError as exc:
            notes.append(f"built on the standard library alone: {exc.message}")
            wanted = ()
    plan = plan.model_copy(update={"packages": wanted})
    desk.tell("note", ", ".join(file.path for file in plan.files), role=architect.ROLE)
    return FactoryState(**{**update, "design": desk.store(plan), "notes": notes})


async def _tables(desk: Desk) -> dict[str, tuple[str, ...]]:
    """The tables of the database that several answers agree on."""
    requirement = desk.context.requirement
    asked = [
        architect.plan_tables(requirement, temperature=WARM if seed else 0.0, seed=seed) for seed in range(_ANSWERS)
    ]
    answers: list[dict[str, tuple[str, ...]]] = await desk.gather([desk.ask(task) for task in asked])
    return agreed_tables(answers, requirement.text)
