"""A run at work: drives the graph, records what happens, settles the run when it ends or pauses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from swfactory.domain.delivery import Delivery
from swfactory.domain.run import FINISHED, Event, Run, RunStatus
from swfactory.errors import FactoryError, InputError, Interrupted, LimitError, ReplyError
from swfactory.graphs.context import FactoryContext
from swfactory.graphs.state import new_state
from swfactory.runtime.checkpoints import THREAD, open_checkpoints, prune
from swfactory.runtime.decision import Choice, Decision, PendingGate, checked_decision, not_waiting
from swfactory.runtime.journal import Journal
from swfactory.runtime.layout import RunFolder
from swfactory.runtime.lock import RunLock
from swfactory.runtime.store import RunStore
from swfactory.runtime.topology import load_graph
from swfactory.workspace.git import GitWorkspace

if TYPE_CHECKING:
    from langchain_core.runnables import RunnableConfig
    from langgraph.graph.state import CompiledStateGraph
    from langgraph.runtime import RunControl
    from langgraph.types import Command

__all__ = ["RECURSION_LIMIT", "AsyncRunHandle"]

RECURSION_LIMIT = 200
"""Steps of one session; a graph's loops have counters of their own, this only catches a graph that lacks one."""

_GRACE_SECONDS = 0.3
_WATCH_SECONDS = 0.5
"""How often a session looks whether another process wants it to stop."""

Learner = Callable[[Run, Delivery | None, Mapping[str, str]], str]


