"""Is drafting tokens from the prompt worth it? Rewrites a file that is in the prompt, with and without.

    python benchmarks/speculation.py llama:qwen2.5-coder-1.5b --threads 1

Prints generated tokens a second of both, their ratio, and whether greedy decoding gave the same text.
"""

from __future__ import annotations

import argparse
import sys
import time

from swfactory.config import load_settings
from swfactory.models import ModelSpec, create_chat_model
from swfactory.models.engine import close_engines

SOURCE = '''\
"""Bank accounts in memory."""

from dataclasses import dataclass, field


@dataclass
class Account:
    owner: str
    balance: int = 0
    history: list[str] = field(default_factory=list)

    def deposit(self, amount: int) -> None:
        if amount <= 0:
            raise ValueError("amount must be positive")
        self.balance += amount
        self.history.append(f"deposit {amount}")

    def withdraw(self, amount: int) -> None:
        if amount > self.balance:
            raise ValueError("insufficient funds")
        self.balance -= amount
        self.history.append(f"withdraw {amount}")

    def transfer(self, other: "Account", amount: int) -> None:
        self.withdraw(amount)
        other.deposit(amount)
'''
TASKS = {
    "rewrite": f"Here is bank.py:\n\n```python\n{SOURCE}```\n\n`withdraw` must also reject amounts that are not "
    "positive. Reply with the whole corrected file in one ```python block.",
    "fresh": "Write a Python function that parses an ISO 8601 duration such as P1DT2H into seconds. Reply with one "
    "```python block.",
}


def measure(url: str, prompt: str, max_tokens: int) -> tuple[str, float, float]:
    """Return text, generated tokens a second, and seconds in all."""
    model = create_chat_model(url, load_settings())
    model.invoke("Say hi.", max_tokens=1)  # loading is not what is measured
    begin = time.perf_counter()
    reply = model.invoke(prompt, temperature=0.0, max_tokens=max_tokens)
    seconds = time.perf_counter() - begin
    close_engines()
    return reply.text, float(reply.response_metadata["predicted_per_second"]), seconds


def main() -> int:
    """Measure every task both ways."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("url", nargs="?", default="llama:qwen2.5-coder-1.5b")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--max-tokens", type=int, default=320)
    parser.add_argument("--draft", default="", help="catalogue name or path of a draft model, measured as well")
    args = parser.parse_args()
    base = ModelSpec.parse(args.url).model_copy(update={"threads": args.threads, "context": 2048})
    ways = {"off": {"speculate": "off"}, "ngram": {"speculate": "ngram"}}
    if args.draft:
        ways["draft"] = {"speculate": "off", "draft": args.draft}
    for task, prompt in TASKS.items():
        plain_text, plain_rate = "", 0.0
        for way, change in ways.items():
            url = str(base.model_copy(update=change))
            text, rate, seconds = measure(url, prompt, args.max_tokens)
            if way == "off":
                plain_text, plain_rate = text, rate
            same = "same text" if text == plain_text else "OTHER TEXT"
            print(
                f"{task:<8} {way:<6} {rate:6.2f} tokens/s  x{rate / plain_rate:.2f}  {seconds:5.1f} s  {same}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
