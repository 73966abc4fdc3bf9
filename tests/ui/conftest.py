from pathlib import Path

import pytest

from swfactory.config import Settings
from swfactory.runtime import AsyncFactory, Worker
from swfactory.testing.chat import ScriptedChatModel
from tests.runtime.conftest import NoSandbox
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
