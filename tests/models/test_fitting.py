"""Adapters by name in model URLs; none of these tests loads weights."""

import json
import struct

import pytest

from swfactory.config import Settings
from swfactory.errors import ConfigError, InputError, ModelRefused, NotFoundError
from swfactory.models import catalog, create_chat_model, create_chat_models, engine, factory
from swfactory.models.adapters import AdapterCard
from swfactory.models.catalog import CATALOG, CatalogModel
from swfactory.models.fitting import adapter_store
from swfactory.models.serving import serving_url
from swfactory.models.stamp import file_digest
from tests.models.test_engine import FakeServer


def gguf(architecture):
    key = b"general.architecture"
    return (
        b"GGUF"
        + struct.pack("<IQQQ", 3, 0, 1, len(key))
        + key
        + struct.pack("<IQ", 8, len(architecture))
        + architecture.encode()
    )


@pytest.fixture
def settings(tmp_path, monkeypatch):
    made = Settings(data_dir=tmp_path / "data", models_dir=tmp_path, model="llama:small", threads=1)
    models = []
    for name in ("small", "big"):
        file = tmp_path / f"{name}.gguf"
        file.write_bytes(gguf("qwen2") + name.encode())
        models.append(CatalogModel(name=name, file=file.name, size=9, sha256=file_digest(file), summary="for tests"))
    for module in (catalog, factory):
        monkeypatch.setattr(module, "CATALOG", (*CATALOG, *models))
    monkeypatch.setattr("swfactory.models.serving.CATALOG", (*CATALOG, *models))
    return made


def digest(settings, name):
    return file_digest(settings.model_files / f"{name}.gguf")


def add(settings, name="repair", *, forms=("peft", "gguf"), width=8, **facts):
    store = adapter_store(settings)
    card = {"name": name, "base": "small", "base_digest": digest(settings, "small"), "architecture": "qwen2"}
    exports = {form: "adapter.gguf" if form.endswith("gguf") else form for form in forms}
    with store.adding(name) as folder:
        (folder / "adapter.gguf").touch()
        base_folder(folder / "merged")
        (folder / "peft").mkdir()
        key = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"
        head = json.dumps({key: {"dtype": "F32", "shape": [2, width], "data_offsets": [0, 0]}}).encode()
        (folder / "peft" / "adapter_model.safetensors").write_bytes(struct.pack("<Q", len(head)) + head)
        store.write_card(AdapterCard(**card | {"method": "qlora", "exports": exports} | facts), folder)
    return store


def base_folder(path, kind="qwen2", width=8):
    path.mkdir(parents=True)
    (path / "config.json").write_text(json.dumps({"model_type": kind, "hidden_size": width}))
    return path


def test_a_name_is_the_gguf_form_for_llama_and_the_peft_form_for_hf(settings, tmp_path):
    store = add(settings)
    llama = create_chat_model("llama:small?adapter=repair", settings)
    assert llama.adapters == (store.folder("repair") / "adapter.gguf",)
    folder = base_folder(tmp_path / "base")
    assert create_chat_model(f"hf:{folder}?adapter=repair", settings).adapters == (
        str(store.folder("repair") / "peft"),
    )


def test_a_path_stays_a_path(settings, tmp_path):
    file = tmp_path / "lora.gguf"
    file.touch()
    assert create_chat_model(f"llama:small?adapter={file}", settings).adapters == (file,)
    assert create_chat_model("hf:org/base?adapter=org/lora", settings).adapters == ("org/lora",)


def test_the_wrong_base_is_refused_with_both_names(settings):
    add(settings)
    with pytest.raises(ConfigError, match="'repair' was trained on 'small' and does not fit 'big'") as error:
        create_chat_model("llama:big?adapter=repair", settings)
    assert error.value.hint == "swf adapters show repair"


