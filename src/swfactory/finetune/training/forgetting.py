"""Forgetting: perplexity on general text that the training never sees."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from swfactory.errors import InputError, NotFoundError

__all__ = ["perplexity", "read_text"]


def read_text(path: Path) -> str:
    """Read general text.

    Args:
        path: a text file, or JSONL whose lines have ``text`` or ``messages``.

    Raises:
        NotFoundError: there is no such file.
        InputError: it is empty, or a line of it has no text.
    """
    try:
        raw = path.read_text(encoding="utf-8")
    except FileNotFoundError as exc:
        raise NotFoundError(f"there is no text {str(path)!r}", hint="forgetting: {text: FILE}") from exc
    except (OSError, UnicodeDecodeError) as exc:
        raise InputError(f"the text {str(path)!r} cannot be read: {exc}", hint="give text in UTF-8") from exc
    if path.suffix == ".jsonl":
        raw = "\n\n".join(
            _text_of(line, f"{path}:{number}") for number, line in enumerate(raw.splitlines(), 1) if line.strip()
        )
    if not raw.strip():
        raise InputError(f"the text {str(path)!r} is empty", hint="forgetting: {text: FILE}")
    return raw


def _text_of(line: str, place: str) -> str:
    try:
        row = json.loads(line)
        return row["text"] if "text" in row else "\n\n".join(message["content"] for message in row["messages"])
    except (ValueError, KeyError, TypeError) as exc:
        raise InputError(f"{place}: no 'text' and no 'messages'", hint="one JSON object a line") from exc


def perplexity(model: Any, tokenizer: Any, text: str, *, length: int, tokens: int) -> float:
    """Return the perplexity of a text, read in windows.

    Args:
        model: causal language model.
        tokenizer: of it.
        text: to be predicted.
        length: tokens a window.
        tokens: most tokens.
    """
    import torch

    # in pieces of characters: a text far longer than a context is no mistake here
    ids = tokenizer(text[: 16 * tokens], add_special_tokens=False, truncation=True, max_length=tokens)["input_ids"]
    windows = [ids[at : at + length] for at in range(0, len(ids), length)]
    training = model.training
    model.eval()
    total, count = 0.0, 0
    with torch.no_grad():
        for window in (window for window in windows if len(window) > 1):
            batch = torch.tensor([window], device=next(model.parameters()).device)
            logits = model(input_ids=batch, attention_mask=torch.ones_like(batch), use_cache=False).logits
            scores = logits[0, -len(window) : -1].float().log_softmax(-1)
            total -= float(scores.gather(-1, batch[0, 1:, None]).sum())
            count += len(window) - 1
    model.train(training)
    return math.exp(total / max(1, count))
