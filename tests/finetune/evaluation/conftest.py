from __future__ import annotations

import pytest

from swfactory.config import load_settings
from swfactory.ports import Sandbox
from swfactory.sandbox import create_sandbox


@pytest.fixture(scope="session")
def real_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    return create_sandbox(load_settings(data_dir=tmp_path_factory.mktemp("data")))


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWF_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SWF_CONFIG", str(tmp_path / "none.toml"))
