import os
from itertools import pairwise
from pathlib import Path

import pytest

from swfactory.domain.execution import Command, Limits
from swfactory.errors import SandboxError
from swfactory.sandbox.container import ContainerSandbox, container_arguments, default_image
from swfactory.sandbox.toolchain import Toolchain


def _arguments(command, *, engine="docker", user=(1000, 1000)):
    return container_arguments(
        command,
        engine=engine,
        image="img",
        name="swf-1",
        work=Path("/w"),
        toolchain=Toolchain(Path("/t")),
        user=user,
    )


def _values(arguments, option):
    return [value for key, value in pairwise(arguments) if key == option]


def test_every_limit_is_on_the_command_line():
    limits = Limits(seconds=1.5, memory_mb=100, processes=7, disk_mb=2)
    arguments = _arguments(Command(argv=("python", "main.py", "x y"), limits=limits))
    assert arguments[:2] == ["docker", "run"]
    assert {"--read-only", "--init", "--interactive"} <= set(arguments)
    expected = {
        "--network": ["none"],
        "--cap-drop": ["ALL"],
        "--security-opt": ["no-new-privileges"],
        "--user": ["1000:1000"],
        "--memory": ["100m"],
        "--memory-swap": ["100m"],
        "--pids-limit": ["9"],
        "--shm-size": [str(2 << 20)],
        "--pull": ["never"],
        "--workdir": ["/box"],
        "--entrypoint": ["python"],
    }
    assert {option: _values(arguments, option) for option in expected} == expected
    assert _values(arguments, "--ulimit") == [f"fsize={2 << 20}:{2 << 20}", "nofile=256:256", "core=0:0", "cpu=3:3"]
    assert arguments[-3:] == ["img", "main.py", "x y"]


def test_only_the_work_folder_can_be_written():
    mounts = _values(_arguments(Command(argv=("true",), packages="/p")), "--mount")
    assert mounts == [
        "type=bind,src=/w,dst=/box",
        "type=bind,src=/t,dst=/opt/toolchain,readonly",
        "type=bind,src=/p,dst=/opt/packages,readonly",
    ]


def test_the_environment_is_scrubbed(monkeypatch):
    monkeypatch.setenv("API_TOKEN", "secret")
    variables = _values(_arguments(Command(argv=("true",), env={"COLOUR": "blue"})), "--env")
    assert "COLOUR=blue" in variables
    assert not [variable for variable in variables if "secret" in variable]
    # The toolchain's python is a link to an interpreter outside the image.
    path = next(variable for variable in variables if variable.startswith("PATH="))
    assert path.index("/usr/local/bin") < path.index("/opt/toolchain/bin")


def test_rootless_podman_keeps_the_user(monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: 1000)
    assert _values(_arguments(Command(argv=("true",)), engine="podman"), "--userns") == ["keep-id"]
    assert _values(_arguments(Command(argv=("true",)), engine="docker"), "--userns") == []


def test_the_image_has_the_factory_s_python():
    import platform

    assert platform.python_version().startswith(default_image().rpartition(":")[2].removesuffix("-slim"))


@pytest.fixture
def engine(tmp_path, monkeypatch):
    """A docker that logs its arguments and behaves as the test says."""

    def install(run):
        program = tmp_path / "bin" / "docker"
        program.parent.mkdir()
        program.write_text(
            f'#!/bin/sh\necho "$@" >> {tmp_path}/log\ncase "$1" in\nrun) {run};;\ninspect) echo true;;\nesac\n'
        )
        program.chmod(0o755)
        monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
        return lambda: (tmp_path / "log").read_text().splitlines()

    return install


async def test_a_container_is_removed_after_its_run(engine, cache):
    log = engine("cat; echo err >&2; exit 3")
    execution = await ContainerSandbox(cache, engine="docker").run(Command(argv=("cat",), stdin="in"))
    assert (execution.stdout, execution.stderr, execution.exit_code) == ("in", "err\n", 3)
    assert execution.backend == "docker"
    first, run, last = log()
    name = _values(run.split(), "--name")[0]
    assert first.startswith("image inspect docker.io/library/python:")
    assert last == f"rm --force {name}"


async def test_files_go_in_and_out(engine, cache):
    engine(
        'for part; do case "$part" in type=bind,src=*,dst=/box) d=${part#type=bind,src=};; esac; done;'
        ' cd "${d%,dst=/box}"; cat in.txt; echo out > out.txt'
    )
    execution = await ContainerSandbox(cache, engine="docker").run(
        Command(argv=("true",), files={"in.txt": "in"}, collect=("out.txt", "none.txt"))
    )
    assert (execution.stdout, execution.files) == ("in", {"out.txt": "out\n"})


async def test_a_container_that_takes_too_long_is_killed(engine, cache):
    log = engine("exec sleep 60")
    execution = await ContainerSandbox(cache, engine="docker").run(
        Command(argv=("sleep", "60"), limits=Limits(seconds=0.3))
    )
    assert (execution.verdict, execution.exit_code) == ("timeout", -9)
    assert [line.split()[0] for line in log()] == ["image", "run", "kill", "rm"]


async def test_a_container_out_of_memory_is_reported(engine, cache):
    engine("exit 137")
    execution = await ContainerSandbox(cache, engine="docker").run(Command(argv=("true",)))
    assert execution.verdict == "memory"


async def test_a_failure_of_the_engine_is_not_the_program_s(engine, cache):
    engine("echo no space >&2; exit 125")
    with pytest.raises(SandboxError, match="no space"):
        await ContainerSandbox(cache, engine="docker").run(Command(argv=("true",)))


async def test_a_missing_engine_is_reported(cache, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(SandboxError, match="podman") as caught:
        await ContainerSandbox(cache, engine="podman").run(Command(argv=("true",)))
    assert caught.value.hint == "podman info"
