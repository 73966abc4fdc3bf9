"""A source into rows: each maker of the recipe does its part, with a model or a sandbox where it needs one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from swfactory.errors import InputError
from swfactory.finetune.data.code_pairs import TestIndex, code_rows
from swfactory.finetune.data.collect import SourceFile, files_of
from swfactory.finetune.data.commits import change_rows, message_rows
from swfactory.finetune.data.dedup import Seen
from swfactory.finetune.data.document_pairs import document_rows
from swfactory.finetune.data.filters import file_reason
from swfactory.finetune.data.formats import read_rows
from swfactory.finetune.data.mutants import mutant_rows, seeds_of
from swfactory.finetune.data.recipe import DataRecipe, SourceRecipe
from swfactory.finetune.data.runs import run_rows
from swfactory.finetune.data.splitting import group_of
from swfactory.finetune.data.tally import Tally
from swfactory.finetune.rows import Origin, Row
from swfactory.ports import Sandbox

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

__all__ = ["Tools", "source_rows"]


@dataclass(frozen=True)
class Tools:
    """What makers may need; nothing is opened before one does.

    Args:
        data_dir: the data folder, whose runs are taken when a recipe names no other.
        sandbox: opens where tests run.
        model: opens what asks questions.
    """

    data_dir: Path
    sandbox: Callable[[], Sandbox]
    model: Callable[[], BaseChatModel]


def source_rows(source: SourceRecipe, recipe: DataRecipe, tools: Tools, seen: Seen, tally: Tally) -> Iterator[Row]:
    """Yield all rows of a source, before any check of rows.

    Args:
        source: the source.
        recipe: says what is left out of it, and what rows are to be.
        tools: model, sandbox and runs.
        seen: files that were read before, of whichever source.
        tally: counts what is left out.

    Raises:
        InputError: a file of rows is malformed, or the source cannot be read.
        FactoryError: the model or the sandbox fails.
    """
    if source.type == "jsonl":
        yield from _file_rows(source, recipe)
    elif source.type == "runs":
        yield from run_rows(Path(source.path) if source.path else tools.data_dir, source, recipe.kind, tally)
    elif source.type == "documents":
        yield from document_rows(source, tools.model(), tally, seed=recipe.seed)
    else:
        yield from _code_rows(source, recipe, tools, seen, tally)


def _file_rows(source: SourceRecipe, recipe: DataRecipe) -> Iterator[Row]:
    """Rows of a file; what they say of their origin stays, but for the source's name."""
    path = Path(source.path)
    if not path.is_file():
        raise InputError(f"source {source.title!r}: {source.path!r} is no file", hint="type: folder for a folder")
    for row in read_rows(path, recipe.kind):
        known = row.origin or Origin(source="", group=group_of(row))
        group = {"source": f"file:{source.title}", "file": f"file:{source.title}", "row": group_of(_anonymous(row))}
        update = {
            "source": source.title,
            "license": known.license or source.license,
            "group": group.get(source.group or "", known.group),
        }
        yield row.model_copy(update={"origin": known.model_copy(update=update)})


def _anonymous(row: Row) -> Row:
    return row.model_copy(update={"origin": None})


def _code_rows(source: SourceRecipe, recipe: DataRecipe, tools: Tools, seen: Seen, tally: Tally) -> Iterator[Row]:
    tests = TestIndex()
    if {"mutants", "test_to_code"} & set(source.makers):
        for file in files_of(source, Tally()):
            if file.language == "python" and not file_reason(file, recipe.filter):
                tests.add(file)

    def kept(counted: Tally) -> Iterator[SourceFile]:
        return (file for file in files_of(source, counted) if counted.keeps(file_reason(file, recipe.filter)))

    pairs = [maker for maker in source.makers if maker in ("code_to_question", "docstring_to_body", "test_to_code")]
    if pairs:
        for file in kept(tally):
            if tally.keeps(_again(seen, file.text)):
                yield from code_rows(file, source, pairs, tests)
    if "mutants" in source.makers:
        counted = Tally() if pairs else tally  # the same files are not counted twice
        seeds = (seed for file in kept(counted) for seed in seeds_of(file, source, tests, tally))
        yield from mutant_rows(
            seeds, recipe.kind, tools.sandbox(), tally, seed=recipe.seed, per_function=source.per_function
        )
    if "diff_to_message" in source.makers:
        yield from message_rows(source, recipe.filter, tally)
    if "commit_to_change" in source.makers:
        yield from change_rows(source, recipe.filter, tools.sandbox(), tally)


def _again(seen: Seen, text: str) -> str:
    said = seen.again(text, "file")
    return f"file: {said}" if said else ""
