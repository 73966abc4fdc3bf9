"""打印或写入 Markdown 目录。"""

import argparse
import sys
from pathlib import Path

from toc import make_toc

OPEN, CLOSE = "<!-- toc -->", "<!-- /toc -->"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--max-level", type=int, default=6)
    parser.add_argument("--write", action="store_true")
    args = parser.parse_args()
    try:
        text = args.file.read_text(encoding="utf-8")
    except OSError as exc:
        print(f"无法读取 {args.file}：{exc.strerror}", file=sys.stderr)
        return 1
    toc = make_toc(text, args.max_level)
    if not args.write:
        print(toc)
        return 0
    lines = text.split("\n")
    if OPEN not in lines or CLOSE not in lines:
        print(f"{args.file} 里没有目录标记", file=sys.stderr)
        return 1
    lines[lines.index(OPEN) + 1 : lines.index(CLOSE)] = toc.split("\n")
    args.file.write_text("\n".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
