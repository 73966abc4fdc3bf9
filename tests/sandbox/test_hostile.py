"""Hostile products: each is contained, and what it did is reported."""

import os
import signal
import time
from pathlib import Path

import pytest

from swfactory.domain.execution import Command, Limits


@pytest.fixture
def attack(bubblewrap):
    async def run(source, *arguments, collect=(), **limits):
        return await bubblewrap.run(
            Command(argv=("python", "-c", source, *arguments), collect=collect, limits=Limits(**limits))
        )

    return run


async def test_a_fork_bomb_that_breeds(attack):
    execution = await attack(
        "import os, time\nwhile True:\n  try: os.fork()\n  except OSError: time.sleep(0.1)", seconds=2, processes=32
    )
    assert execution.verdict == "timeout"


async def test_a_shell_fork_bomb(bubblewrap):
    command = Command(argv=("sh", "-c", "f() { f | f & }; f; sleep 60"), limits=Limits(seconds=2, processes=32))
    execution = await bubblewrap.run(command)
    assert execution.verdict in ("timeout", "output", "exited")
    after = await bubblewrap.run(Command(argv=("python", "-c", "print('alive')")))
    assert after.stdout == "alive\n"


async def test_a_thread_bomb(attack):
    execution = await attack(
        "import threading, time\nn = 0\nwhile True:\n"
        "  threading.Thread(target=time.sleep, args=(9,), daemon=True).start()\n  n += 1\n  print(n, flush=True)",
        processes=32,
        seconds=5,
    )
    assert "can't start new thread" in execution.stderr
    assert int(execution.stdout.split()[-1]) <= 34


async def test_a_file_of_ten_gibibytes(attack):
    source = "f = open('big', 'wb')\nfor _ in range(10 << 10): f.write(bytes(1 << 20))"
    execution = await attack(source, disk_mb=16)
    assert execution.verdict == "disk"


async def test_a_sparse_file_of_ten_gibibytes(attack):
    execution = await attack("open('big', 'wb').truncate(10 << 30)", disk_mb=16)
    assert execution.verdict == "disk"


@pytest.mark.parametrize("folder", [".", "/tmp", "/dev/shm"])
async def test_a_folder_filled_with_files_whose_errors_are_swallowed(attack, folder):
    source = (
        "import sys, itertools\nfor n in itertools.count():\n"
        "  try: open(f'{sys.argv[1]}/{n}', 'wb').write(bytes(1 << 20))\n  except OSError: pass"
    )
    execution = await attack(source, folder, disk_mb=16)
    assert execution.verdict == "disk"


async def test_a_huge_number_of_empty_files(attack):
    execution = await attack("import itertools\nfor n in itertools.count(): open(str(n), 'w').close()", seconds=30)
    assert execution.verdict == "disk"


async def test_a_very_deep_folder(attack):
    source = "import os\nfor _ in range(3000): os.mkdir('d'); os.chdir('d')"
    execution = await attack(source, seconds=30, collect=("/".join("d" * 40),))
    assert execution.verdict == "exited"
    assert execution.files == {}


async def test_memory_of_one_process(attack):
    execution = await attack("b = []\nwhile True: b.append(bytearray(1 << 20))", memory_mb=128)
    assert execution.verdict == "memory"


async def test_memory_spread_over_a_tree(attack):
    source = (
        "import os, time\nfor _ in range(15):\n  if os.fork() == 0: break\n"
        "b = [bytearray(1 << 20) for _ in range(30)]\ntime.sleep(60)"
    )
    execution = await attack(source, memory_mb=256, seconds=30)
    assert execution.verdict == "memory"


async def test_memory_that_children_share_is_counted_once(attack):
    source = (
        "import os\nb = bytearray(60 << 20)\nfor _ in range(8):\n  if os.fork() == 0:\n"
        "    import time; time.sleep(0.6); os._exit(0)\nfor _ in range(8): os.wait()\nprint('whole')"
    )
    execution = await attack(source, memory_mb=256)
    assert (execution.stdout, execution.verdict) == ("whole\n", "exited")


async def test_killing_the_parent_and_everybody(attack):
    started = time.monotonic()
    execution = await attack(
        "import os, signal\n"
        "for target in (os.getppid(), 1, -1):\n  try: os.kill(target, signal.SIGKILL)\n  except OSError: pass\n"
        "print('still here')"
    )
    assert execution.stdout == "still here\n"
    assert time.monotonic() > started  # as is the factory


async def test_killing_the_factory_by_number(attack):
    source = "import os, sys\ntry: os.kill(int(sys.argv[1]), 9)\nexcept OSError as exc: print(type(exc).__name__)"
    assert (await attack(source, str(os.getpid()))).stdout == "ProcessLookupError\n"


async def test_signals_to_its_own_group(attack):
    execution = await attack("import os, signal; os.killpg(0, signal.SIGKILL)")
    assert execution.exit_code == -signal.SIGKILL


