"""Rows of files into data sets for the trainers, tokenised once and kept by hash."""

from __future__ import annotations

import ast
import hashlib
import json
import os
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from swfactory.domain.design import safe_path
from swfactory.errors import InputError, NotFoundError, PathEscapeError, StoreError
from swfactory.finetune.data.formats import read_objects, row_of
from swfactory.finetune.rows import Completion, Conversation, Kind, Preference, Prompt, Row
from swfactory.finetune.training.objective import Sft, row_kind
from swfactory.finetune.training.recipe import TrainRecipe
from swfactory.finetune.training.templates import IGNORED, count_prompt, encode, located, render
from swfactory.models.stamp import file_digest

__all__ = ["check_rows", "data_digests", "evaluation_rows", "training_rows"]

_FORMAT = 1
"""Part of the cache's key: raised when tokens would come out differently."""


def check_rows(recipe: TrainRecipe, *, tested: bool = False) -> int:
    """Read every row that the recipe names, and return how many there are to train on.

    Args:
        recipe: what is trained on what.
        tested: rows must have tests that can be run.

    Raises:
        NotFoundError: a file is missing.
        InputError: a line is no row of the objective's kind, the message has its file and number; or the recipe wants
            to evaluate, and there are no rows for that.
    """
    kind = row_kind(recipe.objective)
    counts = [sum(1 for _ in _rows(_split(source.path, "train"), kind, tested)) for source in recipe.data]
    others = [_split(recipe.replay.data, "train")] if recipe.replay else []
    if (validation := _validation(recipe)) is not None:
        others.append(validation)
    elif recipe.early_stopping or recipe.evaluate_every:
        asked = "early_stopping" if recipe.early_stopping else "evaluate_every"
        raise InputError(
            f"the recipe has {asked!r}, and no rows to evaluate on",
            hint="validation: FILE.jsonl  in the recipe, or  split: {validation: 0.05}  in that of the data set",
        )
    for path in others:
        for _ in _rows(path, kind):
            pass
    return sum(counts)


def data_digests(recipe: TrainRecipe) -> dict[str, str]:
    """Return the SHA-256 of each file of rows, by its name or that of its folder; by its path where names repeat."""
    named = [source.path for source in recipe.data] + ([recipe.replay.data] if recipe.replay else [])
    files = {path: _split(path, "train") for path in named}
    if (validation := _validation(recipe)) is not None:
        files[f"{recipe.validation or recipe.data[0].path}/validation"] = validation
    names = Counter(_short(path) for path in files)
    return {path if names[_short(path)] > 1 else _short(path): file_digest(file) for path, file in files.items()}


def _short(path: str) -> str:
    given = Path(path)
    return f"{given.parent.name}/{given.name}" if given.name == "validation" else given.name


def training_rows(recipe: TrainRecipe, tokenizer: Any, cache: Path) -> Any:
    """Return the rows of an epoch: every source by its weight, and the replayed ones.

    Args:
        recipe: what is trained on what.
        tokenizer: of the base, with a chat template.
        cache: folder of tokenised files.

    Raises:
        InputError: a line is no row, or nothing is left to learn from.
        StoreError: the cache cannot be written.
    """
    from datasets import concatenate_datasets

    chance = random.Random(recipe.seed)  # noqa: S311 - a sample, not a secret
    parts = []
    for source in recipe.data:
        rows = _loaded(recipe, _split(source.path, "train"), tokenizer, cache)
        parts.append(rows.select(_weighted(len(rows), source.weight, chance)))
    if recipe.replay:
        rows = _loaded(recipe, _split(recipe.replay.data, "train"), tokenizer, cache)
        wanted = round(sum(map(len, parts)) * recipe.replay.share / (1 - recipe.replay.share))
        parts.append(rows.select(_weighted(len(rows), wanted / len(rows), chance)))
    rows = concatenate_datasets(parts) if len(parts) > 1 else parts[0]
    if isinstance(recipe.objective, Sft) and recipe.objective.packing:
        from trl import pack_dataset

        rows = pack_dataset(rows, recipe.length, "bfd")
    return rows


def evaluation_rows(recipe: TrainRecipe, tokenizer: Any, cache: Path) -> Any:
    """Return the validation rows, None when there are none; see ``training_rows``."""
    path = _validation(recipe)
    if path is None:
        return None
    rows = _loaded(recipe, path, tokenizer, cache)
    if isinstance(recipe.objective, Sft) and recipe.objective.packing:
        from trl import pack_dataset

        rows = pack_dataset(rows, recipe.length, "bfd")
    return rows


def _split(path: str, split: str) -> Path:
    """The file of a split: of a folder the one of its name, of a file itself."""
    given = Path(path)
    file = given / f"{split}.jsonl" if given.is_dir() else given
    if not file.is_file():
        raise NotFoundError(f"there are no rows in {str(file)!r}", hint="swf data build  makes a folder of them")
    return file


def _validation(recipe: TrainRecipe) -> Path | None:
    if recipe.samples:
        return None
    if recipe.validation:
        return _split(recipe.validation, "validation")
    beside = Path(recipe.data[0].path) / "validation.jsonl"
    return beside if beside.is_file() else None


