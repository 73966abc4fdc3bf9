"""What finished runs leave to later ones: their verified code, their plans, and what mended them."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from swfactory.config import Settings
from swfactory.domain.delivery import Delivery
from swfactory.domain.run import Event, Run
from swfactory.errors import FactoryError, MissingExtraError

__all__ = ["EXPERIENCE", "Experience", "lessons"]

EXPERIENCE = "experience"
"""The collection of what earlier runs have left."""

_FOLDER = "earlier-runs"
_SKIPPED = frozenset(("arguments.py",))
"""Files that are made by rule: no later run has to look up how."""


def lessons(run: Run, delivery: Delivery, tree: Mapping[str, str], events: Iterable[Event]) -> dict[str, str]:
    """Return what a later run may learn of a delivered one, as files; nothing of one that does not meet its criteria.

    What nobody knows to be right would be believed by every later run that is about the same.

    Args:
        run: the run.
        delivery: what it handed over.
        tree: files of the product, path to text.
        events: of the run.
    """
    proved = delivery.results and all(result.outcome not in {"failed", "error"} for result in delivery.results)
    if not proved or any(criterion.verdict != "met" for criterion in delivery.criteria):
        return {}
    sources = {
        path: text
        for path, text in tree.items()
        if path.endswith(".py") and not path.startswith("tests/") and path not in _SKIPPED and text.strip()
    }
    listed = "\n".join(f"- `{path}`: {', '.join(_offered(text))}" for path, text in sources.items())
    plan = f"# {delivery.title}\n\n{run.requirement.text}\n\n## Files\n\n{listed}\n"
    fixes = "\n".join(_fixes(sources, events))
    return {
        "plan.md": plan,
        **({"fixes.md": f"# What went wrong, and what is right\n\n{fixes}"} if fixes else {}),
        **sources,
    }


def _offered(text: str) -> list[str]:
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return [node.name for node in body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)]


def _fixes(sources: Mapping[str, str], events: Iterable[Event]) -> Iterator[str]:
    """Each problem that was solved, with the function that solved it as it was delivered."""
    for event in events:
        problems, functions = event.data.get("problems"), event.data.get("functions")
        if event.kind != "fix" or not isinstance(problems, list) or not problems or not isinstance(functions, dict):
            continue
        codes = [_code(sources.get(path, ""), name) for path, names in functions.items() for name in names]
        if shown := [code for code in codes if code]:
            yield f"## {problems[0]}\n\n```python\n{shown[0]}\n```\n"


def _code(text: str, name: str) -> str:
    """The source of a function, dotted with its class; empty when it is not there."""
    try:
        body = ast.parse(text).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    *owner, last = name.split(".")
    if owner:
        body = [
            inner for node in body if isinstance(node, ast.ClassDef) and node.name == owner[0] for inner in node.body
        ]
    found = (node for node in body if isinstance(node, ast.FunctionDef) and node.name == last)
    return next((ast.get_source_segment(text, node) or "" for node in found), "")


class Experience:
    """The collection of earlier runs, and the files that it is made from.

    Args:
        settings: where collections are, and what makes vectors.
        data_dir: absolute path of the data folder.
    """

    def __init__(self, settings: Settings, data_dir: Path) -> None:
        self._settings = settings
        self._folder = data_dir / EXPERIENCE / _FOLDER

    def keep(self, run: Run, files: Mapping[str, str]) -> str:
        """Keep what a run has taught, and return what became of it, in a sentence; empty when there is nothing.

        It never fails: a run that is delivered is delivered.

        Args:
            run: the run.
            files: as ``lessons`` gives them.
        """
        if not files:
            return ""
        try:
            for path, text in files.items():
                place = self._folder / run.id / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(text, encoding="utf-8")
            self._sync()
        except MissingExtraError:
            return ""
        except (FactoryError, OSError) as exc:
            return f"what this run has learnt is not in the store yet: {_told(exc)}; swf rag sync -c {EXPERIENCE}"
        return f"what this run has learnt is kept for later ones ({len(files)} files)"

    def forget(self, run_id: str) -> str:
        """Take what a run has taught out of the store, and return what is left there, in a sentence; empty for nothing.

        It never fails: a run that is deleted is deleted.

        Args:
            run_id: the run.
        """
        folder = self._folder / run_id
        if not folder.is_dir():
            return ""
        try:
            shutil.rmtree(folder)
            self._sync()
        except MissingExtraError:
            return ""
        except (FactoryError, OSError) as exc:
            return f"what run {run_id!r} had learnt is still in the store: {_told(exc)}; swf rag sync -c {EXPERIENCE}"
        return ""

    def _sync(self) -> None:
        from swfactory.rag import open_collection
        from swfactory.rag.ingestion import add

        collection = open_collection(self._settings, EXPERIENCE, create=True)
        try:
            add(collection, self._folder)
        finally:
            collection.close()


def _told(error: FactoryError | OSError) -> str:
    return error.message if isinstance(error, FactoryError) else str(error)
