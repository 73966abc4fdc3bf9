"""Questions out of documents: a model asks and answers, and what the passage does not say is thrown away."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from importlib.resources import files as resources
from typing import TYPE_CHECKING, Any

from swfactory.domain.call import Message as Turn
from swfactory.domain.call import Request, Sampling
from swfactory.errors import InputError
from swfactory.finetune.data.collect import documents_of
from swfactory.finetune.data.recipe import SourceRecipe
from swfactory.finetune.data.tally import Tally
from swfactory.finetune.rows import Conversation, Message, Origin

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["document_rows", "grounded"]

_ROLE = "examiner"
_REPLY_TOKENS = 300
_PASSAGE_CHARS = (200, 4_000)
_COVERED = 0.7
"""Share of an answer's telling words that its passage has."""
_SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {key: {"type": "string"} for key in ("question", "answer", "quote")},
    "required": ["question", "answer", "quote"],
    "additionalProperties": False,
}
_WORD = re.compile(r"[^\W_]+|[\u3400-\u9fff]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_POINTS_AT_IT = re.compile(
    r"\b(?:this|the|above|following) (?:passage|text|document|section|excerpt|paragraph)\b|本文|该段|上文|这段",
    re.IGNORECASE,
)
_SMALL = frozenset(
    (
        *("a", "an", "the", "is", "are", "was", "were", "be", "it", "its", "of", "to", "in", "on", "for", "and", "or"),
        *("by", "with", "that", "this", "as", "at", "from", "which", "can", "will", "has", "have", "not", "than", "do"),
        *("does", "you", "your", "if", "when", "they", "there", "into", "no", "的", "了", "是", "在", "和", "与", "有"),
    )
)


def document_rows(source: SourceRecipe, model: BaseChatModel, tally: Tally, *, seed: int = 0) -> Iterator[Conversation]:
    """Yield a question and its answer for each passage of the documents that gives one.

    Args:
        source: of type ``documents``.
        model: asks and answers.
        tally: counts what is left out.
        seed: of the model's samples.

    Raises:
        NotFoundError: there is no such folder.
        ModelError: the model cannot be reached, or refuses.
        MissingExtraError: the extra ``rag`` is not installed.
    """
    from swfactory.rag.cutting import cut_file

    for path, file in documents_of(source, tally):
        try:
            chunks, _ = cut_file(file, path)
        except InputError:
            tally.drop("document that cannot be read")
            continue
        for chunk in chunks:
            if not _PASSAGE_CHARS[0] <= len(chunk.text) <= _PASSAGE_CHARS[1]:
                tally.drop("passage too short or too long")
                continue
            passage = f"{chunk.symbol}\n\n{chunk.text}" if chunk.symbol else chunk.text
            found = _ask(model, f"From {path}:\n\n{passage}", seed)
            if found is None:
                tally.drop("question that cannot be read")
            elif tally.keeps(grounded(*found, passage)):
                question, reply, _ = found
                turns = (Message(role="user", content=question), Message(role="assistant", content=reply))
                group = f"document:{source.title}" + ("" if source.group == "source" else f"/{path}")
                origin = Origin(
                    source=source.title, group=group, path=path, license=source.license, maker="document_questions"
                )
                yield Conversation(messages=turns, origin=origin)


def _ask(model: BaseChatModel, passage: str, seed: int) -> tuple[str, str, str] | None:
    """Question, answer and quote of a passage; None when the reply has none."""
    from langchain_core.messages import HumanMessage, SystemMessage

    system = resources("swfactory.finetune.data").joinpath("prompts/question_system.txt").read_text("utf-8").strip()
    request = Request(
        role=_ROLE,
        messages=(Turn(role="system", content=system), Turn(role="user", content=passage)),
        sampling=Sampling(seed=seed, max_tokens=_REPLY_TOKENS, json_schema=_SCHEMA),
    )
    reply = model.invoke([SystemMessage(content=system), HumanMessage(content=passage)], **request.options)
    text = reply.text
    begin, end = text.find("{"), text.rfind("}")
    try:
        said: Any = json.loads(text[begin : end + 1])
    except (json.JSONDecodeError, RecursionError):
        return None
    values = [said.get(key) for key in ("question", "answer", "quote")] if isinstance(said, dict) else []
    texts = [value.strip() for value in values if isinstance(value, str) and value.strip()]
    return (texts[0], texts[1], texts[2]) if len(texts) == 3 else None


def grounded(question: str, answer: str, quote: str, passage: str) -> str:
    """Return why a question and its answer do not stand on a passage; empty when they do.

    Args:
        question: must be one, and be understood without the passage.
        answer: its telling words and all its numbers must be the passage's.
        quote: must be in the passage, word for word.
        passage: what was asked about.
    """
    if not question.rstrip().endswith(("?", "？")) or _POINTS_AT_IT.search(question):
        return "question that needs its passage"
    words = _words(passage)
    if not _words(quote) or " ".join(_words(quote)) not in " ".join(words):
        return "quote that is not in the passage"
    if not set(_NUMBER.findall(answer)) <= set(_NUMBER.findall(passage)) | set(_NUMBER.findall(question)):
        return "answer with a number of its own"
    telling = [word for word in _words(answer) if word not in _SMALL]
    known = set(words) | set(_words(question))
    if not telling or sum(word in known for word in telling) < _COVERED * len(telling):
        return "answer that the passage does not hold"
    return ""


def _words(text: str) -> list[str]:
    return _WORD.findall(text.lower())
