"""How fast the store is: queries over 10,000 chunks, and bringing an unchanged tree of 1,000 files up to date.

python benchmarks/retrieval.py

The corpus is made up, and its vectors are those of words: what is measured is the store. Queries are embedded by the
default model, whose time is shown apart.
"""

import random
import resource
import tempfile
import time
from pathlib import Path

from swfactory.domain.query_vector import QueryVector
from swfactory.rag.embedding import create_embedder
from swfactory.rag.ingestion import add, sync
from swfactory.rag.metrics import percentile
from swfactory.rag.retrieval import search
from swfactory.rag.store import Collection
from swfactory.testing.embedding import WordEmbedder

FILES = 1_000
FUNCTIONS = 9
"""Of a file, which with its class is ten chunks."""
QUERIES = 200
WORDS = (
    *(
        "order",
        "parcel",
        "customer",
        "invoice",
        "ledger",
        "stock",
        "price",
        "tax",
        "route",
        "driver",
        "label",
        "weight",
    ),
    *("zone", "week", "month", "account", "total", "list", "read", "write", "parse", "check", "find", "count", "merge"),
    *("split", "sort", "filter", "store", "load", "save", "send", "receive", "open", "close", "pallet"),
)


def source(chance: random.Random) -> str:
    names = [f"{chance.choice(WORDS)}_{chance.choice(WORDS)}_{number}" for number in range(FUNCTIONS)]
    bodies = [
        f'    def {name}(self, value):\n        """{" ".join(chance.choices(WORDS, k=12))}."""\n'
        f"        return value + {number}\n"
        for number, name in enumerate(names)
    ]
    return f"class {chance.choice(WORDS).title()}:\n" + "\n".join(bodies)


def milliseconds(times: list[float]) -> str:
    return f"p50 {percentile(times, 0.5) * 1000:.1f} ms, p95 {percentile(times, 0.95) * 1000:.1f} ms"


def resident() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Timed(WordEmbedder):
    """Searches with the vectors of words, and times what the default model would take for the query."""

    def __init__(self) -> None:
        super().__init__(dimension=384)
        self.model = create_embedder("e5", Path())
        self.times: list[float] = []

    def query(self, text: str) -> QueryVector:
        started = time.perf_counter()
        self.model.query(text)
        self.times.append(time.perf_counter() - started)
        return super().query(text)


def main() -> None:
    chance = random.Random(0)
    before = resident()
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder) / "tree"
        for number in range(FILES):
            path = tree / f"part{number % 20}" / f"module{number}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(source(chance), encoding="utf-8")
        embedder = Timed()
        collection = Collection(Path(folder) / "rag", "bench", embedder, create=True)
        started = time.perf_counter()
        add(collection, tree)
        took = time.perf_counter() - started
        print(f"chunks: {collection.catalog.count():,}; first reading, embedding excluded: {took:.1f} s")
        started = time.perf_counter()
        (done,) = sync(collection)
        print(f"again, {done.unchanged:,} files unchanged: {time.perf_counter() - started:.2f} s")
        queries = [" ".join(chance.choices(WORDS, k=8)) for _ in range(QUERIES)]
        search(collection, queries[0])
        embedder.times.clear()
        whole = []
        for query in queries:
            started = time.perf_counter()
            search(collection, query)
            whole.append(time.perf_counter() - started)
        alone = [total - embedding for total, embedding in zip(whole, embedder.times, strict=True)]
        print(f"query, embedding excluded: {milliseconds(alone)}; included: {milliseconds(whole)}")
        size = sum(path.stat().st_size for path in (Path(folder) / "rag").rglob("*") if path.is_file())
        print(f"memory {resident() - before:.0f} MB above the start's {before:.0f} MB; disk {size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
