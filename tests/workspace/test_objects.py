import errno
import os
from pathlib import Path

import pytest

from swfactory.errors import StoreError
from swfactory.testing.contracts_workspace import ObjectStoreContract
from swfactory.workspace import FileObjectStore


class TestFileObjectStore(ObjectStoreContract):
    @pytest.fixture
    def objects(self, tmp_path: Path) -> FileObjectStore:
        return FileObjectStore(tmp_path / "objects")


def test_another_store_on_the_folder_sees_the_documents(tmp_path):
    digest = FileObjectStore(tmp_path).put("text")
    assert FileObjectStore(tmp_path).get(digest) == "text"
    assert list(FileObjectStore(tmp_path).digests()) == [digest]


def test_nothing_half_written_is_left_when_the_disk_is_full(tmp_path, monkeypatch):
    def full(descriptor):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    store = FileObjectStore(tmp_path)
    with pytest.raises(StoreError, match="No space left") as caught:
        store.put("text")
    assert "swf resume" in caught.value.hint
    monkeypatch.undo()
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert store.get(store.put("text")) == "text"


def test_a_damaged_document_is_not_handed_out(tmp_path):
    store = FileObjectStore(tmp_path)
    digest = store.put("text")
    (tmp_path / digest[:2] / digest[2:]).write_text("tex7")
    with pytest.raises(StoreError, match="damaged"):
        store.get(digest)


def test_adopt_takes_every_document_and_leaves_the_other_store_alone(tmp_path):
    old, new = FileObjectStore(tmp_path / "old"), FileObjectStore(tmp_path / "new")
    digests = [old.put(text) for text in ("one", "two")]
    new.put("three")
    new.adopt(old)
    assert [new.get(digest) for digest in digests] == ["one", "two"]
    assert len(list(old.digests())) == 2
    assert len(list(new.digests())) == 3


def test_adopt_copies_where_links_are_not_possible(tmp_path, monkeypatch):
    def no_links(source, target):
        raise OSError(errno.EXDEV, "Invalid cross-device link")

    monkeypatch.setattr(os, "link", no_links)
    old, new = FileObjectStore(tmp_path / "old"), FileObjectStore(tmp_path / "new")
    digest = old.put("one")
    new.adopt(old)
    assert new.get(digest) == "one"
