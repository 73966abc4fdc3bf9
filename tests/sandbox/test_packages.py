import asyncio
import hashlib
import os
import stat
import zipfile
from pathlib import Path

import pytest

from swfactory.domain.execution import Command
from swfactory.errors import SandboxError
from swfactory.sandbox.packages import install_packages, package_installer, pinned_requirements, validate_requirement


@pytest.fixture
def index(tmp_path, monkeypatch):
    """A folder of wheels instead of an index."""
    folder = tmp_path / "wheels"
    folder.mkdir()
    _wheel(folder, "greeter", "1.2", "def hello(): return 'hi'\n", requires="leaf>=1")
    _wheel(folder, "leaf", "1.0", "")
    (folder / "sourceonly-1.0.tar.gz").write_bytes(b"not a wheel")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    return folder


def _wheel(folder, name, version, source, requires=""):
    info = f"{name}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    metadata += f"Requires-Dist: {requires}\n" if requires else ""
    members = {
        f"{name}.py": source,
        f"{info}/METADATA": metadata,
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    members[f"{info}/RECORD"] = "".join(
        f"{path},sha256={hashlib.sha256(text.encode()).hexdigest()},{len(text)}\n" for path, text in members.items()
    )
    with zipfile.ZipFile(folder / f"{name}-{version}-py3-none-any.whl", "w") as wheel:
        for path, text in members.items():
            wheel.writestr(path, text)


async def test_a_product_can_use_what_was_installed(index, tmp_path, bubblewrap):
    old = os.umask(0o077)
    try:
        folder = await package_installer(tmp_path / "packages")(["Greeter"])
    finally:
        os.umask(old)
    assert pinned_requirements(folder) == ("greeter==1.2", "leaf==1.0")
    execution = await bubblewrap.run(
        Command(argv=("python", "-c", "import greeter; print(greeter.hello())"), packages=folder)
    )
    assert execution.stdout == "hi\n", execution.stderr


async def test_the_same_set_is_installed_once(index, tmp_path):
    first = await install_packages(["leaf", "greeter==1.2"], tmp_path)
    for wheel in index.glob("*.whl"):
        wheel.unlink()
    assert await install_packages(["greeter==1.2", "Leaf", "leaf"], tmp_path) == first


def _mode(path):
    return stat.S_IMODE(Path(path).stat().st_mode)


async def test_files_are_readable_for_all(index, tmp_path):
    folder = await install_packages(["leaf"], tmp_path / "p")
    assert _mode(folder) == 0o755
    assert _mode(f"{folder}/leaf.py") & 0o444 == 0o444


@pytest.mark.parametrize("name", ["missing-distribution", "sourceonly", "leaf>=9"])
async def test_what_has_no_wheel_is_reported_and_leaves_nothing(index, tmp_path, name):
    root = tmp_path / "packages"
    with pytest.raises(SandboxError, match=name) as caught:
        await install_packages([name], root)
    assert "--allow-install" in caught.value.hint
    assert list(os.scandir(root)) == []


async def test_time_is_bounded(index, tmp_path):
    with pytest.raises(SandboxError, match="longer than 0 s"):
        await install_packages(["leaf"], tmp_path, seconds=0)


async def test_cancelling_leaves_nothing(index, tmp_path):
    root = tmp_path / "packages"
    task = asyncio.create_task(install_packages(["leaf"], root))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert [entry.name for entry in os.scandir(root) if entry.name.startswith(".")] == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-r requirements.txt",
        "--index-url=http://evil",
        "-e .",
        "./folder",
        "../x.whl",
        "x.whl",
        "/etc",
        "git+https://host/x",
        "name @ https://host/x.whl",
        "name @ file:///x.whl",
        "name; python_version > '3'",
        "a b",
        "name\n--pre",
        "$(id)",
    ],
)
def test_anything_but_a_name_and_a_version_is_refused(text):
    if text == "x.whl":  # a legal name; as an argument pip would take an existing file of that name
        assert validate_requirement(text) == "x-whl"
        return
    with pytest.raises(SandboxError):
        validate_requirement(text)


@pytest.mark.parametrize(
    ("text", "normal"),
    [("Requests", "requests"), ("a_b >= 1, < 2", "a-b<2,>=1"), ("uvicorn[standard]", "uvicorn[standard]")],
)
def test_names_get_one_form(text, normal):
    assert validate_requirement(text) == normal


async def test_no_package_is_refused(tmp_path):
    with pytest.raises(SandboxError, match="no package"):
        await install_packages([], tmp_path)
