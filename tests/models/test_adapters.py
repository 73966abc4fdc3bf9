import json
import multiprocessing
import os

import pytest

from swfactory.errors import InputError, NotFoundError, StoreError
from swfactory.models.adapters import AdapterCard, AdapterStore, Score

CARD = AdapterCard(name="repair", base="qwen2.5-coder-0.5b", method="qlora", exports={"peft": "peft"})


@pytest.fixture
def store(tmp_path):
    return AdapterStore(tmp_path / "adapters")


def add(store, name="repair", **facts):
    with store.adding(name) as folder:
        (folder / "peft").mkdir()
        (folder / "peft" / "weights").write_text("old")
        store.write_card(CARD.model_copy(update={"name": name, **facts}), folder)
    return store


def left(store):
    return sorted(path.name for path in store.root.rglob(".adding*"))


def test_an_adapter_appears_when_its_block_ends(store):
    with store.adding("repair") as folder:
        store.write_card(CARD, folder)
        assert store.names() == ()
        assert not store.folder("repair").exists()
    assert store.card("repair") == CARD
    assert left(store) == []


def test_a_block_that_fails_leaves_nothing(store):
    def fail():
        with store.adding("repair") as folder:
            store.write_card(CARD, folder)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list(store.root.iterdir()) == []


def test_a_full_disk_is_told_and_leaves_nothing(store):
    with pytest.raises(StoreError, match="No space left"), store.adding("repair"):
        raise OSError(28, "No space left on device")
    assert list(store.root.iterdir()) == []


def test_a_block_must_leave_a_card(store):
    with pytest.raises(StoreError, match="without a card"), store.adding("repair"):
        pass
    assert store.names() == ()


def test_a_name_is_given_once(store):
    add(store)
    with pytest.raises(InputError, match="already") as error, store.adding("repair"):
        pytest.fail("the block must not run")
    assert error.value.hint == "swf adapters remove repair"


@pytest.mark.parametrize(
    "name", ["", ".", "..", "../evil", "a/b", "/etc/passwd", ".hidden", "-rf", "a\n", "a b", "x" * 65, "a\0b", "~root"]
)
def test_hostile_names_are_refused(store, name):
    for use in (store.folder, store.card, store.remove, lambda name: store.export(name, "peft")):
        with pytest.raises(InputError, match="cannot be called"):
            use(name)
    with pytest.raises(InputError), store.adding(name):
        pytest.fail("the block must not run")


@pytest.mark.parametrize("place", ["../other/peft", "/etc/passwd", "", "a/../../b", "."])
def test_a_form_lies_inside_the_folder(store, place):
    add(store)
    path = store.folder("repair") / "card.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"exports": {"gguf": place}}))
    with pytest.raises(StoreError, match="damaged"):
        store.export("repair", "gguf")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"name": "repair"}', '{"unknown": 1}'])
def test_a_damaged_card_is_told_and_hides_no_other(store, text):
    add(add(store), "other")
    (store.folder("repair") / "card.json").write_text(text)
    with pytest.raises(StoreError, match="'repair' is damaged") as error:
        store.card("repair")
    assert error.value.hint == "swf adapters remove repair"
    assert [card.name for card in store.cards()] == ["other"]
    assert store.names() == ("other", "repair")
    store.remove("repair")
    assert store.names() == ("other",)


def test_a_folder_that_was_renamed_by_hand_is_told(store):
    add(store).folder("repair").rename(store.root / "mend")
    with pytest.raises(StoreError, match="'mend' is that of 'repair'"):
        store.card("mend")


def test_what_is_missing_is_named(store):
    for use in (store.card, store.remove, lambda name: store.export(name, "peft")):
        with pytest.raises(NotFoundError, match="'none'"):
            use("none")
    add(store)
    with pytest.raises(NotFoundError, match="no form 'gguf'") as error:
        store.export("repair", "gguf")
    assert error.value.hint == "swf adapters export repair --to gguf"


def test_removing_deletes_every_file(store):
    add(store).remove("repair")
    assert list(store.root.iterdir()) == []


def test_a_form_is_in_the_card_when_its_block_ends(store):
    add(store)
    with store.exporting("repair", "gguf", "adapter.gguf") as path:
        path.write_text("new")
        assert "gguf" not in store.card("repair").exports
    assert store.export("repair", "gguf").read_text() == "new"
    assert left(store) == []


def test_a_form_that_fails_leaves_the_one_that_was(store):
    add(store)
    for text, fails in (("first", False), ("second", True), ("third", False)):
        try:
            with store.exporting("repair", "gguf", "adapter.gguf") as path:
                path.write_text(text)
                if fails:
                    raise InputError("no parity")
        except InputError:
            assert store.export("repair", "gguf").read_text() == "first"
    assert store.export("repair", "gguf").read_text() == "third"
    assert sorted(path.name for path in store.folder("repair").glob("adapter*")) == ["adapter-2.gguf"]
    assert left(store) == []


def test_a_form_that_its_block_does_not_make_is_not_in_the_card(store):
    add(store)
    with pytest.raises(StoreError, match="cannot be kept"), store.exporting("repair", "merged", "merged"):
        pass
    assert set(store.card("repair").exports) == {"peft"}


def test_a_form_whose_card_cannot_be_written_goes(store, monkeypatch):
    add(store)

    def full(card, folder=None):
        raise StoreError("no space left")

    monkeypatch.setattr(store, "write_card", full)
    with pytest.raises(StoreError, match="no space"), store.exporting("repair", "merged", "merged") as path:
        path.mkdir()
    assert not (store.folder("repair") / "merged").exists()
    assert set(store.card("repair").exports) == {"peft"}


def test_what_a_killed_process_left_is_swept(store):
    add(store)
    dead = multiprocessing.get_context("fork").Process(target=os._exit, args=(0,))
    dead.start()
    dead.join()
    (store.root / f".adding-other-{dead.pid}-1").mkdir()
    (store.folder("repair") / f".adding-gguf-{dead.pid}-1").write_text("half")
    (store.root / f".removed-old-{dead.pid}-1").mkdir()
    mine = store.root / f".adding-mine-{os.getpid()}-1"
    mine.mkdir()
    add(store, "new")
    with store.exporting("repair", "gguf", "adapter.gguf") as path:
        path.write_text("new")
    assert left(store) == [mine.name]
    (store.root / f".removed-old-{dead.pid}-1").mkdir()
    with pytest.raises(NotFoundError):
        store.remove("old")
    assert left(store) == [mine.name]


def _score(root, number):
    store = AdapterStore(root)
    for suite in range(10):
        score = Score(suite=f"{number}-{suite}", value=1.0)
        store.update("repair", lambda card, score=score: card.model_copy(update={"scores": (*card.scores, score)}))


def test_two_processes_change_a_card_one_after_the_other(store):
    add(store)
    fork = multiprocessing.get_context("fork")
    workers = [fork.Process(target=_score, args=(store.root, number)) for number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert len({score.suite for score in store.card("repair").scores}) == 20
