"""The test engineer: executable examples of criteria, and tests of the modules' interfaces."""

from __future__ import annotations

import re
from collections.abc import Sequence

from swfactory.domain.call import Reply, Sampling
from swfactory.domain.design import FilePlan
from swfactory.domain.references import NOTHING, References
from swfactory.domain.requirement import Requirement
from swfactory.domain.spec import ApiExample, CommandExample
from swfactory.programs.argument_parser import understands
from swfactory.requirements.commands.placeholders import has_placeholder
from swfactory.requirements.commands.shown_lines import line_status
from swfactory.requirements.interfaces.homes import module_of
from swfactory.requirements.interfaces.methods import NOT_OFFERED
from swfactory.requirements.interfaces.narratives import Narrative
from swfactory.requirements.interfaces.outline import offered, read_outline, signatures
from swfactory.requirements.interfaces.parameters import required
from swfactory.requirements.text.exceptions import named_exceptions
from swfactory.roles.sessions import read_session, reads_files, session_schema
from swfactory.roles.snippets import OUTCOME_SCHEMA, read_outcome, read_snippets, snippet_schema
from swfactory.roles.task import Task, ask

__all__ = ["ROLE", "api_tests", "has_interface", "is_program", "outcome_test", "sample_session"]

ROLE = "test_engineer"


def is_program(text: str) -> bool:
    """Whether a requirement asks for a program that is run from the command line."""
    return bool(re.search(r"python3? \S+\.py|command-line|\bsubcommands?\b|命令行|子命令", text))


def has_interface(file: FilePlan, text: str) -> bool:
    """Whether a requirement fixes names of a module, so that tests can call them."""
    names = {match for signature in file.interface for match in re.findall(r"[A-Za-z_]\w{2,}", signature)}
    if any(re.search(rf"\b{re.escape(name)}\s*\(", text) for name in names) or offered(text, file.path):
        return True
    introduced = rf"{re.escape(file.path.rsplit('/', 1)[-1])}`?\s*(?:with|offers|:|provides|\(|里|提供|包含)"
    return re.search(introduced, text) is not None


def sample_session(
    requirement: Requirement,
    program: str,
    *,
    temperature: float = 0.0,
    seed: int = 0,
    references: References = NOTHING,
) -> Task[tuple[CommandExample, ...]]:
    """Ask for a session that uses every command of the program as it is meant: none may crash or be misunderstood.

    Neither outputs nor exit statuses are asked for: a small model guesses them wrong more often than programs get them
    wrong. Commands that the ready-made parser does not take are left out.

    Args:
        requirement: what was asked for.
        program: path of the program, e.g. ``main.py``.
        temperature: 0 is greedy.
        seed: seed of the sample.
        references: what is known of the user's own code and documents.
    """
    with_files = reads_files(requirement.text)
    request = ask(
        ROLE,
        "session",
        Sampling(temperature=temperature, seed=seed, max_tokens=350, json_schema=session_schema(with_files)),
        requirement=requirement,
        program=program,
        with_files=with_files,
        references=references,
    )

    def fits(words: list[str]) -> bool:
        return understands(requirement.text, program, words) and not has_placeholder(words, requirement.text)

    def read(reply: Reply) -> tuple[CommandExample, ...]:
        example = read_session(reply, program, fits)
        if example is None:
            return ()
        if line_status(requirement.text)[0] is not None:  # what a model calls the program with may well settle it
            steps = tuple(step.model_copy(update={"exit_code": None}) for step in example.steps)
            example = example.model_copy(update={"steps": steps})
        return (example,)

    return Task(request, read, tuple, retries=0)


def api_tests(
    requirement: Requirement,
    files: Sequence[FilePlan],
    *,
    limit: int = 4,
    temperature: float = 0.0,
    seed: int = 0,
    references: References = NOTHING,
) -> Task[tuple[ApiExample, ...]]:
    """Ask for calls of the modules, and which exceptions they must raise; each becomes an example of its own.

    Return values are not asked for, for the reason that outputs are not: see ``sample_session``.

    Args:
        requirement: what was asked for.
        files: modules to call.
        limit: most calls that succeed, and most that raise.
        temperature: 0 is greedy.
        seed: seed of the sample.
        references: what is known of the user's own code and documents.
    """
    modules = _modules(files)
    exceptions = named_exceptions(requirement.text)
    request = ask(
        ROLE,
        "api_tests",
        Sampling(
            temperature=temperature, seed=seed, max_tokens=100 * limit, json_schema=snippet_schema(exceptions, limit)
        ),
        requirement=requirement,
        files=[_with_signatures(file, requirement.text) for file in files],
        modules=", ".join(modules),
        exceptions=exceptions,
        limit=limit,
        references=references,
    )

    def read(reply: Reply) -> tuple[ApiExample, ...]:
        found = read_snippets(reply, _homes(files, requirement), _raising(files, requirement.text))
        return found[: 2 * limit]  # a server may not hold the schema

    return Task(request, read, tuple, retries=0)


