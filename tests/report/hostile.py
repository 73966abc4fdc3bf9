"""Text that tries to break out of a document."""

from __future__ import annotations

from swfactory.domain.delivery import CriterionVerdict, Delivery
from swfactory.domain.report import Finding, TestResult

HOSTILE = (
    "<script>alert(1)</script>",
    "</pre></code><img src=x onerror=alert(1)>",
    '"><a href="javascript:alert(1)">x</a>',
    "![x](http://evil.example/p.png) [y](javascript:alert(1)) <http://evil.example>",
    "```\n# broke out\n````\n<b>bold</b>",
    "a | b \\| c ` d `` e | ```",
    "{{ 7 * 7 }} {% raw %} {# #}",
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x07 \x00 \u202eevil",
    "# heading\n- item\n1. one\n> quote\n---\n| a | b |",
    "&lt;script&gt; &#60;b&#62; *a* _b_ ~~c~~ $d$",
)


def hostile_delivery(text: str) -> Delivery:
    """A delivery with the text wherever somebody else's words go."""
    return Delivery(
        title=text,
        summary=text,
        requirement=text,
        commit="b" * 40,
        criteria=(
            CriterionVerdict(id="C1", text=text, quote=text, verdict="unmet", files=(text,), tests=(text,)),
            CriterionVerdict(id="C2", text="sentinel", verdict="met"),
        ),
        results=(
            TestResult(id=text, criterion="C1", outcome="failed", message=text),
            TestResult(id=text + "2", outcome="error", message=text),
        ),
        findings=(Finding(tool=text, path=text, message=text),),
        notes=(text,),
        files=(text,),
        run_command=("python", text),
        model=text,
        options=("--role-model", f"reviewer={text}"),
        sources={text: (text,)},
    )
