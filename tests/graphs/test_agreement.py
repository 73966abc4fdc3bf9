"""What candidates agree on."""

from __future__ import annotations

import json
import types
from pathlib import Path
from typing import cast

import pytest

from swfactory.domain.execution import Command
from swfactory.domain.spec import ApiExample, CommandExample, Step
from swfactory.domain.suite import PlannedTest, Suite
from swfactory.graphs import observer
from swfactory.graphs.agreement import agree, is_smoke, observe, strengthen
from swfactory.graphs.desk import Desk

WALK = CommandExample(steps=(Step(argv=("python", "m.py", "a")), Step(argv=("python", "m.py", "b"), exit_code=None)))
CALL = ApiExample(code="from kit import f\nx = 2\nf(x)\n")


def suite(*examples: ApiExample | CommandExample) -> Suite:
    return Suite(
        tests=tuple(
            PlannedTest(name=f"test_c1_{n}", criterion="C1", title="t", example=e) for n, e in enumerate(examples, 1)
        )
    )


@pytest.mark.parametrize(
    ("outputs", "expected"),
    [
        (["1\n", "1", "1 ", "2"], "1"),
        (["1", "1", "2", "2"], None),
        (["1", "1"], None),
        (["1", "1", "1", "2", "2", "2"], None),
        ([None, None, None, "1"], None),
        (["1", "1", "1", "2", None, None], "1"),
        (["1", "1", "1", None, None, None], None),
        (["<K at 0x7f>"] * 4, None),
        (["x" * 999] * 4, None),
        ([""] * 3, ""),
    ],
)
def test_a_clear_majority_is_needed(outputs: list[str | None], expected: str | None) -> None:
    assert agree([{"t": [out]} for out in outputs]) == {"t": [expected]}


def test_commands_are_counted_one_by_one() -> None:
    assert agree([{"t": ["1", "2"]}, {"t": ["1", "3"]}, {"t": ["1", None]}]) == {"t": ["1", None]}


def test_a_call_expects_what_was_agreed() -> None:
    (test,) = strengthen(suite(CALL), {"tests/test_interface.py::test_c1_1": ["[1, 2]"]}).tests
    assert test.example == ApiExample(code="from kit import f\nx = 2\n\nassert f(x) == [1, 2]\n")
    (test,) = strengthen(suite(CALL), {"tests/test_interface.py::test_c1_1": ["Box(1)"]}).tests
    assert test.example == ApiExample(code="from kit import f\nx = 2\n\nassert repr(f(x)) == 'Box(1)'\n")


def test_an_answer_that_is_a_comparison_is_compared_as_a_whole() -> None:
    call = ApiExample(code="from kit import f\n\n2 in f(2)\n")
    (test,) = strengthen(suite(call), {"tests/test_interface.py::test_c1_1": ["False"]}).tests
    assert test.example == ApiExample(code="from kit import f\n\nassert (2 in f(2)) == False\n")


@pytest.mark.parametrize("said", ["[1]\nNone", None, "", "None"])
def test_a_call_that_says_nothing_stays_as_it_is(said: str | None) -> None:
    assert strengthen(suite(CALL), {"tests/test_interface.py::test_c1_1": [said]}) == suite(CALL)


def test_a_session_expects_what_was_agreed() -> None:
    (test,) = strengthen(suite(WALK), {"tests/test_commands.py::test_c1_1": ["one", None]}).tests
    assert isinstance(test.example, CommandExample)
    assert [(step.stdout, step.exit_code) for step in test.example.steps] == [("one", 0), (None, None)]


async def test_a_product_is_given_the_input_of_a_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)

    async def run(command: Command) -> types.SimpleNamespace:
        for name, text in command.files.items():
            (tmp_path / name).write_text(text)
        observer.main()
        return types.SimpleNamespace(files={name: (tmp_path / name).read_text() for name in command.collect})

    piped = CommandExample(steps=(Step(argv=("python", "m.py"), stdin="4 5"), Step(argv=("python", "m.py"))))
    desk = cast("Desk", types.SimpleNamespace(run=run, state={}))
    seen = await observe(desk, {"m.py": "import sys\nprint(len(sys.stdin.read()))\n"}, suite(piped))
    assert seen == {"tests/test_commands.py::test_c1_1": ["3\n", "0\n"]}


def test_an_error_that_is_shown_is_not_voted_on() -> None:
    shown = CommandExample(origin="quoted", steps=(Step(argv=("python", "m.py"), stdin="1 x\n", exit_code=None),))
    assert strengthen(suite(shown), {"tests/test_commands.py::test_c1_1": ["0"]}) == suite(shown)


@pytest.mark.parametrize(
    ("example", "smoke"),
    [
        (WALK, True),
        (CALL, True),
        (CommandExample(steps=(Step(argv=("python", "m.py"), stdout="1"),)), False),
        (CommandExample(steps=(Step(argv=("python", "m.py"), exit_code=1),)), False),
        (CommandExample(steps=(Step(argv=("python", "m.py"), stderr_contains=("no",), exit_code=None),)), False),
        (ApiExample(code="assert f(1) == 2"), False),
    ],
)
def test_smoke(example: ApiExample | CommandExample, smoke: bool) -> None:
    assert is_smoke(example) is smoke


def test_the_observer_notes_what_is_printed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "m.py").write_text("import sys\nprint(open('d.txt').read() if sys.argv[1] == 'a' else 1 / 0)\n")
    (tmp_path / "kit.py").write_text("def f(x):\n    return x * 2\n")
    probes = {
        "walk": {
            "files": {"d.txt": "data"},
            "commands": [[["python", "m.py", "a"], ""], [["python", "m.py", "b"], ""]],
        },
        "call": {"files": {}, "commands": [[["python", "-c", "import kit\nprint(repr(kit.f('ab')))"], ""]]},
        "piped": {"files": {}, "commands": [[["python", "-c", "print(input()[::-1])"], "é x\n"]]},
        "slow": {"files": {}, "commands": [[["python", "-c", "import time\ntime.sleep(60)"], ""]]},
    }
    (tmp_path / "probes.json").write_text(json.dumps(probes))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(observer, "SECONDS", 1)
    observer.main()
    assert json.loads((tmp_path / "observations.json").read_text()) == {
        "walk": ["data\n", None],
        "call": ["'abab'\n"],
        "piped": ["x é\n"],
        "slow": [None],
    }
