"""The factory's own overhead: wall-clock less model and sandbox time, of runs on this machine; and ``swf --help``.

python benchmarks/overhead.py [RUN ...]     RUN as in `swf runs`; `last` without one
"""

import shutil
import subprocess
import sys
import time
from pathlib import Path

from swfactory.bench.overhead import measure
from swfactory.config import load_settings
from swfactory.errors import FactoryError
from swfactory.runtime.factory import AsyncFactory

HEAVY = ("torch", "chromadb", "langgraph", "langchain_core", "xllamacpp")


def overhead(names: list[str]) -> None:
    heading = "| run | wall-clock s | model s | sandbox s | overhead s | share |\n|---|---:|---:|---:|---:|---:|"
    with AsyncFactory(load_settings()) as factory:
        for name in names:
            run = factory.run(name)
            print(heading, end="\n" if heading else "")
            heading = ""
            cost = measure(factory.events(run.id))
            times = (cost.wall, cost.usage.seconds, cost.sandbox, cost.overhead)
            print(f"| {run.id} | {' | '.join(f'{seconds:.2f}' for seconds in times)} | {cost.share:.1%} |")


def help_time(repeats: int = 5) -> None:
    swf = shutil.which("swf", path=str(Path(sys.executable).parent)) or "swf"
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        subprocess.run([swf, "--help"], check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - started)
    print(f"\nswf --help: best {min(times):.2f} s, worst {max(times):.2f} s of {repeats}")
    code = f"import sys, swfactory.cli\nprint(*[name for name in {HEAVY!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    print(f"heavy modules that it imports: {done.stdout.strip() or 'none'}")


if __name__ == "__main__":
    try:
        overhead(sys.argv[1:] or ["last"])
    except FactoryError as exc:
        print(f"error: {exc}", file=sys.stderr)
    help_time()
