"""The acceptance tests: criteria made executable before there is code."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from swfactory.domain.design import Design, FilePlan
from swfactory.domain.requirement import Requirement
from swfactory.domain.spec import ApiExample, CommandExample, Criterion, Example, Spec, Step
from swfactory.domain.suite import PlannedTest, Suite
from swfactory.graphs.agreement import is_smoke
from swfactory.graphs.desk import Desk
from swfactory.graphs.drafts import WARM
from swfactory.graphs.evaluation import run_suite
from swfactory.graphs.lookup import references_of
from swfactory.graphs.node import node
from swfactory.graphs.state import FactoryState
from swfactory.programs.testfiles import render_suite, stub_product
from swfactory.requirements.commands.command_lines import words_of_commands
from swfactory.requirements.commands.command_walks import command_walk
from swfactory.requirements.commands.doubles import double_examples
from swfactory.requirements.commands.entries import with_entries
from swfactory.requirements.commands.error_cases import error_examples, file_examples
from swfactory.requirements.commands.error_clauses import general_status
from swfactory.requirements.commands.fresh_numbers import fresh_number_examples
from swfactory.requirements.commands.grounded import grounded
from swfactory.requirements.commands.listed_walks import listed_errors, listed_parts, listed_walk
from swfactory.requirements.commands.marks import marked_walks
from swfactory.requirements.commands.shaped_sessions import (
    bare_walks,
    before_changes,
    stated_parts,
    with_lines,
    with_shapes,
)
from swfactory.requirements.commands.shapes import aggregating, output_shapes
from swfactory.requirements.commands.shown_lines import shown_line_examples
from swfactory.requirements.interfaces.calendar_calls import calendar_calls
from swfactory.requirements.interfaces.containers import container_examples
from swfactory.requirements.interfaces.error_calls import error_calls
from swfactory.requirements.interfaces.function_errors import function_errors
from swfactory.requirements.interfaces.narratives import narratives
from swfactory.requirements.interfaces.object_walks import object_walks
from swfactory.requirements.interfaces.properties import property_examples
from swfactory.requirements.interfaces.spoilt_calls import length_calls, spoilt_calls
from swfactory.requirements.interfaces.told_calls import told_calls
from swfactory.requirements.interfaces.undoing import undoing_examples
from swfactory.requirements.variations import vary, vary_steps
from swfactory.roles import blueprint, product_manager, test_engineer
from swfactory.roles.sessions import parted

__all__ = ["extend_suite", "plan_tests", "suite_without_model"]

_API_TESTS = 8
_STORIES = 3
_GUESSES = 2
_SESSIONS = 3
"""Sessions where the requirement shows no commands with values: one that misreads it would be all there is."""


_Derived = dict[str, list[Example]]
"""Criterion to the examples that are made of it."""


@node
async def plan_tests(desk: Desk) -> FactoryState:
    """The test engineer makes criteria executable, before there is code; tests that check nothing are left out."""
    spec, plan = desk.load("spec", Spec), desk.load("design", Design)
    requirement = desk.requirement
    asked = await _asked_sessions(desk, plan.entry_point) if _runs(plan, requirement) else []
    derived = _of_commands(requirement.text, spec, plan.entry_point, asked) if _runs(plan, requirement) else _none(spec)
    for criterion in spec.criteria:
        derived[criterion.id] += vary(requirement.text, criterion.examples, subcommands=_subcommands(spec))
    modules = _modules(requirement, plan)
    if modules:
        calls_of = test_engineer.api_tests(requirement, modules, limit=_API_TESTS, references=references_of(desk))
        for example in await desk.ask(calls_of):
            derived[product_manager.closest(example, spec.criteria).id].append(example)
        for sentence, example in await _outcomes(desk, modules):
            home = [c for c in spec.criteria if c.quote == sentence] or spec.criteria
            derived[product_manager.closest(example, home).id].append(example)
    calls = [example for row in derived.values() for example in row if isinstance(example, ApiExample)]
    for made in _machine_examples(requirement.text, modules, calls):
        derived[product_manager.closest(made, spec.criteria).id].append(made)
    suite = _assemble(spec, derived)
    suite = await _vet(desk, suite, plan)
    text = f"{len(suite.tests)} tests, {sum(t.origin == 'quoted' for t in suite.tests)} of them word for word"
    desk.tell("note", text, role=test_engineer.ROLE, tests=[t.id for t in suite.tests])
    changes = dict(render_suite(suite))
    return FactoryState(suite=desk.store(suite), commit=desk.commit(changes, "Add the acceptance tests"))


def suite_without_model(requirement: Requirement, spec: Spec, plan: Design) -> Suite:
    """The tests that no model has a say in: a product that does what the requirement says passes each of them.

    Args:
        requirement: what was asked for.
        spec: its criteria.
        plan: the files of the product.
    """
    derived = _of_commands(requirement.text, spec, plan.entry_point, []) if _runs(plan, requirement) else _none(spec)
    for criterion in spec.criteria:
        derived[criterion.id] += vary(requirement.text, criterion.examples, subcommands=_subcommands(spec))
    for made in _machine_examples(requirement.text, _modules(requirement, plan), []):
        derived[product_manager.closest(made, spec.criteria).id].append(made)
    return _assemble(spec, derived)


def _runs(plan: Design, requirement: Requirement) -> bool:
    return plan.entry_point is not None and test_engineer.is_program(requirement.text)


def _none(spec: Spec) -> _Derived:
    return {criterion.id: [] for criterion in spec.criteria}


def _of_commands(text: str, spec: Spec, program: str | None, asked: Sequence[CommandExample]) -> _Derived:
    """Sessions with a program, what it says of lines, and its error cases."""
    derived = _none(spec)
    sessions = _sessions(text, program or "", asked)
    walk = command_walk(text, program or "")
    varied = vary_steps(text, walk, subcommands=_subcommands(spec, sessions)) if walk else ()
    for session in (*sessions, *varied, *_rules(text, program or "")):
        derived[product_manager.closest(session, spec.criteria).id].append(session)
    for sentence, case in (*_error_cases(text, spec, program or "", sessions), *listed_errors(text, program or "")):
        home = [c for c in spec.criteria if c.quote == sentence] or spec.criteria
        derived[product_manager.closest(case, home).id].append(case)
    return derived


def _rules(text: str, program: str) -> tuple[CommandExample, ...]:
    """What holds of lines and numbers whatever is put in."""
    return (*shown_line_examples(text, program), *fresh_number_examples(text, program))


def _modules(requirement: Requirement, plan: Design) -> list[FilePlan]:
    """Files that a model writes, and whose names the requirement fixes."""
    modules = [f for f in plan.files if f.path != plan.entry_point and not f.path.endswith("__init__.py")]
    modules = [f for f in modules if not blueprint.ready_made(requirement, plan, f)]
    return [f for f in modules if test_engineer.has_interface(f, requirement.text)]


def _shown_walk(text: str, program: str) -> CommandExample | None:
    """The commands that the requirement shows, or those of its list."""
    walk = command_walk(text, program)
    return with_lines(text, walk) if walk else listed_walk(text, program)


def _sessions(text: str, program: str, asked: Sequence[CommandExample]) -> tuple[CommandExample, ...]:
    """Sessions with the program: the commands that the requirement shows, and what the test engineer makes of it."""
    walk = _shown_walk(text, program)
    shapes, aggregates = output_shapes(text), aggregating(text)
    told = [with_entries(session) for session in (*([walk] if walk else []), *asked)]
    sessions = [with_shapes(session, shapes, aggregates) for session in told]
    if walk:
        shown = sessions[0]
        first = before_changes(told[0], shapes)
        sessions = [
            *stated_parts(shown),
            *first,
            *bare_walks(text, shown, shapes),
            *marked_walks(text, shown),
            *sessions,
        ]
    return (*listed_parts(text, program, shapes), *sessions)


async def _asked_sessions(desk: Desk, program: str | None) -> list[CommandExample]:
    """The likeliest session and others; those that the budget is too small for are left out."""
    requirement, program = desk.requirement, program or ""
    walk = _shown_walk(requirement.text, program)
    count = 1 if walk and len(walk.steps) > 1 else _SESSIONS
    asked = [
        desk.ask(
            test_engineer.sample_session(
                requirement, program, temperature=WARM if seed else 0.0, seed=seed, references=references_of(desk)
            )
        )
        for seed in range(count)
    ]
    made = [part for sessions in await desk.gather(asked) for session in sessions for part in parted(session)]
    made = [grounded(session, requirement.text) for session in made]
    return [session for at, session in enumerate(made) if session not in made[:at]]


async def _outcomes(desk: Desk, modules: Sequence[FilePlan]) -> list[tuple[str, ApiExample]]:
    """What the requirement tells as a story, by the sentence that tells it; the calls are two samples' guess.

    Calls that have every number of the story in them are taken for the story itself: no vote drops them.
    """
    requirement = desk.requirement
    told = [story for module in modules for story in narratives(requirement.text, module.path)][:_STORIES]
    found: list[tuple[str, ApiExample]] = []
    for story in told:
        guesses: list[ApiExample] = []
        for seed in range(_GUESSES):
            warmth = WARM if seed else 0.0
            guess = test_engineer.outcome_test(
                requirement, modules, story, temperature=warmth, seed=seed, references=references_of(desk)
            )
            example = await desk.ask(guess)
            if example is not None and example not in guesses:
                guesses.append(example)
        faithful = [example for example in guesses if story.fits(example.code)][:1]
        stated = [example.model_copy(update={"origin": "stated"}) for example in faithful]
        found += [(story.sentence, example) for example in stated or guesses]
    return found


def _machine_examples(text: str, modules: Sequence[FilePlan], calls: Sequence[ApiExample]) -> Iterator[Example]:
    """Calls of modules that need no model: a requirement that shows how they are called says what to try."""
    yield from spoilt_calls(text)
    for module in modules:
        yield from told_calls(text, module.path)
        yield from error_calls(text, module.path)
        yield from function_errors(text, module.path)
        yield from length_calls(text, module.path)
        yield from calendar_calls(text, module.path)
        yield from container_examples(text, module.path)
        yield from undoing_examples(text, module.path)
        walks = [*object_walks(text, module.path)]
        yield from walks
        yield from property_examples(text, module.path, (*calls, *walks))


def _error_cases(
    text: str, spec: Spec, program: str, sessions: Sequence[CommandExample]
) -> list[tuple[str, CommandExample]]:
    """Spoil good commands in the ways that a sentence gives an exit status; pairs of sentence and example."""
    quoted = [e for c in spec.criteria for e in c.examples if isinstance(e, CommandExample)]
    good = [*(part for e in quoted if (part := _good_part(e))), *sessions]
    subcommands = _subcommands(spec, sessions)
    calls, general = words_of_commands(text, program), general_status(text)
    return [
        (sentence, example)
        for sentence in dict.fromkeys(c.quote for c in spec.criteria)
        for example in (
            *file_examples(sentence, program, calls, json="JSON" in text),
            *error_examples(sentence, good, subcommands=subcommands, general=general),
            *double_examples(sentence, good, subcommands),
        )
    ]


def _good_part(example: CommandExample) -> CommandExample | None:
    """The commands of a session before the first that does not succeed; None where there are none."""
    steps = tuple(takewhile(lambda step: step.exit_code == 0, example.steps))
    return example.model_copy(update={"steps": steps}) if steps else None


def _subcommands(spec: Spec, sessions: Sequence[CommandExample] = ()) -> set[str]:
    """First arguments that choose what the program does."""
    quoted = [e for c in spec.criteria for e in c.examples if isinstance(e, CommandExample)]
    first = [step.argv[2] for example in (*quoted, *sessions) for step in example.steps if len(step.argv) > 2]
    text = spec_text(spec)
    return {word for word in first if re.search(rf"\.py {re.escape(word)}\b|\b{re.escape(word)} [A-Z]", text)}


def spec_text(spec: Spec) -> str:
    """The requirement's sentences, as the criteria quote them."""
    return " ".join(dict.fromkeys(c.quote for c in spec.criteria))


