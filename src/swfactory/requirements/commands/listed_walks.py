"""Commands made from a list of subcommands with placeholders, such as "rename OLD NEW": no model is needed.

Every placeholder stands for one value wherever it comes, so that what the first command has put in, the others find.
A small model asked for such commands leaves words out, or forgets to quote those with spaces.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from swfactory.domain.spec import CommandExample, Step
from swfactory.requirements.commands.argument_values import argument_value, is_file
from swfactory.requirements.commands.command_lines import forms_of, words_of_commands
from swfactory.requirements.commands.command_notes import command_notes
from swfactory.requirements.commands.error_clauses import complaint, general_status
from swfactory.requirements.commands.forms import Argument, Form
from swfactory.requirements.commands.printed import output_of
from swfactory.requirements.text.naming import named_last
from swfactory.requirements.text.sentences import sentences

__all__ = ["listed_errors", "listed_parts", "listed_walk"]

_SOUGHT = frozenset(["keyword", "pattern", "phrase", "query", "term", "text", "word"])
_ENDS = re.compile(r"^(?:cancel|clear|close|delete|drop|end|purge|remove|return|rm|stop|undo)\b")
_SHOWS = re.compile(r"\b(?:print|output|show|display|list)|\blines?\b|打印|输出|显示|列出|每行")

_UNKNOWN = re.compile(r"\bunknown ([a-z]+)\b")
_TWICE = re.compile(r"\btwice\b|\b(?:a second time|again)\b")
_ALLOWED = re.compile(
    r"\b(?:may|can|nothing|no effect|no difference|ignored|allowed|fine|replaces?|overwrites?|updates?|adds? up|once)\b"
)
_ONE_EACH = re.compile(r"\bone (\w+) per line\b")
_HOLDER = re.compile(r"[A-Z][A-Z_]+|(?<![A-Za-z\d])[A-Z](?![A-Za-z\d])")


def listed_walk(text: str, program: str) -> CommandExample | None:
    """A session that uses every subcommand once, the first one twice.

    Args:
        text: the requirement.
        program: path of the program.

    Returns:
        The session; None when the requirement shows commands with values, lists none, or they work on files.
    """
    forms = _forms(text, program)
    if not forms:
        return None
    notes = command_notes(text, forms)
    taking = _taking(forms, notes)
    first, *rest = sorted(forms, key=lambda name: name in taking)
    steps = [_step(program, forms, first, 0)]
    steps += [_step(program, forms, first, 1)] * bool(forms[first].arguments)
    known = {*steps[0].argv[3:]}
    for name in rest:
        step = _step(program, forms, name, 0, notes.get(name, ()))
        sure = not step.argv[3:] or known & {*step.argv[3:]}
        steps.append(step if sure else step.model_copy(update={"exit_code": None}))
        known |= {*step.argv[3:]}
    return CommandExample(steps=tuple(steps))


def _taking(forms: Mapping[str, Form], notes: Mapping[str, Sequence[str]]) -> set[str]:
    """Commands that take away what others need: by their name, or since they bring nothing new and show nothing."""
    brought: set[str] = set()
    taking: set[str] = {name for name in forms if _ENDS.match(name)}
    for name, form in forms.items():
        names = {argument.name for argument in form.arguments}
        if names and names <= brought and not _SHOWS.search("; ".join(notes.get(name, ()))):
            taking.add(name)
        brought |= names if name not in taking else set()
    return taking


def listed_parts(text: str, program: str, shapes: Mapping[str, str]) -> Iterator[CommandExample]:
    """Parts of the walk that end with a command of whose output something is stated.

    Args:
        text: the requirement.
        program: path of the program.
        shapes: subcommand to a line of its output; placeholders stand for what was put in.

    Yields:
        Examples that no vote can drop.
    """
    walk, forms = listed_walk(text, program), _forms(text, program)
    notes = command_notes(text, forms)
    own = forms[walk.steps[0].argv[2]].arguments if walk else []
    for at, step in enumerate(walk.steps if walk else ()):
        before, name = walk.steps[:at] if walk else (), step.argv[2]
        seen = _echoed(step, forms[name], notes.get(name, ())) or _seen(step, own, shapes.get(name, ""))
        listed = _ONE_EACH.search("; ".join(notes.get(name, ())))
        if listed and not seen:
            values = {argument.name: argument_value(argument, 0) for argument in own}
            told = any({*step.argv[3:], values.get(listed[1], "")} <= {*other.argv[3:]} for other in before)
            seen = {"stdout_contains": (values[listed[1]],)} if told and step.argv[3:] and listed[1] in values else {}
        if seen:
            yield CommandExample(origin="stated", steps=(*before, step.model_copy(update={**seen, "exit_code": 0})))


def _echoed(step: Step, form: Form, notes: Sequence[str]) -> dict[str, object]:
    """What a command says of its own words, as fields of a step: "`add NAME` prints `added NAME`"."""
    given = dict(zip((one.name.upper() for one in form.arguments), step.argv[3:], strict=False))
    shown = next((output for note in notes if (output := output_of(note.partition(": ")[2]))), "")
    holders = {*_HOLDER.findall(shown)}
    whole = len(given) == len(step.argv[3:]) == len(form.arguments)
    return {"stdout": f"{_filled(shown, given)}\n"} if whole and holders and holders <= {*given} else {}


def _seen(step: Step, own: Sequence[Argument], shape: str) -> dict[str, object]:
    """What a line of a shape says of a command's output, as fields of a step."""
    names = {argument.name.upper(): argument for argument in own}
    holders = _HOLDER.findall(shape)
    if not holders or not {*holders} <= {*names}:
        return {"lines_like": shape} if shape else {}
    lines = [
        _filled(shape, {name: argument_value(argument, turn) for name, argument in names.items()}) for turn in (0, 1)
    ]
    found = [line for line in lines if all(word in line for word in step.argv[3:])]
    if step.argv[3:]:
        return {"stdout": f"{found[0]}\n"} if len(found) == 1 else {}
    return {"stdout_contains": tuple(found)}


