import struct

import pytest

from swfactory.sandbox.seccomp import DENIED, filter_program

ALLOW, EPERM, ENOSYS, KILL = 0x7FFF0000, 0x00050001, 0x00050026, 0x80000000
ARCHITECTURES = {"x86_64": (0xC000003E, 0), "aarch64": (0xC00000B7, 1)}


def verdict(program, architecture, number, arguments=()):
    """Interpret the filter as the kernel would."""
    data = struct.pack("=IIQ6Q", number, architecture, 0, *(*arguments, *[0] * 6)[:6])
    code = list(struct.iter_unpack("=HBBI", program))
    accumulator, at = 0, 0
    while True:
        operation, true, false, value = code[at]
        at += 1
        if operation == 0x20:
            accumulator = struct.unpack_from("=I", data, value)[0]
        elif operation == 0x06:
            return value
        else:
            holds = {0x15: accumulator == value, 0x35: accumulator >= value, 0x45: bool(accumulator & value)}[operation]
            at += true if holds else false


@pytest.fixture(params=ARCHITECTURES)
def machine(request):
    architecture, column = ARCHITECTURES[request.param]
    program = filter_program(request.param)
    return lambda number, *arguments: verdict(program, architecture, number, arguments), column


def test_denied_calls_are_denied(machine):
    call, column = machine
    assert {name: call(numbers[column]) for name, numbers in DENIED.items()} == dict.fromkeys(DENIED, EPERM)


def test_ordinary_calls_are_allowed(machine):
    call, column = machine
    denied = {numbers[column] for numbers in DENIED.values()}
    special = {(56, 220)[column], (435, 435)[column], (16, 29)[column]}
    assert {call(number) for number in range(460) if number not in denied | special} == {ALLOW}


@pytest.mark.parametrize("flag", [0x10000000, 0x20000, 0x40000000, 0x20000000, 0x4000000, 0x8000000, 0x2000000])
def test_clone_makes_no_namespace(machine, flag):
    call, column = machine
    clone = (56, 220)[column]
    assert call(clone, flag | 17) == EPERM
    assert call(clone, 0x3D0F00) == ALLOW  # what pthread_create asks for
    assert call(clone, 17) == ALLOW  # fork


def test_clone3_is_unknown_so_that_clone_is_used(machine):
    call, _ = machine
    assert call(435) == ENOSYS


def test_no_input_can_be_faked_on_a_terminal(machine):
    call, column = machine
    ioctl = (16, 29)[column]
    assert [call(ioctl, 0, request) for request in (0x5412, 0x541C, 0x5413)] == [EPERM, EPERM, ALLOW]


def test_another_architecture_is_killed():
    assert verdict(filter_program("x86_64"), 0x40000003, 1) == KILL


def test_the_x32_table_is_closed():
    assert verdict(filter_program("x86_64"), 0xC000003E, 0x40000000 | 165) == EPERM


def test_an_unknown_architecture_has_no_filter():
    assert filter_program("riscv64") is None
