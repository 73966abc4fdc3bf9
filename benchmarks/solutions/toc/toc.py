"""Markdown 目录。"""

import re

HEADING = re.compile(r"(#{1,6}) +(.*)")


def headings(text: str) -> list[tuple[int, str]]:
    found, fenced = [], False
    for line in text.splitlines():
        if line.startswith("```"):
            fenced = not fenced
        elif not fenced and (match := HEADING.fullmatch(line)):
            found.append((len(match[1]), match[2].rstrip("# ")))
    return found


def slug(title: str) -> str:
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def make_toc(text: str, max_level: int = 6) -> str:
    seen: dict[str, int] = {}
    lines = []
    for level, title in headings(text):
        anchor = slug(title)
        times = seen.get(anchor, 0)
        seen[anchor] = times + 1
        if times:
            anchor = f"{anchor}-{times}"
        if level <= max_level:
            lines.append(f"{'  ' * (level - 1)}- [{title}](#{anchor})")
    return "\n".join(lines)
