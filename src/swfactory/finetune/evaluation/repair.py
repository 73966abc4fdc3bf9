"""Repair: a function with one fault and the failing test; the reply must make the tests pass."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from swfactory.bench.blocks import fenced_blocks
from swfactory.domain.call import Message, Reply, Request, Sampling
from swfactory.domain.execution import Command, Limits
from swfactory.domain.value import Value
from swfactory.errors import InputError, ReplyError
from swfactory.finetune.data.formats import read_objects, row_of
from swfactory.finetune.evaluation.patches import patched
from swfactory.finetune.evaluation.suite import Item, Verdict
from swfactory.finetune.rows import Prompt
from swfactory.graphs.junit import cases_of
from swfactory.ports import Sandbox
from swfactory.programs.functions import functions_of, parse

__all__ = ["FORMS", "RepairExam", "RepairForm", "RepairItem"]

RepairForm = Literal["diff", "function"]
"""How a repair is asked for: the lines to exchange, which is what is trained, or the whole function anew."""

FORMS: tuple[RepairForm, ...] = ("diff", "function")

_FUNCTION_SYSTEM = (
    "You are the repair agent of a software factory. You get a Python function and the failing pytest output. Reply "
    "with the corrected function in one ```python block and nothing else."
)
"""The wording under which the base did best in the pilot."""

_REPLY_TOKENS = 512
_LIMITS = Limits(seconds=20, memory_mb=1024)
_TESTS, _REPORT = "test_repair.py", "report.xml"


class RepairItem(Value):
    """One fault.

    Args:
        messages: the prompt that asks for lines of a diff.
        source: the module, with the fault.
        tests: pytest module that fails on it.
        module: file name that the tests import the module by.
        name: of the function with the fault; empty when the data does not say.
        group: that faults of the same function share; empty when the data does not say.
    """

    messages: tuple[Message, ...]
    source: str
    tests: str
    module: str
    name: str = ""
    group: str = ""


class RepairExam:
    """Faults of a data set.

    Args:
        data: its folder, whose ``test.jsonl`` has rows of the kind ``prompt``, or such a file. The faulty module is
            the first fenced block of the last message.

    Raises:
        InputError: it cannot be read, or a row has no tests or no module.
    """

    name = "repair"
    meaning = "share of faults after whose repair all tests pass"

    def __init__(self, data: Path) -> None:
        self._faults = {f"repair-{number:04d}": fault for number, fault in enumerate(_read(data))}

    def items(self) -> Sequence[Item]:
        """One item a fault."""
        return tuple(
            Item(id=id, content=fault.model_dump_json(), text=fault.source, name=fault.name, group=fault.group)
            for id, fault in self._faults.items()
        )

    def question(self, item: Item, form: str) -> Request:
        """Ask with the prompt of the data set, or for the whole function with the same material."""
        messages = self._faults[item.id].messages
        if form == "function":
            rest = tuple(message for message in messages if message.role != "system")
            messages = (Message(role="system", content=_FUNCTION_SYSTEM), *rest)
        return Request(role="engineer", messages=messages, sampling=Sampling(max_tokens=_REPLY_TOKENS))

    async def judge(self, item: Item, reply: Reply, sandbox: Sandbox) -> Verdict:
        """Put the reply into the module, whichever form it has, and run the tests."""
        fault = self._faults[item.id]
        try:
            module = patched(fault.source, reply.text)
        except ReplyError as exc:
            return Verdict(passed=False, why=exc.message, figures={"applied": 0})
        why = await _why_tests_fail(fault, module, sandbox)
        return Verdict(passed=not why, why=why, figures={"applied": 1})


async def _why_tests_fail(fault: RepairItem, module: str, sandbox: Sandbox) -> str:
    """Run the tests on a module; empty when all pass."""
    command = Command(
        argv=("python", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", f"--junitxml={_REPORT}", _TESTS),
        files={fault.module: module, _TESTS: fault.tests},
        collect=(_REPORT,),
        limits=_LIMITS,
    )
    done = await sandbox.run(command)
    if done.verdict != "exited":
        return f"ended at its limit of {done.verdict}"
    if done.exit_code:
        return done.stdout.strip()[-300:] or f"ended with status {done.exit_code}"
    # a module that ends the interpreter with status 0 leaves no report
    passed = any(case.outcome == "passed" for case in cases_of(done.files.get(_REPORT, "")))
    return "" if passed else "ended before the tests did"


def _read(data: Path) -> Sequence[RepairItem]:
    path = data / "test.jsonl" if data.is_dir() else data
    hint = "swf data build makes such a data set; --data repair=FOLDER names it"
    found = []
    for number, entry in read_objects(path):
        row = row_of(entry, "prompt", f"{path}:{number}")
        assert isinstance(row, Prompt)
        try:
            found.append(_fault(row))
        except ReplyError as exc:
            raise InputError(f"{path}:{number}: {exc.message}", hint=hint) from exc
    if not found:
        raise InputError(f"{str(path)!r} holds no faults", hint=hint)
    return found


def _fault(row: Prompt) -> RepairItem:
    blocks = fenced_blocks(row.prompt[-1].content)
    if not row.tests.strip() or not blocks:
        raise ReplyError("'tests' is empty" if blocks else "'prompt' shows no module in a fence")
    source = blocks[0].body
    tree = parse(source)
    names = [function.name for function in functions_of(tree)] if tree else []
    origin = row.origin
    name = origin.name if origin and origin.name else names[0] if len(names) == 1 else ""
    return RepairItem(
        messages=tuple(Message(role=turn.role, content=turn.content) for turn in row.prompt),
        source=source,
        tests=row.tests,
        module=row.module,
        name=name,
        group=f"{origin.source}:{origin.path}:{name}" if origin and name else name,
    )
