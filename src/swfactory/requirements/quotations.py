"""Examples that a requirement quotes word for word, found without a model.

``python main.py 5 km m`` prints 5000.00 is an executable check; nobody has to guess it. English and Chinese verbs are
understood. Whatever is not literal (a placeholder such as FILE, a shape such as "one line per note") is left to the
test engineer.
"""

from __future__ import annotations

import ast
import re
import shlex
from collections.abc import Iterable, Mapping

from swfactory.domain.spec import ApiExample, CommandExample, Example, Step
from swfactory.requirements.files import with_file_names
from swfactory.requirements.keeping import MAKES, keeps_data, stands_alone
from swfactory.requirements.listed_values import listed_values, on_lines_of_their_own
from swfactory.requirements.literals import imports_of, is_value, leading_value
from swfactory.requirements.object_examples import object_examples
from swfactory.requirements.outline import read_outline
from swfactory.requirements.parameters import is_parameters, names_of
from swfactory.requirements.placeholders import PLACEHOLDERS, has_placeholder
from swfactory.requirements.sentences import sentences
from swfactory.requirements.transcripts import transcript_examples
from swfactory.requirements.value_tables import table_examples

__all__ = [
    "STATUS",
    "api_examples",
    "command_examples",
    "command_walk",
    "module_of",
    "output_of",
    "quoted_examples",
]

_PRINTS = (
    r"(?:(?:should|must|will|would|then|correctly)\s+)*"
    r"(?:prints?|outputs?|gives?|returns?|shows?|displays?|writes?|produces?|yields?|->|→|=>|应?打印出?|应?输出|显示|返回|得到|给出)"
)
_COMMAND = re.compile(r"`((?:python3?|\./)\s*[^`\n]+)`")
_LITERAL = re.compile(
    r"^\s*(?:exactly|just|only|the line|the text)?\s*[:：]?\s*(`[^`]+`|\"[^\"]+\"|“[^”]+”|「[^」]+」|'[^']+')"
)
_BARE = re.compile(
    r"^\s*([^\s,;()]+?)(?=\s*\(|[;)]|\.?\s*$|\.\s|,\s*(?:and|but|while|then)?\s*$|,\s+[a-z]|\s+(?:and|but|while)\s*$"
    r"|\s+and\s+(?:exits?|ends?)\b)"
)
_ALTERNATIVES = re.compile(
    r"\s*(?:either\s|[`\"']?\w+[`\"']?(?:,\s*[`\"']?\w+[`\"']?)*,?\s+or\s|[^，。；]{1,30}(?:或者?|还是))"
)
"""One of several outputs, and nothing says which."""
_BARE_CHINESE = re.compile(r"^[\s\u3400-\u9fff]*([!-~][ -~]*?)\s*(?=[，；。、（）(\u3400-\u9fff]|$)")
_VALUE = re.compile(r"[\d.,:/%+*=^()-]{0,40}\d[%)]?|\w{0,20}\d\w{0,20}")
_BETWEEN = re.compile(r"[A-Za-z]|[-+*/=x^]")
_SHOWN_AT_THE_END = re.compile(
    r"^\s+(?:an?|the|its|their|all|each)\s[^`;]{1,200}?(?::\s+([^:`;]{1,120}?)|(?<=\w),\s+(\S{1,40}?))\.?\s*$"
)
"""A value after its description: "prints the sum, 2h15m", "prints the factors: 2 x 3"."""
_CHINESE_VERB = re.compile(r"[\u3400-\u9fff]")
STATUS = re.compile(
    r"(?:exit\w*\s+(?:with\s+)?(?:an?\s+)?(?:status|code)?\s*(?:code\s*)?|\bwith\s+status\s+|状态码?\s*|退出码\s*)"
    r"(?:(?:of|is|must be|should be|为|是)\s*)?(\d+)",
    re.IGNORECASE,
)
_STOPWORDS = frozenset(
    """
    a an the one its it all each every nothing help usage how what them their this that these some any
    no true false yes lines line number numbers output result results value values text
    """.split()  # noqa: SIM905
)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_FILE_ARGUMENT = re.compile(r"^[\w./-]+\.(?:txt|csv|json|ini|md|log|tsv|xml|yaml|yml|toml|db|html|dat)$", re.IGNORECASE)
_CALL = re.compile(r"(?<![\w.\"'])([A-Za-z_]\w*)\(")
_GIVES = re.compile(
    r"^`?\s*(?:#\s*)?(?:(?:should|must|will)\s+(?:return|give|be|yield)|gives|returns|is|equals|yields|evaluates to"
    r"|={1,3}>?|[-─]+>|→|➞|⇒|返回|得到|应为|为|等于|给出)\s*`?"
)
_REPR = re.compile(r"\brepr(?:\(\w*\))?`?\s+(?:is|gives|returns|looks)(?:\s+like)?\s+`?([A-Z]\w*)\(")
_PROMPTED = re.compile(r"^[ \t]*\n[ \t]*(?!>>>)")
_GOES_ON = re.compile(r"[ \t]*[-+*/%=<>]")


