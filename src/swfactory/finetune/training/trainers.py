"""Objectives into TRL's trainers."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

from swfactory.finetune.rows import Message, Prompt
from swfactory.finetune.training.answers import use_answer_head
from swfactory.finetune.training.job import Job
from swfactory.finetune.training.method import AdaLora
from swfactory.finetune.training.methods import peft_config, spare_lower_layers
from swfactory.finetune.training.objective import Distillation, Dpo, Grpo, Kto, Orpo, Reward, Sft
from swfactory.finetune.training.rewards import Reward as RewardFunction

__all__ = ["build_trainer"]


def build_trainer(job: Job) -> Any:
    """Return the trainer of a job, its adapter in place and in fp32.

    Args:
        job: what is trained on what.
    """
    from transformers import EarlyStoppingCallback, PrinterCallback

    from swfactory.finetune.training.callbacks import AdaLoraRanks, Recorder

    recipe = job.recipe
    callbacks: list[Any] = []
    if isinstance(recipe.method, AdaLora):
        callbacks.append(AdaLoraRanks(job.folder, job.checkpoint))
    callbacks.append(Recorder(job.folder, job.place, job.report))
    if recipe.early_stopping is not None:
        stop = recipe.early_stopping
        callbacks.append(EarlyStoppingCallback(stop.patience, stop.least))
    if recipe.tensorboard and job.place.first:
        from torch.utils.tensorboard import SummaryWriter
        from transformers.integrations import TensorBoardCallback

        callbacks.append(TensorBoardCallback(SummaryWriter(str(job.folder.tensorboard))))
    trainer = _trainer(job, callbacks)
    trainer.remove_callback(PrinterCallback)  # standard output is the surface's
    if recipe.quantised:
        _restore_precision(trainer.model)
    reentrant = (trainer.args.gradient_checkpointing_kwargs or {}).get("use_reentrant")  # TRL's choice for ZeRO-3
    if not reentrant and not recipe.trust_remote_code:  # code from elsewhere may do its own checkpointing
        spare_lower_layers(trainer.model)
    if isinstance(recipe.objective, Sft) and (job.place.device == "cpu" or recipe.trust_remote_code):
        use_answer_head(trainer.model, own=recipe.trust_remote_code)
    return trainer


def _restore_precision(model: Any) -> None:
    """TRL casts adapters on quantised weights to bf16, which loses small steps and is slow on processors."""
    import torch

    for weight in model.parameters():
        if weight.requires_grad:
            weight.data = weight.data.to(torch.float32)


def _arguments(job: Job) -> dict[str, Any]:
    """What every trainer is told."""
    recipe, place = job.recipe, job.place
    evaluates = job.validation is not None
    every = recipe.evaluate_every or max(1, job.steps // max(1, round(recipe.epochs)))
    return {
        "output_dir": str(job.folder.path),
        "per_device_train_batch_size": recipe.batch,
        "per_device_eval_batch_size": recipe.batch,
        "gradient_accumulation_steps": recipe.accumulation,
        "max_steps": job.steps,
        "learning_rate": recipe.learning_rate,
        "lr_scheduler_type": recipe.schedule,
        "warmup_steps": round(job.steps * recipe.warmup),
        "weight_decay": recipe.weight_decay,
        "max_grad_norm": recipe.clip,
        "neftune_noise_alpha": recipe.neftune or None,
        "gradient_checkpointing": recipe.checkpoints,
        # not None: that becomes True even on processors which are slow in it
        "bf16": place.precision == "bf16",
        "fp16": place.precision == "fp16",
        "use_cpu": place.device == "cpu",
        "dataloader_pin_memory": place.device == "cuda",
        "ddp_find_unused_parameters": False if place.processes > 1 and not place.sharded else None,
        "seed": recipe.seed,
        "data_seed": recipe.seed,
        "logging_steps": recipe.log_every,
        "save_steps": recipe.save_every,
        "save_total_limit": 2,
        "eval_strategy": "steps" if evaluates else "no",
        "eval_steps": every if evaluates else None,
        "load_best_model_at_end": recipe.early_stopping is not None,
        "restore_callback_states_from_checkpoint": recipe.early_stopping is not None,  # its patience goes on
        "metric_for_best_model": "eval_loss" if evaluates else None,
        "greater_is_better": False if evaluates else None,
        "report_to": [],
        "disable_tqdm": True,
    }


def _adapter(job: Job, task: str = "CAUSAL_LM") -> Any:
    return peft_config(job.recipe.method, job.family, steps=job.steps, task=task)


def _trainer(job: Job, callbacks: list[Any]) -> Any:
    objective, common = job.recipe.objective, _arguments(job)
    shared: dict[str, Any] = {
        "model": job.model,
        "train_dataset": job.rows,
        "eval_dataset": job.validation,
        "processing_class": job.tokenizer,
        "callbacks": callbacks,
    }
    if isinstance(objective, Sft):
        from trl import SFTConfig, SFTTrainer

        own = {"dataset_kwargs": {"skip_prepare_dataset": True}, "packing": objective.packing}
        config = SFTConfig(**common, **own, max_length=job.recipe.length)
        return SFTTrainer(args=config, peft_config=_adapter(job), **shared)
    if isinstance(objective, Dpo):
        from trl import DPOConfig, DPOTrainer

        config = DPOConfig(**common, beta=objective.beta, loss_type=[objective.loss], max_length=job.recipe.length)
        return DPOTrainer(args=config, peft_config=_adapter(job), **shared)
    if isinstance(objective, Kto):
        from trl import KTOConfig, KTOTrainer

        weights = {"desirable_weight": objective.desirable, "undesirable_weight": objective.undesirable}
        config = KTOConfig(**common, beta=objective.beta, **weights, max_length=job.recipe.length)
        return KTOTrainer(args=config, peft_config=_adapter(job), **shared)
    if isinstance(objective, Orpo):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # TRL says of all its experimental parts that they may change
            from trl.experimental.orpo import ORPOConfig, ORPOTrainer

        config = ORPOConfig(**common, beta=objective.beta, max_length=job.recipe.length)
        return ORPOTrainer(args=config, peft_config=_adapter(job), **shared)
    if isinstance(objective, Reward):
        from trl import RewardConfig, RewardTrainer

        config = RewardConfig(**common, max_length=job.recipe.length)
        return RewardTrainer(args=config, peft_config=_adapter(job, "SEQ_CLS"), **shared)
    if isinstance(objective, Grpo):
        from trl import GRPOConfig, GRPOTrainer

        assert job.reward is not None
        config = GRPOConfig(
            **common,
            num_generations=objective.generations,
            max_completion_length=objective.reply,
            temperature=objective.temperature,
            beta=objective.beta,
        )
        return GRPOTrainer(args=config, peft_config=_adapter(job), reward_funcs=_for_trl(job.reward), **shared)
    assert isinstance(objective, Distillation)
    from trl import DistillationConfig, DistillationTrainer

    config = DistillationConfig(
        **common, max_completion_length=objective.reply, temperature=objective.temperature, beta=objective.beta
    )
    return DistillationTrainer(args=config, peft_config=_adapter(job), teacher_model=job.teacher, **shared)


def _for_trl(reward: RewardFunction) -> Any:
    """A reward as TRL calls it: with columns, and replies as turns."""

    def tests_passed(
        prompts: Sequence[Any], completions: Sequence[Any], tests: Sequence[str], module: Sequence[str], **kwargs: Any
    ) -> list[float]:
        del kwargs
        rows = [
            Prompt(prompt=tuple(Message(**turn) for turn in prompt), tests=text, module=name)
            for prompt, text, name in zip(prompts, tests, module, strict=True)
        ]
        return reward(rows, [completion[0]["content"] for completion in completions])

    return tests_passed
