"""Calls that must raise, made from what a requirement says of a class.

"take of an unknown item raises KeyError" is a call of ``take`` on a new object: no model is needed to see that, and
a small one gets every other such call wrong (error guessing, as in ``error_cases``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from swfactory.domain.spec import ApiExample
from swfactory.requirements.interfaces.calls import call, filler_of, makeable, snippet
from swfactory.requirements.interfaces.methods import Method, method_naming
from swfactory.requirements.interfaces.operator_errors import operator_cases
from swfactory.requirements.interfaces.parameters import names_of, required
from swfactory.requirements.interfaces.refused_values import Case, making_cases, number_cases, shape_cases
from swfactory.requirements.interfaces.undoing import NOT_DONE, counted
from swfactory.requirements.interfaces.values import AMPLE, LAST, value_of
from swfactory.requirements.text.exceptions import raised
from swfactory.requirements.text.keeping import THERE_ALREADY

__all__ = ["error_calls"]

_EMPTY = re.compile(r"\b(?:an|the) empty (\w+)|(\w*)\s*为空|空的(\w*)|空(?:队列|栈|堆|列表|集合|容器)")
"""Says that the object is empty, unless the word beside it is one for something that a method is given."""
_GIVEN = re.compile(
    r"description|entry|item|key|label|line|message|name|password|string|text|title|value|word"
    r"|.*(?:标题|名|名字|名称|内容|文本|字符串|键|值)",
)
_FILLED = re.compile(r"[\[{]")
"""Says that an object was made of several things."""
_NOTHING = re.compile(
    r"\bwithout (?:an?|any) (?!argument|parameter|value)(?:\w+ )?\w+"
    r"|\b(?:if|when|where|while) (?:there (?:is|are) )?(?:nothing|no (?:(?:active|more|open) )?\w+)"
    r"(?: (?:is|are|was|were|has been|have been|active|begun|in progress|left|open|running|started|there|waiting|yet"
    r"|to \w+))*\s*$"
    r"|没有(?:进行中的|打开的|可\w{1,2}的)?[\u3400-\u9fff]{1,6}时?(?=抛|引|，|$)"
)
"""Says that there is nothing yet of what a method is about."""
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
    r"|\bthere (?:is|are) (?:not enough|too (?:few|little))\b(?! \w)"
    r"|\b(?:insufficient|not enough|too little) (?:balance|funds|money|stock|credit)\b"
    r"|\b(?:exceeds|more than) (?:the |what )?(?:balance|stock|credit|is (?:there|available))\b"
    r"|(?:余额|库存|资金|金额)(?:不足|不够)"
)
"""Says that something has run short, of which a new object has none."""
_HOLDING = re.compile(
    r"\w*(?:amount|balance|credit|funds|initial|limit|money|stock)\w*(?!\w|\s*(?::\s*\w+\s*)?=\s*0\s*(?:,|$))"
)
"""Parameters by which a new object is given some, unless told otherwise."""
_OTHER = re.compile(
    r"\b(?:any|every|all|each) others?\b|\banything else\b|\bother (?:values?|numbers?|coins?)\b|其[他它余]"
)
_LISTED = re.compile(r"\d+(?:, \d+)+ (?:and|or) \d+|\d+(?:、\d+)+(?:[和或]\d+)?")
_TWICE = re.compile(r"\btwice\b|\b(?:a second time|again)\b|重复")
_NOT_YET = re.compile(
    r"\b(?:if|when) (?:it|they|the \w+) (?:is|are|was|were|has|have) not (?:been )?(?:currently )?(\w+)"
)
_OF_ANOTHER_FORM = re.compile(
    r"\b(?:text|string|anything)s? (?:of|in) (?:another|any other|a different) form(?:at)?\b|\banything (?:else|but)\b"
    r"|\b(?:malformed|invalid) (?:text|string)s?\b|\b(?:any )?other (?:characters?|letters?|symbols?)\b"
    r"|其[他它]字符|格式(?:错误|不对|不符)|其[他它](?:文本|格式)"
)
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
            *making_cases(name, maker),
            *(case for method in methods for case in _of_method(made, maker, method)),
            *(case for method in methods for case in _of_index(made, method, [*maker.clauses, *outline.general])),
            *(case for method in methods for case in _of_listed(made, method)),
            *(case for method in methods for case in _of_filled(made, filler_of(methods), method, methods)),
            *(case for method in methods for case in _of_object(name, maker, method)),
            *operator_cases(name, maker, methods, outline.general),
            *(case for method in methods for case in _of_text(name, made, method)),
        ]
        for before, failing, exception in cases:
            lines = [*before, f"with pytest.raises({exception}):", f"    {failing}"]
            code = snippet(module, name, methods, lines, ["import pytest"])
            found.setdefault(code, ApiExample(origin="stated", code=code))
    return tuple(found.values())[:_MOST]


def _of_method(made: str, maker: Method, method: Method) -> Iterator[Case]:
    """Calls that a new object refuses."""
    subject = f"subject.{method.name}"
    if method.name.startswith("__") or method.class_method:
        return
    begin = [f"subject = {made}"]
    has_some = re.search(r"\d", made) or _HOLDING.search(maker.parameters)
    told_of_nothing = not (has_some or any(_UNKNOWN.search(clause) for clause in method.clauses))
    yield from ((begin, wrong, exception) for _, wrong, exception in number_cases(subject, method))
    for clause in method.clauses:
        exception = raised(clause, otherwise=True)
        is_empty = _is_empty(clause, method) and not _FILLED.search(made)
        has_nothing = not (required(method.parameters) or has_some or _FILLED.search(made)) and _NOTHING.search(clause)
        not_there = required(method.parameters) and _NOT_THERE.search(clause) and not _FILLED.search(made)
        if exception and (is_empty or has_nothing or not_there or _UNKNOWN.search(clause)):
            yield begin, call(subject, method, _unknown(clause, method, made)), exception
        elif exception and told_of_nothing and required(method.parameters) and _SHORT.search(clause):
            yield begin, call(subject, method, turn=AMPLE), exception


def _unknown(clause: str, method: Method, made: str) -> dict[str, str]:
    """A value of an unknown thing, where the object was made of the one that would be taken."""
    named = re.search(r"\bunknown ([a-z_]+)", clause)
    noun = named[1] if named and named[1] in required(method.parameters) else ""
    return {noun: "'nosuchthing'"} if noun and value_of(noun, method) in re.findall(r"'\w+'", made) else {}


def _of_index(made: str, method: Method, general: list[str]) -> Iterator[Case]:
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


def _of_listed(made: str, method: Method) -> Iterator[Case]:
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


def _of_filled(made: str, filler: Method | None, method: Method, methods: list[Method]) -> Iterator[Case]:
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
        # Another method may be refused at once where something is there already.
        if exception and (_TWICE.search(clause) or (not others and THERE_ALREADY.search(clause))):
            yield [*begin(AMPLE), again], again, exception
        undone = NOT_DONE.search(clause) or _is_not_yet(clause, [one for one in methods if one not in (filler, method)])
        if exception and others and undone:
            yield begin(AMPLE), again, exception
        if exception and filler and (fields := counted(filler, clause)):
            other = {name: value_of(name, method, AMPLE) for name in required(method.parameters) if name not in fields}
            if other:  # someone else comes for the last one
                yield (
                    [*begin(LAST), call(subject, method, turn=LAST)],
                    call(subject, method, other, turn=LAST),
                    exception,
                )


def _is_not_yet(clause: str, methods: list[Method]) -> bool:
    """Whether a clause speaks of what none of the methods has done yet: "if it is not reserved", of ``reserve``."""
    said = _NOT_YET.search(clause)
    return said is not None and any(method_naming(method.name).search(said[1]) for method in methods)


def _of_object(name: str, maker: Method, method: Method) -> Iterator[Case]:
    """A method that needs nothing, of an object that lacks what the method asks for."""
    if not (method.name.startswith("__") or method.class_method or required(method.parameters)):
        shaped = Method(maker.name, maker.parameters, clauses={"; ".join(method.clauses): None})
        for _, wrong, exception in shape_cases(name, shaped):
            yield [f"subject = {wrong}"], f"subject.{method.name}()", exception


def _of_text(name: str, made: str, method: Method) -> Iterator[Case]:
    """A text that a method cannot read."""
    takes_text = required(method.parameters) in [["text"], ["commands"], ["moves"], ["line"]]
    for clause in method.clauses if takes_text else ():
        if _OF_ANOTHER_FORM.search(clause) and (exception := raised(clause, otherwise=True)):
            begin, owner = ([], name) if method.class_method else ([f"subject = {made}"], "subject")
            yield begin, f"{owner}.{method.name}('?!')", exception
