"""Which files a source has."""

import os
import subprocess

import pytest

from swfactory.errors import InputError, NotFoundError
from swfactory.rag.sources import MAX_BYTES, Skipped, find_files, open_source


def names(folder, skipped=None):
    return [path for path, _ in find_files(open_source(folder), skipped)]


def git(folder, *arguments):
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def tree(tmp_path):
    folder = tmp_path / "lib"
    for name in ("a.py", "docs/b.md", "build/c.py", "node_modules/d.js", ".hidden/e.py", "logo.png", "secret/f.py"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("x = 1\n")
    (folder / ".gitignore").write_text("secret/\n*.tmp\n")
    (folder / "docs" / "note.tmp").write_text("x")
    return folder


def test_a_folder_gives_its_text_files_in_order(tree) -> None:
    skipped = Skipped()
    assert names(tree, skipped) == ["lib/a.py", "lib/docs/b.md"]
    assert skipped.other >= 1


def test_a_repository_gives_what_git_knows_and_its_commit(tree) -> None:
    git(tree, "init")
    git(tree, "add", "a.py", ".gitignore")
    git(tree, "commit", "-m", "x")
    (tree / "new.py").write_text("y = 1\n")
    assert names(tree) == ["lib/a.py", "lib/docs/b.md", "lib/new.py"]
    assert len(open_source(tree).commit) == 40
    (tree / "a.py").unlink()
    assert names(tree) == ["lib/docs/b.md", "lib/new.py"]
    assert names(tree / "docs") == ["docs/b.md"]


def test_a_repository_in_a_repository_is_left_out(tree) -> None:
    git(tree, "init")
    (tree / "nested").mkdir()
    git(tree / "nested", "init")
    (tree / "nested" / "n.py").write_text("x = 1\n")
    git(tree / "nested", "add", "n.py")
    git(tree / "nested", "commit", "-m", "x")
    assert names(tree) == ["lib/a.py", "lib/docs/b.md"]


@pytest.mark.parametrize("tracked", [True, False])
def test_a_name_that_is_not_utf8_is_cited_by_its_bytes(tree, tracked) -> None:
    if tracked:
        git(tree, "init")
    file = tree / os.fsdecode("设.md".encode("gbk"))
    file.write_text("x")
    cited = "lib/\\xc9\\xe8.md"
    assert (cited, file) in list(find_files(open_source(tree)))
    with pytest.raises(InputError, match="not UTF-8"):
        open_source(file)


def test_a_file_is_a_source_too(tree) -> None:
    assert names(tree / "a.py") == ["a.py"]


def test_links_that_lead_out_are_not_followed(tree, tmp_path) -> None:
    (tmp_path / "outside.py").write_text("x")
    (tree / "link.py").symlink_to(tmp_path / "outside.py")
    (tree / "broken.py").symlink_to(tmp_path / "nowhere.py")
    assert names(tree) == ["lib/a.py", "lib/docs/b.md"]


def test_large_files_are_named(tree) -> None:
    (tree / "big.csv").write_text("x" * (MAX_BYTES + 1))
    skipped = Skipped()
    assert "lib/big.csv" not in names(tree, skipped)
    assert skipped.large == [tree / "big.csv"]


def test_what_is_not_there_or_elsewhere_is_an_error(tmp_path) -> None:
    with pytest.raises(NotFoundError, match="nowhere"):
        open_source(tmp_path / "nowhere")
    with pytest.raises(InputError) as caught:
        open_source("https://example.org/lib.git")
    assert "git clone https://example.org/lib.git" in caught.value.hint
