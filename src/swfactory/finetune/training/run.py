"""A whole training: check, estimate, load, train, and hand the adapter to the store."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from swfactory.config import Settings
from swfactory.errors import EnvironmentalError, Interrupted, StoreError
from swfactory.finetune.bases import resolve_base
from swfactory.finetune.training.datasets import evaluation_rows, training_rows
from swfactory.finetune.training.forgetting import perplexity, read_text
from swfactory.finetune.training.handover import hand_over
from swfactory.finetune.training.job import Job, steps_of
from swfactory.finetune.training.loading import load_model
from swfactory.finetune.training.method import Full, Lora
from swfactory.finetune.training.objective import Distillation, Grpo, Ppo, Reward
from swfactory.finetune.training.planning import Parts, Plan, make_plan
from swfactory.finetune.training.recipe import TrainRecipe
from swfactory.finetune.training.reporting import Report, Step, silent
from swfactory.finetune.training.resuming import TrainingFolder
from swfactory.finetune.training.rewards import Reward as RewardFunction
from swfactory.models.adapters import AdapterCard, AdapterStore

__all__ = ["train"]


def train(
    recipe: TrainRecipe,
    settings: Settings,
    report: Report = silent,
    *,
    resume: bool = False,
    reward: RewardFunction | None = None,
) -> AdapterCard:
    """Train, and put the adapter into the store.

    A training of the same recipe, base and data that was killed goes on from its last whole checkpoint. Nothing is
    registered before all of it is written.

    Args:
        recipe: every choice, its paths absolute or relative to the current folder.
        settings: says where data, bases and adapters are, and which sandbox runs generated code.
        report: told of every step.
        resume: go on with a killed training, or fail when there is none.
        reward: scores replies, instead of the rows' tests.

    Returns:
        What is known of the adapter.

    Raises:
        InputError: a row, the base, the name or the memory does not fit the recipe.
        NotFoundError: a file is missing.
        BusyError: another process trains under this name.
        SandboxError: generated code must run, and cannot safely.
        StoreError: the disk is full.
        Interrupted: Ctrl-C; the training can be gone on with.
        MissingExtraError: a library is missing.
    """
    report(Step(stage="checking"))
    plan, parts = make_plan(recipe, settings, rewarded=reward is not None)
    if reward is None and isinstance(recipe.objective, Grpo | Ppo):
        reward = _sandboxed(settings, recipe.objective.seconds)
    folder = TrainingFolder(settings.data_dir / "training" / plan.name)
    hold = folder.held(plan.identity(recipe), resume=resume) if plan.place.first else nullcontext(folder.checkpoint())
    with hold as checkpoint, _translated(folder):
        job = _loaded(_Order(recipe, settings, report, reward), plan, parts, folder, checkpoint)
        measured = _trained(job)
        report(Step(stage="saving", done=job.steps, total=job.steps))
        store = AdapterStore(settings.data_dir / "adapters")
        if not plan.place.first:
            return AdapterCard(name=plan.name, base=recipe.base, method=recipe.method.kind)
        card = hand_over(store, plan, recipe, folder, measured)
    folder.remove()
    return card


def _sandboxed(settings: Settings, seconds: float) -> RewardFunction:
    from swfactory.finetune.training.rewards import run_tests
    from swfactory.sandbox import create_sandbox

    return run_tests(create_sandbox(settings), seconds=seconds)


@dataclass(frozen=True)
class _Order:
    """What the caller asked for."""

    recipe: TrainRecipe
    settings: Settings
    report: Report
    reward: RewardFunction | None


def _loaded(order: _Order, plan: Plan, parts: Parts, folder: TrainingFolder, checkpoint: Path | None) -> Job:
    """Rows first, weights second: a row that is wrong must not cost a load."""
    from swfactory.finetune.training.callbacks import reset_peak_memory

    reset_peak_memory(plan.place)
    recipe, settings, report = order.recipe, order.settings, order.report
    report(Step(stage="tokenising"))
    cache = settings.data_dir / "cache" / "tokens"
    rows = training_rows(recipe, parts.tokenizer, cache)
    validation = evaluation_rows(recipe, parts.tokenizer, cache)
    report(Step(stage="loading", note=f"{plan.base.name}, about {plan.memory.text}"))
    teacher = None
    if isinstance(recipe.objective, Distillation):
        master = resolve_base(recipe.objective.teacher, settings, trust_remote_code=recipe.trust_remote_code)
        teacher = load_model(master, recipe, plan.place, quantised=recipe.quantised)
    scores = isinstance(recipe.objective, Reward)
    return Job(
        recipe=recipe,
        place=plan.place,
        base=plan.base,
        config=parts.config,
        tokenizer=parts.tokenizer,
        family=parts.family,
        model=load_model(plan.base, recipe, plan.place, quantised=recipe.quantised, scores=scores),
        rows=rows,
        validation=validation,
        teacher=teacher,
        reward=order.reward,
        folder=folder,
        checkpoint=checkpoint,
        steps=steps_of(recipe, len(rows), plan.place.processes),
        report=report,
    )


def _trained(job: Job) -> dict[str, float]:
    """Train, leave the weights in the folder's ``final``, and return what was measured."""
    from swfactory.finetune.training.callbacks import peak_memory

    if isinstance(job.recipe.objective, Ppo):
        from swfactory.finetune.training.ppo import PpoLoop

        loop = PpoLoop(job)
        trainer, model = None, loop.model
    else:
        from swfactory.finetune.training.trainers import build_trainer

        trainer = build_trainer(job)
        model = trainer.model
    measured = _before(job, model)
    if isinstance(job.recipe.method, Lora) and job.recipe.method.kind == "pissa" and job.place.first:
        _keep_initial(model, job.folder)
    if trainer is None:
        loop.train()
    else:
        trainer.train(resume_from_checkpoint=str(job.checkpoint) if job.checkpoint else None)
        model = trainer.accelerator.unwrap_model(trainer.model)
    if job.recipe.forgetting:
        measured["perplexity_after"] = _perplexity(job, model)
    _save(job, model, trainer)
    return measured | {"peak_memory": peak_memory(job.place)}


