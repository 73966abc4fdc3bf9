"""Amounts of money in Chinese capitals."""

import re

DIGITS = "零壹贰叁肆伍陆柒捌玖"
UNITS = ["", "拾", "佰", "仟"]
GROUPS = ["", "万", "亿"]


def whole_part(digits: str) -> str:
    text = ""
    gap = group_used = False
    for place, digit in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        if digit == "0":
            gap = True
        else:
            text += ("零" if gap and text else "") + DIGITS[int(digit)] + UNITS[place % 4]
            gap = False
            group_used = True
        if place % 4 == 0:
            text += GROUPS[place // 4] if group_used else ""
            group_used = False
    return text


def to_chinese(amount: str) -> str:
    found = re.fullmatch(r"([0-9]+)(?:\.([0-9]{1,2}))?", amount)
    if found is None:
        raise ValueError(f"{amount!r} is not an amount")
    whole = found[1].lstrip("0")
    if len(whole) > 12:
        raise ValueError(f"{amount} is too large")
    tenths, hundredths = (int(digit) for digit in (found[2] or "").ljust(2, "0"))
    text = whole_part(whole) + "元" if whole else ""
    if not tenths and not hundredths:
        return (text or "零元") + "整"
    if tenths:
        text += DIGITS[tenths] + "角"
    elif text:
        text += "零"
    return text + (DIGITS[hundredths] + "分" if hundredths else "")
