"""Runs of the factory, written as the runtime writes them, into rows."""

from __future__ import annotations

import json

import pytest

from swfactory.domain.budget import Usage
from swfactory.domain.call import Message, Reply, Request
from swfactory.domain.delivery import CriterionVerdict, Delivery
from swfactory.domain.report import TestReport, TestResult
from swfactory.domain.requirement import Requirement
from swfactory.domain.run import Event, Run
from swfactory.finetune.data.recipe import SourceRecipe
from swfactory.finetune.data.runs import run_rows
from swfactory.finetune.data.tally import Tally
from swfactory.graphs.evaluation import Candidate
from swfactory.runtime.layout import RunFolder
from swfactory.runtime.store import RunStore
from swfactory.runtime.wiring import open_workspace
from swfactory.workspace.objects import FileObjectStore

GOOD = "def double(x):\n    return 2 * x\n"
BAD = "def double(x):\n    return x\n"
OTHER = "def double(x):\n    return x + x\n"
UNTRIED = "def double(x):\n    return x << 1\n"
SOURCE = SourceRecipe(type="runs")


def block(code: str) -> str:
    return f"```python\n{code}```"


class Archive:
    def __init__(self, data_dir):
        self.data_dir = data_dir
        self.store = RunStore(data_dir / "factory.db")

    def run(self, replies, *, passed: bool = True) -> Run:
        """A delivered run of GOOD, with (role, question, answer, what came after it) of each call."""
        requirement = Requirement.parse("Doubles numbers.")
        run = self.store.create(Run(id="", requirement=requirement, model="scripted:x", status="delivered"))
        folder = RunFolder.of(self.data_dir, run.id)
        folder.create()
        objects = FileObjectStore(folder.objects)
        commit = open_workspace(folder, run).commit(None, {"main.py": GOOD}, "Pass")
        for role, question, answer, after in replies:
            asked = (Message(role="system", content="sys"), Message(role="user", content=question))
            if after == "again":
                asked += (Message(role="assistant", content="bad"), Message(role="user", content="once more"))
            request = Request(role=role, messages=asked)
            reply = Reply(text=answer, usage=Usage(calls=1), finish="length" if after == "length" else "stop")
            said = {"prompt": objects.put(request.model_dump_json()), "reply": objects.put(reply.model_dump_json())}
            self.store.append_event(Event(run=run.id, kind="call", role=role, data=said))
            if after == "unread":
                self.store.append_event(Event(run=run.id, kind="note", role=role, data={"attempt": 0}))
        for code, outcome in ((GOOD, "passed"), (OTHER, "passed"), (BAD, "failed")):
            report = TestReport(results=(TestResult(id="t", outcome=outcome),))
            objects.put(Candidate(sources={"main.py": code}, report=report).model_dump_json())
        delivery = Delivery(
            title="t",
            requirement="Doubles numbers.",
            commit=commit,
            criteria=(CriterionVerdict(id="C1", text="x", verdict="met" if passed else "unmet"),),
            results=(TestResult(id="t", outcome="passed"),),
            model="scripted:x",
        )
        data = {"output": "/x", "delivery": objects.put(delivery.model_dump_json())}
        self.store.append_event(Event(run=run.id, kind="delivery", data=data))
        return run


@pytest.fixture
def archive(tmp_path):
    made = Archive(tmp_path)
    yield made
    made.store.close()


CALLS = [
    ("architect", "plan", '{"files": []}', ""),
    ("writer", "introduce", "nonsense", "unread"),
    ("writer", "introduce", "It doubles.", "again"),
    ("writer", "explain", "It dou", "length"),
    ("engineer", "write double", block(BAD), ""),
    ("engineer", "write double", block(OTHER), ""),
    ("engineer", "write double", block(UNTRIED), ""),
    ("engineer", "mend double", block(GOOD), ""),
    ("engineer", "fill double", f"So:\n{block(BAD)}", ""),
]


def rows_of(archive, kind):
    tally = Tally()
    return list(run_rows(archive.data_dir, SOURCE, kind, tally)), tally


def test_accepted_replies_of_every_role_are_taught(archive):
    run = archive.run(CALLS)
    rows, tally = rows_of(archive, "sft")
    assert [(row.origin.name, row.messages[1].content, row.messages[-1].content) for row in rows] == [
        ("architect", "plan", '{"files": []}'),
        ("writer", "introduce", "It doubles."),
        ("engineer", "write double", block(OTHER)),
        ("engineer", "mend double", block(GOOD)),
    ]
    assert all(len(row.messages) == 3 for row in rows)  # nothing of the bad reply before a retry
    assert {row.origin.group for row in rows} == {f"run:{run.id}"}
    assert tally.dropped == {"reply of which nothing is known": 1, "reply that was not accepted": 4}


def test_failed_code_stands_beside_what_repaired_it(archive):
    archive.run(CALLS)
    rows, _ = rows_of(archive, "preference")
    assert [(row.prompt[1].content, row.chosen[0].content, row.rejected[0].content) for row in rows] == [
        ("introduce", "It doubles.", "nonsense"),
        ("write double", block(OTHER), block(BAD)),
        ("fill double", block(GOOD), f"So:\n{block(BAD)}"),
    ]


def test_replies_are_judged_by_what_became_of_them(archive):
    archive.run(CALLS)
    rows, _ = rows_of(archive, "kto")
    labels = [(row.origin.name, row.label) for row in rows]
    assert labels == [
        ("architect", True),
        ("writer", False),
        ("writer", True),
        ("writer", False),
        ("engineer", False),
        ("engineer", True),
        ("engineer", True),
        ("engineer", False),
    ]


def test_a_run_that_proves_nothing_teaches_nothing(archive):
    archive.run(CALLS, passed=False)
    rows, tally = rows_of(archive, "sft")
    assert rows == []
    assert tally.dropped == {"run without a proved product": 1}


def test_a_run_whose_files_are_gone_is_counted(archive):
    run = archive.run(CALLS)
    RunFolder.of(archive.data_dir, run.id).remove()
    archive.run(CALLS[:1])
    rows, tally = rows_of(archive, "sft")
    assert len(rows) == 1
    assert tally.dropped == {"run whose files are gone or damaged": 1}


def test_the_rows_are_json(archive):
    archive.run(CALLS)
    rows, _ = rows_of(archive, "sft")
    assert json.loads(rows[0].model_dump_json())["origin"]["maker"] == "run"
