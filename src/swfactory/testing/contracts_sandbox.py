"""What every sandbox must do, as pytest classes: subclass one and give a ``sandbox`` fixture.

``SandboxContract`` is for every implementation, the fake included; ``ProgramContract`` for those that run programs;
``ContainmentContract`` for those that claim to contain hostile ones.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from pathlib import Path

import pytest

from swfactory.domain.execution import Command, Execution, Limits
from swfactory.errors import PathEscapeError
from swfactory.ports import Sandbox

__all__ = ["ContainmentContract", "ProgramContract", "SandboxContract"]

_ESCAPES = ("../outside", "/etc/passwd", "a/../../b", ".git/config", "", "c:/windows")


def _python(source: str, *arguments: str) -> tuple[str, ...]:
    return ("python", "-c", source, *arguments)


class SandboxContract:
    """The protocol's own promises."""

    async def test_is_a_sandbox(self, sandbox: Sandbox) -> None:
        assert isinstance(sandbox, Sandbox)
        assert sandbox.name

    async def test_execution_names_its_backend(self, sandbox: Sandbox) -> None:
        execution = await sandbox.run(Command(argv=("true",)))
        assert execution.backend == sandbox.name
        assert execution.ok

    @pytest.mark.parametrize("path", _ESCAPES)
    async def test_files_that_leave_the_folder_are_refused(self, sandbox: Sandbox, path: str) -> None:
        with pytest.raises(PathEscapeError):
            await sandbox.run(Command(argv=("true",), files={path: ""}))

    @pytest.mark.parametrize("path", _ESCAPES)
    async def test_collecting_from_outside_is_refused(self, sandbox: Sandbox, path: str) -> None:
        with pytest.raises(PathEscapeError):
            await sandbox.run(Command(argv=("true",), collect=(path,)))

    async def test_nothing_is_collected_unasked(self, sandbox: Sandbox) -> None:
        execution = await sandbox.run(Command(argv=("true",), files={"a.txt": "a"}))
        assert execution.files == {}


