"""The outline of a module: its classes and methods, or its functions, and in each what the requirement says of it.

A small model that writes a module from a paragraph forgets functions and adds others, and what the requirement says of
one is found at the other end of it, or passed over: of a row of clauses it follows the first.
"""

from __future__ import annotations

import ast
import builtins
import math
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from swfactory.requirements.orders import as_order

__all__ = ["Method", "Outline", "function_notes", "module_outline", "offered", "read_outline"]

_FILE = re.compile(r"(?<![\w/.-])(?:[\w-]+/)*[\w-]+\.py\b")
_SIGNATURE = re.compile(r"(?<![\w.`\"'(])([A-Za-z_]\w*)\(([^()\"'`]*)\)(?:\s*->\s*(\w+))?")
_DUNDER = re.compile(r"(?<!\w)__[a-z]+__(?!\w)")
_CLASS = re.compile(r"\bclass(?:es)?\s+([A-Z]\w*)")
_PARAMETER = re.compile(r"^\*{0,2}[A-Za-z_]\w*(?:\s*:\s*[\w\[\], |]+)?(?:\s*=\s*[\w.+-]+)?$")
_SENTENCE = re.compile(r"(?<=[^\s][.;])\s+|(?<=[。；])")
_WRAPPED = re.compile(r"^(\S+\.py)\s*[(（](.*)[)）]$", re.DOTALL)
_REMARK = re.compile(r"[(（]([^()（）]*)[)）]")
_COMMAND_HEAD = re.compile(r"(?:(?:^|[,;]?\s+)(?:and|with) (?:a|an|the) [\w -]+)?[`(]*(?:python3?)?\s*$")
_TESTS = re.compile(r"\bpytest\b|\btests\b|测试")
_COVERED = re.compile(r"`[^`]*`|\"[^\"]*\"|\[[^\[\]]*\]|\([^()]*\)|（[^（）]*）")
_PADDING = re.compile(r"\([^()]*\)|\b(?:and|or|a|an|the)\b")
_COMMA = re.compile(r"[,，、]\s*(?:and\s+|with\s+)?")
_NOT_OFFERED = frozenset([*dir(builtins), *dir(math)])
_SPECIAL = {
    "__add__": r"(?<![\w`])\+(?=,|\s*\(|\s+and\b|$)",
    "__sub__": r"(?<![\w`])-(?=,|\s*\(|\s+and\b|$)",
    "__mul__": r"(?<![\w`])\*(?=,|\s*\(|\s+and\b|$)",
    "__truediv__": r"(?<![\w`])/(?=,|\s*\(|\s+and\b|$)",
    "__or__": r"(?<![\w`])\|(?=,|\s*\(|\s+and\b|$)",
    "__and__": r"(?<![\w`])&(?=,|\s*\(|\s+and\b|$)",
    "__eq__": r"(?<![\w`])==",
    "__lt__": r"(?<![\w`])<(?=,|\s*\(|\s+and\b|$)",
    "__getitem__": r"\bindexing\b|\bsubscript",
    "__repr__": r"\brepr\b",
    "__len__": r"\blen\(",
}
"""Methods that a requirement asks for by what calls them (Python language reference, 3.3)."""
_ONE_OPERAND = frozenset(["__len__", "__iter__", "__repr__", "__str__", "__hash__", "__bool__"])
_OPERANDS = {"__getitem__": "index", "__contains__": "item", "__setitem__": "index, value"}
_LONGEST = 160
_ITEM = 2
_TWO = 2


@dataclass
class Method:
    """A method or function, and what is said of it.

    Args:
        name: its name.
        parameters: as the requirement shows them, without ``self``.
        class_method: whether it is one of the class.
        clauses: what is said of it, in order.
    """

    name: str
    parameters: str = ""
    class_method: bool = False
    clauses: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True)
class Outline:
    """What a module offers.

    Args:
        classes: name to ``__init__`` and the methods.
        functions: those of a module that has no class.
        general: what is said of none of them.
    """

    classes: dict[str, list[Method]]
    functions: list[Method]
    general: list[str]


def module_outline(text: str, path: str) -> str:
    """Write the outline of a module.

    Args:
        text: the requirement.
        path: the module's, as the requirement names it or with its folder.

    Returns:
        Source with ``...`` where a model has to write; empty when the requirement shows nothing that the module offers.
    """
    outline = read_outline(text, path)
    if outline is None or not (outline.classes or any(function.clauses for function in outline.functions)):
        return ""
    blocks = [_class(name, methods) for name, methods in outline.classes.items()]
    blocks += ["\n".join(_function(function)) for function in outline.functions]
    if outline.general:
        blocks.insert(0, "\n".join(f"# {clause}" for clause in outline.general))
    code = "\n\n\n".join(blocks) + "\n"
    needed = {name for name in re.findall(r"=\s*(\w+)\.", code) if name in sys.stdlib_module_names}
    code = "".join(f"import {name}\n" for name in sorted(needed)) + "\n" * bool(needed) + code
    try:
        ast.parse(code)
    except SyntaxError:
        return ""
    return code


