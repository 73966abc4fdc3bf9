"""Bases: a tiny GGUF file made here, folders, and names that are none."""

from __future__ import annotations

import json

import pytest

torch = pytest.importorskip("torch")
gguf = pytest.importorskip("gguf")
transformers = pytest.importorskip("transformers")
numpy = pytest.importorskip("numpy")

from swfactory.config import Settings  # noqa: E402
from swfactory.errors import ConfigError, InputError, ModelUnavailable, StoreError  # noqa: E402
from swfactory.finetune import bases  # noqa: E402
from swfactory.finetune.bases import glance, resolve_base  # noqa: E402
from swfactory.models.stamp import file_digest  # noqa: E402

pytestmark = [pytest.mark.filterwarnings(f"ignore::{kind}") for kind in ("DeprecationWarning", "FutureWarning")]

WORDS = ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *(chr(code) for code in range(33, 127)), "Ġ", "Ċ", "ab"]
LAYERS = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


@pytest.fixture
def settings(tmp_path):
    return Settings(data_dir=tmp_path / "data")


def write_gguf(path, *, noise):
    """Write a random Qwen2 whose output is its embedding with some noise, and return the model."""
    torch.manual_seed(0)
    config = transformers.Qwen2Config(
        vocab_size=len(WORDS),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=256,
        tie_word_embeddings=False,
    )
    model = transformers.Qwen2ForCausalLM(config)
    embedding = model.model.embed_tokens.weight.detach()
    with torch.no_grad():
        model.lm_head.weight.copy_(embedding + noise * torch.randn_like(embedding) * embedding.std())
    weights = {key: value.detach().numpy() for key, value in model.state_dict().items()}
    writer = gguf.GGUFWriter(str(path), "qwen2")
    writer.add_context_length(256)
    writer.add_embedding_length(32)
    writer.add_block_count(2)
    writer.add_feed_forward_length(64)
    writer.add_head_count(4)
    writer.add_head_count_kv(2)
    writer.add_rope_freq_base(10000.0)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_vocab_size(len(WORDS))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(WORDS)
    writer.add_token_types([gguf.TokenType.CONTROL] * 3 + [gguf.TokenType.NORMAL] * (len(WORDS) - 3))
    writer.add_token_merges(["a b"])
    writer.add_eos_token_id(2)
    writer.add_pad_token_id(0)
    writer.add_chat_template("{% for m in messages %}<|im_start|>{{ m['content'] }}<|im_end|>{% endfor %}")
    writer.add_tensor("token_embd.weight", weights["model.embed_tokens.weight"])
    writer.add_tensor("output.weight", weights["lm_head.weight"])
    writer.add_tensor("output_norm.weight", weights["model.norm.weight"])
    for layer in range(2):
        for theirs, ours in LAYERS.items():
            for part in ("weight", "bias"):
                if (key := f"model.layers.{layer}.{ours}.{part}") in weights:
                    writer.add_tensor(f"blk.{layer}.{theirs}.{part}", weights[key])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return model


def logits(model):
    with torch.no_grad():
        return model(input_ids=torch.arange(3, 23)[None]).logits.float()


def load(base):
    return transformers.AutoModelForCausalLM.from_pretrained(base.folder, dtype=torch.float32)


@pytest.mark.parametrize(("noise", "tied"), [(0.01, True), (1.0, False)])
def test_a_gguf_file_becomes_a_folder_with_the_same_model(noise, tied, settings, tmp_path):
    file = tmp_path / "tiny.gguf"
    original = write_gguf(file, noise=noise)
    base = resolve_base(str(file), settings)
    assert base.digest == file_digest(file)
    assert base.architecture == "qwen2"
    assert base.folder == settings.data_dir / "bases" / f"tiny-{base.digest[:12]}"
    model = load(base)
    assert model.config.tie_word_embeddings is tied
    assert (model.lm_head.weight is model.model.embed_tokens.weight) is tied
    with torch.no_grad():
        if tied:
            original.model.embed_tokens.weight.copy_(original.lm_head.weight)
    assert torch.allclose(logits(original), logits(model), atol=2e-3)
    tokenizer = transformers.AutoTokenizer.from_pretrained(base.folder)
    assert tokenizer.eos_token == "<|im_end|>"
    assert "<|im_start|>" in tokenizer.chat_template
    assert "quantization_config" not in json.loads((base.folder / "config.json").read_text())


def test_a_folder_is_made_once(settings, tmp_path, monkeypatch):
    file = tmp_path / "tiny.gguf"
    write_gguf(file, noise=0.01)
    first = resolve_base(str(file), settings)
    monkeypatch.setattr(bases, "dequantise", lambda *args: pytest.fail("made again"))
    assert resolve_base(str(file), settings) == first
    assert [path.name for path in (settings.data_dir / "bases").iterdir()] == [first.folder.name]


def test_a_disk_that_refuses_leaves_nothing(settings, tmp_path, monkeypatch):
    file = tmp_path / "tiny.gguf"
    write_gguf(file, noise=0.01)

    def full(self, folder, **options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(transformers.PreTrainedTokenizerBase, "save_pretrained", full)
    with pytest.raises(StoreError, match="No space left"):
        resolve_base(str(file), settings)
    assert list((settings.data_dir / "bases").iterdir()) == []


def test_a_file_that_is_no_model(settings, tmp_path):
    file = tmp_path / "broken.gguf"
    file.write_bytes(b"GGUF" + bytes(60))
    with pytest.raises(InputError, match="cannot be made a base"):
        resolve_base(str(file), settings)


def test_a_local_folder_is_known_by_its_weights(settings, tmp_path):
    file = tmp_path / "tiny.gguf"
    write_gguf(file, noise=0.01)
    folder = resolve_base(str(file), settings).folder
    base = resolve_base(str(folder), settings)
    assert base.folder == folder
    assert base.digest == file_digest(folder / "model.safetensors")
    (folder / "model.safetensors").rename(folder / "model-00001-of-00002.safetensors")
    (folder / "model-00002-of-00002.safetensors").write_bytes(b"more")
    assert resolve_base(str(folder), settings).digest != base.digest


def test_a_model_of_the_catalogue_that_is_not_here(settings):
    with pytest.raises(ConfigError, match="not on this machine") as caught:
        resolve_base("qwen2.5-coder-0.5b", settings)
    assert caught.value.hint == "swf models pull qwen2.5-coder-0.5b"


def test_a_name_that_the_hub_cannot_give(settings, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(ModelUnavailable, match="no base 'nobody/nothing'"):
        resolve_base("nobody/nothing", settings)


def test_a_glance_reads_no_weight_and_makes_nothing(tmp_path, settings, monkeypatch):
    file = tmp_path / "small.gguf"
    model = write_gguf(file, noise=0.001)

    def dequantise(*args):
        raise AssertionError("weights were read")

    monkeypatch.setattr(bases, "dequantise", dequantise)
    config = glance(str(file), settings)
    assert (config.model_type, config.hidden_size, config.tie_word_embeddings) == ("qwen2", 32, True)
    assert config.num_hidden_layers == model.config.num_hidden_layers
    assert not settings.data_dir.exists()


def test_a_glance_at_what_is_no_model(tmp_path, settings):
    with pytest.raises(InputError, match=r"config\.json"):
        glance(str(tmp_path), settings)
