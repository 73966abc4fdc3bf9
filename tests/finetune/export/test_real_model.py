"""The gate on a real model with its own tokenizer and 4-bit file: ``swf models pull smollm2-135m``."""

import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")
pytest.importorskip("gguf")
pytest.importorskip("xllamacpp")

from swfactory.config import Settings
from swfactory.finetune.export.exporter import Exporter
from swfactory.models import create_chat_model
from swfactory.models.adapters import AdapterCard, AdapterStore
from swfactory.models.catalog import find_model
from tests.finetune.export import tiny

NAME = "smollm2-135m"
SMALL = find_model(NAME)
FILE = Settings().model_files / SMALL.file
pytestmark = [
    pytest.mark.model(NAME),
    pytest.mark.slow,
    pytest.mark.filterwarnings("ignore::FutureWarning:transformers", "ignore::UserWarning:peft"),
]


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    """A data folder with the base as a folder and a random adapter of it."""
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    data = tmp_path_factory.mktemp("data")
    base = data / "bases" / f"{NAME}-{SMALL.sha256[:12]}"
    whole = GgufConfig(dequantize=True)
    model = AutoModelForCausalLM.from_pretrained(FILE.parent, gguf_file=FILE.name, quantization_config=whole)
    model.save_pretrained(base)
    AutoTokenizer.from_pretrained(FILE.parent, gguf_file=FILE.name).save_pretrained(base)
    store = AdapterStore(data / "adapters")
    with store.adding("random") as folder:
        tiny.save_adapter(base, folder / "peft", strength=0.05, target_modules=["q_proj", "k_proj", "down_proj"])
        card = AdapterCard(
            name="random",
            base=NAME,
            base_digest=SMALL.sha256,
            architecture="llama",
            method="lora",
            exports={"peft": "peft"},
        )
        store.write_card(card, folder)
    return Settings(data_dir=data, models_dir=FILE.parent, threads=1)


def test_the_gguf_form_agrees_and_is_served_by_name(settings):
    done = Exporter("random", settings, print).export("gguf")
    print(done.parity)
    assert done.parity.mean < 0.01
    assert 0.01 < AdapterStore(settings.data_dir / "adapters").card("random").facts["parity_gguf_rounded"] < 0.2
    url = f"llama:{NAME}?adapter=random"
    assert create_chat_model(url, settings).adapters == (done.path,)
