"""Programs that attack a sandbox from inside; each prints what it managed to do, and nothing when it is contained."""

from __future__ import annotations

__all__ = [
    "BIG_FILE",
    "DAEMON",
    "ENDLESS",
    "FORK",
    "HOG",
    "KILL",
    "MANY_FILES",
    "NETWORK",
    "PRINT",
    "PRIVILEGES",
    "READ",
    "WRITE",
]

NETWORK = """
import socket, sys
for address in (("127.0.0.1", int(sys.argv[1])), ("1.1.1.1", 53)):
    try:
        socket.create_connection(address, timeout=1).close()
        print("connected to", address)
    except OSError:
        pass
try:
    print("resolved", socket.getaddrinfo("example.com", 80)[0][4])
except OSError:
    pass
"""
"""Reach a server of this machine (argument: its port), one outside, and a name server."""

READ = """
import os, sys
for path in (sys.argv[1], "/proc/1/root" + sys.argv[1], "/proc/1/environ", "/proc/self/environ", "/etc/shadow"):
    try:
        print(open(path).read())
    except OSError:
        pass
print(dict(os.environ))
"""
"""Print the file of the argument, other processes' and the own environment."""

WRITE = """
import os, sys
for folder in (*sys.argv[1:], "/", "/usr", "/usr/bin", "/etc", "/opt", "/opt/toolchain", "/dev", "/proc/sys/kernel"):
    path = folder + "/swf-probe"
    try:
        open(path, "x").close()
        print("wrote", path)
        os.unlink(path)
    except OSError:
        pass
for path in ("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/opt/toolchain/lib/pytest/__init__.py"):
    try:
        os.close(os.open(path, os.O_WRONLY))
        print("opened", path)
    except OSError:
        pass
"""
"""Create a file in the folders of the arguments and in those of the system."""

FORK = """
import os, signal, sys, time
children = []
try:
    while len(children) < 300:
        pid = os.fork()
        if pid == 0:
            time.sleep(60)
            os._exit(0)
        children.append(pid)
except OSError:
    pass
print(len(children), flush=True)
for child in children:
    os.kill(child, signal.SIGKILL)
"""
"""Start 300 processes and print how many there were."""

HOG = """
import os, sys, time
for _ in range(int(sys.argv[1]) - 1):
    if os.fork() == 0:
        break
keep = [bytearray(os.urandom(1 << 16) * 16) for _ in range(int(sys.argv[2]))]
time.sleep(60)
"""
"""Fill memory: as many processes as the first argument says, as many MiB each as the second."""

PRINT = """
while True:
    print("x" * 4000)
"""
"""Print without end."""

BIG_FILE = """
import sys
try:
    open("sparse", "wb").truncate(10 << 30)
    print("a sparse file of 10 GiB")
except OSError:
    pass
with open("big", "wb") as file:
    for _ in range(int(sys.argv[1])):
        file.write(bytes(1 << 20))
"""
"""Write one file of 10 GiB without content, and one of as many MiB as the argument says."""

MANY_FILES = """
for folder in (".", "/tmp", "/dev/shm"):
    try:
        for number in range(100):
            with open(f"{folder}/{number}", "wb") as file:
                file.write(bytes(1 << 20))
    except OSError:
        pass
"""
"""Write 100 MiB in files of 1 MiB in each folder that can be written."""

KILL = """
import os, signal, sys
if os.getpid() > 64:
    print("the processes of this machine are in reach")
    sys.exit()
try:
    os.kill(os.getppid(), signal.SIGKILL)
except OSError:
    pass
try:
    os.kill(-1, signal.SIGKILL)
except OSError:
    pass
"""
"""Kill the parent, then every process there is."""

DAEMON = """
import os, signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
signal.signal(signal.SIGHUP, signal.SIG_IGN)
if os.fork():
    time.sleep(0.2)
    os._exit(0)
os.setsid()
if os.fork():
    os._exit(0)
for descriptor in (0, 1, 2):
    os.close(descriptor)
time.sleep(60)
"""
"""Leave a process behind that has no parent and ignores SIGTERM."""

ENDLESS = """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
while True:
    pass
"""
"""Run without end, ignoring SIGTERM."""

PRIVILEGES = """
import ctypes
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
for key in ("CapEff", "CapPrm", "CapInh", "CapBnd", "CapAmb"):
    if int(status[key], 16):
        print("it holds", key, status[key].strip())
if status["NoNewPrivs"].strip() != "1":
    print("it can gain privileges")
libc = ctypes.CDLL(None, use_errno=True)
if libc.unshare(0x10000000) == 0:
    print("it made a user namespace")
if libc.mount(b"none", b"/tmp", b"tmpfs", 0, None) == 0:
    print("it mounted something")
"""
"""Look for capabilities, and try to gain some."""
