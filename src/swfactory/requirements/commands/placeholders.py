"""Words of a shown command that stand for others: FILE, IN.csv, <name>, or PASSWORD where the text says "password"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from keyword import iskeyword

__all__ = ["PLACEHOLDERS", "has_placeholder", "is_form", "placeholder_name"]

PLACEHOLDERS = frozenset(
    """
    FILE FILES PATH WORD WORDS TEXT NAME ID N M K X Y NUMBER NUMBERS DATE KEY VALUE EXPR EXPRESSION
    INPUT OUTPUT DIR FOLDER URL STRING PATTERN TITLE AUTHOR AMOUNT CATEGORY COUNT SIZE MEMBER USER ISBN
    TAG COMMAND ARGS OPTIONS SOURCE TARGET START END FROM TO UNIT CITY PRICE QUANTITY ITEM SKU MONTH
    YEAR DAY TIME QUERY LINE MODE
    """.split()  # noqa: SIM905
)
"""Words that hardly anybody types, whatever the text says of them."""
_CHINESE = {
    "文件": "file", "文件名": "file", "路径": "path", "目录": "folder", "文件夹": "folder", "网址": "url",
    "文本": "text", "文字": "text", "字符串": "text", "内容": "text", "单词": "word", "词语": "word", "句子": "text",
    "词": "word",
    "名字": "name", "名称": "name", "姓名": "name", "用户": "user", "用户名": "user", "密码": "password",
    "电话": "phone", "号码": "number", "编号": "id", "序号": "number", "数字": "number", "整数": "number",
    "数值": "value", "日期": "date", "时间": "time", "年份": "year", "年": "year", "月份": "month", "月": "month",
    "天数": "days", "键": "key", "值": "value", "表达式": "expression", "输入": "input", "输出": "output",
    "输入文件": "input", "输出文件": "output", "标题": "title", "作者": "author", "书名": "title", "金额": "amount",
    "类别": "category", "分类": "category", "数量": "quantity", "大小": "size", "价格": "price", "单价": "price",
    "标签": "tag", "参数": "value", "来源": "source", "目标": "target", "开始": "start", "结束": "end",
    "单位": "unit", "城市": "city", "商品": "item", "项目": "item", "关键词": "keyword", "关键字": "keyword",
    "重量": "weight", "长度": "length", "温度": "temperature", "身高": "height", "体重": "weight", "千克": "kilograms",
    "公斤": "kilograms", "米": "metres", "厘米": "centimetres", "秒": "seconds", "分钟": "minutes", "小时": "hours",
    "前缀": "prefix", "状态": "state", "事件": "event",
}  # fmt: skip
"""Chinese words that a command is shown with, and what its argument is called."""
_FORM_FILE = re.compile(r"(IN|INPUT|OUT|OUTPUT|SOURCE|TARGET|FILE|DATA|FROM|TO)\.[a-z]\w{0,5}")
_SOME_FILE = re.compile(r"[A-Z][A-Z_]*FILE")
_SIDES = {"IN": "source", "INPUT": "source", "FROM": "source", "OUT": "target", "OUTPUT": "target", "TO": "target"}
_BRACKETS = "[]<>{}.…"
_CAPITALS = re.compile(r"[A-Z][A-Z_]+")
_FIELD = re.compile(r"<[^<>/\s][^<>\n]*>|\bYYYY\b")
_LONG = 5
"""Letters of a word in capitals that is no code of a currency, a unit or a share."""


def has_placeholder(words: Sequence[str], text: str = "") -> bool:
    """Whether a command cannot be typed as it is shown.

    A word in capitals stands for what the text speaks of. A single letter beside a number is meant as it is:
    ``100 C F`` has units, ``N M`` has not.

    Args:
        words: of the command, without the program.
        text: the requirement.
    """
    if _is_form([word for word in words if not word.startswith("-")]):
        return True
    return any(
        bare in _CHINESE
        or _FORM_FILE.fullmatch(bare) is not None
        or _SOME_FILE.fullmatch(bare) is not None
        or (bare in PLACEHOLDERS and not _is_letter_beside_number(words, at))
        or (_CAPITALS.fullmatch(word) is not None and re.search(rf"\b{word.lower()}s?\b", text) is not None)
        for at, word in enumerate(words)
        for bare in [word.strip(_BRACKETS)]
    )


def is_form(shown: str) -> bool:
    """Whether lines that are shown stand for others: ``WORD COUNT``, ``<word>: <count>``, ``YYYY-MM-DD``.

    Args:
        shown: lines; with a number in them, a word is the label of it.
    """
    if _FIELD.search(shown) and "</" not in shown:
        return True
    return not re.search(r"\d", shown) and has_placeholder(re.findall(r"[^\W\d_]+", shown))


def _is_form(words: Sequence[str]) -> bool:
    """Whether several words are all in capitals, not all of them short: ``KG METRES``."""
    bare = [word.strip(_BRACKETS) for word in words]
    return len(bare) > 1 and all(map(_CAPITALS.fullmatch, bare)) and max(map(len, bare)) >= _LONG


def _is_letter_beside_number(words: Sequence[str], at: int) -> bool:
    is_setting = at > 0 and words[at - 1].startswith("-") and not words[at - 1][1:2].isdigit()
    beside = (*words[:at], *words[at + 1 :])
    return len(words[at]) == 1 and not is_setting and any(re.search(r"\d", word) for word in beside)


def placeholder_name(word: str, beside: Sequence[str] = ()) -> str:
    """Name of the argument that a word stands for, an identifier; empty for a word that is meant as it is.

    Args:
        word: as it is shown, e.g. ``<user-name>``, ``FILE...`` or ``DESTINATION``.
        beside: all arguments of the call. Several words in capitals, not all of them short, are a form.
    """
    bare = word.strip(_BRACKETS)
    if bare in _CHINESE:
        return _CHINESE[bare]
    if form := _FORM_FILE.fullmatch(bare):
        return _SIDES.get(form[1], form[1].lower())
    name = re.sub(r"\W+", "_", bare).lower()
    known = bare in PLACEHOLDERS or _SOME_FILE.fullmatch(bare)
    if not name or not (known or word.startswith(("[", "<", "{")) or _is_form(beside)):
        return ""
    return f"{name}_" if iskeyword(name) else name
