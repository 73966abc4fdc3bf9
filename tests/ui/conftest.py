import os
from pathlib import Path

import pytest

from swfactory.config import Settings
from swfactory.runtime import AsyncFactory, Worker
from swfactory.testing.chat import ScriptedChatModel
from tests.runtime.conftest import NoSandbox
from tests.ui.reader import ARGUMENTS, CHROMIUM
from tests.ui.serve import TOY, ToyFactory, reply

__all__ = ["TOY"]


@pytest.fixture
def factory(tmp_path: Path):
    made: AsyncFactory = ToyFactory(
        Settings(data_dir=tmp_path / "data", model="scripted:toy"),
        build_model=lambda url, settings: ScriptedChatModel(reply),
        sandbox=NoSandbox(),
    )
    yield made
    made.close()


@pytest.fixture
def worker(factory):
    worker = Worker(factory)
    worker.start()
    yield worker
    worker.close()


def _missing() -> str:
    try:
        import playwright.sync_api  # noqa: F401
    except ImportError:
        return "playwright is not installed"
    return "" if CHROMIUM.is_file() else f"there is no browser at {CHROMIUM}"


@pytest.fixture(scope="module")
def browser():
    """A browser for the tests of a module; no longer, since its library keeps an event loop running meanwhile."""
    if why := _missing():
        (pytest.fail if os.environ.get("SWF_REQUIRE_BROWSER") else pytest.skip)(why)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield started
        started.close()
