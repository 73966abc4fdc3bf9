"""Our recipe beside the plain TRL script of the same recipe: tokens per second and peak memory.

    python benchmarks/training.py                          # a random model: 4 layers, 256 wide, 32,000 tokens
    python benchmarks/training.py --base FOLDER --method qlora --length 512 --steps 8

Each arm runs in a process of its own, in turn, several times; the table has the median of each.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ARMS = ("swf train", "plain TRL")


def make_base(folder: Path) -> None:
    """Write a random Qwen2 and a byte-level tokenizer."""
    import torch
    import transformers
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    special = ["<pad>", "<|im_end|>", "<|im_start|>"]
    raw.train_from_iterator([], trainers.BpeTrainer(special_tokens=special, initial_alphabet=alphabet))
    tokenizer = transformers.PreTrainedTokenizerFast(
        tokenizer_object=raw, pad_token="<pad>", eos_token="<|im_end|>", additional_special_tokens=["<|im_start|>"]
    )
    tokenizer.chat_template = (
        "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
        "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
    )
    tokenizer.save_pretrained(folder)
    torch.manual_seed(0)
    config = transformers.Qwen2Config(
        vocab_size=32_000,
        hidden_size=256,
        intermediate_size=1024,
        num_hidden_layers=4,
        num_attention_heads=8,
        num_key_value_heads=4,
        pad_token_id=0,
        eos_token_id=1,
        bos_token_id=None,
    )
    transformers.AutoModelForCausalLM.from_config(config).save_pretrained(folder)


def make_rows(path: Path, count: int, length: int) -> None:
    """Write conversations that fill the length, a quarter of it reply."""
    with path.open("w", encoding="utf-8") as file:
        for number in range(count):
            prompt = f"Mend function {number}.\n" + "x = x + 1  # a line of a program\n" * (length // 16)
            reply = f"-    return a - {number}\n+    return a + {number}\n" * (length // 64)
            turns = [{"role": "user", "content": prompt[: 3 * length // 4]}, {"role": "assistant", "content": reply}]
            file.write(json.dumps({"messages": turns}) + "\n")


def ours(options: argparse.Namespace) -> dict[str, float]:
    """Train by our recipe."""
    from swfactory.config import Settings
    from swfactory.finetune.training import TrainRecipe, train

    recipe = TrainRecipe.model_validate(
        {
            "name": "bench",
            "base": options.base,
            "data": options.rows,
            "method": {"kind": options.method, "rank": 16},
            "length": options.length,
            "batch": options.batch,
            "accumulation": options.accumulation,
            "steps": options.steps,
            "precision": options.precision,
        }
    )
    with tempfile.TemporaryDirectory() as folder:
        facts = train(recipe, Settings(data_dir=Path(folder))).facts
    return {"tokens": float(facts["tokens"]), "seconds": float(facts["seconds"]), "loss": float(facts["loss"])}


def plain(options: argparse.Namespace) -> dict[str, float]:
    """Train by TRL's own parts, as its documentation writes them."""
    import torch
    from datasets import Dataset
    from peft import LoraConfig
    from transformers import BitsAndBytesConfig, TrainerCallback
    from trl import SFTConfig, SFTTrainer

    class Clock(TrainerCallback):
        """Times the steps alone, as the curve of ours does."""

        def on_train_begin(self, args, state, control, **kwargs) -> None:  # noqa: ANN001, ANN003, ARG002
            self.began = self.ended = time.monotonic()

        def on_step_end(self, args, state, control, **kwargs) -> None:  # noqa: ANN001, ANN003, ARG002
            self.ended = time.monotonic()

    rows = [json.loads(line)["messages"] for line in Path(options.rows).read_text(encoding="utf-8").splitlines()]
    rows = Dataset.from_list([{"prompt": turns[:-1], "completion": turns[-1:]} for turns in rows])
    dtype = {"fp32": torch.float32, "bf16": torch.bfloat16}[options.precision]
    nf4 = BitsAndBytesConfig(
        load_in_4bit=True,
        bnb_4bit_quant_type="nf4",
        bnb_4bit_use_double_quant=True,
        bnb_4bit_compute_dtype=dtype,
    )
    targets = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
    clock = Clock()
    with tempfile.TemporaryDirectory() as folder:
        trainer = SFTTrainer(
            model=options.base,
            args=SFTConfig(
                output_dir=folder,
                model_init_kwargs={"dtype": dtype},
                max_length=options.length,
                per_device_train_batch_size=options.batch,
                gradient_accumulation_steps=options.accumulation,
                max_steps=options.steps,
                learning_rate=2e-4,
                lr_scheduler_type="cosine",
                warmup_steps=round(0.03 * options.steps),
                weight_decay=0.0,
                logging_steps=1,
                bf16=options.precision == "bf16",
                use_cpu=not torch.cuda.is_available(),
                seed=0,
                data_seed=0,
                report_to=[],
            ),
            train_dataset=rows,
            quantization_config=nf4 if options.method == "qlora" else None,
            peft_config=LoraConfig(r=16, lora_alpha=32, target_modules=targets, task_type="CAUSAL_LM"),
            callbacks=[clock],
        )
        trainer.train()
    logged = [entry for entry in trainer.state.log_history if "loss" in entry]
    return {"tokens": logged[-1]["num_tokens"], "seconds": clock.ended - clock.began, "loss": logged[-1]["loss"]}


