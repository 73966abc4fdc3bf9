"""Proximal policy optimisation: sample, reward, and a clipped step.

Schulman et al., Proximal Policy Optimization Algorithms, 2017, with the penalty for leaving the base of Ouyang et al.,
Training language models to follow instructions with human feedback, 2022. The reference is the model with its adapter
switched off, so there is one model in memory. TRL no longer has this.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from swfactory.errors import InputError, StoreError
from swfactory.finetune.rows import Prompt
from swfactory.finetune.training.job import Job
from swfactory.finetune.training.methods import peft_config, spare_lower_layers
from swfactory.finetune.training.objective import Ppo
from swfactory.finetune.training.reporting import Step
from swfactory.finetune.training.templates import render

__all__ = ["PpoLoop", "advantages"]

_STATE = "state.pt"
_UNBIASED: dict[str, Any] = {"top_k": 0, "top_p": 1.0, "repetition_penalty": 1.0, "no_repeat_ngram_size": 0}
"""Whatever a base's own settings say: the ratios hold for what was drawn from the whole distribution only."""


def advantages(rewards: Any, values: Any, mask: Any, decay: float) -> tuple[Any, Any]:
    """Return advantages and returns of every token, by generalised advantage estimation with γ = 1.

    Schulman et al., High-Dimensional Continuous Control Using Generalized Advantage Estimation, 2016.

    Args:
        rewards: of each token, (replies, tokens).
        values: predicted of each token, same shape.
        mask: 1 for tokens of the reply, 0 for what pads it on the right.
        decay: λ.
    """
    import torch

    found = torch.zeros_like(rewards)
    following = torch.zeros_like(rewards[:, 0])
    for at in reversed(range(rewards.shape[1])):
        after = values[:, at + 1] * mask[:, at + 1] if at + 1 < rewards.shape[1] else torch.zeros_like(following)
        surprise = rewards[:, at] + after - values[:, at]
        following = (surprise + decay * following) * mask[:, at]
        found[:, at] = following
    return found, (found + values) * mask


