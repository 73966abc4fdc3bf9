import re
import sys
from types import SimpleNamespace

import pytest

from swfactory.errors import ConfigError
from swfactory.models.index import find_wheel, index_url
from swfactory.models.transfer import SourceError, http_client
from tests.models.servers import Handler, serve


def test_pip_variable_before_uv_before_files(monkeypatch, tmp_path):
    config = tmp_path / "pip.conf"
    config.write_text("[global]\nindex-url = https://file.example/simple/\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(config))
    monkeypatch.setenv("UV_INDEX_URL", "https://uv.example/simple")
    monkeypatch.setenv("PIP_INDEX_URL", "https://pip.example/simple/")
    assert index_url() == "https://pip.example/simple"
    monkeypatch.delenv("PIP_INDEX_URL")
    assert index_url() == "https://uv.example/simple"
    monkeypatch.delenv("UV_INDEX_URL")
    assert index_url() == "https://file.example/simple"


def test_without_any_setting_the_index_that_pip_knows(monkeypatch):
    monkeypatch.delenv("PIP_INDEX_URL")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    known = SimpleNamespace(PyPI=SimpleNamespace(simple_url="https://known.example/simple/"))
    monkeypatch.setitem(sys.modules, "pip._internal.models.index", known)
    assert index_url() == "https://known.example/simple"


def test_pip_itself_knows_an_index(monkeypatch):
    monkeypatch.delenv("PIP_INDEX_URL")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    assert re.fullmatch(r"https://[\w.]+/simple", index_url())


def test_without_pip_or_a_setting_the_error_says_what_to_set(monkeypatch):
    monkeypatch.delenv("PIP_INDEX_URL")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setitem(sys.modules, "pip._internal.models.index", None)
    with pytest.raises(ConfigError) as caught:
        index_url()
    assert "PIP_INDEX_URL" in caught.value.hint


PAGES = {
    "/simple/a-b/": ("text/html", '<a href="/f/A_B-1.0-py3-none-any.whl#sha256=ab12"> A_B-1.0-py3-none-any.whl</a>'),
    "/simple/source-only/": ("text/html", '<a href="/f/source_only-1.0.tar.gz">source_only-1.0.tar.gz</a>'),
    "/simple/broken/": ("application/vnd.pypi.simple.v1+json", '{"files": [{"url": 1}]}'),
}


class Pages(Handler):
    def do_GET(self):  # noqa: N802
        kind, text = PAGES.get(self.path, ("text/plain", ""))
        self.reply(200 if text else 404, text.encode(), kind)


def test_names_are_compared_as_installers_do():
    with serve(Pages) as url, http_client() as client:
        wheel = find_wheel(client, f"{url}/simple", "A.b", "1.0")
    assert wheel.url == f"{url}/f/A_B-1.0-py3-none-any.whl"
    assert wheel.sha256 == "ab12"


@pytest.mark.parametrize(
    ("project", "version", "word"),
    [
        ("a-b", "2.0", "no wheel of a-b==2.0"),
        ("source-only", "1.0", "no wheel"),
        ("broken", "1.0", "read"),
        ("c", "1", "404"),
    ],
)
def test_what_is_not_there_is_said(project, version, word):
    with serve(Pages) as url, http_client() as client, pytest.raises(SourceError, match=word):
        find_wheel(client, f"{url}/simple", project, version)
