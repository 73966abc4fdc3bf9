import os
import subprocess
import sys
from pathlib import Path

import pytest

from swfactory.errors import NotFoundError, StoreError
from swfactory.testing.contracts_workspace import WorkspaceContract
from swfactory.workspace import GitWorkspace
from swfactory.workspace.git import copy_repository
from swfactory.workspace.plumbing import git, git_text

EPOCH = 1_700_000_000.9


@pytest.fixture
def workspace(tmp_path: Path) -> GitWorkspace:
    return GitWorkspace(tmp_path / "workspace.git", epoch=EPOCH)


class TestGitWorkspace(WorkspaceContract):
    @pytest.fixture
    def workspace(self, tmp_path: Path) -> GitWorkspace:
        return GitWorkspace(tmp_path / "workspace.git", epoch=EPOCH)


def test_ids_depend_on_nothing_but_content_message_and_epoch(tmp_path, monkeypatch):
    def history(name: str, epoch: float = EPOCH) -> list[str]:
        workspace = GitWorkspace(tmp_path / name, epoch=epoch)
        first = workspace.commit(None, {"b/c": "1", "a": "2"}, "Start")
        again = GitWorkspace(tmp_path / name, epoch=epoch)  # a resumed process has no caches
        return [first, again.commit(first, {"a": None}, "Delete"), again.commit(first, {"a": "3"}, "Change")]

    plain = history("plain")
    (tmp_path / "gitconfig").write_text("[user]\nname = Me\nemail = me@example.org\n[core]\nautocrlf = true\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Somebody")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("TZ", "Asia/Shanghai")
    assert history("configured") == plain
    assert history("later", EPOCH + 60) != plain


def test_dates_count_the_depth(workspace):
    first = workspace.commit(None, {"a": "1"}, "One")
    second = workspace.commit(first, {"a": "2"}, "Two")
    again = GitWorkspace(workspace.path, epoch=EPOCH)
    third = again.commit(second, {"a": "3"}, "Three\n\nbecause")
    shown = git_text(workspace.path, "log", "--format=%H %an <%ae> %at %ct %s", third).splitlines()
    who = "swfactory <swfactory@localhost>"
    assert shown == [
        f"{third} {who} 1700000002 1700000002 Three",
        f"{second} {who} 1700000001 1700000001 Two",
        f"{first} {who} 1700000000 1700000000 One",
    ]
    assert workspace.log(second) == [(second, "Two"), (first, "One")]


def test_what_a_new_process_reads_is_what_was_committed(workspace):
    first = workspace.commit(None, {"a/b": "1", "a/c": "2", "d \\ \"'.txt": "3\r\n"}, "Start")
    second = workspace.commit(first, {"a": "file", "é/文": "x"}, "File over folder")
    again = GitWorkspace(workspace.path, epoch=EPOCH)
    for commit in (first, second):
        assert again.tree(commit) == workspace.tree(commit)


def test_garbage_collection_keeps_every_commit(workspace):
    first = workspace.commit(None, {"a": "1"}, "Start")
    left = workspace.commit(first, {"a": "left"}, "Left")
    workspace.commit(first, {"a": "right"}, "Right")
    git(workspace.path, "-c", "gc.reflogExpire=now", "gc", "--quiet", "--prune=now")
    assert GitWorkspace(workspace.path, epoch=EPOCH).tree(left) == {"a": "left"}


def test_the_users_hooks_do_not_run(workspace, tmp_path):
    hook = workspace.path / "hooks" / "reference-transaction"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    workspace.publish(workspace.commit(None, {"a": "1"}, "Start"), tmp_path / "out")
    assert not (tmp_path / "ran").exists()


def test_a_lock_that_a_power_cut_left_is_cleared(workspace):
    first = workspace.commit(None, {"a": "1"}, "Start")
    (workspace.path / "refs" / "heads" / "main.lock").touch()
    (workspace.path / "packed-refs.lock").touch()
    again = GitWorkspace(workspace.path, epoch=EPOCH)
    assert again.tree(again.commit(first, {"a": "2"}, "Change")) == {"a": "2"}


