"""Tiny random models: as folders of Transformers, as GGUF files, and LoRA adapters for them."""

from __future__ import annotations

import json
from pathlib import Path

TEMPLATE = (
    "{% for message in messages %}<|{{ message.role }}|>{{ message.content }}\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
MERGES = ["t h", "e r", "i n", "a n"]
HEADS, PAIRS, HIDDEN, LAYERS = 4, 2, 64, 2


def save_model(folder: Path, kind: str, *, seed: int = 0, spread: float = 0.3) -> Path:
    """Save a random model of a type and its tokenizer; the wider its weights spread, the surer it is."""
    import torch
    from transformers import AutoConfig, AutoModelForCausalLM

    torch.manual_seed(seed)
    vocabulary = save_tokenizer(folder)
    config = AutoConfig.for_model(
        kind,
        vocab_size=vocabulary,
        hidden_size=HIDDEN,
        intermediate_size=2 * HIDDEN,
        num_hidden_layers=LAYERS,
        num_attention_heads=HEADS,
        num_key_value_heads=PAIRS,
        head_dim=HIDDEN // HEADS,
        max_position_embeddings=512,
        initializer_range=spread,
        bos_token_id=0,
        eos_token_id=0,
        pad_token_id=0,
        tie_word_embeddings=kind.startswith("gemma"),
    )
    AutoModelForCausalLM.from_config(config, dtype=torch.float32).save_pretrained(folder)
    return folder


def save_tokenizer(folder: Path) -> int:
    """Save a byte-level tokenizer with a few merges; return the size of its vocabulary."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokens = ["<|end|>", *alphabet, *(merge.replace(" ", "") for merge in MERGES)]
    tokenizer = Tokenizer(
        models.BPE(
            vocab={token: index for index, token in enumerate(tokens)},
            merges=[tuple(merge.split()) for merge in MERGES],
        )
    )
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, eos_token="<|end|>", pad_token="<|end|>")
    fast.chat_template = TEMPLATE
    fast.save_pretrained(folder)
    return len(tokens)


def save_gguf(folder: Path, target: Path) -> Path:
    """Write a model of ``save_model`` as llama.cpp's converter would, in float32."""
    import gguf
    import numpy as np
    from safetensors.numpy import load_file

    config = json.loads((folder / "config.json").read_text())
    kind = {"mistral": "llama"}.get(config["model_type"], config["model_type"])
    architecture = {name: key for key, name in gguf.MODEL_ARCH_NAMES.items()}[kind]
    names = gguf.get_tensor_name_map(architecture, LAYERS)
    writer = gguf.GGUFWriter(str(target), kind)
    writer.add_name("tiny")
    writer.add_context_length(512)
    writer.add_embedding_length(HIDDEN)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(2 * HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(PAIRS)
    writer.add_key_length(HIDDEN // HEADS)
    writer.add_value_length(HIDDEN // HEADS)
    writer.add_rope_freq_base(config["rope_parameters"]["rope_theta"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    if kind == "llama":
        writer.add_vocab_size(config["vocab_size"])
        writer.add_rope_dimension_count(HIDDEN // HEADS)
    vocabulary = json.loads((folder / "tokenizer.json").read_text())["model"]["vocab"]
    tokens = sorted(vocabulary, key=vocabulary.get)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.CONTROL] + [gguf.TokenType.NORMAL] * (len(tokens) - 1))
    writer.add_token_merges(MERGES)
    writer.add_eos_token_id(0)
    writer.add_pad_token_id(0)
    writer.add_add_bos_token(False)
    writer.add_chat_template(TEMPLATE)
    for name, tensor in sorted(load_file(folder / "model.safetensors").items()):
        value = tensor.astype(np.float32)
        module, _, end = name.rpartition(".")
        if kind == "llama" and module.endswith(("q_proj", "k_proj")):
            heads = HEADS if module.endswith("q_proj") else PAIRS
            value = value.reshape(heads, 2, value.shape[0] // heads // 2, -1).swapaxes(1, 2).reshape(value.shape)
        if kind.startswith("gemma") and "norm" in module:
            value = value + 1
        writer.add_tensor(f"{names.get_name(module)}.{end}", np.ascontiguousarray(value))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return target


def save_adapter(base: Path, target: Path, *, seed: int = 1, strength: float = 0.15, **options) -> Path:
    """Save an adapter of random weights, both halves far from zero, with the tokenizer beside it."""
    import torch
    from peft import LoraConfig, get_peft_model
    from transformers import AutoModelForCausalLM, AutoTokenizer

    torch.manual_seed(seed)
    config = options.pop("config", None) or LoraConfig(
        **{"r": 4, "lora_alpha": 8, "target_modules": "all-linear", "task_type": "CAUSAL_LM"} | options
    )
    model = get_peft_model(AutoModelForCausalLM.from_pretrained(base), config)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "lora_B" in name:
                parameter.normal_(0, strength)
            elif parameter.requires_grad and "lora_A" not in name:
                parameter.add_(torch.randn_like(parameter) * strength)
    model.save_pretrained(target)
    AutoTokenizer.from_pretrained(base).save_pretrained(target)
    return target
