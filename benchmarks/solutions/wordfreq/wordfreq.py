"""Count words."""

import re
from collections import Counter

WORD = re.compile(r"(?:[^\W\d_]|')+")


def count(text: str) -> dict[str, int]:
    return dict(Counter(WORD.findall(text.lower())))
