"""What a command is said to print, word for word: "prints 5000.00", "输出 `你好`"."""

from __future__ import annotations

import re

from swfactory.requirements.placeholders import PLACEHOLDERS

__all__ = ["output_of", "what_is_printed"]

_PRINTS = (
    r"(?:(?:should|must|will|would|then|correctly)\s+)*"
    r"(?:prints?|outputs?|gives?|returns?|shows?|displays?|writes?|produces?|yields?|->|→|=>|应?打印出?|应?输出|显示|返回|得到|给出)"
)
_LITERAL = re.compile(
    r"^\s*(?:exactly|just|only|the line|the text)?\s*[:：]?\s*(`[^`]+`|\"[^\"]+\"|“[^”]+”|「[^」]+」|'[^']+')"
)
_BARE = re.compile(
    r"^\s*([^\s,;()]+?)(?=\s*\(|[;)]|\.?\s*$|\.\s|,\s*(?:and|but|while|then)?\s*$|,\s+[a-z]|\s+(?:and|but|while)\s*$"
    r"|\s+and\s+(?:exits?|ends?)\b)"
)
_ALTERNATIVES = re.compile(
    r"\s*(?:either\s|[`\"']?\w+[`\"']?(?:,\s*[`\"']?\w+[`\"']?)*,?\s+or\s|[^，。；]{1,30}(?:或者?|还是))"
)
"""One of several outputs, and nothing says which."""
_BARE_CHINESE = re.compile(r"^[\s\u3400-\u9fff]*([!-~][ -~]*?)\s*(?=[，；。、（）(\u3400-\u9fff]|$)")
_VALUE = re.compile(r"[\d.,:/%+*=^()-]{0,40}\d[%)]?|\w{0,20}\d\w{0,20}")
_BETWEEN = re.compile(r"[A-Za-z]|[-+*/=x^]")
_SHOWN_AT_THE_END = re.compile(
    r"^\s+(?:an?|the|its|their|all|each)\s[^`;]{1,200}?(?::\s+([^:`;]{1,120}?)|(?<=\w),\s+(\S{1,40}?))\.?\s*$"
)
"""A value after its description: "prints the sum, 2h15m", "prints the factors: 2 x 3"."""
_CHINESE_VERB = re.compile(r"[\u3400-\u9fff]")
_STOPWORDS = frozenset(
    """
    a an the one its it all each every nothing help usage how what them their this that these some any
    no true false yes lines line number numbers output result results value values text
    """.split()  # noqa: SIM905
)


def _printing(rest: str) -> re.Match[str] | None:
    """The verb that says what a command prints, at the beginning of what follows it."""
    return re.match(rf"^[\s,，:：]*(?:which\s+|it\s+)?(?:以?后|时|会|则|将|应)*\s*{_PRINTS}(?![a-z])", rest)


def what_is_printed(rest: str) -> str | None:
    """What a command is said to print, from after the verb on; None where no verb says so.

    Args:
        rest: what follows the command in its sentence.
    """
    verb = _printing(rest)
    return None if verb is None else rest[verb.end() :]


def output_of(rest: str) -> str | None:
    """What a command prints, word for word; None where nothing literal is said.

    Args:
        rest: what follows the command in its sentence.
    """
    verb = _printing(rest)
    if verb is None:
        return None
    what = rest[verb.end() :]
    if literal := _LITERAL.match(what):
        if re.match(r"\s*(?:for each|per|lines?\b|if |when )", what[literal.end() :]):
            return None
        return literal[1][1:-1].strip()
    if _ALTERNATIVES.match(what):
        return None
    if (shown := _SHOWN_AT_THE_END.match(what)) and _is_shown(shown[1] or shown[2]):
        return shown[1] or shown[2]
    if bare := (_BARE_CHINESE if _CHINESE_VERB.search(verb[0]) else _BARE).match(what):
        word = bare[1].strip("`\"'")
        if word and word.lower() not in _STOPWORDS and word not in PLACEHOLDERS:
            return word
    return None


def _is_shown(value: str) -> bool:
    """Whether words are a value, or several with letters and signs between them: ``2 x 3``."""
    first, *rest = value.split()
    return _VALUE.fullmatch(first) is not None and all(_VALUE.fullmatch(w) or _BETWEEN.fullmatch(w) for w in rest)
