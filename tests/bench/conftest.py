from __future__ import annotations

from pathlib import Path

import pytest

from swfactory.config import load_settings
from swfactory.ports import Sandbox
from swfactory.sandbox import create_sandbox


@pytest.fixture(scope="session")
def real_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    return create_sandbox(load_settings(data_dir=tmp_path_factory.mktemp("data")))


@pytest.fixture
def benchmarks() -> Path:
    return Path(__file__).resolve().parents[2] / "benchmarks"
