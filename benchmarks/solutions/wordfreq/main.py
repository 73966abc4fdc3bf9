"""Print the word frequencies of files."""

import argparse
import sys
from pathlib import Path

from wordfreq import count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--top", type=int)
    parser.add_argument("--min-length", type=int, default=0)
    args = parser.parse_args()
    texts = []
    for name in args.files:
        try:
            texts.append(Path(name).read_text(encoding="utf-8"))
        except OSError as exc:
            print(f"cannot read {name}: {exc.strerror}", file=sys.stderr)
            return 2
    counts = count("\n".join(texts))
    words = sorted((word for word in counts if len(word) >= args.min_length), key=lambda word: (-counts[word], word))
    for word in words[: args.top]:
        print(f"{word}: {counts[word]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
