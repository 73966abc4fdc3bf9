import errno
import os
from pathlib import Path

import pytest

from swfactory.errors import InputError, NotFoundError, StoreError
from swfactory.workspace import GitWorkspace
from swfactory.workspace import delivery as delivery_module
from swfactory.workspace.plumbing import git, git_text


@pytest.fixture
def workspace(tmp_path: Path) -> GitWorkspace:
    return GitWorkspace(tmp_path / "workspace.git", epoch=1_700_000_000)


@pytest.fixture
def history(workspace: GitWorkspace) -> list[str]:
    first = workspace.commit(None, {"main.py": "print(1)\n", "src/deep/x.py": "x = 1\n"}, "Start")
    return [first, workspace.commit(first, {"main.py": "print(2)\n", ".gitignore": "*.log\n"}, "Change")]


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


def test_the_delivery_is_a_normal_repository(workspace, history, tmp_path):
    out = tmp_path / "new" / "product"
    workspace.publish(history[1], out)
    assert (out / "main.py").read_text() == "print(2)\n"
    assert (out / "src" / "deep" / "x.py").read_text() == "x = 1\n"
    assert git_text(out, "log", "--format=%H", "main").split() == history[::-1]
    assert git_text(out, "status", "--porcelain", "--branch") == "## main"
    assert git_text(out, "remote") == ""
    assert git_text(out, "fsck", "--strict") == ""
    assert git_text(out, "for-each-ref", "--format=%(refname)") == "refs/heads/main"
    assert leftovers(out.parent) == []


def test_the_delivery_does_not_need_the_workspace(workspace, history, tmp_path):
    workspace.publish(history[1], tmp_path / "out")
    workspace.path.rename(tmp_path / "gone.git")
    assert git_text(tmp_path / "out", "show", "main~1:main.py") == "print(1)"


def test_an_empty_folder_is_taken(workspace, history, tmp_path):
    (tmp_path / "out").mkdir()
    workspace.publish(history[0], tmp_path / "out", branch="trunk")
    assert git_text(tmp_path / "out", "symbolic-ref", "--short", "HEAD") == "trunk"


@pytest.mark.parametrize("there", [True, False])
def test_a_link_to_a_folder_is_taken_and_stays_one(workspace, history, tmp_path, there):
    (tmp_path / "disk").mkdir()
    if there:
        (tmp_path / "disk" / "out").mkdir()
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "disk" / "out")
    for commit, text in zip(history, ("print(1)\n", "print(2)\n"), strict=True):
        workspace.publish(commit, link)
        assert link.is_symlink()
        assert (tmp_path / "disk" / "out" / "main.py").read_text() == text


@pytest.mark.parametrize("kind", ["file", "folder", "repository"])
def test_what_is_not_ours_is_refused(workspace, history, tmp_path, kind):
    out = tmp_path / "out"
    if kind == "file":
        out.write_text("mine")
    else:
        out.mkdir()
        (out / "mine.txt").write_text("mine")
    if kind == "repository":
        other = GitWorkspace(tmp_path / "other.git", epoch=5)
        (out / "mine.txt").unlink()
        other.publish(other.commit(None, {"mine.txt": "mine"}, "Mine"), out)
    before = sorted(out.rglob("*"))
    with pytest.raises(InputError, match="out") as caught:
        workspace.publish(history[1], out)
    assert caught.value.hint
    assert sorted(out.rglob("*")) == before
    assert leftovers(tmp_path) == []


def test_the_same_delivery_again_touches_nothing(workspace, history, tmp_path):
    out = tmp_path / "out"
    workspace.publish(history[1], out)
    (out / "my.log").write_text("ignored, and kept when nothing is to do")
    stamp = out.stat().st_ino
    workspace.publish(history[1], out)
    assert out.stat().st_ino == stamp
    assert (out / "my.log").exists()


def test_an_earlier_delivery_is_replaced(workspace, history, tmp_path):
    out = tmp_path / "out"
    workspace.publish(history[0], out)
    (out / "src" / "deep" / "__pycache__").mkdir()
    (out / "src" / "deep" / "__pycache__" / "x.pyc").write_bytes(b"\0")
    workspace.publish(history[1], out)
    assert (out / "main.py").read_text() == "print(2)\n"
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("path", ["main.py", "notes.txt", "debug.log"])
def test_a_delivery_that_somebody_worked_in_is_kept(workspace, history, tmp_path, path):
    out = tmp_path / "out"
    workspace.publish(history[1], out)
    (out / path).write_text("my own")
    with pytest.raises(InputError, match=path):
        workspace.publish(history[0], out)
    assert (out / path).read_text() == "my own"


def test_a_commit_of_the_user_is_kept(workspace, history, tmp_path):
    out = tmp_path / "out"
    workspace.publish(history[0], out)
    (out / "main.py").write_text("mine\n")
    git(out, "-c", "user.name=Me", "-c", "user.email=me@example.org", "commit", "-qam", "Mine")
    with pytest.raises(InputError):
        workspace.publish(history[1], out)
    assert (out / "main.py").read_text() == "mine\n"


def test_a_failure_leaves_the_earlier_delivery(workspace, history, tmp_path, monkeypatch):
    out = tmp_path / "out"
    workspace.publish(history[0], out)
    rename = Path.rename

    def fails(self, target):
        if self.name.endswith(".new"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", fails)
    with pytest.raises(StoreError, match="No space left"):
        workspace.publish(history[1], out)
    assert (out / "main.py").read_text() == "print(1)\n"
    assert leftovers(tmp_path) == []


def test_a_kill_between_the_two_moves_loses_nothing(workspace, history, tmp_path, monkeypatch):
    out = tmp_path / "out"
    workspace.publish(history[0], out)

    class Killed(BaseException):
        pass

    rename = Path.rename

    def dies(self, target):
        if self.name.endswith(".new"):
            raise Killed
        return rename(self, target)

    with monkeypatch.context() as patch:
        # A killed process runs no clean-up either.
        patch.setattr(Path, "rename", dies)
        patch.setattr(delivery_module.shutil, "rmtree", lambda *_, **__: None)
        patch.setattr(Path, "exists", lambda self: True)
        with pytest.raises(Killed):
            workspace.publish(history[1], out)
    assert not out.exists()
    workspace.publish(history[1], out)
    assert (out / "main.py").read_text() == "print(2)\n"
    assert leftovers(tmp_path) == []


def test_an_unknown_commit_is_not_delivered(workspace, tmp_path):
    with pytest.raises(NotFoundError):
        workspace.publish("0" * 40, tmp_path / "out")
    assert not (tmp_path / "out").exists()
