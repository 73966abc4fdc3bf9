"""Personal data out of text: addresses, telephone numbers, identity cards, bank cards and IP addresses.

What has a checksum is masked only when it holds, so that ordinary numbers stay. Secrets are ``swfactory.masking``'s.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Collection
from datetime import date

from swfactory.finetune.data.recipe import PersonalKind
from swfactory.masking import Masked

__all__ = ["is_bank_card", "is_id_card", "mask_personal"]

_EMAIL = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?P<host>(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24})(?![\w-])")
_NOBODYS = re.compile(r"(?:^|\.)(?:example(?:\.(?:com|net|org))?|test|invalid|localhost)$", re.IGNORECASE)
"""Hosts that RFC 2606 sets apart for documents."""
_ID_CARD = re.compile(r"(?<![\w.])[1-9]\d{16}[\dXx](?!\w)")
_CARD = re.compile(
    r"(?<![\w.-])(?:\d{13,19}|\d{4}(?:[ -]\d{4}){2}[ -]\d{1,7}|\d{4}[ -]\d{6}[ -]\d{5})(?![\w-])(?!\.\d)"
)
_CARD_ISSUERS = re.compile(r"4|5[1-5]|2[2-7]|3[47]|35|62|60|65")
"""First digits of Visa, Mastercard, American Express, JCB, UnionPay and Discover (ISO/IEC 7812)."""
_PHONE = re.compile(
    r"(?<![\w)\]+.-])(?:"
    r"\+[1-9]\d{0,2}(?:[ ().-]{0,2}\d){7,13}"  # international, E.164
    r"|(?:86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}"  # Chinese mobile
    r"|0(?:10|2\d|[3-9]\d{2})-\d{7,8}"  # Chinese landline
    r")(?![\w.]?\d)(?!\w)"
)
_IPV4 = re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)")
_IPV6 = re.compile(r"(?<![\w:.])(?:[0-9A-Fa-f]{1,4}:){2,7}(?::?[0-9A-Fa-f]{1,4}){1,7}(?![\w:])")
_VERSION = re.compile(r"(?:version|release|v|==|>=|~=)\s*[=:]?\s*[\"']?$", re.IGNORECASE)


def mask_personal(text: str, kinds: Collection[PersonalKind]) -> Masked:
    """Replace personal data by ``[masked:KIND]``.

    Args:
        text: code, a document or a reply.
        kinds: what is looked for.

    Returns:
        The text, and the kinds that were found, one entry each.
    """
    found: list[str] = []

    def masked(kind: PersonalKind, holds: Callable[[re.Match[str]], bool]) -> Callable[[re.Match[str]], str]:
        def replace(match: re.Match[str]) -> str:
            if not holds(match):
                return match[0]
            found.append(kind)
            return f"[masked:{kind}]"

        return replace

    for kind, mark, pattern, holds in _SHAPES:
        if kind in kinds and mark.search(text):
            text = pattern.sub(masked(kind, holds), text)
    return Masked(text, tuple(found))


def is_id_card(number: str) -> bool:
    """Whether a text is the number of a Chinese identity card (GB 11643-1999): a day of birth and a check digit.

    Args:
        number: 18 characters.
    """
    if not re.fullmatch(r"\d{17}[\dXx]", number):
        return False
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    weighted = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(number[:17]))
    return born.year >= 1880 and number[17].upper() == "10X98765432"[weighted % 11]


def is_bank_card(number: str) -> bool:
    """Whether a text is the number of a bank card: a known issuer, 13 to 19 digits, Luhn's check digit (ISO 7812-1).

    Args:
        number: digits, with spaces or dashes between groups.
    """
    digits = re.sub(r"[ -]", "", number)
    if not re.fullmatch(r"\d{13,19}", digits) or not _CARD_ISSUERS.match(digits) or len(set(digits)) < 2:
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits))]
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _is_public(match: re.Match[str]) -> bool:
    """Whether an address is somebody's: not a private one, one of documents, or a version number."""
    try:
        address = ipaddress.ip_address(match[0])
    except ValueError:
        return False
    return address.is_global and not _VERSION.search(match.string[max(0, match.start() - 12) : match.start()])


_DIGITS = re.compile(r"\d{7}|\d[ ().-]{1,2}\d")
_SHAPES: tuple[tuple[PersonalKind, re.Pattern[str], re.Pattern[str], Callable[[re.Match[str]], bool]], ...] = (
    ("email", re.compile("@"), _EMAIL, lambda match: not _NOBODYS.search(match["host"])),
    ("id-card", re.compile(r"\d{17}"), _ID_CARD, lambda match: is_id_card(match[0])),
    ("bank-card", re.compile(r"\d{4}[ -]?\d{4}"), _CARD, lambda match: is_bank_card(match[0])),
    ("phone", _DIGITS, _PHONE, lambda match: bool(match[0])),
    ("ip-address", re.compile(r"\d\."), _IPV4, _is_public),
    ("ip-address", re.compile(r"[0-9A-Fa-f]:[0-9A-Fa-f:]"), _IPV6, _is_public),
)
"""Kind, what a text with such data has somewhere, its shape, and whether a match is one."""
