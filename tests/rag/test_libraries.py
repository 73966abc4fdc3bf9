"""What a product may import of a user's sources."""

import pytest

from swfactory.rag.catalog import SourceRecord
from swfactory.rag.libraries import libraries_of


def source(root):
    return SourceRecord(str(root), root.name, "")


@pytest.fixture
def project(tmp_path):
    root = tmp_path / "acme-store"
    for name in ("src/acme_store/__init__.py", "tests/__init__.py", "setup.py"):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    (root / "pyproject.toml").write_text('[project]\nname = "Acme.Store"\n')
    return root


def test_a_project_gives_the_packages_below_src(project) -> None:
    (library,) = libraries_of(source(project))
    assert library.name == "acme_store"
    assert library.path == project / "src" / "acme_store"
    assert library.names == {"acme-store"}
    assert library.requirement == f"Acme.Store @ {project.as_uri()}"


def test_a_folder_gives_packages_and_modules_at_its_top(tmp_path) -> None:
    root = tmp_path / "lib"
    for name in (
        "pack/__init__.py",
        "tests/__init__.py",
        "tool.py",
        "test_tool.py",
        "conftest.py",
        "data/x.py",
        "a-b.py",
    ):
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("")
    assert [library.name for library in libraries_of(source(root))] == ["pack", "tool"]
    assert "PYTHONPATH" in libraries_of(source(root))[0].requirement


def test_a_source_may_be_a_package_or_a_module_itself(project) -> None:
    package = project / "src" / "acme_store"
    (library,) = libraries_of(source(package))
    assert (library.name, library.path) == ("acme_store", package)
    (module,) = libraries_of(source(project / "setup.py"))
    assert module.name == "setup"


def test_documents_and_folders_that_are_gone_give_nothing(tmp_path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "a.md").write_text("# A\n")
    assert libraries_of(source(tmp_path / "docs")) == []
    assert libraries_of(source(tmp_path / "docs" / "a.md")) == []
    assert libraries_of(source(tmp_path / "gone")) == []


def test_links_that_lead_out_are_no_libraries(tmp_path) -> None:
    private = tmp_path / "private"
    (private / "other").mkdir(parents=True)
    for name in ("secret.py", "other/__init__.py", "inner.py"):
        (private / name).write_text("KEY = 1\n")
    root = tmp_path / "lib"
    root.mkdir()
    (root / "own.py").write_text("")
    (root / "alias.py").symlink_to("own.py")
    (root / "loop.py").symlink_to("loop.py")
    (root / "mylib.py").symlink_to(private / "secret.py")
    (root / "otherlib").symlink_to(private / "other")
    assert [library.name for library in libraries_of(source(root))] == ["alias", "own"]
    (root / "src").symlink_to(private)
    assert libraries_of(source(root)) == []


def test_a_broken_project_file_does_no_harm(project) -> None:
    (project / "pyproject.toml").write_text("[project\n")
    (library,) = libraries_of(source(project))
    assert library.project == "acme-store"
