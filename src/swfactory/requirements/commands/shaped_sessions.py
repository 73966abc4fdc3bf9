"""Sessions with a program, and what the lines must look like that their commands print."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from itertools import dropwhile, takewhile

from swfactory.domain.spec import CommandExample, Step
from swfactory.requirements.commands.command_lines import subcommand_of
from swfactory.requirements.commands.shapes import described_calls, lines_beside, shape_of

__all__ = ["bare_walks", "before_changes", "stated_parts", "with_lines", "with_shapes"]

_DECIMAL = re.compile(r"^0(?:\.0+)?$")
_BRACKETED = re.compile(r"\s*\[[^\]]*\]|\s*\([^)]*\)")
_LEFT_OUT = re.compile(
    r"\b(?:without|no) (?:the )?(?:square )?(?:brackets|parentheses)\b[^.;]{0,20}\b(?:when|if)\b"
    r"|没有[^，。；]{0,8}时?不(?:带|显示|打印)"
)
_CHANGES = re.compile(
    r"(?:archive|cancel|check|clear|close|complete|del|delete|done|drop|edit|finish|lend|mark|move|pay|pop|remove|rename"
    r"|reset|return|rm|set|start|stop|toggle|undo|untag|update|use|withdraw)(?![a-z])"
)
"""Subcommands after which a list is another, whatever they print."""
_WORD = re.compile(r"[\w.-]*\w")


def with_lines(text: str, walk: CommandExample) -> CommandExample:
    """Let the commands that a requirement shows print the lines that it shows of them.

    "`main.py mark 3 8` prints one line per number, `3 low` or `8 high`" shows two lines of that command: each has a
    word in it that the command was given.

    Args:
        text: the requirement.
        walk: its literal commands.
    """
    shown: dict[tuple[str, ...], list[str]] = {}
    for words, said in described_calls(text):
        shown.setdefault(tuple(words), []).extend(lines_beside(said))
    steps: list[Step] = []
    for step in walk.steps:
        given = {word for word in step.argv[3:] if not word.startswith("-")}
        lines_of = shown.get(step.argv[2:], ())
        own = tuple(line for line in lines_of if line not in given and given & {*line.split()})
        steps.append(step.model_copy(update={"stdout_contains": own}) if len(own) > 1 else step)
    return walk.model_copy(update={"steps": tuple(steps)})


def with_shapes(
    example: CommandExample, shapes: dict[str, str], aggregates: Collection[str] = frozenset()
) -> CommandExample:
    """Add to the commands of an example what their output must look like, where nothing else is said of it.

    A line that shows nothing but what the one command before it has put in is the whole output.

    Args:
        example: a session.
        shapes: as ``output_shapes`` found them.
        aggregates: as ``aggregating`` found them.
    """
    steps: list[Step] = []

    def makers() -> list[Step]:
        names = ((other, subcommand_of(other.argv[2:])) for other in steps)
        return [other for other, name in names if name not in shapes or _CHANGES.match(name)]

    for step in example.steps:
        shape = shape_of(step.argv[2:], shapes)
        if not shape or step.stdout is not None:
            steps.append(step)
        elif "\n" in shape:
            steps.append(step.model_copy(update={"lines_like": shape}))
        elif _is_all(shape, step, makers()):
            steps.append(step.model_copy(update={"stdout": f"{shape}\n", "exit_code": 0}))
        elif (
            subcommand_of(step.argv[2:]) in aggregates
            and _DECIMAL.match(shape)
            and (value := _own_number(step, makers()))
        ):
            shown = f"{float(value):.{len(shape.partition('.')[2])}f}"
            steps.append(step.model_copy(update={"stdout": f"{shown}\n", "exit_code": 0}))
        else:
            steps.append(step.model_copy(update={"lines_like": shape}))
    return example.model_copy(update={"steps": tuple(steps)})


def _own_number(step: Step, makers: Sequence[Step]) -> str:
    """The one number of the one command before; empty when there are others, or when other entries are asked for."""
    if len(makers) != 1 or makers[0].exit_code:
        return ""
    given = makers[0].argv[3:]
    numbers = [word for word in given if re.fullmatch(r"\d+(?:\.\d+)?", word)]
    asked = [word for word in step.argv[3:] if not word.startswith("-")]
    meant = all(any(word.startswith(other) for word in given) for other in asked)
    return numbers[0] if len(numbers) == 1 and meant else ""


def stated_parts(walk: CommandExample) -> tuple[CommandExample, ...]:
    """Each command of a walk of which the requirement shows the output, after those that put something in.

    Args:
        walk: literal commands of a requirement, with their shapes.

    Returns:
        Examples that no vote can drop.
    """
    parts: list[CommandExample] = []
    before: list[Step] = []
    for step in walk.steps:
        if step.stdout is None and not step.stdout_contains:
            before.append(step)
        else:
            parts.append(CommandExample(origin="stated", files=walk.files, steps=(*before, step)))
    return tuple(parts)


def before_changes(walk: CommandExample, shapes: dict[str, str]) -> tuple[CommandExample, ...]:
    """What is shown of the first entry before a command of the walk changes it.

    Args:
        walk: literal commands of a requirement.
        shapes: as ``output_shapes`` found them.

    Returns:
        Examples that no vote can drop.
    """
    maker, *others = walk.steps
    changed = dropwhile(lambda step: not _CHANGES.match(subcommand_of(step.argv[2:])), others)
    pairs = (walk.model_copy(update={"steps": (maker, step)}) for step in changed)
    seen = (with_shapes(pair, shapes) for pair in pairs if not _CHANGES.match(subcommand_of(pair.steps[1].argv[2:])))
    return tuple(pair.model_copy(update={"origin": "stated"}) for pair in seen if pair.steps[1].stdout is not None)


def bare_walks(text: str, walk: CommandExample, shapes: dict[str, str]) -> tuple[CommandExample, ...]:
    """Sessions in which a command gets none of its options, where the requirement says what is not shown then.

    "`1: text [a, b]` (without brackets when there are none)" is ``1: text`` for an entry that was given neither.

    Args:
        text: the requirement.
        walk: its literal commands, with their shapes.
        shapes: as ``output_shapes`` found them.
    """
    maker = walk.steps[0]
    words = tuple(takewhile(lambda word: not word.startswith("-"), maker.argv))
    if not _LEFT_OUT.search(text) or len(words) == len(maker.argv):
        return ()
    found: list[CommandExample] = []
    for step in walk.steps[1:]:
        shape = shape_of(step.argv[2:], shapes)
        bare = _BRACKETED.sub("", shape)
        if step.stdout and bare != shape and not any(word.startswith("-") for word in step.argv):
            shown = step.model_copy(update={"stdout": f"{bare}\n"})
            steps = (maker.model_copy(update={"argv": words}), shown)
            found.append(CommandExample(origin="stated", steps=steps))
    return tuple(found)


def _is_all(shape: str, step: Step, makers: Sequence[Step]) -> bool:
    """Whether a line is all that a command prints: one command put its words in, and nothing else was asked for."""
    if len(makers) != 1 or makers[0].exit_code:
        return False
    given = makers[0].argv[3:]
    asked = [word.casefold() for word in step.argv[3:] if not word.startswith("-")]
    words = {*_WORD.findall(" ".join(given)), "1"}  # what is counted or numbered begins with 1
    shown = _WORD.findall(shape)
    return (
        all(word in words for word in shown)
        and any(word != "1" for word in shown)
        and all(any(word in other.casefold() for other in given) for word in asked)
    )
