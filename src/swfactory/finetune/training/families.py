"""Model families for training: which modules an adapter goes to, and the chat template of a bare tokenizer."""

from __future__ import annotations

from typing import Any

from swfactory.domain.value import Value
from swfactory.errors import InputError

__all__ = ["FAMILIES", "Family", "family_of"]

_LLAMA_LIKE = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")

_CHATML = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_LLAMA3 = (
    "{{ bos_token or '' }}{% for message in messages %}<|start_header_id|>{{ message['role'] }}<|end_header_id|>\n\n"
    "{{ message['content'] }}<|eot_id|>{% endfor %}"
    "{% if add_generation_prompt %}<|start_header_id|>assistant<|end_header_id|>\n\n{% endif %}"
)
_GLM = (
    "[gMASK]<sop>{% for message in messages %}<|{{ message['role'] }}|>\n{{ message['content'] }}"
    "{% if message['role'] == 'assistant' %}{{ eos_token or '' }}{% endif %}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>\n{% endif %}"
)
_MISTRAL = (
    "{{ bos_token or '' }}{% for message in messages %}{% if message['role'] == 'assistant' %}"
    " {{ message['content'] }}{{ eos_token or '' }}{% else %}[INST] {{ message['content'] }} [/INST]"
    "{% endif %}{% endfor %}"
)
_GEMMA = (
    "{{ bos_token or '' }}{% for message in messages %}<start_of_turn>"
    "{{ 'model' if message['role'] == 'assistant' else 'user' }}\n{{ message['content'] }}<end_of_turn>\n{% endfor %}"
    "{% if add_generation_prompt %}<start_of_turn>model\n{% endif %}"
)
_PLAIN = (
    "{% for message in messages %}### {{ message['role'] }}:\n{{ message['content'] }}"
    "{% if message['role'] == 'assistant' %}{{ eos_token or '' }}{% endif %}\n{% endfor %}"
    "{% if add_generation_prompt %}### assistant:\n{% endif %}"
)


class Family(Value):
    """What the models of a type have in common.

    Args:
        name: model type, as in ``config.json``.
        targets: linear modules of a layer.
        keys: those of them that make keys and values, for IA3.
        outputs: those of them whose input IA3 scales.
        template: chat template of tokenizers that have none.
        packs: whether sequences can share a row: its positions are given, not counted by the model.
        remote: whether its code comes with the weights and must be trusted.
    """

    name: str
    targets: tuple[str, ...] = _LLAMA_LIKE
    keys: tuple[str, ...] = ("k_proj", "v_proj")
    outputs: tuple[str, ...] = ("down_proj",)
    template: str = _CHATML
    packs: bool = True
    remote: bool = False


_GLM_TARGETS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_up_proj", "down_proj")
_BLOOM_TARGETS = ("query_key_value", "dense", "dense_h_to_4h", "dense_4h_to_h")

FAMILIES = {
    family.name: family
    for family in (
        Family(name="qwen2"),
        Family(name="qwen3"),
        Family(name="llama", template=_LLAMA3),
        Family(name="mistral", template=_MISTRAL),
        Family(name="gemma", template=_GEMMA),
        Family(name="gemma2", template=_GEMMA),
        Family(name="glm", targets=_GLM_TARGETS, template=_GLM),
        Family(name="glm4", targets=_GLM_TARGETS, template=_GLM),
        Family(
            name="bloom",
            targets=_BLOOM_TARGETS,
            keys=("query_key_value",),
            outputs=("dense_4h_to_h",),
            template=_PLAIN,
            packs=False,
        ),
        Family(
            name="chatglm",
            targets=_BLOOM_TARGETS,
            keys=("query_key_value",),
            outputs=("dense_4h_to_h",),
            template=_GLM,
            packs=False,
            remote=True,
        ),
        Family(
            name="baichuan",
            targets=("W_pack", "o_proj", "gate_proj", "up_proj", "down_proj"),
            keys=("W_pack",),
            template=_PLAIN,
            packs=False,
            remote=True,
        ),
    )
}
"""Families by model type."""


def family_of(config: Any, *, trusted: bool) -> Family:
    """Return the family of a model.

    Args:
        config: its Transformers configuration.
        trusted: whether code that comes with the weights may run.

    Raises:
        InputError: the family is not known, or needs trust that was not given.
    """
    family = FAMILIES.get(config.model_type)
    if family is None:
        raise InputError(
            f"the base is of type {config.model_type!r}, which is not one that can be trained here",
            hint=f"choose one of: {', '.join(sorted(FAMILIES))}",
        )
    if family.remote and not trusted:
        raise InputError(
            f"a base of type {family.name!r} runs Python code that comes with its weights",
            hint="read that code, then put  trust_remote_code: true  into the recipe",
        )
    return family
