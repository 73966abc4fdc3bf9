"""Values that a text states: the words that state one, and whether a value is all that is stated.

"is 6 characters long", "returns `1` or `2`", "gives 1.333..." and "returns [1, 2] in any order" begin with a value and
state another thing.
"""

from __future__ import annotations

import re

from swfactory.requirements.text.hedges import is_choice, is_left_open
from swfactory.requirements.text.literals import leading_value

__all__ = ["GIVES", "VERBS", "is_operand", "is_whole", "stated_value"]

VERBS = (
    r"(?:(?:then|should|must|will|would)\s+)*"
    r"(?:returns?|gives?|yields?|equals?|evaluates? to|produces?|results? in|(?:is|be)(?:\s+equal to)?)(?![\w-])"
    r"|(?:应该?|会|则)*(?:返回|得到|给出|等于|为)"
)
"""Words between what has a value and the value."""
GIVES = re.compile(rf"`?\s*(?:#\s*)?(?:{VERBS}|={{1,3}}>?|[-─]+>|→|➞|⇒)\s*`?")
"""Such words or signs."""
_ARRANGED = r"in (?!any\b|no\b|some\b|arbitrary\b|random\b|whatever\b)\w+ order\b"
_VALUE = r"(?:[\d\"'“(\[{-]|True\b|False\b|None\b)"
_ENDS = re.compile(
    rf"`?[ \t]*(?:$|[\n;)\]；。）]|[.:](?!\w)|[—–](?! ?{_VALUE})"
    rf"|[,，](?! ?(?:{_VALUE}|(?!{_ARRANGED})(?:or|in|if|when|unless)\b|[或若当顺任]))|{_ARRANGED}"
    rf"|、(?! ?`?{_VALUE}|或)|(?:and|but)\b(?! ?(?:{_VALUE}|`(?![\w.]+\()))"
    r"|(?:always|as|because|exactly|instead|not|rather|since|so|too|whereas|which|while|without)\b"
    r"|for\b(?! (?:all|any|each|every|some)\b)|#|[而但并且]|因为"
    r"|[(（](?!(?:or|in|if|when|unless|about|approximately|roughly|any|the order|order)\b|或|若|如果|约|顺序|任意))"
)

_OPERAND = re.compile(r"(?:[\d)\]\"'][ \t]*[-+]|[\w)\]\"'][ \t]*(?:[%&|^@<>]|\*{1,2}|/{1,2}|[<>=!]=)|\bnot)[ \t]*$")
"""What stands before a call that is a part of an expression."""
_NEAR = 20


def is_operand(before: str) -> bool:
    """Whether a call is a part of an expression, whose value is not its own.

    Args:
        before: what stands before the call.
    """
    return _OPERAND.search(before[-_NEAR:]) is not None


def stated_value(text: str) -> str:
    """Return the value that a text begins with, as source, when it is all that is stated; empty for none.

    Args:
        text: what follows words that state a value.
    """
    shown = text.lstrip()
    value = leading_value(shown) or ""
    return value if value and is_whole(shown[len(value) :]) else ""


def is_whole(after: str) -> bool:
    """Whether a value ends what is stated of it.

    Args:
        after: what follows the value.
    """
    return _ENDS.match(after) is not None and not (is_choice(after) or is_left_open(after))
