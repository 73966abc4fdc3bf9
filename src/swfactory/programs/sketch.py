"""A program that prints, or a function that returns, what calls of a library were seen to give for an example.

The values of the example give way to the parameters that stand for them. Whether that holds for other values, the tests
say: it is a draft like any other.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence

from swfactory.domain.spec import ApiExample, CommandExample, Example
from swfactory.programs.crossover import graft
from swfactory.programs.functions import parse

__all__ = ["sketched"]

_SEVERAL = 2


def sketched(
    begun: str, example: Example, facts: Mapping[str, Sequence[str]], ending: tuple[int | None, str] = (None, "")
) -> str:
    """Fill the function that an example is about; empty when the calls do not account for all that it expects.

    Args:
        begun: a program or module with ``...`` where something is missing.
        example: with values and what they give.
        facts: what calls give, as text, and the expressions that do.
        ending: exit status that one line is enough for, and the words that speak of such a line.
    """
    tree = parse(begun)
    asked = _asked(example)
    if tree is None or asked is None:
        return ""
    names, words, lines = asked
    function = next((node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in names), None)
    if function is None or not lines:
        return ""
    if function.name != names[0]:
        words = words[1:]
    values = _values(function, words)
    if values is not None and isinstance(example, CommandExample) and (each := _only(facts.get(repr(lines), ()))):
        return _with_body(begun, function, _loop(_with_values(each, words, values)))
    parts = [_line(line, facts) for line in lines]
    found = [*filter(None, parts)]
    if len(found) < len(parts):
        return ""
    if values is None:
        body = _of_one(function, words, found)
        return _with_body(begun, function, body) if body else ""
    if one_by_one := _one_by_one(values, words, found):
        return _with_body(begun, function, [*one_by_one, *_ending(one_by_one, found, ending)])
    made = [(label, _with_values(expression, words, values)) for label, expression in found]
    if any("[" in expression.replace("words[", "") for _, expression in made):
        return ""  # one element of several: how many there are, one example does not say
    body = [f"return {expression}" for _, expression in made]
    if isinstance(example, CommandExample):
        body = [f"print({label!r} + str({text}))" if label else f"print({text})" for label, text in made]
    elif len(made) > 1 or made[0][0]:
        return ""
    return _with_body(begun, function, body)


def _with_body(begun: str, function: ast.FunctionDef, body: Sequence[str]) -> str:
    fragment = f"def {function.name}({ast.unparse(function.args)}):\n" + "".join(f"    {line}\n" for line in body)
    return graft(begun, fragment) or ""


def _of_one(function: ast.FunctionDef, words: Sequence[str], found: Sequence[tuple[str, str]]) -> list[str]:
    """The line of a function that is called with each word; nothing when it does not get one word."""
    arguments = function.args.args
    if len(arguments) != 1 or (arguments[0].annotation and ast.unparse(arguments[0].annotation) != "str"):
        return []
    lines = _one_by_one([("words[0]", "str")], words, found)
    return [re.sub(r"\bword\b", arguments[0].arg, lines[1].strip())] if lines else []


def _one_by_one(values: Sequence[tuple[str, str]], words: Sequence[str], found: Sequence[tuple[str, str]]) -> list[str]:
    """Lines that do the same with each word of a list; nothing when not every line says the same of its word."""
    if len(words) < _SEVERAL or len(words) != len(found) or not values[0][0].endswith("[0]"):
        return []
    said = {
        (label.replace(word, "{word}"), _with_values(expression, [word], [("word", "str")]))
        for word, (label, expression) in zip(words, found, strict=True)
    }
    label, text = next(iter(said))
    if len(said) > 1 or "word" not in text:
        return []
    printed = f'f"{label}{{{text}}}"' if label else text
    return [f"for word in {values[0][0].removesuffix('[0]')}:", f"    print({printed})"]


def _ending(loop: Sequence[str], found: Sequence[tuple[str, str]], ending: tuple[int | None, str]) -> list[str]:
    """Lines that end the program with a status when one of the words has the answer that calls for it."""
    status, cause = ending
    answers = {answer for _, text in found if (answer := _answers(text))}
    if status is None or len(answers) != 1:
        return []
    (yes, no), condition = next(iter(answers)), _condition(loop[1])
    quantified = {yes: f"any({condition}", no: f"not all({condition}"}
    causing = [said for said in (yes, no) if re.search(rf"\b{re.escape(said)}\b", cause)]
    if not condition or len(causing) != 1:
        return []
    return [f"if {quantified[causing[0]]} {loop[0].removesuffix(':')}):", f"    sys.exit({status})"]


def _answers(expression: str) -> tuple[str, str] | None:
    """What is said when a condition holds and when it does not; None for another expression."""
    match ast.parse(expression, mode="eval").body:
        case ast.IfExp(body=ast.Constant(value=str(yes)), orelse=ast.Constant(value=str(no))):
            return yes, no
    return None


def _condition(line: str) -> str:
    """The condition of what a line prints; empty for none."""
    choices = [node for node in ast.walk(ast.parse(line.strip())) if isinstance(node, ast.IfExp)]
    return ast.unparse(choices[0].test) if len(choices) == 1 else ""


def _loop(each: str) -> list[str]:
    """Lines that print each element of a list comprehension."""
    made = ast.parse(each, mode="eval").body
    if not isinstance(made, ast.ListComp):
        return [f"print(*{each}, sep='\\n')"]
    part = made.generators[0]
    return [f"for {ast.unparse(part.target)} in {ast.unparse(part.iter)}:", f"    print({ast.unparse(made.elt)})"]


def _asked(example: Example) -> tuple[list[str], list[str], list[str]] | None:
    """Names that the function may have, the words of an example and the lines that they give."""
    if isinstance(example, CommandExample):
        step = example.steps[0]
        words = [*step.argv[2:]]
        if len(example.steps) > 1 or not words or not step.stdout or any(word.startswith("-") for word in words):
            return None
        return ["run", f"{words[0].replace('-', '_')}_command"], words, step.stdout.splitlines()
    if isinstance(example, ApiExample):
        for node in ast.walk(ast.parse(example.code)):
            match node:
                case ast.Compare(
                    left=ast.Call(func=ast.Name(id=name), args=[_, *_] as given, keywords=[]),
                    ops=[ast.Eq()],
                    comparators=[ast.Constant(value=str(result))],
                ) if all(isinstance(argument, ast.Constant) for argument in given):
                    return [name], [str(ast.literal_eval(argument)) for argument in given], [result]
    return None


def _values(function: ast.FunctionDef, words: Sequence[str]) -> list[tuple[str, str]] | None:
    """What a function calls each word, with its type, then its switches; None when they do not fit."""
    given = [(arg.arg, ast.unparse(arg.annotation) if arg.annotation else "") for arg in function.args.args]
    taken, switches = [pair for pair in given if pair[1] != "bool"], [pair for pair in given if pair[1] == "bool"]
    if len(given) == 1 and given[0][1] == "list[str]":
        return [(f"{given[0][0]}[{number}]", "str") for number in range(len(words))]
    return [*taken, *switches] if len(taken) == len(words) else None


def _line(line: str, facts: Mapping[str, Sequence[str]]) -> tuple[str, str] | None:
    """The label of a line and the expression that gives the rest, as much of it as can be; None for no such.

    Of several fields that give it, the label has to name one: ``total: 8.30``.
    """
    ends = [text for text in facts if line == text or line.endswith(f" {text}")]
    longest = max(ends, key=len, default="")
    label = line.removesuffix(longest)
    named = [e for e in facts.get(longest, ()) if re.split(r"\W+", e.rstrip(")"))[-1] in re.split(r"\W+", label)]
    expression = _only(facts.get(longest, ())) or _only(named)
    return (label, expression) if longest and expression else None


def _only(expressions: Sequence[str]) -> str:
    return expressions[0] if len(expressions) == 1 else ""


def _with_values(expression: str, words: Sequence[str], values: Sequence[tuple[str, str]]) -> str:
    """An expression with the parameters of a function in place of the words that they stand for, and its switches."""
    switches = {name for name, kind in values if kind == "bool"}

    class Replace(ast.NodeTransformer):
        def visit_keyword(self, node: ast.keyword) -> ast.keyword:
            if node.arg in switches and isinstance(node.value, ast.Constant) and isinstance(node.value.value, bool):
                return ast.keyword(node.arg, ast.Name(node.arg))
            self.generic_visit(node)
            return node

        def visit_Constant(self, node: ast.Constant) -> ast.expr:
            said = str(node.value)
            if isinstance(node.value, bool) or said not in words:
                return node
            name, kind = values[words.index(said)]
            wanted = type(node.value).__name__
            fits = wanted in kind if kind else True
            return ast.parse(name if fits else f"{wanted}({name})", mode="eval").body

    return ast.unparse(Replace().visit(ast.parse(expression, mode="eval")))
