"""The system-call filter of the sandbox, assembled here so that no C library is needed.

A deny list in classic BPF: what a program of the factory's kind never needs and what past escapes went through. Denied
calls fail with EPERM; ``clone3`` fails with ENOSYS so that the C library falls back to ``clone``, whose flags a filter
can read.
"""

from __future__ import annotations

import errno
import platform
import struct

__all__ = ["DENIED", "filter_program"]

_LOAD, _JUMP_EQUAL, _JUMP_GREATER_EQUAL, _JUMP_ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCHITECTURE, _ARGUMENT_0, _ARGUMENT_1 = 0, 4, 16, 24  # offsets in struct seccomp_data
_X32 = 0x40000000
_NEW_NAMESPACES = 0x7E020000  # CLONE_NEW{USER,PID,NET,UTS,IPC,CGROUP,NS}; NEWTIME is not a flag of clone
_TIOCSTI, _TIOCLINUX = 0x5412, 0x541C

_AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

DENIED: dict[str, tuple[int, int]] = {
    "acct": (163, 89),
    "add_key": (248, 217),
    "adjtimex": (159, 171),
    "bpf": (321, 280),
    "chroot": (161, 51),
    "clock_settime": (227, 112),
    "delete_module": (176, 106),
    "fanotify_init": (300, 262),
    "finit_module": (313, 273),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "fspick": (433, 433),
    "init_module": (175, 105),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "io_uring_setup": (425, 425),
    "kexec_file_load": (320, 294),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "lookup_dcookie": (212, 18),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "personality": (135, 92),
    "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "reboot": (169, 142),
    "request_key": (249, 218),
    "setns": (308, 268),
    "settimeofday": (164, 170),
    "swapoff": (168, 225),
    "swapon": (167, 224),
    "syslog": (103, 116),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
    "vhangup": (153, 58),
}
"""Denied call to its number on x86_64 and on aarch64."""

_CLONE = (56, 220)
_CLONE3 = (435, 435)
_IOCTL = (16, 29)


def filter_program(machine: str | None = None) -> bytes | None:
    """Assemble the filter.

    Args:
        machine: architecture as ``uname -m`` names it; None for this machine's.

    Returns:
        An array of ``struct sock_filter``, or None for an architecture without a table.
    """
    machine = machine or platform.machine()
    if machine not in _AUDIT:
        return None
    column = 0 if machine == "x86_64" else 1
    deny = _statement(_RETURN, _ERRNO | errno.EPERM)
    code = [
        _statement(_LOAD, _ARCHITECTURE),
        _jump(_JUMP_EQUAL, _AUDIT[machine], true=1, false=0),
        _statement(_RETURN, _KILL),
        _statement(_LOAD, _NUMBER),
    ]
    if machine == "x86_64":  # the x32 table would reach the same calls under other numbers
        code += [_jump(_JUMP_GREATER_EQUAL, _X32, true=0, false=1), deny]
    for number in sorted(numbers[column] for numbers in DENIED.values()):
        code += [_jump(_JUMP_EQUAL, number, true=0, false=1), deny]
    code += [
        _jump(_JUMP_EQUAL, _CLONE3[column], true=0, false=1),
        _statement(_RETURN, _ERRNO | errno.ENOSYS),
        _jump(_JUMP_EQUAL, _CLONE[column], true=0, false=4),
        _statement(_LOAD, _ARGUMENT_0),
        _jump(_JUMP_ANY_BIT, _NEW_NAMESPACES, true=0, false=1),
        deny,
        _statement(_RETURN, _ALLOW),
        _jump(_JUMP_EQUAL, _IOCTL[column], true=0, false=4),
        _statement(_LOAD, _ARGUMENT_1),
        _jump(_JUMP_EQUAL, _TIOCSTI, true=1, false=0),
        _jump(_JUMP_EQUAL, _TIOCLINUX, true=0, false=1),
        deny,
        _statement(_RETURN, _ALLOW),
    ]
    return b"".join(code)


def _statement(code: int, value: int) -> bytes:
    return struct.pack("=HBBI", code, 0, 0, value)


def _jump(code: int, value: int, *, true: int, false: int) -> bytes:
    return struct.pack("=HBBI", code, true, false, value)
