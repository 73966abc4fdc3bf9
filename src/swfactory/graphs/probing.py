"""Probing: the user's libraries are tried out with the values of the requirement's examples, before there is code.

A call that gives what an example expects says more than any document, and nobody has to read it right. (Components are
composed by what they take and give, as in SyPet, Feng et al. 2017, POPL; the examples are the tests.)
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib.resources import files

from swfactory.domain.execution import Command, Limits
from swfactory.domain.references import Fact
from swfactory.domain.spec import ApiExample, CommandExample, Example
from swfactory.graphs.desk import Desk

__all__ = ["probe"]

_FOUND = "found.json"
_WORDS = 5
"""Words of an example that are tried in every order."""
_NAMES = 120
_FACTS = 8
_TOKEN_CHARS = 4


async def probe(desk: Desk, exports: Mapping[str, str], examples: Iterable[Example], packages: str) -> tuple[Fact, ...]:
    """Try the functions of libraries out, and return the calls that give what examples expect.

    Args:
        desk: the node's desk.
        exports: names of the libraries, and the module that has each.
        examples: of the requirement.
        packages: folder that the libraries can be imported from.
    """
    tried = [made for example in examples for made in _made(example)]
    if not exports or not tried:
        return ()
    names = dict([*exports.items()][:_NAMES])
    script = files("swfactory.graphs").joinpath("prober.py").read_text(encoding="utf-8")
    command = Command(
        argv=("python", "prober.py"),
        files={"prober.py": script},
        stdin=json.dumps({"names": names, "examples": tried}),
        collect=(_FOUND,),
        limits=Limits(seconds=20),
        packages=packages or None,
    )
    done = await desk.run(command)
    facts = _telling([*_read(done.files.get(_FOUND, ""))])[:_FACTS]
    if facts:
        shown = "; ".join(f"{fact.expression} gives {fact.gives}" for fact in facts)
        desk.tell("note", f"tried out: {shown}", facts=[fact.model_dump() for fact in facts])
    return facts


def _telling(facts: list[Fact]) -> tuple[Fact, ...]:
    """Leave out what is a part of a longer call that gives more of what is expected."""
    return tuple(
        fact
        for fact in facts
        if not any(
            fact != other
            and fact.gives in other.gives
            and (fact.expression in other.expression or other.expression.startswith("["))
            for other in facts
        )
    )


def _made(example: Example) -> Iterator[dict[str, object]]:
    """The arguments of an example, the texts that its result may be made of, and what it says of each argument."""
    if isinstance(example, CommandExample):
        for step in example.steps:
            words = [word for word in step.argv[2:] if not word.startswith("--")]
            told = "\n".join((step.stdout or "", *step.stdout_contains))
            if told.strip() and words:
                yield {"arguments": words[-_WORDS:], "expected": [*_texts(told)], "verdicts": _verdicts(words, told)}
    elif isinstance(example, ApiExample) and (made := _call(example.code)):
        words, result = made
        yield {"arguments": words[:_WORDS], "expected": [*_texts(result)], "verdicts": [], "whole": True}


def _verdicts(words: Sequence[str], output: str) -> list[tuple[str, str]]:
    """Each argument and what a line says of it, where there is a line for each: ``A/1: sound``."""
    lines = output.splitlines()
    if len(lines) != len(words) or not all(map(str.startswith, lines, words)):
        return []
    return [(word, line.removeprefix(word).lstrip(" :=：")) for word, line in zip(words, lines, strict=True)]


def _texts(output: str) -> Iterator[str]:
    """What may be the text of one value in an output: all of it, a line, what follows a colon, a word."""
    yield output.strip()
    for line in output.splitlines():
        yield line.strip()
        yield line.rpartition(": ")[2].strip()
        yield from (word for word in line.split() if len(word) >= _TOKEN_CHARS)


def _call(code: str) -> tuple[list[str], str] | None:
    """The literal arguments and the literal result of ``assert f(1, "a") == "b"``."""
    for node in ast.walk(ast.parse(code)):
        match node:
            case ast.Compare(left=ast.Call(args=[_, *_] as arguments), ops=[ast.Eq()], comparators=[result]):
                try:
                    return [str(ast.literal_eval(a)) for a in arguments], str(ast.literal_eval(result))
                except ValueError:
                    continue
    return None


def _read(text: str) -> Iterator[Fact]:
    """What the prober wrote; nothing when a library has spoilt it."""
    try:
        rows = json.loads(text or "[]")
    except ValueError:
        return
    for row in rows if isinstance(rows, list) else ():
        match row:
            case [str(expression), str(gives)] if len(expression) + len(gives) < 300:
                yield Fact(expression=" ".join(expression.split()), gives=" ".join(gives.split()))
