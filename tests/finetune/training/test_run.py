"""Trainings of three steps on tiny random models: methods, objectives, families."""

from __future__ import annotations

import json
import math
import shutil
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("trl")

from swfactory.errors import InputError, ModelUnavailable  # noqa: E402
from swfactory.finetune.training import train  # noqa: E402
from swfactory.finetune.training.families import FAMILIES as KNOWN  # noqa: E402
from swfactory.models import create_chat_model  # noqa: E402
from swfactory.models.adapters import AdapterStore  # noqa: E402
from swfactory.models.serving import serving_url  # noqa: E402

from .conftest import QUIET, SIZES, rows_of, write_rows  # noqa: E402

pytestmark = QUIET

METHODS = ["qlora", "lora", "rslora", "dora", "pissa", "adalora", "ia3", "prefix", "prompt", "ptuning", "full"]
FAMILIES = ["qwen3", "llama", "mistral", "gemma", "gemma2", "glm", "glm4", "bloom"]


@pytest.fixture
def trained(monkeypatch):
    """Train, and return the card with the logits that the model ended with."""
    from swfactory.finetune.training import run

    kept = {}
    save = run._save

    def spy(job, model, trainer):
        kept["logits"] = logits(model)
        save(job, model, trainer)

    monkeypatch.setattr(run, "_save", spy)

    def go(recipe, settings, **options):
        return train(recipe, settings, **options), kept["logits"]

    return go


def logits(model):
    model.eval()
    with torch.no_grad():
        ids = torch.arange(5, 25)[None]
        return model(input_ids=ids, attention_mask=torch.ones_like(ids)).logits


@pytest.fixture
def passed_back(monkeypatch):
    """The layers that gradients went through."""
    from swfactory.finetune.training import trainers

    seen = set()
    build = trainers.build_trainer

    def watched(job):
        trainer = build(job)
        for name, module in trainer.model.named_modules():
            if name.endswith("mlp"):
                layer = int(name.split(".")[-2])
                module.register_full_backward_hook(lambda *_, layer=layer: seen.add(layer))
        return trainer

    monkeypatch.setattr(trainers, "build_trainer", watched)
    return seen


def reloaded(base, folder, *, quantised=False):
    import peft
    import transformers

    options = {"dtype": torch.float32}
    if quantised:
        options["quantization_config"] = transformers.BitsAndBytesConfig(
            load_in_4bit=True,
            bnb_4bit_quant_type="nf4",
            bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.float32,
        )
    model = transformers.AutoModelForCausalLM.from_pretrained(base, **options)
    for module in model.modules():
        if hasattr(module, "support_avx512bf16_for_cpu"):
            module.support_avx512bf16_for_cpu = False  # where there is that, inference is in bf16, training is not
    return peft.PeftModel.from_pretrained(model, folder)


@pytest.mark.parametrize("method", METHODS)
def test_a_method_trains_and_its_adapter_loads_back(method, recipe, settings, base, trained):
    tokens = {"tokens": 4} if method in {"prefix", "prompt", "ptuning"} else {}
    card, before = trained(recipe(method={"kind": method, **tokens}), settings)
    store = AdapterStore(settings.data_dir / "adapters")
    assert store.card("tiny") == card
    folder = store.export("tiny", "merged" if method == "full" else "peft")
    if method == "full":
        import transformers

        model = transformers.AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    else:
        model = reloaded(base, folder, quantised=method == "qlora")
    after = logits(model)
    assert torch.allclose(before[:, -20:], after[:, -20:], atol=2e-4)
    from_base = logits(reloaded_base(base))
    assert not torch.allclose(after[:, -20:], from_base, atol=1e-3)
    curve = [json.loads(line) for line in (store.folder("tiny") / "curve.jsonl").read_text().splitlines()]
    assert [point["step"] for point in curve] == [1, 2, 3]
    assert all(math.isfinite(point["loss"]) for point in curve)


def reloaded_base(base):
    import transformers

    return transformers.AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)


OBJECTIVES = [
    ("dpo", "preference", {}),
    ("kto", "kto", {}),
    ("orpo", "preference", {}),
    ("reward", "preference", {}),
    ("grpo", "prompt", {"generations": 2, "reply": 8}),
    ("ppo", "prompt", {"reply": 8}),
    ("distillation", "prompt", {"reply": 8}),
]


@pytest.mark.parametrize(("objective", "rows", "options"), OBJECTIVES)
def test_an_objective_trains(objective, rows, options, recipe, settings, make_base):
    if objective == "distillation":
        options = options | {"teacher": str(make_base())}
    wanted = recipe(rows=rows, objective={"kind": objective, **options})
    card = train(wanted, settings, reward=lambda rows, replies: [float(len(reply)) for reply in replies])
    folder = AdapterStore(settings.data_dir / "adapters").export("tiny", "peft")
    assert loads_back(base_of(objective, make_base()), folder)
    assert not [path for path in folder.iterdir() if path.is_dir()]  # a reference of the trainer's is not ours to keep
    assert card.facts["objective"] == objective
    assert card.facts["steps"] == 3
    assert not (settings.data_dir / "training" / "tiny").exists()


def base_of(objective, base):
    import transformers

    if objective == "reward":
        return transformers.AutoModelForSequenceClassification.from_pretrained(base, num_labels=1)
    return reloaded_base(base)


