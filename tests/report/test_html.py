from __future__ import annotations

from html.parser import HTMLParser

import pytest

from swfactory.domain.delivery import Delivery
from swfactory.report import render_html
from tests.report.hostile import HOSTILE, hostile_delivery

VOID = {"meta", "br"}


class Page(HTMLParser):
    """Keeps tags in order, attributes and text, and checks that tags close in order."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def test_every_fact_of_the_delivery_is_on_the_page(delivery: Delivery) -> None:
    page = Page(render_html(delivery))
    assert page.open == []
    text = " ".join("".join(page.text).split())
    for fact in (
        "Partial: 1 of 3 criteria met",
        "tests/test_c2.py::test_zero",
        "assert 0 == 2",
        "docs/guide.md:12",
        "swf run - --model llama:qwen2.5-coder-1.5b --seed 7",
        "python main.py 'a b'",
        "1,500",
        "flask was replaced by http.server",
    ):
        assert fact in text, fact


def test_the_page_loads_nothing_and_runs_nothing(delivery: Delivery) -> None:
    source = render_html(delivery)
    page = Page(source)
    assert not {"script", "link", "img", "iframe", "object"} & set(page.tags)
    assert not {"src", "href"} & {name for name, _ in page.attributes}
    assert "url(" not in source
    assert "@import" not in source
    assert "default-src 'none'" in source


def test_the_page_suits_phones_dark_rooms_and_paper(delivery: Delivery) -> None:
    source = render_html(delivery)
    assert 'name="viewport"' in source
    assert "prefers-color-scheme: dark" in source
    assert "@media print" in source


def test_the_language_is_declared(delivery: Delivery) -> None:
    assert '<html lang="en">' in render_html(delivery)
    chinese = render_html(delivery.model_copy(update={"language": "zh"}))
    assert '<html lang="zh-CN">' in chinese
    assert "可追溯矩阵" in chinese


def test_equal_deliveries_give_equal_pages(delivery: Delivery) -> None:
    turned = delivery.model_copy(update={"usage": dict(reversed(list(delivery.usage.items())))})
    assert render_html(delivery) == render_html(turned)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    harmless, page = Page(render_html(hostile_delivery("words"))), Page(render_html(hostile_delivery(text)))
    assert page.tags == harmless.tags
    assert page.attributes == harmless.attributes
    assert not any(char in "".join(page.text) for char in "\x1b\x00\x07\u202e")


def test_template_syntax_in_a_requirement_is_not_evaluated() -> None:
    assert "49" not in "".join(Page(render_html(hostile_delivery("{{ 7 * 7 }}"))).text)