def offered(text: str, path: str) -> tuple[str, ...]:
    """Names of the classes or functions that a requirement shows the use of.

    Args:
        text: the requirement.
        path: the module's, as the requirement names it or with its folder.
    """
    outline = read_outline(text, path)
    if outline is None:
        return ()
    return tuple(sorted(outline.classes or [function.name for function in outline.functions]))


def function_notes(text: str, path: str, name: str) -> list[str]:
    """What a requirement says of a function or method.

    Args:
        text: the requirement.
        path: the module's, as the requirement names it or with its folder.
        name: the function's, dotted with its class.
    """
    outline = read_outline(text, path)
    if outline is None:
        return []
    owner, _, name = name.rpartition(".")
    return next(
        (list(found.clauses) for found in outline.classes.get(owner, outline.functions) if found.name == name), []
    )


def read_outline(text: str, path: str) -> Outline | None:
    """Read what a module offers; None when the requirement shows no signatures of it.

    Args:
        text: the requirement.
        path: the module's, as the requirement names it or with its folder.
    """
    sentences = _about(text, path)
    region = " ".join(sentences)
    makers = {name: Method("__init__") for name in _CLASS.findall(region)}
    methods: dict[str, Method] = {}
    for match in _SIGNATURE.finditer(region):
        name, parameters = match[1], match[2].strip()
        if name in _NOT_OFFERED or name.endswith("Error") or not _is_parameters(parameters):
            continue
        if name[0].isupper():
            makers.setdefault(name, Method("__init__")).parameters = parameters
        else:
            class_method = re.match(r"\s+as a class ?method", region[match.end() :]) is not None
            methods.setdefault(name, Method(name, parameters, class_method))
    if not methods:
        return None
    for name in _special_methods(region) if makers else ():
        operand = "" if name in _ONE_OPERAND else _OPERANDS.get(name, "other")
        methods.setdefault(name, Method(name, operand))
    general = [*_assign(sentences, methods, makers)]
    if not makers:
        return Outline({}, [*methods.values()], general)
    return Outline({name: [maker, *methods.values()] for name, maker in makers.items()}, [], general)


def _is_parameters(text: str) -> bool:
    return not text or all(_PARAMETER.match(part.strip()) for part in text.split(","))


def _about(text: str, path: str) -> list[str]:
    """Sentences that speak of a module: those that name it, and those after it that name no other file."""
    name = path.rsplit("/", 1)[-1]
    found: list[str] = []
    current = ""
    for sentence in _SENTENCE.split(text):
        starts = [match.start() for match in _FILE.finditer(sentence)]
        for start, end in zip([0, *starts], [*starts, len(sentence)], strict=True):
            part = _COMMAND_HEAD.sub("", sentence[start:end].strip().rstrip(";.；。"))
            if file := _FILE.match(part):
                current = file[0].rsplit("/", 1)[-1]
            if current == name and part and not _TESTS.search(part):
                found.append(_WRAPPED.sub(r"\1 \2", part))
    return found


def _special_methods(region: str) -> Iterator[str]:
    yield from _DUNDER.findall(region)
    yield from (name for name, pattern in _SPECIAL.items() if re.search(pattern, region))


def _assign(sentences: Iterable[str], methods: Mapping[str, Method], makers: Mapping[str, Method]) -> dict[str, None]:
    """Give every clause to the methods that it names, or else to those that its sentence has named last.

    Returns:
        The clauses that name none.
    """
    patterns = [(_pattern(name), function) for name, function in methods.items()]
    patterns += [
        (re.compile(rf"^{name}\(|\bclass {name}\b|\b{name}\((?=[a-z_*])"), maker) for name, maker in makers.items()
    ]

    def names(clause: str) -> list[Method]:
        return [methods[name] for name in _signed(clause, methods)] or [
            function for pattern, function in patterns if pattern.search(clause)
        ]

    general: dict[str, None] = {}
    for sentence in sentences:
        current: list[Method] = []
        clauses = _joined(_clauses(sentence), names)
        # An enumeration is taken apart; what is one statement stays one.
        apart = _signed(sentence, methods) or all(map(names, clauses))
        for clause in _statements(clauses if apart else [sentence], names):
            current = names(clause) or current
            for said in _said(clause):
                owners = current or [maker for maker in makers.values() if _mentions(said, maker.parameters)]
                for function in owners:
                    function.clauses[said] = None
                general |= {} if owners or _FILE.search(said) else {said: None}
    return general


