import pytest
from pydantic import ValidationError

from swfactory.domain.design import Design, FilePlan, safe_path
from swfactory.errors import PathEscapeError


def plan(path, *imports):
    return FilePlan(path=path, imports=imports)


def order(*plans):
    return [file.path for file in Design(files=plans).in_order()]


def test_a_file_comes_after_what_it_imports():
    assert order(plan("main.py", "a.py", "b.py"), plan("a.py", "b.py"), plan("b.py")) == ["b.py", "a.py", "main.py"]


def test_a_cycle_is_broken_and_nothing_is_lost():
    assert sorted(order(plan("a.py", "b.py"), plan("b.py", "a.py"), plan("c.py", "c.py"))) == ["a.py", "b.py", "c.py"]


def test_an_import_that_is_not_planned_is_no_obstacle():
    assert order(plan("a.py", "nowhere.py")) == ["a.py"]


def test_paths_are_unique_and_the_entry_point_is_planned():
    with pytest.raises(ValidationError, match="planned twice"):
        Design(files=(plan("a.py"), plan("./a.py")))
    with pytest.raises(ValidationError, match="not a planned file"):
        Design(files=(plan("a.py"),), entry_point="main.py")
    with pytest.raises(ValidationError):
        Design(files=())


@pytest.mark.parametrize(
    ("path", "normal"), [("a.py", "a.py"), ("./a/b.py", "a/b.py"), (" a.py ", "a.py"), ("a\\b.py", "a/b.py")]
)
def test_safe_paths_are_normalised(path, normal):
    assert safe_path(path) == normal


@pytest.mark.parametrize(
    "path", ["", ".", "..", "../a", "a/../../b", "/a", "\\a", "C:\\a", ".git/hooks/x", "a/.GIT/x", "a\x00b", "a\nb"]
)
def test_a_path_that_leaves_is_refused(path):
    with pytest.raises(PathEscapeError) as caught:
        safe_path(path)
    assert repr(path) in caught.value.message
    with pytest.raises(PathEscapeError):
        FilePlan(path=path)


def test_looking_up_a_plan():
    design = Design(files=(plan("a.py"),))
    assert design.plan("a.py") is design.files[0]
    assert design.plan("b.py") is None
