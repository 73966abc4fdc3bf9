"""The commands on runs that exist: resume, fork, replay, show, logs, diff, export, delete."""

from __future__ import annotations

import json
import subprocess
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from swfactory.config import Settings
from swfactory.domain.run import Event
from swfactory.runtime import Decision
from tests.cli.conftest import TOY
from tests.cli.host import make


def newest(cli) -> str:
    return json.loads(cli("runs", "--json", "-n", "1").out)["id"]


@pytest.fixture
def run_id(cli) -> str:
    """A delivered run of three steps that write."""
    assert cli("run", "make 2 files", "-q").status == 0
    return newest(cli)


@pytest.fixture
def waiting(cli) -> str:
    """A run that waits at the gate after the spec."""
    assert cli("run", "greet", "--gate", "spec", "-q").status == 5
    return newest(cli)


def test_runs_lists_newest_first_and_by_status(cli, run_id: str, waiting: str) -> None:
    lines = cli("runs").out.splitlines()
    assert [line.split()[0] for line in lines] == ["RUN", waiting, run_id]
    assert "make 2 files" in lines[2]
    assert cli("runs", "--status", "waiting").out.splitlines()[1].split()[0] == waiting
    assert cli("runs", "--status", "failed").out == "no run is failed\n"
    assert len(cli("runs", "-n", "1", "--json").out.splitlines()) == 1


def test_a_long_requirement_cuts_only_itself(cli) -> None:
    assert cli("run", "make 1 files " + "and one more " * 40, "-q").status == 0
    (line,) = cli("runs").out.splitlines()[1:]
    run, status, *_ = line.split()
    assert (run, status) == (newest(cli), "delivered")
    assert line.endswith("…")


def test_no_runs_yet_says_how_to_start_one(cli) -> None:
    assert "swf run" in cli("runs").out


def test_runs_are_named_by_beginnings_ends_and_last(cli, run_id: str) -> None:
    for name in (run_id, run_id[:-2], run_id.rsplit("-", 1)[-1], "last"):
        assert json.loads(cli("show", name, "--json").out)["run"]["id"] == run_id
    assert cli("show", "zzzz").status == 2


def test_show_tells_of_steps_criteria_and_what_next(cli, run_id: str) -> None:
    out = cli("show", "last").out
    for seen in ("delivered", "make 2 files", "plan", "it greets", "met", "1/1", "run it   cd ./products/2-files"):
        assert seen in out, seen
    steps = json.loads(cli("show", "last", "--json").out)["steps"]
    assert [step["nodes"] for step in steps[2:]] == [["plan"], ["gate"], ["code"], ["code"], ["deliver"]]


def test_show_prints_documents_of_any_step(cli, run_id: str) -> None:
    assert json.loads(cli("show", "last", "--document", "spec").out)["title"] == "toy"
    assert cli("show", "last", "--document", "spec", "--step", "0").status == 2
    assert cli("show", "last", "--document", "delivery", "--step", "99").status == 2
    assert cli("show", "last", "--step", "1").status == 2


def test_a_gate_is_answered_by_options(cli, waiting: str) -> None:
    assert cli("resume", "last", "-q").status == 5
    assert "swf resume" in cli("show", "last").out
    assert cli("resume", "last", "--gate", "spec").status == 2
    assert cli("resume", "last", "--approve", "--reject", "x").status == 2
    assert cli("resume", "last", "--approve", "--gate", "design").status == 2
    assert cli("resume", waiting, "--reject", "use blue", "-q").status == 0
    assert "answered reject use blue" in cli("logs", "last").out
    assert cli("resume", "last", "--approve").status == 2


def test_an_answer_that_nobody_took_up_needs_no_second_one(cli, waiting: str, tmp_path: Path) -> None:
    with make(Settings(data_dir=tmp_path / "data")) as factory:
        (gate,) = factory.gates(waiting)
        answer = gate.answered(Decision(decision="approve"))
        factory._store.append_event(Event(run=waiting, kind="gate", data=answer))  # and then the process was killed
    assert f"swf resume {waiting}" in cli("show", "last").out.splitlines()[-1]
    assert cli("resume", "last", "-q").status == 0


def test_a_gate_passes_with_an_edited_document_and_refuses_a_broken_one(cli, waiting: str, tmp_path: Path) -> None:
    spec = cli("show", "last", "--document", "spec").out
    (tmp_path / "spec.json").write_text(spec.replace('"toy"', '"edited"'))
    (tmp_path / "bad.json").write_text('{"title": ""}')
    answer = cli("resume", "last", "--edit", "bad.json")
    assert answer.status == 2
    assert "the spec cannot be used" in answer.err
    answer = cli("resume", "last", "--edit", "spec.json", "-q")
    assert answer.status == 0
    assert answer.out.startswith("edited: Delivered")


def test_resume_takes_new_bounds(cli, tmp_path: Path) -> None:
    assert cli("run", "it fails", "-q").status == 1
    (tmp_path / "mended").touch()
    assert cli("resume", "last", "-q", "--max-tokens", "none", "--max-time", "1h").status == 0
    run = json.loads(cli("runs", "--json").out)
    assert run["budget"] == {"max_tokens": None, "max_seconds": 3600.0, "max_rounds": 6}


def test_a_finished_run_is_not_resumed(cli, run_id: str) -> None:
    answer = cli("resume", "last")
    assert answer.status == 2
    assert "swf fork" in answer.err


