"""Every string of the page is there in both languages, and none is there for nothing."""

import re
from pathlib import Path
from string import Formatter

import pytest

import swfactory.ui
from swfactory.domain.role import MENDER, ROLES
from swfactory.report.progress import MACHINE
from swfactory.ui.wording import LANGUAGES, language_of, say, table

SOURCES = "\n".join(path.read_text("utf-8") for path in Path(swfactory.ui.__path__[0]).glob("*.py"))


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def test_both_languages_say_the_same_with_the_same_placeholders():
    english, chinese = table("en"), table("zh")
    assert list(english) == list(chinese)
    for key, text in english.items():
        assert text.strip()
        assert fields(text) == fields(chinese[key]), key
        words = re.sub(r"\{\w+\}", "", chinese[key])
        assert re.search(r"[\u3400-\u9fff]", words) or not re.search("[A-Za-z]", words), key


def test_no_string_is_there_for_nothing():
    families = ("role_", "status_", "verdict_", "matrix_", "runs_", "stored_", "models_", "adapters_", "chat_", "gate_")
    unused = [
        key for key in table("en") if not re.search(rf"[\"']{key}[\"']", SOURCES) and not key.startswith(families)
    ]
    assert unused == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_said_by_name_is_there(language):
    called = set(re.findall(r'(?:say\((?:language|speaks|self\._language|"en"), |_say\()"(\w+)"', SOURCES))
    called |= set(re.findall(r'\{"(?:label|value|placeholder|info)": "(\w+)"', SOURCES))
    assert len(called) > 60
    assert called <= set(table(language))
    assert {f"role_{role}" for role in (*ROLES, MACHINE, MENDER, "librarian")} <= set(table(language))


def test_a_browser_is_spoken_to_in_its_language():
    assert [language_of(tag) for tag in ("zh", "zh-CN", "ZH-tw", "en-GB", "de", "")] == [
        "zh", "zh", "zh", "en", "en", "en",
    ]  # fmt: skip
    assert say("zh", "used_of", used=1, limit=2) == "1 / 2"
