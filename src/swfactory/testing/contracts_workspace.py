"""What every workspace and every object store must do, as tests to inherit.

```python
class TestMine(WorkspaceContract):
    @pytest.fixture
    def workspace(self):
        return MyWorkspace()
```
"""

from __future__ import annotations

import hashlib

import pytest

from swfactory.errors import NotFoundError, PathEscapeError, WorkspaceError
from swfactory.ports import ObjectStore, Workspace

__all__ = ["ObjectStoreContract", "WorkspaceContract"]


class WorkspaceContract:
    """Tests of a ``Workspace``; a subclass provides the fixture ``workspace``, empty."""

    def test_is_a_workspace(self, workspace: Workspace) -> None:
        """It has the methods of the port."""
        assert isinstance(workspace, Workspace)

    def test_keeps_text_exactly(self, workspace: Workspace) -> None:
        """Text comes back as it went in, whatever its line ends, script and size."""
        files = {
            "a.txt": "no newline at the end",
            "crlf.txt": "one\r\ntwo\r\n",
            "deep/er/still/ünïcode 文件.txt": "文字 🙂\n",
            "empty": "",
            "odd \"quoted\" 'name'.txt": "\x00\x01 binary-looking\n",
            "big.txt": "line\n" * 50_000,
        }
        assert workspace.tree(workspace.commit(None, files, "Add")) == files

    def test_changes_add_replace_and_delete(self, workspace: Workspace) -> None:
        """A commit is its parent with the changes made, and the parent stays."""
        first = workspace.commit(None, {"a": "1", "b": "2", "c/d": "3"}, "Start")
        second = workspace.commit(first, {"a": "one", "b": None, "c/e": "4", "gone": None}, "Change")
        assert workspace.tree(second) == {"a": "one", "c/d": "3", "c/e": "4"}
        assert workspace.tree(first) == {"a": "1", "b": "2", "c/d": "3"}

    def test_equal_commits_have_equal_ids(self, workspace: Workspace) -> None:
        """Parent, changes and message make the id, in whatever order the changes come."""
        first = workspace.commit(None, {"a": "1", "b": "2"}, "Start")
        assert workspace.commit(None, {"b": "2", "a": "1"}, "Start") == first
        second = workspace.commit(first, {"a": "2"}, "Change")
        assert workspace.commit(first, {"a": "2"}, "Change") == second
        assert len({first, second, workspace.commit(first, {"a": "2"}, "Other words")}) == 3

    def test_a_second_start_has_no_parent(self, workspace: Workspace) -> None:
        """A commit without a parent holds nothing of what was committed before."""
        workspace.commit(None, {"a": "1"}, "Start")
        assert workspace.tree(workspace.commit(None, {"b": "2"}, "Start again")) == {"b": "2"}

    def test_no_change_is_the_parent(self, workspace: Workspace) -> None:
        """Changes that change nothing make no commit."""
        first = workspace.commit(None, {"a": "1"}, "Start")
        assert workspace.commit(first, {"a": "1", "missing": None}, "Nothing") == first
        assert workspace.commit(first, {}, "Nothing") == first

    def test_an_empty_start(self, workspace: Workspace) -> None:
        """A first commit may be empty."""
        assert workspace.tree(workspace.commit(None, {}, "Start")) == {}

    def test_branches_live_side_by_side(self, workspace: Workspace) -> None:
        """Two commits on one parent are both kept."""
        first = workspace.commit(None, {"a": "1"}, "Start")
        left = workspace.commit(first, {"a": "left"}, "Left")
        right = workspace.commit(first, {"a": "right"}, "Right")
        assert (workspace.tree(left), workspace.tree(right)) == ({"a": "left"}, {"a": "right"})

    @pytest.mark.parametrize("path", ["../a", "/etc/passwd", "a/../../b", "", ".git/config", "a/.GIT/hooks/x", "a\nb"])
    def test_a_path_that_leaves_is_refused(self, workspace: Workspace, path: str) -> None:
        """Nothing is written outside, nor into git's own folder."""
        with pytest.raises(PathEscapeError):
            workspace.commit(None, {"fine": "1", path: "x"}, "Escape")

    def test_a_new_file_wins_over_an_old_folder_and_back(self, workspace: Workspace) -> None:
        """What lies in the way of a new file goes."""
        folder = workspace.commit(None, {"a/b": "1", "a/c": "2", "d": "3"}, "Folder")
        file = workspace.commit(folder, {"a": "file"}, "File")
        assert workspace.tree(file) == {"a": "file", "d": "3"}
        assert workspace.tree(workspace.commit(file, {"a/b": "1"}, "Folder")) == {"a/b": "1", "d": "3"}

    def test_deleting_a_folder_by_name_does_nothing(self, workspace: Workspace) -> None:
        """Only files are deleted."""
        first = workspace.commit(None, {"a/b": "1"}, "Start")
        assert workspace.commit(first, {"a": None}, "Delete") == first

    def test_contradictions_are_refused(self, workspace: Workspace) -> None:
        """A path is one file, once."""
        with pytest.raises(WorkspaceError):
            workspace.commit(None, {"a": "1", "a/b": "2"}, "Both")
        with pytest.raises(WorkspaceError):
            workspace.commit(None, {"a": "1", "./a": "2"}, "Twice")

    def test_text_that_utf8_cannot_hold_is_mended(self, workspace: Workspace) -> None:
        """A lone surrogate, which JSON can smuggle in, becomes a question mark."""
        assert workspace.tree(workspace.commit(None, {"a": "x\ud800y"}, "Odd \ud800")) == {"a": "x?y"}

    def test_an_unknown_commit_is_not_found(self, workspace: Workspace) -> None:
        """Ids that were never given out, and things that are no ids, are refused."""
        known = workspace.commit(None, {"a": "1"}, "Start")
        for unknown in ("0" * 40, "main", "--output=x", ""):
            with pytest.raises(NotFoundError):
                workspace.tree(unknown)
            with pytest.raises(NotFoundError):
                workspace.diff(known, unknown)
            with pytest.raises(NotFoundError):
                workspace.commit(unknown, {"b": "2"}, "On nothing")

    def test_diff_is_unified(self, workspace: Workspace) -> None:
        """A diff names the files and shows the lines."""
        first = workspace.commit(None, {"a.py": "one\ntwo\n", "same": "1\n"}, "Start")
        second = workspace.commit(first, {"a.py": "one\nthree\n", "new.py": "x\n"}, "Change")
        lines = workspace.diff(first, second).splitlines()
        for line in ("--- a/a.py", "+++ b/a.py", "-two", "+three", "--- /dev/null", "+++ b/new.py", "+x"):
            assert line in lines
        assert not any("same" in line for line in lines)
        assert "+one" in workspace.diff(None, first).splitlines()
        assert workspace.diff(second, second) == ""


class ObjectStoreContract:
    """Tests of an ``ObjectStore``; a subclass provides the fixture ``objects``, empty."""

    def test_is_an_object_store(self, objects: ObjectStore) -> None:
        """It has the methods of the port."""
        assert isinstance(objects, ObjectStore)

    @pytest.mark.parametrize("text", ["", "text", "文字 🙂\r\n", "\ud800 lone surrogate", "x" * 1_000_000])
    def test_text_comes_back_by_its_digest(self, objects: ObjectStore, text: str) -> None:
        """The digest is the SHA-256 of the text, and equal texts have one."""
        digest = objects.put(text)
        assert digest == hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
        assert objects.put(text) == digest
        assert objects.get(digest) == text

    @pytest.mark.parametrize("digest", ["0" * 64, "", "short", "../../etc/passwd"])
    def test_an_unknown_digest_is_not_found(self, objects: ObjectStore, digest: str) -> None:
        """What was never put is not found, and no path is followed."""
        objects.put("something")
        with pytest.raises(NotFoundError):
            objects.get(digest)
