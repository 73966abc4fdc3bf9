"""Statements turned into orders: "single words left out" becomes "leave out single words".

Small models take "groups with a single word left out" for a description of groups and keep them, and read "text with
digits raises ValueError" as a demand for digits; an order they follow.
"""

from __future__ import annotations

import re

from swfactory.requirements.text.hedges import is_denied

__all__ = ["as_order"]

_IRREGULAR = {
    "cut": "cut",
    "given": "give",
    "hidden": "hide",
    "kept": "keep",
    "left": "leave",
    "limited": "limit",
    "made": "make",
    "put": "put",
    "read": "read",
    "shown": "show",
    "split": "split",
    "written": "write",
}
_REGULAR = re.findall(
    r"\w+",
    """align append cap capitalize clip collapse combine concatenate convert count drop encode escape exclude expand
    fill filter flatten format group ignore include indent join list lowercase mask merge normalize number omit order
    pad prefix preserve print quote remove rename repeat replace report return reverse round save separate skip sort
    store strip subtract sum swap tokenize treat trim truncate unescape uppercase wrap""",
)
_DOUBLED = re.compile(r"(?:^|[^aeiou])[aiou][bdgmnprt]$")
_TAIL = re.compile(r"(?:out|away|off|up|together|aside|apart|back)\b")
_SUBJECT = r"(?:(?:each|every|all|the|any|its|their|both) )?(?:[\w'-]+ ){0,3}?[\w'-]+"
_RELATION = r" (?:with|without|of|in|from|that are|shorter than|longer than) (?:[\w'-]+ ?){1,4}?"


def _participle(verb: str) -> str:
    return verb + ("d" if verb.endswith("e") else f"{verb[-1]}ed" if _DOUBLED.search(verb) else "ed")


_VERBS = {_participle(verb): verb for verb in _REGULAR} | _IRREGULAR
_PASSIVE = re.compile(rf"({_SUBJECT}(?:{_RELATION})?) ({'|'.join(_VERBS)})\b(.*)", re.DOTALL)
_NO_SUBJECT = re.compile(
    r"\b(?:is|are|was|be|has|have|must|can|may|should|raises?|gives?|returns?|prints?|exits?|does|do|which|where|when"
    r"|returning|giving|raising)\b|\b(?:an?|the|of|in|by|from|to|and|or)$"
)
_RAISES = re.compile(r"(\w[^;]*?),? raises? (?:an? )?([A-Z]\w*)(?: in `?\w+`?)?")
_UNLESS = re.compile(r"(?:for )?(.+?)(?:,| \()? ?(?:otherwise|else)(?: raises?)?,? (?:an? )?([A-Z]\w*Error)\)?")
_CASE = re.compile(r"(?:an? )?([A-Z]\w*Error) ((?:if|when|for|unless|without) .+)")
_OTHERWISE = re.compile(r"(?:an? )?([A-Z]\w*Error) (?:otherwise|else)")
_STATEMENT = re.compile(r"^(?:an?|the|each|every) \w+ (?:is|are|has|have)\b")
_SEVERAL = re.compile(r" and |[a-z][^\Wisu]s$")
_ACTIVE = re.compile(r"(return|rais|giv|ignor|keep)(?:ing|e?s)\b", re.IGNORECASE)


def as_order(clause: str) -> str:
    """Turn a clause like "each group sorted by name" into "sort each group by name"; others are returned as they are.

    Args:
        clause: a part of a sentence.
    """
    if (error := _RAISES.fullmatch(clause)) is not None:
        if is_denied(error[1]):
            return clause
        what = error[1] if error[1][1:2].isupper() else error[1][0].lower() + error[1][1:]
        return f"raise {error[2]} for {what}"
    if (case := _CASE.fullmatch(clause)) is not None:
        return f"raise {case[1]} {case[2]}"
    if (other := _OTHERWISE.fullmatch(clause)) is not None:
        return f"raise {other[1]} otherwise"
    if (bound := _UNLESS.fullmatch(clause)) is not None:
        return f"raise {bound[2]} unless {_condition(bound[1])}"
    if (verb := _ACTIVE.match(clause)) is not None:
        stem = verb[1].lower()
        return f"{stem}{'' if stem in {'return', 'keep'} else 'e'}{clause[verb.end() :]}"
    passive = _PASSIVE.fullmatch(clause)
    if passive is None or _NO_SUBJECT.search(passive[1]):
        return clause
    subject, rest = passive[1], passive[3].strip()
    tail = _TAIL.match(rest)
    words = [_VERBS[passive[2]], *([tail[0]] if tail else []), subject, rest[tail.end() :].strip() if tail else rest]
    return " ".join(word for word in words if word)


def _condition(demand: str) -> str:
    """What must hold, as a condition: "n must be positive", "square only", "a list of words", "a side is a number"."""
    subject, must, rest = demand.partition(" must be ")
    if must:
        what = subject if subject[1:2].isupper() else subject[:1].lower() + subject[1:]
        return f"{what} {'are' if _SEVERAL.search(what) else 'is'} {rest}"
    if _STATEMENT.search(demand):
        return demand
    return demand.removesuffix(" only") if demand.endswith(" only") else f"it is {demand}"