def measured(arm: str, arguments: list[str]) -> dict[str, float]:
    """Run one arm in a process of its own."""
    done = subprocess.run(
        [sys.executable, __file__, *arguments, "--arm", arm], stdout=subprocess.PIPE, text=True, check=True
    )
    return json.loads(done.stdout.splitlines()[-1])


def peak() -> float:
    """Bytes at the peak of this process."""
    import torch

    if torch.cuda.is_available():
        return torch.cuda.max_memory_allocated()
    return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def main() -> None:
    """Measure, and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--base", default="", help="folder of a Transformers model; empty for a random one")
    parser.add_argument("--rows", default="", help="JSONL of conversations; empty for made-up ones")
    parser.add_argument("--method", choices=["qlora", "lora"], default="qlora")
    parser.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
    parser.add_argument("--length", type=int, default=512)
    parser.add_argument("--batch", type=int, default=2)
    parser.add_argument("--accumulation", type=int, default=1)
    parser.add_argument("--steps", type=int, default=12)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--arm", choices=ARMS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.arm:
        found = ours(options) if options.arm == ARMS[0] else plain(options)
        print(json.dumps(found | {"peak": peak()}))
        return
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        if not options.base:
            options.base = str(folder / "base")
            make_base(Path(options.base))
        if not options.rows:
            options.rows = str(folder / "rows.jsonl")
            make_rows(Path(options.rows), options.steps * options.batch * options.accumulation, options.length)
        names = ("base", "rows", "method", "precision", "length", "batch", "accumulation", "steps")
        arguments = [f"--{name}={getattr(options, name)}" for name in names]
        results: dict[str, list[dict[str, float]]] = {arm: [] for arm in ARMS}
        for turn in range(options.rounds):
            for arm in ARMS if turn % 2 == 0 else reversed(ARMS):
                results[arm].append(measured(arm, arguments))
    print(
        f"{options.method}, {options.precision}, length {options.length}, batch {options.batch}, {options.steps} steps"
    )
    print("\n| arm | tokens/s | peak memory, MB | last loss |\n|---|---:|---:|---:|")
    for arm, runs in results.items():
        rate = statistics.median(run["tokens"] / run["seconds"] for run in runs)
        memory = statistics.median(run["peak"] for run in runs) / 1e6
        print(f"| {arm} | {rate:,.0f} | {memory:,.0f} | {runs[-1]['loss']:.4f} |")


if __name__ == "__main__":
    main()
