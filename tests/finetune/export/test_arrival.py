import json
import struct

import pytest

from swfactory.errors import InputError
from swfactory.finetune.export.arrival import import_adapter
from swfactory.models.catalog import find_model
from swfactory.models.fitting import adapter_store


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "checkpoint"
    folder.mkdir()
    (folder / "adapter_config.json").write_text('{"peft_type": "LORA", "use_rslora": true}')
    head = json.dumps({"w": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}}).encode()
    (folder / "adapter_model.safetensors").write_bytes(struct.pack("<Q", len(head)) + head)
    (folder / "chat_template.jinja").write_text("{{ messages }}")
    (folder / "optimizer.pt").write_text("pickled")
    return folder


def test_an_adapter_is_taken_in_without_what_is_not_its_own(folder, settings):
    card = import_adapter(folder, "theirs", "qwen2.5-coder-0.5b", settings, role="engineer")
    store = adapter_store(settings)
    assert store.card("theirs") == card
    assert (card.method, card.role, card.base_digest) == ("rslora", "engineer", find_model("qwen2.5-coder-0.5b").sha256)
    files = sorted(path.name for path in store.export("theirs", "peft").iterdir())
    assert files == ["adapter_config.json", "adapter_model.safetensors", "chat_template.jinja"]


def test_the_architecture_of_a_folder_is_known(folder, settings, tmp_path):
    base = tmp_path / "base"
    base.mkdir()
    (base / "config.json").write_text('{"model_type": "gemma"}')
    assert import_adapter(folder, "theirs", str(base), settings).architecture == "gemma"


def test_pickled_and_damaged_weights_are_refused(folder, settings):
    weights = folder / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:12])
    with pytest.raises(InputError, match="no whole safetensors"):
        import_adapter(folder, "theirs", "org/base", settings)
    weights.rename(folder / "adapter_model.bin")
    with pytest.raises(InputError, match=r"no adapter_model\.safetensors") as error:
        import_adapter(folder, "theirs", "org/base", settings)
    assert "run code" in error.value.hint
    assert adapter_store(settings).names() == ()


@pytest.mark.parametrize("config", ["", "[]", "{}"])
def test_a_folder_that_peft_did_not_save_is_refused(folder, settings, config):
    (folder / "adapter_config.json").write_text(config)
    with pytest.raises(InputError):
        import_adapter(folder, "theirs", "org/base", settings)
    assert adapter_store(settings).names() == ()
