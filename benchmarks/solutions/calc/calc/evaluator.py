"""From a tree to a number."""

import math
import operator

from calc.lexer import CalcError
from calc.parser import Node

BINARY = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv, "**": operator.pow}
FUNCTIONS = {"sqrt": (math.sqrt, 1, 1), "abs": (abs, 1, 1), "min": (min, 1, None), "max": (max, 1, None)}


def run(node: Node, variables: dict[str, float]) -> float:
    match node.kind:
        case "number":
            return float(node.text) if "." in node.text else int(node.text)
        case "name":
            if node.text not in variables:
                raise CalcError(f"unknown name {node.text!r}", node.position)
            return variables[node.text]
        case "assign":
            variables[node.text] = run(node.parts[0], variables)
            return variables[node.text]
        case "neg":
            return -run(node.parts[0], variables)
    values = [run(part, variables) for part in node.parts]
    try:
        result = _call(node, values) if node.kind == "call" else BINARY[node.kind](*values)
    except (ArithmeticError, ValueError) as exc:
        raise CalcError(str(exc), node.position) from exc
    if isinstance(result, complex):
        raise CalcError("root of a negative number", node.position)
    return result


def _call(node: Node, values: list[float]) -> float:
    if node.text not in FUNCTIONS:
        raise CalcError(f"unknown function {node.text!r}", node.position)
    function, least, most = FUNCTIONS[node.text]
    if len(values) < least or (most is not None and len(values) > most):
        raise CalcError(f"wrong number of arguments of {node.text}", node.position)
    return function(values) if most is None else function(*values)
