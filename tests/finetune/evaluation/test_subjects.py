from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from swfactory.errors import ConfigError, InputError, NotFoundError
from swfactory.finetune.evaluation.subjects import Adapter, find_adapter, subjects_of
from swfactory.models.adapters import AdapterCard, AdapterStore
from tests.finetune.evaluation.fakes import settings

URL = "llama:base"
MODEL = b"a model file"
WEIGHTS = b"weights"
DIGEST = hashlib.sha256(WEIGHTS).hexdigest()


@pytest.fixture
def file(tmp_path: Path) -> str:
    """URL of the model file that the adapter was trained on."""
    path = tmp_path / "base.gguf"
    path.write_bytes(MODEL)
    return f"llama:{path}"


def add(store: AdapterStore, **facts: object) -> AdapterCard:
    card = AdapterCard(
        name="a",
        base="base",
        base_digest=hashlib.sha256(MODEL).hexdigest(),
        method="qlora",
        exports={"peft": "peft", "gguf": "a.gguf"},
    ).model_copy(update=facts)
    with store.adding("a") as folder:
        (folder / "peft").mkdir()
        (folder / "peft" / "adapter_model.safetensors").write_bytes(WEIGHTS)
        (folder / "a.gguf").write_bytes(WEIGHTS)
        store.write_card(card, folder)
    return card


def test_an_adapter_of_the_store(tmp_path: Path, file: str) -> None:
    kept = settings(tmp_path)
    store = AdapterStore(tmp_path / "adapters")
    card = add(store)
    for url in (file, "hf:base"):
        assert find_adapter("a", url, kept) == Adapter("a", DIGEST, card, store.folder("a"))


def test_an_adapter_that_was_proved_on_another_file_of_its_base(tmp_path: Path, file: str) -> None:
    store = AdapterStore(tmp_path / "adapters")
    card = add(store, base="org/base", base_digest="d2", proved=(hashlib.sha256(MODEL).hexdigest(),))
    assert find_adapter("a", file, settings(tmp_path)).card == card


def test_an_adapter_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "x.gguf").write_bytes(WEIGHTS)
    assert find_adapter(str(tmp_path / "x.gguf"), URL, settings(tmp_path)) == Adapter(str(tmp_path / "x.gguf"), DIGEST)


def test_adapters_that_do_not_fit(tmp_path: Path, file: str) -> None:
    kept = settings(tmp_path)
    with pytest.raises(NotFoundError, match="'a'"):
        find_adapter("a", file, kept)
    with pytest.raises(InputError, match="takes no adapter"):
        find_adapter("a", "openai:http://127.0.0.1:9/v1#x", kept)
    add(AdapterStore(tmp_path / "adapters"), base_digest="d2", exports={"gguf": "a.gguf"})
    with pytest.raises(ConfigError, match=r"trained on 'base' and does not fit .*base\.gguf"):
        find_adapter("a", file, kept)
    with pytest.raises(NotFoundError, match="no form 'peft'"):
        find_adapter("a", "hf:base", kept)


def test_the_adapted_model_serves_the_role_that_the_adapter_is_for(tmp_path: Path) -> None:
    kept = settings(tmp_path)
    card = AdapterCard(name="a", base="base", method="qlora")
    (base,) = subjects_of(URL, None, kept)
    assert (base.url, base.adapted, base.settings.model) == (URL, False, URL)
    _, any_role = subjects_of(URL, Adapter("a", "", card), kept)
    assert any_role.settings.model == any_role.url == "llama:base?adapter=a"
    assert any_role.settings.role_models == {}
    _, engineer = subjects_of(URL, Adapter("a", "", card.model_copy(update={"role": "engineer"})), kept)
    assert engineer.settings.model == URL
    assert engineer.settings.role_models == {"engineer": "llama:base?adapter=a"}
    _, other = subjects_of(URL, Adapter("a", "", card.model_copy(update={"role": "translator"})), kept)
    assert other.settings.model == "llama:base?adapter=a"