def test_fork_goes_on_from_a_step_with_another_document(cli, run_id: str, tmp_path: Path) -> None:
    spec = cli("show", "last", "--document", "spec").out
    (tmp_path / "spec.json").write_text(spec.replace('"toy"', '"forked"'))
    (tmp_path / "other.json").write_text(spec)
    answer = cli("fork", run_id, "--at", "2", "--set", "spec.json", "-q")
    assert answer.status == 0
    assert answer.out.startswith("forked: Delivered")
    forked = json.loads(cli("show", "last", "--json").out)["run"]
    assert forked["parent"] == run_id
    assert forked["output"] == str(tmp_path / "products/2-files-2")
    assert cli("fork", run_id, "--at", "2", "--set", "spec=other.json", "--output", "mine", "-q").status == 0
    assert (tmp_path / "mine/file2.py").exists()


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (("--at", "99"), "no step 99"),
        (("--at", "x"), "not a valid integer"),
        (("--at", "2", "--set", "other.json"), "'other' is not a document"),
        (("--at", "2", "--set", "spec=nowhere.json"), "nowhere.json"),
        (("--at", "2", "--set", "spec=bad.json"), "the spec cannot be used"),
        (("--at", "2", "--set", "spec=good.json", "--set", "spec=good.json"), "twice"),
        ((), "Missing option '--at'"),
    ],
)
def test_a_fork_that_cannot_be_is_refused(cli, run_id: str, tmp_path: Path, args: tuple[str, ...], said: str) -> None:
    (tmp_path / "bad.json").write_text("{}")
    (tmp_path / "good.json").write_text(cli("show", "last", "--document", "spec").out)
    answer = cli("fork", run_id, *args)
    assert answer.status == 2
    assert said in answer.err
    assert len(cli("runs", "--json").out.splitlines()) == 1


def test_replay_reaches_the_same_commit(cli, run_id: str) -> None:
    assert cli("replay", "last", "-q").status == 0
    first, again = (json.loads(cli("show", name, "--json").out) for name in (run_id, "last"))
    assert again["run"]["id"] != run_id
    assert again["delivery"]["commit"] == first["delivery"]["commit"]


def test_logs_print_events_and_follow_to_the_end(cli, run_id: str) -> None:
    lines = cli("logs", "last", "--follow").out.splitlines()
    assert lines[0].endswith("started with openai:http://127.0.0.1:9/v1#toy")
    assert lines[-1].endswith("products/2-files")
    events = [json.loads(line) for line in cli("logs", "last", "--json").out.splitlines()]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert [json.loads(line)["seq"] for line in cli("logs", "last", "--json", "-n", "2").out.splitlines()] == [
        len(events) - 1,
        len(events),
    ]


def test_logs_follow_a_run_of_another_process(cli, env, argv, tmp_path: Path) -> None:
    env["PYTHONUNBUFFERED"] = "1"
    with subprocess.Popen(
        argv("run", "make 3 files, slow", "--json"), env=env, cwd=tmp_path, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        out = cli("logs", "last", "--follow").out
        process.communicate()
    assert "engineer: Add file 3" in out


def test_logs_follow_a_run_that_waits_for_a_worker(cli, monkeypatch, tmp_path: Path) -> None:
    with make(Settings(data_dir=tmp_path / "data")) as factory:
        run = factory.enqueue("make 1 files", graph=TOY[1])
        monkeypatch.setattr("swfactory.cli.show.time", SimpleNamespace(sleep=lambda _: factory.stop(run.id)))
        lines = cli("logs", "last", "--follow").out.splitlines()
    assert "accepted" in lines[0]
    assert "interrupted" in lines[-1]


def test_diff_shows_the_product_or_a_step(cli, run_id: str) -> None:
    whole = cli("diff", "last").out
    assert "+++ b/file1.py" in whole
    assert "+++ b/file2.py" in whole
    step = cli("diff", "last", "4").out
    assert "+++ b/file2.py" in step
    assert "file1.py" not in step
    assert cli("diff", "last", "1").err == "nothing was changed\n"
    assert cli("diff", "last", "99").status == 2


def test_export_packs_a_run_and_never_overwrites(cli, run_id: str, tmp_path: Path) -> None:
    answer = cli("export", "last", "out.zip")
    assert answer.out.strip() == str(tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as packed:
        assert packed.testzip() is None
    assert cli("export", "last", "out.zip").status == 2


def test_delete_asks_and_needs_somebody_to_ask(cli, run_id: str, waiting: str, tmp_path: Path) -> None:
    answer = cli("delete", "last")
    assert answer.status == 2
    assert f"swf delete {waiting} --yes" in answer.err
    answer = cli("delete", "last", run_id, "--yes")
    assert answer.out.splitlines() == [f"deleted {waiting}", f"deleted {run_id}"]
    assert cli("runs", "--json").out == ""
    assert (tmp_path / "products/2-files/file1.py").exists()


def test_graph_prints_mermaid(cli) -> None:
    toy = Path(__file__).with_name("toy.py")
    out = cli("graph", "--graph", f"{toy}:build").out
    assert out.startswith("---\nconfig:")
    assert "plan --> gate" in out
    assert cli("graph", "--graph", "nothing").status == 2


def test_graph_prints_a_picture(cli) -> None:
    toy = Path(__file__).with_name("toy.py")
    out = cli("graph", "--graph", f"{toy}:build", "--format", "svg").out
    assert out.startswith("<svg ")
    assert out.count("plan → gate") == 1
    assert cli("graph", "--format", "png").status == 2
