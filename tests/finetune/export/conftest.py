"""Tiny models of two families, each as folder and GGUF file with a random adapter, made once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from swfactory.config import Settings
from swfactory.models.adapters import AdapterCard, AdapterStore
from swfactory.models.stamp import folder_digest
from tests.finetune.export import tiny


@dataclass
class Base:
    kind: str
    folder: Path
    file: Path
    adapter: Path


def _base(root: Path, kind: str) -> Base:
    folder = tiny.save_model(root / kind, kind)
    return Base(
        kind, folder, tiny.save_gguf(folder, root / f"{kind}.gguf"), tiny.save_adapter(folder, root / f"{kind}-lora")
    )


@pytest.fixture(scope="session")
def bases(tmp_path_factory):
    """Models by family, made when they are asked for."""
    root = tmp_path_factory.mktemp("bases")
    made: dict[str, Base] = {}

    def get(kind: str) -> Base:
        if kind not in made:
            made[kind] = _base(root, kind)
        return made[kind]

    return get


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setenv("SWF_CONFIG", str(tmp_path / "config.toml"))
    return Settings(data_dir=tmp_path / "data", threads=1)


@pytest.fixture
def keep(settings):
    """Put an adapter into the store."""

    def put(on: Base, adapter: Path | None = None, name: str = "mine", **facts) -> AdapterStore:
        store = AdapterStore(settings.data_dir / "adapters")
        with store.adding(name) as folder:
            peft = folder / "peft"
            peft.mkdir()
            for path in (adapter or on.adapter).iterdir():
                (peft / path.name).write_bytes(path.read_bytes())
            card = {
                "name": name,
                "base": str(on.folder),
                "base_digest": folder_digest(on.folder),
                "architecture": on.kind,
                "method": "lora",
                "exports": {"peft": "peft"},
            }
            store.write_card(AdapterCard(**card | facts), folder)
        return store

    return put
