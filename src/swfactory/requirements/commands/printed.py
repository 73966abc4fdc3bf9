"""What a command is said to print, word for word: "prints 5000.00", "输出 `你好`"."""

from __future__ import annotations

import re
import textwrap

from swfactory.requirements.commands.placeholders import PLACEHOLDERS, is_form
from swfactory.requirements.text.cases import of_another
from swfactory.requirements.text.hedges import (
    STANDARD_ERROR,
    is_choice,
    is_conditional,
    is_left_open,
    without_quotations,
)

__all__ = ["complaint_of", "output_of", "what_is_printed"]

_PRINTS = (
    r"(?:(?:should|must|will|would|then|correctly)\s+)*"
    r"(?:prints?|outputs?|gives?|returns?|shows?|displays?|writes?|produces?|yields?|->|→|=>"
    r"|应?打印出?|应?输出|显示|返回(?!码|状态)|得到|给出)"
)
_DOES_FIRST = re.compile(
    r"^[\s:：–—-]*(?!(?:exits?|ends?|fails?|prints?|returns?|shows?)\b)[a-z]+s\b"
    r"(?:(?!\b(?:after|already|but|cannot|each|either|every|if|in case|never|not|once|or|otherwise|per|twice|unless"
    r"|until|when\w*|while|without)\b)[^`\"“'.;:()\n]){1,80}?(?:,? and |, )(?:then )?prints(?= [`\"])"
)
"""What a command does before it prints: "adds a plant and prints `added Fern`"."""
_DOES_FIRST_CHINESE = re.compile(
    r"^[\s:：–—-]*(?!打印|输出|显示|退出|返回)"
    r"(?:(?!如果|若|当|时|否则|除非|每|已|之前|之后|再次)[\u3400-\u9fff\w ]){2,20}"
    r"[，,]\s*(?:并|然后)?(?:打印|输出|显示)(?=\s*[`“「])"
)
_QUOTED = r"(`[^`]+`|\"[^\"]+\"|“[^”]+”|「[^」]+」|'[^']+')"
_LITERAL = re.compile(rf"^\s*(?:exactly|just|only|the line|the text)?\s*[:：]?\s*{_QUOTED}")
_DESCRIBED = re.compile(
    r"^\s+(?:an?|its|the|their)"
    r"(?:(?! (?:as|by|column|form|format|header|like|lines?|prefix|suffix|with)\b) [a-z]+){1,4},? (`[^`\n]+`)"
)
"""A value after what it is: "prints the new count `A1: 7`"; of lines, what is shown is how they look."""
_BRACKETED = re.compile(r"\s*((?:\{[^{}\n]*\}|\[[^\[\]\n]*\])(?![\w\[{(]|\.\w))")
"""A set, list or table, whose commas part no values: "prints [1, 2]"."""
_BLOCK = re.compile(
    r"\s*(?:the following(?: \w+)?|以下\w{0,4})?\s*[:：]"
    r"(?:\s*(```|~~~)\w*\n(?P<fenced>.*?)\n[ \t]*\1| (?P<indented>(?:(?: {4}|\t)[^\n]+(?:\n+|$))+))\s*$",
    re.DOTALL,
)
_NO_OUTPUT = re.compile(r"^[ \t]*(?:\$ |>>> |\.{3}|…)", re.MULTILINE)
"""A block with such a line shows a session, or only a part of what is printed."""
_ON_STANDARD_ERROR = re.compile(
    rf"{_QUOTED}\s*(?:(?:to|on|in)\s+(?:the\s+)?|[到至])\s*{STANDARD_ERROR}"
    rf"|(?:\b(?:to|on)\s+(?:the\s+)?|[向往在到])\s*{STANDARD_ERROR}[中上里]?"
    rf"\s*(?:打印|输出|显示|写[入出]?)?\s*[,:：]?\s*{_QUOTED}",
    re.IGNORECASE,
)
_TO_STANDARD_ERROR = re.compile(rf"\s*(?:(?:to|on|in)\s+(?:the\s+)?|[到至在])\s*{STANDARD_ERROR}", re.IGNORECASE)
_NOTHING_ON = re.compile(
    r"(?:\b(?:empty|nothing|no \w+|not|never|without \w+)\b(?:(?!\band\b)[^,，;_]){0,20}|(?:不|没有|无)[^,，;_]{0,6})$"
)
_IS_EMPTY = re.compile(
    r"\s*(?:(?:(?:is|stays|remains|must be|should be)\s+)?(?:left\s+)?(?:empty|silent)\b"
    r"|[上中]?\s*(?:保持|应?为|是)?\s*(?:空|没有|无(?!效)|不(?!.{0,2}空)))"
)
_FILE = re.compile(r"[\w./-]+\.[A-Za-z]{1,5}")
_GAP = re.compile(r"\.\.|…")
_ITSELF = (
    r"(?:(?:the|its)\s+(?:program|process|command|script|(?:exit\s+|return\s+)?(?:status|code))"
    r"|it|stderr|standard error)\s+"
)
_DOES_ELSE = (
    rf"(?:then\s+)?(?:{_ITSELF})?(?:(?:should|must|will|would|then)\s+)*"
    r"(?:(?!prints|shows|outputs|writes(?![^,;.`]*\bfile)|displays|lists)[a-z]+s|exit|be|nothing|not?|that is all"
    r"|a (?:newline|line break))\b"
)
_ENDS_THEN = r"(?!.{0,8}(?:退出|结束))"
_TO_THE_NEXT = re.compile(
    r"\s*(?:[,，、]\s*)?(?:\b(?:(?:and|but|while|whereas|where|then|so (?:do|does)|running|run|calling)\b\s*)+"
    r"|(?:再|而|然后|接着)?(?:运行|执行|调用)?)\s*"
)
"""All that stands between what one command prints and the next command."""
_MORE = re.compile(
    rf"\s*[,，、]?\s*(?:[`\"“「]|(?:and|then)\b(?!\s+{_DOES_ELSE})|followed\b(?! by (?:a|one) (?:newline|line break)\b)"
    r"|again\b|twice\b|\w+ times\b|lines?\b|(?:as|on|in) (?:the|its) (?:first|last|next|second)\b|before\b|after\b"
    rf"|[行个条次遍份]|(?:再|接着|然后){_ENDS_THEN}|以?及|和|下一行|第二行)"
)
"""What follows a value that is not all of the output."""
_NO_REMARK = (
    r"\w+(?: ?[,.;]| (?:and|or)\b|$)|[^;]*(?:,? then|, (?:and|or)) [`\"]?-?\d|with [`\"]"
    r"|(?:and|or|then) (?!exit|end|stop|run)|an? (?:space|blank|comma|dash|line|newline|second|tab)\b"
    r"|(?:above|after|again|another|as long|at least|at most|before|below|depending|each|every|followed"
    r"|for (?:all|each|every)|if|in case|one|only|otherwise|plus|provided|the (?:next|second)|twice|under|unless|until"
    r"|when\w*|where|while)\b"
)
"""After a number and a comma, what is another item, more of the output or a condition, and says nothing of it."""
_BARE_ENDS = (
    rf"(?= ?[(;)]| (?:on|to) (?:stdout|standard output)\b|\.?{_TO_THE_NEXT.pattern}$|\. "
    rf"|,? (?:and|but) (?:then )?(?:{_ITSELF})?(?:(?:must|should|will|then) )*"
    r"(?:exits?|ends?|stops?|is|be|nothing|not?)\b"
    r"|, (?:as(?! long)|because|not|since|so|which)\b"
    rf"|(?<=[\d%]), (?!{_NO_REMARK})[a-z])"
)
_BARE = re.compile(rf"^ ?(?![:：](?: |$))([^\s,;()]+?){_BARE_ENDS}")
_NUMBERS = re.compile(rf"^ ?(-?\d+(?:\.\d+)?(?: -?\d+(?:\.\d+)?)+){_BARE_ENDS}")
"""Several numbers with nothing else between them: "prints 1 2 3"."""
_ALTERNATIVES = re.compile(
    r"\s*(?:either\s|[`\"']?\w+[`\"']?(?:,\s*[`\"']?\w+[`\"']?)*,?\s+or\s|[^，。；]{1,30}(?:或者?|还是))"
)
"""One of several outputs, and nothing says which."""
_BARE_CHINESE = re.compile(
    r"^ ?(?:结果|文本|一行|总[和数计额]|合计|和|平均值?|最[大小]值|[差积商]|余额|答案)?(?:为|是)? ?([!-~][ -~]*?) ?"
    r"(?=[；。（(]|[，、]?(?:并|且|再|然后|随后)?(?:且|以|正常|直接)?(?:状态|退出|结束|返回码|换行)"
    rf"|{_TO_THE_NEXT.pattern}$|，(?:不|因为|而(?!第|下)|即|表示|保留|标准"
    r"|程序(?!.{0,6}(?:输出|打印|显示))|(?:再|接着|然后)(?=.{0,8}(?:退出|结束))))"
)
_VALUE = re.compile(r"[\d.,:/%+*=^()-]{0,40}\d[%)]?|\w{0,20}\d\w{0,20}")
_BETWEEN = re.compile(r"[A-Za-z]|[-+*/=x^]")
_SHOWN_AT_THE_END = re.compile(
    r"^\s+(?:an?|the|its|their|all|each)\s[^`;]{1,200}?(?::\s+([^:`;]{1,120}?)|(?<=\w),\s+(\S{1,40}?))\.?\s*$"
)
"""A value after its description: "prints the sum, 2h15m", "prints the factors: 2 x 3"."""
_CHINESE_VERB = re.compile(r"[\u3400-\u9fff]")
_STOPWORDS = frozenset(
    """
    a an the one its it all each every nothing help usage how what them their this that these some any
    no true false yes lines line number numbers output result results value values text
    anything both csv either entries error errors everything html items json markdown message messages names neither
    something table tables words xml yaml
    """.split()  # noqa: SIM905
)


