"""Secrets out of text: what looks like a key, a token or a password is replaced before it is kept or shown.

The shapes are those that the issuers document; they follow the public rules of gitleaks
(https://github.com/gitleaks/gitleaks, MIT). A shape that is only likely, a value assigned to a name such as
``api_key``, must look random as well, so that ``password = input()`` stays what it is.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import partial

__all__ = ["Masked", "mask_secrets"]

_ISSUED = [
    (kind, tuple(marks.split()), re.compile(shape))
    for kind, marks, shape in (
        ("aws-key", "AKIA ASIA ABIA ACCA", r"\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}\b"),
        ("github-token", "ghp_ gho_ ghu_ ghs_ ghr_", r"\bgh[pousr]_[A-Za-z0-9]{36,}\b"),
        ("github-token", "github_pat_", r"\bgithub_pat_\w{50,}\b"),
        ("gitlab-token", "glpat- gldt- glrt- glptt-", r"\bgl(?:pat|dt|rt|ptt)-[\w-]{20,}"),
        ("slack-token", "xox xapp-", r"\bxox[abeprs]-[A-Za-z0-9-]{10,}|\bxapp-\d-[A-Za-z0-9-]{20,}"),
        ("slack-webhook", "hooks.slack.com", r"https://hooks\.slack\.com/(?:services|workflows)/[A-Za-z0-9+/]{20,}"),
        ("google-key", "AIza", r"\bAIza[\w-]{35}"),
        ("anthropic-key", "sk-ant-", r"\bsk-ant-[\w-]{20,}"),
        ("openai-key", "sk-", r"\bsk-(?=[\w-]*\d)[\w-]{20,}"),
        ("stripe-key", "sk_ rk_", r"\b(?:sk|rk)_(?:live|test|prod)_[A-Za-z0-9]{10,}"),
        ("hub-token", "hf_", r"\bhf_[A-Za-z]{34}\b"),
        ("npm-token", "npm_", r"\bnpm_[A-Za-z0-9]{36}\b"),
        ("pypi-token", "pypi-AgE", r"\bpypi-AgE[\w-]{50,}"),
        ("sendgrid-key", "SG.", r"\bSG\.[\w-]{16,}\.[\w-]{16,}"),
        ("alibaba-key", "LTAI", r"\bLTAI[A-Za-z0-9]{17,21}\b"),
        ("tencent-key", "AKID", r"\bAKID[A-Za-z0-9]{32}\b"),
        ("jwt", "ey", r"\bey[A-Za-z0-9_-]{15,}\.ey[A-Za-z0-9_-]{15,}\.[A-Za-z0-9_-]{10,}"),
        (
            "private-key",
            "-----BEGIN",
            r"-----BEGIN[A-Z0-9 ]{0,60}PRIVATE KEY(?: BLOCK)?-----[\s\S]*?"
            r"(?:-----END[A-Z0-9 ]{0,60}PRIVATE KEY(?: BLOCK)?-----|\Z)",
        ),
    )
]
"""Kind, the letters that a text with such a secret has somewhere, and its shape."""

_IN_URL = re.compile(r"(?P<before>://[^\s/:@'\"]{0,100}:)(?P<value>[^\s/:@'\"]{3,200})(?P<after>@)")
_NAMES = (
    *("password", "passwd", "passw", "pwd", "secret", "token", "credential", "密码", "口令", "密钥"),
    *("api_key", "api-key", "apikey", "access_key", "access-key", "accesskey", "auth_key", "auth-key", "authkey"),
    *("private_key", "private-key", "privatekey"),
)
_ASSIGNED = re.compile(
    r"""(?P<before>(?:s|[_-][\w-]{1,40})?["']?\s{0,3}(?:=>|:=|[=:：])\s{0,3}(?:[bru]?(?P<quote>["'`])|"""
    r"""(?:Bearer|Basic)\s+)?)(?P<value>[^\s"'`,;()\[\]{}<>$]{6,200})(?![(\[])""",
    re.IGNORECASE,
)
"""What comes after a name of ``_NAMES``. It is not searched for: finding the names first is many times faster."""

_PLACEHOLDER = re.compile(
    r"^(?:x+|\*+|\.+|-+|none|null|true|false|undefined|todo|.*(?:example|placeholder|changeme|change_me|your[_-]|dummy|"
    r"redacted|masked|\benv\b|environ|getenv|config\.|settings\.|self\.|args\.|os\.).*)$",
    re.IGNORECASE,
)
_MIN_ENTROPY = 2.5
"""Bits a character, below which a value is a word or a name."""


@dataclass(frozen=True)
class Masked:
    """A text without its secrets.

    Args:
        text: the text, each secret replaced by ``[masked:KIND]``; lines stay where they are.
        kinds: kinds of secret that were found, one entry each.
    """

    text: str
    kinds: tuple[str, ...] = ()


def mask_secrets(text: str, *, assigned: bool = True) -> Masked:
    """Replace what looks like a secret.

    Args:
        text: source code, a document, a prompt or a log line.
        assigned: mask random values that are assigned to names such as ``api_key``, too. A requirement may show some
            that its examples are made of.

    Returns:
        The text without secrets, and which kinds they were; values are never kept.
    """
    kinds: list[str] = []

    def mark(kind: str, value: str) -> str:
        kinds.append(kind)
        # A key of several lines leaves as many, so that places in the text stay true.
        return f"[masked:{kind}]" + "\n" * value.count("\n")

    def issued(kind: str, found: re.Match[str]) -> str:
        return mark(kind, found[0])

    def in_url(found: re.Match[str]) -> str:
        if _PLACEHOLDER.match(found["value"]) or found["value"].startswith(("$", "{", "<", "[masked")):
            return found[0]
        return found["before"] + mark("password", found["value"]) + found["after"]

    for kind, marks, shape in _ISSUED:
        if any(letters in text for letters in marks):
            text = shape.sub(partial(issued, kind), text)
    if "://" in text and "@" in text:
        text = _IN_URL.sub(in_url, text)
    for start, end in _assigned_values(text) if assigned else ():
        text = text[:start] + mark("secret", text[start:end]) + text[end:]
    return Masked(text, tuple(kinds))


def _assigned_values(text: str) -> list[tuple[int, int]]:
    """Where the values are that are assigned to a name such as ``api_key``, the last one first."""
    lower = text.lower()
    if len(lower) != len(text):  # the few letters whose small form is longer
        lower = text
    found = set()
    for name in _NAMES:
        at = lower.find(name)
        while at >= 0:
            match = _ASSIGNED.match(text, at + len(name))
            if match is not None and _is_secret(match["value"], quoted=match["quote"] is not None):
                found.add(match.span("value"))
            at = lower.find(name, at + len(name))
    return sorted(found, reverse=True)


def _is_secret(value: str, *, quoted: bool) -> bool:
    """Whether a value is no word, name or expression: digits beside letters, and many different characters."""
    if _PLACEHOLDER.match(value):
        return False
    if not re.search(r"\d", value) or not re.search(r"[A-Za-z]", value):
        return False
    if not quoted and re.fullmatch(r"[A-Za-z_]\w*(?:\.\w+)*", value) and not re.search(r"\d.*[A-Za-z].*\d", value):
        return False
    return _entropy(value) >= _MIN_ENTROPY


def _entropy(value: str) -> float:
    """Shannon entropy of the characters, in bits a character."""
    counts = Counter(value).values()
    return -sum(count / len(value) * math.log2(count / len(value)) for count in counts)
