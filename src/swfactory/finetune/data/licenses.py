"""Licences by their SPDX identifiers, from what files say of themselves and from a repository's licence text."""

from __future__ import annotations

import re

__all__ = ["is_license_file", "license_of_header", "license_of_text"]

_NAMES = re.compile(r"(?:^|/)(?:licen[cs]e|copying|unlicense)(?:[.-][\w.-]*)?$", re.IGNORECASE)
_HEADER = re.compile(r"SPDX-License-Identifier:\s*([\w.+() -]+)")
_HEADER_CHARS = 2_000

_TEXTS: tuple[tuple[str, str], ...] = (
    ("AGPL-3.0-only", r"GNU AFFERO GENERAL PUBLIC LICENSE\s+Version 3"),
    ("LGPL-3.0-only", r"GNU LESSER GENERAL PUBLIC LICENSE\s+Version 3"),
    ("LGPL-2.1-only", r"GNU LESSER GENERAL PUBLIC LICENSE\s+Version 2\.1"),
    ("GPL-3.0-only", r"GNU GENERAL PUBLIC LICENSE\s+Version 3"),
    ("GPL-2.0-only", r"GNU GENERAL PUBLIC LICENSE\s+Version 2"),
    ("Apache-2.0", r"Apache License,?\s+Version 2\.0"),
    ("MPL-2.0", r"Mozilla Public License,?\s+(?:Version|v\.?) ?2\.0"),
    ("EPL-2.0", r"Eclipse Public License\s+-? ?v ?2\.0"),
    ("MulanPSL-2.0", r"Mulan Permissive Software License,?\s+Version 2|木兰宽松许可证"),
    ("CC0-1.0", r"CC0 1\.0 Universal"),
    ("Unlicense", r"This is free and unencumbered software released into the public domain"),
    ("BSL-1.0", r"Boost Software License - Version 1\.0"),
    ("ISC", r"Permission to use, copy, modify, and/or distribute this software for any purpose with or without fee"),
    ("MIT", r"Permission is hereby granted, free of charge, to any person obtaining a copy"),
    ("BSD-3-Clause", r"Redistribution and use in source and binary forms[\s\S]*Neither the name"),
    ("BSD-2-Clause", r"Redistribution and use in source and binary forms"),
)
"""A sentence of each licence that no other has, the stricter ones first: they may quote the others."""
_PATTERNS = tuple((name, re.compile(shape.replace(" ", r"\s+"), re.IGNORECASE)) for name, shape in _TEXTS)


def is_license_file(path: str) -> bool:
    """Whether a file's name is one that licence texts have.

    Args:
        path: the file, with slashes.
    """
    return _NAMES.search(path) is not None


def license_of_text(text: str) -> str:
    """Return the SPDX identifier of a licence text; empty when it is none that is known.

    Args:
        text: content of a LICENSE file. Versions are taken without "or later", the stricter reading.
    """
    return next((name for name, pattern in _PATTERNS if pattern.search(text)), "")


def license_of_header(text: str) -> str:
    """Return what a file's ``SPDX-License-Identifier`` says (https://spdx.dev/ids); empty when it has none.

    Args:
        text: the file.
    """
    found = _HEADER.search(text[:_HEADER_CHARS])
    return found[1].strip(" -") if found else ""