async def test_a_daemon_that_ignores_sigterm(attack):
    token = f"daemon-{time.monotonic_ns()}"
    source = (
        "import os, signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "if os.fork() == 0:\n  os.setsid()\n  if os.fork() == 0:\n    time.sleep(60)\n  os._exit(0)\n"
        "print('parent done')"
    )
    started = time.monotonic()
    execution = await attack(source, token, seconds=30)
    assert (execution.stdout, execution.verdict) == ("parent done\n", "exited")
    assert time.monotonic() - started < 20  # its open pipes did not hold the run up
    assert not _processes(token)


def _exists(path):
    return Path(path).exists()


def _processes(token):
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if token in path.read_text(errors="replace"):
                found.append(path)
        except OSError:
            continue
    return found


async def test_an_endless_print_without_line_breaks(attack):
    execution = await attack("import os\nwhile True: os.write(1, b'x' * 65536)", output_kb=64)
    assert execution.verdict == "output"
    assert len(execution.stdout) == 64 << 10


async def test_output_that_is_not_text(attack):
    execution = await attack("import sys; sys.stdout.buffer.write(bytes(range(256)))")
    assert execution.exit_code == 0
    assert "\ufffd" in execution.stdout


async def test_closing_the_streams_does_not_hide_from_the_clock(attack):
    execution = await attack("import os\nfor n in (0, 1, 2): os.close(n)\nwhile True: pass", seconds=1)
    assert execution.verdict == "timeout"


async def test_sleeping_counts_as_time(attack):
    assert (await attack("import time; time.sleep(60)", seconds=0.5)).verdict == "timeout"


async def test_the_network_is_cut(attack):
    source = (
        "import socket\n"
        "for attempt in (lambda: socket.create_connection(('1.1.1.1', 53), 2),"
        " lambda: socket.getaddrinfo('example.com', 80),"
        " lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('8.8.8.8', 53)),"
        " lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)):\n"
        "  try: attempt(); print('reached')\n  except OSError: print('cut')"
    )
    assert (await attack(source)).stdout.split() == ["cut"] * 4


async def test_abstract_sockets_of_the_machine_are_out_of_reach(attack):
    import socket

    name = f"\0swf-{os.getpid()}"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(name)
        server.listen()
        execution = await attack(
            "import socket, sys; socket.socket(socket.AF_UNIX).connect('\\0' + sys.argv[1])", name.lstrip("\0")
        )
    assert "ConnectionRefusedError" in execution.stderr


async def test_files_of_the_machine_cannot_be_seen(attack):
    source = (
        "import os\n"
        "for path in ('/root', '/home', '/var', '/srv', '/sys', '/run', '/boot', '/etc/shadow', '/etc/hostname'):\n"
        "  try: print(path, sorted(os.listdir(path)) if os.path.isdir(path) else open(path).read())\n"
        "  except OSError: pass"
    )
    execution = await attack(source)
    seen = {line for line in execution.stdout.splitlines() if not line.endswith("[]")}
    # The way to the interpreter is all that may show.
    assert not [line for line in seen if line.split()[0] not in ("/root", "/home")]
    assert ".ssh" not in execution.stdout
    assert ".bashrc" not in execution.stdout


@pytest.mark.parametrize("path", ["/usr/bin/x", "/etc/x", "/x", "/opt/toolchain/lib/x", "/dev/x", "/proc/sys/kernel/x"])
async def test_nothing_outside_can_be_written(attack, path):
    execution = await attack("import sys; open(sys.argv[1], 'w')", path)
    assert execution.exit_code == 1
    assert "Error" in execution.stderr
    assert not _exists(path)


async def test_the_kernel_s_settings_cannot_be_opened(attack):
    execution = await attack("open('/proc/sys/kernel/core_pattern', 'w')")
    assert "Error" in execution.stderr


async def test_swapping_a_folder_for_a_link_while_files_are_collected(attack, tmp_path):
    (tmp_path / "out.txt").write_text("secret")
    execution = await attack(
        "import os, sys; os.mkdir('d'); open('d/out.txt', 'w').write('mine'); os.rename('d', 'e');"
        "os.symlink('/proc/1/root' + sys.argv[1], 'd'); os.symlink('/proc/self/environ', 'env')",
        str(tmp_path),
        collect=("d/out.txt", "env", "e/out.txt"),
    )
    assert execution.files == {"e/out.txt": "mine"}


async def test_a_collected_file_that_is_too_big_is_left_out(attack):
    execution = await attack(
        "open('big', 'w').write('x' * (9 << 20)); open('small', 'w').write('y')", collect=("big", "small")
    )
    assert execution.files == {"small": "y"}


async def test_escaping_by_namespaces_is_refused(attack):
    source = (
        "import ctypes\nlibc = ctypes.CDLL(None)\n"
        "print([libc.unshare(f) for f in (0x10000000, 0x20000, 0x40000000)])\n"
        "print(libc.chroot(b'/tmp'), libc.ptrace(0, 0, 0, 0))"
    )
    assert (await attack(source)).stdout == "[-1, -1, -1]\n-1 -1\n"


async def test_set_uid_programs_give_nothing(bubblewrap):
    execution = await bubblewrap.run(Command(argv=("sh", "-c", "su -c id; passwd --status root; mount")))
    assert "uid=0" not in execution.stdout
