"""Quantise a model with llm-compressor: a program for an environment of its own, which knows nothing of swfactory.

It is run as ``python compressor.py JOB.json`` and leaves ``result`` of the job behind. The job names ``model`` and
``target`` (folders), ``form``, ``calibration`` (lists of token ids), ``probes`` (the same) and ``result`` (a file).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

__all__ = ["main"]

_SMOOTHING = 0.8
"""Share of the activations' range that moves into the weights; the value of the SmoothQuant paper for large models."""


def main(job_file: str) -> None:
    """Do one job.

    Args:
        job_file: path of its JSON.
    """
    job = json.loads(Path(job_file).read_text(encoding="utf-8"))
    _quantise(job)
    result = {"scores": _scores(job["target"], job["probes"])}
    Path(job["result"]).write_text(json.dumps(result), encoding="utf-8")


def _recipe(form: str) -> list[Any]:
    from llmcompressor.modifiers.quantization import GPTQModifier, QuantizationModifier
    from llmcompressor.modifiers.transform import AWQModifier, SmoothQuantModifier

    linear: dict[str, Any] = {"targets": "Linear", "ignore": ["lm_head"]}
    if form == "gptq":
        return [GPTQModifier(scheme="W4A16", **linear)]
    if form == "awq":
        return [AWQModifier(duo_scaling="both"), QuantizationModifier(scheme="W4A16_ASYM", **linear)]
    if form == "smoothquant":
        return [SmoothQuantModifier(smoothing_strength=_SMOOTHING), GPTQModifier(scheme="W8A8", **linear)]
    return [QuantizationModifier(scheme="W8A8", **linear)]


def _quantise(job: dict[str, Any]) -> None:
    from datasets import Dataset
    from llmcompressor import oneshot
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(job["model"], dtype="auto")
    rows = [{"input_ids": ids, "attention_mask": [1] * len(ids)} for ids in job["calibration"]]
    oneshot(
        model=model,
        dataset=Dataset.from_list(rows),
        recipe=_recipe(job["form"]),
        max_seq_length=max(len(ids) for ids in job["calibration"]),
        num_calibration_samples=len(rows),
    )
    model.save_pretrained(job["target"], save_compressed=True)


def _scores(target: str, probes: list[list[int]]) -> list[list[float]]:
    """Log-probability of each token of each probe but the first, by what was saved."""
    import torch
    from transformers import AutoModelForCausalLM

    model = AutoModelForCausalLM.from_pretrained(target).eval()
    scores = []
    with torch.inference_mode():
        for probe in probes:
            ids = torch.tensor([probe], device=model.device)
            found = model(input_ids=ids, use_cache=False).logits[0, :-1].float().log_softmax(-1)
            scores.append(found.gather(-1, ids[0, 1:, None])[:, 0].tolist())
    return scores


if __name__ == "__main__":
    main(sys.argv[1])
