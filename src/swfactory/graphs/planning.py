"""Spec and design: what to build and in which files, before any code."""

from __future__ import annotations

import re
from collections.abc import Sequence

from swfactory.domain.references import References
from swfactory.domain.spec import Spec
from swfactory.errors import FactoryError, SandboxError
from swfactory.graphs.desk import Desk
from swfactory.graphs.drafts import WARM
from swfactory.graphs.lookup import consult, consult_names
from swfactory.graphs.node import node
from swfactory.graphs.probing import probe
from swfactory.graphs.state import FactoryState
from swfactory.ports import Installed
from swfactory.programs.sqlite_store import agreed_tables, sqlite_path
from swfactory.programs.unit_table import agreed_table
from swfactory.requirements.commands.shown_lines import shown_line_examples
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
    spec = await desk.ask(product_manager.write_spec(desk.requirement, comment=comment, seed=len(comment)))
    examples = sum(len(criterion.examples) for criterion in spec.criteria)
    text = f"{len(spec.criteria)} criteria, {examples} examples quoted from the requirement"
    desk.tell("note", text, role=product_manager.ROLE, criteria=[c.model_dump(mode="json") for c in spec.criteria])
    return FactoryState(spec=desk.store(spec))


@node
async def design(desk: Desk) -> FactoryState:
    """The architect looks things up and plans the files; what the product may import is installed."""
    requirement = desk.requirement
    comment = desk.state.get("rejected", {}).get("design", "")
    known = await consult(desk)
    plan = await desk.ask(architect.plan_files(requirement, comment=comment, seed=len(comment), references=known))
    if ask := plan.entry_point and architect.name_arguments(requirement, plan.entry_point):
        plan = plan.model_copy(update={"arguments": await desk.ask(ask)})
    if shown := shown_conversion(requirement.text):
        tables = [architect.unit_table(shown.units, base) for base in shown.units[:_BASES]]
        answers: list[dict[str, float]] = await desk.gather([desk.ask(table) for table in tables])
        plan = plan.model_copy(update={"factors": agreed_table(answers, shown)})
    if sqlite_path(requirement.text, [file.path for file in plan.files]):
        plan = plan.model_copy(update={"tables": await _tables(desk, known)})
    spec = desk.load("spec", Spec)
    wanted = tuple(dict.fromkeys((*spec.packages, *plan.packages, *architect.named_packages(requirement.text))))
    known, installed, notes = await _install(desk, known, wanted)
    known = await _try_out(desk, known, spec, installed, plan.entry_point)
    plan = plan.model_copy(update={"packages": (*installed.requirements, *known.libraries)})
    desk.tell("note", ", ".join(file.path for file in plan.files), role=architect.ROLE)
    return FactoryState(
        design=desk.store(plan),
        references=desk.store(known),
        packages=installed.folder,
        requirements=[*installed.requirements],
        modules=[*installed.modules],
        pending=[file.path for file in plan.in_order()],
        notes=[*desk.state.get("notes", []), *notes],
    )


async def _install(desk: Desk, known: References, wanted: Sequence[str]) -> tuple[References, Installed, list[str]]:
    """Install packages and the user's own libraries; what cannot be had is left out, with a note that says why.

    Args:
        desk: the node's desk.
        known: what was looked up, with the libraries that are to be installed.
        wanted: packages that the requirement or a role asks for, some of which may be the user's own libraries.
    """
    context, notes, installed = desk.context, [], Installed()
    own = context.libraries
    third = [name for name in wanted if own is None or not own.named(name)]
    needed = [*own.dependencies(known.libraries)] if own else []
    if third and context.install is None:
        notes.append(
            f"built without {', '.join(third)}, on the standard library: installing was not allowed (--allow-install)"
        )
    if needed and context.install is None:
        notes.append(f"the libraries need {', '.join(needed)}, which was not installed (--allow-install)")
    if (third or needed) and context.install is not None:
        try:
            installed = await context.install([*third, *needed])
        except SandboxError as exc:
            notes.append(f"built without {', '.join([*third, *needed])}: {exc.message}")
    if own and known.libraries:
        try:
            installed = await own.install(known.libraries, installed)
        except FactoryError as exc:
            notes.append(f"built without {', '.join(known.libraries)}: {exc.message}")
            known = known.model_copy(update={"libraries": ()})
    return known, installed, notes


async def _try_out(desk: Desk, known: References, spec: Spec, installed: Installed, program: str | None) -> References:
    """Try the libraries out, and look up anew what turned out to be of use: little else is then shown."""
    own = desk.context.libraries
    if own is None or not known.libraries:
        return known
    exports = own.exports(known.libraries)
    examples = [example for criterion in spec.criteria for example in criterion.examples]
    shown = shown_line_examples(desk.requirement.text, program) if program else ()
    facts = await probe(desk, exports, [*examples, *shown], installed.folder)
    if not facts:
        return known
    names = [name for name in exports if any(re.search(rf"\b{name}\(", fact.expression) for fact in facts)]
    passages = await consult_names(desk, names)
    return known.model_copy(update={"passages": passages, "facts": facts})


async def _tables(desk: Desk, known: References) -> dict[str, tuple[str, ...]]:
    """The tables of the database that several answers agree on."""
    requirement = desk.requirement
    asked = [
        architect.plan_tables(requirement, temperature=WARM if seed else 0.0, seed=seed, references=known)
        for seed in range(_ANSWERS)
    ]
    answers: list[dict[str, tuple[str, ...]]] = await desk.gather([desk.ask(task) for task in asked])
    return agreed_tables(answers, requirement.text)
