"""Sources into a collection, and kept in step with it."""

import multiprocessing
import os
import signal
import time

import pytest

from swfactory.errors import BusyError, ConfigError, NotFoundError
from swfactory.rag.ingestion import add, remove, sync
from swfactory.rag.retrieval import search
from swfactory.rag.store import Collection
from swfactory.testing.embedding import WordEmbedder


def consistent(collection) -> bool:
    return collection.catalog.ids() == collection.vectors.ids()


def test_an_unchanged_tree_embeds_nothing(collection, library, embedder) -> None:
    first = add(collection, library)
    assert (first.source, first.added, first.embedded) == ("our-lib", 2, collection.catalog.count())
    embedder.embedded.clear()
    again = add(collection, library)
    assert (again.added, again.unchanged, again.embedded) == (0, 2, 0)
    os.utime(library / "store.py")
    assert sync(collection)[0].unchanged == 2
    assert embedder.embedded == []


def test_a_changed_file_replaces_its_chunks_and_embeds_only_what_is_new(collection, library, embedder) -> None:
    add(collection, library)
    embedder.embedded.clear()
    text = (library / "store.py").read_text().replace("Read the store from a file.", "Fetch the store.")
    (library / "store.py").write_text("\n\n" + text)
    (result,) = sync(collection)
    assert (result.changed, result.unchanged) == (1, 1)
    assert [card.splitlines()[0] for card in embedder.embedded] == ["our-lib/store.py load"]
    (chunk,) = [c for _, c in collection.catalog.every_chunk() if c.symbol == "load"]
    assert (chunk.doc, chunk.line) == ("Fetch the store.", 18)
    assert consistent(collection)


def test_a_deleted_file_takes_its_chunks_along(collection, library) -> None:
    add(collection, library)
    (library / "store.py").unlink()
    assert sync(collection)[0].removed == 1
    assert {c.path for _, c in collection.catalog.every_chunk()} == {"our-lib/docs/guide.md"}
    assert consistent(collection)


def test_a_source_can_be_removed_and_its_folder_may_be_gone(collection, library, tmp_path) -> None:
    add(collection, library)
    library.rename(tmp_path / "moved")
    (result,) = sync(collection)
    assert "swf rag remove our-lib" in result.failed[str(library)]
    assert collection.catalog.count() > 0
    remove(collection, "our-lib")
    assert collection.catalog.count() == 0
    assert consistent(collection)
    with pytest.raises(NotFoundError, match="our-lib"):
        remove(collection, "our-lib")


def test_sources_of_the_same_name_are_told_apart(collection, library, tmp_path) -> None:
    add(collection, library)
    other = tmp_path / "else" / "our-lib"
    other.mkdir(parents=True)
    (other / "a.md").write_text("# A\n\nb\n")
    assert add(collection, other).source == "our-lib-2"
    assert add(collection, other).source == "our-lib-2"


def test_files_that_cannot_be_read_are_reported_and_the_rest_goes_on(collection, library) -> None:
    (library / "broken.pdf").write_bytes(b"%PDF-1.4 nothing")
    (library / "broken.ipynb").write_text("{")
    (library / "broken.docx").write_bytes(b"PK\x03\x04 nothing")
    (library / "binary.txt").write_bytes(b"\x00\x01\x02")
    result = add(collection, library)
    assert set(result.failed) == {
        f"our-lib/{name}" for name in ("broken.pdf", "broken.ipynb", "broken.docx", "binary.txt")
    }
    assert result.added == 2
    (record,) = [file for file in collection.catalog.files(str(library)).values() if file.path.endswith("broken.pdf")]
    assert record.notes[0].startswith("not read: ")


def test_secrets_reach_neither_catalogue_nor_embedder(collection, library, embedder) -> None:
    (library / "settings.py").write_text("API_KEY = '8f3aD91kLm20ZxQp77'\n")
    assert add(collection, library).notes == {"our-lib/settings.py": ("masked 1 secret",)}
    assert not any("8f3aD91kLm20ZxQp77" in text for text in embedder.embedded)
    assert not any("8f3aD91kLm20ZxQp77" in chunk.text for _, chunk in collection.catalog.every_chunk())


def test_another_embedding_model_is_refused_until_all_is_made_anew(collection, library, tmp_path) -> None:
    add(collection, library)
    folder, other = tmp_path / "rag", WordEmbedder("other", 32)
    with pytest.raises(ConfigError, match="'words', not by 'other'") as caught:
        Collection(folder, "default", other)
    assert "swf rag sync --reindex" in caught.value.hint
    opened = Collection(folder, "default", other, reindex=True)
    assert opened.reindex() == opened.catalog.count() == len(other.embedded)
    assert consistent(opened)
    assert search(opened, "throw out", limit=1)[0].chunk.symbol == "Store.drop"
    opened.close()
    with pytest.raises(ConfigError, match="'other', not by 'words'"):
        Collection(folder, "default", WordEmbedder())


class Slow(WordEmbedder):
    """Takes its time, so that there is a moment to kill it in."""

    def passages(self, texts):
        time.sleep(0.05)
        return super().passages(texts)


def _ingest(folder, source) -> None:
    add(Collection(folder, "default", Slow(), create=True), source)


def test_two_writers_are_kept_apart(library, tmp_path) -> None:
    first = Collection(tmp_path / "rag", "default", WordEmbedder(), create=True)
    second = Collection(tmp_path / "rag", "default", WordEmbedder())
    with first.writing(), pytest.raises(BusyError, match=str(os.getpid())):
        add(second, library)
    assert add(second, library).added == 2


@pytest.mark.slow
def test_killed_in_the_middle_nothing_is_missing_and_nothing_twice(tmp_path, embedder) -> None:
    source = tmp_path / "many"
    source.mkdir()
    for number in range(120):
        text = f"def one_{number}():\n    return {number}\n\n\ndef two_{number}():\n    return {number}\n"
        (source / f"m{number}.py").write_text(text)
    spawn = multiprocessing.get_context("spawn")
    for wait in (1.5, 2.0, 2.5):
        process = spawn.Process(target=_ingest, args=(tmp_path / "rag", source))
        process.start()
        time.sleep(wait)
        os.kill(process.pid, signal.SIGKILL)
        process.join()
    collection = Collection(tmp_path / "rag", "default", embedder, create=True)
    if not collection.catalog.sources():
        add(collection, source)
    sync(collection)
    assert collection.catalog.count() == 240
    assert consistent(collection)
    assert len({chunk.symbol for _, chunk in collection.catalog.every_chunk()}) == 240
    collection.close()
