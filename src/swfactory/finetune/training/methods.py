"""Recipes into PEFT configurations."""

from __future__ import annotations

from typing import Any

from swfactory.finetune.training.families import Family
from swfactory.finetune.training.method import AdaLora, Full, Ia3, Lora, Method, Prefix, Prompt

__all__ = ["peft_config", "spare_lower_layers", "targets_of"]


def targets_of(method: Method, family: Family) -> tuple[str, ...]:
    """Return the modules that get an adapter; none for methods that add tokens or train every weight.

    Args:
        method: how weights change.
        family: of the base.
    """
    if isinstance(method, Lora | AdaLora):
        return method.targets or family.targets
    return (*family.keys, *family.outputs) if isinstance(method, Ia3) else ()


def peft_config(method: Method, family: Family, *, steps: int, task: str) -> Any:
    """Return the configuration of an adapter, None for a training of every weight.

    Args:
        method: how weights change.
        family: of the base.
        steps: of the whole training; AdaLoRA plans its ranks by them.
        task: PEFT's name of the task, ``CAUSAL_LM`` or ``SEQ_CLS``.
    """
    import peft

    targets = list(targets_of(method, family))
    if isinstance(method, Full):
        return None
    if isinstance(method, Lora):
        return peft.LoraConfig(
            r=method.rank,
            lora_alpha=method.alpha,
            lora_dropout=method.dropout,
            target_modules=targets,
            layers_to_transform=list(range(method.layers[0], method.layers[1] + 1)) if method.layers else None,
            use_rslora=method.kind == "rslora",
            use_dora=method.kind == "dora",
            init_lora_weights="pissa" if method.kind == "pissa" else True,
            task_type=task,
        )
    if isinstance(method, AdaLora):
        return peft.AdaLoraConfig(
            init_r=method.start_rank,
            target_r=method.rank,
            lora_alpha=method.alpha,
            lora_dropout=method.dropout,
            target_modules=targets,
            tinit=int(steps * method.warmup),
            tfinal=int(steps * method.settle),
            total_step=steps,
            task_type=task,
        )
    if isinstance(method, Ia3):
        return peft.IA3Config(target_modules=targets, feedforward_modules=list(family.outputs), task_type=task)
    if isinstance(method, Prefix):
        return peft.PrefixTuningConfig(num_virtual_tokens=method.tokens, task_type=task)
    if isinstance(method, Prompt):
        return peft.PromptTuningConfig(num_virtual_tokens=method.tokens, task_type=task)
    return peft.PromptEncoderConfig(num_virtual_tokens=method.tokens, encoder_hidden_size=method.hidden, task_type=task)


def spare_lower_layers(model: Any) -> None:
    """Let no gradient flow below the lowest adapter, whatever TRL and the trainer's start ask of the model.

    They want gradients at its inputs for reentrant checkpointing, which would find nothing to learn without.

    Args:
        model: with or without an adapter; its checkpointing is not reentrant.
    """
    base = model.get_base_model() if hasattr(model, "get_base_model") else model
    base.disable_input_require_grads()
    base.enable_input_require_grads = lambda: None
