"""The ready-made module that keeps a program's data."""

from swfactory.programs.stores import store_of, store_path


def test_a_json_file_or_a_database():
    json, sqlite = "A list of notes stored in notes.json.", "A list of notes kept in SQLite."
    assert store_path(json, ()) == store_path(sqlite, ()) == "storage.py"
    kept = store_of(json, (), {})
    assert kept is not None
    assert (kept.path, kept.offers, kept.database) == ("storage.py", ("load", "save"), "")
    opened = store_of(sqlite, (), {"notes": ("text",)})
    assert opened is not None
    assert (opened.path, opened.offers, opened.database) == ("storage.py", ("connect",), "data.db")
    assert "CREATE TABLE IF NOT EXISTS notes (text TEXT);" in opened.source


def test_none_without_tables_or_need():
    assert store_of("A list of notes kept in SQLite.", (), {}) is None
    assert store_of("A list of notes.", (), {"notes": ("text",)}) is None
    assert store_path("A list of notes.", ()) == ""
