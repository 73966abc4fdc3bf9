import sys

import pytest

from swfactory.notebook.source import highlighted
from tests.notebook.conftest import harmless
from tests.report.hostile import HOSTILE

CODE = "def f(x):\n    return x < 1  # <b>small</b>\n"


def test_source_is_highlighted_by_the_name_of_its_file():
    pytest.importorskip("pygments")
    html = highlighted("main.py", CODE)
    assert "<span" in html
    assert harmless(html).text == CODE


def test_without_pygments_source_is_as_it_is(monkeypatch):
    monkeypatch.setitem(sys.modules, "pygments", None)
    html = highlighted("main.py", CODE)
    assert "<span" not in html
    assert harmless(html).text == CODE


def test_a_file_of_no_known_language():
    assert harmless(highlighted("noext", CODE)).text == CODE


def test_a_long_file_is_cut():
    page = harmless(highlighted("a.py", "x = 1\n" * 20_000))
    assert len(page.text) < 51_000
    assert "70,000 more characters" in page.text


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", ["a.py", "a.html", "a.md", "a.json", "a"])
def test_hostile_source(name, text):
    harmless(highlighted(name, text))