def _printing(rest: str) -> re.Match[str] | None:
    """The verb that says what a command prints, at the beginning of what follows it."""
    first = re.match(
        rf"^[\s,，:：–—-]*(?:when (?:it|this|the \w+) (?:runs|is (?:run|executed)),?\s*)?"
        rf"(?:which\s+|then\s+|it\s+)*(?:(?:以?后|时|会|则|将|应该?)\s*)*{_PRINTS}(?![a-z])",
        rest,
    )
    return first or _DOES_FIRST.match(rest) or _DOES_FIRST_CHINESE.match(rest)


def what_is_printed(rest: str) -> str | None:
    """What a command is said to print, from after the verb on; None where no verb says so.

    Args:
        rest: what follows the command in its sentence.
    """
    verb = _printing(rest)
    return None if verb is None else rest[verb.end() :]


def output_of(rest: str) -> str | None:
    """What a command prints, word for word; None where nothing literal is said.

    Args:
        rest: what follows the command in its sentence.
    """
    verb = _printing(rest)
    if verb is None or _speaks_of_standard_error(without_quotations(rest)):
        return None
    what = rest[verb.end() :]
    if literal := _LITERAL.match(what):
        after = what[literal.end() :]
        elsewhere = _TO_STANDARD_ERROR.match(after) or (
            verb[0].endswith("writes") and _FILE.fullmatch(literal[1][1:-1])
        )
        return literal[1][1:-1].strip() if _is_all(after) and not elsewhere else None
    if described := _DESCRIBED.match(what):
        shown = described[1][1:-1].strip()
        return shown if _is_all(what[described.end() :]) and not is_form(shown) else None
    if block := _BLOCK.match(what):
        shown = textwrap.dedent(block["fenced"] or block["indented"]).strip()
        return None if _NO_OUTPUT.search(shown) or is_form(shown) else shown
    if bracketed := _BRACKETED.match(what):
        return bracketed[1] if _is_all(what[bracketed.end() :]) and not is_form(bracketed[1]) else None
    if _ALTERNATIVES.match(what):
        return None
    if (last := _SHOWN_AT_THE_END.match(what)) and _is_shown(last[1] or last[2]):
        return last[1] or last[2]
    kinds = (_BARE_CHINESE,) if _CHINESE_VERB.search(verb[0]) else (_NUMBERS, _BARE)
    spaced = re.sub(r"\s+", " ", what)
    bare = next(filter(None, (kind.match(spaced) for kind in kinds)), None)
    word = bare[1].strip("`\"'") if bare else ""
    return None if not word or word.lower() in _STOPWORDS or _GAP.search(word) or word in PLACEHOLDERS else word


