"""Drafts of the product: a few are written side by side, file by file in dependency order, and the best one stays.

A small model rarely writes a program right at the first try, but often at one of several (Chen et al. 2021,
arXiv:2107.03374). Drafts share their prompts, so that four cost little more time than one.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce

from swfactory.domain.design import Design, FilePlan
from swfactory.errors import ReplyError
from swfactory.graphs.desk import Desk
from swfactory.graphs.evaluation import Candidate, evaluate
from swfactory.graphs.lookup import about_file, references_of
from swfactory.graphs.node import node
from swfactory.graphs.selection import counted_suite, packages_of, settle, sources_of
from swfactory.graphs.state import FactoryState
from swfactory.programs.crossover import graft
from swfactory.programs.frames import complete, keep_begun, with_filled, without_classes
from swfactory.programs.sketch import sketched
from swfactory.requirements.commands.shown_lines import line_status
from swfactory.requirements.examples import describe_all
from swfactory.roles import blueprint, engineer
from swfactory.roles.task import Task

__all__ = ["SAMPLES", "WARM", "evaluate_drafts", "question", "rewrite", "verify", "visible_files", "write_file"]

SAMPLES = 4
"""Samples of a round: llama.cpp's kernels for CPUs multiply four rows at once, and their prompt is read once."""

WARM = 0.6
"""Temperature of samples that are to differ."""

_EXAMPLES = 10

_WITH_OBJECT = 1
"""The sample of a round whose functions begin with an object of the user's library."""


@node
async def write_file(desk: Desk) -> FactoryState:
    """The engineer writes the next file of every draft, seeing the finished ones it may import."""
    path, *pending = desk.state["pending"]
    plan = desk.load("design", Design)
    file = plan.plan(path)
    assert file is not None
    # Without tests there is nothing to choose by.
    count = SAMPLES if counted_suite(desk).tests else 1
    sketch = _sketch(desk, plan, file)
    begun: list[str | None] = [*desk.state.get("drafts", [])] or [desk.state.get("commit")] * count

    async def extend(draft: str | None, seed: int) -> str:
        # The likeliest program, and others that were not shown the examples: they help a model that misreads the
        # requirement, and anchor one that does not.
        warmth = WARM if seed else 0.0
        sources = sources_of(desk, draft)
        text = sketch if seed == count - 1 and count > 1 else ""
        text = text or await _write(desk, plan, file, sources, seed=seed, temperature=warmth, examples=not seed)
        # What few calls of a library account for is rarely more than that, but a small model makes more of it.
        text = (
            text if seed == _WITH_OBJECT else with_filled(text, blueprint.begun(desk.requirement, plan, file), sketch)
        )
        return desk.commit({path: text}, f"Write {path}", parent=draft)

    drafts = await desk.gather([extend(draft, seed) for seed, draft in enumerate(begun)])
    return FactoryState(commit=drafts[0], drafts=drafts, pending=pending)


def _sketch(desk: Desk, plan: Design, file: FilePlan) -> str:
    """A draft of a file from the calls that were tried out, where one of its functions does just that."""
    facts: dict[str, list[str]] = {}
    for fact in references_of(desk).facts:
        facts.setdefault(fact.gives, []).append(fact.expression)
    begun = blueprint.begun(desk.requirement, plan, file) if facts else ""
    if not begun:
        return ""
    examples = [test.example for test in counted_suite(desk).tests if test.origin in {"quoted", "stated"}]
    ending = line_status(desk.requirement.text)
    return next((text for example in examples if (text := sketched(begun, example, facts, ending))), "")


async def _write(
    desk: Desk,
    plan: Design,
    file: FilePlan,
    sources: Mapping[str, str],
    *,
    seed: int,
    temperature: float,
    examples: bool,
) -> str:
    """Write one file; of what the model cannot write, what is known without it stays, and the checks will say so."""
    if file.path.endswith("__init__.py") and not file.interface:
        return ""
    if text := blueprint.ready_made(desk.requirement, plan, file):
        return text
    parts = blueprint.parts(desk.requirement, plan, file)

    async def ask(part: str) -> str:
        begun = blueprint.begun(desk.requirement, plan, file, part)
        task = await question(
            desk, plan, file, sources, part=part, examples=examples, temperature=temperature, seed=seed
        )
        try:
            reply = await desk.ask(task)
        except ReplyError as exc:
            desk.tell("note", f"{file.path} could not be written: {exc.message}", role=engineer.ROLE)
            return begun
        if file.path == plan.entry_point:
            return complete(begun, reply)
        return keep_begun(begun, without_classes(reply, {*parts} - {part}))

    written = [await ask(part) for part in parts]
    return reduce(lambda text, other: graft(text, other) or text, written)


async def question(
    desk: Desk,
    plan: Design,
    file: FilePlan,
    sources: Mapping[str, str],
    *,
    part: str = "",
    examples: bool = True,
    temperature: float = 0.0,
    seed: int = 0,
) -> Task[str]:
    """The question for a file, with the finished ones that it may import in sight."""
    shown = describe_all((test.example for test in counted_suite(desk).tests), _EXAMPLES) if examples else ()
    known = references_of(desk)
    return engineer.write_file(
        desk.requirement,
        plan,
        file,
        {path: sources[path] for path in visible_files(plan, file) if sources.get(path)},
        part=part,
        temperature=temperature,
        seed=seed,
        examples=shown,
        references=known,
        passages=await about_file(desk, file) if len(plan.files) > 1 else (),
        start=engineer.new_object(known) if seed % SAMPLES == _WITH_OBJECT else "",
    )


def visible_files(plan: Design, file: FilePlan) -> list[str]:
    """Files that a file may import: those it is planned to, and for the program all of them."""
    if file.path == plan.entry_point:
        return [other.path for other in plan.in_order() if other.path != file.path]
    return [other.path for other in plan.in_order() if other.path in file.imports]


async def rewrite(
    desk: Desk, plan: Design, sources: Mapping[str, str], *, seed: int, paths: set[str] | None = None
) -> dict[str, str]:
    """Write files anew, without looking at what went wrong before.

    Args:
        desk: the node's desk.
        plan: all planned files.
        sources: the product, path to text.
        seed: seed of the sample.
        paths: the files to write; None for all.
    """
    paths = paths or {file.path for file in plan.files}
    written = {path: text for path, text in sources.items() if path not in paths}
    for file in plan.in_order():
        if file.path in paths:
            # Samples of one prompt repeat one misreading, so half of a round sees the examples.
            shown = seed % SAMPLES < SAMPLES // 2
            written[file.path] = await _write(desk, plan, file, written, seed=seed, temperature=WARM, examples=shown)
    return written


@node
async def verify(desk: Desk) -> FactoryState:
    """The machine judges the drafts."""
    drafts, candidates = await evaluate_drafts(desk)
    update = await settle(desk, candidates, best=None, parents=drafts)
    update["strategy"] = "infill"
    return update


async def evaluate_drafts(desk: Desk) -> tuple[list[str], list[Candidate]]:
    """Judge every draft; equal ones share a verdict.

    Returns:
        The drafts' commits, and their candidates in the same order.
    """
    drafts = desk.state.get("drafts") or [desk.state["commit"]]
    suite, packages = counted_suite(desk), packages_of(desk)
    known = {draft: await evaluate(desk, sources_of(desk, draft), suite, packages) for draft in dict.fromkeys(drafts)}
    return drafts, [known[draft] for draft in drafts]
