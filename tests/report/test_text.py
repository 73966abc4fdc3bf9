from __future__ import annotations

import subprocess

import pytest
from markdown_it import MarkdownIt

from swfactory.report.text import code, escape, fence, plain, reproduce

PARSER = MarkdownIt("commonmark").enable("table")


@pytest.mark.parametrize(
    "text", ["snake_case_name", "a*b*c", "1. one", "# x", "[a](b)", "<b>", "&amp;", "back\\slash", "a|b", "- x", "_em_"]
)
def test_escaped_text_reads_as_it_was(text: str) -> None:
    inline = PARSER.parse("x " + escape(text))[1]
    assert "".join(child.content for child in inline.children or ()) == "x " + text
    assert [token.type for token in PARSER.parse(escape(text))] == ["paragraph_open", "inline", "paragraph_close"]


def test_intraword_underscores_stay_readable() -> None:
    assert escape("snake_case") == "snake_case"


def test_code_survives_backticks() -> None:
    for text in ("a`b", "``", "`x`", "plain"):
        children = PARSER.parse(code(text))[1].children or []
        assert [(child.type, child.content) for child in children] == [("code_inline", text)]
    assert code("") == ""


def test_a_fence_cannot_be_closed_from_inside() -> None:
    parsed = PARSER.parse(fence("```\n````\nx"))
    assert [(token.type, token.content) for token in parsed] == [("fence", "```\n````\nx\n")]


def test_plain_removes_what_drives_a_terminal() -> None:
    assert plain("\x1b[31mred\x1b[0m\r\nnext\ttab") == "red\nnext\ttab"
    assert plain("a\u202eb\x07") == "a\ufffdb\ufffd"


@pytest.mark.parametrize(
    "text", ["one line", "it's $HOME `id`", "@file", "-", "--help", "two\nlines 'q' $X", "R\nREQUIREMENT\nx"]
)
def test_reproduce_hands_the_shell_the_same_requirement(text: str) -> None:
    script = 'swf() { if [ "$2" = - ]; then cat; else printf "%s\\n" "$2"; fi; }\n' + reproduce(text, ("--seed", "1"))
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == text + "\n"
