from __future__ import annotations

from pathlib import Path

import pytest

from swfactory.bench.tasks import load_tasks, select_tasks
from swfactory.errors import InputError, NotFoundError

GOOD = """
- id: one
  level: easy
  requirement: >
    Write main.py
    that prints 1.
  files: {in.txt: "x"}
  checks:
    - {run: [python, main.py, 5], exact: 1, out: [1.5]}
    - {py: "print('ok')", exact: ok, timeout: 3}
    - {run: [python, -m, pytest, -q], out: [passed]}
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "tasks.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_reads_a_task(tmp_path: Path) -> None:
    (task,) = load_tasks(written(tmp_path, GOOD))
    command, script, tests = task.checks
    assert task.requirement == "Write main.py that prints 1."
    assert command.run == ("python", "main.py", "5")
    assert (command.exact, command.out, command.rc, command.seconds, command.fresh) == ("1", ("1.5",), 0, 10, False)
    assert (script.py, script.seconds) == ("print('ok')", 3)
    assert (tests.fresh, tests.seconds) == (True, 60)


def test_digest_follows_the_content(tmp_path: Path) -> None:
    (one,) = load_tasks(written(tmp_path, GOOD))
    (same,) = load_tasks(written(tmp_path, GOOD + "\n# a comment\n"))
    (other,) = load_tasks(written(tmp_path, GOOD.replace("exact: ok", "exact: ko")))
    assert one.digest == same.digest != other.digest


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("level: easy", "level: silly", r"task 'one'.*'level'"),
        ("py: \"print('ok')\"", "pi: x", r"task 'one'.*'checks\.1"),
        ("py: \"print('ok')\"", "py: x, run: [a]", r"task 'one'.*'checks\.1'.*either"),
        ("timeout: 3", "timeout: 0", r"task 'one'.*'checks\.1\.timeout'"),
        ("in.txt", "../in.txt", r"task 'one'.*'files'"),
        ("  requirement: >", "  requirement: ''\n  extra: >", r"task 'one'.*'requirement'"),
        ("id: one", "id: a/b", r"task 'a/b'.*'id'"),
        ("- id: one", "- name: one", r"task 'number 1'.*'id'"),
    ],
)
def test_malformed_task_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(InputError, match=said) as caught:
        load_tasks(written(tmp_path, GOOD.replace(old, new)))
    assert caught.value.hint


@pytest.mark.parametrize("text", ["", "{}", "- [", "[1]", GOOD + GOOD])
def test_malformed_file(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError):
        load_tasks(written(tmp_path, text))


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nosuch"):
        load_tasks(tmp_path / "nosuch.yaml")


def test_select(benchmarks: Path) -> None:
    tasks = load_tasks(benchmarks / "tasks.yaml")
    assert select_tasks(tasks, ()) == tasks
    assert [task.id for task in select_tasks(tasks, ("calc", "roman"))] == ["roman", "calc"]
    with pytest.raises(NotFoundError, match="'nope'"):
        select_tasks(tasks, ("nope",))
