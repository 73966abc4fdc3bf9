"""``swf run`` with a real factory: every option reaches the run, and every end has its status and last lines."""

from __future__ import annotations

import json
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from swfactory.cli import drive
from swfactory.runtime.decision import Decision, PendingGate


def last(cli) -> dict:
    return json.loads(cli("show", "last", "--json").out)


def test_plain_lines_tell_the_story_and_the_last_ones_what_to_do(cli, tmp_path: Path) -> None:
    answer = cli("run", "make 2 files")
    assert answer.status == 0
    assert answer.err == ""
    lines = answer.out.splitlines()
    assert "run 2" in lines[0]
    assert "started with openai:http://127.0.0.1:9/v1#toy" in lines[0]
    assert any(line.endswith("engineer: Add file 2") for line in lines)
    assert lines[-4:-1] == [
        "toy: Delivered: every criterion is met (1/1 tests)",
        "product  ./products/2-files",
        "run it   cd ./products/2-files && python main.py 'a b'",
    ]
    assert (tmp_path / "products/2-files/file2.py").exists()


def test_quiet_prints_the_last_lines_only(cli) -> None:
    answer = cli("run", "greet", "--quiet")
    assert answer.out.splitlines()[0] == "toy: Delivered: every criterion is met (1/1 tests)"


def test_json_prints_events_only(cli) -> None:
    events = [json.loads(line) for line in cli("run", "greet", "--json").out.splitlines()]
    assert [e["seq"] for e in events if e["seq"]] == list(range(1, 1 + sum(e["seq"] > 0 for e in events)))
    assert events[-1]["kind"] == "delivery"
    assert {"token", "call", "step", "test"} <= {e["kind"] for e in events}


@pytest.mark.parametrize(
    ("wish", "status", "line"),
    [
        ("partial", 3, "toy: Partial: 0 of 1 criteria met (0/1 tests)"),
        ("spent", 4, "toy: The token budget is spent: 0 of 1 criteria met (0/1 tests)"),
    ],
)
def test_less_than_everything_is_said_and_has_its_status(cli, wish: str, status: int, line: str) -> None:
    answer = cli("run", wish, "-q")
    assert answer.status == status
    lines = answer.out.splitlines()
    assert lines[:2] == [line, "  not met      C1 it greets"]
    assert (lines[-1].startswith("more     swf resume ") and lines[-1].endswith("--max-tokens 24000")) == (status == 4)


def test_a_failure_says_what_and_how_to_go_on(cli, tmp_path: Path) -> None:
    answer = cli("run", "it fails", "-q")
    assert answer.status == 1
    identifier = last(cli)["run"]["id"]
    assert answer.err.splitlines() == [
        "error: the model went away",
        "  start the model server",
        f"  then go on with: swf resume {identifier}",
    ]
    (tmp_path / "mended").touch()
    assert cli("resume", "last", "-q").status == 0


def test_options_reach_the_run(cli, tmp_path: Path) -> None:
    role = "hf:org/name"
    answer = cli(
        *(
            "run",
            "greet",
            "-q",
            "--output",
            "here",
            "--gate",
            "release,design",
            "--seed",
            "7",
            "--license",
            "apache-2.0",
        ),
        *("--max-tokens", "none", "--max-time", "10m", "--max-rounds", "2", "--role-model", f"reviewer={role}"),
        *("--unsafe-local", "--allow-install"),
    )
    assert answer.status == 0
    run = last(cli)["run"]
    assert run["output"] == str(tmp_path / "here")
    assert run["gates"] == ["design", "release"]
    assert run["seed"] == 7
    assert run["requirement"]["license"] == "Apache-2.0"
    assert run["budget"] == {"max_tokens": None, "max_seconds": 600.0, "max_rounds": 2}
    assert run["options"]["model.reviewer"] == role
    assert run["options"]["sandbox"] == "local"
    assert run["options"]["allow_install"] is True


def test_what_is_not_typed_comes_from_the_settings(cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWF_MAX_ROUNDS", "3")
    monkeypatch.setenv("SWF_SEED", "5")
    assert cli("run", "greet", "-q", "--max-time", "9").status == 0
    run = last(cli)["run"]
    assert run["budget"] == {"max_tokens": 12_000, "max_seconds": 9.0, "max_rounds": 3}
    assert run["seed"] == 5


def test_the_requirement_comes_from_words_a_file_or_a_pipe(cli, tmp_path: Path) -> None:
    (tmp_path / "wish.md").write_text("打招呼\n")
    for args, stdin, text in (
        (("say", "hello"), "", "say hello"),
        (("@wish.md",), "", "打招呼"),
        (("-",), "greet\nme\n", "greet\nme"),
    ):
        assert cli("run", *args, "-q", stdin=stdin).status == 0
        assert last(cli)["run"]["requirement"]["text"] == text
    assert len(list((tmp_path / "products").iterdir())) == 3


@pytest.mark.parametrize(
    ("args", "said"),
    [
        ((" ",), "is empty"),
        (("@nowhere.md",), "nowhere.md"),
        (("x", "--max-tokens", "0"), "'0' is not a whole number from 1"),
        (("x", "--max-time", "soon"), "write 90, 90s, 10m"),
        (("x", "--gate", "speck"), "'speck' is no gate"),
        (("x", "--seed", "-1"), "-1"),
        (("x", "--license", "GPL-9"), "use one of: 0BSD"),
        (("x", "--model", "gpt-4"), "no known scheme"),
        (("x", "--role-model", "engeneer=llama:y"), "did you mean engineer?"),
        (("x", "--role-model", "engineer"), "is not ROLE=URL"),
        (("x", "--role-model", "engineer=gpt"), "no known scheme"),
        (("x", "--sandbox", "none"), "bubblewrap"),
        (("x", "--sandbox", "docker", "--unsafe-local"), "--unsafe-local excludes --sandbox docker"),
        (("x", "--graph", "nowhere.py:build"), "nowhere.py"),
        (("x", "--output", "full"), "is not empty"),
        ((), "Missing argument"),
    ],
)
def test_bad_input_is_refused_before_anything_starts(cli, tmp_path: Path, args: tuple[str, ...], said: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    graph = () if "--graph" in args else ("--graph", "delivery")
    answer = cli("run", *args, *graph)
    assert answer.status == 2
    assert said in answer.err
    assert "Traceback" not in answer.err
    assert cli("runs", "--json").out == ""


def test_the_time_a_person_takes_at_a_gate_is_no_work(cli, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, later = time.time(), [0.0]

    def answer(gate: PendingGate) -> Decision:
        later[0] += 7200.0
        return Decision(decision="approve")

    monkeypatch.setattr(drive, "interactive", lambda: True)
    monkeypatch.setattr(drive, "ask", answer)
    monkeypatch.setattr(drive, "time", SimpleNamespace(time=lambda: begun + later[0]))
    cost = cli("run", "greet", "--gate", "spec", "-q").out.splitlines()[-1]
    assert later == [7200.0]
    assert " in 0:00, " in cost


def test_without_a_terminal_a_gate_says_how_to_answer(cli) -> None:
    answer = cli("run", "greet", "--gate", "spec", "-q")
    assert answer.status == 5
    identifier = last(cli)["run"]["id"]
    assert f"  swf resume {identifier} --approve" in answer.out.splitlines()
    assert f"  swf resume {identifier} --edit spec.json" in answer.out.splitlines()
