"""Instructions out of a git history: what a change is called, and changes of one function that a test proves."""

from __future__ import annotations

import ast
import asyncio
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from swfactory.domain.execution import Command, Limits
from swfactory.errors import PathEscapeError
from swfactory.finetune.data.code_pairs import is_test
from swfactory.finetune.data.collect import Repository, SourceFile, file_of, is_wanted, open_repository
from swfactory.finetune.data.filters import file_reason
from swfactory.finetune.data.recipe import FilterRecipe, Maker, SourceRecipe
from swfactory.finetune.data.tally import Tally
from swfactory.finetune.data.units import Unit, fenced, units_of
from swfactory.finetune.rows import Conversation, Message, Origin
from swfactory.ports import Sandbox
from swfactory.programs.functions import parse
from swfactory.workspace.plumbing import git, git_text

__all__ = ["change_rows", "message_rows"]

_DIFF_CHARS = 8_000
_TREE_BYTES = 4_000_000
_FILE_BYTES = 500_000
_FILES = 200
"""Most files of a change: git is told their names, and the diff of more is too long anyway."""
_MIN_WORDS = 3
_SECONDS = 60
_ROUTINE = re.compile(r"^(?:merge|revert|bump|release|version|wip|fixup!|squash!|update dependency)\b", re.IGNORECASE)
_TRAILER = re.compile(r"^[A-Za-z][\w-]*-by: |^Change-Id: |^Co-authored-by: ", re.IGNORECASE)


class _Commit(NamedTuple):
    """A commit with one parent."""

    name: str
    parent: str
    message: str


def _commits(repository: Repository, tally: Tally) -> Iterator[_Commit]:
    """Commits of the history with a message that says something, oldest first."""
    listed = git_text(repository.root, "rev-list", "--reverse", "--no-merges", "--parents", repository.commit)
    for line in listed.splitlines():
        name, *parents = line.split()
        if len(parents) != 1:
            continue
        said = git_text(repository.root, "log", "-1", "--format=%B", name)
        kept = "\n".join(line for line in said.splitlines() if not _TRAILER.match(line)).strip()
        if len(kept.split()) < _MIN_WORDS or _ROUTINE.match(kept):
            tally.drop("routine commit")
        else:
            yield _Commit(name, parents[0], kept)


def message_rows(source: SourceRecipe, left_out: FilterRecipe, tally: Tally) -> Iterator[Conversation]:
    """Yield the changes of a repository, each answered by its message.

    A change is shown as far as the recipe takes its files, and not at all when one of them is to be left out.

    Args:
        source: of type ``git``.
        left_out: which files are not taken.
        tally: counts what is left out.

    Raises:
        InputError: it is no repository.
        StoreError: git failed.
    """
    repository = open_repository(source)
    for commit in _commits(repository, tally):
        paths = _changed_paths(source, repository, commit)
        if len(paths) > _FILES:
            tally.drop("commit too large")
            continue
        text = _diff(repository, commit, paths) if paths else ""
        if not text or "\nBinary files " in f"\n{text}":
            tally.drop("commit without text")
        elif len(text) > _DIFF_CHARS:
            tally.drop("commit too large")
        elif tally.keeps(_file_reason(files := _files(source, repository, commit, paths), left_out)):
            asked = f"Write the commit message of this change.\n\n```diff\n{text}\n```"
            yield _row(files, repository, "diff_to_message", "", commit.name, asked, commit.message)


def change_rows(source: SourceRecipe, left_out: FilterRecipe, sandbox: Sandbox, tally: Tally) -> Iterator[Conversation]:
    """Yield changes of one function that come with a test, which fails without the change and passes with it.

    Both is tried in the sandbox, with all else as the commit left it.

    Must not be called where an event loop runs.

    Args:
        source: of type ``git``.
        left_out: which files are not taken.
        sandbox: where the tests run.
        tally: counts what is left out.

    Raises:
        InputError: it is no repository.
        StoreError: git failed.
        SandboxError: the sandbox could not start.
    """
    repository = open_repository(source)
    for commit in _commits(repository, tally):
        paths = [path for path in _changed_paths(source, repository, commit) if path.endswith(".py")]
        tests, code = [path for path in paths if is_test(path)], [path for path in paths if not is_test(path)]
        if len(code) != 1 or not tests:
            continue
        old = _show(repository, commit.parent, code[0])
        changed = _changed(old, _show(repository, commit.name, code[0]))
        if changed is None:
            tally.drop("commit of several functions")
            continue
        if not tally.keeps(_file_reason(files := _files(source, repository, commit, paths), left_out)):
            continue
        if reason := asyncio.run(_verify(repository, commit, {code[0]: old}, tests, sandbox)):
            tally.drop(reason)
            continue
        before, after = changed
        calling = [
            unit.code
            for path in tests
            for unit in units_of(_show(repository, commit.name, path))
            if unit.name.rpartition(".")[2].startswith("test_") and after.name.rpartition(".")[2] in unit.code
        ]
        told = [commit.message, fenced(before.code)] + ([fenced("\n\n".join(calling))] if calling else [])
        asked = "Change this function so that its tests pass.\n\n" + "\n\n".join(told)
        yield _row(files, repository, "commit_to_change", after.name, code[0], asked, fenced(after.code))