class AsyncRunHandle:
    """A run that this process works on; made by ``AsyncFactory``.

    A session begins when the handle is made (unless the run waits at a gate) and with every ``answer``. It ends when
    the run is delivered, fails, is stopped or reaches a gate; the run's lock is free from then on.

    ```python
    handle = await factory.start(requirement)
    async for event in handle.events():
        print(event.text)
    run = await handle.result()
    ```

    Args:
        run: the row of the run.
        store: runs and events.
        folder: files of the run.
        context: builds what the nodes may touch; called in a thread, as it may load a model.
        lock: the run's lock; held when a session is to begin.
        gates: gates that the run waits at.
        script: recorded answers that a replay gives, in order.
        learn: keeps what a delivered run has taught, and says so; called in a thread, with the run, its delivery and
            its files.
    """

    def __init__(
        self,
        run: Run,
        *,
        store: RunStore,
        folder: RunFolder,
        context: Callable[[Run], FactoryContext],
        lock: RunLock,
        gates: tuple[PendingGate, ...] = (),
        script: Sequence[tuple[str, Decision]] = (),
        learn: Learner | None = None,
    ) -> None:
        self.run = run
        self._store = store
        self._folder = folder
        self._context = context
        self._lock = lock
        self._journal = Journal(run.id, store)
        self._session: asyncio.Task[None] | None = None
        self._work: asyncio.Task[None] | None = None
        self._control: RunControl | None = None
        self._stopped = False
        self._requeue = False
        self._error: BaseException | None = None
        self._gates = gates
        self._script = list(script)
        self._learn = learn

    @property
    def gates(self) -> tuple[PendingGate, ...]:
        """The gates that the run waits at."""
        return self._gates

    def events(self) -> AsyncIterator[Event]:
        """Iterate over the events of the current session, from its beginning to its end.

        Events of kind ``token`` are live only and have ``seq`` 0. Leaving the loop early does not stop the run.
        """
        return self._journal.events()

    async def result(self) -> Run:
        """Wait for the end of the session and return the run as it then stands.

        Raises:
            FactoryError: the run failed; it can be resumed once the cause is mended.
        """
        if self._session is not None:
            await asyncio.shield(self._session)
        if self._error is not None:
            raise self._error
        return self.run

    async def answer(self, gate: str, decision: Decision | Choice, *, comment: str = "", document: str = "") -> None:
        """Answer a gate and go on.

        Args:
            gate: name of the gate.
            decision: approve, reject with a comment, or an edited document; a ``Decision`` holds all three.
            comment: why; a rejection's comment goes back to the role.
            document: the edited document as JSON text; for ``edit`` only.

        Raises:
            InputError: the run does not wait at that gate, or the answer cannot be used.
            BusyError: another process works on the run.
        """
        answer = checked_decision(gate, Decision.of(decision, comment=comment, document=document))
        if self._session is not None:
            await asyncio.shield(self._session)
        self._lock.acquire()
        try:
            self._gates = await self._pending()
            found = next((pending for pending in self._gates if pending.gate == gate), None)
            if found is None:
                raise not_waiting(self.run.id, gate, self._gates)
            self._journal = Journal(self.run.id, self._store)
            self.begin(self._decide(found, answer))
        except BaseException:
            self._lock.release()
            raise

    def stop(self, *, requeue: bool = False) -> None:
        """Ask the run to stop: after the current node if it ends at once, else by cancelling it.

        The run is left resumable; at most the cancelled node runs again. Call it in the event loop's thread, for
        example from a signal handler.

        Args:
            requeue: leave the run to the next worker instead of to a person.
        """
        self._stopped, self._requeue = True, requeue
        if self._control is not None:
            self._control.request_drain("stopped")
        if self._work is not None and not self._work.done():
            asyncio.get_running_loop().call_later(_GRACE_SECONDS, _cancel_once, self._work)

    def note(self, text: str, **data: object) -> None:
        """Record an event about the whole run; for the factory."""
        self._journal.add("run", text, data=data)

    def begin(self, command: object = None) -> None:
        """Start a session; for the factory.

        Args:
            command: what the graph is resumed with; None to go on from the newest checkpoint, or from the input.
        """
        self._stopped = self._requeue = False
        self._error = None
        self._gates = ()
        self._journal.open()
        self._session = asyncio.create_task(self._run_session(command), name=f"session of {self.run.id}")

    async def _run_session(self, command: object) -> None:
        try:
            self._settle("running")
            work = self._work = asyncio.create_task(self._drive(command), name=f"run {self.run.id}")
            try:
                while not (await asyncio.wait({work}, timeout=_WATCH_SECONDS))[0]:
                    if not self._stopped and self._folder.stop.exists():
                        self.stop()
            finally:
                if not work.done():  # the whole program is being shut down
                    _cancel_once(work)
                    await asyncio.wait({work})
                self._conclude(work)
        finally:
            self._work = self._control = None
            self._folder.withdraw_stop()
            self._lock.release()
            self._journal.close()

    def _conclude(self, work: asyncio.Task[None]) -> None:
        """Set the status that the end of the work means."""
        from langgraph.errors import GraphDrained

        error = None if work.cancelled() else work.exception()
        if self.run.status in FINISHED:  # what comes after a delivery is for later runs, and undoes nothing
            if error is not None:
                self._journal.add("note", f"later runs learn nothing of this one: {type(error).__name__}: {error}")
            return
        resume = f"swf resume {self.run.id}"
        if work.cancelled() or isinstance(error, GraphDrained | Interrupted):
            if self._requeue:
                self._settle("queued")
                self._journal.add("run", "waits for a worker to go on", data={"status": "queued"})
                return
            self._settle("interrupted")
            data = {"status": "interrupted", "hint": resume}
            self._journal.add("run", f"interrupted; go on with: {resume}", data=data)
        elif error is not None:
            self._error = error
            self._settle("failed")
            message = error.message if isinstance(error, FactoryError) else f"{type(error).__name__}: {error}"
            hint = (error.hint if isinstance(error, FactoryError) else "") or resume
            data = {"status": "failed", "error": type(error).__name__, "hint": hint}
            self._journal.add("run", message, data=data)

    def _settle(self, status: RunStatus) -> None:
        self.run = self._store.update(self.run.model_copy(update={"status": status}))

    def _config(self) -> RunnableConfig:
        return {"configurable": {"thread_id": THREAD}, "recursion_limit": RECURSION_LIMIT}

    def _decide(self, gate: PendingGate, decision: Decision) -> Command[Any]:
        """Record an answer and return what resumes the graph with it."""
        from langgraph.types import Command

        self._journal.add("gate", f"{gate.gate}: {decision.decision}", data=gate.answered(decision))
        return Command(resume={gate.id: decision.model_dump(mode="json")})

    def _recorded(self, gates: Sequence[PendingGate]) -> Command[Any] | None:
        """What resumes the graph with answers that were given while nobody worked on the run."""
        from langgraph.types import Command

        given: dict[str, Decision] = {}
        for event in self._store.events(self.run.id):
            if event.kind == "gate" and event.data.get("answered"):
                given[str(event.data.get("id"))] = Decision.recorded(event.data)
            elif event.kind == "gate":  # asked, or asked anew
                given.pop(str(event.data.get("id")), None)
        answers = {gate.id: given[gate.id].model_dump(mode="json") for gate in gates if gate.id in given}
        return Command(resume=answers) if answers else None

    async def _drive(self, command: object) -> None:
        from langgraph.runtime import RunControl

        self._control = RunControl()
        if self._stopped:
            raise Interrupted(f"run {self.run.id!r} was stopped", hint=f"swf resume {self.run.id}")
        context = await asyncio.to_thread(self._context, self.run)
        if context.model_digest and not self.run.options.get("model_digest"):
            options = {**self.run.options, "model_digest": context.model_digest}
            self.run = self._store.update(self.run.model_copy(update={"options": options}))
        builder = load_graph(self.run.graph)
        async with open_checkpoints(self._folder.checkpoints) as saver:
            graph = builder.compile(checkpointer=saver)
            if command is None and await saver.aget_tuple(self._config()) is None:
                command = new_state()
            taken_up = command is None
            while True:
                await self._stream(graph, command, context)
                state = await graph.aget_state(self._config())
                gates = _pending_gates(state.interrupts)
                if taken_up and (command := self._recorded(gates)) is not None:
                    taken_up = False
                    continue
                if not (gates and self._script):
                    break
                name, decision = self._script.pop(0)
                command = self._decide(next((gate for gate in gates if gate.gate == name), gates[0]), decision)
        if gates:
            self._pause(gates)
        else:
            self._finish(state.values, context)
            await self._pass_on(state.values, context)

    async def _stream(
        self, graph: CompiledStateGraph[Any, Any, Any, Any], command: object, context: FactoryContext
    ) -> None:
        from langgraph.errors import GraphRecursionError

        try:
            async for _, mode, data in graph.astream(
                command,
                self._config(),
                context=context,
                stream_mode=["custom", "tasks"],
                subgraphs=True,
                durability="sync",
                control=self._control,
            ):
                if mode == "custom":
                    self._journal.custom(data)
                else:
                    self._journal.task(cast("Mapping[str, Any]", data))
        except GraphRecursionError as exc:
            raise LimitError(
                f"the graph took more than {RECURSION_LIMIT} steps", hint=f"swf resume {self.run.id} gives as many"
            ) from exc
        except asyncio.CancelledError as exc:
            # LangGraph hands over what it still has to write; the database must stay open for it.
            for task in exc.args:
                if isinstance(task, asyncio.Task):
                    await asyncio.wait({task})
            raise

    async def _pending(self) -> tuple[PendingGate, ...]:
        if not self._folder.checkpoints.exists():
            return ()
        async with open_checkpoints(self._folder.checkpoints) as saver:
            graph: CompiledStateGraph[Any, Any, Any, Any] = load_graph(self.run.graph).compile(checkpointer=saver)
            return _pending_gates((await graph.aget_state(self._config())).interrupts)

    def _pause(self, gates: tuple[PendingGate, ...]) -> None:
        self._gates = gates
        for gate in gates:
            hint = f"swf resume {self.run.id} --approve"
            self._journal.add(
                "gate",
                f"{gate.gate} waits for you; answer with: {hint}",
                data={**gate.model_dump(), "answered": False, "answers": ["approve", "reject", "edit"], "hint": hint},
            )
        self._settle("waiting")

    def _finish(self, values: Mapping[str, Any], context: FactoryContext) -> None:
        """Hand over the product; every part can be repeated after a kill."""
        commit = values.get("commit")
        if not isinstance(commit, str) or not commit:
            raise InputError(
                f"graph {self.run.graph!r} ended without a commit in its state", hint="let a node set 'commit'"
            )
        outcome = values.get("outcome", "partial")
        if outcome not in FINISHED:
            raise InputError(
                f"graph {self.run.graph!r} ended with outcome {outcome!r}", hint="see FactoryState.outcome"
            )
        expected = self.run.options.get("expect")
        if expected and expected != commit:
            raise ReplyError(
                f"the replay of {self.run.parent!r} reached commit {commit}, the run itself {expected}",
                hint=f"swf diff {self.run.id}",
            )
        workspace = context.workspace
        if isinstance(workspace, GitWorkspace):
            workspace.publish(commit, Path(self.run.output))
        self._journal.add(
            "delivery",
            f"{outcome}: {self.run.output}",
            data={
                "commit": commit,
                "outcome": outcome,
                "output": self.run.output,
                "delivery": values.get("delivery", ""),
                "exhausted": values.get("exhausted"),
            },
        )
        prune(self._folder.checkpoints)
        self._settle(outcome)

    async def _pass_on(self, values: Mapping[str, Any], context: FactoryContext) -> None:
        """Let later runs learn from this one."""
        digest = values.get("delivery")
        if self._learn is None or not digest:
            return
        delivery = Delivery.model_validate_json(context.objects.get(str(digest)))
        tree = context.workspace.tree(str(values["commit"]))
        if said := await asyncio.to_thread(self._learn, self.run, delivery, tree):
            self._journal.add("note", said)


def _cancel_once(work: asyncio.Task[None]) -> None:
    """Cancel a task that is not being cancelled yet: a second time would cut its clean-up short."""
    if not work.done() and not work.cancelling():
        work.cancel()


def _pending_gates(interrupts: tuple[Any, ...]) -> tuple[PendingGate, ...]:
    gates = []
    for interrupt in interrupts:
        value = interrupt.value if isinstance(interrupt.value, Mapping) else {"document": str(interrupt.value)}
        gates.append(
            PendingGate(
                gate=str(value.get("gate") or "gate"), id=interrupt.id, document=str(value.get("document") or "")
            )
        )
    return tuple(gates)
