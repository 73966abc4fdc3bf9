from __future__ import annotations

import os

import pytest

from swfactory.ports import Sandbox
from swfactory.sandbox.bubblewrap import BubblewrapSandbox


@pytest.fixture(scope="session")
def real_sandbox(bubblewrap: BubblewrapSandbox) -> Sandbox:
    return bubblewrap


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SWF_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SWF_CONFIG", os.devnull)
