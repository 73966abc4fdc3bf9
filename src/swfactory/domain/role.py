"""The roles of the factory by name, and the check of a name that a user gave."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from swfactory.errors import InputError

__all__ = ["LIBRARIAN", "MENDER", "ROLES", "SERVED", "check_role"]

ROLES = ("product_manager", "architect", "test_engineer", "engineer", "reviewer", "writer")
"""Roles of the delivery graph in the order in which they work; a custom graph may bring more."""

MENDER = "mender"
"""A role that works only where the settings give it a model."""

LIBRARIAN = "librarian"
"""Who answers questions about what is in the store."""

SERVED = (*ROLES, MENDER, LIBRARIAN)
"""Roles that can be given a model of their own."""


_MISSPELT = 0.85
"""Similarity to a known name from which a name of the user's own is taken for a slip."""


def check_role(name: str, known: Sequence[str] = SERVED, *, own: bool = False) -> None:
    """Refuse a name that no role has.

    Args:
        name: as it was given.
        known: roles that can be meant.
        own: roles of a graph of the user's own can be meant as well; then only slips of the pen are refused.

    Raises:
        InputError: there is no such role; the hint names the nearest one, and all.
    """
    near = get_close_matches(name, known, n=1, cutoff=_MISSPELT if own else 0.6)
    extends = own and any(name.startswith(role) for role in known)  # a second reviewer of one's own
    if name not in known and (near or not own) and not extends:
        guess = f"did you mean {near[0]}? " if near else ""
        raise InputError(f"there is no role {name!r}", hint=f"{guess}roles: {', '.join(known)}")
