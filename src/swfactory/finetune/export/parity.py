"""The gate of every export: it must find each token of fixed texts as likely as the trained adapter does."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from swfactory.domain.value import Value
from swfactory.errors import InputError, MissingExtraError, ModelRefused, ModelUnavailable

__all__ = ["LIMIT", "Parity", "Probe", "compare", "llama_scores", "make_probes", "transformers_scores"]

LIMIT = 0.05
"""Most mean absolute difference of log-probabilities a token, in nats; one wrong tensor costs ten times as much."""

_TEXTS = (
    "def median(values: list[float]) -> float:\n    ordered = sorted(values)\n    middle = len(ordered) // 2\n"
    "    if len(ordered) % 2:\n        return ordered[middle]\n    return sum(ordered[middle - 1 : middle + 1]) / 2\n",
    "The harbour master keeps a register of every ship that enters: its name, its flag and the hour of its arrival.",
)
_QUESTION = "Write a function that returns the longest word of a sentence."
_ANSWER = "def longest(sentence: str) -> str:\n    return max(sentence.split(), key=len)"


class Probe(Value):
    """A text whose tokens are judged, each given those before it.

    Args:
        ids: token ids; the first is only given.
        pieces: the tokens as text.
    """

    ids: tuple[int, ...]
    pieces: tuple[str, ...]


class Parity(Value):
    """How far two forms of a model are apart.

    Args:
        tokens: how many were compared.
        mean: mean absolute difference of their log-probabilities, nats.
        largest: largest one, nats.
        piece: the token where it is.
        place: its number in its text, from 0.
    """

    tokens: int
    mean: float
    largest: float
    piece: str
    place: int

    def check(self, form: str, limit: float = LIMIT) -> None:
        """Raise unless the forms agree.

        Args:
            form: what was exported.
            limit: most mean absolute difference, nats.

        Raises:
            InputError: they do not; the message tells where they differ most.
        """
        if not self.mean <= limit:  # also when it is no number
            raise InputError(
                f"the form {form!r} does not say what the trained adapter says: its log-probabilities are "
                f"{self.mean:.3f} apart a token (most allowed: {limit:g}), most of all {self.largest:.3f} at token "
                f"{self.place}, {self.piece!r}; it was not kept",
                hint="is the base the one that it was trained on?  swf adapters show NAME",
            )


def make_probes(tokenizer: Any) -> tuple[Probe, ...]:
    """Cut the fixed texts into tokens, a conversation in the model's template among them.

    Args:
        tokenizer: of Transformers.
    """
    texts = list(_TEXTS)
    if tokenizer.chat_template is not None:
        turns = [{"role": "user", "content": _QUESTION}, {"role": "assistant", "content": _ANSWER}]
        texts.append(tokenizer.apply_chat_template(turns, tokenize=False))
    probes = []
    for text in texts:
        special = text in _TEXTS  # a template writes its own
        ids = tokenizer(text, add_special_tokens=special)["input_ids"]
        probes.append(Probe(ids=tuple(ids), pieces=tuple(tokenizer.decode([token]) for token in ids)))
    return tuple(probes)


def transformers_scores(model: Any, probes: Sequence[Probe]) -> list[list[float | None]]:
    """Log-probability of each token of each probe but the first, by a model of Transformers.

    Raises:
        MissingExtraError: torch is not installed.
    """
    try:
        import torch
    except ModuleNotFoundError as exc:
        raise MissingExtraError("comparing log-probabilities", extra="train") from exc
    scores: list[list[float | None]] = []
    with torch.inference_mode():
        for probe in probes:
            ids = torch.tensor([probe.ids], device=model.device)
            found = model(input_ids=ids, use_cache=False).logits[0, :-1].float().log_softmax(-1)
            scores.append(found.gather(-1, ids[0, 1:, None])[:, 0].tolist())
    return scores


def llama_scores(
    model: Path, probes: Sequence[Probe], *, adapter: Path | None = None, threads: int = 1
) -> list[list[float | None]]:
    """Log-probability of each token of each probe but the first, by llama.cpp.

    A token that ends replies is never told: None.

    Args:
        model: GGUF file.
        probes: what to judge.
        adapter: LoRA in GGUF form.
        threads: threads of computation.

    Raises:
        InputError: the file does not know the tokens, or llama.cpp cannot load it.
        MissingExtraError: xllamacpp is not installed.
        ModelUnavailable: llama.cpp failed.
    """
    from swfactory.models.engine import Engine, EngineOptions
    from swfactory.models.forcing import log_probability

    longest = max(len(probe.ids) for probe in probes)
    options = EngineOptions(
        path=model,
        adapters=(adapter,) if adapter else (),
        threads=threads,
        context=max(256, longest + 8),
        parallel=1,
    )
    try:
        engine = Engine(options)
    except ModelUnavailable as exc:
        raise InputError(f"llama.cpp cannot load what was exported: {exc.message}", hint="swf doctor") from exc
    try:
        scales = [{"id": 0, "scale": 1.0}] if adapter else []
        return [
            [log_probability(engine, probe.ids, place, scales) for place in range(1, len(probe.ids))]
            for probe in probes
        ]
    except ModelRefused as exc:
        raise InputError(
            f"{model.name!r} does not know the tokens of the base: {exc.message}", hint="name the GGUF of the base"
        ) from exc
    finally:
        engine.close()


def compare(
    probes: Sequence[Probe], ours: Sequence[Sequence[float | None]], theirs: Sequence[Sequence[float | None]]
) -> Parity:
    """Compare the scores of two forms; tokens that one of them does not tell are left out.

    Raises:
        InputError: nothing can be compared.
    """
    apart: list[tuple[float, str, int]] = []
    for probe, first, second in zip(probes, ours, theirs, strict=True):
        for place, (one, other) in enumerate(zip(first, second, strict=True), start=1):
            if one is not None and other is not None:
                gap = abs(one - other)
                apart.append((math.inf if math.isnan(gap) else gap, probe.pieces[place], place))
    if not apart:
        raise InputError("no token could be compared", hint="swf doctor")
    largest, piece, place = max(apart)
    return Parity(
        tokens=len(apart), mean=sum(gap for gap, _, _ in apart) / len(apart), largest=largest, piece=piece, place=place
    )
