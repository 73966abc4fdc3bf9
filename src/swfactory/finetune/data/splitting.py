"""Which split a row belongs to: decided by its group alone, so that a repository is never in two."""

from __future__ import annotations

import hashlib

from swfactory.finetune.data.recipe import SplitName, SplitRecipe
from swfactory.finetune.rows import Row

__all__ = ["group_of", "split_of"]


def group_of(row: Row) -> str:
    """Return what must not be divided; a row of which nothing is known is a group of its own.

    Args:
        row: the row.
    """
    if row.origin is not None:
        return row.origin.group
    return hashlib.sha256(row.model_dump_json().encode()).hexdigest()


def split_of(group: str, recipe: SplitRecipe, seed: int) -> SplitName:
    """Return the split of a group. It depends on nothing else, so that new data moves no old group.

    Args:
        group: a repository, a document, a run or a function.
        recipe: the shares.
        seed: another seed divides otherwise.
    """
    drawn = int.from_bytes(hashlib.sha256(f"{seed}\x00{group}".encode()).digest()[:8], "big") / 2**64
    if drawn < recipe.test:
        return "test"
    return "validation" if drawn < recipe.test + recipe.validation else "train"