def loads_back(model, folder):
    """Whether an adapter's weights are those of its file when it is put on its base again."""
    import peft
    from safetensors.torch import load_file

    kept = load_file(folder / "adapter_model.safetensors")
    found = peft.get_peft_model_state_dict(peft.PeftModel.from_pretrained(model, folder))
    return kept.keys() == found.keys() and all(torch.equal(kept[name], found[name]) for name in kept)


@pytest.mark.parametrize(("objective", "options"), [("grpo", {"generations": 2}), ("distillation", {})])
def test_rows_that_a_data_set_holds_out_do_not_disturb_sampling(objective, options, recipe, settings, base, tmp_path):
    if objective == "distillation":
        options = options | {"teacher": str(base)}
    for split in ("train", "validation"):
        write_rows(tmp_path / f"{split}.jsonl", rows_of("prompt"))
    wanted = recipe(data=str(tmp_path), objective={"kind": objective, "reply": 8, **options}, steps=1)
    assert train(wanted, settings, reward=lambda rows, replies: [1.0] * len(replies)).facts["steps"] == 1


def test_the_base_is_measured_before_weights_are_moved_out_of_it(recipe, settings, tmp_path):
    text = tmp_path / "general.txt"
    text.write_text("def add(a, b):\n    return a + b\n" * 20)
    before = {}
    for method in ("lora", "pissa"):
        wanted = recipe(name=method, method={"kind": method, "rank": 4}, forgetting={"text": str(text)}, steps=1)
        before[method] = train(wanted, settings).facts["perplexity_before"]
    assert before["pissa"] == pytest.approx(before["lora"], rel=1e-3)


@pytest.mark.parametrize("family", FAMILIES)
def test_a_family_trains_for_a_step(family, recipe, settings, make_base):
    wanted = recipe(base=str(make_base(family, template=None)), steps=1, length=256)
    card = train(wanted, settings)
    assert card.architecture == family
    folder = AdapterStore(settings.data_dir / "adapters").export("tiny", "peft")
    assert (folder / "chat_template.jinja").read_text() == KNOWN[family].template


@pytest.fixture
def remote(base, tmp_path):
    """Make a base of a type that Transformers does not have, with its code beside its weights."""
    import importlib.util

    import transformers

    def make(family, model):
        folder = tmp_path / family
        transformers.AutoTokenizer.from_pretrained(base).save_pretrained(folder)
        code = Path(__file__).with_name(f"remote_{family}.py")
        name = f"modeling_{family}"
        spec = importlib.util.spec_from_file_location(name, code)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        kind = getattr(module, model)
        sizes = SIZES | {"vocab_size": 384, "num_key_value_heads": 4} if family == "baichuan" else {}
        kind(kind.config_class(**sizes, pad_token_id=0)).save_pretrained(folder)
        shutil.copy(code, folder / f"{name}.py")
        written = json.loads((folder / "config.json").read_text())
        written["auto_map"] = {
            "AutoConfig": f"{name}.{kind.config_class.__name__}",
            "AutoModelForCausalLM": f"{name}.{model}",
        }
        (folder / "config.json").write_text(json.dumps(written))
        return folder

    return make


@pytest.mark.parametrize(
    ("family", "model", "target", "changes"),
    [
        ("baichuan", "BaichuanForCausalLM", "W_pack", {}),
        ("chatglm", "ChatGLMForConditionalGeneration", "query_key_value", {"checkpointing": False}),
    ],
)
def test_code_that_comes_with_weights_runs_only_when_it_is_trusted(
    family, model, target, changes, remote, recipe, settings, monkeypatch, tmp_path
):
    from transformers import dynamic_module_utils

    monkeypatch.setattr(dynamic_module_utils, "HF_MODULES_CACHE", str(tmp_path / "modules"))
    folder = remote(family, model)
    with pytest.raises(InputError) as caught:
        train(recipe(base=str(folder)), settings)
    assert "trust_remote_code: true" in caught.value.hint
    wanted = recipe(base=str(folder), trust_remote_code=True, steps=1)
    if changes:
        with pytest.raises(InputError, match="cannot compute activations twice"):
            train(wanted, settings)
    card = train(wanted.model_copy(update=changes), settings)
    assert (card.architecture, card.trusts_code) == (family, True)
    peft = AdapterStore(settings.data_dir / "adapters").export("tiny", "peft")
    assert target in json.loads((peft / "adapter_config.json").read_text())["target_modules"]
    with pytest.raises(ModelUnavailable):
        create_chat_model(f"hf:{folder}?adapter=tiny&device=cpu", settings).load()
    served = create_chat_model(serving_url("tiny", "mender", settings), settings)
    assert served.load()[0].config.model_type == family


@pytest.mark.parametrize("kind", ["lora", "qlora"])
def test_layers_below_the_lowest_adapter_have_no_backward_pass(
    kind, passed_back, trained, recipe, settings, monkeypatch
):
    from swfactory.finetune.training import trainers

    method = {"kind": kind, "rank": 4, "layers": [1, 1]}
    _, spared = trained(recipe(method=method), settings)
    assert passed_back == {1}
    monkeypatch.setattr(trainers, "spare_lower_layers", lambda *_: None)
    _, whole = trained(recipe(name="whole", method=method), settings)
    assert passed_back == {0, 1}
    assert torch.equal(spared, whole)
