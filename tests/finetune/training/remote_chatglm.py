"""Code as it comes with a ChatGLM2's weights: its own layers, and names of sizes that no other family has."""

import torch
from torch.nn.functional import cross_entropy, gelu, scaled_dot_product_attention
from transformers import PretrainedConfig, PreTrainedModel
from transformers.generation import GenerationMixin
from transformers.modeling_outputs import CausalLMOutput


class ChatGLMConfig(PretrainedConfig):
    model_type = "chatglm"

    def __init__(self, num_layers=2, padded_vocab_size=384, hidden_size=64, num_attention_heads=4, **kwargs):
        self.num_layers = num_layers
        self.padded_vocab_size = padded_vocab_size
        self.hidden_size = hidden_size
        self.num_attention_heads = num_attention_heads
        super().__init__(**kwargs)


class Attention(torch.nn.Module):
    def __init__(self, config):
        super().__init__()
        self.heads = config.num_attention_heads
        self.query_key_value = torch.nn.Linear(config.hidden_size, 3 * config.hidden_size)
        self.dense = torch.nn.Linear(config.hidden_size, config.hidden_size, bias=False)

    def forward(self, states):
        rows, tokens, width = states.shape
        parts = self.query_key_value(states).view(rows, tokens, 3, self.heads, width // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)
        mixed = scaled_dot_product_attention(query, key, value, is_causal=True)
        return self.dense(mixed.transpose(1, 2).reshape(rows, tokens, width))


class Mlp(torch.nn.Module):
    def __init__(self, config):
        super().__init__()
        self.dense_h_to_4h = torch.nn.Linear(config.hidden_size, 4 * config.hidden_size, bias=False)
        self.dense_4h_to_h = torch.nn.Linear(4 * config.hidden_size, config.hidden_size, bias=False)

    def forward(self, states):
        return self.dense_4h_to_h(gelu(self.dense_h_to_4h(states)))


class Layer(torch.nn.Module):
    def __init__(self, config):
        super().__init__()
        self.input_layernorm = torch.nn.LayerNorm(config.hidden_size)
        self.self_attention = Attention(config)
        self.post_attention_layernorm = torch.nn.LayerNorm(config.hidden_size)
        self.mlp = Mlp(config)

    def forward(self, states):
        states = states + self.self_attention(self.input_layernorm(states))
        return states + self.mlp(self.post_attention_layernorm(states))


class ChatGLMForConditionalGeneration(PreTrainedModel, GenerationMixin):
    config_class = ChatGLMConfig

    def __init__(self, config):
        super().__init__(config)
        self.embedding = torch.nn.Embedding(config.padded_vocab_size, config.hidden_size)
        self.layers = torch.nn.ModuleList(Layer(config) for _ in range(config.num_layers))
        self.output_layer = torch.nn.Linear(config.hidden_size, config.padded_vocab_size, bias=False)
        self.post_init()

    def _init_weights(self, module):
        if isinstance(module, torch.nn.Linear | torch.nn.Embedding):
            module.weight.data.normal_(0, 0.02)

    def get_input_embeddings(self):
        return self.embedding

    def get_output_embeddings(self):
        return self.output_layer

    def forward(self, input_ids=None, attention_mask=None, labels=None, **kwargs):
        states = self.embedding(input_ids)
        for layer in self.layers:
            states = layer(states)
        logits = self.output_layer(states)
        loss = None
        if labels is not None:
            loss = cross_entropy(logits[:, :-1].flatten(0, 1).float(), labels[:, 1:].flatten())
        return CausalLMOutput(loss=loss, logits=logits)
