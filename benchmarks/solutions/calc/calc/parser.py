"""From tokens to a tree of nodes."""

from dataclasses import dataclass

from calc.lexer import CalcError, Token


@dataclass
class Node:
    """``kind`` is number, name, assign, call, neg or an operator."""

    kind: str
    text: str
    position: int
    parts: list["Node"]


class _Parser:
    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.at = tokens, 0

    @property
    def now(self) -> Token:
        return self.tokens[self.at]

    def take(self, *texts: str) -> Token | None:
        if self.now.kind == "op" and self.now.text in texts:
            self.at += 1
            return self.tokens[self.at - 1]
        return None

    def need(self, text: str) -> None:
        if not self.take(text):
            raise self.error()

    def error(self) -> CalcError:
        found = "end of text" if self.now.kind == "end" else repr(self.now.text)
        return CalcError(f"unexpected {found}", self.now.position)

    def statement(self) -> Node:
        name = self.now
        if name.kind == "name" and self.tokens[self.at + 1].text == "=":
            self.at += 2
            return Node("assign", name.text, name.position, [self.statement()])
        return self.sum()

    def sum(self) -> Node:
        node = self.product()
        while op := self.take("+", "-"):
            node = Node(op.text, op.text, op.position, [node, self.product()])
        return node

    def product(self) -> Node:
        node = self.unary()
        while op := self.take("*", "/"):
            node = Node(op.text, op.text, op.position, [node, self.unary()])
        return node

    def unary(self) -> Node:
        if op := self.take("-"):
            return Node("neg", "-", op.position, [self.unary()])
        node = self.atom()
        if op := self.take("**"):
            return Node("**", "**", op.position, [node, self.unary()])
        return node

    def atom(self) -> Node:
        token = self.now
        if self.take("("):
            node = self.sum()
            self.need(")")
            return node
        if token.kind not in ("number", "name"):
            raise self.error()
        self.at += 1
        if token.kind == "number" or not self.take("("):
            return Node(token.kind, token.text, token.position, [])
        parts: list[Node] = []
        if not self.take(")"):
            parts.append(self.sum())
            while self.take(","):
                parts.append(self.sum())
            self.need(")")
        return Node("call", token.text, token.position, parts)


def parse(tokens: list[Token]) -> Node:
    parser = _Parser(tokens)
    node = parser.statement()
    if parser.now.kind != "end":
        raise parser.error()
    return node
