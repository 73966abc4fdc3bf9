"""What llm-compressor really makes of a model, in an environment of its own.

It is large, so these tests run only where ``SWF_COMPRESSOR`` names a virtual environment that has it::

    python -m venv /tmp/compressor && /tmp/compressor/bin/pip install torch 'llmcompressor>=0.14,<0.15'
    SWF_COMPRESSOR=/tmp/compressor python -m pytest tests/finetune/export/test_compressor.py
"""

import json
import os
from pathlib import Path

import pytest

from swfactory.finetune.export.quantised import Compressor
from tests.finetune.export import tiny

HOME = os.environ.get("SWF_COMPRESSOR", "")
pytestmark = pytest.mark.skipif(not HOME, reason="SWF_COMPRESSOR names no environment with llm-compressor")

GROUP = 128
"""Weights that share a scale in the four-bit forms; a layer's width is a multiple of it."""


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tiny, "HIDDEN", GROUP)
        return tiny.save_model(tmp_path_factory.mktemp("model") / "qwen2", "qwen2", spread=0.1)


def scores(model: Path, probe: list[int]) -> list[float]:
    import torch
    from transformers import AutoModelForCausalLM

    ids = torch.tensor([probe])
    with torch.inference_mode():
        found = AutoModelForCausalLM.from_pretrained(model).eval()(input_ids=ids).logits[0, :-1].log_softmax(-1)
    return found.gather(-1, ids[0, 1:, None])[:, 0].tolist()


@pytest.mark.parametrize(("form", "bits"), [("w8a8", 8), ("smoothquant", 8), ("gptq", 4)])
def test_a_model_becomes_smaller_and_judges_almost_alike(model, tmp_path, monkeypatch, form, bits):
    monkeypatch.setattr(Compressor, "prepare", lambda self: None)
    probe = list(range(5, 45))
    calibration = [list(range(start, start + 64)) for start in range(4, 36)]
    target = tmp_path / form
    (found,) = Compressor(Path(HOME), print).quantise(form, model, target, calibration=calibration, probes=[probe])
    whole = scores(model, probe)
    assert len(found) == len(whole)
    assert sum(abs(a - b) for a, b in zip(found, whole, strict=True)) / len(whole) < 0.5
    assert found != whole
    config = json.loads((target / "config.json").read_text())["quantization_config"]
    (group,) = config["config_groups"].values()
    assert group["weights"]["num_bits"] == bits
    assert (target / "model.safetensors").stat().st_size < (model / "model.safetensors").stat().st_size * 0.7