def outcome_test(
    requirement: Requirement,
    files: Sequence[FilePlan],
    narrative: Narrative,
    *,
    temperature: float = 0.0,
    seed: int = 0,
    references: References = NOTHING,
) -> Task[ApiExample | None]:
    """Ask for the calls that lead to an outcome that the requirement tells; its value is the requirement's own.

    Args:
        requirement: what was asked for.
        files: modules to call.
        narrative: the outcome.
        temperature: 0 is greedy.
        seed: seed of the sample.
        references: what is known of the user's own code and documents.
    """
    request = ask(
        ROLE,
        "narrative",
        Sampling(temperature=temperature, seed=seed, max_tokens=150, json_schema=OUTCOME_SCHEMA),
        requirement=requirement,
        files=[_with_signatures(file, requirement.text) for file in files],
        sentence=narrative.sentence,
        function=narrative.function,
        value=narrative.value,
        references=references,
    )

    def read(reply: Reply) -> ApiExample | None:
        made = _only_object(files, requirement.text)
        return read_outcome(reply, _homes(files, requirement), narrative.function, narrative.value, made)

    return Task(request, read, lambda: None, retries=0)


def _only_object(files: Sequence[FilePlan], text: str) -> str:
    """Source of an object of the only class; empty when there are more, or it has to be given something."""
    outlines = filter(None, (read_outline(text, file.path) for file in files))
    makers = [(name, methods[0]) for outline in outlines for name, methods in outline.classes.items()]
    return f"{makers[0][0]}()" if len(makers) == 1 and not required(makers[0][1].parameters) else ""


def _raising(files: Sequence[FilePlan], text: str) -> dict[str, tuple[str, ...]]:
    """Function or method to the built-in exceptions that the requirement lets it raise."""
    found: dict[str, tuple[str, ...]] = {}
    for outline in filter(None, (read_outline(text, file.path) for file in files)):
        for method in (*outline.functions, *(m for members in outline.classes.values() for m in members[1:])):
            if errors := named_exceptions("; ".join(c for c in method.clauses if "raise" in c)):
                found[method.name] = errors
    return found


def _modules(files: Sequence[FilePlan]) -> list[str]:
    return [file.path.removesuffix(".py").replace("/", ".") for file in files]


def _homes(files: Sequence[FilePlan], requirement: Requirement) -> dict[str, str]:
    """Name to the module that offers it."""
    modules = zip(files, _modules(files), strict=True)
    return {name: module for file, module in modules for name in _names(file, requirement)}


def _with_signatures(file: FilePlan, text: str) -> FilePlan:
    """The plan with the signatures that the requirement shows, where the architect gave bare names or lost a class."""
    shown = signatures(text, file.path)
    has_class = any(entry.startswith(".") for entry in shown)
    if not has_class and any("(" in entry for entry in file.interface):
        return file
    return file.model_copy(update={"interface": shown or file.interface})


def _names(file: FilePlan, requirement: Requirement) -> set[str]:
    """Functions and classes that the requirement puts into a module, or that its plan offers."""
    module = file.path.removesuffix(".py").replace("/", ".")
    text = requirement.text
    said = set(re.findall(r"(?<![\w.])([A-Za-z_]\w+)\(", text)) | set(
        re.findall(r"\bclass(?:es)?\s+`?([A-Z]\w+)", text)
    )
    planned = {name for signature in file.interface for name in re.findall(r"[A-Za-z_]\w+", signature)[:2]}
    outline = read_outline(text, file.path)
    methods = {method.name for members in (outline.classes.values() if outline else ()) for method in members}
    homes = {name: module_of(text, name) for name in said - methods - {*named_exceptions(text)} - NOT_OFFERED}
    return {name for name, home in homes.items() if home and (home == module or module.endswith(f".{home}"))} | (
        planned & {name for name, home in homes.items() if home is None}
    )
