"""A calculator for expressions with variables."""

from calc.evaluator import run
from calc.lexer import CalcError, tokenize
from calc.parser import parse

__all__ = ["CalcError", "evaluate"]


def evaluate(text: str, variables: dict[str, float] | None = None) -> float:
    return run(parse(tokenize(text)), {} if variables is None else variables)