def _assemble(spec: Spec, derived: dict[str, list[Example]]) -> Suite:
    """Name the tests; what repeats or contradicts a quoted example is left out."""
    quoted = [e for c in spec.criteria for e in c.examples if e.kind == "command"]
    known = {step.argv: step for example in quoted for step in example.steps}
    tests: list[PlannedTest] = []
    seen: set[str] = set()

    def add(criterion: Criterion, example: Example) -> None:
        key = example.model_dump_json(exclude={"origin"})
        if key in seen or (example.origin != "quoted" and _contradicts(example, known)):
            return
        seen.add(key)
        number = sum(test.criterion == criterion.id for test in tests) + 1
        name = f"test_{criterion.id.lower()}_{number}"
        tests.append(PlannedTest(name=name, criterion=criterion.id, title=criterion.text, example=example))

    for criterion in spec.criteria:
        for example in (*criterion.examples, *derived[criterion.id]):
            add(criterion, example)
    return Suite(tests=tuple(tests))


def extend_suite(suite: Suite, spec: Spec, examples: Sequence[Example]) -> Suite:
    """Add examples to the criteria they are closest to, after the tests that are there."""
    tests = list(suite.tests)
    for example in examples:
        if any(test.example == example for test in tests):
            continue
        criterion = product_manager.closest(example, spec.criteria)
        number = sum(test.criterion == criterion.id for test in tests) + 1
        name = f"test_{criterion.id.lower()}_{number}"
        tests.append(PlannedTest(name=name, criterion=criterion.id, title=criterion.text, example=example))
    return Suite(tests=tuple(tests))


def _contradicts(example: Example, known: dict[tuple[str, ...], Step]) -> bool:
    """Whether a derived example starts with a quoted command and expects something else, or says nothing new."""
    return (
        isinstance(example, CommandExample)
        and not example.files
        and example.steps[0].argv in known
        and len(example.steps) == 1
    )


async def _vet(desk: Desk, suite: Suite, plan: Design) -> Suite:
    """Run the tests against a product that does nothing; those that pass check nothing."""
    paths = [file.path for file in plan.files if not file.path.endswith("__init__.py")]
    stub = stub_product({}, paths, plan.entry_point)
    results, _ = await run_suite(desk, stub, suite)
    smoke = {test.id for test in suite.tests if is_smoke(test.example)}
    empty = frozenset(r.id for r in results if r.outcome == "passed" and r.origin != "quoted") - smoke
    if empty:
        desk.tell("note", f"{len(empty)} tests that pass on an empty product were left out", role=test_engineer.ROLE)
    return suite.without(empty)
