"""Source code by its syntax tree: a chunk a definition, with symbol path, signature and documentation.

The parser is tree-sitter (https://tree-sitter.github.io), which goes on after errors: code that does not compile is cut
as well.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from swfactory.errors import MissingExtraError
from swfactory.rag.chunk import Chunk, ChunkKind
from swfactory.rag.languages import GRAMMARS, Grammar
from swfactory.rag.windows import MAX_CHARS, windows

if TYPE_CHECKING:
    from tree_sitter import Node, Parser

__all__ = ["code_chunks"]

_SIGNATURE_CHARS = 240
_DOC_CHARS = 2_000
_TRIVIAL_CHARS = 12
"""A loose piece with fewer letters and digits says nothing: a bracket, a ``pass``."""
_DEPTH = 4
"""How deep below a statement definitions are looked for: ``if``, ``try``, ``#ifdef``, ``extern "C"``."""
_COMMENT = re.compile(r"^[ \t]*(?:/\*+|\*+/|\*(?= |$)|//+!?|#+|--+)[ \t]?|[ \t]*\*+/[ \t]*$", re.MULTILINE)
_FUNCTION_VALUES = frozenset(["arrow_function", "function_expression", "generator_function", "function"])
_CONDITIONS = frozenset(["condition", "name"])
"""Fields of ``if`` and ``#ifdef`` that are no statement of their own."""
_LEADS = frozenset(["attribute_item", "decorator", "annotation"])
"""Nodes of their own that belong to the definition after them."""


def code_chunks(text: str, path: str, language: str) -> list[Chunk]:
    """Cut source code into its definitions and what stands between them.

    A function is one chunk, with the comment above it and its decorators; one that is longer than ``MAX_CHARS`` is cut
    into parts that each begin with its signature. A class is a chunk as well: whole when it is short, else its head,
    documentation, fields and the signatures of its members; each member is a chunk besides.

    Args:
        text: the code.
        path: the file, as it is cited.
        language: a name of ``GRAMMARS``.

    Raises:
        MissingExtraError: the extra ``rag`` is not installed.
        KeyError: there is no grammar for the language.
    """
    grammar = GRAMMARS[language]
    source = text.encode()
    cutter = _Cutter(source, path, language, grammar)
    cutter.walk(_parser(language).parse(source).root_node, ())
    cutter.flush()
    return sorted(cutter.chunks, key=lambda chunk: (chunk.line, -chunk.end, chunk.part))


@cache
def _parser(language: str) -> Parser:
    try:
        from semble_grammars import get_parser
    except ImportError as exc:
        raise MissingExtraError("cutting source code into its definitions", extra="rag") from exc
    parser: Parser = get_parser(language)
    return parser


@dataclass(frozen=True)
class _Definition:
    """A definition with what belongs to it.

    Args:
        node: the definition.
        outer: the node around it that belongs to it, e.g. with decorators; else the definition.
        leads: comments and attributes directly above.
        name: the name it is known by.
        value: the node with parameters and body, where that is another one: ``const f = (x) => x``.
    """

    node: Node
    outer: Node
    leads: Sequence[Node]
    name: str
    value: Node

    @property
    def start(self) -> int:
        return self.leads[0].start_byte if self.leads else self.outer.start_byte

    @property
    def line(self) -> int:
        return (self.leads[0] if self.leads else self.outer).start_point[0] + 1

    @property
    def end_line(self) -> int:
        return _last_line(self.outer)


