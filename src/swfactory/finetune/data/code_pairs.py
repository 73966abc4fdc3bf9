"""Instructions out of code: documentation to body, tests to code, code to the question that it answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from swfactory.finetune.data.collect import SourceFile
from swfactory.finetune.data.recipe import Maker, SourceRecipe
from swfactory.finetune.data.units import Unit, fenced, units_of
from swfactory.finetune.rows import Conversation, Message, Origin
from swfactory.rag.languages import GRAMMARS

__all__ = ["TestIndex", "code_rows", "docstring_prompt", "is_test", "origin_of"]

_MIN_DOC_WORDS = 3
_MIN_BODY_LINES = 2
_TESTS_OF_ONE = 4
_INDEX_BYTES = 64_000_000
"""Test code of one source that is remembered; what is beyond it pairs with nothing."""


def is_test(path: str) -> bool:
    """Whether a Python file holds tests, by pytest's own rules for names.

    Args:
        path: the file, with slashes.
    """
    name = path.rpartition("/")[2]
    return name.endswith("_test.py") or (name.startswith("test_") and name.endswith(".py"))


class TestIndex:
    """Test functions of a source by the functions that they call."""

    __test__ = False

    def __init__(self) -> None:
        self._by_name: dict[str, list[Unit]] = {}
        self._bytes = 0

    def add(self, file: SourceFile) -> None:
        """Remember the tests of a file, whether they stand apart or beside the code.

        Args:
            file: any Python file.
        """
        for unit in units_of(file.text):
            if not unit.name.startswith("test_") or self._bytes > _INDEX_BYTES:
                continue
            self._bytes += len(unit.code)
            for called in unit.calls:
                self._by_name.setdefault(called, []).append(unit)

    def of(self, unit: Unit) -> list[Unit]:
        """Return the tests of a function: those that bear its name, else those that call little else.

        Args:
            unit: the function.
        """
        found = self._by_name.get(unit.name, [])
        named = [
            test for test in found if test.name == f"test_{unit.name}" or test.name.startswith(f"test_{unit.name}_")
        ]
        return (named or [test for test in found if len(test.calls) <= 2])[:_TESTS_OF_ONE]


def origin_of(file: SourceFile, maker: Maker, name: str, source: SourceRecipe) -> Origin:
    """Return where a row of a file comes from.

    Args:
        file: the file.
        maker: how the row is made.
        name: function that it is about.
        source: says what a group is.
    """
    group = f"{file.group}::{name}" if source.group == "function" else file.group
    return Origin(source=file.source, group=group, path=file.path, license=file.license, name=name, maker=maker)


def docstring_prompt(unit: Unit) -> str:
    """Return the request to write a function of which signature and documentation are given.

    Args:
        unit: the function.
    """
    shown = f"{unit.imports}\n\n\n{unit.stub}" if unit.imports else unit.stub
    return f"Complete this function.\n\n{fenced(shown)}"


def code_rows(
    file: SourceFile, source: SourceRecipe, makers: Collection[Maker], tests: TestIndex
) -> Iterator[Conversation]:
    """Yield the rows of a file.

    Args:
        file: the file.
        source: where it comes from.
        makers: which rows are made.
        tests: tests of the whole source.
    """
    if file.language == "python":
        pairs: Iterable[tuple[Maker, str, str, str]] = () if is_test(file.path) else _python(file, tests)
    else:
        pairs = _other(file) if "docstring_to_body" in makers else ()
    for maker, name, asked, answered in pairs:
        if maker in makers:
            turns = (Message(role="user", content=asked), Message(role="assistant", content=answered))
            yield Conversation(messages=turns, origin=origin_of(file, maker, name, source))


def _python(file: SourceFile, tests: TestIndex) -> Iterator[tuple[Maker, str, str, str]]:
    for unit in units_of(file.text):
        last = unit.name.rpartition(".")[2]
        if last.startswith("test_") or (last.startswith("__") and last.endswith("__")):
            continue
        told = len(unit.doc.split()) >= _MIN_DOC_WORDS
        if told and unit.bare.strip().count("\n") >= _MIN_BODY_LINES:
            yield "docstring_to_body", unit.name, docstring_prompt(unit), fenced(unit.runnable)
        if told:
            summary = unit.doc.split("\n\n")[0]
            asked = f"Which task does this function solve?\n\n{fenced(unit.bare)}"
            yield "code_to_question", unit.name, asked, summary
        if found := tests.of(unit):
            shown = "\n\n".join(test.code for test in found)
            asked = f"Write the function `{last}` that passes these tests.\n\n{fenced(shown)}"
            yield "test_to_code", unit.name, asked, fenced(unit.runnable)


def _other(file: SourceFile) -> Iterator[tuple[Maker, str, str, str]]:
    """Functions of another language with the comment above them, as the tree-sitter grammars find them."""
    if file.language not in GRAMMARS:
        return
    from swfactory.rag.code import code_chunks

    for chunk in code_chunks(file.text, file.path, file.language):
        whole = chunk.kind == "function" and chunk.part == 1 and chunk.text.rstrip().endswith(("}", "end", ")"))
        if whole and len(chunk.doc.split()) >= _MIN_DOC_WORDS and chunk.signature:
            asked = f"Write this {file.language} function.\n\n```{file.language}\n{chunk.signature}\n```\n\n{chunk.doc}"
            yield "docstring_to_body", chunk.symbol, asked, f"```{file.language}\n{chunk.text.strip()}\n```"
