import subprocess
import sys

import pytest

from swfactory.config import Settings
from swfactory.errors import SandboxError
from swfactory.ports import Sandbox
from swfactory.sandbox import bubblewrap, create_sandbox


@pytest.fixture
def settings(cache):
    def build(name="auto"):
        return Settings(sandbox=name, data_dir=cache.parent / "data")

    return build


@pytest.mark.parametrize(
    ("setting", "name"), [("auto", "bubblewrap"), ("bubblewrap", "bubblewrap"), ("local", "local")]
)
def test_settings_name_the_backend(settings, setting, name):
    sandbox = create_sandbox(settings(setting))
    assert isinstance(sandbox, Sandbox)
    assert sandbox.name == name


@pytest.fixture
def nothing(monkeypatch):
    monkeypatch.setattr(bubblewrap, "find_bubblewrap", tuple)
    monkeypatch.setenv("PATH", "/nowhere")


def test_auto_never_falls_back_to_no_sandbox(settings, nothing):
    with pytest.raises(SandboxError) as caught:
        create_sandbox(settings())
    for name in ("bubblewrap", "podman", "docker"):
        assert name in caught.value.message
    assert "swf doctor" in caught.value.hint


@pytest.mark.parametrize("name", ["bubblewrap", "docker", "podman"])
def test_a_named_backend_that_does_not_work_is_refused(settings, nothing, name):
    with pytest.raises(SandboxError, match=name):
        create_sandbox(settings(name))


def test_importing_the_room_loads_no_backend():
    source = "import sys, swfactory.sandbox; print([m for m in sys.modules if m.startswith('swfactory.sandbox.')])"
    told = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert told.stdout == "[]\n"