@dataclass
class _Cutter:
    """Walks a tree and collects chunks; ``loose`` is the run of nodes that are no definition."""

    source: bytes
    path: str
    language: str
    grammar: Grammar
    chunks: list[Chunk] = field(default_factory=list)
    loose: list[Node] = field(default_factory=list)

    def walk(self, parent: Node, scope: tuple[str, ...]) -> None:
        """Collect the definitions below a node, and at the top what is none."""
        leads: list[Node] = []
        for number, node in enumerate(parent.named_children):
            lead = "comment" in node.type or node.type in _LEADS
            if leads and not _adjacent(leads[-1], node):
                self._keep_loose(leads, scope)
                leads = []
            if lead:
                leads.append(node)
                continue
            if (found := self._definition(node, leads)) is not None:
                self.flush()
                self._define(found, scope)
            elif self._holds_definitions(node):
                self._keep_loose(leads, scope)
                self.flush()
                self.walk(node, scope)
            elif parent.field_name_for_named_child(number) not in _CONDITIONS:
                self._keep_loose([*leads, node], scope)
            leads = []
        self._keep_loose(leads, scope)

    def flush(self) -> None:
        """Make chunks of what stood between two definitions."""
        nodes, self.loose = self.loose, []
        run: list[Node] = []
        for node in nodes:
            if run and node.end_byte - run[0].start_byte > MAX_CHARS:
                self._module(run)
                run = []
            run.append(node)
        if run:
            self._module(run)

    def _keep_loose(self, nodes: Sequence[Node], scope: tuple[str, ...]) -> None:
        # Fields stand in their class's outline.
        if not scope:
            self.loose.extend(nodes)

    def _module(self, nodes: Sequence[Node]) -> None:
        text = self._text(nodes[0].start_byte, nodes[-1].end_byte)
        if sum(map(str.isalnum, text)) >= _TRIVIAL_CHARS:
            line = nodes[0].start_point[0] + 1
            self._add(text, line, _last_line(nodes[-1]), kind="module")

    def _definition(self, node: Node, leads: Sequence[Node]) -> _Definition | None:
        inner = node
        if node.type in self.grammar.wrappers:
            inner = next((child for child in node.named_children if self._defines(child)), node)
        if inner is node:
            assigned = _assigned_function(inner)
            if assigned is not None:
                target, value = assigned
                name = self._text(target.start_byte, target.end_byte).removeprefix("module.exports.")
                return _Definition(inner, node, leads, name.removeprefix("exports."), value)
        if not self._defines(inner):
            return None
        return _Definition(inner, node, leads, self._name(inner, node), inner)

    def _defines(self, node: Node) -> bool:
        if node.type in self.grammar.functions:
            return True
        if node.type == "declaration":  # C: a prototype, which is what a header says of a function
            declared = node.child_by_field_name("declarator")
            return declared is not None and declared.type == "function_declarator"
        # `struct point p;` names a type, it does not define one.
        return node.type in self.grammar.containers and not (node.type.endswith("_specifier") and _body(node) is None)

    def _holds_definitions(self, node: Node, depth: int = _DEPTH) -> bool:
        return depth > 0 and any(
            self._definition(child, ()) is not None or self._holds_definitions(child, depth - 1)
            for child in node.named_children
        )

    def _define(self, found: _Definition, scope: tuple[str, ...]) -> None:
        node = found.node
        owner = self._receiver(node)
        symbol = ".".join((*scope, *owner, found.name))
        signature = self._signature(found)
        doc = self._doc(found)
        text = self._text(found.start, found.outer.end_byte)
        if node.type in self.grammar.containers:
            body = _body(node)
            inside = (*scope, *owner, found.name)
            mark = len(self.chunks)
            if body is not None:
                self.walk(body, inside)
            members = self.chunks[mark:]
            whole = text if len(text) <= MAX_CHARS else self._outline(found, members, len(inside))
            self._add(whole, found.line, found.end_line, "class", symbol, signature, doc)
        else:
            self._add(text, found.line, found.end_line, "function", symbol, signature, doc)

    def _outline(self, found: _Definition, members: Sequence[Chunk], depth: int) -> str:
        """A long class in short: what comes before its first function, and the signatures of its members."""
        body = _body(found.node)
        end = found.outer.end_byte if body is None else body.end_byte
        first = next((child for child in body.named_children if self._holds(child)), None) if body is not None else None
        head = self._text(found.start, first.start_byte if first is not None else end).rstrip()
        lines = [
            f"    {member.signature}"
            for member in members
            if member.part == 1 and member.symbol.count(".") == depth and member.signature
        ]
        listed = "\n".join(lines)[: MAX_CHARS // 2]
        return f"{head[: MAX_CHARS - len(listed) - 1]}\n{listed}"

    def _holds(self, node: Node) -> bool:
        return self._definition(node, ()) is not None

    def _add(
        self,
        text: str,
        line: int,
        end: int,
        kind: ChunkKind,
        symbol: str = "",
        signature: str = "",
        doc: str = "",
    ) -> None:
        chunk = Chunk(
            path=self.path,
            text=text,
            kind=kind,
            symbol=symbol,
            signature=signature,
            doc=doc,
            language=self.language,
            line=line,
            end=end,
        )
        if len(text) <= MAX_CHARS:
            self.chunks.append(chunk)
            return
        for number, (offset, piece) in enumerate(windows(text), start=1):
            head = f"{signature}\n" if number > 1 and signature else ""
            first = line + offset
            last = first + piece.rstrip("\n").count("\n")
            part = {"text": head + piece, "line": first, "end": last, "part": number}
            self.chunks.append(chunk.model_copy(update=part))

    def _text(self, start: int, end: int) -> str:
        return self.source[start:end].decode("utf-8", "replace")

    def _name(self, node: Node, outer: Node) -> str:
        named = node.child_by_field_name("name") or _declared(node) or _declared(outer)
        named = named or node.child_by_field_name("type")  # Rust: impl Trait for Type
        named = named or next((child for child in node.named_children if "identifier" in child.type), node)
        text = self._text(named.start_byte, named.end_byte)
        return re.split(r"[<({\s]", text.strip(), maxsplit=1)[0].replace("::", ".") or "anonymous"

    def _receiver(self, node: Node) -> tuple[str, ...]:
        receiver = node.child_by_field_name("receiver")  # Go: func (s *Store) Add(...)
        if receiver is None:
            return ()
        text = self._text(receiver.start_byte, receiver.end_byte)
        found = re.search(r"(\w+)\s*(?:\[[^\]]*\])?\s*\)$", text)
        return (found[1],) if found else ()

    def _signature(self, found: _Definition) -> str:
        body = _body(found.value)
        end = body.start_byte if body is not None else found.outer.end_byte
        text = " ".join(self._text(found.outer.start_byte, end).split())
        return text.rstrip("{:;= ").removesuffix("=>").rstrip()[:_SIGNATURE_CHARS]

    def _doc(self, found: _Definition) -> str:
        if self.language == "python":
            return self._docstring(found.node)
        comments = [node for node in found.leads if "comment" in node.type]
        text = "\n".join(self._text(node.start_byte, node.end_byte).strip() for node in comments)
        return inspect.cleandoc(_COMMENT.sub("", text)).strip()[:_DOC_CHARS]

    def _docstring(self, node: Node) -> str:
        body = _body(node)
        first = body.named_children[0] if body is not None and body.named_children else None
        if first is None or first.type != "expression_statement" or first.named_children[0].type != "string":
            return ""
        text = self._text(first.start_byte, first.end_byte).strip()
        text = re.sub(r"^[a-zA-Z]{0,2}(\"\"\"|'''|\"|')(.*)\1$", r"\2", text, flags=re.DOTALL)
        return inspect.cleandoc(text).strip()[:_DOC_CHARS]


def _declared(node: Node) -> Node | None:
    """The name within ``int *f(int a)`` and ``typedef struct {...} T``: the innermost declarator."""
    found = None
    while (inner := (found or node).child_by_field_name("declarator")) is not None:
        found = inner
    return found


def _body(node: Node) -> Node | None:
    found = node.child_by_field_name("body")
    if found is None:
        found = next(
            (
                child
                for child in node.named_children
                if child.type.endswith(("_body", "_block", "_list", "block"))
                and "parameter" not in child.type
                and "argument" not in child.type
            ),
            None,
        )
    if found is None and (inner := node.child_by_field_name("type")) is not None:  # Go: type S struct { ... }
        found = next((child for child in inner.named_children if child.type.endswith("_list")), None)
    return found


def _assigned_function(node: Node) -> tuple[Node, Node] | None:
    """The name and the function of ``const f = (x) => x`` and ``exports.f = function (x) {}``."""
    for child in node.named_children:
        target = child.child_by_field_name("name") or child.child_by_field_name("left")
        value = child.child_by_field_name("value") or child.child_by_field_name("right")
        if target is not None and value is not None and value.type in _FUNCTION_VALUES:
            return target, value
    return None


def _adjacent(above: Node, below: Node) -> bool:
    # A comment node may hold its line end, and then ends on the next row.
    return below.start_point[0] - above.end_point[0] <= 1


def _last_line(node: Node) -> int:
    row, column = node.end_point
    return row + (1 if column else 0)
