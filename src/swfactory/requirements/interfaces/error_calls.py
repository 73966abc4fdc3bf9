"""Calls that must raise, made from what a requirement says of a class.

"take of an unknown item raises KeyError" is a call of ``take`` on a new object: no model is needed to see that, and
a small one gets every other such call wrong (error guessing, as in ``error_cases``).
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

from swfactory.domain.spec import ApiExample
from swfactory.requirements.interfaces.calls import call, filler_of, makeable, snippet
from swfactory.requirements.interfaces.methods import Method
from swfactory.requirements.interfaces.parameters import names_of, required
from swfactory.requirements.interfaces.undoing import NOT_DONE, counted
from swfactory.requirements.interfaces.values import AMPLE, FEWER, LAST, NEGATIVE, POSITIVE, ZERO, is_said_of, value_of
from swfactory.requirements.text.exceptions import raised
from swfactory.requirements.text.literals import known_value

__all__ = ["error_calls"]

_EMPTY = re.compile(r"\b(?:an|the) empty (\w+)|(\w*)\s*为空|空的(\w*)")
"""Says that the object is empty, unless the word beside it is one for something that a method is given."""
_GIVEN = re.compile(
    r"description|entry|item|key|label|line|message|name|password|string|text|title|value|word"
    r"|.*(?:标题|名|名字|名称|内容|文本|字符串|键|值)",
)
_FILLED = re.compile(r"[\[{]")
"""Says that an object was made of several things."""
_UNKNOWN = re.compile(r"\bunknown\b|未知|不存在")
_NOT_THERE = re.compile(
    r"\b(?:is|are) not (?:there|in (?:it|the \w+)|present|contained|found)\b"
    r"|\bnot (?:there|present)$|\bdoes not exist\b|不在其中"
)
"""Says that an object lacks what a method is given, as a new one lacks everything."""
_OUT_OF_RANGE = re.compile(
    r"\bout of (?:range|bounds)\b|\b(?:ind(?:ex|ices)|positions?) (?:outside|beyond|below 0|not (?:in|from|between))\b"
    r"|越界|超出范围"
)
_INDEX = frozenset(["i", "idx", "index", "pos", "position"])
_FAR = "999"
_SHORT = re.compile(
    r"\b(?:balance|funds|money|stock|credit) (?:is|are) (?:too low|not enough|insufficient)\b"
    r"|\b(?:insufficient|not enough|too little) (?:balance|funds|money|stock|credit)\b"
    r"|\b(?:exceeds|more than) (?:the |what )?(?:balance|stock|credit|is (?:there|available))\b"
    r"|(?:余额|库存|资金|金额)(?:不足|不够)"
)
"""Says that something has run short, of which a new object has none."""
_HOLDING = re.compile(r"amount|balance|credit|funds|initial|limit|money|stock")
"""Parameters by which a new object is given some."""
_OTHER = re.compile(
    r"\b(?:any|every|all|each) others?\b|\banything else\b|\bother (?:values?|numbers?|coins?)\b|其[他它余]"
)
_LISTED = re.compile(r"\d+(?:, \d+)+ (?:and|or) \d+|\d+(?:、\d+)+(?:[和或]\d+)?")
_WITHOUT = re.compile(r"\b(?:without|no) (?:any )?\w+s\b|没有(?:任何)?(?:参数|分量|元素|值)")
_TWICE = re.compile(
    r"\btwice\b|\b(?:a second time|again)\b|\bthat (?:already )?exists\b|\b(?:is|are) (?:already )?there already\b"
    r"|\balready (?:there|exists?|known|present|taken|in (?:it|the \w+))\b|\bduplicate\b|重复|已经?存在"
)
_SHAPES: tuple[tuple[re.Pattern[str], Callable[[str], str]], ...] = (
    (
        re.compile(r"\bnon-?empty\b|\bnot empty\b|非空"),
        lambda value: f"{value[0]}{value[-1]}" if value[0] in "['" else "",
    ),
    (re.compile(r"\brectangular\b|\b(?:same|equal) length\b"), lambda value: "[[1, 2], [3]]" * value.startswith("[[")),
    (re.compile(r"\bsquare\b"), lambda value: "[[1, 2, 3], [4, 5, 6]]" * value.startswith("[[")),
)
"""Adjectives, and a value that lacks what they ask for in place of a good one; empty for none."""
_UNFIT = re.compile(
    r"\b(?:shape|size|dimension|length)s?[ -](?:\w+ )?mismatch|\bmismatch\w* (?:shape|size|dimension|length)"
    r"|\b(?:different|unequal|other) (?:shape|size|dimension|length)s?\b|(?:长度|大小|维数|形状)不同"
)
_OPERATORS = {"__add__": "+", "__sub__": "-", "__mul__": "*", "__truediv__": "/"}
_OF_ANOTHER_FORM = re.compile(
    r"\b(?:text|string|anything)s? (?:of|in) (?:another|any other|a different) form(?:at)?\b|\banything (?:else|but)\b"
    r"|\b(?:malformed|invalid) (?:text|string)s?\b|\b(?:any )?other (?:characters?|letters?|symbols?)\b"
    r"|其[他它]字符|格式(?:错误|不对|不符)|其[他它](?:文本|格式)"
)
_BY_ZERO = re.compile(r"\b(?:division|divid\w+) by (?:zero|0)\b|除以 ?[0零]|除数为 ?[0零]")
_BY_NUMBERS = re.compile(r"\b(?:integers?|numbers?|scalars?)\b|整数|数字|标量")
_BY_NUMBER = re.compile(r"\bby (?:an? )?(?:integers?|numbers?|scalars?)\b(?! or\b)")
_SIGNS = re.compile(r"(?<![\w`])[-+*/](?![\w>])")
_COUNTS = {"two": 2, "three": 3}
_DUPLICATES = re.compile(r"\bduplicates?\b|\btwice the same\b|重复")
_MOST = 16


def error_calls(text: str, path: str) -> tuple[ApiExample, ...]:
    """Make examples of the error cases of a module's classes.

    Args:
        text: the requirement.
        path: the module's.

    Returns:
        One example a case; none for classes that need a file to be there.
    """
    found: dict[str, ApiExample] = {}
    for module, name, (maker, *methods), outline in makeable(text, path):
        made = call(name, maker)
        cases = [
            *_of_numbers(name, maker),
            *_of_shapes(name, maker),
            *_of_nothing(name, maker),
            *_of_lists(name, maker),
            *(case for method in methods for case in _of_method(made, maker, method)),
            *(case for method in methods for case in _of_index(made, method, [*maker.clauses, *outline.general])),
            *(case for method in methods for case in _of_listed(made, method)),
            *(case for method in methods for case in _of_filled(made, filler_of(methods), method)),
            *(case for method in methods for case in _of_object(name, maker, method)),
            *_of_operators(name, maker, methods, outline.general),
            *(case for method in methods for case in _of_text(name, made, method)),
            *_of_division(made, methods, [*maker.clauses, *outline.general]),
        ]
        for before, failing, exception in cases:
            lines = [*before, f"with pytest.raises({exception}):", f"    {failing}"]
            code = snippet(module, name, methods, lines, ["import pytest"])
            found.setdefault(code, ApiExample(origin="stated", code=code))
    return tuple(found.values())[:_MOST]


_Case = tuple[list[str], str, str]
"""Statements before, the call that fails, the exception."""


def _of_numbers(name: str, method: Method) -> Iterator[_Case]:
    """Numbers that are refused, each in the place of a good one."""
    for clause in method.clauses:
        exception = raised(clause, otherwise=True)
        needed = required(method.parameters)
        for parameter in names_of(method.parameters) if exception else ():
            kinds: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...]
            kinds = (POSITIVE, ("0", "-1")), (NEGATIVE, ("-1",)), (ZERO, ("0",))
            if (few := FEWER.search(clause)) and is_said_of(FEWER, clause, parameter, method.parameters):
                kinds = (*kinds, (FEWER, (str((_COUNTS.get(few[1]) or int(few[1])) - 1),)))
            wrong = next((w for kind, w in kinds if is_said_of(kind, clause, parameter, method.parameters)), ())
            wrong = wrong if value_of(parameter, method)[0].isdigit() else ()
            for value in wrong:
                made = call(name, method, {parameter: value})
                yield [], made if parameter in needed else _with(made, parameter, value), exception


def _with(made: str, parameter: str, value: str) -> str:
    """A call with one more argument, by name."""
    return f"{made[:-1]}{'' if made.endswith('()') else ', '}{parameter}={value})"


def _of_shapes(name: str, method: Method) -> Iterator[_Case]:
    """Values that lack what an adjective asks for, where there is one value to be had."""
    parameters = required(method.parameters)
    for clause in method.clauses if len(parameters) == 1 else ():
        if exception := raised(clause, otherwise=True):
            for adjective, wrong in _SHAPES:
                value = wrong(value_of(parameters[0], method)) if adjective.search(clause) else ""
                if value:
                    yield [], call(name, method, {parameters[0]: value}), exception


def _of_lists(name: str, maker: Method) -> Iterator[_Case]:
    """Lists that are too short, or have something twice."""
    for parameter in required(maker.parameters):
        items = known_value(ast.parse(value_of(parameter, maker), mode="eval").body)
        for clause in maker.clauses if isinstance(items, list) and items else ():
            exception = raised(clause, otherwise=True)
            few = FEWER.search(clause)
            wrong = [items[: _COUNTS.get(few[1]) or int(few[1])][:-1]] if few else []
            wrong += [[items[0], *items]] if _DUPLICATES.search(clause) else []
            yield from (([], call(name, maker, {parameter: repr(value)}), exception) for value in wrong if exception)


def _of_nothing(name: str, maker: Method) -> Iterator[_Case]:
    """An object that is made of no values."""
    for clause in maker.clauses if maker.parameters.startswith("*") else ():
        if _WITHOUT.search(clause) and (exception := raised(clause, otherwise=True)):
            yield [], f"{name}()", exception


def _of_method(made: str, maker: Method, method: Method) -> Iterator[_Case]:
    """Calls that a new object refuses."""
    subject = f"subject.{method.name}"
    if method.name.startswith("__") or method.class_method:
        return
    begin = [f"subject = {made}"]
    has_some = re.search(r"\d", made) or _HOLDING.search(maker.parameters)
    told_of_nothing = not (has_some or any(_UNKNOWN.search(clause) for clause in method.clauses))
    yield from ((begin, wrong, exception) for _, wrong, exception in _of_numbers(subject, method))
    for clause in method.clauses:
        exception = raised(clause, otherwise=True)
        is_empty = _is_empty(clause, method) and not _FILLED.search(made)
        not_there = required(method.parameters) and _NOT_THERE.search(clause) and not _FILLED.search(made)
        if exception and (is_empty or not_there or _UNKNOWN.search(clause)):
            yield begin, call(subject, method, _unknown(clause, method, made)), exception
        elif exception and told_of_nothing and required(method.parameters) and _SHORT.search(clause):
            yield begin, call(subject, method, turn=AMPLE), exception


def _unknown(clause: str, method: Method, made: str) -> dict[str, str]:
    """A value of an unknown thing, where the object was made of the one that would be taken."""
    named = re.search(r"\bunknown ([a-z_]+)", clause)
    noun = named[1] if named and named[1] in required(method.parameters) else ""
    return {noun: "'nosuchthing'"} if noun and value_of(noun, method) in re.findall(r"'\w+'", made) else {}


def _of_index(made: str, method: Method, general: list[str]) -> Iterator[_Case]:
    """A place far behind the last one, where there is no other parameter."""
    (parameter, *others) = names_of(method.parameters) or [""]
    for clause in (*method.clauses, *general) if parameter in _INDEX and not others else ():
        exception = raised(clause, otherwise=True)
        if exception and _OUT_OF_RANGE.search(clause):
            failing = f"subject[{_FAR}]" if method.name == "__getitem__" else f"subject.{method.name}({_FAR})"
            yield [f"subject = {made}"], failing, exception


def _is_empty(clause: str, method: Method) -> bool:
    """Whether a clause speaks of an object with nothing in it, and not of an argument."""
    found = _EMPTY.search(clause)
    named = next(filter(None, found.groups()), "").lower() if found else ""
    return found is not None and _GIVEN.fullmatch(named) is None and named not in names_of(method.parameters)


def _of_listed(made: str, method: Method) -> Iterator[_Case]:
    """A number that is not among those that are accepted."""
    said = "; ".join(method.clauses)
    parameters = required(method.parameters)
    listed = _LISTED.search(said)
    exceptions = {
        found for clause in method.clauses if _OTHER.search(clause) and (found := raised(clause, otherwise=True))
    }
    if listed and len(parameters) == len(exceptions) == 1 and not method.class_method:
        known = {int(number) for number in re.findall(r"\d+", listed[0])}
        other = next(number for number in range(3, 1_000) if number not in known)
        yield [f"subject = {made}"], f"subject.{method.name}({other})", min(exceptions)


def _of_filled(made: str, filler: Method | None, method: Method) -> Iterator[_Case]:
    """Calls that come too late, too early or once too often, of an object with something in it."""
    subject = f"subject.{method.name}"
    if method.name.startswith("__") or method.class_method:
        return
    others = filler is not None and filler is not method

    def begin(turn: int) -> list[str]:
        return [
            f"subject = {made}",
            *([call(f"subject.{filler.name}", filler, turn=turn)] if filler and others else []),
        ]

    for clause in method.clauses:
        exception = raised(clause, otherwise=True)
        again = call(subject, method, turn=AMPLE if others else LAST)
        if exception and _TWICE.search(clause):
            yield [*begin(AMPLE), again], again, exception
        if exception and others and NOT_DONE.search(clause):
            yield begin(AMPLE), again, exception
        if exception and filler and (fields := counted(filler, clause)):
            other = {name: value_of(name, method, AMPLE) for name in required(method.parameters) if name not in fields}
            if other:  # someone else comes for the last one
                yield (
                    [*begin(LAST), call(subject, method, turn=LAST)],
                    call(subject, method, other, turn=LAST),
                    exception,
                )


def _of_object(name: str, maker: Method, method: Method) -> Iterator[_Case]:
    """A method that needs nothing, of an object that lacks what the method asks for."""
    if not (method.name.startswith("__") or method.class_method or required(method.parameters)):
        shaped = Method(maker.name, maker.parameters, clauses={"; ".join(method.clauses): None})
        for _, wrong, exception in _of_shapes(name, shaped):
            yield [f"subject = {wrong}"], f"subject.{method.name}()", exception


def _of_operators(name: str, maker: Method, methods: list[Method], general: list[str]) -> Iterator[_Case]:
    """Objects of different sizes, where that is said to be an error."""
    one, other = call(name, maker), call(name, maker, turn=2)
    said = [
        clause for clause in (*general, *(c for method in methods for c in method.clauses)) if _UNFIT.search(clause)
    ]
    exceptions = {exception for clause in said if (exception := raised(clause, otherwise=True))}
    if len(exceptions) == 1 and len(one) != len(other):
        named = {*_SIGNS.findall(" ".join(said))}
        for method in methods:
            operator = _OPERATORS.get(method.name, "")
            by_number = any(map(_BY_NUMBER.search, method.clauses))
            if operator and not by_number and (operator in named or not named):
                yield [f"subject = {one}"], f"subject {operator} {other}", min(exceptions)


def _of_division(made: str, methods: list[Method], general: list[str]) -> Iterator[_Case]:
    """A division by zero, of what is divided by numbers."""
    divides = any(method.name == "__truediv__" for method in methods)
    said = [*general, *(clause for method in methods for clause in method.clauses)]
    for clause in said if divides and any(map(_BY_NUMBERS.search, said)) else ():
        if _BY_ZERO.search(clause) and (exception := raised(clause, otherwise=True)):
            yield [f"subject = {made}"], "subject / 0", exception


def _of_text(name: str, made: str, method: Method) -> Iterator[_Case]:
    """A text that a method cannot read."""
    takes_text = required(method.parameters) in [["text"], ["commands"], ["moves"], ["line"]]
    for clause in method.clauses if takes_text else ():
        if _OF_ANOTHER_FORM.search(clause) and (exception := raised(clause, otherwise=True)):
            begin, owner = ([], name) if method.class_method else ([f"subject = {made}"], "subject")
            yield begin, f"{owner}.{method.name}('?!')", exception
