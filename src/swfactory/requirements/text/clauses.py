"""Sentences of a requirement taken apart into what each says of one thing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from swfactory.requirements.text.orders import as_order

__all__ = ["clauses", "conditional", "covered", "joined", "statements"]

_COVERED = re.compile(r"`[^`]*`|\"[^\"]*\"|\[[^\[\]]*\]|\([^()]*\)|（[^（）]*）")
_PADDING = re.compile(r"\([^()]*\)|\b(?:and|or|a|an|the)\b")
_COMMA = re.compile(r"[,，、](?!\s*(?:else|otherwise)\b)\s*(?:and\s+|with\s+)?")
_CONDITION = re.compile(r"(?:When|If|After|Once|Unless|While|Before|As soon as|As long as|Whenever)\b", re.IGNORECASE)
_CALL = r"[A-Za-z_]\w*\([^()]*\)"
_NAMED = rf"(?:{_CALL}|[-+*/]|==)"
_LISTS = (
    (re.compile(r"\d\Z"), re.compile(r"\d")),
    (re.compile(r"[\"”`]\Z"), re.compile(r"[\"“`]")),
    (
        re.compile(rf"\b(?:by|for|from|in|of|on) {_NAMED}(?:, {_NAMED})*\Z"),
        re.compile(rf"{_NAMED}(?: (?:and|or) (?:{_NAMED}|[a-z_]+))?\Z"),
    ),
)
"""How the items of a list end, and how the next ones begin: a number, something quoted, a call or operator."""
_REMARKED = re.compile(rf"{_NAMED} and {_NAMED}\s*[(（]")
"""Of two, the remark is on the second."""
_SAYS_AND = re.compile(r"\s*[,，]?\s*(?:和|以及|及)\s*(?=[A-Za-z_]\w*\()")
_EXCEPTION = re.compile(r"(?:an? )?[A-Z]\w*Error (?:when|if|for|on|in|unless)\b")
_NAME = re.compile(r"`?[A-Za-z_]\w*`?")
_NAMES = re.compile(rf"(?:{_NAME.pattern}, )*{_NAME.pattern} and {_NAME.pattern} [a-z]")
_ITEM = 2
_PAIR = 2


def covered(text: str) -> str:
    """Hide what is in brackets or quotes, and keep the length.

    Args:
        text: any.
    """
    while _COVERED.search(text):
        text = _COVERED.sub(lambda match: "_" * len(match[0]), text)
    return text


def clauses(sentence: str) -> Iterator[tuple[str, str]]:
    """Split at commas that are not in brackets or quotes.

    Args:
        sentence: with its brackets and quotes whole.

    Yields:
        The comma before a clause, and the clause.
    """
    start, comma = 0, ""
    for match in [*_COMMA.finditer(covered(sentence)), None]:
        end = match.start() if match else len(sentence)
        if clause := sentence[start:end].strip():
            yield comma, clause
        if match:
            start, comma = match.end(), match[0]


def joined(sentence: str, names: Callable[[str], Sequence[object]]) -> list[str]:
    """Split a sentence into clauses, lists in one piece: a word or two say nothing alone, and ``、`` only parts items.

    Args:
        sentence: with its brackets and quotes whole.
        names: what a clause speaks of by name.
    """
    found: list[str] = []
    for comma, clause in clauses(sentence):
        if found and (_is_condition(found[-1]) or any(a.search(found[-1]) and b.match(clause) for a, b in _LISTS)):
            found[-1] += f"{comma}{clause}"
            continue
        while found and _NAME.fullmatch(found[-1]) and _NAMES.match(clause) and names(found[-1]):
            clause = f"{found.pop()}, {clause}"  # of three names that something is said of, the first
        if found and _EXCEPTION.match(clause) and "raise" in found[-1]:
            clause = f"raises {clause}"  # the verb of the clause before
        item = "、" in comma or (clause.isascii() and len(_PADDING.sub("", clause).split()) <= _ITEM)
        if found and item and not names(clause) and as_order(clause) == clause:
            found[-1] += f"{comma}{clause}"
        else:
            found.append(clause)
    return found


def _is_condition(clause: str) -> bool:
    return _CONDITION.match(clause) is not None and "," not in clause and len(clause.split()) > _PAIR


def conditional(clause: str) -> tuple[str, str]:
    """Part the condition that a clause begins with from what happens then.

    Args:
        clause: e.g. "When it is full, put(key) drops the oldest".

    Returns:
        The condition, without its comma and in lower case, and the rest; the condition is empty when there is none.
    """
    parts = [*clauses(clause)]
    if len(parts) < _PAIR or not _is_condition(parts[0][1]):
        return "", clause
    condition = parts[0][1]
    return condition[0].lower() + condition[1:], clause[clause.index(condition) + len(condition) :].lstrip(" ,，")


def statements(parts: Iterable[str], names: Callable[[str], Sequence[object]]) -> Iterator[str]:
    """Take clauses apart that say one thing of one function and another of the next.

    Args:
        parts: clauses.
        names: what a clause speaks of by name.
    """
    for part in parts:
        intro, colon, rest = part.partition(": ")
        if colon and names(rest):
            yield from (intro, rest)
            continue
        done, raising, error = part.partition(" and raises ")
        if raising and len(done.split()) > _ITEM:
            yield from (done, f"raises {error}")
            continue
        each = _SAYS_AND.split(part)
        if len(each) > 1 and all(re.search(r"\w", re.sub(_CALL, "", one)) for one in each):
            yield from each
            continue
        halves = re.split(r"\s+and\s+", part)
        apart = len(halves) == _PAIR and (
            all(len(half.split()) > _ITEM for half in halves) or _REMARKED.match(" and ".join(halves)) is not None
        )
        first, second = map(names, halves) if apart else ([], [])
        yield from halves if first and second and first != second else [part]
