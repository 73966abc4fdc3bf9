import pytest

from swfactory.domain.change import applied, checked_changes
from swfactory.errors import PathEscapeError, WorkspaceError


@pytest.mark.parametrize("path", ["../x", "/etc/passwd", "a/../../x", ".git/config", "a\nb", "", "C:/x"])
def test_a_path_that_leaves_is_refused(path):
    with pytest.raises(PathEscapeError):
        checked_changes({path: "x"})


def test_one_file_is_written_once():
    with pytest.raises(WorkspaceError, match="changed twice"):
        checked_changes({"a.py": "1", "./a.py": "2"})


def test_a_file_cannot_be_a_folder_too():
    with pytest.raises(WorkspaceError, match="as a file and as the folder"):
        checked_changes({"a": "1", "a/b": "2"})


def test_a_lone_surrogate_becomes_storable():
    assert checked_changes({"a.txt": "x\ud800y"}) == {"a.txt": "x?y"}


def test_what_is_new_wins_over_what_is_in_its_way():
    assert applied({"a": "file", "b/c": "1"}, checked_changes({"a/x": "2", "b": "3"})) == {"a/x": "2", "b": "3"}


def test_deleting_leaves_the_rest():
    assert applied({"a": "1", "b": "2"}, {"a": None}) == {"b": "2"}
