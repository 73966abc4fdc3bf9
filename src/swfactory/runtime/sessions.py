"""Sessions of work on runs, begun in the event loop that calls."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from swfactory.domain.answer import Answer
from swfactory.domain.budget import Budget
from swfactory.domain.delivery import Delivery
from swfactory.domain.run import Run
from swfactory.runtime.decision import Decision, PendingGate
from swfactory.runtime.experience import lessons
from swfactory.runtime.lock import RunLock
from swfactory.runtime.orders import Orders

if TYPE_CHECKING:
    from swfactory.runtime.handle import AsyncRunHandle

__all__ = ["Sessions"]


class Sessions(Orders):
    """What the factories have in common: how a run is set going. The methods need a running event loop."""

    def _resumed(self, run_id: str, budget: Budget | None, *, text: str = "resumed") -> AsyncRunHandle:
        with self._prepared(run_id, budget) as (run, lock):
            # Without a gate, its answer was written down, and whoever took it up was killed then.
            if run.status == "waiting" and (gates := self.gates(run.id)):
                lock.release()
                return self._handle(run, lock, gates=gates)
            return self._begin(run, text, lock=lock.handed_over())

    def _begin(self, run: Run, text: str, *, lock: RunLock | None = None, **data: object) -> AsyncRunHandle:
        lock = lock or RunLock(self._folder(run.id).lock, run.id).acquire()
        try:
            handle = self._handle(run, lock)
            handle.note(text, **data)
            handle.begin()
        except BaseException:  # a full disk, for example: this process may try again
            lock.release()
            raise
        return handle

    def _handle(self, run: Run, lock: RunLock, *, gates: tuple[PendingGate, ...] = ()) -> AsyncRunHandle:
        from swfactory.runtime.handle import AsyncRunHandle

        return AsyncRunHandle(
            run,
            store=self._store,
            folder=self._folder(run.id),
            context=self._wiring.context,
            lock=lock,
            gates=gates,
            script=self._script(run),
            learn=self._learn,
        )

    async def _answered(self, question: str, *, collections: Sequence[str] | None, thread: str | None) -> Answer:
        library = self.library(collections)
        try:
            async for item in library.ask(question, thread=thread):
                last = item
        finally:
            library.close()
        assert isinstance(last, Answer), "an answer comes last"
        return last

    def _learn(self, run: Run, delivery: Delivery | None, tree: Mapping[str, str]) -> str:
        """Keep what a delivered run has taught, unless it is a replay or was told not to."""
        if delivery is None or not run.options.get("experience") or run.options.get("replays"):
            return ""
        return self._experience.keep(run, lessons(run, delivery, tree, self._store.events(run.id)))

    def _script(self, run: Run) -> list[tuple[str, Decision]]:
        """The answers that a replay has still to give."""
        origin = run.options.get("replays")
        if not isinstance(origin, str):
            return []
        answers = [self._answers(identifier) for identifier in (origin, run.id)]
        return answers[0][len(answers[1]) :]

    def _answers(self, run_id: str) -> list[tuple[str, Decision]]:
        given = [e.data for e in self._store.events(run_id) if e.kind == "gate" and e.data.get("answered")]
        return [(str(data["gate"]), Decision.recorded(data)) for data in given]
