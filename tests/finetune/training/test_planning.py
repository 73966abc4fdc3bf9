"""What is found out before a weight is loaded."""

from __future__ import annotations

import json
import os

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("trl")

from swfactory.errors import FactoryError, InputError, NotFoundError  # noqa: E402
from swfactory.finetune.training import memory, planning, run, train  # noqa: E402
from swfactory.finetune.training.families import FAMILIES  # noqa: E402
from swfactory.finetune.training.place import Place, find_place  # noqa: E402

from .conftest import QUIET, rows_of, turn, write_rows  # noqa: E402

pytestmark = QUIET


@pytest.fixture(autouse=True)
def no_weights(monkeypatch):
    def load_model(*args, **kwargs):
        raise AssertionError("weights were loaded")

    monkeypatch.setattr(run, "load_model", load_model)


def spoilt(line):
    rows = [json.dumps(row) for row in rows_of("sft", 3)]
    return "\n".join([*rows[:2], line, rows[2]]) + "\n"


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('{"messages": [{"role": "user", "content": "a"}', "no JSON"),
        ('{"text": "a"}', "no row that is known, where kind 'sft' is wanted (keys: text)"),
        (json.dumps({"mesages": rows_of("sft", 1)[0]["messages"]}), "unknown key 'mesages'"),
        ('{"messages": [{"role": "robot", "content": "a"}]}', "messages.0.role"),
        (json.dumps({"messages": [turn("user", "a")]}), "the last turn is not the assistant's"),
    ],
)
def test_a_malformed_row_is_named_by_file_and_line(line, said, recipe, settings, tmp_path):
    path = tmp_path / "bad.jsonl"
    path.write_text(spoilt(line))
    with pytest.raises(InputError) as caught:
        train(recipe(data=str(path)), settings)
    assert caught.value.message.startswith(f"{path}:3: ")
    assert said in caught.value.message


@pytest.mark.parametrize(
    ("tests", "said"),
    [("def test_a(:\n", "not Python"), ("x = 1\n", "no test"), ("", "no test")],
)
def test_rows_whose_tests_reward_nothing_are_named(tests, said, recipe, settings, tmp_path):
    rows = rows_of("prompt", 2)
    rows[1]["tests"] = tests
    path = write_rows(tmp_path / "bad.jsonl", rows)
    with pytest.raises(InputError, match=f"bad.jsonl:2: .*{said}"):
        train(recipe(data=str(path), objective={"kind": "grpo", "generations": 2}), settings)


def test_rows_of_another_objective(recipe, settings, data):
    with pytest.raises(InputError, match=r"jsonl:1: a row of kind 'preference', where kind 'sft' is wanted") as caught:
        train(recipe(rows="preference"), settings)
    assert "messages" in caught.value.hint


@pytest.mark.parametrize(
    ("changes", "kind", "said"),
    [
        ({"data": "nowhere"}, NotFoundError, "no rows in 'nowhere'"),
        ({"method": {"kind": "lora", "targets": ["q_prof"]}}, InputError, "no modules called q_prof"),
        ({"method": {"kind": "lora", "layers": [1, 2]}}, InputError, "layers 1 to 2, and the base has 2"),
        ({"attention": "flash_attention_2"}, InputError, "Flash Attention 2"),
        ({"forgetting": {"text": "nowhere.txt"}}, NotFoundError, "no text"),
        ({"name": "a/b"}, InputError, "cannot be called"),
    ],
)
def test_a_recipe_that_does_not_fit(changes, kind, said, recipe, settings):
    with pytest.raises(kind, match=said):
        train(recipe(**changes), settings)


def test_a_folder_without_a_model_is_no_base(recipe, settings, tmp_path):
    with pytest.raises(InputError, match=r"no config\.json"):
        train(recipe(base=str(tmp_path)), settings)


def test_a_family_that_is_not_known(recipe, settings, base, tmp_path):
    import shutil

    folder = shutil.copytree(base, tmp_path / "gpt2")
    config = json.loads((folder / "config.json").read_text()) | {"model_type": "gpt2"}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(InputError, match="type 'gpt2'"):
        train(recipe(base=str(folder)), settings)


def test_packing_where_positions_are_counted_by_the_model(recipe, settings, make_base):
    wanted = recipe(base=str(make_base("bloom")), objective={"kind": "sft", "packing": True})
    with pytest.raises(InputError, match="would see each other"):
        train(wanted, settings)


REFUSING = "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no system turns') }}{% endif %}x"


@pytest.mark.parametrize(
    ("rows", "objective"), [("sft", "sft"), ("preference", "dpo"), ("kto", "kto"), ("prompt", "grpo")]
)
def test_a_row_that_the_template_refuses_is_named(rows, objective, recipe, settings, make_base):
    wanted = recipe(rows=rows, objective=objective, base=str(make_base(template=REFUSING)), accumulation=2)
    with pytest.raises(InputError, match=rf"{rows}\.jsonl:1: the chat template refuses .*no system turns"):
        train(wanted, settings, reward=lambda rows, replies: [0.0])


