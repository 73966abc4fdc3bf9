"""Questions whose answer is known, over what every Python and this project have.

The sets lie in ``rag/eval/``: only questions and the names of what should be found are kept there; the corpus is the
standard library of the Python that runs, or this project's own text, so that nothing of anybody's is copied. A name
that this Python does not have is left out, and counted.
"""

from __future__ import annotations

import ast
import json
import random
import re
import sysconfig
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from swfactory.errors import NotFoundError
from swfactory.rag.chunk import Chunk
from swfactory.rag.code import code_chunks
from swfactory.rag.prose import text_chunks

__all__ = ["EvalSet", "load_sets"]

_FUNCTIONS = 300
"""Functions among which those that are asked for are hidden."""
_DOCSTRINGS = 200
_DOCSTRING_CHARS = 25
_FUNCTION_CHARS = 90
_SEED = 1


@dataclass(frozen=True)
class EvalSet:
    """Questions over a corpus.

    Args:
        name: of the set.
        corpus: chunks by the name of what they are a part of.
        questions: each with the name of what should be found.
        missing: questions that were left out because this Python lacks their answer.
    """

    name: str
    corpus: dict[str, list[Chunk]]
    questions: list[tuple[str, str]]
    missing: int = 0


def load_sets(names: Sequence[str] = ()) -> list[EvalSet]:
    """Build the sets: docstrings, English and Chinese questions for functions, topics of the language, Chinese prose.

    Args:
        names: the sets that are wanted; empty for all.

    Raises:
        NotFoundError: there is no such set.
    """
    makers: dict[str, Callable[[], EvalSet]] = {
        "docstrings": _docstrings,
        "english": lambda: _functions("english", "en"),
        "chinese": lambda: _functions("chinese", "zh"),
        "topics": _topics,
        "chinese-prose": _chinese_prose,
        "chinese-readme": _chinese_readme,
    }
    for name in names:
        if name not in makers:
            raise NotFoundError(f"there is no evaluation set {name!r}", hint=f"choose of {', '.join(makers)}")
    return [make() for name, make in makers.items() if not names or name in names]


def _data(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in _text(name, _CHECKOUT).splitlines()]


def _text(name: str, checkout: Path) -> str:
    packaged = files("swfactory.rag").joinpath("eval", name)
    return packaged.read_text("utf-8") if packaged.is_file() else (checkout / name).read_text("utf-8")


_CHECKOUT = Path(__file__).parents[3] / "rag" / "eval"


def _functions(name: str, language: str) -> EvalSet:
    """Questions for functions, which are hidden among others."""
    everything = _library(with_docstrings=True)
    asked = _data("functions.jsonl")
    known = [row for row in asked if row["gold"] in everything]
    golds = [row["gold"] for row in known]
    others = sorted(everything.keys() - set(golds))
    random.Random(_SEED).shuffle(others)  # noqa: S311 - a sample that is the same each time
    corpus = {key: everything[key] for key in [*golds, *others[: _FUNCTIONS - len(golds)]]}
    return EvalSet(name, corpus, [(row[language], row["gold"]) for row in known], len(asked) - len(known))


def _docstrings() -> EvalSet:
    """First paragraphs of docstrings, for functions that have lost theirs."""
    documented = _library(with_docstrings=True)
    bare = _library(with_docstrings=False)
    corpus = {name: bare[name] for name in documented if name in bare}
    asked: dict[str, list[str]] = {}
    for name in corpus:
        doc = documented[name][0].doc
        if len(doc.partition("\n")[0]) > _DOCSTRING_CHARS:
            asked.setdefault(" ".join(doc.partition("\n\n")[0].split()), []).append(name)
    questions = [
        (question, names[0])
        for question, names in sorted(asked.items())
        # What several functions say of themselves asks for none of them; what is all their text was not taken away.
        if len(names) == 1 and not any(question in " ".join(chunk.text.split()) for chunk in corpus[names[0]])
    ]
    random.Random(_SEED).shuffle(questions)  # noqa: S311 - a sample that is the same each time
    return EvalSet("docstrings", corpus, questions[:_DOCSTRINGS])