def command_examples(text: str) -> tuple[CommandExample, ...]:
    """Find commands in back-quotes whose output or exit status is stated literally, and does not depend on others."""
    found: list[CommandExample] = []
    matches = list(_COMMAND.finditer(text))
    keeps = keeps_data(text)
    for index, match in enumerate(matches):
        rest = text[match.end() : matches[index + 1].start() if index + 1 < len(matches) else None]
        rest = sentences(rest)[0] if sentences(rest) else ""
        argv = _argv(match[1], text)
        if argv is None:
            continue
        values = listed_values(_what(rest) or "")
        lines = values and on_lines_of_their_own(text)
        stdout = "\n".join(values) if lines else None if values else output_of(rest)
        status = STATUS.search(rest)
        if stdout is None and status is None and not values:
            continue
        code = int(status[1]) if status else 0
        if keeps and not code and not stands_alone(argv[2:], stdout or "", first=not index):
            continue
        step = Step(
            argv=argv,
            stdout=stdout,
            stdout_contains=() if lines else values,
            exit_code=code,
            stderr_nonempty=code != 0 and stdout is None and not values,
        )
        found.append(CommandExample(origin="quoted", steps=(step,)))
    return tuple(found)


_SOUGHT = re.compile(r"\b(?:WORD|TEXT|QUERY|TERM)\b")
_ANY_CASE = re.compile(r"\bany case\b|case[- ]insensitiv|ignor\w+ case|不区分大小写|大小写不敏感", re.IGNORECASE)


_REMOVES = frozenset(("cancel", "clear", "close", "delete", "drop", "pop", "remove", "reset", "rm"))


def command_walk(text: str, program: str) -> CommandExample | None:
    """All literal commands of a requirement in its order, as one session: none may crash or be misunderstood.

    The first one succeeds, and so does one that speaks only of what was given or shown before it.

    Args:
        text: the requirement.
        program: path of the program that the commands start.

    Returns:
        The session; None when the requirement shows no command that is meant to succeed, or one alone and its output:
        that is an example already.
    """
    steps: dict[tuple[str, ...], Step] = {}
    known: set[str] = set()
    matches = list(_COMMAND.finditer(text))
    for index, match in enumerate(matches):
        rest = text[match.end() : matches[index + 1].start() if index + 1 < len(matches) else None]
        said = next(iter(sentences(rest)), "")
        status = STATUS.search(said)
        argv = _argv(match[1], text) or _argv(_searching(match[1], steps, said), text)
        if argv is not None and argv[1] == program and not (status and int(status[1])):
            words = argv[3:] if re.fullmatch(r"[a-z][a-z-]+", " ".join(argv[2:3])) else argv[2:]
            given = {word.casefold() for word in words if not word.startswith("-")}
            succeeds = given <= known or not steps
            steps.setdefault(argv, Step(argv=argv, exit_code=0 if succeeds else None))
            if succeeds or argv[2:3] == () or argv[2] in MAKES:
                known |= given | {word.casefold() for word in (output_of(said) or "").split()}
    if len(steps) == 1 and any(example.steps[0].argv in steps for example in command_examples(text)):
        return None
    if not steps:
        return None
    walk = CommandExample(steps=tuple(steps.values()))
    return walk.model_copy(update={"origin": "stated"}) if _tells_a_story(walk) else walk


