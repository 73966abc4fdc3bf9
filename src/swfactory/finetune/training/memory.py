"""How much memory a training will need, told from the configuration before a weight is loaded."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from swfactory.domain.value import Value
from swfactory.errors import InputError
from swfactory.finetune.training.answers import CHUNK
from swfactory.finetune.training.families import Family
from swfactory.finetune.training.method import AdaLora, Full, Ia3, Lora, Prefix
from swfactory.finetune.training.methods import targets_of
from swfactory.finetune.training.objective import Distillation, Dpo, Grpo, Kto, Orpo, Ppo, Reward, Sft
from swfactory.finetune.training.place import Place
from swfactory.finetune.training.recipe import TrainRecipe

__all__ = ["Estimate", "Shape", "check_memory", "estimate", "free_memory", "shape_of"]

_NF4 = 0.5 + 1 / 64 + 4 / (64 * 256)
"""Bytes a weight: four bits, and a scale of eight bits for 64 weights, itself scaled by a float for 256 of them."""

_RUNTIME = 700 * 2**20
"""Bytes of the interpreter with torch and the trainers loaded."""

_KEPT = 2
"""Of what comes and goes, in main memory: the heap keeps freed blocks in pieces that fit nothing. So half a billion
weights in NF4 and two rows of 512 tokens come to 2.5 GB, which is the peak that benchmarks/training.py measured."""

_MARGIN = 1.15
"""What must be free, of what is estimated: with four rows of 768 tokens it was an eighth short (finetune/repair)."""


class Shape(Value):
    """Sizes of a base.

    Args:
        linear: weights of the linear modules in the layers, which four bits can hold.
        other: all other weights: embeddings, head, norms.
        modules: (name, inputs, outputs) of each linear module.
        layers: number of layers.
        hidden: width.
        inner: width inside the feed-forward part.
        heads: attention heads.
        vocabulary: tokens known.
        repeats: whether activations can be computed twice; code that comes with a base may lack that.
    """

    linear: int
    other: int
    modules: tuple[tuple[str, int, int], ...]
    layers: int
    hidden: int
    inner: int
    heads: int
    vocabulary: int
    repeats: bool = True


class Estimate(Value):
    """Bytes at the peak.

    Args:
        weights: of the base, and of a second model where the objective has one.
        trained: of what is trained, its gradients and the optimiser's two moments.
        activations: of one batch, with what the allocator keeps of them.
        logits: of the slice of positions that exists at once, likewise.
        runtime: of the libraries.
    """

    weights: int
    trained: int
    activations: int
    logits: int
    runtime: int = _RUNTIME

    @property
    def total(self) -> int:
        """Their sum."""
        return self.weights + self.trained + self.activations + self.logits + self.runtime

    @property
    def text(self) -> str:
        """In words, e.g. ``1.4 GB: weights 0.5, trained 0.1, ...``."""
        parts = {name: getattr(self, name) for name in type(self).model_fields}
        return f"{self.total / 1e9:.1f} GB: " + ", ".join(f"{name} {size / 1e9:.1f}" for name, size in parts.items())


def shape_of(config: Any, *, trust_remote_code: bool = False) -> Shape:
    """Return the sizes of a base, by building it without memory.

    Args:
        config: its Transformers configuration.
        trust_remote_code: run the code that comes with it.
    """
    import torch
    from transformers import AutoModelForCausalLM

    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config, trust_remote_code=trust_remote_code)
    head = model.get_output_embeddings()
    modules = [(n, m) for n, m in model.named_modules() if isinstance(m, torch.nn.Linear) and m is not head]
    linear = sum(module.weight.numel() for _, module in modules)
    widths = [module.out_features for _, module in modules]
    hidden = config.hidden_size
    return Shape(
        linear=linear,
        other=sum(weight.numel() for weight in model.parameters()) - linear,
        modules=tuple((name, module.in_features, module.out_features) for name, module in modules),
        layers=getattr(config, "num_hidden_layers", None) or config.num_layers,
        hidden=hidden,
        inner=getattr(config, "intermediate_size", None) or max(widths, default=4 * hidden),
        heads=config.num_attention_heads,
        vocabulary=getattr(config, "vocab_size", None) or config.padded_vocab_size,
        repeats=model.supports_gradient_checkpointing,
    )


def estimate(recipe: TrainRecipe, shape: Shape, family: Family, place: Place, teacher: Shape | None = None) -> Estimate:
    """Return the bytes that a training needs at its peak on one device.

    Activations are those of Korthikanti et al., Reducing Activation Recomputation in Large Transformer Models, 2022,
    without the attention's scores, which the fused kernels never keep, and with the true inner width.

    Args:
        recipe: method, batch, length.
        shape: of the base.
        family: says where adapters go.
        place: says how many bytes a number has.
        teacher: the larger model of a distillation; None for other objectives.
    """
    size = 4 if place.precision == "fp32" else 2
    full = isinstance(recipe.method, Full)
    weights = sum(_weights(recipe, model, size) for model in _models(recipe, shape, teacher))
    trained = shape.linear + shape.other if full else _adapter(recipe, shape, family)
    reply = recipe.objective.reply if isinstance(recipe.objective, Grpo | Ppo | Distillation) else 0
    tokens = recipe.batch * (recipe.length + reply) * _sequences(recipe)
    layer = tokens * (10 * shape.hidden + 4 * shape.inner) * size
    if place.attention == "eager":
        layer += recipe.batch * _sequences(recipe) * shape.heads * recipe.length**2 * (size + 4)
    kept = tokens * shape.hidden * size
    depth = shape.layers - _untouched(recipe)
    activations = depth * kept + layer if recipe.checkpoints else depth * layer
    if reply:
        activations += 2 * shape.layers * kept  # keys and values while sampling
    at_once = min(tokens, CHUNK) if isinstance(recipe.objective, Sft) else tokens
    logits = at_once * shape.vocabulary * 4 * 3
    if isinstance(recipe.objective, Reward):
        logits = 0
    spread = _KEPT if place.device == "cpu" else 1
    return Estimate(
        weights=int(weights),
        # the weights of a full training are the base's own: gradient and moments remain
        trained=trained * (12 if full else 16),
        activations=int(activations) * spread,
        logits=logits * spread,
    )


def free_memory(place: Place) -> int:
    """Bytes that a training can have on its device."""
    if place.device == "cuda":
        import torch

        free, _ = torch.cuda.mem_get_info(place.local_rank)
        return int(free)
    available = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_AVPHYS_PAGES")
    with contextlib.suppress(OSError, StopIteration, ValueError):
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        available = 1024 * int(next(line.split()[1] for line in lines if line.startswith("MemAvailable")))
    with contextlib.suppress(OSError, ValueError):
        group = Path("/sys/fs/cgroup")
        limit = int((group / "memory.max").read_text(encoding="ascii"))
        available = min(available, limit - int((group / "memory.current").read_text(encoding="ascii")))
    return available // max(1, place.processes)


def check_memory(
    recipe: TrainRecipe, shape: Shape, family: Family, place: Place, teacher: Shape | None = None
) -> Estimate:
    """Return the estimate, if it fits; see ``estimate``.

    Raises:
        InputError: it does not; the hint says which smaller recipe would.
    """
    needed, free = estimate(recipe, shape, family, place, teacher), free_memory(place)
    if needed.total * _MARGIN <= free or place.sharded:
        return needed
    for change, smaller in _smaller(recipe, shape):
        less = estimate(smaller, shape, family, place, teacher)
        if less.total * _MARGIN <= free:
            hint = f"this would fit ({less.total / 1e9:.1f} GB):  {change}"
            break
    else:
        hint = "no smaller batch, length or method of this base fits: choose a smaller base"
    raise InputError(
        f"the training needs {needed.text}, and {_MARGIN - 1:.0%} of it in reserve; free are {free / 1e9:.1f} GB",
        hint=hint,
    )


def _smaller(recipe: TrainRecipe, shape: Shape) -> Iterator[tuple[str, TrainRecipe]]:
    """Recipes that need less and less, each with what was changed."""
    said: list[str] = []
    if not recipe.checkpoints and recipe.can_checkpoint and shape.repeats:
        recipe = recipe.model_copy(update={"checkpointing": True})
        said.append("checkpointing: true")
        yield "  ".join(said), recipe
    least = 2 if isinstance(recipe.objective, Kto) else 1
    if recipe.batch > least:
        accumulation = recipe.accumulation * recipe.batch // least
        recipe = recipe.model_copy(update={"batch": least, "accumulation": accumulation})
        said.append(f"batch: {least}  accumulation: {accumulation}")
        yield "  ".join(said), recipe
    if not recipe.quantised:
        recipe = recipe.model_copy(update={"method": Lora()})
        said.append("method: qlora")
        yield "  ".join(said), recipe
    while recipe.length > 256:
        recipe = recipe.model_copy(update={"length": recipe.length // 2})
        yield "  ".join([*said, f"length: {recipe.length}"]), recipe


def _untouched(recipe: TrainRecipe) -> int:
    """Layers below the lowest adapter, which keep nothing for a backward pass."""
    layers = recipe.method.layers if isinstance(recipe.method, Lora) else None
    return layers[0] if layers and not recipe.trust_remote_code else 0


def _models(recipe: TrainRecipe, shape: Shape, teacher: Shape | None) -> list[Shape]:
    """Models in memory: a full preference training keeps the reference, a distillation its teacher."""
    if teacher is not None:
        return [shape, teacher]
    keeps = isinstance(recipe.objective, Dpo | Kto) or (
        isinstance(recipe.objective, Grpo) and recipe.objective.beta > 0
    )
    return [shape, shape] if keeps and isinstance(recipe.method, Full) else [shape]


def _weights(recipe: TrainRecipe, shape: Shape, size: int) -> float:
    """Bytes of a model's weights."""
    if recipe.quantised:
        return shape.linear * _NF4 + shape.other * size
    return (shape.linear + shape.other) * (4 if isinstance(recipe.method, Full) else size)


def _sequences(recipe: TrainRecipe) -> int:
    """Sequences in memory for each of the batch: pairs have two."""
    return 2 if isinstance(recipe.objective, Dpo | Orpo | Reward) else 1


def _adapter(recipe: TrainRecipe, shape: Shape, family: Family) -> int:
    """Weights of the adapter."""
    method = recipe.method
    if isinstance(method, Lora | AdaLora | Ia3):
        targets = set(targets_of(method, family))
        places = [(name, i, o) for name, i, o in shape.modules if name.rsplit(".", 1)[-1] in targets]
        if isinstance(method, Ia3):
            return sum(i if name.rsplit(".", 1)[-1] in family.outputs else o for name, i, o in places)
        rank = method.start_rank if isinstance(method, AdaLora) else method.rank
        return sum(rank * (inputs + outputs) for _, inputs, outputs in places)
    if isinstance(method, Full):
        return shape.linear + shape.other
    each = 2 * shape.layers * shape.hidden if isinstance(method, Prefix) else shape.hidden
    return method.tokens * each
