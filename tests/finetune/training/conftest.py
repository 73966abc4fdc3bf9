"""Tiny random models of every family, with a tokenizer trained here."""

from __future__ import annotations

import json

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("trl")
pytest.importorskip("peft")

from swfactory.config import Settings  # noqa: E402
from swfactory.finetune.training import TrainRecipe  # noqa: E402

QUIET = [
    pytest.mark.filterwarnings(f"ignore::{kind}")
    for kind in ("DeprecationWarning", "FutureWarning", "UserWarning")  # between torch, PEFT and Transformers
]
CHATML = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
CODE = "def add(a, b):\n    return a + b\n\ndef test_add():\n    assert add(1, 2) == 3\n" * 20
SIZES = {
    "hidden_size": 64,  # a block of NF4: for processors with AVX512-BF16, bitsandbytes packs whole ones only
    "intermediate_size": 128,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "max_position_embeddings": 512,
    "tie_word_embeddings": False,
}


def configuration(family: str, vocabulary: int):
    import transformers as t

    kinds = {
        "qwen2": t.Qwen2Config,
        "qwen3": t.Qwen3Config,
        "llama": t.LlamaConfig,
        "mistral": t.MistralConfig,
        "gemma": t.GemmaConfig,
        "gemma2": t.Gemma2Config,
        "glm": t.GlmConfig,
        "glm4": t.Glm4Config,
    }
    special = {"bos_token_id": None, "eos_token_id": 1, "pad_token_id": 0}
    if family == "bloom":
        return t.BloomConfig(vocab_size=vocabulary, hidden_size=32, n_layer=2, n_head=4, **special)
    return kinds[family](vocab_size=vocabulary, **SIZES, **special)


@pytest.fixture(scope="session")
def make_base(tmp_path_factory):
    """Make the folder of a tiny base, once a family."""
    import transformers
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    special = ["<pad>", "<|im_end|>", "<|im_start|>"]
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    raw.train_from_iterator(
        [CODE], trainers.BpeTrainer(vocab_size=384, special_tokens=special, initial_alphabet=alphabet)
    )
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=raw, pad_token="<pad>", eos_token="<|im_end|>", additional_special_tokens=["<|im_start|>"]
    )
    made = {}

    def make(family: str = "qwen2", *, template: str | None = CHATML):
        key = (family, template)
        if key not in made:
            folder = tmp_path_factory.mktemp(family)
            tokenizer.chat_template = template
            tokenizer.save_pretrained(folder)
            torch.manual_seed(0)
            config = configuration(family, len(tokenizer))
            transformers.AutoModelForCausalLM.from_config(config).save_pretrained(folder)
            made[key] = folder
        return made[key]

    return make


@pytest.fixture(scope="session")
def base(make_base):
    return make_base()


def turn(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


def rows_of(kind: str, count: int = 12) -> list[dict]:
    rows = []
    for n in range(count):
        prompt = [turn("system", "You write Python."), turn("user", f"Add {n} to a.")]
        good, bad = turn("assistant", f"def add(a):\n    return a + {n}\n"), turn("assistant", f"return {n} - a")
        rows.append(
            {
                "sft": {"messages": [*prompt, good]},
                "preference": {"prompt": prompt, "chosen": [good], "rejected": [bad]},
                "kto": {"prompt": prompt, "completion": [good if n % 2 else bad], "label": bool(n % 2)},
                "prompt": {
                    "prompt": prompt,
                    "tests": f"from solution import add\n\ndef test_add():\n    assert add(1) == {n + 1}\n",
                    "module": "solution.py",
                },
            }[kind]
        )
    return rows


def write_rows(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    """JSONL file of a kind of rows."""
    folder = tmp_path_factory.mktemp("rows")
    return {
        kind: write_rows(folder / f"{kind}.jsonl", rows_of(kind)) for kind in ("sft", "preference", "kto", "prompt")
    }


@pytest.fixture
def settings(tmp_path):
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def recipe(base, data):
    """A recipe of three steps, changed by keywords."""

    def make(**changes):
        kind = changes.pop("rows", "sft")
        plain = {
            "name": "tiny",
            "base": str(base),
            "data": str(data[kind]),
            "method": {"kind": "lora", "rank": 4},
            "length": 128,
            "batch": 2,
            "accumulation": 1,
            "steps": 3,
            "learning_rate": 1e-2,
            "precision": "fp32",
        }
        return TrainRecipe.model_validate(plain | changes)

    return make
