"""Cases that a sentence tells apart: of "negative numbers are fine but a word exits with status 2", one is an error.

What is said of the first case says nothing of the second, although one clause has them both.
"""

from __future__ import annotations

import re
from bisect import bisect_left

from swfactory.requirements.text.clauses import covered

__all__ = ["cases", "last_case", "of_another"]

_CONTRAST = r"(?:but|while|whereas|yet)\s+|而|但是?"
_NO_LIMIT = r"(?<!anything)(?<!nothing)(?<!everything)"
"""What "but" goes on from: "anything but 0" is one thing."""
_JOINT = re.compile(
    rf"(?<!\s)(?:\s*[,，;；]\s*(?:and\s+|({_CONTRAST})|并且?|且)?|\s+and\s+|{_NO_LIMIT}\s+({_CONTRAST}))"
    r"|(而|但是?)|并且"
)
_SUBORDINATE = re.compile(
    r"\b(?:that|which|who|whose|where)\s+(?:\w+\s+)?(?:is|are|was|were|has|have|does|do|can|cannot)\b"
    r"|\b(?:if|when|whenever|unless|after|before|once)\b[^,，]*|(?:如果|若|当)[^,，]*",
    re.IGNORECASE,
)
"""What has a verb and says nothing by itself."""
_VERB = re.compile(
    r"\b(?:is|are|was|were|becomes?|comes?|counts?|does|do|ends?|exits?|gets?|gives?|has|have|keeps?|leaves?|may|means?"
    r"|must|passes|prints?|raises?|returns?|shows?|stays?|stops?|will|works?|yields?)\b"
    r"|可以|允许|忽略|跳过|正常|返回|得到|打印|输出|显示|抛出"
)
_BARE_NAMES = re.compile(r"(?:^|(?<=, ))\w+(?=, |,? (?:and|or) )")
"""Verbs that stand alone are names of functions: "get, count and drop raise"."""
_ENGLISH = (
    r"[A-Za-z]+\W*$"
    r"|(?:(?:always|still|\w+ly) )?(?:also|as|because|can|displays|ends|exits|fails|finishes|for|if|it|leaves|must"
    r"|nothing|on|or|outputs|prints|quits|raises|reports|returns|says|should|shows|since|so|standard|stderr|stdout|stops"
    r"|terminates|that|then|they|this|to|unless|when|which|will|with|without|writes"
    r"|[a-z]+s (?:an?|it|its|no|nothing|the)|no \w+ (?:is|are) (?:kept|made|printed|saved|shown|stored|written)"
    r"|the \w+ (?:stays?|remains?|(?:is|are) (?:left|kept|unchanged|untouched))"
    r"|(?:the|its) (?:whole )?(?:program|process|command|script|function|method|call|run|tool|exit|return|status"
    r"|error (?:code|status)))\b"
)
_CHINESE = (
    r"(?!会员|会议|应用|按钮)[并且则都均再也或按它该应将会仍使让]|以\W*$|其(?![他它余])|(?:没有|无)其[他它]"
    r"|[然随最]后|同时|此时|因此|所以|必须|整个|最终|结果$|为[^,，的]{1,6}[时则]|(?:负数|零|空值)[时则]?$"
    r"|不(?:再|会|得)?(?:保存|打印|输出|显示|写|改|修改|存(?!在))|程序|进程|脚本|命令|标准输出|标准错误"
)
_NO_SUBJECT = re.compile(rf"\W*(?:$|{_ENGLISH}|{_CHINESE})|_", re.IGNORECASE)
"""What goes on with the same case."""
_FOR_OTHERS = (
    r"\b(?:for|in|on)\s+(?:an?\s+)?(?:bad|errors?|failures?|invalid|malformed|missing|others?|unknown|wrong)\b"
)
_OF_ANOTHER = re.compile(
    r"(?:[,，(（]|\b(?:and|but|while|whereas)\b)\s*(?:(?:and|but|while|whereas|for|on|only|with)\s+)*"
    r"(?:an?|any\w*|every\w*|each|all|bad|broken|empty|errors?|invalid|malformed|missing|no|others?|unknown|without"
    r"|wrong|其[他它]|任何|所有|无效|未知)(?:\b|(?<=[\u3400-\u9fff]))(?:(?!\band\b)[^,，])*$"
    rf"|{_FOR_OTHERS}[^,，]*[,，]\s*$|[,，](?!程序|命令|它|该|此时)[^,，]+(?<![规法准原])则[^,，]*$"
)
"""Begins with what cannot be the case that a sentence has begun with."""
_RAISES = re.compile(r"\braises? (?:an? )?[A-Z]\w*|(?:抛出|引发)\s*[A-Z]\w*")
_OF = re.compile(r"(?: for| on| with| in)\b")


def last_case(said: str) -> str:
    """Return the case that a verb is about.

    Args:
        said: what a sentence says before the verb.
    """
    joint = _last_joint(said)
    return said[joint.end() :] if joint else said


def of_another(said: str, after: str = "") -> bool:
    """Whether a verb is about something else than what its sentence began with: "prints 3, and a wrong name exits".

    Args:
        said: what a sentence says before the verb.
        after: what follows what the verb says.
    """
    if _OF_ANOTHER.search(said) or (_JOINT.search(covered(said)) and re.match(rf"\s*{_FOR_OTHERS}", after)):
        return True
    joint = _last_joint(said)
    first, *more = _JOINT.split(covered(said[joint.end() :]), maxsplit=1) if joint else ("",)
    # What is followed by a joint, and says nothing, goes on with what was said: "prints 3, the sum, and exits".
    return joint is not None and (not more or _is_statement(first))


def cases(clause: str) -> list[str]:
    """Part what is an error from what a clause says of other cases; one that tells of one case stays whole.

    Args:
        clause: a part of a sentence, e.g. "short names are padded and names with digits raise ValueError".
    """
    raises = _RAISES.search(clause)
    if raises is None:
        return [clause]
    before = _last_joint(clause[: raises.start()])
    after = _next_joint(clause, raises.end()) if _OF.match(clause, raises.end()) else None
    parts = (
        clause[: before.start()] if before else "",
        clause[before.end() if before else 0 : after.start() if after else None],
        clause[after.end() :] if after else "",
    )
    return [part.strip() for part in parts if part.strip()]


def _last_joint(said: str) -> re.Match[str] | None:
    """What joins the last case to those before it; None where there is one case."""
    hidden = covered(said)
    plain = _BARE_NAMES.sub(lambda match: "_" * len(match[0]), hidden)
    verbs = [verb.start() for verb in _VERB.finditer(_SUBORDINATE.sub(lambda match: " " * len(match[0]), plain))]
    last = None
    for joint in _JOINT.finditer(hidden):
        begun = bisect_left(verbs, last.end() if last else 0) < bisect_left(verbs, joint.start())
        if (begun or any(joint.groups())) and not _NO_SUBJECT.match(hidden, joint.end()):
            last = joint
    return last


def _next_joint(clause: str, start: int) -> re.Match[str] | None:
    """What joins the case at a place to the next one, which says something of its own; None for no such case."""
    hidden = covered(clause)
    for joint in _JOINT.finditer(hidden, start):
        following = hidden[joint.end() :]
        if _is_statement(following) and not _NO_SUBJECT.match(following):
            return joint
    return None


def _is_statement(part: str) -> bool:
    """Whether words say something by themselves, and not only what of."""
    return _VERB.search(_SUBORDINATE.sub(" ", part)) is not None
