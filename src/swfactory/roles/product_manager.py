"""The product manager: a requirement to numbered criteria, nothing of it lost."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import combinations, pairwise

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from swfactory.domain.call import Reply, Sampling
from swfactory.domain.requirement import Requirement
from swfactory.domain.spec import Criterion, Example, Spec
from swfactory.errors import ReplyError
from swfactory.requirements.quotations import quoted_examples
from swfactory.requirements.text.sentences import sentences
from swfactory.roles.task import Task, ask, resolved

__all__ = ["ROLE", "closest", "default_spec", "write_spec"]

ROLE = "product_manager"
_MOST = 12
_MOST_OF_ONE = 6
_TITLE_END = re.compile(r"[:：;；\n]")
_TITLE_SPAN = re.compile(r"\s*`(?:python3?|\./)[^`]*`|`")
"""Calls of the program, and the marks of other code."""
_ORDER = re.compile(
    r"^(?:please )?(?:write|create|build|make|implement|develop|i (?:want|need)|i would like)(?: me)?(?: an?| the)?\s+"
    r"|^(?:请)?(?:帮我)?(?:写|做|实现|开发|创建|编写)(?:一个|一套|一款)?\s*",
    re.IGNORECASE,
)
"""How a requirement begins that asks for a product."""
_TITLE_LENGTH = 80
_NO_TITLE = re.compile(
    r"(?:acceptance )?criteria|requirements?|spec(?:ification)?|product|title|验收标准|需求", re.IGNORECASE
)
_TITLE_HEAD = re.compile(
    r"^(?:acceptance criteria|requirements?|spec(?:ification)?) (?:for|of) (?:an? |the )?", re.IGNORECASE
)
"""A title of the document, before that of the product."""


class _Criterion(BaseModel):
    sentence: int
    text: str


class _Reply(BaseModel):
    title: str
    summary: str
    criteria: list[_Criterion]


def write_spec(requirement: Requirement, *, seed: int = 0, comment: str = "") -> Task[Spec]:
    """Ask for criteria; a sentence that the model left out becomes a criterion of its own.

    Args:
        requirement: what was asked for.
        seed: seed of the sample.
        comment: what a person said when rejecting the last spec; empty for none.
    """
    pieces = _pieces(requirement)
    request = ask(
        ROLE,
        "spec",
        Sampling(seed=seed, max_tokens=500, json_schema=_schema(len(pieces))),
        requirement=requirement,
        sentences=pieces,
        comment=comment,
    )
    return Task(request, lambda reply: _read(reply, requirement), lambda: default_spec(requirement))


def _schema(pieces: int) -> dict[str, object]:
    """JSON Schema of a reply; without a bound, a small model lists criteria until its tokens are used up."""
    schema = _Reply.model_json_schema()
    schema["properties"]["criteria"]["maxItems"] = min(_MOST, 2 * pieces + 2)
    return resolved(schema)


def _read(reply: Reply, requirement: Requirement) -> Spec:
    try:
        answer = _Reply.model_validate(_whole(from_json(reply.text, allow_partial=True)))
    except ValidationError as exc:
        raise ReplyError(f"the spec is not valid: {exc.errors()[0]['msg']}") from exc
    except (ValueError, TypeError, AttributeError) as exc:
        raise ReplyError(f"the spec is not valid: {exc}") from exc
    pieces = _pieces(requirement)
    texts: dict[int, list[str]] = {index: [] for index in range(1, len(pieces) + 1)}
    for criterion, home in zip(answer.criteria, _homes(answer.criteria, pieces), strict=True):
        text = criterion.text.strip()
        known = {known for group in texts.values() for known in group}
        if text and home in texts and text not in known and len(texts[home]) < _MOST_OF_ONE:
            texts[home].append(text)
    return _assemble(answer.title, answer.summary, pieces, texts, requirement)


def _homes(criteria: Sequence[_Criterion], pieces: Sequence[str]) -> list[int]:
    """The sentence that each criterion speaks of: the claimed one, unless another fits far better.

    A small model counts its criteria rather than the sentences; what they skip would pass for covered. Of two that
    each fit the other's sentence better, the model has confused the numbers.
    """
    fits = [_fits(criterion.text, pieces) for criterion in criteria]
    best = [max(fit, key=fit.__getitem__) for fit in fits]
    homes = [
        top if criterion.sentence in fit and fit[top] > 2 * fit[criterion.sentence] + 1 else criterion.sentence
        for criterion, fit, top in zip(criteria, fits, best, strict=True)
    ]
    for one, other in combinations(range(len(homes)), 2):
        if homes[one] != homes[other] and (homes[one], homes[other]) == (best[other], best[one]):
            homes[one], homes[other] = homes[other], homes[one]
    return homes


def _fits(text: str, pieces: Sequence[str]) -> dict[int, float]:
    """How much a criterion has in common with each sentence.

    A word that several sentences have ("the", the program's name) says the less about which of them is meant.
    """
    spread = Counter(term for piece in pieces for term in _terms(piece))
    return {
        number: sum(1 / spread[term] for term in _terms(text) & _terms(piece)) for number, piece in enumerate(pieces, 1)
    }


def _terms(text: str) -> set[str]:
    """Words, and pairs of characters where words are not set apart."""
    chinese = re.findall(r"[\u4e00-\u9fff]+", text)
    words = {word.strip(".-") for word in _words(re.sub(r"[\u4e00-\u9fff]", " ", text))}
    return words - {""} | {a + b for run in chinese for a, b in pairwise(run)}


def _whole(answer: dict[str, object]) -> dict[str, object]:
    """A reply without the criterion at which it was cut off."""
    criteria = answer.get("criteria")
    if not isinstance(criteria, list) or not criteria or {"sentence", "text"} <= set(criteria[-1]):
        return answer
    return {**answer, "criteria": criteria[:-1]}


def _pieces(requirement: Requirement) -> tuple[str, ...]:
    """The requirement's sentences; the whole of it when it has none, e.g. ``???``."""
    return sentences(requirement.text) or (requirement.text,)


def default_spec(requirement: Requirement) -> Spec:
    """One criterion a sentence: the spec when the model gives none."""
    pieces = _pieces(requirement)
    return _assemble("", "", pieces, {index: [] for index in range(1, len(pieces) + 1)}, requirement)


def _assemble(
    title: str, summary: str, pieces: tuple[str, ...], texts: dict[int, list[str]], requirement: Requirement
) -> Spec:
    """Number the criteria and give each quoted example to the criterion that speaks of it."""
    rows = [(piece, text) for index, piece in enumerate(pieces, 1) for text in (texts[index] or [piece])]
    examples: list[list[Example]] = [[] for _ in rows]
    for example in quoted_examples(requirement.text):
        examples[_closest(example, rows)].append(example)
    criteria = tuple(
        Criterion(id=f"C{number}", text=text, quote=quote, examples=tuple(found))
        for number, ((quote, text), found) in enumerate(zip(rows, examples, strict=True), 1)
    )
    title = _TITLE_HEAD.sub("", title.strip())
    title = "" if _NO_TITLE.fullmatch(title) else title
    summary = "" if summary.rstrip().endswith((":", "：")) else summary.strip()  # one that only announces a list
    return Spec(
        title=_cut(title or _title(pieces[0]) or "program"),
        summary=summary or pieces[0],
        criteria=criteria,
    )


def _title(sentence: str) -> str:
    """What a requirement's first sentence calls the product: the sentence, without the order and the calls in it."""
    words = _ORDER.sub("", _TITLE_SPAN.sub("", _TITLE_END.split(sentence)[0]).strip(), count=1).strip(" .,，。")
    first = words.split(" ", 1)[0]
    return words if "." in first or not first else words[0].upper() + words[1:]


def _cut(title: str) -> str:
    """A title of bounded length, cut between words where there are any."""
    if len(title) <= _TITLE_LENGTH:
        return title
    return re.sub(r"\s+\S*$", "", title[: _TITLE_LENGTH - 1]) + "…"


def closest(example: Example, criteria: Sequence[Criterion]) -> Criterion:
    """The criterion that shares most words with an example."""
    return criteria[_closest(example, [(c.quote, c.text) for c in criteria])]


_RAISED = re.compile(r"pytest\.raises\((\w+)\)")
_OF_NOTHING = re.compile(r"""\w\((?:''|""|\[\]|\{\}|\(\))[,)]""")
_EMPTY = re.compile(r"\bempty\b|空", re.IGNORECASE)


def _closest(example: Example, rows: list[tuple[str, str]]) -> int:
    """Index of the row (sentence, criterion) that shares most words with an example; the sentence weighs most."""
    if example.kind == "api":
        words = {name.lower() for name in re.findall(r"[A-Za-z_]\w*", example.code)}  # literals are the tester's own
    else:
        words = _words(" ".join(example.steps[0].argv[1:]))

    raised = _RAISED.search(example.code) if example.kind == "api" else None
    empty = example.kind == "api" and _OF_NOTHING.search(example.code)

    def score(row: tuple[str, str]) -> tuple[bool, bool, int, int]:
        quote, text = row
        shared = words & _words(quote)
        # What an example must raise, or make of nothing, hardly another sentence speaks of.
        special = bool(raised and raised[1] in quote), bool(empty and shared and _EMPTY.search(quote))
        return *special, len(shared), len(words & _words(text))

    return max(range(len(rows)), key=lambda index: score(rows[index]))


def _words(text: str) -> set[str]:
    return set(re.findall(r"[\w.-]+", text.lower()))