def _topics() -> EvalSet:
    """Questions on the language, over the topics of Python's own help."""
    from pydoc_data.topics import topics  # type: ignore[import-not-found, unused-ignore]

    asked = _data("topics.jsonl")
    known = [row for row in asked if row["gold"] in topics]
    corpus = {name: text_chunks(text, f"topics/{name}.txt") for name, text in topics.items()}
    return EvalSet("topics", corpus, [(row["en"], row["gold"]) for row in known], len(asked) - len(known))


def _chinese_prose() -> EvalSet:
    """Chinese questions over Chinese sentences of a team's handbook."""
    rows = _data("chinese.jsonl")
    names = [f"{number:03}" for number in range(len(rows))]
    corpus = {name: text_chunks(row["passage"], f"{name}.md") for name, row in zip(names, rows, strict=True)}
    return EvalSet(
        "chinese-prose", corpus, [(row["zh"], name) for name, row in zip(names, rows, strict=True) if "zh" in row]
    )


def _chinese_readme() -> EvalSet:
    """Chinese questions over the paragraphs, list items and table rows of this project's Chinese README."""
    passages = list(_passages(_text("README.zh-CN.md", _CHECKOUT.parents[1])))
    names = [f"{number:03}" for number in range(len(passages))]
    corpus = {name: text_chunks(passage, f"{name}.md") for name, passage in zip(names, passages, strict=True)}
    questions = [
        (row["zh"], name)
        for row in _data("readme.zh.jsonl")
        for name, passage in zip(names, passages, strict=True)
        if row["gold"] in passage
    ]
    return EvalSet("chinese-readme", corpus, questions)


def _passages(markdown: str) -> Iterator[str]:
    prose = re.sub(r"^```.*?^```$|^<!--.*?-->$|^#.*?$", "", markdown, flags=re.MULTILINE | re.DOTALL)
    for block in re.split(r"\n\s*\n", prose):
        rows = block.strip().splitlines()
        if rows and rows[0].startswith("|"):
            yield from (row.strip("| ") for row in rows[2:])
        else:
            joined = "".join(f"\n{row}" if row.startswith("- ") else row for row in rows)
            yield from (item for item in joined.split("\n") if item)


def _library(*, with_docstrings: bool) -> dict[str, list[Chunk]]:
    """Public functions of the standard library by their dotted names; those of a line or two are left out."""
    found: dict[str, list[Chunk]] = {}
    root = Path(sysconfig.get_path("stdlib"))
    for module in _modules():
        path = root / f"{module}.py"
        if not path.is_file():
            continue
        text = path.read_text("utf-8", "replace")
        dotted = module.removesuffix("/__init__").replace("/", ".")
        for chunk in code_chunks(text if with_docstrings else _undocumented(text), f"{module}.py", "python"):
            public = not chunk.symbol.rpartition(".")[2].startswith("_")
            if chunk.kind == "function" and public and (not with_docstrings or len(chunk.text) >= _FUNCTION_CHARS):
                found.setdefault(f"{dotted}.{chunk.symbol}", []).append(chunk)
    return found


def _modules() -> Iterator[str]:
    for row in _data("modules.jsonl"):
        yield row["module"]


def _undocumented(text: str) -> str:
    """Source code without its docstrings."""
    drop: set[int] = set()
    for node in ast.walk(ast.parse(text)):
        documented = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) and ast.get_docstring(node)
        if documented and len(node.body) > 1:  # type: ignore[attr-defined]
            first = node.body[0]  # type: ignore[attr-defined]
            drop.update(range(first.lineno - 1, first.end_lineno))
    return "".join(line for number, line in enumerate(text.splitlines(keepends=True)) if number not in drop)
