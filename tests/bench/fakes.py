"""A factory without graphs: runs end as a script says."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

from swfactory.bench.machine import Machine
from swfactory.bench.results import Conditions, write_text
from swfactory.bench.tasks import Task
from swfactory.domain.budget import Budget
from swfactory.domain.requirement import Requirement
from swfactory.domain.run import Event, Run, RunStatus
from swfactory.errors import NotFoundError

MACHINE = Machine(cpu="a cpu", cores=2, memory_gb=8.0, python="3.11.7", system="Linux 6")
CONDITIONS = Conditions(model="replay:x", seed=1, machine=MACHINE)
SOLVED = "import sys\nprint(sys.argv[1].upper())\n"


def shout(name: str = "shout") -> Task:
    """A small task."""
    return Task.model_validate(
        {
            "id": name,
            "level": "easy",
            "requirement": "Write main.py: `python main.py abc` prints ABC.",
            "checks": [
                {"run": ["python", "main.py", "abc"], "exact": "ABC"},
                {"run": ["python", "main.py", "x y"], "exact": "X Y"},
            ],
        }
    )


Ending = RunStatus | Exception | None
"""Status or error that a session ends with; None for one that never ends by itself."""


class FakeHandle:
    def __init__(self, factory: FakeFactory, run: Run, ending: Ending) -> None:
        self.run = run
        self._factory = factory
        self._ending = ending
        self._stopped = asyncio.Event()

    def stop(self) -> None:
        self._stopped.set()

    async def result(self) -> Run:
        if self._ending is None:
            await self._stopped.wait()
            return self._settle("interrupted")
        if isinstance(self._ending, Exception):
            self._settle("failed")
            raise self._ending
        write_text(Path(self.run.output) / "main.py", SOLVED)
        return self._settle(self._ending)

    def _settle(self, status: RunStatus) -> Run:
        self.run = self._factory.runs[self.run.id] = self.run.model_copy(update={"status": status})
        return self.run


class FakeFactory:
    """Sessions end as ``endings`` says, in order."""

    def __init__(self, *endings: Ending, begun: Callable[[], None] = lambda: None) -> None:
        self.endings = list(endings)
        self.runs: dict[str, Run] = {}
        self.calls: list[str] = []
        self._begun = begun

    async def start(
        self,
        requirement: Requirement,
        *,
        output: Path | None,
        seed: int | None,
        budget: Budget | None,
        collections: Sequence[str] | None,
        experience: bool | None,
    ) -> FakeHandle:
        assert collections == (), "nothing of the user's store may help"
        assert experience is False, "a task that was solved before would be looked up"
        assert output is not None
        assert _is_free(output), "the factory wants an empty folder"
        run = Run(
            id=f"run{len(self.runs)}",
            requirement=requirement,
            model="m",
            seed=seed or 0,
            budget=budget or Budget(),
            output=str(output),
        )
        self.runs[run.id] = run
        return self._begin("start", run)

    async def resume(self, run_id: str) -> FakeHandle:
        return self._begin("resume", self.run(run_id))

    def _begin(self, how: str, run: Run) -> FakeHandle:
        self.calls.append(f"{how} {run.id}")
        self._begun()
        return FakeHandle(self, run, self.endings.pop(0))

    def run(self, run_id: str) -> Run:
        if run_id not in self.runs:
            raise NotFoundError(run_id)
        return self.runs[run_id]

    def events(self, run_id: str) -> list[Event]:
        return [
            Event(run=run_id, time=10, kind="run", text="started"),
            Event(run=run_id, time=13, kind="call", data={"seconds": 2.0, "completion_tokens": 7, "prompt_tokens": 5}),
            Event(run=run_id, time=14, kind="execution", data={"seconds": 0.5}),
        ]


def _is_free(folder: Path) -> bool:
    return not list(folder.glob("*"))
