"""Advantages by hand, and a policy that learns what is rewarded."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("peft")
transformers = pytest.importorskip("transformers")

from swfactory.finetune.training import train  # noqa: E402
from swfactory.finetune.training.ppo import advantages  # noqa: E402

from .conftest import QUIET  # noqa: E402

pytestmark = QUIET


def test_advantages_by_hand():
    rewards = torch.tensor([[0.0, 1.0, 9.0]])
    values = torch.tensor([[0.5, 0.25, 9.0]])
    mask = torch.tensor([[1.0, 1.0, 0.0]])
    found, returns = advantages(rewards, values * mask, mask, 0.5)
    last = 1.0 - 0.25
    first = (0.25 - 0.5) + 0.5 * last
    assert found[0].tolist() == pytest.approx([first, last, 0.0])
    assert returns[0].tolist() == pytest.approx([first + 0.5, 1.0, 0.0])


def test_without_decay_the_advantage_is_the_surprise_of_the_next_token():
    rewards, values = torch.tensor([[0.0, 2.0]]), torch.tensor([[1.0, 1.5]])
    found, _ = advantages(rewards, values, torch.ones(1, 2), 0.0)
    assert found[0].tolist() == pytest.approx([0.5, 0.5])


@pytest.fixture
def outspoken(base, tmp_path):
    """A base whose head is large enough for its layers to decide what is said."""
    model = transformers.AutoModelForCausalLM.from_pretrained(base)
    with torch.no_grad():
        model.lm_head.weight *= 8
    model.save_pretrained(tmp_path / "base")
    transformers.AutoTokenizer.from_pretrained(base).save_pretrained(tmp_path / "base")
    return tmp_path / "base"


def test_what_is_rewarded_is_said_more(recipe, settings, outspoken):
    """The reward is the share of characters that are lower-case letters."""
    seen = []

    def reward(rows, replies):
        scores = [sum(letter.islower() for letter in reply) / max(1, len(reply)) for reply in replies]
        seen.append(sum(scores) / len(scores))
        return scores

    wanted = recipe(
        base=str(outspoken),
        rows="prompt",
        objective={"kind": "ppo", "reply": 8, "penalty": 0.01},
        method={"kind": "lora", "rank": 8},
        batch=12,
        steps=25,
        learning_rate=2e-2,
        schedule="constant",
        checkpointing=False,
    )
    card = train(wanted, settings, reward=reward)
    assert sum(seen[-5:]) / 5 > sum(seen[:5]) / 5 + 0.2
    assert card.facts["reward"] == pytest.approx(seen[-1], abs=1e-3)
