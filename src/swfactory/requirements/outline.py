"""The outline of a module: its classes and methods, or its functions, and of each what the requirement says of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from swfactory.requirements.clauses import clauses, conditional, covered, joined, statements
from swfactory.requirements.files import named_files
from swfactory.requirements.orders import as_order
from swfactory.requirements.parameters import is_parameters, names_of, required
from swfactory.requirements.records import Record, records_of
from swfactory.requirements.regions import CALL_DEFAULT, SOURCE_FILE, Statement, split_sentences, statements_by_file
from swfactory.requirements.special_methods import SPECIAL, operand_of, special_methods

__all__ = [
    "NOT_OFFERED",
    "Method",
    "Outline",
    "function_notes",
    "home_of",
    "naming",
    "offered",
    "read_outline",
    "records_in",
    "region_of",
    "signatures",
]

_SIGNATURE = re.compile(rf"(?<![\w.`\"'(])([A-Za-z_]\w*)\(((?:[^()\"'`]|{CALL_DEFAULT})*)\)(?:\s*->\s*(\w+))?")
_DUNDER = re.compile(r"(?<!\w)__[a-z]+__(?!\w)")
_CLASS = re.compile(r"(?:\bclass(?:es)?\s+|类\s*)([A-Z]\w*)")
_FUNCTION = re.compile(r"\b(?:function|decorator|context manager)s? (?:called |named )?$|(?:函数|装饰器)\s*$")
"""What stands before a name that is no method, in a module that has a class."""
_HAS_CLASS = re.compile(r"\S+\.py\W? (?:with|has|offers|contains|defines|provides|having) (?:an?|the|one) class \w+")
_REMARK = re.compile(r"[(（]([^()（）]*)[)）]")
NOT_OFFERED = frozenset(
    "abs bool dict float hash int iter len list print repr sorted str tuple type".split()  # noqa: SIM905
)
"""Built-in functions that a requirement shows the use of, and no module of its own offers."""
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
_REFUSED = re.compile(r"raise \w+ for ((?:[\w-]+\s*){1,3})", re.IGNORECASE)
_UNKNOWN = re.compile(r"\bunknown (\w+)|(?:未知|不存在)的?\s*([a-z_]\w*)")
_CASES = re.compile(
    r"(raise \w+ for \w+ing(?: \w+)?) when ([^,]+), or ((?:a|an|the|for|to|in|with|without|more) [^,]+)"
)
_ELSEWHERE = re.compile(r"\bwhat (?:is|was|has) not (?:been )?[a-z]+|\bin \w+ order\b")
"""Names a function that ought to have been called, or that another one goes by, and says nothing of it."""
_REMARK_ON_LAST = re.compile(r"^(?:__[a-z]+__(?:,? and |, ))+(?=__[a-z]+__ (?:in|with|without)\b)")

_ERROR = re.compile(r"\braises? (?:an? )?[A-Z]\w*|\b(?:otherwise|else),? (?:an? )?[A-Z]\w*Error\b|抛出\s*[A-Z]\w*")
"""Says what is an error."""

_LISTED = re.compile(r"\b[a-z_]\w*(?:, (?:and )?[a-z_]\w*)*(?:,? (?:and|or) [a-z_]\w*)")
_DONE_BY = re.compile(r"^(\w[^,;]* (?:is|are) \w+) by $")
_ADDS = re.compile(r"(?:add|append|create|insert|new|open|push|put|register|save|set|store)(?:_|$)")
"""Methods to which nothing has to be known before."""

_LONGEST = 160


@dataclass
class Method:
    """A method or function, and what is said of it.

    Args:
        name: its name.
        parameters: as the requirement shows them, without ``self``.
        class_method: whether it is one of the class.
        clauses: what is said of it, in order.
        records: parameter to the record that it takes, and the dotted module that has it.
    """

    name: str
    parameters: str = ""
    class_method: bool = False
    clauses: dict[str, None] = field(default_factory=dict)
    records: dict[str, tuple[str, Record]] = field(default_factory=dict)


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
    makers = {name: Method("__init__") for name in _CLASS.findall(region) if name not in records}
    methods: dict[str, Method] = {}
    outside: set[str] = set()
    for match in _SIGNATURE.finditer(region):
        name, parameters = match[1], match[2].strip()
        if name in NOT_OFFERED | records or name.endswith("Error") or not is_parameters(parameters):
            continue
        if name[0].isupper():
            makers.setdefault(name, Method("__init__")).parameters = parameters
        else:
            class_method = re.match(r"\s+as a class ?method", region[match.end() :]) is not None
            methods.setdefault(name, Method(name, parameters, class_method))
            outside |= {name} if _FUNCTION.search(region[: match.start()]) else set()
    if not methods:
        return None
    for name in special_methods(region) if makers else ():
        methods.setdefault(name, Method(name, operand_of(name)))
    general = [*_assign(sentences, methods, makers)]
    known = {record.name.lower(): (home, record) for record in records_of(text) if (home := home_of(text, record))}
    for method in (*methods.values(), *makers.values()):
        method.records = {name: known[name] for name in names_of(method.parameters) if name in known}
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


def _class_before(region: str, name: str, makers: Iterable[str]) -> str:
    """The class that is named last before a method is; empty for none."""
    named = re.search(rf"(?<![\w.]){re.escape(name)}\(", region) or naming(name).search(region)
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
            if name in (homes or [file]):
                found.append(said)
    return found


def _shown(statements: Iterable[Statement]) -> list[re.Pattern[str]]:
    """How the functions and methods are named that statements about a file show."""
    names = {match[1] for said in statements if said.names_file for match in _SIGNATURE.finditer(said)}
    return [naming(name) for name in sorted(names)]


def _names_one(said: str, patterns: Iterable[re.Pattern[str]]) -> bool:
    return any(pattern.search(said) if _ERROR.search(said) else pattern.match(said) for pattern in patterns)


def _others(said: str, named: Mapping[str, Iterable[re.Pattern[str]]]) -> list[str]:
    return [file for file, patterns in named.items() if _names_one(said, patterns)]


def _attributes(text: str) -> tuple[str, ...]:
    """Names that a requirement calls properties or attributes; it shows them as code."""
    listed = (match[1] or match[2] or match[3] for match in _ATTRIBUTES.finditer(text))
    return tuple(dict.fromkeys(name for names in listed for name in re.findall(r"[a-z_]\w*", names) if name != "and"))


def _assign(sentences: Iterable[str], methods: Mapping[str, Method], makers: Mapping[str, Method]) -> dict[str, None]:
    """Give every clause to the methods that it names, or else to those that its sentence has named last.

    Returns:
        The clauses that name none.
    """
    patterns = [(naming(name), function) for name, function in methods.items()]
    patterns += [
        (re.compile(rf"^{name}\(|\bclass {name}\b|\b{name}\((?=[a-z_*])"), maker) for name, maker in makers.items()
    ]

    def names(clause: str) -> list[Method]:
        clause = _REMARK_ON_LAST.sub("", clause)
        condition, clause = conditional(clause)
        found = _named(clause)
        return found or (_named(condition) if condition else [])

    def _named(clause: str) -> list[Method]:
        return [methods[name] for name in _signed(clause, methods)] or [
            function for pattern, function in patterns if pattern.search(_ELSEWHERE.sub("", clause))
        ]

    general: dict[str, None] = {}
    for sentence in sentences:
        current: list[Method] = []
        parts = joined(sentence, names)
        # An enumeration is taken apart; what is one statement stays one.
        apart = _signed(sentence, methods) or all(names(part) or _is_error(part) for part in parts)
        for clause in statements(parts if apart else [sentence], names):
            named = names(clause)
            current = named or current
            for said in _said(clause):
                told = [*_knowing(said, methods.values())]
                told = told or [one for one in (*methods.values(), *makers.values()) if _refuses(said, one)]
                told = told or [maker for maker in makers.values() if _mentions(said, maker.parameters)]
                # An error that names nobody is of those that it tells of; all else is of those that were named last.
                owners = named or (_ERROR.search(said) and told) or current or told
                for function in owners:
                    function.clauses[_narrowed(said, function, makers.values())] = None
                general |= {} if owners or SOURCE_FILE.search(said) or records_of(said) else {said: None}
    return general


def _is_error(part: str) -> bool:
    """Whether a part of a sentence says of itself what is an error."""
    return _ERROR.search(part) is not None and not part.startswith("raise")


def _signed(clause: str, methods: Mapping[str, Method]) -> list[str]:
    found = (match[1] for match in _SIGNATURE.finditer(clause) if is_parameters(match[2]))
    return [name for name in dict.fromkeys(found) if name in methods]


def naming(name: str) -> re.Pattern[str]:
    """How a sentence names a function or command: ``lend`` by "lending", ``give_back`` by "giving back".

    Args:
        name: of the function.
    """
    if name in SPECIAL:
        return re.compile(rf"{SPECIAL[name]}|{name}")
    verb, _, rest = name.partition("_") if not name.startswith("_") else (name, "", "")
    forms = rf"{verb[:-1]}(?:e|es|ed|ing)" if verb.endswith("e") else rf"{verb}(?:{verb[-1]}?(?:ing|ed|s))?"
    after = "".join(f"[_ ]{part}" for part in rest.split("_") if part)
    return re.compile(rf"(?<![\w.]){forms}{after}(?!\w)", re.IGNORECASE)


def _mentions(clause: str, parameters: str) -> bool:
    return any(re.search(rf"\b{name}\b", clause) for name in names_of(parameters))


def _refuses(said: str, method: Method) -> bool:
    """Whether a value is refused that a method takes: with "raise ValueError for amounts below 1", an ``amount``."""
    subject = _REFUSED.match(said)
    names = (*required(method.parameters),) if subject else ()
    return subject is not None and any(re.search(rf"\b{name}s?\b", subject[1]) for name in names)


def _narrowed(clause: str, function: Method, makers: Iterable[Method]) -> str:
    """A clause that lists parameters of several classes, for one of them: with its own alone."""
    known = {name for maker in makers for name in names_of(maker.parameters)}
    for match in _LISTED.finditer(clause):
        listed = re.findall(r"\w+", re.sub(r"\band\b|\bor\b", " ", match[0]))
        own = [name for name in listed if name in names_of(function.parameters)]
        if function in makers and own and {*listed} <= known and len(own) < len(listed):
            joined_names = " and ".join(filter(None, (", ".join(own[:-1]), own[-1])))
            clause = clause.replace(match[0], joined_names)
            return clause if len(own) > 1 else re.sub(rf"({own[0]}) are\b", r"\1 is", clause)
    return clause


def _knowing(clause: str, methods: Iterable[Method]) -> Iterator[Method]:
    """Methods that are told what has to be known already: with "an unknown key", those that take a key of old."""
    unknown = _UNKNOWN.search(clause)
    for method in methods:
        if unknown and (unknown[1] or unknown[2]) in names_of(method.parameters) and not _ADDS.match(method.name):
            yield method


def _said(clause: str) -> list[str]:
    """What a clause says after the signatures that it begins with; a remark in brackets says several things."""
    condition, then = conditional(clause)
    if condition:
        return [f"{condition}, {said}" for said in _said(then)]
    signatures = [match for match in _SIGNATURE.finditer(clause) if is_parameters(match[2])]
    if signatures and (done := _DONE_BY.match(clause[: signatures[0].start()])):
        return [done[1], *_said(clause[signatures[0].start() :])]  # "old keys are dropped by purge(age)"
    rest = clause[signatures[-1].end() :] if signatures else clause
    rest = re.sub(r"^\s*(?:as a class ?method\b|that\s|which\s)", "", rest).strip(" :：,，")
    if rest[:1] in {"(", "（"} and not covered(rest).strip("_"):
        parts = [part.rstrip(";；") for each in split_sentences(rest[1:-1]) for _, part in clauses(each)]
        return [said for part in parts for said in _said(part)]
    if len(rest) > _LONGEST and (asides := _REMARK.findall(rest)):
        return [said for part in (" ".join(_REMARK.sub(" ", rest).split()), *asides) for said in _said(part)]
    if (
        _HAS_CLASS.fullmatch(rest)
        or not re.search(r"\w{2}", _DUNDER.sub("", rest))
        or re.fullmatch(r"(?:otherwise|and|or|repr|indexing)\b\W*", rest)
    ):
        return []
    order = as_order(rest if len(rest) <= _LONGEST else rest[:_LONGEST].rsplit(" ", 1)[0] + " ...")
    if cases := _CASES.fullmatch(order):  # of two cases in a line, a small model sees one
        return [f"{cases[1]} when {cases[2]}", f"{cases[1]} {cases[3]}"]
    return [order]
