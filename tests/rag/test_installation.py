"""The user's libraries where a product can import them."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from swfactory.errors import NotFoundError
from swfactory.ports import Installed, Libraries
from swfactory.rag.catalog import SourceRecord
from swfactory.rag.installation import SourceLibraries


@pytest.fixture
def project(tmp_path):
    root = tmp_path / "acme-store"
    package = root / "src" / "acme_store"
    (package / "__pycache__").mkdir(parents=True)
    (package / "__pycache__" / "x.pyc").write_bytes(b"x")
    (package / "__init__.py").write_text("from acme_store.parts import part\n")
    (package / "parts.py").write_text("def part():\n    return 'part'\n")
    (package / "away").symlink_to("/etc")
    (root / "pyproject.toml").write_text(
        '[project]\nname = "acme-store"\ndependencies = ["requests>=2", "acme-tools"]\n'
    )
    tools = tmp_path / "acme-tools" / "acme_tools.py"
    tools.parent.mkdir()
    tools.write_text("VALUE = 1\n")
    return tmp_path


@pytest.fixture
def libraries(project):
    sources = [SourceRecord(str(project / name), name, "") for name in ("acme-store", "acme-tools")]
    return SourceLibraries(sources, project / "packages")


@pytest.mark.parametrize(
    "text",
    [
        "Use our acme_store library.",
        "a report, with `acme_store.part`",
        "from acme_store import part",
        "使用我们的 `acme-store` 库。",
        "the package named acme-store",
    ],
)
def test_a_library_is_named(libraries, text) -> None:
    assert isinstance(libraries, Libraries)
    assert libraries.named(text) == ("acme_store",)


@pytest.mark.parametrize("text", ["The ACME store sells parts.", "acme_store2 library", "Write store.py."])
def test_a_word_like_it_names_no_library(libraries, text) -> None:
    assert libraries.named(text) == ()


async def test_libraries_are_copied_beside_the_packages_once(libraries, project) -> None:
    wheels = project / "wheels"
    wheels.mkdir()
    (wheels / "third.py").write_text("THIRD = 3\n")
    onto = Installed(folder=str(wheels), requirements=("third==3",), modules=("third",))
    installed = await libraries.install(["acme_store", "acme_tools"], onto)
    assert installed.modules == ("third", "acme_store", "acme_tools")
    assert installed.requirements == ("third==3",)
    code = "import acme_store, acme_tools, third; print(acme_store.part(), acme_tools.VALUE, third.THIRD)"
    environment = {"PYTHONPATH": installed.folder}
    done = await asyncio.create_subprocess_exec(sys.executable, "-c", code, env=environment, stdout=PIPE)
    assert (await done.communicate())[0].split() == [b"part", b"1", b"3"]
    copied = {path.name for path in (project / "packages").rglob("*")}
    assert not copied & {"x.pyc", "away"}
    assert (await libraries.install(["acme_store", "acme_tools"], onto)).folder == installed.folder
    (project / "acme-tools" / "acme_tools.py").write_text("VALUE = 2\n")
    assert (await libraries.install(["acme_store", "acme_tools"], onto)).folder != installed.folder


async def test_a_file_may_have_a_name_that_is_not_utf8(libraries, project) -> None:
    name = os.fsdecode("设置.txt".encode("gbk"))
    (project / "acme-store" / "src" / "acme_store" / name).write_text("x")
    installed = await libraries.install(["acme_store"], Installed())
    assert (Path(installed.folder) / "acme_store" / name).is_file()


def test_what_a_library_needs_of_others_is_told_without_the_users_own(libraries) -> None:
    assert libraries.dependencies(["acme_store", "acme_tools"]) == ("requests>=2",)


def test_the_line_of_a_requirements_file_says_where_a_library_comes_from(libraries, project) -> None:
    assert libraries.requirement("acme_store") == f"acme-store @ {(project / 'acme-store').as_uri()}"


async def test_a_library_that_is_gone_is_an_error_with_the_next_command(libraries, project) -> None:
    (project / "acme-tools" / "acme_tools.py").unlink()
    with pytest.raises(NotFoundError, match="acme_tools") as caught:
        await libraries.install(["acme_tools"], Installed())
    assert caught.value.hint == "swf rag sync"


def test_public_names_come_in_the_order_of_their_files(libraries, project) -> None:
    names = [f"{letter}{number}" for number in range(9) for letter in "zam"]
    (project / "acme-store/src/acme_store/parts.py").write_text("".join(f"def {name}(): ...\n" for name in names))
    assert list(libraries.exports(["acme_store"])) == names
