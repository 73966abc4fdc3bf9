import json

from swfactory.domain.call import Reply
from swfactory.domain.requirement import Requirement
from swfactory.roles.reviewer import find_crashes

TASK = find_crashes(Requirement.parse("Count words of FILE."), {"main.py": "print(1)\n"}, "main.py")


def test_each_command_becomes_an_example_of_its_own():
    reply = {"files": [{"name": "a.txt", "content": ""}], "commands": [f"python main.py {n}" for n in range(5)]}
    examples = TASK.read(Reply(text=json.dumps(reply)))
    assert [e.steps[0].argv[-1] for e in examples] == ["0", "1", "2"]
    assert all(len(e.steps) == 1 and e.files == {"a.txt": ""} for e in examples)
    assert all(e.steps[0].exit_code is None and e.steps[0].refusable for e in examples)


def test_nothing_that_can_be_run_is_no_finding():
    assert TASK.read(Reply(text='{"files": [], "commands": ["rm -rf /"]}')) == ()
    assert TASK.fallback() == ()
    assert "print(1)" in TASK.request.messages[-1].content
