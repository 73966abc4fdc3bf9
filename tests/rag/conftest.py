"""A collection with a fake embedder, and a library to put into it."""

from pathlib import Path

import pytest

from swfactory.rag.store import Collection
from swfactory.testing.embedding import WordEmbedder

STORE = '''\
"""Keeps customers."""


class Store:
    """Holds customers."""

    def add(self, customer):
        """Put a customer in."""
        return customer

    def drop(self, customer):
        """Throw a customer out."""
        return None


def load(path):
    """Read the store from a file."""
    return Store()
'''
GUIDE = "# Guide\n\n## Rolling back\n\nRun the fallback script when a release fails.\n\n## 监控\n\n日志保留九十天。\n"


@pytest.fixture
def library(tmp_path: Path) -> Path:
    folder = tmp_path / "our-lib"
    (folder / "docs").mkdir(parents=True)
    (folder / "store.py").write_text(STORE, "utf-8")
    (folder / "docs" / "guide.md").write_text(GUIDE, "utf-8")
    return folder


@pytest.fixture
def embedder() -> WordEmbedder:
    return WordEmbedder()


@pytest.fixture
def collection(tmp_path: Path, embedder: WordEmbedder):
    opened = Collection(tmp_path / "rag", "default", embedder, create=True)
    yield opened
    opened.close()
