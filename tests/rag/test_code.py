"""Definitions of source code as chunks."""

import ast
import sysconfig
from pathlib import Path

import pytest

from swfactory.rag.code import code_chunks
from swfactory.rag.windows import MAX_CHARS

PYTHON = '''\
"""Keeps customers."""

import sys

LIMIT = 100


@decorated(1)
async def load(path: str,
               limit: int = LIMIT) -> list:
    """Read customers.

    All of them.
    """
    def inner():
        return path
    return inner()


if sys.platform == "linux":
    def only_here():
        return 1


class Store(Base):
    """Holds customers."""

    size = 3

    def add(self, customer):
        return 1

    class Row:
        def key(self):
            return 2
'''

SOURCES = {
    "javascript": (
        "/** Keeps. */\nexport class Store { add(x) { return x } static async of() {} }\n"
        "export default function load(path) { return path }\n"
        "const save = async (path) => path;\nmodule.exports.drop = function (path) { return 0 };\n",
        {"Store", "Store.add", "Store.of", "load", "save", "drop"},
    ),
    "typescript": (
        "export abstract class Store<T> { add(x: T): T { return x } }\nexport interface Row { id: string }\n"
        "type Key = { a: string }\nnamespace db { export function load(): void {} }\nenum Kind { A }\n",
        {"Store", "Store.add", "Row", "Key", "db", "db.load", "Kind"},
    ),
    "java": (
        "package p;\n/** Keeps. */\npublic class Store<T> extends Base {\n  Store() {}\n"
        "  @Override public int add(int x) { return x; }\n  enum Kind { A }\n  record Row(int a) {}\n}\n",
        {"Store", "Store.Store", "Store.add", "Store.Kind", "Store.Row"},
    ),
    "go": (
        "package p\n\n// Store keeps.\ntype Store struct{ n int }\n\n"
        "// Add adds.\nfunc (s *Store) Add(x int) int { return x }\n\nfunc Load() {}\n",
        {"Store", "Store.Add", "Load"},
    ),
    "c": (
        "/* Loads. */\nstatic int *load(int a, char *b) { return 0; }\nstruct store { int n; };\n"
        "typedef struct { int b; } row;\n#define TWICE(x) ((x) + (x))\nint save(struct store *s);\n",
        {"load", "store", "row", "TWICE", "save"},
    ),
    "cpp": (
        "namespace db {\ntemplate <class T> class Store : public Base {\n public:\n  int add() const { return 1; }\n"
        "  ~Store();\n};\n}\nint db::Store::load(int x) { return x; }\n",
        {"db", "db.Store", "db.Store.add", "db.Store.~Store", "db.Store.load"},
    ),
    "rust": (
        "/// Keeps.\n#[derive(Debug)]\npub struct Store<T> { n: T }\n"
        "impl<T> Store<T> { pub fn add(&self) -> i32 { 1 } }\n"
        "pub trait Keeps { fn drop(&self); }\nmod inner { pub fn load() {} }\n",
        {"Store", "Store.add", "Keeps", "Keeps.drop", "inner", "inner.load"},
    ),
}


def by_symbol(text, language="python"):
    found = {}
    for chunk in code_chunks(text, "lib/store", language):
        found.setdefault(chunk.symbol, chunk)
    return {symbol: chunk for symbol, chunk in found.items() if symbol}


def test_a_function_is_kept_whole_with_its_decorators_signature_and_docstring() -> None:
    load = by_symbol(PYTHON)["load"]
    assert load.text.startswith("@decorated(1)\nasync def load(")
    assert load.text.endswith("return inner()")
    assert load.signature == "@decorated(1) async def load(path: str, limit: int = LIMIT) -> list"
    assert load.doc == "Read customers.\n\nAll of them."
    assert (load.kind, load.language, load.citation) == ("function", "python", "lib/store:8")
    assert load.text == "\n".join(PYTHON.splitlines()[load.line - 1 : load.end])


def test_symbols_are_paths_and_conditions_hide_nothing() -> None:
    assert set(by_symbol(PYTHON)) == {"load", "only_here", "Store", "Store.add", "Store.Row", "Store.Row.key"}


def test_what_stands_between_definitions_is_kept() -> None:
    loose = [chunk for chunk in code_chunks(PYTHON, "s", "python") if chunk.kind == "module"]
    assert [chunk.text.splitlines()[0] for chunk in loose] == ['"""Keeps customers."""']
    assert "LIMIT = 100" in loose[0].text


@pytest.mark.parametrize("language", SOURCES)
def test_each_language_gives_its_symbols(language) -> None:
    text, symbols = SOURCES[language]
    assert set(by_symbol(text, language)) == symbols


@pytest.mark.parametrize(
    ("language", "symbol", "doc"),
    [
        ("javascript", "Store", "Keeps."),
        ("java", "Store", "Keeps."),
        ("go", "Store.Add", "Add adds."),
        ("c", "load", "Loads."),
        ("rust", "Store", "Keeps."),
    ],
)
def test_the_comment_above_is_the_documentation(language, symbol, doc) -> None:
    assert by_symbol(SOURCES[language][0], language)[symbol].doc == doc


def test_a_long_function_is_cut_and_each_part_has_its_signature() -> None:
    body = "".join(f"    total += values[{number}] * weights[{number}]\n" for number in range(100))
    parts = [c for c in code_chunks(f"def weigh(values):\n{body}", "w.py", "python") if c.symbol == "weigh"]
    assert len(parts) > 1
    assert [part.part for part in parts] == [*range(1, len(parts) + 1)]
    assert all("def weigh(values)" in part.text and len(part.text) <= MAX_CHARS + 100 for part in parts)
    assert len({part.digest for part in parts}) == len(parts)


def test_a_long_class_is_shown_by_its_head_and_the_signatures_of_its_members() -> None:
    methods = "".join(f"    def method_{n}(self):\n        return {n} + {n} + {n} + {n} + {n}\n\n" for n in range(40))
    chunks = by_symbol(f'class Big:\n    """Is big."""\n\n    size = 1\n\n{methods}')
    outline = chunks["Big"].text
    assert len(outline) <= MAX_CHARS
    assert '"""Is big."""' in outline
    assert "size = 1" in outline
    assert "    def method_3(self)" in outline
    assert "return" not in outline
    assert chunks["Big.method_39"].text.startswith("def method_39(self):")


def test_code_that_does_not_compile_is_cut_as_well() -> None:
    assert "whole" in by_symbol("def broken(:\n    pass\n\n\ndef whole():\n    return 1\n")


def test_every_short_function_of_a_module_is_whole_in_a_chunk() -> None:
    text = (Path(sysconfig.get_path("stdlib")) / "shutil.py").read_text("utf-8")
    chunks = code_chunks(text, "shutil.py", "python")
    functions = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.FunctionDef)]
    sources = [ast.get_source_segment(text, node) or "" for node in functions]
    short = [source for source in sources if len(source) <= MAX_CHARS]
    assert len(short) > 40
    assert all(any(source in chunk.text for chunk in chunks) for source in short)
