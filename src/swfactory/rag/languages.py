"""Which language a file is written in, and what its syntax tree calls functions and containers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

__all__ = ["GRAMMARS", "Grammar", "language_of"]


@dataclass(frozen=True)
class Grammar:
    """Node types of a language's syntax tree that make a chunk.

    Args:
        functions: definitions that are kept whole.
        containers: definitions that hold others: classes, namespaces, implementations.
        wrappers: nodes that stand around a definition and belong to it: decorators, ``export``, ``template``.
    """

    functions: frozenset[str]
    containers: frozenset[str] = frozenset()
    wrappers: frozenset[str] = frozenset()


def _grammar(functions: str, containers: str = "", wrappers: str = "") -> Grammar:
    return Grammar(frozenset(functions.split()), frozenset(containers.split()), frozenset(wrappers.split()))


_JAVASCRIPT = _grammar(
    "function_declaration generator_function_declaration method_definition",
    "class_declaration",
    "export_statement",
)
_TYPESCRIPT = _grammar(
    "function_declaration generator_function_declaration method_definition function_signature",
    "class_declaration abstract_class_declaration interface_declaration internal_module enum_declaration "
    "type_alias_declaration",
    "export_statement ambient_declaration",
)
_C = _grammar(
    "function_definition preproc_function_def", "struct_specifier union_specifier enum_specifier", "type_definition"
)

GRAMMARS: dict[str, Grammar] = {
    "python": _grammar("function_definition", "class_definition", "decorated_definition"),
    "javascript": _JAVASCRIPT,
    "typescript": _TYPESCRIPT,
    "tsx": _TYPESCRIPT,
    "java": _grammar(
        "method_declaration constructor_declaration compact_constructor_declaration",
        "class_declaration interface_declaration enum_declaration record_declaration annotation_type_declaration",
    ),
    "go": _grammar("function_declaration method_declaration", "type_spec type_alias", "type_declaration"),
    "c": _C,
    "cpp": _grammar(
        "function_definition preproc_function_def",
        "class_specifier struct_specifier union_specifier enum_specifier namespace_definition concept_definition",
        "template_declaration type_definition",
    ),
    "rust": _grammar(
        "function_item macro_definition function_signature_item",
        "struct_item enum_item union_item impl_item trait_item mod_item",
    ),
    "csharp": _grammar(
        "method_declaration constructor_declaration local_function_statement",
        "class_declaration interface_declaration struct_declaration enum_declaration record_declaration "
        "namespace_declaration",
    ),
    "kotlin": _grammar("function_declaration", "class_declaration object_declaration"),
    "ruby": _grammar("method singleton_method", "class module"),
    "php": _grammar(
        "function_definition method_declaration",
        "class_declaration interface_declaration trait_declaration enum_declaration",
    ),
    "bash": _grammar("function_definition"),
}
"""By the name of the grammar. A language that is not here is cut at blank lines."""

_SUFFIXES = {
    "python": "py pyi pyw",
    "javascript": "js mjs cjs jsx",
    "typescript": "ts mts cts",
    "tsx": "tsx",
    "java": "java",
    "go": "go",
    "c": "c h",
    "cpp": "cc cpp cxx c++ hh hpp hxx h++ ipp inl cu cuh",
    "rust": "rs",
    "csharp": "cs",
    "kotlin": "kt kts",
    "ruby": "rb",
    "php": "php",
    "bash": "sh bash",
    "markdown": "md markdown mdx",
    "rst": "rst rest",
    "html": "html htm xhtml",
    "pdf": "pdf",
    "docx": "docx",
    "notebook": "ipynb",
    "text": "txt text log",
    # Known, with no grammar of their own here: cut at blank lines.
    "sql": "sql",
    "swift": "swift",
    "scala": "scala",
    "lua": "lua",
    "perl": "pl pm",
    "r": "r",
    "proto": "proto",
    "graphql": "graphql gql",
    "css": "css scss less",
    "vue": "vue svelte",
    "toml": "toml",
    "yaml": "yaml yml",
    "ini": "ini cfg conf",
    "json": "json",
    "xml": "xml",
    "csv": "csv tsv",
}
_BY_SUFFIX = {f".{suffix}": language for language, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}
_BY_NAME = {
    "makefile": "make",
    "gnumakefile": "make",
    "dockerfile": "dockerfile",
    "containerfile": "dockerfile",
    "readme": "text",
    "license": "text",
    "changelog": "text",
    "contributing": "text",
}


def language_of(path: str) -> str:
    """Return the language or format that a file's name tells, ``text`` when it tells none.

    Args:
        path: the file, with slashes.
    """
    name = PurePosixPath(path).name.lower()
    return _BY_NAME.get(name) or _BY_SUFFIX.get(PurePosixPath(name).suffix, "text")