def _rows(path: Path, kind: Kind, tested: bool = False) -> Iterator[tuple[str, Row]]:
    """Rows of a file with their places; the first that is none of its kind is an error with its place."""
    empty = True
    for number, entry in read_objects(path):
        place = f"{path}:{number}"
        row = row_of(entry, kind, place)
        if tested and isinstance(row, Prompt) and (fault := _fault(row)):
            raise InputError(f"{place}: {fault}", hint="tests are a pytest module that imports 'module'")
        empty = False
        yield place, row
    if empty:
        raise InputError(f"{path} holds no rows", hint="swf data build  makes a folder of them")


def _fault(row: Prompt) -> str:
    """Why the tests of a row cannot reward anything; empty when they can."""
    try:
        safe_path(row.module)
        functions = [node for node in ast.walk(ast.parse(row.tests)) if isinstance(node, ast.FunctionDef)]
    except PathEscapeError as exc:
        return f"'module' leaves the folder: {exc.message}"
    except (SyntaxError, ValueError) as exc:
        return f"'tests' is not Python: {exc}"
    return "" if any(function.name.startswith("test") for function in functions) else "'tests' has no test"


def _weighted(count: int, weight: float, chance: random.Random) -> list[int]:
    """Indices of rows, each ``weight`` times: whole times all of them, and a sample for what is left."""
    whole, rest = divmod(round(count * weight), count)
    return [*range(count)] * whole + sorted(chance.sample(range(count), rest))


def _loaded(recipe: TrainRecipe, path: Path, tokenizer: Any, cache: Path) -> Any:
    if isinstance(recipe.objective, Sft):
        return _tokenised(recipe, recipe.objective, path, tokenizer, cache)
    from datasets import Dataset

    rows = []
    for place, row in _rows(path, row_kind(recipe.objective)):
        with located(place):
            _refuse_unusable(recipe, row, tokenizer)
        rows.append(row.model_dump(exclude={"origin"}))
    return Dataset.from_list(rows)


def _refuse_unusable(recipe: TrainRecipe, row: Row, tokenizer: Any) -> None:
    """Raise for what the trainers would fail at with the weights loaded, or cut where nothing may be cut."""
    if isinstance(row, Prompt):
        tokens = count_prompt(tokenizer, row.prompt)
        if tokens > recipe.length:
            raise InputError(
                f"a prompt of {tokens} tokens, where the recipe's length is {recipe.length}", hint=f"length: {tokens}"
            )
    elif isinstance(row, Preference):
        for reply in (row.chosen, row.rejected):
            render(tokenizer, (*row.prompt, *reply))
    elif isinstance(row, Completion):
        render(tokenizer, (*row.prompt, *row.completion))


def _tokenised(recipe: TrainRecipe, objective: Sft, path: Path, tokenizer: Any, cache: Path) -> Any:
    from datasets import Dataset

    key = hashlib.sha256(
        json.dumps(
            [_FORMAT, file_digest(path), _fingerprint(tokenizer), recipe.length, objective.assistant_only]
        ).encode()
    ).hexdigest()
    file = cache / f"{key[:32]}.arrow"
    if not file.is_file():
        _write_tokens(file, _encoded(recipe, objective, path, tokenizer))
    rows = Dataset.from_file(str(file))
    if len(rows) == 0:
        raise InputError(
            f"no reply of {str(path)!r} begins within {recipe.length} tokens", hint=f"length: {2 * recipe.length}"
        )
    return rows


def _encoded(recipe: TrainRecipe, objective: Sft, path: Path, tokenizer: Any) -> Iterator[dict[str, list[int]]]:
    for place, row in _rows(path, "sft"):
        assert isinstance(row, Conversation)
        with located(place):
            tokens = encode(tokenizer, row.messages, length=recipe.length, assistant_only=objective.assistant_only)
        if any(label != IGNORED for label in tokens["labels"]):
            yield tokens


def _fingerprint(tokenizer: Any) -> str:
    words = tokenizer.backend_tokenizer.to_str() if tokenizer.is_fast else json.dumps(sorted(tokenizer.get_vocab()))
    return hashlib.sha256(f"{words}\0{tokenizer.chat_template}\0{tokenizer.eos_token}".encode()).hexdigest()


def _write_tokens(file: Path, rows: Iterator[dict[str, list[int]]]) -> None:
    """Write row by row, so that memory does not grow with the file, and whole or not at all."""
    from datasets import Features, List, Value
    from datasets.arrow_writer import ArrowWriter

    draft = file.with_name(f"{file.name}.{os.getpid()}.part")
    columns = Features({"input_ids": List(Value("int32")), "labels": List(Value("int64"))})
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with ArrowWriter(path=str(draft), features=columns, writer_batch_size=1000) as writer:
            for row in rows:
                writer.write(row)
            writer.finalize()
        draft.replace(file)
    except OSError as exc:
        raise StoreError(f"tokens cannot be kept in {str(file)!r}: {exc}", hint="look at the disk: df -h") from exc
    finally:
        draft.unlink(missing_ok=True)
