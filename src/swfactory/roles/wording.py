"""Whether a text says a claim in the claim's own words: what needs no model to be believed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

__all__ = ["repeats"]

_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？；])|\n\s*\n|\n(?=\s*[-*#|>])")
_WORD = re.compile(r"[\u3400-\u9fff]|\d+(?:[.,:/-]\d+)*|[^\W\d_\u3400-\u9fff]+(?:'t)?")
_SMALL = frozenset(
    (
        *("a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "have", "in", "is", "it", "its", "of"),
        *("on", "or", "that", "the", "this", "to", "was", "were", "will", "with"),
        *("的", "了", "是", "在", "和", "与", "为", "于", "也", "都", "就"),
    )
)
"""Words that a sentence may have more or fewer of and say the same."""
_DENIAL = re.compile(r"not|no|never|none|nor|without|except|unless|cannot|\w+n't|[不没未无非除]")
_LEAST = 3
"""Words that count, below which a claim is in too many sentences."""


def repeats(text: str, claim: str) -> bool:
    """Whether sentences of a text have the words of a claim's, in its order and with nothing between that changes it.

    No denial may be left out, and no number behind one that is taken: of "6.80 for staff and 9.40 for guests" it is not
    said that guests pay 6.80.

    Args:
        text: a passage.
        claim: a sentence or a few.
    """
    known = [_words(sentence) for sentence in _SENTENCE.split(text)]
    claims = [words for sentence in _SENTENCE.split(claim) if (words := _words(sentence))]
    return bool(claims) and all(len(c) >= _LEAST and any(_has(words, c) for words in known) for c in claims)


def _words(text: str) -> list[str]:
    return [word for word in (found[0].lower() for found in _WORD.finditer(text)) if word not in _SMALL]


def _has(words: Sequence[str], wanted: Sequence[str]) -> bool:
    places = [*_places(words, wanted)]
    if len(places) < len(wanted):
        return False
    for place, following in pairwise(places):
        between = words[place + 1 : following]
        if words[place][0].isdigit() and any(word[0].isdigit() for word in between):
            return False
    left_out = {*range(places[0], places[-1])} - {*places}
    return not any(_DENIAL.fullmatch(words[place]) for place in left_out)


def _places(words: Sequence[str], wanted: Sequence[str]) -> Iterator[int]:
    """Where the wanted words are, in their order; fewer when one is missing."""
    at = 0
    for word in wanted:
        if word not in words[at:]:
            return
        at = words.index(word, at) + 1
        yield at - 1
