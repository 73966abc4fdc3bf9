"""The outline of a module: its classes and methods, or its functions, and of each what the requirement says of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from swfactory.requirements.interfaces.attribution import ERROR, attribute
from swfactory.requirements.interfaces.methods import NOT_OFFERED, SIGNATURE, Method, method_naming
from swfactory.requirements.interfaces.parameters import is_parameters, names_of
from swfactory.requirements.interfaces.records import Record, records_of
from swfactory.requirements.interfaces.regions import Statement, statements_by_file
from swfactory.requirements.interfaces.special_methods import operand_of, special_methods
from swfactory.requirements.text.clauses import clauses
from swfactory.requirements.text.files import named_files
from swfactory.requirements.text.literals import shown_calls

__all__ = [
    "Outline",
    "function_notes",
    "home_of",
    "offered",
    "read_outline",
    "records_in",
    "region_of",
    "signatures",
]

_CLASS = re.compile(
    r"(?:\b[Cc]lass(?:es)?:?\s+|类[:：]?\s*)([A-Z]\w*)"
    r"|\b(?!(?:Add|Another|Any|Base|Both|Build|Create|Data|Each|Every|Exception|Implement|Main|One|Python|That|The|This"
    r"|Write)\b)([A-Z]\w+) ?(?:\bclass\b|类(?!型|似|别))"
)
_FUNCTION = re.compile(r"\b(?:function|decorator|context manager)s? (?:called |named )?$|(?:函数|装饰器)\s*$")
"""What stands before a name that is no method, in a module that has a class."""
_CALLED_BACK = re.compile(r"(?:callback|fn|func|function|handler|key|listener|on_\w+|predicate|test)$")
"""What is given to a method and called by it: "listen(callback) calls callback(source, target)"."""
_CLASS_METHOD = re.compile(
    r"\b([A-Z]\w*)\.([a-z_]\w*)\(([^()]*)\)`?,? (?:(?:which |that )?(?:is|as) )?an? (?:class|static)[ -]?method\b"
    r"|\b([A-Z]\w*)\.([a-z_]\w*)\(([^()]*)\)`? ?(?:是|为)(?:一个)?(?:类方法|静态方法)"
)
"""A method that is shown being called of its class."""
_GIVEN_A_NAME = re.compile(r"\w\s*=\s*$")
"""Stands before an object that is made, not before a signature."""
_KEYWORD = re.compile(r"(\w+)\s*=\s*([^,]+)")
_CODES = r"(?:`\w+`(?:,? and |, | 和 ?|[、和])?)+"
_SHARED_INTERFACE = re.compile(
    r"\bshar(?:e|es|ing)\b|\bboth\b|\b(?:each|every|either) class\b|\bsame (?:interface|methods?)\b"
    r"|两个类|共用|共享|相同的",
    re.IGNORECASE,
)
"""Says that the methods are those of several classes."""
_ATTRIBUTES = re.compile(
    r"\b(?:an?|the) (?:read-?only )?(?:property|attribute) `?([a-z_]\w*)`?"
    r"(?=[,.;:()]|$| (?:and|that|which|with|of|for)\b)"
    rf"|({_CODES})\s*(?:(?:is|are|as) )?(?:an? )?(?:read-?only )?(?:propert(?:y|ies)|attributes?|属性)"
    rf"|(?:propert(?:y|ies)|attributes?|属性):?\s*({_CODES})"
)


@dataclass(frozen=True)
class Outline:
    """What a module offers.

    Args:
        classes: name to ``__init__`` and the methods.
        functions: those outside of its classes.
        general: what is said of none of them.
        attributes: what objects of the module's only class show without a call, properties too.
    """

    classes: dict[str, list[Method]]
    functions: list[Method]
    general: list[str]
    attributes: tuple[str, ...] = ()


def offered(text: str, path: str) -> tuple[str, ...]:
    """Names of the classes or functions that a requirement shows the use of.

    Args:
        text: the requirement.
        path: the module's, as the requirement names it or with its folder.
    """
    records = {record.name for record in records_in(text, path)}
    outline = read_outline(text, path)
    if outline is None:
        return tuple(sorted(records))
    return tuple(sorted(records | {*outline.classes} | {function.name for function in outline.functions}))


def signatures(text: str, path: str) -> tuple[str, ...]:
    """What a module offers as it is called, e.g. ``Queue(limit)`` and ``.push(item)``; empty when nothing is shown.

    Args:
        text: the requirement.
        path: the module's, as the requirement names it or with its folder.
    """
    outline = read_outline(text, path)
    if outline is None:
        return ()
    found = [f"{function.name}({function.parameters})" for function in outline.functions]
    for name, (maker, *methods) in outline.classes.items():
        found.append(f"{name}({maker.parameters})")
        found += [f".{method.name}({method.parameters})" for method in methods]
    return (*found, *(f".{name}" for name in outline.attributes))


def region_of(text: str, path: str) -> str:
    """The part of a requirement that speaks of a module.

    Args:
        text: the requirement.
        path: the module's, as the requirement names it or with its folder.
    """
    return " ".join(_about(text, path))


def records_in(text: str, path: str) -> tuple[Record, ...]:
    """The records that a module has.

    Args:
        text: the requirement.
        path: the module's, as the requirement names it or with its folder.
    """
    return records_of(region_of(text, path))


def home_of(text: str, record: Record) -> str:
    """Dotted name of the module that a requirement puts a record into; empty when it names none.

    Args:
        text: the requirement.
        record: one of those it describes.
    """
    for path in named_files(text):
        if record in records_in(text, path):
            return path.removesuffix(".py").replace("/", ".")
    return ""


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
    records = {record.name for record in records_of(region)}
    makers = {name: Method("__init__") for name in _class_names(region) if name not in records}
    methods: dict[str, Method] = {}
    outside: set[str] = set()
    for match in SIGNATURE.finditer(region):
        name, parameters = match[1], match[2].strip()
        if name in NOT_OFFERED | records or name.endswith("Error") or not is_parameters(parameters):
            continue
        if name[0].isupper():
            maker = makers.setdefault(name, Method("__init__"))
            if _GIVEN_A_NAME.search(region[: match.start()]):
                maker.values |= {key: (value,) for key, value in _KEYWORD.findall(parameters)}
                parameters = ", ".join(names_of(parameters))
            maker.parameters = maker.parameters or parameters
        else:
            class_method = re.match(r"\s+as a class ?method", region[match.end() :]) is not None
            methods.setdefault(name, Method(name, parameters, class_method))
            outside |= {name} if _FUNCTION.search(region[: match.start()]) else set()
    for match in _CLASS_METHOD.finditer(region):
        owner, name, shown = match.groups()[:3] if match[1] else match.groups()[3:]
        if owner in makers:
            methods.setdefault(name, Method(name, _parameters_of(shown), class_method=True))
    taken = {name for method in (*methods.values(), *makers.values()) for name in names_of(method.parameters)}
    methods = {name: method for name, method in methods.items() if name not in taken or not _CALLED_BACK.match(name)}
    for name in special_methods(region) if makers else ():
        methods.setdefault(name, Method(name, operand_of(name)))
    if not methods:
        return None
    general = [*attribute(sentences, methods, makers)]
    known = {record.name.lower(): (home, record) for record in records_of(text) if (home := home_of(text, record))}
    others = dict(_classes(text))
    for name, method in (*methods.items(), *makers.items()):
        method.objects = {name: others[name] for name in names_of(method.parameters) if name in others}
        method.shown = shown_calls(region, name)
        method.records = {
            name: known[name]
            for name in names_of(method.parameters)
            if name in known and not _taken_apart(known[name][1], methods.values())
        }
    if not makers:
        return Outline({}, [*methods.values()], general)
    attributes = _attributes(text) if len(makers) == 1 else ()
    functions = [function for name, function in methods.items() if name in outside]
    own = [method for name, method in methods.items() if name not in outside]
    for name, maker in makers.items():
        maker.parameters = maker.parameters or _taken(region, name)
    classes = {name: [maker, *own] for name, maker in makers.items()}
    if len(makers) > 1 and not _SHARED_INTERFACE.search(region):
        homes = {method.name: _class_before(region, method.name, makers) for method in own}
        if {*homes.values()} == {*makers}:
            classes = {n: [maker, *(m for m in own if homes[m.name] == n)] for n, maker in makers.items()}
    return Outline(classes, functions, general, attributes)


def _parameters_of(shown: str) -> str:
    """Parameters of what is shown with them, or with one value."""
    return shown if is_parameters(shown) else "text" if shown[:1] in {"'", '"'} else "value"


def _taken_apart(record: Record, methods: Iterable[Method]) -> bool:
    """Whether a method takes the fields of a record one by one: the others are given what tells it from the rest."""
    return len(record.fields) > 1 and any({*record.fields} <= {*names_of(one.parameters)} for one in methods)


def _classes(text: str) -> Iterator[tuple[str, tuple[str, str, str]]]:
    """Every class by the name that a parameter has which takes its objects, ``cart`` for ``Cart``."""
    for path in named_files(text):
        region = region_of(text, path)
        records = {record.name for record in records_of(region)}
        shown = {match[1]: match[2].strip() for match in SIGNATURE.finditer(region)}
        for name in _class_names(region):
            if name not in records:
                home = path.removesuffix(".py").replace("/", ".")
                yield re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower(), (home, name, shown.get(name, ""))


def _class_names(region: str) -> list[str]:
    return [match[1] or match[2] for match in _CLASS.finditer(region)]


def _class_before(region: str, name: str, makers: Iterable[str]) -> str:
    """The class that is named last before a method is; empty for none."""
    named = re.search(rf"(?<![\w.]){re.escape(name)}\(", region) or method_naming(name).search(region)
    before = region[: named.start()] if named else ""
    return max(makers, key=lambda maker: before.rfind(maker), default="") if any(m in before for m in makers) else ""


def _taken(region: str, name: str) -> str:
    """Parameters of a class that a requirement shows the making of, with nothing but values."""
    shown = re.search(rf"\b{name}\(([^()]+)\)", region)
    count = len([*clauses(shown[1])]) if shown else 0
    return "*values" if count > 1 else "value" if count else ""


def _about(text: str, path: str) -> list[Statement]:
    """Statements that speak of a module, with those that follow another file and name what this one offers."""
    regions = statements_by_file(text)
    name = path.rsplit("/", 1)[-1]
    named = {file: _shown(about) for file, about in regions.items()}
    found: list[Statement] = []
    for file, about in regions.items():
        for said in about:
            homes = [] if said.names_file or _names_one(said, named[file]) else _others(said, named)
            if not (homes or named[file] or said.names_file) and ERROR.search(said):  # where nothing is offered
                homes = [other for other in named if named[other]]
            if name in (homes or [file]):
                found.append(said)
    return found


def _shown(statements: Iterable[Statement]) -> list[re.Pattern[str]]:
    """How the functions and methods are named that statements about a file show."""
    names = {match[1] for said in statements if said.names_file or said.item for match in SIGNATURE.finditer(said)}
    return [method_naming(name) for name in sorted(names)]


def _names_one(said: str, patterns: Iterable[re.Pattern[str]]) -> bool:
    return any(pattern.search(said) if ERROR.search(said) else pattern.match(said) for pattern in patterns)


def _others(said: str, named: Mapping[str, Iterable[re.Pattern[str]]]) -> list[str]:
    return [file for file, patterns in named.items() if _names_one(said, patterns)]


def _attributes(text: str) -> tuple[str, ...]:
    """Names that a requirement calls properties or attributes."""
    listed = (match[1] or match[2] or match[3] for match in _ATTRIBUTES.finditer(text))
    return tuple(dict.fromkeys(name for names in listed for name in re.findall(r"[a-z_]\w*", names) if name != "and"))