def _tells_a_story(walk: CommandExample) -> bool:
    """Whether each command finds what it is about: something is put in first, and nothing taken away before the end."""
    names = [step.argv[2] if len(step.argv) > 2 else "" for step in walk.steps]
    return len(names) > 1 and names[0] in MAKES and not _REMOVES & {*names[:-1]}


def _searching(command: str, steps: Iterable[tuple[str, ...]], said: str) -> str:
    """A command that looks for something, with a word that an earlier command has put in."""
    given = next((word for argv in steps for word in argv[3:] if re.fullmatch(r"[^\W\d_]+(?: [^\W\d_]+)*", word)), "")
    word = given.split(" ")[0]
    return _SOUGHT.sub(word[0].swapcase() + word[1:] if _ANY_CASE.search(said) else word, command) if word else command


def _argv(command: str, text: str) -> tuple[str, ...] | None:
    """Split a literal command; None when it holds a placeholder, a shell construct or a file we do not have."""
    try:
        words = shlex.split(command)
    except ValueError:
        return None
    if words and words[0] in {"python", "python3"}:
        words = words[1:]
    elif words and words[0].startswith("./"):
        words[0] = words[0][2:]
    unusable = (
        not words
        or re.search(r"[<>|&]", _QUOTED.sub("", command))
        or has_placeholder(words[1:], text)
        or any(re.search(r"^\[.*\]$|\.\.\.|…", word) for word in words[1:])
        or any(_FILE_ARGUMENT.match(word) for word in words[1:])
    )
    return None if unusable else ("python", *words)


def _printing(rest: str) -> re.Match[str] | None:
    """The verb that says what a command prints, at the beginning of what follows it."""
    return re.match(rf"^[\s,，:：]*(?:which\s+|it\s+)?(?:以?后|时|会|则|将|应)*\s*{_PRINTS}(?![a-z])", rest)


def _what(rest: str) -> str | None:
    """What a command is said to print, from after the verb on."""
    verb = _printing(rest)
    return None if verb is None else rest[verb.end() :]


def output_of(rest: str) -> str | None:
    """What a command prints, word for word; None where nothing literal is said.

    Args:
        rest: what follows the command in its sentence.
    """
    verb = _printing(rest)
    if verb is None:
        return None
    what = rest[verb.end() :]
    if literal := _LITERAL.match(what):
        if re.match(r"\s*(?:for each|per|lines?\b|if |when )", what[literal.end() :]):
            return None
        return literal[1][1:-1].strip()
    if _ALTERNATIVES.match(what):
        return None
    if (shown := _SHOWN_AT_THE_END.match(what)) and _is_shown(shown[1] or shown[2]):
        return shown[1] or shown[2]
    if bare := (_BARE_CHINESE if _CHINESE_VERB.search(verb[0]) else _BARE).match(what):
        word = bare[1].strip("`\"'")
        if word and word.lower() not in _STOPWORDS and word not in PLACEHOLDERS:
            return word
    return None


def _is_shown(value: str) -> bool:
    """Whether words are a value, or several with letters and signs between them: ``2 x 3``."""
    first, *rest = value.split()
    return _VALUE.fullmatch(first) is not None and all(_VALUE.fullmatch(w) or _BETWEEN.fullmatch(w) for w in rest)


