from __future__ import annotations

import importlib

from swfactory.domain.role import ROLES
from swfactory.domain.run import Event, EventKind
from swfactory.report.progress import MACHINE, TAIL_CHARACTERS, Progress, clean, clock, describe


def event(kind: EventKind, **fields) -> Event:
    return Event(run="r1", kind=kind, **fields)


def test_the_roles_take_turns_and_the_machine_works_when_none_does() -> None:
    progress = Progress()
    progress.apply(event("step", step="specify", data={"phase": "start"}))
    assert (progress.active, progress.step) == (MACHINE, "specify")
    progress.apply(event("token", role="product_manager", text="x"))
    assert progress.active == "product_manager"
    progress.apply(event("step", step="specify", data={"phase": "finish"}))
    assert progress.active == "product_manager", "a step that ended is shown until another begins"
    progress.apply(event("step", step="run_tests", data={"phase": "start"}))
    assert (progress.active, progress.step) == (MACHINE, "run_tests")
    assert [name for name, role in progress.roles.items() if role.seen] == ["product_manager", MACHINE]


def test_a_custom_graph_may_bring_a_role() -> None:
    progress = Progress()
    progress.apply(event("call", role="security_reviewer", data={"completion_tokens": 7}))
    assert list(progress.roles) == [*ROLES, MACHINE, "security_reviewer"]
    assert progress.roles["security_reviewer"].tokens == 7


def test_tokens_are_counted_while_they_stream_and_once() -> None:
    progress = Progress()
    for _ in range(10):
        progress.apply(event("token", role="engineer", text="x"), now=1.0)
    assert progress.tokens == 10
    progress.apply(event("call", role="engineer", data={"usage": {"completion_tokens": 12, "seconds": 3.0}}))
    assert progress.tokens == 12
    assert progress.speed == 4.0


def test_the_speed_is_that_of_the_call_under_way() -> None:
    progress = Progress()
    for second in range(11):
        progress.apply(event("token", role="engineer", text="x"), now=100.0 + second)
    assert progress.speed == 1.1


def test_the_tail_is_what_the_present_call_writes_and_stays_small() -> None:
    progress = Progress()
    progress.apply(event("token", role="engineer", text="old"))
    progress.apply(event("call", role="engineer"))
    assert progress.lines(5) == ["old"]
    for number in range(10_000):
        progress.apply(event("token", role="engineer", text=f"line {number}\n"))
    assert progress.lines(2) == ["line 9998", "line 9999"]
    assert len(progress.tail) == TAIL_CHARACTERS


def test_tests_gates_and_rounds_are_kept() -> None:
    progress = Progress()
    progress.apply(event("test", data={"passed": 3, "total": 4, "round": 2}))
    assert (progress.passed, progress.total, progress.rounds) == (3, 4, 2)
    progress.apply(event("gate", data={"gate": "spec"}))
    assert progress.gate == "spec"
    progress.apply(event("gate", data={"gate": "spec", "answered": True}))
    assert progress.gate == ""


def test_the_best_of_several_samples_counts_and_those_that_only_confirm_do_not() -> None:
    progress = Progress()
    for passed in (3, 1, 2):
        progress.apply(event("test", data={"passed": passed, "total": 4}))
    progress.apply(event("test", step="confirm", data={"passed": 0, "total": 2}))
    assert (progress.passed, progress.total) == (3, 4)
    progress.apply(event("test", data={"passed": 1, "total": 5}))
    assert (progress.passed, progress.total) == (1, 5)


def test_data_of_another_shape_does_no_harm() -> None:
    progress = Progress()
    progress.apply(event("test", data={"passed": "all", "total": None}))
    progress.apply(event("call", role="engineer", data={"usage": ["?"], "completion_tokens": True}))
    assert (progress.passed, progress.total, progress.tokens) == (0, 0, 0)


def test_time_counts_what_earlier_processes_worked() -> None:
    assert Progress().elapsed(1000.0) == 0
    assert Progress(started=990.0, worked=5.0).elapsed(1000.0) == 15.0


def test_nothing_that_a_model_writes_drives_the_terminal() -> None:
    assert clean("\x1b[2Ja\x1b]0;title\x07b\x9b31mc\u202ed\x00\r\n你好\te") == "ab 31mc d \n你好  e"
    progress = Progress()
    progress.apply(event("token", role="engineer", text="\x1b[31"))
    progress.apply(event("token", role="engineer", text="mred"))
    assert progress.lines(1) == ["red"]


def test_events_become_lines_of_one_line() -> None:
    assert describe(event("note", role="test_engineer", text="a\nb \x1b[1m")) == "test engineer: a b"
    assert describe(event("run", text="started")) == "run r1: started"
    assert describe(event("step", step="code", text="code", data={"phase": "start"})) == "step code"
    assert describe(event("step", step="code", text="code done", data={"phase": "finish"})) == ""
    assert describe(event("token", text="x")) == ""
    assert describe(event("call", role="engineer", text="engineer: 60 tokens")) == "engineer: 60 tokens"
    assert describe(event("commit")) == "commit"


def test_the_roles_are_those_of_the_delivery_graph() -> None:
    known = {importlib.import_module(f"swfactory.roles.{name}").ROLE for name in ROLES}
    assert known == set(ROLES)


def test_clocks() -> None:
    assert [clock(s) for s in (0, 7.9, 750, 3723)] == ["0:00", "0:07", "12:30", "1:02:03"]