def _row(
    files: Sequence[SourceFile],
    repository: Repository,
    maker: Maker,
    name: str,
    path: str,
    asked: str,
    answered: str,
) -> Conversation:
    known = {file.license for file in files}
    licenses = "" if "" in known else " AND ".join(sorted(known))
    origin = Origin(
        source=files[0].source, group=repository.identity, path=path, license=licenses, name=name, maker=maker
    )
    turns = (Message(role="user", content=asked), Message(role="assistant", content=answered))
    return Conversation(messages=turns, origin=origin)


def _changed_paths(source: SourceRecipe, repository: Repository, commit: _Commit) -> list[str]:
    """Files that a commit changes and the recipe takes."""
    names = git(repository.root, "diff", "--name-only", "--no-renames", "-z", commit.parent, commit.name).stdout
    paths = filter(None, names.decode("utf-8", "surrogateescape").split("\0"))
    return [path for path in paths if is_wanted(path, source.include)]


def _diff(repository: Repository, commit: _Commit, paths: Sequence[str]) -> str:
    options = ("--no-color", "--no-ext-diff", "-M")
    shown = (f":(top,literal){path}" for path in paths)
    diff = git(repository.root, "diff", *options, commit.parent, commit.name, "--", *shown).stdout
    return diff.decode("utf-8", "replace").strip()


def _files(source: SourceRecipe, repository: Repository, commit: _Commit, paths: Sequence[str]) -> list[SourceFile]:
    """Files as a commit leaves them, those that it deletes as they were."""
    texts = ((path, _show(repository, commit.name, path) or _show(repository, commit.parent, path)) for path in paths)
    return [file_of(source, path, text, repository.identity, repository.license) for path, text in texts]


def _file_reason(files: Sequence[SourceFile], left_out: FilterRecipe) -> str:
    """Why a change is left out: the first reason to leave out a file of it; empty for none."""
    return next(filter(None, (file_reason(file, left_out) for file in files)), "")


def _show(repository: Repository, commit: str, path: str) -> str:
    """A file of a commit; empty when it has none."""
    return git(repository.root, "show", f"{commit}:{path}", ok=(0, 128)).stdout.decode("utf-8", "replace")


def _changed(before: str, after: str) -> tuple[Unit, Unit] | None:
    """The one function that differs; None when there is none, several, or something else as well."""
    old, new = ({unit.name: unit for unit in units_of(text)} for text in (before, after))
    if old.keys() != new.keys():
        return None
    differ = [name for name, unit in new.items() if unit.code != old[name].code]
    if len(differ) != 1 or _without(before, differ[0]) != _without(after, differ[0]):
        return None
    return old[differ[0]], new[differ[0]]


def _without(text: str, name: str) -> str:
    """All that a program says beside a function; comments say nothing."""
    tree = parse(text)
    assert tree is not None  # it has functions
    owner, _, last = name.rpartition(".")
    classes = [node.body for node in tree.body if isinstance(node, ast.ClassDef) and node.name == owner]
    for body in classes if owner else [tree.body]:
        body[:] = [
            ast.Pass() if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == last else node
            for node in body
        ]
    return ast.dump(tree)


async def _verify(
    repository: Repository, commit: _Commit, old: dict[str, str], tests: list[str], sandbox: Sandbox
) -> str:
    """Why a change of files is not proved; empty when it is."""
    after = _tree(repository, commit.name)
    if after is None:
        return "repository too large to run"
    tests = [path for path in tests if path in after]
    try:
        if not await _passes(after, tests, sandbox):
            return "commit whose tests fail"
        return "commit whose tests pass without it" if await _passes(after | old, tests, sandbox) else ""
    except PathEscapeError:
        return "repository with strange paths"


async def _passes(tree: dict[str, str], tests: list[str], sandbox: Sandbox) -> bool:
    command = Command(
        argv=("python", "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests),
        files=tree,
        env={"PYTHONPATH": "src:."},
        limits=Limits(seconds=_SECONDS, memory_mb=1024),
    )
    return (await sandbox.run(command)).ok


def _tree(repository: Repository, commit: str) -> dict[str, str] | None:
    """Text files of a commit; None when there is too much of it."""
    listed = git(repository.root, "ls-tree", "-r", "-l", "-z", "--full-tree", commit).stdout
    sizes: dict[str, int] = {}
    for entry in filter(None, listed.split(b"\0")):
        head, _, path = entry.partition(b"\t")
        mode, kind, _, size = head.split()
        if kind == b"blob" and mode != b"120000" and int(size) <= _FILE_BYTES:
            sizes[path.decode("utf-8", "replace")] = int(size)
    if sum(sizes.values()) > _TREE_BYTES:
        return None
    texts = {}
    for name in sizes:
        data = git(repository.root, "show", f"{commit}:{name}", ok=(0, 128)).stdout
        if b"\0" not in data:
            texts[name] = data.decode("utf-8", "replace")
    return texts
