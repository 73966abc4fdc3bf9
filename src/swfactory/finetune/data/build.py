"""A recipe into a data set: collected, cleaned, checked and mixed as a stream, and registered whole or not at all.

Nothing is held in memory but one row, counters, and what the evaluations ask; what must be remembered of other rows is
in files of a hidden folder.
"""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from swfactory._version import __version__
from swfactory.errors import InputError
from swfactory.finetune.data.card import DatasetCard, SourceFacts
from swfactory.finetune.data.cleaning import clean_row
from swfactory.finetune.data.collect import open_repository
from swfactory.finetune.data.decontamination import Contamination, text_of
from swfactory.finetune.data.dedup import Seen
from swfactory.finetune.data.filters import row_reason
from swfactory.finetune.data.formats import MODELS
from swfactory.finetune.data.making import Tools, source_rows
from swfactory.finetune.data.mixing import Pool, interleave, sample, shares
from swfactory.finetune.data.recipe import DataRecipe, SourceRecipe
from swfactory.finetune.data.splits import SplitWriter
from swfactory.finetune.data.splitting import group_of, split_of
from swfactory.finetune.data.store import adding, write_card
from swfactory.finetune.data.tally import Tally
from swfactory.finetune.rows import Completion, Preference, Row

__all__ = ["Progress", "build"]

_TOLD = 100
"""Rows between two words of progress."""
_PROVED = frozenset(("commit_to_change", "mutants"))
"""Makers whose rows tests have proved; with a part of it masked, a row is not what was proved."""


class Progress:
    """How far a build is.

    Args:
        told: called now and then, from this thread.
    """

    def __init__(self, told: Callable[[Progress], None]) -> None:
        self.source = ""
        self.made = 0
        self.kept = 0
        self.ended = False
        self._told = told

    def begin(self, source: str) -> None:
        """Go on with another source."""
        self.source, self.made, self.kept, self.ended = source, 0, 0, False
        self._told(self)

    def count(self, *, kept: bool) -> None:
        """Count a row that was made."""
        self.made += 1
        self.kept += kept
        if self.made % _TOLD == 0:
            self._told(self)

    def end(self) -> None:
        """Tell the last numbers of a source."""
        self.ended = True
        self._told(self)


def build(
    recipe: DataRecipe,
    target: Path,
    tools: Tools,
    *,
    text: str = "",
    replace: bool = False,
    told: Callable[[Progress], None] = lambda _: None,
) -> DatasetCard:
    """Build a data set.

    The same recipe over the same sources gives files of the same digests. Must not be called where an event loop runs.

    Args:
        recipe: what is asked for.
        target: the folder that is to be.
        tools: model, sandbox and runs.
        text: the recipe as it was written, for the card.
        replace: whether a data set that is there gives way.
        told: called now and then.

    Returns:
        The card.

    Raises:
        InputError: the folder exists, a source is malformed, or no row is left.
        StoreError: the disk is full.
        FactoryError: the model or the sandbox fails.
    """
    with adding(target, replace=replace) as folder:
        work = folder / ".work"
        work.mkdir()
        tally, progress = Tally(), Progress(told)
        facts = _collect(recipe, tools, work, tally, progress)
        sizes = shares([Pool(rows=fact.kept, weight=s.weight) for fact, s in zip(facts, recipe.sources, strict=True)])
        tally.drop("not sampled", sum(fact.kept for fact in facts) - sum(sizes))
        with ExitStack() as files:
            pools = [
                sample(_lines(files, _pool(work, number)), fact.kept, size, f"{recipe.seed} {fact.name}")
                for number, (fact, size) in enumerate(zip(facts, sizes, strict=True))
            ]
            writer = files.enter_context(SplitWriter(folder, work / "groups.db"))
            _divide(recipe, interleave(pools, sizes, recipe.seed), writer, tally)
            splits = writer.facts()
        shutil.rmtree(work)
        if not splits:
            why = (
                ", ".join(f"{count} {reason}" for reason, count in tally.dropped.most_common(4)) or "no source has any"
            )
            raise InputError(f"no row is left of {recipe.name!r}: {why}", hint="loosen 'filter' or name other sources")
        card = DatasetCard(
            name=recipe.name,
            kind=recipe.kind,
            seed=recipe.seed,
            recipe=text,
            splits=splits,
            sources=tuple(fact.model_copy(update={"used": size}) for fact, size in zip(facts, sizes, strict=True)),
            makers=_sorted(writer.makers),
            licenses=_sorted(writer.licenses),
            dropped=_sorted(tally.dropped),
            masked=_sorted(tally.masked),
            version=__version__,
        )
        write_card(card, folder)
    return card


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _pool(work: Path, number: int) -> Path:
    return work / f"source-{number}.jsonl"


def _collect(recipe: DataRecipe, tools: Tools, work: Path, tally: Tally, progress: Progress) -> list[SourceFacts]:
    """Write the rows of each source that pass every check into a file of its own."""
    contamination = Contamination(recipe.decontaminate)
    facts = []
    with Seen(work / "seen.db", recipe.dedup) as seen:
        for number, source in enumerate(recipe.sources):
            progress.begin(source.title)
            with _pool(work, number).open("w", encoding="utf-8") as file:
                for row in source_rows(source, recipe, tools, seen, tally):
                    cleaned, kinds = clean_row(row, recipe.mask.personal)
                    kept = tally.keeps(_reason(cleaned, kinds, recipe, contamination, seen))
                    if kept:
                        tally.masked.update(kinds)
                        file.write(cleaned.model_dump_json(exclude_none=True) + "\n")
                    progress.count(kept=kept)
                    if progress.kept == source.limit:
                        break
            progress.end()
            facts.append(
                SourceFacts(
                    name=source.title,
                    type=source.type,
                    revision=_revision(source),
                    made=progress.made,
                    kept=progress.kept,
                )
            )
    return facts


def _reason(row: Row, masked: Sequence[str], recipe: DataRecipe, contamination: Contamination, seen: Seen) -> str:
    """Why a row is left out: the cheap checks first, and what is left out for another reason is not remembered."""
    if masked and row.origin is not None and row.origin.maker in _PROVED:
        return "proved row with something to mask"
    return row_reason(row, recipe.filter) or contamination.found(row) or seen.again(text_of(row), kin=_kin(row))


def _kin(row: Row) -> str:
    """What rows have in common that are meant to differ in little: the function of mutants, the prompt of replies."""
    if row.origin is not None and row.origin.maker == "mutants":
        return f"{row.origin.source}/{row.origin.path}::{row.origin.name}"
    if isinstance(row, Completion | Preference):
        return "\n".join(turn.content for turn in row.prompt)
    return ""


def _revision(source: SourceRecipe) -> str:
    if source.type == "git":
        return open_repository(source).commit
    if source.type == "jsonl":
        with Path(source.path).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    return ""


def _lines(files: ExitStack, path: Path) -> Iterator[str]:
    return iter(files.enter_context(path.open(encoding="utf-8", newline="\n")))


def _divide(recipe: DataRecipe, lines: Iterator[str], writer: SplitWriter, tally: Tally) -> None:
    """Write each row into the split of its group."""
    for line in lines:
        row = MODELS[recipe.kind].model_validate_json(line)
        split = split_of(group_of(row), recipe.split, recipe.seed)
        if tally.keeps("" if not recipe.only or split in recipe.only else f"of the {split} split"):
            writer.add(split, line, row)
