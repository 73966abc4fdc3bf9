"""What a training measures: curve, forgetting, validation, TensorBoard, memory."""

from __future__ import annotations

import json
import math

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("trl")
transformers = pytest.importorskip("transformers")

from swfactory.errors import InputError  # noqa: E402
from swfactory.finetune.training import train  # noqa: E402
from swfactory.finetune.training.curve import draw_curve  # noqa: E402
from swfactory.finetune.training.forgetting import perplexity, read_text  # noqa: E402
from swfactory.models.adapters import AdapterStore  # noqa: E402

from .conftest import QUIET, rows_of, write_rows  # noqa: E402

pytestmark = QUIET


def test_four_bits_are_trained_on_after_they_were_measured(recipe, settings, tmp_path):
    """Some processors have a second order of such weights, for evaluation only."""
    write_rows(tmp_path / "train.jsonl", rows_of("sft", 8))
    write_rows(tmp_path / "validation.jsonl", rows_of("sft", 4))
    text = tmp_path / "general.txt"
    text.write_text("the quick brown fox jumps over the lazy dog\n" * 30)
    wanted = recipe(
        method="qlora",
        data=str(tmp_path),
        steps=3,
        learning_rate=0.01,
        evaluate_every=1,
        forgetting={"text": str(text), "tokens": 300},
    )
    card = train(wanted, settings)
    curve = AdapterStore(settings.data_dir / "adapters").folder("tiny") / "curve.jsonl"
    points = [json.loads(line) for line in curve.read_text().splitlines()]
    losses = [point["eval_loss"] for point in points if "eval_loss" in point]
    assert len(losses) == 3
    assert losses[-1] < losses[0]
    assert card.facts["perplexity_after"] != card.facts["perplexity_before"]


def test_the_folder_of_an_adapter_tells_how_it_was_made(recipe, settings, tmp_path):
    write_rows(tmp_path / "train.jsonl", rows_of("sft", 8))
    write_rows(tmp_path / "validation.jsonl", rows_of("sft", 4))
    text = tmp_path / "general.txt"
    text.write_text("the quick brown fox jumps over the lazy dog\n" * 30)
    wanted = recipe(
        data=str(tmp_path),
        role="engineer",
        evaluate_every=1,
        forgetting={"text": str(text), "tokens": 300},
        tensorboard=True,
    )
    said = []
    card = train(wanted, settings, said.append)
    folder = AdapterStore(settings.data_dir / "adapters").folder("tiny")
    assert {path.name for path in folder.iterdir()} == {
        *("card.json", "curve.jsonl", "curve.png", "peft", "recipe.yaml", "run.json", "tensorboard"),
    }
    assert (card.role, card.method, card.architecture) == ("engineer", "lora", "qwen2")
    assert list(card.data) == [tmp_path.name, f"{tmp_path.name}/validation"]
    assert card.facts["perplexity_before"] > 1
    assert card.facts["perplexity_after"] != card.facts["perplexity_before"]
    assert card.facts["tokens_per_second"] > 0
    assert card.facts["peak_memory"] > 50 * 2**20
    points = [json.loads(line) for line in (folder / "curve.jsonl").read_text().splitlines()]
    assert [point["step"] for point in points if "eval_loss" in point] == [1, 2, 3]
    assert [point["tokens"] for point in points if "loss" in point] == sorted(
        p["tokens"] for p in points if "loss" in p
    )
    assert (folder / "curve.png").read_bytes().startswith(b"\x89PNG")
    assert list((folder / "tensorboard").glob("events.*"))
    run = json.loads((folder / "run.json").read_text())
    assert run["versions"]["trl"]
    assert run["estimate"]["total"] > 0
    assert [step.stage for step in said if step.stage not in {"training", "evaluating"}] == [
        *("checking", "tokenising", "loading", "measuring", "saving"),
    ]
    assert (folder / "peft" / "chat_template.jinja").is_file()
    config = json.loads((folder / "peft" / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == wanted.base


def test_it_stops_when_the_validation_loss_does_not_fall(recipe, settings, data):
    wanted = recipe(
        validation=str(data["sft"]),
        evaluate_every=1,
        save_every=1,
        steps=30,
        learning_rate=1e-9,  # nothing is learnt, so nothing falls by as much as this
        early_stopping={"patience": 2, "least": 0.1},
    )
    assert train(wanted, settings).facts["steps"] == 3


def test_perplexity_of_a_model_that_knows_nothing_is_its_vocabulary(base):
    model = transformers.AutoModelForCausalLM.from_pretrained(base)
    with torch.no_grad():
        model.lm_head.weight.zero_()
    tokenizer = transformers.AutoTokenizer.from_pretrained(base)
    value = perplexity(model, tokenizer, "some text " * 50, length=32, tokens=100)
    assert value == pytest.approx(model.config.vocab_size, rel=1e-4)


def test_general_text_is_read_from_lines_of_json(tmp_path):
    path = tmp_path / "general.jsonl"
    path.write_text('{"text": "one"}\n{"messages": [{"role": "user", "content": "two"}]}\n')
    assert read_text(path) == "one\n\ntwo"
    path.write_text('{"text": "one"}\n{"words": 1}\n')
    with pytest.raises(InputError, match=r"general\.jsonl:2: no 'text'"):
        read_text(path)
    path.write_text("")
    with pytest.raises(InputError, match="is empty"):
        read_text(path)


def test_a_curve_of_one_point_or_none_can_be_drawn(tmp_path):
    for points in ([], [{"step": 1, "loss": 2.0}], [{"step": 1, "eval_loss": math.pi}]):
        draw_curve(points, tmp_path / "curve.png", "tiny")
        assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")