def _before(job: Job, model: Any) -> dict[str, float]:
    """Perplexity of the base, measured once and remembered for a training that is resumed."""
    if job.recipe.forgetting is None:
        return {}
    file = job.folder.path / "forgetting.json"
    if job.checkpoint is not None and file.is_file():
        return {"perplexity_before": float(json.loads(file.read_text(encoding="utf-8")))}
    job.report(Step(stage="measuring", note="perplexity on general text"))
    method = job.recipe.method
    # before the first step PiSSA's adapter is a part of the base, and every other one is beside it
    off = hasattr(model, "disable_adapter") and not (isinstance(method, Lora) and method.kind == "pissa")
    with model.disable_adapter() if off else nullcontext():
        value = _perplexity(job, model)
    if job.place.first:
        file.write_text(json.dumps(value), encoding="utf-8")
    return {"perplexity_before": value}


def _perplexity(job: Job, model: Any) -> float:
    assert job.recipe.forgetting is not None
    text = read_text(Path(job.recipe.forgetting.text))
    return perplexity(
        model, job.tokenizer, text, length=min(job.recipe.length, 1024), tokens=job.recipe.forgetting.tokens
    )


def _keep_initial(model: Any, folder: TrainingFolder) -> None:
    """PiSSA moves weights from the base into the adapter; told apart from its start, it fits the base as it was."""
    config = model.peft_config["default"]
    started, config.init_lora_weights = config.init_lora_weights, True
    model.save_pretrained(str(folder.initial), save_embedding_layers=False)
    config.init_lora_weights = started


def _save(job: Job, model: Any, trainer: Any) -> None:
    final = job.folder.final
    if job.place.sharded:
        trainer.save_model(str(final))  # every process has a part of the weights
    elif job.place.first and isinstance(job.recipe.method, Full):
        model.save_pretrained(str(final))
    elif job.place.first:
        options: dict[str, Any] = {"save_embedding_layers": False, "selected_adapters": ["default"]}
        if job.folder.initial.is_dir():
            options["path_initial_model_for_weight_conversion"] = str(job.folder.initial)
        model.peft_config["default"].base_model_name_or_path = job.recipe.base
        model.save_pretrained(str(final), **options)
    if job.place.first:
        job.tokenizer.save_pretrained(str(final))
        (final / "README.md").unlink(missing_ok=True)  # a form that nobody filled in; the card says what is known


@contextmanager
def _translated(folder: TrainingFolder) -> Iterator[None]:
    """Say what libraries mean by their errors."""
    import torch
    from safetensors import SafetensorError

    try:
        yield
    except KeyboardInterrupt as exc:
        last = folder.checkpoint()
        step = last.name.rpartition("-")[2] if last else "0"
        raise Interrupted("the training was interrupted", hint=f"run it again to go on from step {step}") from exc
    except (OSError, SafetensorError) as exc:
        raise StoreError(f"the training cannot be written: {exc}", hint="look at the disk: df -h") from exc
    except torch.OutOfMemoryError as exc:
        raise EnvironmentalError(f"the memory did not suffice: {exc}", hint="a smaller batch or length") from exc
    except RuntimeError as exc:
        if "PytorchStreamWriter" not in str(exc) and "unexpected pos" not in str(exc):
            raise
        raise StoreError(f"a checkpoint cannot be written: {exc}", hint="look at the disk: df -h") from exc
