"""The recipe of a data set: where rows come from, what is kept of them, and how they are divided."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, model_validator

from swfactory.domain.value import Value
from swfactory.errors import InputError
from swfactory.finetune.recipes import load_recipe
from swfactory.finetune.rows import Kind

__all__ = [
    "DataRecipe",
    "DecontaminateRecipe",
    "DedupRecipe",
    "FilterRecipe",
    "Maker",
    "MaskRecipe",
    "PersonalKind",
    "SourceRecipe",
    "SplitName",
    "SplitRecipe",
    "read_recipe",
]

Maker = Literal[
    "code_to_question",
    "commit_to_change",
    "diff_to_message",
    "docstring_to_body",
    "document_questions",
    "mutants",
    "test_to_code",
]
"""A way to make rows of files or of a history."""

PersonalKind = Literal["bank-card", "email", "id-card", "ip-address", "phone"]
SplitName = Literal["train", "validation", "test"]

_BY_TYPE: dict[str, frozenset[str]] = {
    "git": frozenset(
        ("code_to_question", "commit_to_change", "diff_to_message", "docstring_to_body", "mutants", "test_to_code")
    ),
    "folder": frozenset(("code_to_question", "docstring_to_body", "mutants", "test_to_code")),
    "documents": frozenset(("document_questions",)),
    "jsonl": frozenset(),
    "runs": frozenset(),
}
"""Makers that a type of source can be given."""
_GROUPS: dict[str, tuple[str, ...]] = {
    "git": ("source", "file", "function"),
    "folder": ("source", "file", "function"),
    "documents": ("source", "file"),
    "jsonl": ("source", "row"),
    "runs": (),
}
"""What a type of source can be divided by."""
_OF_HISTORY: frozenset[Maker] = frozenset(("commit_to_change", "diff_to_message"))
"""Makers whose rows are about a whole repository, whichever function they change."""
_BY_KIND: dict[str, frozenset[str]] = {
    "sft": frozenset().union(*_BY_TYPE.values()),
    "preference": frozenset(("mutants",)),
    "kto": frozenset(("mutants",)),
    "prompt": frozenset(("mutants",)),
}


class SourceRecipe(Value):
    """One source.

    Args:
        type: ``git``, ``folder``, ``documents``, ``jsonl`` or ``runs``.
        path: folder or file, relative to the recipe; of runs, the data folder, empty for that of the settings.
        name: what the card and the rows call it; empty for the last part of the path.
        makers: how rows are made of it; none for files of rows and for runs, which are rows already.
        weight: share of the mix against the other sources; None when nothing is sampled.
        limit: most rows that are taken.
        license: SPDX identifier, where no file tells it.
        group: what stays in one split: the whole source; a file or a function of code; a document, which is a file;
            of a file of rows a row by itself. Without it: a repository and a folder as a whole, a document, a run, and
            of a file of rows what its rows say.
        include: patterns of the files that are taken of a repository, a folder or documents, e.g. ``src/**``; none for
            all.
        per_function: most mutants of one function; None for all that its tests find.
    """

    type: Literal["git", "folder", "documents", "jsonl", "runs"]
    path: str = ""
    name: str = ""
    makers: tuple[Maker, ...] = ()
    weight: float | None = Field(default=None, gt=0)
    limit: int | None = Field(default=None, gt=0)
    license: str = ""
    group: Literal["source", "file", "function", "row"] | None = None
    include: tuple[str, ...] = ()
    per_function: int | None = Field(default=None, gt=0)

    @property
    def title(self) -> str:
        """What the card calls it."""
        return self.name or Path(self.path).name or self.type

    @model_validator(mode="after")
    def _fitting(self) -> SourceRecipe:
        if not self.path and self.type != "runs":
            raise ValueError("a source of this type needs a 'path'")
        if wrong := [maker for maker in self.makers if maker not in _BY_TYPE[self.type]]:
            known = ", ".join(sorted(_BY_TYPE[self.type])) or "none"
            raise ValueError(f"a source of type {self.type!r} has no maker {wrong[0]!r}; it has {known}")
        if _BY_TYPE[self.type] and not self.makers:
            raise ValueError(f"'makers' is empty; choose from {', '.join(sorted(_BY_TYPE[self.type]))}")
        if self.group is not None and self.group not in _GROUPS[self.type]:
            known = ", ".join(_GROUPS[self.type]) or "runs, each by itself"
            raise ValueError(f"a source of type {self.type!r} cannot be divided by {self.group!r}, only by {known}")
        if self.group in ("file", "function") and (wrong := sorted(_OF_HISTORY & set(self.makers))):
            raise ValueError(f"{wrong[0]!r} teaches what a function became: with it, 'group' can only be 'source'")
        if self.include and self.type in ("jsonl", "runs"):
            raise ValueError(f"a source of type {self.type!r} has no files that 'include' could choose from")
        if self.per_function is not None and "mutants" not in self.makers:
            raise ValueError("'per_function' counts mutants, and the source makes none")
        return self


class FilterRecipe(Value):
    """What is left out; each reason is counted in the card.

    Args:
        licenses: SPDX identifiers that are taken, of files and of rows; none for all, unknown ones too.
        max_file_bytes: largest file.
        min_tokens: shortest row, in estimated tokens.
        max_tokens: longest row, in estimated tokens.
        generated: whether files written by a machine are left out.
        vendored: whether other people's code in a repository is left out.
        parse: whether Python files that do not parse are left out.
        min_quality: lowest quality score of a file, from 0 to 1.
    """

    licenses: tuple[str, ...] = ()
    max_file_bytes: int = Field(default=200_000, gt=0)
    min_tokens: int = Field(default=8, ge=0)
    max_tokens: int = Field(default=4096, gt=0)
    generated: bool = True
    vendored: bool = True
    parse: bool = True
    min_quality: float = Field(default=0.0, ge=0, le=1)


class MaskRecipe(Value):
    """What is masked beside secrets, which always are.

    Args:
        personal: kinds of personal data.
    """

    personal: tuple[PersonalKind, ...] = ("bank-card", "email", "id-card", "ip-address", "phone")


class DedupRecipe(Value):
    """What counts as said before.

    Args:
        exact: whether rows and files that say the same are kept once.
        near: estimated Jaccard similarity from which a row repeats another; None keeps such rows. Mutants of one
            function, and judged replies or pairs of one prompt, do not repeat each other.
        shingle: words that are compared as one.
        permutations: length of a MinHash signature, a multiple of 16.
    """

    exact: bool = True
    near: float | None = Field(default=0.85, gt=0.3, le=1)
    shingle: int = Field(default=5, gt=0)
    permutations: int = Field(default=128, gt=0, le=1024, multiple_of=16)


class DecontaminateRecipe(Value):
    """What evaluations ask must not be taught.

    Args:
        against: ``humaneval``, or files: YAML, JSON or JSONL, also with ``.gz``, relative to the recipe.
        ngram: words in a row that give a copy away; GPT-3's paper took 13 (Brown et al. 2020, arXiv:2005.14165).
        names: whether a row that defines a function of such a file is left out too.
    """

    against: tuple[str, ...] = ("humaneval",)
    ngram: int = Field(default=10, ge=4)
    names: bool = True


class SplitRecipe(Value):
    """Shares that are held out, by group.

    Args:
        validation: share of the groups to watch training with.
        test: share of the groups to evaluate on.
    """

    validation: float = Field(default=0.0, ge=0, lt=1)
    test: float = Field(default=0.0, ge=0, lt=1)

    @model_validator(mode="after")
    def _room(self) -> SplitRecipe:
        if self.validation + self.test >= 1:
            raise ValueError("'validation' and 'test' leave nothing to train on")
        return self


class DataRecipe(Value):
    """A data set as it is asked for.

    Args:
        name: what it is called; letters, digits, dots and dashes.
        kind: what its rows teach from.
        seed: of sampling, mixing, splitting and questions.
        sources: where rows come from.
        filter: what is left out.
        mask: what is masked.
        dedup: what counts as said before.
        decontaminate: what must not be taught.
        split: what is held out.
        only: splits that are written; all of them when empty.
    """

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")
    kind: Kind = "sft"
    seed: int = Field(default=0, ge=0)
    sources: tuple[SourceRecipe, ...] = Field(min_length=1)
    filter: FilterRecipe = FilterRecipe()
    mask: MaskRecipe = MaskRecipe()
    dedup: DedupRecipe = DedupRecipe()
    decontaminate: DecontaminateRecipe = DecontaminateRecipe()
    split: SplitRecipe = SplitRecipe()
    only: tuple[SplitName, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> DataRecipe:
        titles = [source.title for source in self.sources]
        if twice := next((title for title in titles if titles.count(title) > 1), ""):
            raise ValueError(f"two sources are called {twice!r}; give each a 'name'")
        if len({source.weight is None for source in self.sources}) > 1:
            raise ValueError("either every source has a 'weight' or none")
        for source in self.sources:
            if wrong := [maker for maker in source.makers if maker not in _BY_KIND[self.kind]]:
                raise ValueError(f"the maker {wrong[0]!r} makes no rows of kind {self.kind!r}")
            if source.type == "runs" and self.kind == "prompt":
                raise ValueError("runs give no rows of kind 'prompt'")
            wanted = self.filter.licenses
            if source.type in ("documents", "runs") and wanted and source.license not in wanted:
                raise ValueError(
                    f"{source.title!r} has the licence {source.license or 'unknown'!r}, of which 'filter.licenses' "
                    "takes nothing; give it a 'license'"
                )
        return self


def read_recipe(path: Path) -> DataRecipe:
    """Read a recipe; relative paths in it are taken from its folder.

    Args:
        path: YAML file.

    Raises:
        NotFoundError: there is no such file.
        InputError: a key or value cannot be used, or a path leads nowhere.
    """
    recipe = load_recipe(path, DataRecipe)
    home = path.parent
    sources = []
    for number, source in enumerate(recipe.sources):
        place = (home / Path(source.path).expanduser()).resolve() if source.path else None
        if place is not None and not place.exists():
            raise InputError(
                f"{path}: 'sources[{number}].path' leads nowhere: {source.path!r}", hint=f"paths start at {home}"
            )
        title = source.title
        sources.append(source.model_copy(update={"path": str(place or ""), "name": title}))
    against = []
    for number, name in enumerate(recipe.decontaminate.against):
        if name != "humaneval" and not (home / Path(name).expanduser()).is_file():
            raise InputError(
                f"{path}: 'decontaminate.against[{number}]' is no file: {name!r}", hint="'humaneval' or a file"
            )
        against.append(name if name == "humaneval" else str((home / Path(name).expanduser()).resolve()))
    decontaminate = recipe.decontaminate.model_copy(update={"against": tuple(against)})
    return recipe.model_copy(update={"sources": tuple(sources), "decontaminate": decontaminate})
