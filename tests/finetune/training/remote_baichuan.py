"""Code as it comes with a Baichuan's weights, on Llama's layers: one module makes queries, keys and values."""

import torch
from transformers import LlamaConfig, LlamaForCausalLM


class BaichuanConfig(LlamaConfig):
    model_type = "baichuan"


class Part(torch.nn.Module):
    """A third of what the packed module of an attention makes."""

    def __init__(self, attention, index):
        super().__init__()
        object.__setattr__(self, "attention", attention)
        self.index = index

    def forward(self, states):
        return self.attention.W_pack(states).chunk(3, -1)[self.index]


class BaichuanForCausalLM(LlamaForCausalLM):
    config_class = BaichuanConfig

    def __init__(self, config):
        super().__init__(config)
        for layer in self.model.layers:
            attention = layer.self_attn
            attention.W_pack = torch.nn.Linear(config.hidden_size, 3 * config.hidden_size, bias=False)
            for index, name in enumerate(("q_proj", "k_proj", "v_proj")):
                setattr(attention, name, Part(attention, index))
