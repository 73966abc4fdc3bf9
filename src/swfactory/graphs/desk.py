"""Where a node of the factory does its work: calls, and the product in its workspace and sandbox."""

from __future__ import annotations

from collections.abc import Mapping

from langgraph.runtime import Runtime

from swfactory.domain.execution import Command, Execution
from swfactory.domain.requirement import Requirement
from swfactory.domain.spec import Spec
from swfactory.graphs.calls import CallDesk
from swfactory.graphs.context import FactoryContext
from swfactory.graphs.state import FactoryState

__all__ = ["Desk"]


class Desk(CallDesk):
    """One node's view of its run.

    Args:
        state: the state that the node was given.
        runtime: LangGraph's runtime, with the context in it.
    """

    def __init__(self, state: FactoryState, runtime: Runtime[FactoryContext]) -> None:
        super().__init__(state, runtime.context, runtime.stream_writer)
        self.state = state
        self.context = runtime.context

    @property
    def requirement(self) -> Requirement:
        """What was asked for, with what a person has added at a gate or in the criteria of a fork."""
        spec = self.load("spec", Spec) if self.state.get("spec") else None
        said = (*self.state.get("additions", []), *(spec.added if spec else ()))
        return self.context.requirement.with_additions(tuple(dict.fromkeys(said)))

    def tree(self, commit: str | None = None) -> dict[str, str]:
        """Files of the current commit, or of another."""
        commit = commit or self.state.get("commit")
        return self.context.workspace.tree(commit) if commit else {}

    def commit(self, changes: Mapping[str, str | None], message: str, *, parent: str | None = None) -> str:
        """Record changes on the current commit, or another, and return the new one."""
        commit = self.context.workspace.commit(parent or self.state.get("commit"), changes, message)
        self.tell("commit", message, commit=commit, files=sorted(changes))
        return commit

    async def run(self, command: Command) -> Execution:
        """Run a program in the sandbox."""
        started = self.context.clock()
        done = await self.context.sandbox.run(command)
        seconds = self.context.clock() - started
        self.tell("execution", f"{command.argv[0]} ran for {seconds:.1f} s", seconds=seconds, verdict=done.verdict)
        if done.verdict != "exited":
            text = f"the sandbox stopped a run: {done.verdict} limit"
            self.tell("finding", text, verdict=done.verdict, argv=list(command.argv))
        return done

    def done(self, update: FactoryState | None = None) -> FactoryState:
        """The node's update, with what it spent and looked up."""
        return FactoryState(**{**(update or {}), **self.spent()})
