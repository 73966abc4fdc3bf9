from html.parser import HTMLParser

import pytest

from swfactory.config import Settings
from swfactory.runtime import Factory
from swfactory.testing.chat import ScriptedChatModel
from tests.runtime.conftest import NoSandbox, answer

VOID = {"br", "img", "input", "link", "meta"}


class Page(HTMLParser):
    """The elements and attributes of a piece of HTML; every element must be closed in its place."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag):
        assert self._open.pop() == tag

    def handle_startendtag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data):
        self.text += data


def harmless(html: str) -> Page:
    """Check that a piece of HTML runs nothing and loads nothing, and return it as a page."""
    page = Page(html)
    assert not page.tags & {"script", "img", "iframe", "a", "object", "embed", "link", "meta", "form", "input"}
    assert not {name for name in page.attributes if name.startswith("on") or name in {"href", "src", "xlink:href"}}
    return page


@pytest.fixture
def model():
    return ScriptedChatModel(answer)


@pytest.fixture
def factory(tmp_path, model):
    with Factory(
        Settings(data_dir=tmp_path / "data", model="scripted:toy"),
        build_model=lambda url, settings: model,
        sandbox=NoSandbox(),
    ) as factory:
        yield factory
