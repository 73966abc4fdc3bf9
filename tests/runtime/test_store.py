import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from swfactory.domain.requirement import Requirement
from swfactory.domain.run import Event, Run
from swfactory.errors import InputError, NotFoundError, StoreError
from swfactory.runtime.store import SCHEMA_VERSION, RunStore, new_run_id


class Clock:
    def __init__(self) -> None:
        self.now = 1_700_000_000.0

    def __call__(self) -> float:
        self.now += 0.25
        return self.now


@pytest.fixture
def store(tmp_path: Path):
    store = RunStore(tmp_path / "deep" / "factory.db", clock=Clock())
    yield store
    store.close()


def make(store: RunStore, **values) -> Run:
    return store.create(Run(id="", requirement=Requirement.parse("做一个网站"), model="llama:x", **values))


def test_a_run_comes_back_as_it_was_after_the_process_is_gone(store, tmp_path):
    run = make(store, gates=("spec",), options={"epoch": 5, "sandbox": "auto"}, output="/tmp/x", parent=None)
    assert (run.created, run.updated) == (1_700_000_000.25, 1_700_000_000.25)
    changed = store.update(run.model_copy(update={"status": "running"}))
    assert changed.updated > run.updated
    again = RunStore(tmp_path / "deep" / "factory.db")
    assert again.get(run.id) == changed
    again.close()


def test_ids_are_unique_and_sort_by_creation():
    ids = [new_run_id(1_700_000_000 + step * 0.002) for step in range(2000)]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids)
    assert ids[0].startswith("231114-221320-00")


def test_runs_are_listed_newest_first_with_filters_and_pages(store):
    runs = [make(store, status=status) for status in ("created", "delivered", "created", "failed")]
    fork = make(store, parent=runs[0].id)
    assert [run.id for run in store.runs()] == [run.id for run in [fork, *runs[::-1]]]
    assert store.runs(status="delivered") == [runs[1]]
    assert store.runs(parent=runs[0].id) == [fork]
    page = store.runs(limit=2)
    assert page == [fork, runs[3]]
    assert store.runs(limit=2, before=page[-1].id) == [runs[2], runs[1]]


def test_a_person_may_type_part_of_an_id(store):
    first = store.create(Run(id="231114-221320-00ab", requirement=Requirement.parse("x"), model="m"))
    second = store.create(Run(id="231115-080000-7xyz", requirement=Requirement.parse("x"), model="m"))
    assert store.resolve("231114") == first.id
    assert store.resolve("00a") == first.id
    assert store.resolve("7XYZ") == second.id
    assert store.resolve(first.id) == first.id
    assert store.resolve("last") == second.id
    with pytest.raises(InputError, match=r"2 runs: 231115-080000-7xyz, 231114") as caught:
        store.resolve("2311")
    assert caught.value.hint
    for unknown in ("9", "", "%", "_"):
        with pytest.raises(NotFoundError) as missing:
            store.resolve(unknown)
        assert missing.value.hint == "swf runs"


def test_an_exact_id_is_meant_even_where_it_begins_another(store):
    for identifier in ("a", "ab"):
        store.create(Run(id=identifier, requirement=Requirement.parse("x"), model="m"))
    assert store.resolve("a") == "a"


def test_last_of_nothing_says_how_to_begin(store):
    with pytest.raises(NotFoundError, match="no runs yet") as caught:
        store.resolve("last")
    assert "swf run" in caught.value.hint


def test_events_are_numbered_without_gaps_by_run(store):
    one, two = make(store), make(store)
    for number in range(3):
        for run in (one, two):
            store.append_event(Event(run=run.id, seq=99, kind="note", text=str(number), data={"x": [number, None]}))
    events = store.events(one.id)
    assert [(event.seq, event.text, event.data) for event in events] == [
        (number + 1, str(number), {"x": [number, None]}) for number in range(3)
    ]
    assert store.events(one.id, after=2) == events[2:]
    assert store.events(one.id, after=1, limit=1) == events[1:2]
    assert store.events(two.id)[0].time > 1_700_000_000