class ProgramContract(SandboxContract):
    """Promises of a sandbox that runs programs."""

    async def test_streams_and_status_are_told_apart(self, sandbox: Sandbox) -> None:
        source = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"
        execution = await sandbox.run(Command(argv=_python(source)))
        assert (execution.stdout, execution.stderr, execution.exit_code) == ("out\n", "err\n", 3)
        assert execution.verdict == "exited"
        assert not execution.ok

    async def test_a_signal_is_a_negative_status(self, sandbox: Sandbox) -> None:
        execution = await sandbox.run(Command(argv=_python("import os; os.kill(os.getpid(), 9)")))
        assert (execution.exit_code, execution.verdict) == (-9, "exited")

    async def test_an_unknown_program_is_an_execution(self, sandbox: Sandbox) -> None:
        execution = await sandbox.run(Command(argv=("no-such-program",)))
        assert execution.exit_code == 127
        assert "no-such-program" in execution.stderr

    async def test_a_null_character_is_an_execution(self, sandbox: Sandbox) -> None:
        execution = await sandbox.run(Command(argv=("echo", "a\0b")))
        assert execution.exit_code == 126

    async def test_stdin_arrives_whole_and_ends(self, sandbox: Sandbox) -> None:
        text = "".join(f"{number}. Zeile, 第三\n" for number in range(20_000))
        source = "import hashlib, sys; print(hashlib.sha256(sys.stdin.read().encode()).hexdigest())"
        execution = await sandbox.run(Command(argv=_python(source), stdin=text))
        assert execution.stdout.strip() == hashlib.sha256(text.encode()).hexdigest()

    async def test_a_program_need_not_read_stdin(self, sandbox: Sandbox) -> None:
        execution = await sandbox.run(Command(argv=("true",), stdin="x" * 1_000_000))
        assert execution.ok

    async def test_empty_stdin_is_at_its_end(self, sandbox: Sandbox) -> None:
        execution = await sandbox.run(Command(argv=_python("input()")))
        assert "EOFError" in execution.stderr

    async def test_files_are_laid_out_and_read_back(self, sandbox: Sandbox) -> None:
        source = "from pathlib import Path; p = Path('out/deep/b.txt'); p.parent.mkdir(parents=True); "
        source += "p.write_text(Path('in/a.txt').read_text() + '终')"
        execution = await sandbox.run(
            Command(
                argv=_python(source),
                files={"in/a.txt": "é\n", "main.py": ""},
                collect=("out/deep/b.txt", "in/a.txt", "missing.txt"),
            )
        )
        assert execution.files == {"out/deep/b.txt": "é\n终", "in/a.txt": "é\n"}

    async def test_a_folder_is_fresh_each_time(self, sandbox: Sandbox) -> None:
        await sandbox.run(Command(argv=("touch", "left-over", "/tmp/left-over"), files={"a": ""}))
        execution = await sandbox.run(Command(argv=("ls", "-A")))
        assert execution.stdout == ""

    async def test_modules_beside_the_program_are_found(self, sandbox: Sandbox) -> None:
        files = {
            "main.py": "from app.core import f\nprint(f())",
            "app/__init__.py": "",
            "app/core.py": "def f(): return 7",
        }
        assert (await sandbox.run(Command(argv=("python", "main.py"), files=files))).stdout == "7\n"

    async def test_own_variables_are_added(self, sandbox: Sandbox) -> None:
        execution = await sandbox.run(
            Command(argv=_python("import os; print(os.environ['COLOUR'])"), env={"COLOUR": "blue"})
        )
        assert execution.stdout == "blue\n"

    async def test_the_factory_s_variables_are_hidden(self, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("API_TOKEN", "secret-3141")
        execution = await sandbox.run(Command(argv=_python("import os; print(dict(os.environ))")))
        assert execution.ok
        assert "secret-3141" not in execution.stdout

    async def test_pytest_runs(self, sandbox: Sandbox) -> None:
        execution = await sandbox.run(
            Command(
                argv=("python", "-m", "pytest", "-q", "-p", "no:cacheprovider", "--junitxml=report.xml"),
                files={"tests/test_a.py": "def test_yes(): assert 1\ndef test_no(): assert [1] == [2]\n"},
                collect=("report.xml",),
                limits=Limits(seconds=60),
            )
        )
        assert execution.exit_code == 1
        assert "1 failed, 1 passed" in execution.stdout
        assert 'failures="1"' in execution.files["report.xml"]

    async def test_packages_are_on_the_import_path(self, sandbox: Sandbox, tmp_path: Path) -> None:
        tmp_path.joinpath("third_party.py").write_text("ANSWER = 42\n")
        tmp_path.chmod(0o755)
        execution = await sandbox.run(
            Command(argv=_python("import third_party; print(third_party.ANSWER)"), packages=str(tmp_path))
        )
        assert execution.stdout == "42\n"

    async def test_time_is_bounded_against_a_program_that_ignores_sigterm(self, sandbox: Sandbox) -> None:
        source = (
            "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('on', flush=True)\nwhile True: pass"
        )
        execution = await sandbox.run(Command(argv=_python(source), limits=Limits(seconds=1)))
        assert (execution.verdict, execution.exit_code, execution.stdout) == ("timeout", -9, "on\n")

    async def test_output_is_cut_and_ends_the_program(self, sandbox: Sandbox) -> None:
        source = "import sys\nwhile True: sys.stderr.write('e' * 1000)"
        execution = await sandbox.run(Command(argv=_python(source), limits=Limits(output_kb=8)))
        assert execution.verdict == "output"
        assert execution.stderr == "e" * 8192

    async def test_a_single_allocation_beyond_all_bounds_is_reported(self, sandbox: Sandbox) -> None:
        execution = await sandbox.run(Command(argv=_python("bytearray(1 << 40)"), limits=Limits(memory_mb=128)))
        assert execution.verdict == "memory"

    async def test_a_big_file_is_reported(self, sandbox: Sandbox) -> None:
        source = "f = open('big', 'wb')\nfor _ in range(64): f.write(bytes(1 << 20))"
        execution = await sandbox.run(Command(argv=_python(source), limits=Limits(disk_mb=4)))
        assert execution.verdict == "disk"

    async def test_cancelling_kills_the_tree(self, sandbox: Sandbox) -> None:
        token = f"cancel-me-{time.monotonic_ns()}"
        source = "import os, time; os.fork(); time.sleep(120)"
        task = asyncio.create_task(sandbox.run(Command(argv=_python(source, token), limits=Limits(seconds=120))))
        while not _processes(token):
            await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert not _processes(token)

    async def test_runs_do_not_meet(self, sandbox: Sandbox) -> None:
        source = "import os, sys, time; open(sys.argv[1], 'w').close(); time.sleep(0.3); print(os.listdir('.'))"
        both = await asyncio.gather(*(sandbox.run(Command(argv=_python(source, name))) for name in ("a", "b")))
        assert [execution.stdout for execution in both] == ["['a']\n", "['b']\n"]

    async def test_links_are_not_followed_out_of_the_folder(self, sandbox: Sandbox, tmp_path: Path) -> None:
        secret = tmp_path / "secret.txt"
        secret.write_text("secret")
        source = (
            "import os, sys; os.symlink(sys.argv[1], 'file'); os.symlink(os.path.dirname(sys.argv[1]), 'folder');"
            "os.mkfifo('pipe'); os.symlink('/dev/zero', 'zero'); os.mkdir('real'); os.symlink('real', 'alias');"
            "open('real/a', 'w').close()"
        )
        execution = await sandbox.run(
            Command(
                argv=_python(source, str(secret)),
                collect=("file", "folder/secret.txt", "pipe", "zero", "real", "alias/a", "real/a"),
            )
        )
        assert execution.ok
        assert execution.files == {"real/a": ""}


class ContainmentContract(ProgramContract):
    """Promises of a sandbox that contains hostile programs."""

    async def _run(self, sandbox: Sandbox, source: str, *arguments: str, limits: Limits | None = None) -> Execution:
        return await sandbox.run(Command(argv=_python(source, *arguments), limits=limits or Limits()))

    async def test_the_factory_s_packages_are_hidden(self, sandbox: Sandbox) -> None:
        source = (
            "import importlib.util as u; print([n for n in ('pydantic', 'swfactory', 'langgraph') if u.find_spec(n)])"
        )
        assert (await self._run(sandbox, source)).stdout == "[]\n"

    async def test_no_file_of_the_user_can_be_read(self, sandbox: Sandbox, tmp_path: Path) -> None:
        secret = tmp_path / "secret.txt"
        secret.write_text("secret-2718")
        execution = await self._run(sandbox, "import sys; print(open(sys.argv[1]).read())", str(secret))
        assert "secret-2718" not in execution.stdout
        assert "FileNotFoundError" in execution.stderr

    async def test_a_host_of_this_machine_cannot_be_reached(self, sandbox: Sandbox) -> None:
        import socket

        with socket.create_server(("127.0.0.1", 0)) as listener:
            listener.setblocking(False)
            port = str(listener.getsockname()[1])
            execution = await self._run(
                sandbox, "import socket, sys; socket.create_connection(('127.0.0.1', int(sys.argv[1])), 2)", port
            )
            assert "ConnectionRefusedError" in execution.stderr
            with pytest.raises(BlockingIOError):
                listener.accept()

    async def test_programs_may_talk_to_themselves(self, sandbox: Sandbox) -> None:
        source = (
            "import socket; s = socket.create_server(('localhost', 0)); c = socket.create_connection(s.getsockname());"
            "c.sendall(b'hi'); print(s.accept()[0].recv(2))"
        )
        execution = await self._run(sandbox, source)
        assert execution.stdout == "b'hi'\n", execution.stderr

    async def test_the_user_has_a_name(self, sandbox: Sandbox) -> None:
        execution = await self._run(sandbox, "import os, pwd; print(pwd.getpwuid(os.getuid()).pw_name)")
        assert execution.stdout == "sandbox\n", execution.stderr

    async def test_threads_and_processes_work(self, sandbox: Sandbox) -> None:
        source = (
            "import threading, subprocess, sys, multiprocessing as m, concurrent.futures as f\n"
            "t = threading.Thread(target=print, args=('thread',)); t.start(); t.join()\n"
            "print(subprocess.run([sys.executable, '-c', 'print(5)'], capture_output=True, text=True).stdout.strip())\n"
            "with m.get_context('fork').Pool(2) as p: print(p.map(abs, [-1, -2]))\n"
            "with f.ThreadPoolExecutor(8) as e: print(list(e.map(abs, [-3])))\n"
        )
        execution = await self._run(sandbox, source)
        assert execution.stdout.splitlines() == ["thread", "5", "[1, 2]", "[3]"], execution.stderr


def _processes(token: str) -> list[str]:
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                if token.encode() in (entry / "cmdline").read_bytes():
                    found.append(entry.name)
            except OSError:
                continue
    return found
