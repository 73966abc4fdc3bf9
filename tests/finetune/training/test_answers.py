"""The head on answer tokens gives what TRL's head gives."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("trl")
transformers = pytest.importorskip("transformers")

from swfactory.finetune.training import answers  # noqa: E402

from .conftest import QUIET  # noqa: E402

pytestmark = QUIET


@pytest.mark.parametrize("chunk", [512, 4])
def test_loss_measures_and_gradients_are_those_of_trl(chunk, base, monkeypatch):
    from trl.trainer.utils import add_fused_lm_head

    monkeypatch.setattr(answers, "CHUNK", chunk)
    torch.manual_seed(0)
    ids = torch.randint(3, 290, (2, 24))
    labels = ids.masked_fill(torch.rand(ids.shape) < 0.6, -100)
    found = []
    for own in (None, False, True):
        model = transformers.AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
        add_fused_lm_head(model, outputs=("log_probs", "entropy", "is_top1"))
        if own is not None:
            assert answers.use_answer_head(model, own=own)
        out = model(input_ids=ids, labels=labels, fused_lm_head=True)
        out.loss.backward()
        gradient = model.model.layers[0].self_attn.q_proj.weight.grad
        found.append((out.loss, out.log_probs, out.entropy, out.is_top1.float(), gradient, model.lm_head.weight.grad))
    for theirs, ours, models in zip(*found, strict=True):
        assert torch.allclose(theirs, ours, atol=1e-5)
        assert torch.allclose(theirs, models, atol=1e-5)


def test_a_model_that_scales_its_logits_keeps_trls(make_base):
    model = transformers.AutoModelForCausalLM.from_pretrained(make_base("gemma2"))
    assert not answers.use_answer_head(model)
