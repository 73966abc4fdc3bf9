"""Conversations into tokens, with the tokens of the replies marked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import jinja2

from swfactory.errors import InputError
from swfactory.finetune.rows import Message
from swfactory.finetune.training.families import Family

__all__ = ["IGNORED", "count_prompt", "encode", "located", "prepare_tokenizer", "render"]

IGNORED = -100
"""Label of a token that is not learnt."""


def prepare_tokenizer(tokenizer: Any, family: Family) -> None:
    """Give a tokenizer what training needs: a chat template, and a token to pad with.

    Args:
        tokenizer: changed in place.
        family: of the base.

    Raises:
        InputError: it has no token that ends a text.
    """
    if tokenizer.chat_template is None:
        tokenizer.chat_template = family.template
    if tokenizer.pad_token is None:
        if tokenizer.eos_token is None:
            raise InputError(
                f"the tokenizer of {tokenizer.name_or_path!r} has neither a pad nor an end token",
                hint="set eos_token in its tokenizer_config.json",
            )
        tokenizer.pad_token = tokenizer.eos_token


def encode(tokenizer: Any, messages: Sequence[Message], *, length: int, assistant_only: bool) -> dict[str, list[int]]:
    """Return the tokens of a conversation and their labels.

    Most templates do not say which tokens are the model's. They are found by rendering the turns before each reply:
    what the reply adds, up to and with the token that ends it, is what the model must write.

    Args:
        tokenizer: has a chat template.
        messages: turns.
        length: most tokens; the rest is cut.
        assistant_only: leave out the labels of all that is not a reply.

    Raises:
        InputError: the template refuses the turns.
    """
    turns = [{"role": message.role, "content": message.content} for message in messages]
    text = render(tokenizer, messages)
    spans = _replies(tokenizer, turns, text) if assistant_only else [(0, len(text))]
    if tokenizer.is_fast:
        whole = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
        ids = list(whole["input_ids"])
        marks = [_within(begin, end, spans) for begin, end in whole["offset_mapping"]]
    else:
        ids, marks = _by_pieces(tokenizer, text, spans)
    labels = [token if marked else IGNORED for token, marked in zip(ids, marks, strict=True)]
    return {"input_ids": ids[:length], "labels": labels[:length]}


def render(tokenizer: Any, messages: Sequence[Message], *, ask: bool = False) -> str:
    """Return a conversation as the model reads it.

    Args:
        tokenizer: has a chat template.
        messages: turns.
        ask: go on with the beginning of a reply.

    Raises:
        InputError: the template refuses the turns.
    """
    return _render(tokenizer, [{"role": message.role, "content": message.content} for message in messages], ask=ask)


def count_prompt(tokenizer: Any, messages: Sequence[Message]) -> int:
    """Return the tokens of a prompt, the beginning of the reply with it.

    Raises:
        InputError: the template refuses the turns.
    """
    return len(tokenizer(render(tokenizer, messages, ask=True), add_special_tokens=False)["input_ids"])


@contextmanager
def located(place: str) -> Iterator[None]:
    """Say of which row an error is.

    Args:
        place: ``FILE:LINE``.
    """
    try:
        yield
    except InputError as exc:
        raise InputError(f"{place}: {exc.message}", hint=exc.hint) from exc


def _render(tokenizer: Any, turns: Sequence[dict[str, str]], *, ask: bool = False) -> str:
    try:
        return str(tokenizer.apply_chat_template(list(turns), tokenize=False, add_generation_prompt=ask))
    except (jinja2.TemplateError, ValueError) as exc:
        raise InputError(f"the chat template refuses the messages: {exc}", hint="mend the row") from exc


def _replies(tokenizer: Any, turns: Sequence[dict[str, str]], text: str) -> list[tuple[int, int]]:
    """Begin and end of each reply in the text, its end token with it."""
    spans = []
    for index, turn in enumerate(turns):
        if turn["role"] != "assistant":
            continue
        before = _shared(_render(tokenizer, turns[:index], ask=True), text) if index else 0
        after = _shared(_render(tokenizer, turns[: index + 1]), text)
        said = turn["content"].strip()  # some templates trim it
        found = text.find(said, before, after)
        closing = before if found < 0 else found + len(said)
        stop = text.find(tokenizer.eos_token, closing, after) if tokenizer.eos_token else -1
        spans.append((before, after if stop < 0 else stop + len(tokenizer.eos_token)))
    return spans


def _within(begin: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a token lies in a span; some tokenizers give blanks no width, and their end as the place."""
    if begin == end:
        return any(s < begin <= e for s, e in spans)
    return any(s <= begin < e for s, e in spans)


def _shared(begin: str, text: str) -> int:
    """Characters that two texts have in common from the start."""
    if text.startswith(begin):
        return len(begin)
    return next((at for at, (a, b) in enumerate(zip(begin, text, strict=False)) if a != b), min(len(begin), len(text)))


def _by_pieces(tokenizer: Any, text: str, spans: Sequence[tuple[int, int]]) -> tuple[list[int], list[bool]]:
    """For tokenizers that do not say where their tokens are: what lies between the spans by itself."""
    ids: list[int] = []
    marks: list[bool] = []
    at = 0
    for begin, end in [*spans, (len(text), len(text))]:
        for piece, marked in ((text[at:begin], False), (text[begin:end], True)):
            tokens = tokenizer(piece, add_special_tokens=False)["input_ids"] if piece else []
            ids += tokens
            marks += [marked] * len(tokens)
        at = end
    return ids, marks
