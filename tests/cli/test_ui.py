"""``swf ui``: where it listens, and whether it opens a browser."""

import os
import socket
import sys
from types import ModuleType

import pytest
from click.testing import CliRunner

from swfactory.cli import swf
from swfactory.cli import ui as command
from swfactory.errors import MissingExtraError

ADDRESS = "http://127.0.0.1:1"


@pytest.fixture
def served(monkeypatch, tmp_path):
    """The settings that the server is started with, and the addresses that are opened."""
    monkeypatch.setenv("SWF_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SWF_CONFIG", os.devnull)
    found: dict[str, list] = {"settings": [], "opened": []}

    def run_server(factory, announce):
        found["settings"].append(factory.settings)
        announce(ADDRESS)

    server = ModuleType("swfactory.api.server")
    server.run_server = run_server
    monkeypatch.setitem(sys.modules, "swfactory.api.server", server)
    monkeypatch.setattr("webbrowser.open", found["opened"].append)
    return found


def run(*args: str):
    return CliRunner().invoke(swf, ["ui", *args], catch_exceptions=False)


def test_it_listens_on_this_machine_only_and_opens_the_page(served, monkeypatch):
    monkeypatch.setenv("SWF_SERVE_HOST", "0.0.0.0")
    monkeypatch.setenv("SWF_SERVE_PORT", "0")
    out = run()
    assert out.exit_code == 0
    assert ADDRESS in out.output
    assert served["settings"][0].serve_host == "127.0.0.1"
    assert served["opened"] == [ADDRESS]


def test_it_takes_a_free_port_where_the_usual_one_is_taken(served, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        monkeypatch.setenv("SWF_SERVE_PORT", str(port))
        run("--no-browser")
        run("--no-browser", "--port", str(port))
    assert [settings.serve_port for settings in served["settings"]] == [0, port]
    assert served["opened"] == []


def test_it_says_which_extra_is_missing(served, monkeypatch):
    monkeypatch.setattr(command, "find_spec", lambda name: None)
    with pytest.raises(MissingExtraError, match="'ui'"):
        run()
