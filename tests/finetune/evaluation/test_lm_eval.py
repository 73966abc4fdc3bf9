"""The real lm-eval, with a task of local data and a tiny model, with and without an adapter."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from swfactory.finetune.evaluation.harness import HarnessSuite
from swfactory.finetune.evaluation.subjects import Subject
from tests.finetune.evaluation.fakes import settings
from tests.finetune.export import tiny

pytest.importorskip("lm_eval")
pytestmark = [
    pytest.mark.filterwarnings(f"ignore::{kind}") for kind in ("DeprecationWarning", "FutureWarning", "UserWarning")
]

QUESTIONS = [f"Which letter is number {number}?" for number in range(12)]
CHOICES = ["A", "B", "C"]

TASK = """\
task: letters
dataset_path: json
dataset_kwargs:
  data_files:
    test: {file}
output_type: multiple_choice
test_split: test
doc_to_text: "{{{{question}}}}"
doc_to_choice: {choices}
doc_to_target: answer
metric_list:
  - metric: acc
"""


@pytest.fixture(scope="module")
def tasks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tasks")
    rows = [{"question": question, "answer": number % 3} for number, question in enumerate(QUESTIONS)]
    file = folder / "letters.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    (folder / "letters.yaml").write_text(TASK.format(file=file, choices=json.dumps(CHOICES)))
    return folder


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.save_model(tmp_path_factory.mktemp("base") / "qwen2", "qwen2")


def likeliest(base: Path, adapter: Path | None) -> list[int]:
    """For each question the choice that Transformers finds likeliest."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(base)
    model = AutoModelForCausalLM.from_pretrained(base).eval()
    model = PeftModel.from_pretrained(model, adapter).eval() if adapter else model

    def score(question: str, choice: str) -> float:
        start, ids = (
            len(tokenizer(question)["input_ids"]),
            torch.tensor([tokenizer(f"{question} {choice}")["input_ids"]]),
        )
        with torch.inference_mode():
            found = model(input_ids=ids).logits[0, :-1].log_softmax(-1)
        return float(found.gather(-1, ids[0, 1:, None])[start - 1 :].sum())

    return [max(range(3), key=lambda at: score(question, CHOICES[at])) for question in QUESTIONS]


async def test_documents_are_answered_as_transformers_would(tasks: Path, base: Path, tmp_path: Path) -> None:
    found = {}
    for name, adapter in (("base", None), ("adapted", tiny.save_adapter(base, tmp_path / "lora", strength=0.5))):
        suite = HarnessSuite("letters", "letters", tasks)
        subject = Subject(name, f"hf:{base}" + (f"?adapter={adapter}" if adapter else ""), settings(tmp_path))
        suite.check(subject)
        (item,) = suite.items()
        found[name] = (await suite.measure(item, subject, "", tmp_path)).passed
        assert found[name] == tuple(at == number % 3 for number, at in enumerate(likeliest(base, adapter)))
    assert found["base"] != found["adapted"]
