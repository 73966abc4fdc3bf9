"""What a program reads from its standard input: a text that is piped in, or answers of a user that it asks."""

from __future__ import annotations

import re

__all__ = ["asks_the_user", "reads_standard_input"]

_PIPED = re.compile(
    r"\bstandard input\b|\bstdin\b|标准输入|\bpiped\b|(?:echo|printf|cat) [^|\n]*\| *python", re.IGNORECASE
)
_ASKS = re.compile(
    r"\b(?:asks?|prompts?|asking|prompting) (?:the user|the player|users?|me|for|again)\b"
    r"|\binteractive(?:ly)?\b|\bREPL\b|\bguessing game\b|\binput\(\)|\bthe (?:user|player) (?:types|enters|is asked)\b"
    r"|交互|提示用户|询问|让用户输入|请用户输入|猜数字",
    re.IGNORECASE,
)


def reads_standard_input(text: str) -> bool:
    """Whether a requirement has its program read standard input.

    Args:
        text: the requirement.
    """
    return _PIPED.search(text) is not None


def asks_the_user(text: str) -> bool:
    """Whether a requirement wants a conversation, rather than arguments and files.

    Args:
        text: the requirement.
    """
    return _ASKS.search(text) is not None
