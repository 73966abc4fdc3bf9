"""The program that every requirement needs, without what makes it its own: a model fills it in.

Where the command line is taken apart, what each command gets and how errors end the program stands in the requirement,
so the machine writes it; a small model would write some of it wrong in every other program.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from swfactory.programs.argument_parser import Parameter, parameters_of
from swfactory.programs.glue import Glue
from swfactory.requirements.commands.command_lines import Names, words_of_commands
from swfactory.requirements.commands.command_notes import command_notes
from swfactory.requirements.commands.exit_statuses import STATUS, exit_statuses
from swfactory.requirements.commands.placeholders import has_placeholder, placeholder_name
from swfactory.requirements.commands.standard_input import reads_standard_input
from swfactory.requirements.text.sentences import sentences

__all__ = ["Shared", "function_of", "program_skeleton"]

_WRITES = re.compile(r"\b(?:to|into|in) (?:the )?(?:FILE|file)\b|\bbinary\b|\bbytes\b|写入|二进制|字节")
_WHOLE_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,8})")
_NUMBER = re.compile(rf"{_WHOLE_NUMBER.pattern}(?:\.\d+)?")
_MEASURES = frozenset(
    (
        *("a", "amount", "b", "cost", "distance", "fee", "height", "kg", "kilograms", "length", "money", "number"),
        *("price", "radius", "rate", "speed", "sum", "temperature", "total", "value", "weight", "width", "x", "y", "z"),
    )
)
"""What may be 2.5, although every example shows a whole number."""
_MANY = re.compile(
    r"\barguments\b|\bone or more\b|\bany number\b|\bseveral\b|\bmultiple\b|\beach argument\b|\ball arguments\b"
    r"|多个|若干|任意个|所有参数",
    re.IGNORECASE,
)
"""May speak of more arguments than a call shows."""
_LEFT_OUT = re.compile(
    r"^Without (?:an?|any|the) [\w ]{1,30},? (?:it|the program) \w+s\b"
    r"|\b(?:[Ii]f|[Ww]hen) no [\w ]{1,30} (?:is|are) (?:given|passed|provided|named)\b"
    r"|(?:(?:不带|不给|未给|未提供)(?:出|任何)?[^,，。；;]{0,6}|没有(?:任何)?(?:命令行)?参数)(?:时|的话|则|就)"
)
"""A sentence about a program that is started without its argument."""
_GOES_ON = re.compile(
    r"\b(?:continu\w+|go(?:es)? on|carr(?:y|ies) on|proceeds?)\b[^.]{0,30}\b(?:rest|others?|remaining|next)\b"
    r"|继续处理?(?:其余|其他|其它|剩下|余下|后面|下一)",
    re.IGNORECASE,
)
"""Says that one argument which is refused does not keep the program from the others."""
_RESULT = re.compile(
    r"\b(?:exit )?(?:status|code) (?:is|must be|should be) \d|(?:状态码?|退出码)(?:为|是)\s*\d", re.IGNORECASE
)
"""Says what the status tells about the result: that is no error which main() reports."""
_OWN_LIBRARY = re.compile(r"\bour\b[^.`]{0,20}\b(?:library|package|module)\b|我们的?[^。]{0,24}库", re.IGNORECASE)
"""A library that may want to read the file itself."""
_LONGEST = 200
_ERRORS = "(ValueError, LookupError, OSError)"
_GUARD = 'if __name__ == "__main__":\n    main()\n'


@dataclass(frozen=True)
class Shared:
    """An object that all commands of a program work on.

    Args:
        name: what the program calls it.
        type: its class.
        made: source of how it is made.
        error: what it raises beside the usual.
        known: subcommand to the call of a method that it is.
    """

    name: str
    type: str
    made: str
    error: str
    known: Mapping[str, Glue] = field(default_factory=dict)


def program_skeleton(
    text: str,
    program: str,
    ready: Mapping[str, Sequence[str]] | None = None,
    names: Names | None = None,
    constants: str = "",
    shared: Shared | None = None,
) -> str:
    """Write a program that takes its command line apart and handles errors, and does nothing.

    Args:
        text: the requirement.
        program: path of the program.
        ready: other modules, and what the program imports from them.
        names: for arguments that the requirement does not name.
        constants: source of what its functions share; empty for nothing.
        shared: the object that all its functions work on.
    """
    parsed = parameters_of(text, program, names)
    one = "" if parsed or shared or ready else _worked_off(text, words_of_commands(text, program))
    if one:
        run = _functions(text, {"": [Parameter(one, "str", "")]}, None)
        return "\n\n".join(["import sys\n", *run, _loop(one, _errors(text), exit_statuses(text).usual), _GUARD])
    words, commands = ([], parsed) if parsed else _words(text, program)
    made = [f"{shared.name} = {shared.made}"] if shared else []
    body = [*words, *made, *_dispatch(commands, "args." if parsed else "", shared)]
    statuses, usual = exit_statuses(text), _errors(text)
    errors = [
        *statuses.special,
        (usual if shared is None else usual.replace(")", f", {shared.error})"), statuses.usual),
    ]
    lines = [*(["    args = parse_args()"] if parsed else []), "    try:", *(f"        {line}" for line in body)]
    for raised, code in errors:
        lines += [
            f"    except {raised} as error:",
            '        print(f"error: {error}", file=sys.stderr)',
            f"        sys.exit({code})",
        ]
    main = "\n".join(["def main():", *lines, ""])
    plain = [f"import {name}" for name in ("json", "sqlite3") if f"{name}." in main] + ["import sys"]
    plain += ["from pathlib import Path"] * ("Path(" in main)
    own = ["", "from arguments import parse_args"] if parsed else [""] * bool(ready)
    own += [f"from {module} import {', '.join(names)}" for module, names in (ready or {}).items()]
    imports = "\n".join([*plain, *own, ""])
    imports += f"\n{constants}" if constants else ""
    return "\n\n".join([imports, *_functions(text, commands, shared), main, _GUARD])


def function_of(command: str) -> str:
    """Name of the function that does what a subcommand asks for.

    Args:
        command: the subcommand; empty for a program without any.
    """
    return f"{command.replace('-', '_')}_command" if command else "run"


def _functions(text: str, commands: Mapping[str, Sequence[Parameter]], shared: Shared | None) -> list[str]:
    """A function for each subcommand, with what is said of it and what it gets."""
    first = [f"{shared.name}: {shared.type}"] if shared else []
    said = command_notes(text, commands)
    if "" in commands:
        said[""] = [*said.get("", []), *_other_endings(text)]
    functions: list[str] = []
    for command, parameters in commands.items():
        taken = ", ".join([*first, *(f"{parameter.name}: {parameter.type}" for parameter in parameters)])
        known = shared.known.get(command) if shared else None
        body = [*known.body] if known else [*(f"# {note}" for note in said.get(command, [])), "..."]
        lines = [f"def {function_of(command)}({taken}) -> None:", *(f"    {line}" for line in body), ""]
        functions.append("\n".join(lines))
    return functions


def _other_endings(text: str) -> list[str]:
    """Sentences with an exit status that main() does not give of itself; a small model passes over them."""
    usual = exit_statuses(text).all
    said = (sentence.rstrip(" .;。；") for sentence in sentences(text))
    return [
        one
        for one in said
        if len(one) < _LONGEST and (_RESULT.search(one) or {int(code) for code in STATUS.findall(one)} - usual)
    ]


def _dispatch(commands: Mapping[str, Sequence[Parameter]], owner: str, shared: Shared | None) -> list[str]:
    lines: list[str] = []
    for command, parameters in commands.items():
        given = [*([shared.name] if shared else []), *(f"{owner}{parameter.attribute}" for parameter in parameters)]
        call = f"{function_of(command)}({', '.join(given)})"
        word = "elif" if lines else "if"
        lines += [f'{word} args.command == "{command}":', f"    {call}"] if command else [call]
    return lines


def _words(text: str, program: str) -> tuple[list[str], dict[str, list[Parameter]]]:
    """Take the words of the command line, by the requirement's names for them where it has some.

    Returns:
        Lines that do so, and what the program's one function gets of it.
    """
    calls = words_of_commands(text, program)
    if not any(calls) and reads_standard_input(text):
        return ["text = sys.stdin.read()"], {"": [Parameter("text", "str", "")]}
    if many := _any_number(calls):
        return [f"{many} = sys.argv[1:]"], {"": [Parameter(many, "list[str]", "")]}
    named = [c for c in calls if all(has_placeholder([word], text) or placeholder_name(word, c) for word in c)]
    names = [placeholder_name(word) or word.lower() for word in named[0]] if len(named) == 1 else []
    names = names or _only_word(text, calls)
    optional = any(_LEFT_OUT.search(sentence) for sentence in sentences(text))
    if optional or any(len(call) != len(names) for call in calls) or not names or len({*names}) < len(names):
        example = next(iter(calls), [])
        line = f"words = sys.argv[1:]{f'  # like {example}' if example else ''}"
        return [line], {"": [Parameter("words", "list[str]", "")]}
    taken = [f"{', '.join(names)} = sys.argv[1:]" if len(names) > 1 else f"{names[0]} = sys.argv[1]"]
    if names == ["file"] and not _WRITES.search(text) and not _OWN_LIBRARY.search(text):
        taken.append('text = Path(file).read_text(encoding="utf-8")')
        return taken, {"": [Parameter("text", "str", "")]}
    shown = [call for call in calls if call not in named]
    kinds = [_kind(name, [call[place] for call in shown]) for place, name in enumerate(names)]
    if "float" in kinds:  # 70 stands beside 1.75: it may be 70.5
        measured = {n for n in _MEASURES & {*names} if all(_NUMBER.fullmatch(call[names.index(n)]) for call in shown)}
        kinds = ["float" if name in measured else kind for name, kind in zip(names, kinds, strict=True)]
    taken += [f"{name} = {kind}({name})" for name, kind in zip(names, kinds, strict=True) if kind != "str"]
    parameters = [Parameter(name, kind, "") for name, kind in zip(names, kinds, strict=True)]
    return taken, {"": parameters}


def _kind(name: str, values: Sequence[str]) -> str:
    """Type of an argument that is shown with these values."""
    if values and all(_WHOLE_NUMBER.fullmatch(value) for value in values):
        return "str" if name in _MEASURES else "int"
    return "float" if values and all(_NUMBER.fullmatch(value) for value in values) else "str"


def _any_number(calls: Sequence[Sequence[str]]) -> str:
    """A name for all arguments of a program that is shown with ``REF...``; empty for another."""
    shown = {call[0] for call in calls if len(call) == 1 and call[0].endswith(("...", "…"))}
    word = shown.pop().rstrip(".…").strip("[]<>") if len(shown) == 1 else ""
    name = placeholder_name(word) or word.lower()
    return name + "s" * (not name.endswith("s")) if name.isascii() and name.isidentifier() else ""


def _errors(text: str) -> str:
    """What a program reports instead of ending with a traceback; Decimal, as libraries take, refuses with its own."""
    return _ERRORS.replace("(", "(ArithmeticError, ") if _OWN_LIBRARY.search(text) else _ERRORS


def _worked_off(text: str, calls: Sequence[Sequence[str]]) -> str:
    """A name for each of any number of arguments, when one that is refused does not end the program; else empty."""
    many = _any_number(calls) if _GOES_ON.search(text) else ""
    single = many.removesuffix("s")
    return single if single.upper() in {word.rstrip(".…") for call in calls for word in call} else many


def _loop(one: str, errors: str, status: int) -> str:
    """The main function of a program that does the same with each argument."""
    lines = ["def main():", "    status = 0", f"    for {one} in sys.argv[1:]:", "        try:"]
    lines += [f"            run({one})", f"        except {errors} as error:"]
    lines += ['            print(f"error: {error}", file=sys.stderr)', f"            status = {status}"]
    return "\n".join([*lines, "    sys.exit(status)", ""])


def _only_word(text: str, calls: Sequence[Sequence[str]]) -> list[str]:
    """A name for the one argument of a program all of whose calls are shown with a value; nothing where it may be more.

    Told that it gets words, a small model walks over them as if they were the letters of one.
    """
    if not calls or any(len(call) != 1 for call in calls) or _MANY.search(text):
        return []
    values = [call[0] for call in calls]
    if any(value.startswith("-") or re.search(r"[./\\]", value) for value in values):
        return []  # an option or a file
    numbers = sum(_WHOLE_NUMBER.fullmatch(value) is not None for value in values)
    return ["number" if numbers == len(values) else "value" if numbers else "text"]
