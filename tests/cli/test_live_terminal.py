"""The live view, the questions and the signals, on a real terminal with a real factory."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path


def test_a_run_is_drawn_and_its_last_lines_say_how_to_run_the_product(terminal) -> None:
    screen = terminal("run", "make 2 files, slow")
    assert screen.end() == 0
    text = screen.text
    for seen in ("▶ engineer", "✓ product manager", "tests passed 1/2", "tokens", "你好世界", "engineer: Add file 2"):
        assert seen in text, seen
    last = text.rstrip().splitlines()[-4:]
    assert last[0] == "toy: Delivered: every criterion is met (1/1 tests)"
    assert last[1:3] == [
        "product  ./products/2-files-slow",
        "run it   cd ./products/2-files-slow && python main.py 'a b'",
    ]
    assert "\x1b[2J" not in screen.raw, "what the model wrote reached the terminal as a command"
    assert screen.raw.rstrip().endswith(last[-1]), "the picture was left on the screen"
    assert screen.raw.count("\x1b[?25l") == screen.raw.count("\x1b[?25h"), "the cursor stays hidden"


def test_a_gate_asks_on_a_terminal_and_goes_on_with_the_answer(terminal, swf) -> None:
    screen = terminal("run", "greet", "--gate", "spec")
    screen.wait_for("[a]pprove")
    assert "C1. it greets" in screen.text
    assert "$ python main.py 'a b'  ->  '你好'" in screen.text
    screen.type("x\n")
    screen.wait_for("is not one of")
    screen.type("r\n")
    screen.wait_for("What should be different")
    screen.type("say hello\n")
    assert screen.end() == 0
    assert "answered reject say hello" in swf("logs", "last").stdout


def test_a_document_is_edited_in_the_editor_until_it_is_one(terminal, swf, tmp_path: Path) -> None:
    # The first time the editor spoils the document, the second time it changes the title.
    editor = tmp_path / "editor.sh"
    editor.write_text(
        f'#!/bin/sh\nif [ -e {tmp_path}/second ]; then sed -i \'s/"nothing"/"edited"/; s/^spoilt//\' "$1";\n'
        f'else touch {tmp_path}/second; sed -i \'s/"toy"/"nothing"/; 1s/^/spoilt/\' "$1"; fi\n'
    )
    editor.chmod(0o755)
    screen = terminal("run", "greet", "--gate", "spec", EDITOR=str(editor))
    screen.wait_for("[e]dit")
    screen.type("e\n")
    screen.wait_for("the spec cannot be used")
    screen.wait_for("Edit again?")
    screen.type("y\n")
    assert screen.end() == 0
    assert "edited: Delivered" in screen.text


def test_leaving_a_question_leaves_the_run_waiting(terminal, swf) -> None:
    screen = terminal("run", "greet", "--gate", "spec")
    screen.wait_for("[a]pprove")
    screen.interrupt()
    assert screen.end() == 5
    assert "--approve" in screen.text
    assert swf("resume", "last", "--approve", "--quiet").returncode == 0


def wait_until(path: Path) -> None:
    end = time.monotonic() + 30
    while not path.exists():
        assert time.monotonic() < end
        time.sleep(0.05)


def test_ctrl_c_stops_the_run_and_says_how_to_go_on(terminal, swf, tmp_path: Path) -> None:
    screen = terminal("run", "it waits")
    wait_until(tmp_path / "started")
    screen.type("\x03")
    assert screen.end() == 130
    run = json.loads(swf("show", "last", "--json").stdout)["run"]
    assert run["status"] == "interrupted"
    assert f"go on with: swf resume {run['id']}" in screen.text
    (tmp_path / "mended").touch()
    assert swf("resume", "last", "--quiet").returncode == 0


def test_a_second_ctrl_c_ends_at_once_and_loses_nothing(terminal, swf, tmp_path: Path) -> None:
    screen = terminal("run", "it waits")
    wait_until(tmp_path / "started")
    screen.type("\x03\x03")
    assert screen.end() == 130
    assert json.loads(swf("runs", "--json").stdout)["status"] == "interrupted"
    (tmp_path / "mended").touch()
    assert swf("resume", "last", "--quiet").returncode == 0


def test_sigterm_drains_too(tmp_path: Path, env, argv, swf) -> None:
    process = subprocess.Popen(argv("run", "it waits"), env=env, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
    wait_until(tmp_path / "started")
    process.send_signal(signal.SIGTERM)
    out, _ = process.communicate(timeout=30)
    assert process.returncode == 130
    assert "go on with: swf resume" in out
    assert json.loads(swf("runs", "--json").stdout)["status"] == "interrupted"


def test_the_reader_of_a_pipe_may_leave(tmp_path: Path, env, argv, swf) -> None:
    process = subprocess.Popen(
        argv("run", "make 30 files, slow", "--json"),
        env=env,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=30) == 1
    assert errors == ""
    assert json.loads(swf("runs", "--json").stdout)["status"] == "interrupted"
