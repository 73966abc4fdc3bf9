"""The librarian: answers questions from what was found, and says which of it an answer rests on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from swfactory.domain.answer import Answer, Statement
from swfactory.domain.call import Message, Reply, Request, Sampling
from swfactory.domain.references import Passage
from swfactory.errors import ReplyError
from swfactory.roles.task import Task, render, schema_of

__all__ = ["ROLE", "answer_question", "is_supported", "spoken"]

ROLE = "librarian"
_TOKENS = 400
_SENTENCES = 4


class _Sentence(BaseModel):
    text: str
    sources: list[int]


class _Reply(BaseModel):
    sentences: list[_Sentence]


class _Verdict(BaseModel):
    supported: Literal["yes", "no"]


def answer_question(
    question: str,
    language: Literal["en", "zh"],
    passages: Sequence[Passage],
    *,
    earlier: Sequence[Answer] = (),
    seed: int = 0,
) -> Task[tuple[Statement, ...]]:
    """Ask for an answer, sentence by sentence, each with the numbers of its sources.

    Args:
        question: as it was asked.
        language: of the answer.
        passages: what was found; their numbers count from 1.
        earlier: what was said before in the conversation, the oldest first.
        seed: seed of the sample.
    """
    schema = schema_of(_Reply)
    numbers = {"type": "integer", "enum": [*range(1, len(passages) + 1)]}
    sentence = {
        "type": "object",
        "properties": {"text": {"type": "string"}, "sources": {"type": "array", "items": numbers, "minItems": 1}},
        "required": ["text", "sources"],
    }
    schema["properties"] = {"sentences": {"type": "array", "items": sentence, "maxItems": _SENTENCES}}
    request = Request(
        role=ROLE,
        messages=(
            Message(role="system", content=render("system_librarian")),
            Message(
                role="user",
                content=render("answer", question=question, language=language, passages=passages, earlier=earlier),
            ),
        ),
        sampling=Sampling(seed=seed, max_tokens=_TOKENS, json_schema=schema),
    )
    return Task(request, lambda reply: _read(reply, len(passages)))


def is_supported(claim: str, passage: Passage) -> Task[bool]:
    """Ask whether a passage says what a claim says; a reply that is neither yes nor no is a no.

    Args:
        claim: a sentence of an answer.
        passage: what it is said to rest on.
    """
    request = Request(
        role=ROLE,
        messages=(
            Message(role="system", content=render("system_librarian")),
            Message(role="user", content=render("support", claim=claim, passage=passage)),
        ),
        sampling=Sampling(max_tokens=16, json_schema=schema_of(_Verdict)),
    )

    def read(reply: Reply) -> bool:
        try:
            return _Verdict.model_validate_json(reply.text).supported == "yes"
        except ValidationError as exc:
            raise ReplyError(f"neither yes nor no: {reply.text[:40]!r}") from exc

    return Task(request, read, lambda: False, retries=0)


def spoken(reply: str) -> str:
    """Return what a reply to ``answer_question`` says so far, while it is being written.

    Args:
        reply: JSON, possibly cut off anywhere.
    """
    try:
        parsed = from_json(reply, allow_partial="trailing-strings")
    except ValueError:
        return ""
    sentences = parsed.get("sentences", []) if isinstance(parsed, dict) else []
    return " ".join(str(s.get("text", "")) for s in sentences if isinstance(s, dict))


def _read(reply: Reply, count: int) -> tuple[Statement, ...]:
    try:
        answer = _Reply.model_validate(from_json(reply.text, allow_partial=True))
    except (ValueError, ValidationError) as exc:
        raise ReplyError(f"the answer is not valid: {exc}") from exc
    found: list[Statement] = []
    for sentence in answer.sentences[:_SENTENCES]:
        numbers = tuple(dict.fromkeys(number for number in sentence.sources if 1 <= number <= count))
        text = " ".join(sentence.text.split())
        if text and not any(text in said.text for said in found):  # small models say a thing twice
            found.append(Statement(text=text, sources=numbers))
    return tuple(found)
