"""The module that keeps a program's data in an SQLite database: written without a model, once its tables are known.

A small model that writes a database module and then one that uses it gives each its own idea of the tables, and forgets
to commit. Which tables there are it knows well; what several answers agree on is taken (self-consistency: Wang et al.
2023, arXiv:2203.11171).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from swfactory.requirements.interfaces.records import Record, field_type, records_of
from swfactory.requirements.text.files import program_file

__all__ = [
    "OPENS",
    "agreed_tables",
    "database_of",
    "keeps_in_sqlite",
    "sqlite_interface",
    "sqlite_module",
    "sqlite_path",
]

OPENS = "connect"
"""The function that opens the database."""

Tables = Mapping[str, Sequence[str]]
"""Name of a table to its columns."""

_SQLITE = re.compile(r"\bsqlite3?\b", re.IGNORECASE)
_FILE = re.compile(r"(?<![\w/.-])([A-Za-z_][\w-]*\.(?:db|sqlite3?))\b")
_STORES = frozenset(["database", "db", "repository", "storage", "store"])
_TYPES = {"str": "TEXT", "int": "INTEGER", "float": "REAL", "bool": "INTEGER"}
_RESERVED = frozenset(
    re.findall(
        r"\w+",
        """
        add all alter and as autoincrement between case cast check collate commit constraint create default
        deferrable delete distinct drop else escape except exists foreign from group having if in index insert
        intersect into is isnull join limit not nothing notnull null on or order primary raise references
        returning select set table then to transaction union unique update using values when where
        """,
    )
)
"""Words that SQLite takes for no name (sqlite.org/lang_keywords.html)."""

_LEAST = 2
_MODULE = '''\
"""Keeps the data of the program in an SQLite database."""

import sqlite3

FILE = "{file}"
TABLES = """
{tables}
"""


def connect(path=FILE):
    """Open the database: every statement is kept at once, and a row gives its values by name or number."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.row_factory = sqlite3.Row
    connection.executescript(TABLES)
    return connection
'''
_INTERFACE = '''\
TABLES = """
{tables}
"""

def connect(path="{file}") -> sqlite3.Connection:
    """Open the database with its tables; every statement is kept at once."""
'''


def keeps_in_sqlite(text: str) -> bool:
    """Whether a requirement asks for SQLite."""
    return bool(_SQLITE.search(text))


def sqlite_path(text: str, named: Collection[str]) -> str:
    """Where the module goes; empty when the requirement asks for no SQLite, or says what the module offers.

    Args:
        text: the requirement.
        named: the files that it names.
    """
    others = [path for path in named if path != program_file(text)]
    if not keeps_in_sqlite(text):
        return ""
    if not others:
        return "storage.py"
    for path in others:
        name = path.rsplit("/", 1)[-1]
        described = re.search(rf"\b{re.escape(name)}`?\W{{0,3}}(?:[^.;()（）]*\bwith\b|[^.;()（）]*\w\()", text)
        if name.removesuffix(".py") in _STORES and not described:
            return path
    return ""


def agreed_tables(answers: Sequence[Tables], text: str) -> dict[str, tuple[str, ...]]:
    """Choose the tables that several answers come to, when what the requirement does not speak of is left out.

    Args:
        answers: tables as a model proposes them.
        text: the requirement.

    Returns:
        Name to columns; a table for each record that the requirement describes, and what two answers agree on. Empty
        when no two agree, or SQLite does not take their names.
    """
    records = records_of(text)
    words = {*re.findall(r"[a-z_]\w*", text.lower())}
    usable = [_usable(answer, records, words) for answer in answers]
    counted = Counter(frozenset(map(frozenset, tables.values())) for tables in usable if tables is not None)
    best, votes = next(iter(counted.most_common(1)), (frozenset(), 0))
    if votes < _LEAST:
        return {}
    chosen = next(t for t in usable if t is not None and frozenset(map(frozenset, t.values())) == best)
    tables = {_plural(record.name.lower()): tuple(record.fields) for record in records}
    tables |= {name: columns for name, columns in chosen.items() if name not in tables}
    names = {name for table, columns in tables.items() for name in (table, *columns)}
    return {} if names & _RESERVED else tables


def _usable(answer: Tables, records: Sequence[Record], words: Collection[str]) -> dict[str, tuple[str, ...]] | None:
    """The tables of an answer that are not those of the records, with names that the requirement uses."""
    found: dict[str, tuple[str, ...]] = {}
    for name, columns in answer.items():
        known = tuple(dict.fromkeys(filter(None, (_column(column.lower(), records, words) for column in columns))))
        kept = any({*record.fields} <= {*known} or _plural(record.name.lower()) == _plural(name) for record in records)
        if not kept and len(known) > 1:
            found[name.lower()] = known
    return found if found or records else None


def _column(name: str, records: Sequence[Record], words: Collection[str]) -> str:
    """A column by the name that the requirement has for it; empty for none."""
    for record in records:
        owner = record.name.lower()
        if name in {owner, f"{owner}_id"} and name not in record.fields:
            return record.key
        if name.removeprefix(f"{owner}_") in record.fields:
            return name.removeprefix(f"{owner}_")
    return next((known for known in (name, re.sub(r"_(?:id|name)$", "", name)) if known in words), "")


def _plural(noun: str) -> str:
    if noun.endswith("s"):
        return noun
    return f"{noun[:-1]}ies" if re.search(r"[^aeiou]y$", noun) else f"{noun}s"


def sqlite_module(text: str, tables: Tables) -> str:
    """Source of the module.

    Args:
        text: a requirement that ``sqlite_path`` found a place for.
        tables: as ``agreed_tables`` chose them.
    """
    return _MODULE.format(file=database_of(text), tables=_statements(text, tables))


def sqlite_interface(text: str, tables: Tables) -> str:
    """What a model is shown of the module: shown its source, a small one writes it again.

    Args:
        text: as for ``sqlite_module``.
        tables: as ``agreed_tables`` chose them.
    """
    return _INTERFACE.format(file=database_of(text), tables=_statements(text, tables))


def database_of(text: str) -> str:
    """The file that a requirement names for its database, or one of our own.

    Args:
        text: the requirement.
    """
    found = _FILE.search(text)
    return found[1] if found else "data.db"


def _statements(text: str, tables: Tables) -> str:
    keys = {_plural(record.name.lower()): record for record in records_of(text)}

    def column(table: str, name: str) -> str:
        record = keys.get(table)
        kind = _TYPES[record.fields.get(name, "str") if record else field_type(name)]
        if name == "id":
            return "id INTEGER PRIMARY KEY"
        return f"{name} {kind}{' PRIMARY KEY' if record and name == record.key else ''}"

    return "\n".join(
        f"CREATE TABLE IF NOT EXISTS {table} ({', '.join(column(table, name) for name in columns)});"
        for table, columns in tables.items()
    )