def _filled(shape: str, values: Mapping[str, str]) -> str:
    return _HOLDER.sub(lambda match: values[match[0]], shape)


def listed_errors(text: str, program: str) -> Iterator[tuple[str, CommandExample]]:
    """Commands that must fail: of something unknown, and what may be done only once.

    Args:
        text: the requirement.
        program: path of the program.

    Yields:
        The sentence that says so, and the example; nothing when errors have no exit status.
    """
    forms, general = _forms(text, program), general_status(text)
    if not forms or general is None:
        return
    status, said = general
    first = next(iter(forms))
    for sentence in sentences(text):
        unknown, twice = _UNKNOWN.search(sentence), _TWICE.search(sentence)
        for name, form in forms.items():
            failing = _step(program, forms, name, 0).model_copy(update={"exit_code": status, **complaint(said)})
            takes = unknown and any(argument.name == unknown[1] for argument in form.arguments)
            if takes and name != first:
                yield sentence, CommandExample(steps=(failing,))
            if twice and _is_refused(sentence, twice) and name == named_last(sentence[: twice.start()], forms):
                begun = [_step(program, forms, other, 0) for other in dict.fromkeys((first, name))]
                yield sentence, CommandExample(steps=(*begun, failing))


def _is_refused(sentence: str, twice: re.Match[str]) -> bool:
    """Whether what is done twice is an error, as far as its clause tells."""
    before = re.split(r"[,;:(]", sentence[: twice.start()])[-1]
    after = re.split(r"[,;)]", sentence[twice.end() :])[0]
    return not _ALLOWED.search(before + after)


def _forms(text: str, program: str) -> Mapping[str, Form]:
    """The subcommands that are described by placeholders alone."""
    forms = forms_of(text, words_of_commands(text, program))
    arguments = [argument for form in forms.values() for argument in form.arguments]
    shown = any(argument.example or is_file(argument) for argument in arguments)
    return forms if arguments and "" not in forms and not shown else {}


def _step(program: str, forms: Mapping[str, Form], name: str, turn: int, notes: Sequence[str] = ()) -> Step:
    own = forms[next(iter(forms))].arguments
    words: list[str] = []
    for argument in forms[name].arguments:
        if argument.count != "*":
            sought = argument.name in _SOUGHT and argument not in own
            words.append(argument_value(_described(own, notes) if sought and own else argument, turn))
    return Step(argv=("python", program, name, *words))


def _described(arguments: list[Argument], notes: Sequence[str]) -> Argument:
    """The argument that things are looked for by: one that is named so, or the first that does not tell them apart."""
    for argument in arguments:
        if any(re.search(rf"\bwhose (?:\w+ )?{argument.name}s?\b|\b{argument.name}s? contain", note) for note in notes):
            return argument
    words = [argument for argument in arguments if not argument.kind]
    return words[min(1, len(words) - 1)] if words else arguments[0]