def api_examples(text: str, homes: Mapping[str, str] | None = None) -> tuple[tuple[str, ApiExample], ...]:
    """Find calls with literal arguments and a literal result, e.g. ``encode("aaab") gives "3a1b"``, or a doctest.

    Args:
        text: a requirement or a docstring.
        homes: function to the module that offers it; None to tell it from the text.

    Returns:
        Pairs of the function's name and a snippet that imports it from its module.
    """
    methods: dict[str, frozenset[str]] = {}
    found: list[tuple[str, ApiExample]] = []
    for match in _CALL.finditer(text):
        call = _balanced(text, match.start(), match.end() - 1)
        module = module_of(text, match[1]) if homes is None else homes.get(match[1])
        if call is None or module is None:
            continue
        rest = text[match.start() + len(call) :]
        prompted = text[: match.start()].endswith(">>> ")
        gives = (_PROMPTED if prompted else _GIVES).match(rest)
        if gives is None:
            continue
        if homes is None and module not in methods:
            methods[module] = _methods(text, module)
        if match[1] in methods.get(module, ()):
            continue
        value = leading_value(rest[gives.end() :])
        if value is None or _GOES_ON.match(rest[gives.end() + len(value) :]):
            continue
        holds = f"assert {call} == {value}\n"
        code = f"{imports_of(holds)}from {module} import {match[1]}\n\n{holds}"
        found.append((match[1], ApiExample(origin="quoted", code=code)))
    for match in _REPR.finditer(text):
        call = _balanced(text, match.start(1), match.end() - 1)
        module = module_of(text, match[1]) if homes is None else homes.get(match[1])
        if call is not None and module is not None and _fits(text, match[1], call):
            code = f"from {module} import {match[1]}\n\nassert repr({call}) == {call!r}\n"
            found.append((match[1], ApiExample(origin="quoted", code=code)))
    return tuple(found)


def _methods(text: str, module: str) -> frozenset[str]:
    """Names of the methods of a module's classes: what they answer depends on their object."""
    outline = read_outline(text, f"{module.replace('.', '/')}.py")
    return frozenset(one.name for methods in (outline.classes if outline else {}).values() for one in methods)


def _fits(text: str, name: str, call: str) -> bool:
    """Whether a class takes as many arguments as a call of it has; one that is shown with none may take any."""
    shown = next((m[1] for m in re.finditer(rf"\b{name}\(([^()]*)\)", text) if is_parameters(m[1].strip())), "")
    node = ast.parse(call, mode="eval").body
    given = len(node.args) + len(node.keywords) if isinstance(node, ast.Call) else 0
    return not shown or "*" in shown or given <= len(names_of(shown))


def module_of(text: str, name: str) -> str | None:
    """Name the module that a requirement puts a function or class in: the last ``x.py`` before its first mention."""
    text = with_file_names(text)
    first = re.search(rf"(?<![\w.]){re.escape(name)}\b(?!\.py\b)", text)  # a module may have its function's name
    if first is None:
        return None
    paths: list[str] = re.findall(r"([A-Za-z_][\w/]*)\.py\b", text[: first.start()])
    module = paths[-1].replace("/", ".") if paths else None
    return None if module in {None, "main"} else module


def _balanced(text: str, start: int, opening: int) -> str | None:
    """Return the call that starts at ``start`` when all its arguments are literals."""
    depth = 0
    for position in range(opening, min(len(text), opening + 200)):
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        if depth == 0:
            call = text[start : position + 1]
            try:
                node = ast.parse(call, mode="eval").body
                if not isinstance(node, ast.Call) or not (node.args or node.keywords):
                    return None
            except (SyntaxError, ValueError):
                return None
            arguments = (*node.args, *(keyword.value for keyword in node.keywords))
            return call if all(map(is_value, arguments)) else None
    return None


def quoted_examples(text: str) -> tuple[Example, ...]:
    """All quoted examples of a text: commands, sessions, calls, tables, objects."""
    calls = [example for _, example in api_examples(text)]
    objects = [example for example in object_examples(text) if example not in calls]
    tables = [example for example in table_examples(text) if example not in calls]
    return (*command_examples(text), *transcript_examples(text), *calls, *tables, *objects)
