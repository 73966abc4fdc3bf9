"""Documents that a product carries whatever it is: licence texts."""

from __future__ import annotations

from difflib import get_close_matches
from importlib.resources import files

from swfactory.errors import InputError
from swfactory.report.text import plain

__all__ = ["LICENSES", "canonical_license", "render_license"]

LICENSES = ("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MIT-0", "Unlicense")
"""SPDX identifiers of the licences that a product can carry."""


def canonical_license(spdx: str) -> str:
    """Return the SPDX identifier spelled as SPDX spells it.

    Args:
        spdx: the identifier in any case.

    Raises:
        InputError: there is no text for it.
    """
    by_name = {name.lower(): name for name in LICENSES}
    wanted = spdx.strip().lower()
    if wanted in by_name:
        return by_name[wanted]
    near = get_close_matches(wanted, by_name, n=1)
    guess = f"did you mean {by_name[near[0]]}? " if near else ""
    raise InputError(f"there is no text for the licence {spdx!r}", hint=f"{guess}use one of: {', '.join(LICENSES)}")


def render_license(spdx: str, holder: str) -> str:
    """Return the text of a licence.

    The notice bears no year: it is not required, and the same run must give the same files on any day.

    Args:
        spdx: SPDX identifier, in any case.
        holder: who holds the copyright.

    Raises:
        InputError: there is no text for the identifier, or the holder is empty.
    """
    name = canonical_license(spdx)
    owner = " ".join(plain(holder).split())
    if not owner:
        raise InputError(f"the copyright holder {holder!r} is empty", hint="name a person or an organisation")
    text = files("swfactory.report").joinpath("licenses", f"{name}.txt").read_text(encoding="utf-8")
    return text.replace("{holder}", owner).replace("[yyyy] [name of copyright owner]", owner)
