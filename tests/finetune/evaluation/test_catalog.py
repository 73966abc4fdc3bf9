from __future__ import annotations

from pathlib import Path

import pytest

from swfactory.errors import InputError, NotFoundError
from swfactory.finetune.evaluation.catalog import NAMES, Plan, create_suites
from swfactory.testing.sandbox import ScriptedSandbox
from tests.finetune.evaluation.fakes import fault_row, write_rows

SANDBOX = ScriptedSandbox([])
TASKS = Path(__file__).parents[3] / "benchmarks" / "tasks.yaml"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write_rows(tmp_path / "repair" / "test.jsonl", [fault_row()])
    write_rows(tmp_path / "mbpp.jsonl", [{"task_id": 11, "text": "x", "test_list": ["assert f(1)"]}])
    (tmp_path / "general.txt").write_text("some text")
    (tmp_path / "tasks.yaml").write_text(TASKS.read_text())
    line = '{"task_id": "HumanEval/0", "prompt": "def f(x):", "entry_point": "f", "test": "def check(f): assert f(1)"}'
    (tmp_path / "HumanEval.jsonl").write_text(line)
    return tmp_path


def test_every_suite_finds_its_data_in_one_folder(data: Path) -> None:
    suites = create_suites(NAMES, Plan(folder=data), SANDBOX)
    assert tuple(suite.name for suite in suites) == NAMES
    assert all(suite.items() for suite in suites)
    assert {suite.scale for suite in suites} == {"share", "perplexity"}
    assert [suite.name for suite in suites if len(suite.forms(adapted=False)) == 2] == ["repair"]


def test_roles_repair_too_where_there_is_data(data: Path) -> None:
    made = create_suites(["roles"], Plan(data={"roles": TASKS, "repair": data / "repair"}), SANDBOX)
    assert [suite.name for suite in made] == ["roles", "repair"]
    assert [suite.name for suite in create_suites(["roles"], Plan(data={"roles": TASKS}), SANDBOX)] == ["roles"]


def test_any_task_of_lm_eval() -> None:
    (suite,) = create_suites(["lm-eval:arc_easy"], Plan(limit=3), SANDBOX)
    assert (suite.name, suite.documents) == ("arc_easy", True)


@pytest.mark.parametrize("name", ["mbpp", "roles", "repair", "bench", "forgetting"])
def test_missing_data_says_what_and_how_to_give_it(name: str, tmp_path: Path) -> None:
    for plan in (Plan(), Plan(folder=tmp_path)):
        with pytest.raises(InputError, match=f"'{name}' needs") as raised:
            create_suites([name], plan, SANDBOX)
        assert raised.value.hint == f"--data {name}=PATH"
    with pytest.raises(InputError, match="nosuch"):
        create_suites([name], Plan(data={name: tmp_path / "nosuch"}), SANDBOX)


def test_unknown_suite() -> None:
    with pytest.raises(NotFoundError, match="'humanevil'"):
        create_suites(["humanevil"], Plan(), SANDBOX)
