"""How fast a data set is built, and whether its memory grows with it: rows per second and peak memory by rows.

    python benchmarks/data.py                        # 10,000 and 100,000 rows
    python benchmarks/data.py 10000 100000 1000000   # a quarter of an hour

The rows are conversations of made-up words. A tenth of them are exact copies, a tenth differ from another in one word,
and one in a hundred holds a key or an address. Each size is measured in a process of its own, and every stage is on:
filters, masks, exact and near copies, decontamination against HumanEval, a split by groups.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

WORDS = tuple(f"{start}{end}" for start in ("ba", "ke", "li", "mo", "nu", "ra", "se", "ti") for end in range(500))
LENGTH = 120
"""Words of a reply."""
RECENT = 1_000
"""Of how many rows a copy is made."""
GROUPS = 20
"""Rows of one group."""


def rows(count: int) -> Iterator[dict[str, object]]:
    """Yield conversations, the same ones each time."""
    draw = random.Random(1)
    recent: list[list[str]] = []
    for number in range(count):
        kind = draw.random()
        if recent and kind < 0.2:
            words = list(draw.choice(recent))
            if kind < 0.1:
                words[draw.randrange(LENGTH)] = "other"
        else:
            words = draw.choices(WORDS, k=LENGTH)
            recent.append(words)
            del recent[:-RECENT]
        said = " ".join(words)
        if kind > 0.99:
            said += f" api_key = 'sk-{draw.getrandbits(160):040x}' to somebody{number}@example.org"
        yield {
            "messages": [
                {"role": "user", "content": f"Say {' '.join(words[:6])}"},
                {"role": "assistant", "content": said},
            ],
            "origin": {"source": "made", "group": f"group {number // GROUPS}"},
        }


def measure(count: int) -> dict[str, float]:
    """Build a data set of so many rows, in this process."""
    from swfactory.finetune.data.build import build
    from swfactory.finetune.data.making import Tools
    from swfactory.finetune.data.recipe import read_recipe

    nothing = SimpleNamespace(sandbox=lambda: None, model=lambda: None)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        with (folder / "rows.jsonl").open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows(count))
        recipe = folder / "data.yaml"
        recipe.write_text(
            "name: made\nkind: sft\nsources: [{type: jsonl, path: rows.jsonl}]\nsplit: {validation: 0.05, test: 0.05}\n"
        )
        tools = Tools(data_dir=folder, sandbox=nothing.sandbox, model=nothing.model)
        began = time.monotonic()
        card = build(read_recipe(recipe), folder / "made", tools)
        seconds = time.monotonic() - began
    return {
        "kept": sum(split.rows for split in card.splits.values()),
        "exact": card.dropped.get("exact duplicate", 0),
        "near": card.dropped.get("near duplicate", 0),
        "masked": sum(card.masked.values()),
        "seconds": seconds,
        "peak": 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
    }


def main() -> None:
    """Measure each size, and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("rows", type=int, nargs="*", default=[10_000, 100_000])
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(measure(options.one)))
        return
    print("| rows | kept | exact copies | near copies | masked | rows/s | peak memory, MB |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    for count in options.rows:
        done = subprocess.run(
            [sys.executable, __file__, "--one", str(count)], stdout=subprocess.PIPE, text=True, check=True
        )
        found = json.loads(done.stdout)
        counts = " | ".join(f"{value:,}" for value in (count, *(found[k] for k in ("kept", "exact", "near", "masked"))))
        print(f"| {counts} | {count / found['seconds']:,.0f} | {found['peak'] / 1e6:,.0f} |", flush=True)


if __name__ == "__main__":
    main()
