"""The module that keeps data in a JSON file."""

import json

import pytest

from swfactory.programs.json_store import offers, store_interface, store_module, store_path

NUMBERED = "A task list stored in tasks.json; every task has an id."


@pytest.mark.parametrize(
    ("text", "named", "path"),
    [
        ("A ledger stored in bank.json.", ["main.py"], "storage.py"),
        ("Keep the notes in notes.json.", [], "storage.py"),
        ("Everything is saved to `data.json`.", ["main.py"], "storage.py"),
        ("数据保存在 data.json 中。", ["main.py"], "storage.py"),
        ("A list stored in a.json. Keep storage in store.py.", ["main.py", "store.py"], "store.py"),
        ("A list stored in a.json with store.py (class Store).", ["main.py", "store.py"], ""),
        ("A list stored in a.json with engine.py.", ["main.py", "engine.py"], ""),
        ("A list stored in a.json.", ["main.py", "store.py", "engine.py"], ""),
        ("It reads config.json.", ["main.py"], ""),
        ("A list stored in a.csv.", ["main.py"], ""),
    ],
)
def test_where_it_goes(text, named, path):
    assert store_path(text, named) == path


@pytest.fixture
def module(tmp_path, monkeypatch):
    """Run the module of a requirement in a folder of its own."""
    monkeypatch.chdir(tmp_path)

    def run(text):
        names = {}
        exec(store_module(text), names)
        assert all(callable(names[name]) for name in offers(text))
        return names

    return run


def test_ids_count_up_and_none_comes_twice(module):
    store = module(NUMBERED)
    assert store["load"]() == []
    assert [store["insert"]({"text": "a"}), store["insert"]({"text": "猫"})] == [1, 2]
    store["remove"](2)
    assert store["insert"]({"text": "c"}) == 3
    assert module(NUMBERED)["load"]() == [{"text": "a", "id": 1}, {"text": "c", "id": 3}]
    with pytest.raises(KeyError):
        store["remove"](2)


def test_an_entry_is_changed_in_its_place(module, tmp_path):
    store = module(NUMBERED)
    store["insert"]({"text": "a"})
    store["insert"]({"text": "b"})
    store["update"](1, {"text": "猫"})
    assert store["load"]() == [{"text": "猫", "id": 1}, {"text": "b", "id": 2}]
    assert "猫" in (tmp_path / "tasks.json").read_text(encoding="utf-8")
    with pytest.raises(KeyError):
        store["update"](3, {"text": "c"})


def test_without_ids_it_keeps_what_it_is_given(module, tmp_path):
    store = module("A ledger stored in bank.json.")
    assert store["load"]({}) == {}
    store["save"]({"ann": 3})
    assert store["load"]({}) == json.loads((tmp_path / "bank.json").read_text(encoding="utf-8")) == {"ann": 3}


def test_a_model_is_shown_what_it_offers_and_not_how():
    shown = store_interface(NUMBERED)
    assert [line for line in shown.splitlines() if line.startswith("def ")] == [
        "def load() -> list[dict]:",
        "def insert(task: dict) -> int:",
        "def update(id: int, changes: dict) -> None:",
        "def remove(id: int) -> None:",
    ]
    assert "Keep one more task" in shown
    assert "json" not in shown


@pytest.mark.parametrize("file", ["imports.json", "ids.json", "changes.json", "data.json", "my-lists.json"])
def test_any_file_name_makes_a_module_that_works(module, file):
    store = module(f"Entries with ids stored in {file}.")
    assert (store["insert"]({"text": "a"}), store["insert"]({"text": "b"})) == (1, 2)
    store["update"](2, {"text": "c"})
    store["remove"](1)
    assert store["load"]() == [{"text": "c", "id": 2}]


@pytest.mark.parametrize(
    "text",
    [
        "数据保存在当前目录的 todo.json。",
        "The tasks are kept in a JSON file called todo.json.",
        "Tasks are stored in the current directory as `todo.json`.",
    ],
)
def test_the_file_may_be_said_in_other_words(text) -> None:
    assert store_path(text, []) == "storage.py"
    assert 'Path("todo.json")' in store_module(text)


def test_what_is_exported_is_not_kept() -> None:
    assert store_path("结果写入 out.json。", []) == ""
