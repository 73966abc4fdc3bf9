from __future__ import annotations

import itertools
import shlex

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from swfactory.domain.budget import Budget
from swfactory.domain.delivery import Delivery
from swfactory.report import render_markdown
from tests.report.hostile import HOSTILE, hostile_delivery

PARSER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def tokens(text: str) -> list[Token]:
    flat = []
    for token in PARSER.parse(text):
        flat += [token, *(token.children or ())]
    return flat


def headings(text: str) -> list[str]:
    parsed = PARSER.parse(text)
    return [parsed[i + 1].content for i, token in enumerate(parsed) if token.type == "heading_open"]


def last_cells(text: str) -> list[str]:
    """The last cell of every row: a pipe that splits a cell pushes another one into its place."""
    last: list[str] = []
    parsed = PARSER.parse(text)
    for token, content in itertools.pairwise(parsed):
        if token.type == "tr_open":
            last.append("")
        elif token.type in ("td_open", "th_open"):
            last[-1] = content.content
    return last


def test_every_fact_of_the_delivery_is_in_the_report(delivery: Delivery) -> None:
    text = render_markdown(delivery)
    assert text.startswith("# Roman\n\n**Partial: 1 of 3 criteria met.** 2 of 3 tests pass; 1 dropped")
    for fact in (
        "It refuses 0.",
        "`roman/core.py`",
        "`tests/test_c1.py::test_1994` (passed)",
        "**not met**",
        "**not checked**",
        "assert 0 == 2",
        "`main.py:3`: unused import os",
        "flask was replaced by http.server",
        "python main.py 'a b'",
        "| engineer | 2 | 1,500 | 900 | 400 | 20.0 s | 20.0 |",
        "| Total | 3 | 1,800 | 900 | 500 | 25.0 s | 20.0 |",
        "| Tokens written | 500 | 12,000 |",
        "| Time | 25.0 s in the model | none |",
        "| Repair rounds | 2 | 6 |",
        "cc" * 32,
        "| Seed | 7 |",
        "`docs/guide.md:12`",
        "tests/test_smoke.py::test_import",
    ):
        assert fact in text, fact


def test_equal_deliveries_give_equal_text_whatever_the_order_of_roles(delivery: Delivery) -> None:
    turned = delivery.model_copy(update={"usage": dict(reversed(list(delivery.usage.items())))})
    assert render_markdown(delivery) == render_markdown(turned)


def test_the_command_that_reproduces_it_is_one_a_shell_reads(delivery: Delivery) -> None:
    one_line = delivery.model_copy(update={"requirement": "say `hi` to $USER's cat"})
    line = next(line for line in render_markdown(one_line).splitlines() if line.startswith("swf run"))
    assert shlex.split(line) == [
        *("swf", "run", "say `hi` to $USER's cat", "--model", "llama:qwen2.5-coder-1.5b", "--seed", "7"),
        *("--max-tokens", "12000", "--max-time", "none", "--max-rounds", "6"),
    ]
    assert "<<'REQUIREMENT'\n`python main.py 1994`" in render_markdown(delivery)


def test_the_command_that_reproduces_it_says_all_that_was_asked(delivery: Delivery) -> None:
    options = ("--role-model", "reviewer=openai:http://h/v1#a b", "--no-context")
    told = delivery.model_copy(update={"requirement": "It prints 1.", "options": options})
    line = next(line for line in render_markdown(told).splitlines() if line.startswith("swf run"))
    assert shlex.split(line)[-3:] == [*options]


def test_time_in_the_model_is_told_from_the_bound_on_work(delivery: Delivery) -> None:
    bounded = delivery.model_copy(update={"budget": Budget(max_seconds=600)})
    assert "| Time | 25.0 s in the model | 600 s of work |" in render_markdown(bounded)
    assert "| 时间 | 模型用时 25.0 秒 | 工作用时 600 秒 |" in render_markdown(
        bounded.model_copy(update={"language": "zh"})
    )


def test_chinese_deliveries_get_a_chinese_report(delivery: Delivery) -> None:
    text = render_markdown(delivery.model_copy(update={"language": "zh"}))
    assert "部分交付：满足 1/3 条验收条件" in text
    assert "## 可追溯矩阵" in text
    assert "not met" not in text


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_adds_no_markup(text: str) -> None:
    harmless = render_markdown(hostile_delivery("words"))
    report = render_markdown(hostile_delivery(text))
    kinds = {token.type for token in tokens(report)}
    assert not kinds & {"link_open", "image", "html_block", "em_open", "s_open", "heading_hr", "ordered_list_open"}
    raw = {token.content for token in tokens(report) if token.type == "html_inline"}
    assert raw <= {"<br>", "<code>", "</code>"}
    assert len(headings(report)) == len(headings(harmless))
    assert headings(report)[1:] == headings(harmless)[1:]
    harmless_cells = last_cells(harmless)
    assert "**not met**" in harmless_cells
    model_row = harmless_cells.index("`words`")
    cells = last_cells(report)
    assert cells[:model_row] == harmless_cells[:model_row]
    assert cells[model_row + 1 :] == harmless_cells[model_row + 1 :]
    assert not any(char in report for char in "\x1b\x00\x07\u202e")


def test_template_syntax_in_a_requirement_is_not_evaluated() -> None:
    assert "49" not in render_markdown(hostile_delivery("{{ 7 * 7 }}"))