def test_a_prompt_that_would_be_cut_is_named(recipe, settings, tmp_path):
    rows = rows_of("prompt", 2)
    rows[1]["prompt"][-1]["content"] = "Add and add and add. " * 20
    path = write_rows(tmp_path / "long.jsonl", rows)
    wanted = recipe(data=str(path), objective={"kind": "ppo", "reply": 8}, length=64)
    with pytest.raises(InputError, match=r"long\.jsonl:2: a prompt of \d+ tokens, where the recipe's length is 64"):
        train(wanted, settings, reward=lambda rows, replies: [0.0])


@pytest.mark.parametrize("asked", [{"early_stopping": {}, "evaluate_every": 1, "save_every": 1}, {"evaluate_every": 1}])
def test_what_evaluates_needs_rows_for_it(asked, recipe, settings):
    with pytest.raises(InputError, match="no rows to evaluate on"):
        train(recipe(**asked), settings)


def test_a_teacher_that_is_not_there(recipe, settings, tmp_path):
    wanted = recipe(rows="prompt", objective={"kind": "distillation", "teacher": str(tmp_path)})
    with pytest.raises(InputError, match=r"no config\.json"):
        train(wanted, settings)


def test_the_teacher_counts_as_it_is(recipe, settings, base):
    plain = planning.make_plan(recipe(rows="prompt", objective="ppo"), settings)[0]
    taught = recipe(rows="prompt", objective={"kind": "distillation", "teacher": str(base)})
    assert planning.make_plan(taught, settings)[0].memory.weights == 2 * plain.memory.weights


def test_no_base_is_made_for_a_training_that_cannot_fit(recipe, settings, monkeypatch):
    def resolve_base(*args, **kwargs):
        raise AssertionError("a base was made ready")

    monkeypatch.setattr(planning, "resolve_base", resolve_base)
    monkeypatch.setattr(memory, "free_memory", lambda place: 1000)
    with pytest.raises(InputError, match="free are"):
        planning.make_plan(recipe(), settings)


def test_a_name_that_is_taken(recipe, settings):
    (settings.data_dir / "adapters" / "tiny").mkdir(parents=True)
    with pytest.raises(InputError, match="already"):
        train(recipe(), settings)


def test_what_cannot_fit_is_refused_and_what_would_is_said(recipe, settings, monkeypatch):
    # vocabulary and batch make the peak of this recipe
    wanted = recipe(batch=64, length=4096, accumulation=1, method="lora", checkpointing=False)
    monkeypatch.setattr(memory, "free_memory", lambda place: 960 * 2**20)
    with pytest.raises(InputError, match=r"needs \d.* GB: weights .*; free are 1.0 GB") as caught:
        planning.make_plan(wanted, settings)
    assert "would fit" in caught.value.hint
    assert "checkpointing: true  batch: 1  accumulation: 64" in caught.value.hint
    monkeypatch.setattr(memory, "free_memory", lambda place: 1000)
    with pytest.raises(InputError) as caught:
        planning.make_plan(wanted, settings)
    assert "choose a smaller base" in caught.value.hint


def test_the_estimate_counts_what_there_is(recipe, base):
    import peft
    import transformers

    from swfactory.finetune.training.methods import peft_config

    config = transformers.AutoConfig.from_pretrained(base)
    model = transformers.AutoModelForCausalLM.from_pretrained(base)
    shape, place = memory.shape_of(config), Place(device="cpu", precision="fp32")
    assert shape.linear + shape.other == sum(weight.numel() for weight in model.parameters())
    family = FAMILIES["qwen2"]
    for method in ("lora", "adalora", "ia3", "prefix", "prompt"):
        wanted = recipe(method=method)
        adapted = peft.get_peft_model(
            transformers.AutoModelForCausalLM.from_pretrained(base),
            peft_config(wanted.method, family, steps=100, task="CAUSAL_LM"),
        )
        trainable = sum(weight.numel() for weight in adapted.parameters() if weight.requires_grad)
        counted = memory.estimate(wanted, shape, family, place).trained // 16
        # the diagonal of AdaLoRA, and keys and values that share heads, are not counted
        assert counted == pytest.approx(trainable, rel={"adalora": 0.05, "prefix": 1.01}.get(method, 0))
    plain = memory.estimate(recipe(method="lora"), shape, family, place)
    assert memory.estimate(recipe(method="qlora"), shape, family, place).weights < plain.weights
    assert memory.estimate(recipe(method="lora", batch=8), shape, family, place).activations == 4 * plain.activations
    upper = recipe(method={"kind": "lora", "layers": [1, 1]})
    assert memory.estimate(upper, shape, family, place).activations < plain.activations


def test_every_error_is_one_of_ours(recipe, settings, tmp_path):
    empty = tmp_path / "empty.jsonl"
    empty.write_text("\n")
    with pytest.raises(FactoryError, match="holds no rows"):
        train(recipe(data=str(empty)), settings)


@pytest.mark.parametrize(("set_before", "kept"), [(None, "1"), ("0", "0")])
def test_torch_is_let_use_large_pages_unless_the_user_forbids_it(recipe, monkeypatch, set_before, kept):
    monkeypatch.setenv("THP_MEM_ALLOC_ENABLE", "")  # so that it is put back
    monkeypatch.delenv("THP_MEM_ALLOC_ENABLE")
    if set_before is not None:
        monkeypatch.setenv("THP_MEM_ALLOC_ENABLE", set_before)
    find_place(recipe())
    assert os.environ["THP_MEM_ALLOC_ENABLE"] == kept
