import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from fsm.errors import FsmError, InvalidTransition, UnknownState
from fsm.loader import load

DOOR = """
# 门
initial closed
closed open -> opened
opened close -> closed
closed lock -> locked
ghost wake -> opened
"""


def test_send_and_listen():
    door, log = load(DOOR), []
    door.listen(lambda *move: log.append(move))
    assert door.events() == ["lock", "open"]
    assert door.send("open") == "opened"
    with pytest.raises(InvalidTransition, match="opened.*lock"):
        door.send("lock")
    door.reset()
    assert door.state == "closed"
    assert log == [("closed", "open", "opened")]


def test_reachable_and_path():
    door = load(DOOR)
    assert door.states() == ["closed", "ghost", "locked", "opened"]
    assert door.reachable() == ["closed", "locked", "opened"]
    assert door.path("locked") == ["lock"]
    assert door.path("ghost") is None
    with pytest.raises(UnknownState):
        door.path("nowhere")
    with pytest.raises(ValueError):
        door.on("closed", "open", "locked")


@pytest.mark.parametrize(
    "text", ["", "a x -> b", "initial a\ninitial b", "initial a\na x b", "initial a\na x -> b\na x -> b"]
)
def test_malformed_text(text):
    with pytest.raises(FsmError):
        load(text)


def test_program(tmp_path):
    file = tmp_path / "door.fsm"
    file.write_text(DOOR, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "main.py", "run", str(file), "open", "lock"], cwd=ROOT, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (1, "closed\nopened\n")
