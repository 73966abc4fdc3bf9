from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from swfactory.bench.score import read_product, score_product
from swfactory.bench.tasks import Task, load_tasks
from swfactory.domain.execution import Command, Execution
from swfactory.ports import Sandbox
from tests.bench.host_score import host_verdicts

TASKS = load_tasks(Path(__file__).resolve().parents[2] / "benchmarks" / "tasks.yaml")

MAIN = """
import pathlib, subprocess, sys, time
match sys.argv[1]:
    case "print": print(*sys.argv[2:])
    case "fail": sys.exit("Error: no")
    case "crash": raise ValueError("no")
    case "hang": time.sleep(60)
    case "linger": subprocess.Popen(["sleep", "60"])
    case "endless":
        while True: print("x" * 100_000)
    case "write": pathlib.Path("state.json").write_text("1")
    case "left": print(sorted(p.name for p in pathlib.Path(".").iterdir()))
    case "hog": x = bytearray(8 << 30); print(len(x))
    case "binary": sys.stdout.buffer.write(b"\\xff\\r\\nend")
    case "latin": print(pathlib.Path("data.bin").read_bytes())
"""


def task_of(*checks: dict[str, Any], **fields: Any) -> Task:
    return Task.model_validate({"id": "t", "level": "easy", "requirement": "r", "checks": checks, **fields})


def run(*words: str, **fields: Any) -> dict[str, Any]:
    return {"run": ["python", "main.py", *words], **fields}


@pytest.fixture
def product(tmp_path: Path) -> Path:
    folder = tmp_path / "product"
    folder.mkdir()
    (folder / "main.py").write_text(MAIN, encoding="utf-8")
    return folder


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
async def test_reference_solution_passes_everything(
    task: Task, benchmarks: Path, real_sandbox: Sandbox, tmp_path: Path
) -> None:
    solution = benchmarks / "solutions" / task.id
    score = await score_product(task, solution, real_sandbox)
    assert score.failures == ()
    assert score.solved
    assert score.passed == score.total == len(task.checks)
    assert all(host_verdicts(task, solution, tmp_path))


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
async def test_empty_project_passes_nothing(task: Task, tmp_path: Path, real_sandbox: Sandbox) -> None:
    score = await score_product(task, tmp_path / "nothing", real_sandbox)
    assert (score.passed, score.solved) == (0, False)


def test_levels_and_languages() -> None:
    levels = [task.level for task in TASKS]
    assert [levels.count(level) for level in ("easy", "medium", "hard")] == [5, 6, 3]
    assert sum("。" in task.requirement for task in TASKS) == 3


AGREE = task_of(
    run("print", "a", "b", exact="a b"),
    run("print", "ABC", out=["abc"], not_out=["xyz"]),
    run("print", "ABC", out=["xyz"]),
    run("print", "ABC", not_out=["bc"]),
    run("fail", rc=1, err=["error"]),
    run("fail", rc=1, err=["warning"]),
    run("fail"),
    run("crash", rc=1),
    run("hang", timeout=1),
    run("linger", timeout=1),
    run("binary", exact="\ufffd\nend"),
    run("write"),
    run("left", exact="['data.bin', 'in.txt', 'main.py', 'state.json']"),
    {"run": ["python", "-m", "pytest", "--version"]},
    run("left", exact="['data.bin', 'in.txt', 'main.py']"),
    run("latin", exact="b'\\xff\\x00'"),
    {"py": "import main"},
    {"py": "raise SystemExit(3)", "rc": 3},
    {"py": "1/0", "rc": 1},
    files={"in.txt": "x"},
)


async def test_agrees_with_a_run_on_the_host(product: Path, tmp_path: Path, real_sandbox: Sandbox) -> None:
    (product / "data.bin").write_bytes(b"\xff\x00")
    for leftover in ("old.json", "x.csv", "y.db", "z.sqlite3"):
        (product / leftover).write_text("left")
    for folder in (".git", "__pycache__", ".venv"):
        (product / folder).mkdir()
        (product / folder / "f").write_text("left")
    score = await score_product(AGREE, product, real_sandbox)
    failed = {int(failure.split(":")[0].removeprefix("check ")) for failure in score.failures}
    expected = host_verdicts(AGREE, product, tmp_path)
    assert failed == {number for number, holds in enumerate(expected) if not holds}
    assert failed == {2, 3, 5, 6, 7, 8, 9, 16}
    assert (score.passed, score.total, score.solved) == (11, 19, False)
    assert (product / "old.json").exists()


async def test_says_why(product: Path, real_sandbox: Sandbox) -> None:
    task = task_of(run("print", "1", exact="2"), run("crash", rc=1), run("hang", timeout=1), {"run": ["nosuch"]})
    score = await score_product(task, product, real_sandbox)
    wrong, crash, hang, missing = score.failures
    assert wrong == "check 0: stdout '1', expected '2'"
    assert crash.startswith("check 1: traceback")
    assert hang == "check 2: no end within 1 s"
    assert missing.startswith("check 3: cannot run 'nosuch'")


async def test_endless_print_fails_its_own_check_only(product: Path, real_sandbox: Sandbox) -> None:
    score = await score_product(task_of(run("endless", timeout=2), run("print", "1", exact="1")), product, real_sandbox)
    assert score.failures == ("check 0: no end within 2 s",)


async def test_memory_hog_does_not_pass(product: Path, real_sandbox: Sandbox) -> None:
    score = await score_product(task_of(run("print", "1"), run("hog")), product, real_sandbox)
    assert score.passed == 1


async def test_product_cannot_read_the_host(tmp_path: Path, real_sandbox: Sandbox) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    product = tmp_path / "product"
    product.mkdir()
    (product / "link.txt").symlink_to(secret)
    (product / "main.py").write_text(f"import os\nprint(os.path.exists({str(secret)!r}), os.path.exists('link.txt'))")
    assert read_product(product).keys() == {"main.py"}
    score = await score_product(task_of({"run": ["python", "main.py"], "exact": "False False"}), product, real_sandbox)
    assert score.failures == ()


class DeadSandbox:
    name = "dead"

    def __init__(self, report: str | None) -> None:
        self.report = report

    async def run(self, command: Command) -> Execution:
        files = {} if self.report is None else {"report.json": self.report}
        return Execution(exit_code=-9, verdict="memory", files=files)


@pytest.mark.parametrize(("report", "passed"), [(None, 0), ("[null]", 1), ("{", 0), ("[1, 2]", 0), ("{}", 0)])
async def test_checks_that_never_ran_count_as_failed(product: Path, report: str | None, passed: int) -> None:
    score = await score_product(task_of(run("print"), run("print")), product, DeadSandbox(report))
    assert (score.passed, score.total) == (passed, 2)
    assert "limit of memory" in score.failures[-1]


async def test_product_that_is_too_large_fails(product: Path, real_sandbox: Sandbox) -> None:
    with (product / "big.bin").open("wb") as big:
        big.truncate(17_000_000)
    score = await score_product(task_of(run("print")), product, real_sandbox)
    assert score.passed == 0
    assert "larger than" in score.failures[0]