def _signed(clause: str, methods: Mapping[str, Method]) -> list[str]:
    found = (match[1] for match in _SIGNATURE.finditer(clause) if _is_parameters(match[2]))
    return [name for name in dict.fromkeys(found) if name in methods]


def _pattern(name: str) -> re.Pattern[str]:
    if name in _SPECIAL:
        return re.compile(rf"{_SPECIAL[name]}|{name}")
    # "lend" is named by "lending", "give_back" by "giving back".
    verb, _, rest = name.partition("_") if not name.startswith("_") else (name, "", "")
    forms = rf"{verb[:-1]}(?:e|es|ed|ing)" if verb.endswith("e") else rf"{verb}(?:{verb[-1]}?(?:ing|ed|s))?"
    after = "".join(f"[_ ]{part}" for part in rest.split("_") if part)
    return re.compile(rf"(?<![\w.]){forms}{after}(?!\w)", re.IGNORECASE)


def _mentions(clause: str, parameters: str) -> bool:
    names = re.findall(r"(?:^|,)\s*\**(\w+)", parameters)
    return any(re.search(rf"\b{name}\b", clause) for name in names)


def _said(clause: str) -> list[str]:
    """What a clause says after the signatures that it begins with; a remark in brackets says several things."""
    signatures = [match for match in _SIGNATURE.finditer(clause) if _is_parameters(match[2])]
    rest = clause[signatures[-1].end() :] if signatures else clause
    rest = re.sub(r"^\s*(?:as a class ?method\b|that\s|which\s)", "", rest).strip(" :：,，")
    if (remark := _REMARK.fullmatch(rest)) is not None:
        return [said for _, part in _clauses(remark[1]) for said in _said(part)]
    if not re.search(r"\w{2}", _DUNDER.sub("", rest)) or re.fullmatch(r"(?:otherwise|and|or|repr|indexing)\b\W*", rest):
        return []
    return [as_order(rest if len(rest) <= _LONGEST else rest[:_LONGEST].rsplit(" ", 1)[0] + " ...")]


def _clauses(sentence: str) -> Iterator[tuple[str, str]]:
    """Split at commas that are not in brackets or quotes.

    Yields:
        The comma before a clause, and the clause.
    """
    covered = sentence
    while _COVERED.search(covered):
        covered = _COVERED.sub(lambda match: "_" * len(match[0]), covered)
    start, comma = 0, ""
    for match in [*_COMMA.finditer(covered), None]:
        end = match.start() if match else len(sentence)
        if clause := sentence[start:end].strip():
            yield comma, clause
        if match:
            start, comma = match.end(), match[0]


def _statements(clauses: Iterable[str], names: Callable[[str], list[Method]]) -> Iterator[str]:
    """Take clauses apart that say one thing of one function and another of the next."""
    for clause in clauses:
        intro, colon, rest = clause.partition(": ")
        if colon and names(rest):
            yield from (intro, rest)
            continue
        halves = re.split(r"\s+and\s+", clause)
        whole = len(halves) != _TWO or any(len(half.split()) <= _ITEM for half in halves)
        first, second = map(names, halves) if not whole else ([], [])
        yield from halves if first and second and first != second else [clause]


def _joined(clauses: Iterable[tuple[str, str]], names: Callable[[str], list[Method]]) -> list[str]:
    """Put the items of a list together again: a word or two say nothing by themselves, and ``、`` only parts items."""
    found: list[str] = []
    for comma, clause in clauses:
        item = "、" in comma or (clause.isascii() and len(_PADDING.sub("", clause).split()) <= _ITEM)
        if found and item and not names(clause) and as_order(clause) == clause:
            found[-1] += f"{comma}{clause}"
        else:
            found.append(clause)
    return found


def _class(name: str, methods: Iterable[Method]) -> str:
    return f"class {name}:\n" + "\n\n".join(_method(method) for method in methods)


def _method(method: Method) -> str:
    first = "cls" if method.class_method else "self"
    parameters = ", ".join(part for part in (first, method.parameters) if part)
    decorator = ["@classmethod"] if method.class_method else []
    lines = [*decorator, *_function(replace(method, parameters=parameters))]
    return "\n".join(f"    {line}" for line in lines)


def _function(function: Method) -> list[str]:
    clauses = [f"    # {clause}" for clause in function.clauses]
    return [f"def {function.name}({function.parameters}):", *clauses, "    ..."]