def test_a_file_that_the_gate_saw_is_a_right_base(settings):
    add(settings, base_digest="of a folder", proved=(digest(settings, "big"),))
    create_chat_model("llama:big?adapter=repair", settings)
    with pytest.raises(ConfigError, match="does not fit"):
        create_chat_model("llama:small?adapter=repair", settings)


def test_without_a_digest_the_architecture_decides(settings):
    add(settings, base_digest="")
    create_chat_model("llama:big?adapter=repair", settings)
    add(settings, "other", base_digest="", architecture="mistral")
    with pytest.raises(ConfigError, match="'llama' and not 'qwen2'"):
        create_chat_model("llama:big?adapter=other", settings)


@pytest.mark.parametrize(
    ("kind", "width", "word"), [("llama", 8, "'qwen2' and not 'llama'"), ("qwen2", 16, "8 wide and not 16")]
)
def test_a_folder_of_another_model_is_refused(settings, tmp_path, kind, width, word):
    add(settings)
    folder = base_folder(tmp_path / "base", kind, width)
    with pytest.raises(ConfigError, match=word):
        create_chat_model(f"hf:{folder}?adapter=repair", settings)


def test_another_name_of_the_hub_is_refused(settings):
    add(settings, base="org/base")
    create_chat_model("hf:org/base?adapter=repair", settings)
    with pytest.raises(ConfigError, match="'org/base' and does not fit 'org/other'"):
        create_chat_model("hf:org/other?adapter=repair", settings)


@pytest.mark.parametrize(
    ("url", "word"), [("llama:small?adapter=none", "no adapter 'none'"), ("llama:small?adapter=bare", "no form 'gguf'")]
)
def test_what_is_missing_is_named(settings, url, word):
    add(settings, "bare", forms=("peft",))
    with pytest.raises(NotFoundError, match=word):
        create_chat_model(url, settings)


def test_roles_that_differ_in_adapters_share_one_engine(settings):
    add(settings)
    store = add(settings, "write")
    urls = [
        "llama:small",
        "llama:small?adapter=repair",
        "llama:small?adapter=write",
        "llama:big",
        "openai:http://h/v1#m",
    ]
    pytest.importorskip("langchain_openai")
    made = create_chat_models(urls, settings)
    assert list(made) == list(dict.fromkeys(made))
    files = tuple(store.folder(name) / "adapter.gguf" for name in ("repair", "write"))
    bare, repair, write, big = (made[url] for url in urls[:4])
    assert bare.adapters == repair.adapters == write.adapters
    assert set(bare.adapters) == set(files)
    assert (bare.applied, repair.applied, write.applied) == ((), files[:1], files[1:])
    assert big.adapters == ()


@pytest.fixture
def server(monkeypatch):
    fake = FakeServer()
    loaded = []
    monkeypatch.setattr(engine, "_load", lambda options, key: loaded.append(options) or fake)
    fake.loaded = loaded
    yield fake
    engine.close_engines()


def scales(server, model, **options):
    """What each adapter counts in a call, by its name."""
    model.invoke("hi", max_tokens=1, **options)
    asked = {entry["id"]: entry["scale"] for entry in server.requests[-1]["lora"]}
    return {path.parent.name: asked[number] for number, path in enumerate(server.loaded[-1].adapters)}


def test_each_call_names_the_scale_of_every_adapter_of_one_engine(settings, server):
    add(settings)
    add(settings, "write")
    urls = ["llama:small?adapter=write", "llama:small", "llama:small?adapter=write&adapter=repair"]
    write, bare, both = (create_chat_models(urls, settings)[url] for url in urls)
    assert scales(server, write) == {"write": 1.0, "repair": 0.0}
    assert scales(server, bare) == {"write": 0.0, "repair": 0.0}
    assert scales(server, both) == {"write": 1.0, "repair": 1.0}
    assert scales(server, both, lora=[{"id": 1, "scale": 0.5}]) == {"write": 0.0, "repair": 0.5}
    assert len(server.loaded) == 1


