from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from swfactory.errors import InputError, NotFoundError
from swfactory.finetune.evaluation import subjects
from swfactory.finetune.evaluation.subjects import Adapter, find_adapter, subjects_of
from swfactory.models.adapters import AdapterCard, AdapterStore
from tests.finetune.evaluation.fakes import settings

URL = "llama:base"
WEIGHTS = b"weights"
DIGEST = hashlib.sha256(WEIGHTS).hexdigest()


@pytest.fixture(autouse=True)
def base_digest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subjects, "model_digest", lambda url, settings: "d1" if url == URL else "")


def add(store: AdapterStore, **facts: object) -> AdapterCard:
    card = AdapterCard(
        name="a", base="base", base_digest="d1", method="qlora", exports={"peft": "peft", "gguf": "a.gguf"}
    ).model_copy(update=facts)
    with store.adding("a") as folder:
        (folder / "peft").mkdir()
        (folder / "peft" / "adapter_model.safetensors").write_bytes(WEIGHTS)
        (folder / "a.gguf").write_bytes(WEIGHTS)
        store.write_card(card, folder)
    return card


@pytest.mark.parametrize("url", [URL, "hf:base"])
def test_an_adapter_of_the_store(tmp_path: Path, url: str) -> None:
    kept = settings(tmp_path)
    store = AdapterStore(tmp_path / "adapters")
    card = add(store)
    assert find_adapter("a", url, kept) == Adapter("a", DIGEST, card, store.folder("a"))


def test_an_adapter_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "x.gguf").write_bytes(WEIGHTS)
    assert find_adapter(str(tmp_path / "x.gguf"), URL, settings(tmp_path)) == Adapter(str(tmp_path / "x.gguf"), DIGEST)


def test_adapters_that_do_not_fit(tmp_path: Path) -> None:
    kept = settings(tmp_path)
    with pytest.raises(NotFoundError, match="'a'"):
        find_adapter("a", URL, kept)
    with pytest.raises(InputError, match="takes no adapter"):
        find_adapter("a", "openai:http://127.0.0.1:9/v1#x", kept)
    add(AdapterStore(tmp_path / "adapters"), base_digest="d2", exports={"gguf": "a.gguf"})
    with pytest.raises(InputError, match=r"belongs to 'base' \(d2\), not to 'llama:base' \(d1\)"):
        find_adapter("a", URL, kept)
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
