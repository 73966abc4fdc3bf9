"""What tests of data sets share: a repository, rows, and tools that refuse what a recipe does not need."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from swfactory.finetune.data.making import Tools
from swfactory.finetune.data.recipe import read_recipe
from swfactory.workspace.plumbing import git_environment

MIT = "Permission is hereby granted, free of charge, to any person obtaining a copy of this software"
CODE = '''\
"""Small things."""


def clamp_speed(value, limit):
    """Limit a speed to the range from zero to the limit."""
    if value < 0:
        return 0
    return min(value, limit)


def helper(x):
    return x
'''
TEST = """\
from small import clamp_speed


def test_clamp_speed():
    assert clamp_speed(-1, 5) == 0
    assert clamp_speed(9, 5) == 5
    assert clamp_speed(3, 5) == 3
"""


class History:
    """A git repository that is written commit by commit."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True)
        self.git("init", "-q", "-b", "main")

    def git(self, *words: str) -> str:
        who = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.com"}
        who |= {"GIT_COMMITTER_NAME": "a", "GIT_COMMITTER_EMAIL": "a@example.com"}
        when = {"GIT_AUTHOR_DATE": "2024-01-01T00:00:00Z", "GIT_COMMITTER_DATE": "2024-01-01T00:00:00Z"}
        done = subprocess.run(
            ["git", "-C", str(self.root), *words],
            env=git_environment() | who | when,
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout

    def commit(self, message: str, **files: str) -> str:
        for name, text in files.items():
            path = self.root / name.replace("__", "/").replace("_py", ".py").replace("_md", ".md")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD").strip()


@pytest.fixture
def history(tmp_path):
    made = History(tmp_path / "our-lib")
    made.commit("Start with a way to limit a speed", small_py=CODE, test_small_py=TEST, LICENSE=MIT)
    return made


def refuse():
    raise AssertionError("the recipe needs no such tool")


@pytest.fixture
def tools(tmp_path):
    return Tools(data_dir=tmp_path / "data", sandbox=refuse, model=refuse)


def turns(question: str, answer: str) -> dict:
    return {"messages": [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]}


def write_lines(path: Path, rows) -> Path:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write((row if isinstance(row, str) else json.dumps(row, ensure_ascii=False)) + "\n")
    return path


def recipe_of(path: Path, text: str):
    path.write_text(text, "utf-8")
    return read_recipe(path)


def read_lines(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
