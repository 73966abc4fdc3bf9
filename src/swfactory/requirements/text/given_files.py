"""Files whose contents a requirement shows: "`a.csv` contains" and a block, "a file `a.txt` with the lines b and c"."""

from __future__ import annotations

import re
import textwrap

from swfactory.domain.markup import code_blocks

__all__ = ["given_files"]

_NAME = r"(?<![\w./-])`?((?:[\w-]+/)*[\w-]+\.(?:cfg|conf|csv|dat|html|ini|json|jsonl|log|md|toml|tsv|txt|xml|ya?ml))`?"
_NOUN = r"(?:(?:the|these|this|following|two|three|four|five|six) )*(?:contents?|data|lines?|rows?|text)"
_HOLDS = r"(?:with|containing|contains|has|having|holds|holding|is|reads|内容(?:为|是|如下)?|包含|含有|中?有|如下)"
_BEFORE_BLOCK = re.compile(rf"{_NAME},?\s*(?:(?:which |that |文件)?{_HOLDS})?(?:\s*{_NOUN})?\s*[:：]?\s*\Z")
_NEXT = r"(?:, and |, | and )(?!(?:it|so|that|the|then|which)\b|`(?:python|\./))"
_ITEM = r"(?:`[^`\n]+`|\"[^\"\n]+\"|[^\s,，、`\"]+?)"
_LINES = re.compile(
    rf"{_NAME},? (?:which |that )?{_HOLDS} (?:the |these |\w+ )?lines:? "
    rf"((?!\w+ed\b){_ITEM}(?:{_NEXT}{_ITEM})+)(?=[.:;]?(?:\s|$)|,)"
)
_MADE = re.compile(
    r"\b(?:after\w*|becom\w*|creat\w+|export\w*|generat\w+|outputs?|produc\w+|result\w*|sav\w+|stor\w+|then|writ\w+"
    r"|into|to|-o|--out\w*)\b|生成|写入|保存|导出|之后|以后|变为|输出",
    re.IGNORECASE,
)
"""Says that a file is what comes of it, not what it is given."""
_SESSION = re.compile(r"^[ \t]*(?:\$ |>>> |python3? |\./)", re.MULTILINE)
_SENTENCE = re.compile(r"(?:[.!?]\s|[。！？]|\n\s*\n)")
_NEAR = 200


def given_files(text: str) -> dict[str, str]:
    """Find the files that are there before a program runs.

    Args:
        text: the requirement.

    Returns:
        Path to content; of two contents, the first.
    """
    found: dict[str, str] = {}
    for block in code_blocks(text):
        before = text[max(0, block.start - _NEAR) : block.start]
        named = _BEFORE_BLOCK.search(before)
        if named and not _SESSION.search(block.code) and not _is_made(before[: named.start()]):
            found.setdefault(named[1], textwrap.dedent(block.code).strip("\n") + "\n")
    for listed in _LINES.finditer(text):
        if not _is_made(text[max(0, listed.start() - _NEAR) : listed.start()]):
            lines = [item.strip('`"') for item in re.findall(rf"{_ITEM}(?=,? and |, |$)", listed[2])]
            found.setdefault(listed[1], "".join(f"{line}\n" for line in lines))
    return found


def _is_made(before: str) -> bool:
    return _MADE.search(_SENTENCE.split(before)[-1]) is not None
