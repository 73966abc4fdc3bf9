from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from swfactory.cli import main
from tests.cli.host import make
from tests.cli.terminal import Terminal

ROOT = Path(__file__).parents[2]
TOY = ("--graph", f"{Path(__file__).with_name('toy.py')}:build", "--model", "openai:http://127.0.0.1:9/v1#toy")


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    """An environment in which swf finds no settings and no runs of the developer's own."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("SWF_", "COV_"))}
    return kept | {
        "SWF_DATA_DIR": str(tmp_path / "data"),
        "SWF_CONFIG": os.devnull,
        "SWF_EXPERIENCE": "0",
        "PYTHONPATH": str(ROOT),
        "PYTHONIOENCODING": "utf-8",
        "TOY_STARTED": str(tmp_path / "started"),
        "TERM": "xterm-256color",
        "EDITOR": "false",
    }


@pytest.fixture
def argv() -> Callable[..., list[str]]:
    """The command line of swf with a real factory, whose model is a fake; ``run`` gets the toy graph."""

    def make(*args: str) -> list[str]:
        toy = TOY if args[:1] == ("run",) and "--graph" not in args else ()
        return [sys.executable, "-m", "tests.cli.host", *args, *toy]

    return make


@pytest.fixture
def swf(tmp_path: Path, env: dict[str, str], argv: Callable[..., list[str]]):
    """Run swf in a process of its own, in an empty folder, and return what came of it."""

    def run(*args: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            argv(*args), env=env, cwd=tmp_path, input=stdin, capture_output=True, text=True, timeout=60, check=False
        )

    return run


@pytest.fixture
def terminal(tmp_path: Path, env: dict[str, str], argv: Callable[..., list[str]]):
    """Run swf on a terminal."""
    opened: list[Terminal] = []

    def run(*args: str, **changes: str) -> Terminal:
        opened.append(Terminal(argv(*args), env=env | changes, cwd=tmp_path))
        return opened[-1]

    yield run
    for one in opened:
        one.close()


class Answer(NamedTuple):
    """What a command answered."""

    status: int
    out: str
    err: str


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, env: dict[str, str], argv, capsys: pytest.CaptureFixture[str]):
    """Run swf in this process, in an empty folder, with a real factory whose model is a fake."""
    for name in list(os.environ):
        if name.startswith("SWF_"):
            monkeypatch.delenv(name)
    for name, value in env.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)

    def run(*args: str, stdin: str = "") -> Answer:
        monkeypatch.setattr(sys, "argv", ["swf", *argv(*args)[3:]])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        with pytest.raises(SystemExit) as left:
            main(make)
        out, err = capsys.readouterr()
        return Answer(int(left.value.code or 0), out, err)

    return run
