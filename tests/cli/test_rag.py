"""``swf rag`` and ``swf ask`` as they are typed, with the real store and embedding, and a librarian from a script."""

from __future__ import annotations

import json
import os

import pytest
from click.testing import CliRunner

from swfactory.cli import swf
from swfactory.errors import BusyError, ConfigError, InputError, NotFoundError
from swfactory.runtime import AsyncFactory
from swfactory.testing.chat import ScriptedChatModel

STORE = '''\
"""Keeps customers."""


class Store:
    """Holds customers."""

    def add(self, customer):
        """Put a customer in, and return its number."""
        return 1
'''


@pytest.fixture(autouse=True)
def home(monkeypatch, tmp_path):
    monkeypatch.setenv("SWF_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SWF_CONFIG", os.devnull)


@pytest.fixture
def library(tmp_path):
    folder = tmp_path / "our-lib"
    (folder / "docs").mkdir(parents=True)
    (folder / "store.py").write_text(STORE, "utf-8")
    (folder / "docs" / "ops.md").write_text("# Operations\n\n## Logs\n\nLogs are kept for 90 days.\n", "utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    return folder


def answer(request) -> str:
    if "# Claim" in request.messages[-1].content:
        return json.dumps({"supported": "yes"})
    return json.dumps({"sentences": [{"text": "Logs are kept for 90 days.", "sources": [1, 2]}]})


def maker(settings) -> AsyncFactory:
    return AsyncFactory(settings, build_model=lambda url, known: ScriptedChatModel(answer))


def run(*args: str):
    return CliRunner().invoke(swf, args, obj=maker, catch_exceptions=False)


def fails(error, *args: str):
    with pytest.raises(error) as caught:
        run(*args)
    return caught.value


def test_a_library_is_added_searched_and_removed(library) -> None:
    added = run("rag", "add", str(library), "-q")
    assert "our-lib" in added.output
    assert "broken.pdf" in added.output  # named, and left out
    assert "our-lib" in run("rag", "list").output
    assert "our-lib/store.py" in run("rag", "show", "our-lib").output
    found = json.loads(run("rag", "search", "how long are logs kept?", "--json").output)
    assert found[0]["source"] == "our-lib/docs/ops.md:3"
    assert run("rag", "search", "`Store.add`").output.startswith("1. our-lib/store.py")
    assert json.loads(run("rag", "stats", "--json").output)["chunks"] >= 3
    (library / "docs" / "ops.md").unlink()
    assert "1 removed" in run("rag", "sync", "-q").output
    assert run("rag", "remove", "our-lib", "-y").exit_code == 0
    assert "nothing is stored" in run("rag", "list").output


def test_mistakes_are_answered_with_the_next_command(library) -> None:
    assert fails(NotFoundError, "rag", "search", "x").hint == "swf rag add FOLDER"
    assert fails(NotFoundError, "rag", "add", str(library / "nowhere")).hint == "swf rag add FOLDER"
    assert "git clone" in fails(InputError, "rag", "add", "https://example.org/lib.git").hint
    assert "small letters" in fails(InputError, "rag", "add", str(library), "-c", "Our Lib").hint
    assert fails(NotFoundError, "ask", "How?").hint == "swf rag add FOLDER"
    run("rag", "add", str(library), "-q")
    wrong = fails(NotFoundError, "ask", "How?", "-c", "other")
    assert "default" in wrong.message
    assert "--collection other" in wrong.hint
    assert fails(NotFoundError, "run", "A program.", "-c", "other").message == wrong.message
    assert "--no-context excludes" in fails(InputError, "run", "A program.", "-c", "default", "--no-context").message
    assert "small letters" in fails(InputError, "ask", "How?", "--thread", "../x").hint
    assert "empty" in fails(InputError, "ask", " ").message


def test_vectors_of_another_model_are_refused_with_what_makes_them_anew(library, monkeypatch) -> None:
    run("rag", "add", str(library), "-q")
    monkeypatch.setenv("SWF_EMBEDDING", "nothing")
    assert "no embedding URL" in fails(ConfigError, "rag", "search", "x").message


def test_a_question_is_answered_with_its_sources(library) -> None:
    run("rag", "add", str(library), "-q")
    shown = run("ask", "How long are logs kept?")
    assert shown.output.splitlines() == ["Logs are kept for 90 days.[1]", "  [1] our-lib/docs/ops.md:3"]
    told = json.loads(run("ask", "How long are logs kept?", "--json").output)
    assert told["supported"] is True
    assert told["sources"][0]["cited"] is True


def test_a_conversation_is_kept_and_has_one_writer(library, tmp_path) -> None:
    from swfactory.locks import FileLock

    run("rag", "add", str(library), "-q")
    for _ in range(2):
        assert run("ask", "How long are logs kept?", "--thread", "ops").exit_code == 0
    folder = tmp_path / "data" / "asks" / "ops"
    assert (folder / "checkpoints.db").is_file()
    with FileLock(folder / "lock", "", hint=""):
        error = fails(BusyError, "ask", "How?", "--thread", "ops")
    assert error.message == f"conversation 'ops' is being continued by process {os.getpid()}"
    assert error.hint == "wait for it, or begin another: swf ask QUESTION --thread ops-2"
