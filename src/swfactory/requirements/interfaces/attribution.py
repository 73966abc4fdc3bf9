"""What a requirement says, given to the functions and methods that it is said of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from swfactory.requirements.interfaces.methods import SIGNATURE, Method, method_naming
from swfactory.requirements.interfaces.parameters import is_parameters, names_of, required
from swfactory.requirements.interfaces.records import records_of
from swfactory.requirements.interfaces.regions import SOURCE_FILE, Statement, split_sentences
from swfactory.requirements.text.cases import cases
from swfactory.requirements.text.clauses import clauses, conditional, covered, joined, statements
from swfactory.requirements.text.orders import as_order

__all__ = ["ERROR", "attribute"]

_DUNDER = re.compile(r"(?<!\w)__[a-z]+__(?!\w)")
_HAS_CLASS = re.compile(r"\S+\.py\W? (?:with|has|offers|contains|defines|provides|having) (?:an?|the|one) class \w+")
_REMARK = re.compile(r"[(（]([^()（）]*)[)）]")
_REFUSED = re.compile(
    r"raise \w+ (?:for|if|when) (?P<refused>(?:[\w-]+\s*){1,3})|raise \w+ unless (?P<demanded>[^;]*?) (?:is|are)\b",
    re.IGNORECASE,
)
_CONDITIONAL = re.compile(r"raise \w+ (?:if|when|unless)\b", re.IGNORECASE)
_UNKNOWN = re.compile(r"\bunknown (\w+)|(?:未知|不存在)的?\s*([a-z_]\w*)")
_CASES = re.compile(
    r"(raise \w+ for \w+ing(?: \w+)?) when ([^,]+), or ((?:a|an|the|for|to|in|with|without|more) [^,]+)"
)
_ELSEWHERE = re.compile(r"\bwhat (?:is|was|has) not (?:been )?[a-z]+|\bin \w+ order\b")
"""Names a function that ought to have been called, or that another one goes by, and says nothing of it."""
_REMARK_ON_LAST = re.compile(r"^(?:__[a-z]+__(?:,? and |, ))+(?=__[a-z]+__ (?:in|with|without)\b)")
ERROR = re.compile(
    r"\braises? (?:an? )?[A-Z]\w*|\b(?:otherwise|else),? (?:an? )?[A-Z]\w*Error\b"
    r"|\b[A-Z]\w*Error (?:if|when|for|unless|without)\b|抛出\s*[A-Z]\w*"
)
"""Says what is an error."""
_LISTED = re.compile(r"\b[a-z_]\w*(?:, (?:and )?[a-z_]\w*)*(?:,? (?:and|or) [a-z_]\w*)")
_DONE_BY = re.compile(r"^(\w[^,;]* (?:is|are) \w+) by $")
_KIND = re.compile(r"(?:(?:async )?def|[Cc]lass|[Ff]unction|[Mm]ethod|函数|方法|类)\s*[:：]?\s*")
_BETWEEN = re.compile(r"\s*(?:[,/，、]|\band\b|\bor\b|和)\s*")
_STATE = re.compile(r"(?:对|在)?\s*(空的?[\u3400-\u9fff]{0,4}?)(?:上|调用|时)*\s*$")
"""What an object is like whose method is named after it: "空队列 pop() 抛出 IndexError"."""
_MANY = re.compile(r"\w{2}[^s]s$")
_INDEX = re.compile(r"(?<![\w.])index(?!\w)", re.IGNORECASE)
_ADDS = re.compile(r"(?:add|append|create|insert|new|open|push|put|register|save|set|store)(?:_|$)")
"""Methods to which nothing has to be known before."""
_LONGEST = 160


def attribute(
    sentences: Iterable[Statement], methods: Mapping[str, Method], makers: Mapping[str, Method]
) -> dict[str, None]:
    """Give every clause to the methods that it names, or else to those that its sentence has named last.

    A list item that begins with a signature speaks of nothing else: in "balance(account)" an "account" is no method.

    Args:
        sentences: about one module.
        methods: name to function or method; what is said of one is added to its clauses.
        makers: class to its ``__init__``, likewise.

    Returns:
        The clauses that name none.
    """
    known = {**makers, **methods}
    patterns = [(_pattern(function), function) for function in methods.values()]
    if "__getitem__" in methods and "index" in methods:  # "indexing" is not what ``index`` does
        patterns = [(_INDEX if one.name == "index" else pattern, one) for pattern, one in patterns]
    patterns += [
        (re.compile(rf"^{name}\(|\bclass {name}\b|\b{name}\((?=[a-z_*])"), maker) for name, maker in makers.items()
    ]

    def names(clause: str) -> list[Method]:
        clause = _REMARK_ON_LAST.sub("", clause)
        condition, clause = conditional(clause)
        found = _named(clause)
        return found or (_named(condition) if condition else [])

    def _named(clause: str) -> list[Method]:
        return [methods[name] for name in _signed(clause, methods)] or [
            function for pattern, function in patterns if pattern.search(_ELSEWHERE.sub("", clause))
        ]

    general: dict[str, None] = {}
    heads: list[Method] = []
    item = 0
    for sentence in sentences:
        current: list[Method] = []
        heads = heads if sentence.item == item else []
        item = sentence.item
        parts = joined(sentence, names)
        # An enumeration is taken apart; what is one statement stays one.
        apart = _signed(sentence, methods) or all(names(part) or _is_error(part) for part in parts)
        for clause in statements([case for part in (parts if apart else [sentence]) for case in cases(part)], names):
            named = names(clause)
            heads = (item and [known[name] for name in _first_signed(clause) if name in known]) or heads
            named = [one for one in named if one in heads] or heads or named
            current = named or current
            for said in _said(clause):
                told = [*_knowing(said, methods.values())]
                told = told or [one for one in (*methods.values(), *makers.values()) if _refuses(said, one)]
                told = told or [maker for maker in makers.values() if _mentions(said, maker.parameters)]
                # An error with a subject of its own is of those that take it; all else is of those named last.
                subject = ERROR.search(said) and not _CONDITIONAL.match(said)
                owners = named or (subject and told) or current or told
                for function in owners:
                    function.clauses[_narrowed(said, function, makers.values())] = None
                general |= {} if owners or SOURCE_FILE.search(said) or records_of(said) else {said: None}
    return general


def _pattern(function: Method) -> re.Pattern[str]:
    """How a clause names a function; a class method also by a call of its class."""
    if not function.class_method:
        return method_naming(function.name)
    return re.compile(rf"(?:\b[A-Z]\w*\.|(?<![\w.])){function.name}\(|^{function.name}\b")


def _is_error(part: str) -> bool:
    """Whether a part of a sentence says of itself what is an error."""
    return ERROR.search(part) is not None and not part.startswith("raise")


def _signed(clause: str, methods: Mapping[str, Method]) -> list[str]:
    found = (match[1] for match in SIGNATURE.finditer(clause) if is_parameters(match[2]))
    return [name for name in dict.fromkeys(found) if name in methods]


def _first_signed(clause: str) -> list[str]:
    """Names of the signatures that a clause begins with: "receive(n) / ship(n): new quantity"."""
    found: list[str] = []
    lead = _KIND.match(clause)
    at = lead.end() if lead else 0
    while (match := SIGNATURE.match(clause, at)) and is_parameters(match[2]):
        found.append(match[1])
        joint = _BETWEEN.match(clause, match.end())
        at = joint.end() if joint else len(clause)
    return found


def _mentions(clause: str, parameters: str) -> bool:
    names = names_of(parameters)
    one_of = (name[:-1] for name in names if _MANY.search(name) and ERROR.search(clause))
    return any(re.search(rf"\b{name}\b", clause) for name in (*names, *one_of))


def _refuses(said: str, method: Method) -> bool:
    """Whether a value is refused that a method takes: with "raise ValueError for amounts below 1", an ``amount``."""
    subject = _REFUSED.match(said)
    named = (subject["refused"] or subject["demanded"]) if subject else ""
    return any(re.search(rf"\b{name}s?\b", named) for name in required(method.parameters))


def _narrowed(clause: str, function: Method, makers: Iterable[Method]) -> str:
    """A clause that lists parameters of several classes, for one of them: with its own alone."""
    known = {name for maker in makers for name in names_of(maker.parameters)}
    for match in _LISTED.finditer(clause):
        listed = re.findall(r"\w+", re.sub(r"\band\b|\bor\b", " ", match[0]))
        own = [name for name in listed if name in names_of(function.parameters)]
        if function in makers and own and {*listed} <= known and len(own) < len(listed):
            joined_names = " and ".join(filter(None, (", ".join(own[:-1]), own[-1])))
            clause = clause.replace(match[0], joined_names)
            return clause if len(own) > 1 else re.sub(rf"({own[0]}) are\b", r"\1 is", clause)
    return clause


def _knowing(clause: str, methods: Iterable[Method]) -> Iterator[Method]:
    """Methods that are told what has to be known already: with "an unknown key", those that take a key of old."""
    unknown = _UNKNOWN.search(clause)
    noun = (unknown[1] or unknown[2]) if unknown else ""
    for method in methods if noun else ():
        if {noun, noun.removesuffix("s")} & {*names_of(method.parameters)} and not _ADDS.match(method.name):
            yield method


def _said(clause: str) -> list[str]:
    """What a clause says after the signatures that it begins with; a remark in brackets says several things."""
    condition, then = conditional(clause)
    if condition:
        return [f"{condition}, {said}" for said in _said(then)]
    signatures = [match for match in SIGNATURE.finditer(clause) if is_parameters(match[2])]
    if signatures and (done := _DONE_BY.match(clause[: signatures[0].start()])):
        return [done[1], *_said(clause[signatures[0].start() :])]  # "old keys are dropped by purge(age)"
    rest = clause[signatures[-1].end() :] if signatures else clause
    if signatures and (state := _STATE.match(clause[: signatures[0].start()])):
        rest = f"{state[1]}{rest.lstrip()}"
    rest = re.sub(r"^\s*(?:as a class ?method\b|that\s|which\s)", "", rest).strip(" :：,，")
    rest = re.sub(r"^(?:--?|[–—→])\s+(?=\w)", "", rest)
    if rest[:1] in {"(", "（"} and not covered(rest).strip("_"):
        parts = [part.rstrip(";；") for each in split_sentences(rest[1:-1]) for _, part in clauses(each)]
        return [said for part in parts for said in _said(part)]
    if len(rest) > _LONGEST and (asides := _REMARK.findall(rest)):
        return [said for part in (" ".join(_REMARK.sub(" ", rest).split()), *asides) for said in _said(part)]
    if (
        _HAS_CLASS.fullmatch(rest)
        or not re.search(r"\w{2}", _DUNDER.sub("", rest))
        or re.fullmatch(r"(?:otherwise|and|or|repr|in|indexing|iteration)\b\W*", rest)
    ):
        return []
    order = as_order(rest if len(rest) <= _LONGEST else rest[:_LONGEST].rsplit(" ", 1)[0] + " ...")
    if cases := _CASES.fullmatch(order):  # of two cases in a line, a small model sees one
        return [f"{cases[1]} when {cases[2]}", f"{cases[1]} {cases[3]}"]
    return [order]
