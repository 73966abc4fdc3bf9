"""A PEFT LoRA and its GGUF form say the same, and what has no such form is refused by name."""

import json

import numpy as np
import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")
pytest.importorskip("gguf")
pytest.importorskip("xllamacpp")

import gguf
from peft import IA3Config, LoraConfig, PrefixTuningConfig

from swfactory.errors import InputError
from swfactory.finetune.export.families import Layout
from swfactory.finetune.export.gguf_lora import write_gguf_lora
from swfactory.finetune.export.kinds import read_config, refuse_unmergeable, refuse_without_form
from swfactory.finetune.export.merged import load_tokenizer, load_tuned
from swfactory.finetune.export.parity import compare, llama_scores, make_probes, transformers_scores
from tests.finetune.export import tiny

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning:transformers", "ignore::UserWarning:peft")


def parity_of(base, adapter, file):
    probes = make_probes(load_tokenizer(base.folder, adapter))
    ours = transformers_scores(load_tuned(base.folder, adapter), probes)
    return compare(probes, ours, llama_scores(base.file, probes, adapter=file))


def written(base, adapter, target):
    write_gguf_lora(adapter, read_config(base.folder, "config.json"), target, name="test")
    return target


@pytest.mark.parametrize("kind", ["qwen2", "qwen3", "llama", "mistral", "gemma", "phi3", "olmo2"])
def test_llama_cpp_says_what_peft_says(bases, tmp_path, kind):
    base = bases(kind)
    parity = parity_of(base, base.adapter, written(base, base.adapter, tmp_path / "a.gguf"))
    assert parity.tokens > 50
    parity.check("gguf")


def test_the_adapter_matters_to_the_comparison(bases, tmp_path):
    base = bases("qwen2")
    probes = make_probes(load_tokenizer(base.folder, base.adapter))
    ours = transformers_scores(load_tuned(base.folder, base.adapter), probes)
    assert compare(probes, ours, llama_scores(base.file, probes)).mean > 0.5


def test_without_its_order_of_rows_llama_says_something_else(bases, tmp_path, monkeypatch):
    base = bases("llama")
    monkeypatch.setattr(Layout, "arrange", lambda self, module, rows: rows)
    parity = parity_of(base, base.adapter, written(base, base.adapter, tmp_path / "a.gguf"))
    with pytest.raises(InputError, match=r"most of all \d+\.\d+ at token \d+"):
        parity.check("gguf")


@pytest.mark.parametrize(
    "options",
    [
        {"use_rslora": True, "r": 8},
        {"rank_pattern": {"q_proj": 2, r"layers.1.mlp.up_proj": 6}, "alpha_pattern": {"q_proj": 16, "down_proj": 3}},
        {"use_rslora": True, "rank_pattern": {"v_proj": 2}, "alpha_pattern": {"k_proj": 1}},
        {"target_modules": ["q_proj", "k_proj"], "layers_to_transform": [1]},
        {"target_modules": ["lm_head", "o_proj"]},
    ],
    ids=["rslora", "patterns", "rslora with patterns", "one layer", "head"],
)
def test_every_scale_comes_out_as_in_peft(bases, tmp_path, options):
    base = bases("llama")
    adapter = tiny.save_adapter(base.folder, tmp_path / "adapter", **options)
    parity_of(base, adapter, written(base, adapter, tmp_path / "a.gguf")).check("gguf")


def test_bfloat16_is_read(bases, tmp_path):
    import torch
    from safetensors.torch import load_file, save_file

    base = bases("qwen2")
    adapter = tiny.save_adapter(base.folder, tmp_path / "adapter")
    weights = adapter / "adapter_model.safetensors"
    halves = {name: tensor.to(torch.bfloat16) for name, tensor in load_file(weights).items()}
    save_file(halves, weights)
    reader = gguf.GGUFReader(written(base, adapter, tmp_path / "a.gguf"))
    found = {tensor.name: tensor.data for tensor in reader.tensors}["blk.1.attn_v.weight.lora_a"]
    name = "base_model.model.model.layers.1.self_attn.v_proj.lora_A.weight"
    assert np.array_equal(found, halves[name].float().numpy())


@pytest.mark.parametrize(
    ("options", "word", "form"),
    [
        ({"use_dora": True}, "DoRA", "merged-gguf"),
        ({"modules_to_save": ["lm_head"], "target_modules": ["q_proj"]}, "modules_to_save", "merged-gguf"),
        ({"config": IA3Config(task_type="CAUSAL_LM")}, "IA3", "merged-gguf"),
        (
            {"config": PrefixTuningConfig(task_type="CAUSAL_LM", num_virtual_tokens=2)},
            "PREFIX_TUNING",
            "swf adapters use",
        ),
        ({"bias": "all"}, "biases", "merged"),
    ],
)
def test_what_has_no_form_is_refused_with_one_that_works(bases, tmp_path, options, word, form):
    base = bases("qwen2")
    adapter = tiny.save_adapter(base.folder, tmp_path / "adapter", **options)
    with pytest.raises(InputError, match=word) as error:
        written(base, adapter, tmp_path / "a.gguf")
    assert form in error.value.hint
    assert not (tmp_path / "a.gguf").exists()


def test_soft_prompts_cannot_be_merged():
    refuse_unmergeable({"peft_type": "IA3"})
    with pytest.raises(InputError, match="P_TUNING"):
        refuse_unmergeable({"peft_type": "P_TUNING"})


@pytest.mark.parametrize("key", ["use_qalora", "layer_replication", "trainable_token_indices", "fan_in_fan_out"])
def test_options_of_lora_that_llama_cpp_does_not_know_are_refused(key):
    refuse_without_form({"peft_type": "LORA", key: None})
    with pytest.raises(InputError, match=key):
        refuse_without_form({"peft_type": "LORA", key: [1]})


def test_an_unknown_family_is_refused_and_the_known_are_told(bases, tmp_path):
    base = bases("qwen2")
    with pytest.raises(InputError, match=r"bloom.*qwen2") as error:
        write_gguf_lora(base.adapter, {"model_type": "bloom"}, tmp_path / "a.gguf")
    assert "merged" in error.value.hint


def test_embeddings_of_lora_are_refused(bases, tmp_path):
    base = bases("qwen2")
    adapter = tiny.save_adapter(base.folder, tmp_path / "adapter", target_modules=["embed_tokens", "q_proj"])
    with pytest.raises(InputError, match="embed"):
        written(base, adapter, tmp_path / "a.gguf")


def test_a_damaged_adapter_is_told(bases, tmp_path):
    base = bases("qwen2")
    adapter = tiny.save_adapter(base.folder, tmp_path / "adapter")
    weights = adapter / "adapter_model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])
    with pytest.raises(InputError, match="no whole safetensors file"):
        written(base, adapter, tmp_path / "a.gguf")
    (adapter / "adapter_config.json").write_text(json.dumps([1]))
    with pytest.raises(InputError, match="no JSON object"):
        written(base, adapter, tmp_path / "a.gguf")


def test_lora_of_alpha_0_is_refused(bases, tmp_path):
    base = bases("qwen2")
    adapter = tiny.save_adapter(
        base.folder, tmp_path / "adapter", config=LoraConfig(r=2, lora_alpha=0, task_type="CAUSAL_LM")
    )
    with pytest.raises(InputError, match="alpha 0"):
        written(base, adapter, tmp_path / "a.gguf")
