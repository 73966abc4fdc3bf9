from __future__ import annotations

import io
import json

import pytest
from rich.cells import cell_len
from rich.console import Console

from swfactory.cli.live import JsonView, LiveView, Picture, PlainView, QuietView, make_view
from swfactory.domain.budget import Budget
from swfactory.domain.run import Event
from swfactory.report.progress import Progress


def busy() -> Progress:
    progress = Progress(
        title="r1  做一个待办事项程序 " * 9, started=1000.0, budget=Budget(max_seconds=600, max_rounds=6)
    )
    for event in (
        Event(run="r1", kind="call", role="product_manager", data={"completion_tokens": 1420, "seconds": 71}),
        Event(run="r1", kind="test", data={"passed": 7, "total": 9, "round": 2}),
        Event(run="r1", kind="step", step="write_file", data={"phase": "start"}),
        *(Event(run="r1", kind="token", role="engineer", text=f"print('你好世界你好世界') # {n}\n") for n in range(50)),
        Event(run="r1", kind="token", role="engineer", text="你" * 300),
    ):
        progress.apply(event, 1000.0)
    return progress


def draw(progress: Progress, width: int, height: int, encoding: str = "utf-8") -> list[str]:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding, errors="replace")
    console = Console(
        file=file, width=width, height=height, force_terminal=True, color_system=None, legacy_windows=False
    )
    console.print(Picture(progress, now=lambda: 1133.0))
    file.flush()
    return file.buffer.getvalue().decode(encoding).splitlines()  # type: ignore[attr-defined]


@pytest.mark.parametrize(("width", "height"), [(80, 24), (100, 50), (40, 24), (30, 20), (200, 14), (80, 8)])
def test_the_picture_fits_the_terminal_with_wide_characters_too(width: int, height: int) -> None:
    lines = draw(busy(), width, height)
    assert {cell_len(line) for line in lines} == {width}
    assert len(lines) < max(height, 12)


def test_the_picture_shows_who_works_at_what_and_what_is_left() -> None:
    text = " ".join("\n".join(draw(busy(), 100, 30)).split())
    for seen in (
        "✓ product manager 1,420",
        "▶ engineer 51 write file",
        "· reviewer",
        "tests passed 7/9",
        "2:13",
        "10,529/12,000 tokens",
        "7:47",
        "4/6 rounds",
    ):
        assert seen in text, seen


def test_the_newest_text_is_seen_even_in_one_long_line() -> None:
    progress = busy()
    progress.apply(Event(run="r1", kind="token", role="engineer", text="END"))
    assert "END" in "".join(draw(progress, 80, 24))


def test_a_terminal_of_letters_gets_letters() -> None:
    lines = draw(Progress(title="r1", started=1000.0), 60, 24, encoding="ascii")
    assert "?" not in "".join(lines)


def test_a_run_without_bounds_shows_none() -> None:
    unbounded = Progress(budget=Budget(max_tokens=None, max_seconds=None, max_rounds=None), started=1000.0)
    text = "\n".join(draw(unbounded, 80, 24))
    assert "unbounded" in text
    assert "rounds" not in text


def test_a_gate_is_seen() -> None:
    progress = busy()
    progress.apply(Event(run="r1", kind="gate", data={"gate": "spec"}))
    assert "waiting at the gate spec" in "\n".join(draw(progress, 80, 24))


def test_the_live_view_keeps_what_matters_above_the_picture() -> None:
    console = Console(file=io.StringIO(), width=80, height=24, force_terminal=True)
    view = LiveView(Progress(), console)
    view.show(Event(run="r1", kind="note", text="flask was replaced [red]by[/red] http.server"))
    view.tick()
    view.close()
    view.close()
    assert "flask was replaced [red]by[/red] http.server\n" in console.file.getvalue()  # type: ignore[attr-defined]


def test_plain_lines_bear_the_time_of_work(capsys: pytest.CaptureFixture[str]) -> None:
    view = PlainView(Progress(started=1000.0), now=lambda: 1075.0)
    view.show(Event(run="r1", kind="token", text="x"))
    view.show(Event(run="r1", kind="commit", role="engineer", text="Add main.py"))
    assert capsys.readouterr().out == "[  1:15] engineer: Add main.py\n"


def test_json_lines_are_the_events(capsys: pytest.CaptureFixture[str]) -> None:
    event = Event(run="r1", seq=4, kind="test", text="你好\n", data={"passed": 1})
    JsonView().show(event)
    out = capsys.readouterr().out
    assert out.count("\n") == 1
    assert Event.model_validate(json.loads(out)) == event


def test_the_view_suits_where_it_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Console(file=io.StringIO(), force_terminal=True)
    assert isinstance(make_view(Progress(), console=terminal), LiveView)
    assert type(make_view(Progress(), console=terminal, quiet=True)) is QuietView
    assert isinstance(make_view(Progress(), console=terminal, json=True), JsonView)
    assert isinstance(make_view(Progress(), console=Console(file=io.StringIO())), PlainView)
    monkeypatch.setenv("TERM", "dumb")
    assert isinstance(make_view(Progress(), console=terminal), PlainView)