def test_what_a_model_says_can_always_be_recorded(store):
    run = make(store)
    kept = store.append_event(
        Event(run=run.id, kind="note", text="a\ud800b\x00", data={"t": "\udfff", "p": Path("/x")})
    )
    assert kept == store.events(run.id)[0]
    assert kept.text == "a?b\x00"
    assert kept.data["p"] == "/x"


def test_deleting_takes_the_events_along(store):
    run, other = make(store), make(store)
    store.append_event(Event(run=run.id, kind="note"))
    store.append_event(Event(run=other.id, kind="note"))
    store.delete(run.id)
    store.delete(run.id)
    assert store.events(run.id) == []
    assert len(store.events(other.id)) == 1
    with pytest.raises(NotFoundError):
        store.get(run.id)
    with pytest.raises(NotFoundError):
        store.update(run)


def test_an_event_needs_its_run(store):
    with pytest.raises(StoreError):
        store.append_event(Event(run="nobody", kind="note"))
    run = make(store)
    assert store.append_event(Event(run=run.id, kind="note")).seq == 1


def test_two_stores_write_one_file(tmp_path):
    stores = [RunStore(tmp_path / "factory.db") for _ in range(2)]
    run = make(stores[0])
    for number in range(10):
        stores[number % 2].append_event(Event(run=run.id, kind="note"))
    assert [event.seq for event in stores[0].events(run.id)] == list(range(1, 11))
    for store in stores:
        store.close()


def test_opening_waits_for_no_writer(store, tmp_path):
    run = make(store)
    with store.transaction():  # on a full disk, to write is not possible either
        other = RunStore(tmp_path / "deep" / "factory.db")
        assert other.get(run.id) == run
        other.close()


def test_those_who_open_a_new_store_at_once_make_it_together(tmp_path):
    def opened(number: int) -> None:
        together.wait()
        RunStore(tmp_path / str(number) / "factory.db").close()

    together = threading.Barrier(4)
    with ThreadPoolExecutor(4) as threads:
        for number in range(20):
            list(threads.map(opened, [number] * 4))


@pytest.mark.parametrize("damage", ["rubbish", "newer", "foreign", "folder"])
def test_a_file_that_is_no_store_of_ours_is_left_alone(tmp_path, damage):
    path = tmp_path / "factory.db"
    if damage == "rubbish":
        path.write_bytes(b"not a database at all" * 100)
    elif damage == "folder":
        path.mkdir()
    else:
        db = sqlite3.connect(path)
        db.execute(f"PRAGMA user_version={SCHEMA_VERSION + 1 if damage == 'newer' else 0}")
        db.execute("CREATE TABLE precious (x)")
        db.commit()
        db.close()
    with pytest.raises(StoreError, match=r"factory\.db") as caught:
        RunStore(path)
    assert caught.value.hint
    if damage == "rubbish":
        assert path.read_bytes().startswith(b"not a database")
    if damage == "newer":
        assert "git pull" in caught.value.hint


def test_a_full_disk_is_reported_and_leaves_the_store_usable(store):
    run = make(store)
    pages = store._db.execute("PRAGMA page_count").fetchone()[0]
    store._db.execute(f"PRAGMA max_page_count={pages}")  # SQLite's own way to be full
    with pytest.raises(StoreError, match="full") as caught:
        store.append_event(Event(run=run.id, kind="note", text="x" * 100_000))
    assert "disk space" in caught.value.hint
    store._db.execute("PRAGMA max_page_count=100000")
    assert store.append_event(Event(run=run.id, kind="note")).seq == 1


def test_a_data_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="data folder") as caught:
        RunStore(tmp_path / "file" / "factory.db")
    assert "SWF_DATA_DIR" in caught.value.hint
