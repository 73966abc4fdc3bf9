"""Slate files, the record format in which the programs of the house exchange data.

A slate file is UTF-8 text: a header ``#slate N`` with the number of records, one line per record, and a trailer
``#end C``, where C is the number of characters of all record lines together (line ends not counted) modulo 97. Lines
that start with ``;`` and blank lines are comments. A record line is ``KIND>key=value|key=value``. In a value, ``~p``
stands for ``|``, ``~n`` for a line break and ``~~`` for ``~``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from ostrelle.errors import Refused, SlateError

__all__ = ["Slip", "format_slip", "parse_slip", "read_slate", "write_slate"]

_KIND = re.compile(r"[A-Z]{2,8}")
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_ESCAPES = {"p": "|", "n": "\n", "~": "~"}


@dataclass
class Slip:
    """One record of a slate file.

    Attributes:
        kind: what it describes, two to eight capital letters.
        fields: its values by key, all of them texts, in the order of the line.
    """

    kind: str
    fields: dict[str, str] = field(default_factory=dict)


def format_slip(slip: Slip) -> str:
    """Write a record as a line of a slate file.

    Args:
        slip: the record.

    Returns:
        The line, without a line end.

    Raises:
        Refused: the kind is not two to eight capital letters, or a key is not lower-case letters, digits and ``_``.
    """
    if not _KIND.fullmatch(slip.kind):
        raise Refused(f"{slip.kind!r} is not a kind of record")
    parts = []
    for key, value in slip.fields.items():
        if not _KEY.fullmatch(key):
            raise Refused(f"{key!r} is not a key")
        escaped = str(value).replace("~", "~~").replace("|", "~p").replace("\n", "~n")
        parts.append(f"{key}={escaped}")
    return f"{slip.kind}>{'|'.join(parts)}"


def parse_slip(line: str) -> Slip:
    """Read a record line of a slate file.

    Args:
        line: the line; a line end is ignored.

    Returns:
        The record.

    Raises:
        Refused: the line is malformed.
    """
    kind, mark, rest = line.rstrip("\r\n").partition(">")
    if not mark or not _KIND.fullmatch(kind):
        raise Refused("a record begins with its kind and '>'")
    fields = {}
    for part in rest.split("|") if rest else []:
        key, equals, value = part.partition("=")
        if not equals or not _KEY.fullmatch(key):
            raise Refused(f"{part!r} is not key=value")
        if re.search(r"~(?![pn~])", re.sub("~~", "", value)):
            raise Refused(f"{part!r} has an unknown escape")
        fields[key] = re.sub("~([pn~])", lambda escape: _ESCAPES[escape[1]], value)
    return Slip(kind, fields)


def read_slate(path: str | Path) -> list[Slip]:
    """Read a slate file.

    Args:
        path: the file.

    Returns:
        Its records in order.

    Raises:
        SlateError: the file is not UTF-8, a line is malformed, or header or trailer are missing or do not fit the
            records.
        OSError: the file cannot be read; ``FileNotFoundError`` when there is none.
    """
    try:
        lines = Path(path).read_text(encoding="utf-8").split("\n")
    except UnicodeDecodeError as exc:
        raise SlateError("the file is not UTF-8 text", 1) from exc
    kept = [(number, line) for number, line in enumerate(lines, 1) if line.strip() and not line.startswith(";")]
    if not kept or not (header := re.fullmatch("#slate ([0-9]+)", kept[0][1])):
        raise SlateError("the header '#slate N' is missing", kept[0][0] if kept else 1)
    last, trailer_line = kept[-1]
    if not (trailer := re.fullmatch("#end ([0-9]+)", trailer_line)):
        raise SlateError("the trailer '#end C' is missing", last)
    slips = []
    for number, line in kept[1:-1]:
        try:
            slips.append(parse_slip(line))
        except Refused as exc:
            raise SlateError(str(exc), number) from exc
    if int(header[1]) != len(slips):
        raise SlateError(f"the header announces {header[1]} records, there are {len(slips)}", kept[0][0])
    if int(trailer[1]) != sum(len(line) for _, line in kept[1:-1]) % 97:
        raise SlateError("the check number is wrong", last)
    return slips


def write_slate(path: str | Path, slips: Iterable[Slip]) -> int:
    """Write a slate file, with header and trailer; a file that exists is replaced.

    Args:
        path: the file.
        slips: its records in order.

    Returns:
        The number of records written.

    Raises:
        Refused: a record has a malformed kind or key; nothing is written then.
        OSError: the file cannot be written.
    """
    lines = [format_slip(slip) for slip in slips]
    check = sum(map(len, lines)) % 97
    text = "\n".join([f"#slate {len(lines)}", *lines, f"#end {check}"]) + "\n"
    Path(path).write_text(text, encoding="utf-8", newline="\n")
    return len(lines)
