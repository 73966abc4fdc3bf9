"""凯撒密码和维吉尼亚密码。"""

import string


def caesar(text: str, shift: int) -> str:
    return "".join(_move(char, shift) for char in text)


def vigenere(text: str, key: str, decrypt: bool = False) -> str:
    if not key or any(char not in string.ascii_letters for char in key):
        raise ValueError(f"密钥无效：{key!r}")
    shifts = [ord(char) - ord("a") for char in key.lower()]
    out, at = [], 0
    for char in text:
        if char in string.ascii_letters:
            shift = shifts[at % len(shifts)]
            out.append(_move(char, -shift if decrypt else shift))
            at += 1
        else:
            out.append(char)
    return "".join(out)


def _move(char: str, shift: int) -> str:
    for letters in (string.ascii_lowercase, string.ascii_uppercase):
        if char in letters:
            return letters[(letters.index(char) + shift) % 26]
    return char