def complaint_of(rest: str) -> str | None:
    """What a command says on standard error, word for word; None where nothing literal is said.

    Args:
        rest: what follows the command in its sentence.
    """
    found = [
        match
        for match in _ON_STANDARD_ERROR.finditer(rest)
        if _is_all(rest[match.end() :])
        and not is_choice("", rest[: match.start()])
        and not of_another(rest[: match.start()], rest[match.end() :])
    ]
    return (found[0][1] or found[0][2])[1:-1].strip() if len(found) == 1 else None


def _speaks_of_standard_error(said: str) -> bool:
    """Whether what a command prints may be said to come on standard error, and not only that nothing does.

    Args:
        said: what is said of the command, without what it quotes.
    """
    for match in re.finditer(STANDARD_ERROR, said, re.IGNORECASE):
        before, after = said[: match.start()], said[match.end() :]
        empty = _NOTHING_ON.search(before) or _IS_EMPTY.match(after)
        if not (empty or of_another(before, after) or is_conditional("", after)):
            return True
    return False


def _is_all(after: str) -> bool:
    """Whether a quoted text is all of an output, and the output in any case.

    Args:
        after: what follows it.
    """
    after = re.sub(r"\s+", " ", after)
    if _TO_THE_NEXT.fullmatch(after):
        return True
    return not (is_choice(after) or is_conditional("", after) or is_left_open(after) or _MORE.match(after))


def _is_shown(value: str) -> bool:
    """Whether words are a value, or several with letters and signs between them: ``2 x 3``."""
    first, *rest = value.split()
    return _VALUE.fullmatch(first) is not None and all(_VALUE.fullmatch(w) or _BETWEEN.fullmatch(w) for w in rest)