class PpoLoop:
    """The loop of one job.

    Args:
        job: what is trained on what; it has a reward.
    """

    def __init__(self, job: Job) -> None:
        import torch
        from peft import get_peft_model, prepare_model_for_kbit_training
        from transformers import get_scheduler, set_seed

        if job.place.processes > 1:
            raise InputError("ppo trains in one process", hint="objective: grpo  uses several")
        recipe = job.recipe
        assert isinstance(recipe.objective, Ppo)
        set_seed(recipe.seed)
        self._job = job
        self._objective: Ppo = recipe.objective
        model = job.model
        if recipe.quantised:
            model = prepare_model_for_kbit_training(model, use_gradient_checkpointing=recipe.checkpoints)
        config = peft_config(recipe.method, job.family, steps=job.steps, task="CAUSAL_LM")
        self.model = get_peft_model(model, config)
        if not recipe.trust_remote_code:  # code from elsewhere may do its own checkpointing
            spare_lower_layers(self.model)
        if recipe.checkpoints:
            self.model.gradient_checkpointing_enable({"use_reentrant": False})
        device = next(self.model.parameters()).device
        self._critic = torch.nn.Linear(job.config.hidden_size, 1, device=device)
        torch.nn.init.zeros_(self._critic.weight)
        torch.nn.init.zeros_(self._critic.bias)
        self._trained = [weight for weight in self.model.parameters() if weight.requires_grad]
        self._trained += list(self._critic.parameters())
        self._optimiser = torch.optim.AdamW(self._trained, lr=recipe.learning_rate, weight_decay=recipe.weight_decay)
        self._schedule = get_scheduler(
            recipe.schedule,
            self._optimiser,
            num_warmup_steps=round(job.steps * recipe.warmup),
            num_training_steps=job.steps,
        )
        self._rows: Sequence[Prompt] = [Prompt.model_validate(row) for row in job.rows]

    def train(self) -> None:
        """Run every step from the checkpoint on.

        Raises:
            StoreError: a checkpoint cannot be written.
        """
        job, recipe = self._job, self._job.recipe
        done = self._restore(job.checkpoint) if job.checkpoint else 0
        last = (job.folder.curve.points() or [{}])[-1]
        tokens, began = int(last.get("tokens", 0)), time.monotonic() - float(last.get("seconds", 0.0))
        for step in range(done + 1, job.steps + 1):
            facts = self._step(self._sample(step))
            tokens += int(facts.pop("new_tokens"))
            if step % recipe.log_every == 0:
                seconds = round(time.monotonic() - began, 3)
                job.folder.curve.add({"step": step, **facts, "tokens": tokens, "seconds": seconds})
            job.report(Step(stage="training", done=step, total=job.steps, loss=facts["loss"]))
            if step % recipe.save_every == 0 or step == job.steps:
                self._save(step)

    def _sample(self, step: int) -> list[Prompt]:
        """The prompts of a step: every one once an epoch, in an order that depends on the seed alone."""
        recipe, count = self._job.recipe, len(self._rows)
        size = recipe.batch * recipe.accumulation
        chosen = []
        for at in range((step - 1) * size, step * size):
            order = list(range(count))
            random.Random(recipe.seed * 7919 + at // count).shuffle(order)  # noqa: S311 - an order, not a secret
            chosen.append(self._rows[order[at % count]])
        return chosen

    def _step(self, rows: Sequence[Prompt]) -> dict[str, float]:
        import torch

        size = self._job.recipe.batch
        batches = [self._roll_out(rows[at : at + size]) for at in range(0, len(rows), size)]
        scale = torch.cat([batch["advantages"][batch["mask"].bool()] for batch in batches])
        mean, spread = scale.mean(), scale.std().nan_to_num(0.0) + 1e-6
        loss, norm = 0.0, 0.0
        for _ in range(self._objective.passes):
            loss = 0.0
            for batch in batches:
                part = self._loss(batch, (batch["advantages"] - mean) / spread) / len(batches)
                part.backward()
                loss += float(part)
            norm = float(torch.nn.utils.clip_grad_norm_(self._trained, self._job.recipe.clip))
            self._optimiser.step()
            self._optimiser.zero_grad()
        rate = self._schedule.get_last_lr()[0]
        self._schedule.step()
        replies = sum(len(batch["mask"]) for batch in batches)
        return {
            "loss": loss,
            "grad_norm": norm,
            "learning_rate": rate,
            "reward": sum(float(batch["scores"].sum()) for batch in batches) / replies,
            "kl": sum(float(batch["divergence"].sum()) for batch in batches) / replies,
            "new_tokens": sum(int(batch["mask"].sum()) for batch in batches),
        }

    def _roll_out(self, rows: Sequence[Prompt]) -> dict[str, Any]:
        """Replies to prompts, with what the model, the reference and the critic said of each token then."""
        import torch

        job, objective, tokenizer = self._job, self._objective, self._job.tokenizer
        asked = tokenizer(
            [render(tokenizer, row.prompt, ask=True) for row in rows],
            return_tensors="pt",
            padding=True,
            padding_side="left",
            add_special_tokens=False,
            return_token_type_ids=False,
        ).to(next(self.model.parameters()).device)
        self.model.eval()
        with torch.no_grad():
            whole = self.model.generate(
                **asked,
                do_sample=True,
                temperature=objective.temperature,
                **_UNBIASED,
                max_new_tokens=objective.reply,
                pad_token_id=tokenizer.pad_token_id,
                eos_token_id=tokenizer.eos_token_id,
            )
            replies = whole[:, asked["input_ids"].shape[1] :]
            ended = (replies == tokenizer.eos_token_id).cumsum(-1)
            # the token that ends the reply belongs to it, those after it pad
            mask = ((ended - (replies == tokenizer.eos_token_id).long()) == 0).float()
            attention = torch.cat([asked["attention_mask"], mask.long()], dim=-1)
            batch = {"ids": whole, "attention": attention, "replies": replies, "mask": mask}
            logs, values = self._judge(batch)
            with self.model.disable_adapter():
                reference, _ = self._judge(batch)
        said = [
            tokenizer.decode(reply[m.bool()], skip_special_tokens=True) for reply, m in zip(replies, mask, strict=True)
        ]
        assert job.reward is not None
        scores = torch.tensor(job.reward(rows, said), dtype=torch.float32, device=mask.device)
        divergence = (logs - reference) * mask
        rewards = -objective.penalty * divergence
        rewards[torch.arange(len(rows)), mask.sum(-1).long() - 1] += scores
        found, returns = advantages(rewards, values * mask, mask, objective.decay)
        self.model.train()
        return batch | {
            "logs": logs,
            "advantages": found,
            "returns": returns,
            "scores": scores,
            "divergence": divergence,
        }

    def _judge(self, batch: dict[str, Any]) -> tuple[Any, Any]:
        """Log-probability of each token of the replies, and the critic's value before it."""
        count = batch["replies"].shape[1]
        out = self.model(
            input_ids=batch["ids"], attention_mask=batch["attention"], output_hidden_states=True, use_cache=False
        )
        logits = out.logits[:, -count - 1 : -1].float() / self._objective.temperature
        logs = logits.log_softmax(-1).gather(-1, batch["replies"][..., None])[..., 0]
        # the critic reads the states without moving them: its errors at the start would drown the policy's
        states = out.hidden_states[-1][:, -count - 1 : -1].detach().float()
        return logs, self._critic(states)[..., 0]

    def _loss(self, batch: dict[str, Any], advantage: Any) -> Any:
        import torch

        clip, mask = self._objective.clip, batch["mask"]
        logs, values = self._judge(batch)
        ratio = (logs - batch["logs"]).exp()
        gain = torch.minimum(ratio * advantage, ratio.clamp(1 - clip, 1 + clip) * advantage)
        error = (values - batch["returns"]) ** 2
        return ((self._objective.value * error - gain) * mask).sum() / mask.sum()

    def _save(self, step: int) -> None:
        import torch
        from peft import get_peft_model_state_dict

        folder = self._job.folder.path / f"checkpoint-{step}"
        state = {
            "step": step,
            "adapter": get_peft_model_state_dict(self.model),
            "critic": self._critic.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "schedule": self._schedule.state_dict(),
            "chance": torch.get_rng_state(),
            "chance_cuda": torch.cuda.get_rng_state_all() if torch.cuda.is_available() else [],
        }
        try:
            folder.mkdir(exist_ok=True)
            torch.save(state, folder / _STATE)
        except (OSError, RuntimeError) as exc:  # torch's writer says RuntimeError of a full disk
            raise StoreError(f"the checkpoint of step {step} cannot be kept: {exc}", hint="df -h") from exc
        self._job.folder.mark_whole(step)

    def _restore(self, checkpoint: Path) -> int:
        import torch
        from peft import set_peft_model_state_dict

        state = torch.load(checkpoint / _STATE, weights_only=True, map_location="cpu")
        set_peft_model_state_dict(self.model, state["adapter"])
        self._critic.load_state_dict(state["critic"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._schedule.load_state_dict(state["schedule"])
        torch.set_rng_state(state["chance"])
        if state["chance_cuda"]:
            torch.cuda.set_rng_state_all(state["chance_cuda"])
        return int(state["step"])
