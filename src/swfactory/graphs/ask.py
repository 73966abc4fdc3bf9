"""The ask graph: a question in, an answer out that rests on the user's own sources, or none.

Retrieve, answer with citations, and check each sentence against what it cites. What no source supports is not said.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated

from langgraph.graph import END, START, StateGraph
from langgraph.runtime import Runtime

from swfactory.domain.answer import Answer, Statement
from swfactory.domain.references import Passage, References
from swfactory.domain.requirement import detect_language
from swfactory.graphs.calls import CallDesk
from swfactory.graphs.context import CallContext
from swfactory.graphs.state import Spent, add_new
from swfactory.roles import librarian
from swfactory.roles.wording import repeats

__all__ = ["AskState", "build"]

_TOKENS = 1_200
_EARLIER = 2
"""Questions and answers of the conversation that a new question is read with."""

_FACT = re.compile(r"`[^`]+`|\d+(?:[.,:/-]\d+)*|[A-Za-z_]\w*(?:[._]\w+)+|\b[a-z]+[A-Z]\w*|\b[A-Z]{2,}\b")
"""What must be in a source word for word: code, numbers, names."""


class AskState(Spent, total=False):
    """What every checkpoint of a conversation holds; ``references``, ``draft`` and ``turns`` are digests."""

    question: str
    references: str
    draft: str
    turns: Annotated[list[str], add_new]


def build() -> StateGraph[AskState, CallContext]:
    """Return the graph, uncompiled: the runtime adds the checkpointer."""
    graph = StateGraph(AskState, context_schema=CallContext)
    graph.add_node("retrieve", retrieve)
    graph.add_node("answer", answer)
    graph.add_node("check", check)
    graph.add_edge(START, "retrieve")
    graph.add_edge("retrieve", "answer")
    graph.add_edge("answer", "check")
    graph.add_edge("check", END)
    return graph


async def retrieve(state: AskState, runtime: Runtime[CallContext]) -> AskState:
    """Find the passages for a question; one that goes on from an earlier one is read with it."""
    desk = _desk(state, runtime)
    asked = [*(turn.question for turn in _earlier(desk, state)[-1:]), state["question"]]
    passages = await desk.look_up("\n".join(asked), max_tokens=_TOKENS)
    return _update(desk, references=desk.store(References(passages=passages)))


async def answer(state: AskState, runtime: Runtime[CallContext]) -> AskState:
    """Answer from the passages, each sentence with the numbers of those that say it."""
    desk = _desk(state, runtime)
    passages = desk.read(state["references"], References).passages
    question = state["question"]
    language = detect_language(question)
    statements: tuple[Statement, ...] = ()
    if passages:
        earlier = _earlier(desk, state)
        statements = await desk.ask(librarian.answer_question(question, language, passages, earlier=earlier))
    draft = Answer(question=question, language=language, statements=statements, passages=passages)
    return _update(desk, draft=desk.store(draft))


async def check(state: AskState, runtime: Runtime[CallContext]) -> AskState:
    """Keep the sentences that a passage supports, with the passages that do."""
    desk = _desk(state, runtime)
    draft = desk.read(state["draft"], Answer)
    kept, dropped = [], []
    for statement in draft.statements:
        supported = await _supported(desk, statement, draft.passages)
        if supported:
            kept.append(statement.model_copy(update={"sources": supported}))
        else:
            dropped.append(statement.text)
    final = draft.model_copy(update={"statements": tuple(kept), "dropped": tuple(dropped)})
    turn = desk.store(final)
    desk.tell("delivery", final.text, answer=turn, dropped=dropped, sources=[p.source for p in final.passages])
    return _update(desk, turns=[turn])


async def _supported(desk: CallDesk, statement: Statement, passages: tuple[Passage, ...]) -> tuple[int, ...]:
    """Numbers of the passages that support a statement: of those it cites, else of those that have its facts."""
    facts = {fact.strip("`").lower() for fact in _FACT.findall(statement.text)}
    holding = [number for number, passage in enumerate(passages, start=1) if _holds(passage.text, facts)]
    cited = [number for number in statement.sources if number in holding]
    others = [number for number in holding if number not in cited] if facts and not cited else []
    return tuple([n for n in (*cited, *others[:1]) if await _says(desk, passages[n - 1], statement.text)])


async def _says(desk: CallDesk, passage: Passage, claim: str) -> bool:
    """Whether a passage says a claim; a small model that is asked denies what stands there word for word."""
    return repeats(passage.text, claim) or await desk.ask(librarian.is_supported(claim, passage))


def _holds(text: str, facts: Iterable[str]) -> bool:
    said = " ".join(text.lower().split())
    return all(fact in said for fact in facts)


def _desk(state: AskState, runtime: Runtime[CallContext]) -> CallDesk:
    return CallDesk(state, runtime.context, runtime.stream_writer)


def _earlier(desk: CallDesk, state: AskState) -> list[Answer]:
    return [desk.read(turn, Answer) for turn in state.get("turns", [])[-_EARLIER:]]


def _update(desk: CallDesk, **update: object) -> AskState:
    return AskState(**{**update, **desk.spent()})  # type: ignore[typeddict-item]