def test_a_git_that_outlives_its_process_is_waited_for(workspace, monkeypatch):
    first = workspace.commit(None, {"a": "1"}, "Start")
    with workspace.writing() as hold:
        orphan = subprocess.Popen(["sh", "-c", "read line"], stdin=subprocess.PIPE, pass_fds=[hold])
    monkeypatch.setattr("swfactory.workspace.git._PATIENCE_SECONDS", 0.1)
    resumed = GitWorkspace(workspace.path, epoch=EPOCH)
    with pytest.raises(StoreError, match="still writes"):
        resumed.commit(first, {"a": "2"}, "Change")
    assert resumed.tree(first) == {"a": "1"}  # reading needs no wait
    orphan.communicate(b"\n")
    assert resumed.tree(resumed.commit(first, {"a": "2"}, "Change")) == {"a": "2"}


CTRL_C = """
import os, signal, subprocess, sys
from pathlib import Path
from swfactory.workspace import GitWorkspace

class Interrupted(subprocess.Popen):
    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        os.killpg(0, signal.SIGINT)

signal.signal(signal.SIGINT, lambda *_: None)
workspace = GitWorkspace(Path(sys.argv[1]), epoch=0)
workspace.commit(None, {"a": "1"}, "One")
subprocess.Popen = Interrupted
print(workspace.commit(None, {"a": "2"}, "Two"))
"""


def test_ctrl_c_is_for_the_factory_and_ends_no_git(tmp_path):
    command = [sys.executable, "-c", CTRL_C, str(tmp_path / "workspace.git")]
    done = subprocess.run(command, start_new_session=True, capture_output=True, text=True, timeout=60, check=False)
    assert len(done.stdout.strip()) == 40, done.stderr


def test_a_damaged_repository_is_a_store_error(workspace):
    commit = workspace.commit(None, {"a": "text\n"}, "Start")
    for file in (workspace.path / "objects").rglob("*"):
        if file.is_file():
            file.chmod(0o644)
            file.write_bytes(b"rubbish")
    with pytest.raises((StoreError, NotFoundError)) as caught:
        GitWorkspace(workspace.path, epoch=EPOCH).tree(commit)
    assert caught.value.hint


def test_a_full_disk_says_what_to_do(workspace, tmp_path, monkeypatch):
    fake = tmp_path / "bin" / "git"
    fake.parent.mkdir()
    fake.write_text("#!/bin/sh\necho 'fatal: unable to write: No space left on device' >&2\nexit 128\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{fake.parent}:{os.environ['PATH']}")
    with pytest.raises(StoreError, match="No space left on device") as caught:
        workspace.commit(None, {"a": "1"}, "Start")
    assert "swf resume" in caught.value.hint


def test_without_git_the_error_says_how_to_get_it(workspace, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StoreError, match="git is not installed") as caught:
        workspace.commit(None, {"a": "1"}, "Start")
    assert "apt install git" in caught.value.hint


def test_a_bundle_can_be_cloned(workspace, tmp_path):
    first = workspace.commit(None, {"a": "1"}, "Start")
    second = workspace.commit(first, {"a": "2"}, "Change")
    workspace.commit(second, {"a": "3"}, "Later")
    workspace.bundle(second, tmp_path / "x.bundle")
    done = subprocess.run(["git", "bundle", "list-heads", tmp_path / "x.bundle"], capture_output=True, text=True)
    assert done.stdout.split()[0] == second
    git(tmp_path, "clone", "--quiet", "--mirror", str(tmp_path / "x.bundle"), str(tmp_path / "clone.git"))
    assert GitWorkspace(tmp_path / "clone.git", epoch=EPOCH).tree(second) == {"a": "2"}


def test_a_copy_has_every_commit_and_lives_alone(workspace, tmp_path):
    first = workspace.commit(None, {"a": "1"}, "Start")
    side = workspace.commit(first, {"a": "2"}, "Side")
    workspace.commit(first, {"a": "3"}, "Main")
    copy_repository(workspace.path, tmp_path / "copy.git")
    copy = GitWorkspace(tmp_path / "copy.git", epoch=EPOCH)
    new = copy.commit(side, {"a": "4"}, "More")
    assert copy.tree(side) == {"a": "2"}
    assert not workspace.holds(new)
    assert workspace.commit(side, {"a": "4"}, "More") == new
