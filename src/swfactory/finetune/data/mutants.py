"""Verified mutants: functions with one fault that their own tests find, the source of repair data.

A mutant counts only when a test of it fails in the sandbox and all tests of the original pass there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from swfactory.domain.value import Value
from swfactory.finetune.data.code_pairs import TestIndex, docstring_prompt, is_test, origin_of
from swfactory.finetune.data.collect import SourceFile
from swfactory.finetune.data.faults import Fault, faults
from swfactory.finetune.data.judging import Case, Judged, judge
from swfactory.finetune.data.recipe import SourceRecipe
from swfactory.finetune.data.repairs import repair_prompt
from swfactory.finetune.data.tally import Tally
from swfactory.finetune.data.units import Unit, fenced, units_of
from swfactory.finetune.rows import Completion, Conversation, Kind, Message, Origin, Preference, Prompt, Row
from swfactory.ports import Sandbox
from swfactory.roles.mender import answer, exchanged

__all__ = ["Seed", "mutant_rows", "seeds_of"]

_FUNCTIONS_AT_ONCE = 10
_FAULTS_TRIED = 60
_MODULE = "solution"


class Seed(Value):
    """A function and its tests, each able to stand alone.

    Args:
        unit: the function.
        tests: source of its test functions, with their imports.
        origin: where it comes from.
    """

    unit: Unit
    tests: str
    origin: Origin


def seeds_of(file: SourceFile, source: SourceRecipe, tests: TestIndex, tally: Tally) -> Iterator[Seed]:
    """Yield the functions of a file that can be mutated: they and their tests need nothing but imports.

    Args:
        file: a Python file.
        source: where it comes from.
        tests: tests of the whole source.
        tally: counts functions that cannot be.
    """
    if file.language != "python" or is_test(file.path):
        return
    for unit in units_of(file.text):
        if unit.name.startswith("test_") or "." in unit.name:
            continue
        found = [test for test in tests.of(unit) if _stands_alone(test, unit)]
        if not found:
            tally.drop("function without tests")
        elif unit.lacks or "@" in unit.head:
            tally.drop("function that needs its module")
        else:
            imports = dict.fromkeys(
                line for test in found for line in test.imports.splitlines() if unit.name not in line
            )
            text = "\n\n\n".join(["\n".join(imports), *(test.code for test in found)]).strip() + "\n"
            yield Seed(unit=unit, tests=text, origin=origin_of(file, "mutants", unit.name, source))


def _stands_alone(test: Unit, unit: Unit) -> bool:
    """Whether a test needs nothing but its imports and the function; fixtures are parameters, and a need."""
    return "()" in test.head and "@" not in test.head and test.lacks <= {unit.name}


def mutant_rows(
    seeds: Iterable[Seed], kind: Kind, sandbox: Sandbox, tally: Tally, *, seed: int = 0, per_function: int | None = None
) -> Iterator[Row]:
    """Yield rows of verified mutants.

    Of kind ``sft`` a row asks for the repair; of kind ``prompt`` it asks the same and brings the tests; of kinds
    ``preference`` and ``kto`` it asks for the function, and mutants are the worse replies.

    Args:
        seeds: functions with tests.
        kind: what the rows teach from.
        sandbox: where tests run.
        tally: counts what is left out.
        seed: of the choice of mutants.
        per_function: most mutants of one function; None for all.

    Raises:
        SandboxError: the sandbox runs nothing at all.
    """
    left = iter(seeds)
    while batch := list(islice(left, _FUNCTIONS_AT_ONCE)):
        tried = [_chosen(one, seed) for one in batch]
        cases = [
            Case(code=_with_imports(one.unit, code), tests=one.tests)
            for one, wrong in zip(batch, tried, strict=True)
            for code in (one.unit.code, *(fault.code for fault in wrong))
        ]
        verdicts = iter(judge(cases, sandbox))
        for one, wrong in zip(batch, tried, strict=True):
            original, *others = [next(verdicts) for _ in range(len(wrong) + 1)]
            if not original.passed:
                tally.drop("original fails its tests")
                continue
            found = [(fault, said) for fault, said in zip(wrong, others, strict=True) if _counts(said, tally)]
            kept = found[:per_function]
            tally.drop("enough mutants of the function", len(found) - len(kept))
            yield from _ROWS[kind](one, kept)


def _chosen(seed: Seed, number: int) -> list[Fault]:
    """Faults in an order that only the recipe's seed decides, so that a cut takes them from all places."""
    found = [fault for fault in faults(seed.unit.code) if _undone(fault) == seed.unit.code.rstrip()]
    found.sort(key=lambda fault: hashlib.sha256(f"{number}\x00{fault.code}".encode()).digest())
    return found[:_FAULTS_TRIED]


def _undone(fault: Fault) -> str:
    """The code after its own repair: a line that occurs twice would be mended in the wrong place."""
    return (exchanged(fault.code, answer(fault.wrong, fault.right)) or "").rstrip()


def _with_imports(unit: Unit, code: str) -> str:
    return f"{unit.imports}\n\n\n{code}" if unit.imports else code


def _counts(said: Judged, tally: Tally) -> bool:
    if not said.ran:
        return tally.keeps("mutant that stops the tests")
    return tally.keeps("mutant that no test finds" if said.passed else "")


_Found = Sequence[tuple[Fault, Judged]]


def _repairs(seed: Seed, found: _Found) -> Iterator[Row]:
    for fault, said in found:
        turns = repair_prompt(_with_imports(seed.unit, fault.code), said.output)
        reply = Message(role="assistant", content=answer(fault.wrong, fault.right))
        yield Conversation(messages=(*turns, reply), origin=seed.origin)


def _prompts(seed: Seed, found: _Found) -> Iterator[Row]:
    for fault, said in found:
        turns = repair_prompt(_with_imports(seed.unit, fault.code), said.output)
        tests = f"from {_MODULE} import {seed.unit.name}\n\n\n{seed.tests}"
        yield Prompt(prompt=turns, tests=tests, module=f"{_MODULE}.py", origin=seed.origin)


def _asked(seed: Seed) -> tuple[Message, ...]:
    return (Message(role="user", content=docstring_prompt(seed.unit)),)


def _said(seed: Seed, code: str) -> tuple[Message, ...]:
    return (Message(role="assistant", content=fenced(_with_imports(seed.unit, code))),)


def _pairs(seed: Seed, found: _Found) -> Iterator[Row]:
    good = _said(seed, seed.unit.code)
    for fault, _ in found:
        yield Preference(prompt=_asked(seed), chosen=good, rejected=_said(seed, fault.code), origin=seed.origin)


def _judged(seed: Seed, found: _Found) -> Iterator[Row]:
    yield Completion(prompt=_asked(seed), completion=_said(seed, seed.unit.code), label=True, origin=seed.origin)
    for fault, _ in found:
        yield Completion(prompt=_asked(seed), completion=_said(seed, fault.code), label=False, origin=seed.origin)


_ROWS = {"sft": _repairs, "prompt": _prompts, "preference": _pairs, "kto": _judged}