def test_an_id_that_the_url_does_not_have_is_refused(settings, server):
    add(settings)
    model = create_chat_model("llama:small?adapter=repair", settings)
    with pytest.raises(ModelRefused, match="cannot be applied"):
        scales(server, model, lora=[{"id": 1, "scale": 1.0}])


def test_the_url_that_serves_keeps_the_options_of_the_role(settings):
    add(settings)
    assert serving_url("repair", "engineer", settings) == "llama:small?adapter=repair"
    own = settings.model_copy(update={"role_models": {"engineer": "llama:small?adapter=x.gguf&threads=2"}})
    assert serving_url("repair", "engineer", own) == "llama:small?adapter=repair&threads=2"
    other = settings.model_copy(update={"model": "llama:big"})
    assert serving_url("repair", "engineer", other) == "llama:small?adapter=repair"


def test_an_adapter_of_a_folder_is_served_by_transformers(settings, tmp_path):
    folder = base_folder(tmp_path / "base")
    add(settings, base=str(folder), forms=("peft",))
    assert serving_url("repair", "engineer", settings) == f"hf:{folder}?adapter=repair"


@pytest.mark.parametrize("method", ["prompt", "prefix_tuning"])
def test_virtual_tokens_are_served_by_transformers_on_the_folder_that_training_made(settings, method):
    add(settings, forms=("peft",), method=method)
    with pytest.raises(ConfigError, match="is made by training on it"):
        serving_url("repair", "engineer", settings)
    folder = base_folder(settings.base_folder("small", digest(settings, "small")))
    assert serving_url("repair", "engineer", settings) == "hf:small?adapter=repair"
    assert create_chat_model("hf:small?adapter=repair", settings).source == str(folder)


def test_what_is_merged_only_takes_the_place_of_its_base(settings, tmp_path):
    store = add(settings, "whole", forms=("merged", "merged-gguf"), method="full")
    add(settings)
    file, folder = store.folder("whole") / "adapter.gguf", store.folder("whole") / "merged"
    base = base_folder(tmp_path / "base")
    made = create_chat_models(["llama:small?adapter=whole", "llama:small?adapter=repair"], settings)
    whole, beside = made.values()
    assert (whole.path, whole.adapters) == (file, ())
    assert (beside.path.name, len(beside.adapters)) == ("small.gguf", 1)
    hf = create_chat_model(f"hf:{base}?adapter=whole", settings)
    assert (hf.source, hf.adapters) == (str(folder), ())
    assert serving_url("whole", "engineer", settings) == "llama:small?adapter=whole"
    for url in ("llama:big?adapter=whole", "llama:small?adapter=whole&adapter=repair"):
        with pytest.raises(ConfigError, match=r"does not fit|goes with no other"):
            create_chat_model(url, settings)


def test_a_training_of_every_weight_says_what_to_make_for_llama(settings):
    add(settings, "whole", forms=("merged",), method="full")
    with pytest.raises(InputError, match="no form") as error:
        serving_url("whole", "engineer", settings)
    assert error.value.hint == "swf adapters export whole --to merged-gguf"


def test_code_that_a_recipe_trusts_is_trusted_where_it_is_served(settings, tmp_path):
    folder = base_folder(tmp_path / "base")
    add(settings, base=str(folder), forms=("peft",), recipe="trust_remote_code: true\n")
    assert serving_url("repair", "engineer", settings) == f"hf:{folder}?adapter=repair&trust=yes"
    assert create_chat_model(f"hf:{folder}?adapter=repair&trust=yes", settings).trust


def test_an_adapter_without_a_form_for_the_role_says_what_to_make(settings):
    add(settings, forms=("peft",))
    with pytest.raises(InputError, match="no form") as error:
        serving_url("repair", "engineer", settings)
    assert error.value.hint == "swf adapters export repair --to gguf"
