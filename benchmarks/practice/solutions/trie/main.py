"""自动补全：python main.py 词表 前缀 [--limit N]"""

import argparse
import sys

from trie import Trie


def read(path):
    trie = Trie()
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            parts = line.split()
            if not parts:
                continue
            try:
                word, weight = parts if len(parts) > 1 else (parts[0], 1)
                trie.insert(word, int(weight))
            except ValueError as exc:
                raise ValueError(f"第 {number} 行格式错误：{line.strip()!r}") from exc
    return trie


def main():
    parser = argparse.ArgumentParser(description="打印以某前缀开头的单词。")
    parser.add_argument("file", help="词表，每行“单词 权重”")
    parser.add_argument("prefix", help="前缀")
    parser.add_argument("--limit", type=int, default=10, help="最多打印几个（默认 10）")
    args = parser.parse_args()
    if args.limit < 1:
        parser.error("limit 必须至少为 1")
    try:
        words = read(args.file).starts_with(args.prefix, args.limit)
    except OSError as exc:
        print(f"错误：无法读取 {args.file}：{exc.strerror}", file=sys.stderr)
        return 2
    except ValueError as exc:
        print(f"错误：{args.file}：{exc}", file=sys.stderr)
        return 2
    if not words:
        print("无结果")
        return 1
    print(*words, sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
