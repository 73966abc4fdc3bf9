"""Sections of documents as chunks."""

from swfactory.rag.prose import markdown_chunks, rst_chunks, text_chunks
from swfactory.rag.windows import MAX_CHARS, windows

MARKDOWN = """\
---
title: x
---
Before all.

# Install

## Linux ##

Type `make`.

```sh
# not a heading
make
```

Windows
-------

Not yet.

# 部署

## 回滚

运行回退脚本。
"""

RST = """\
=======
Library
=======

Intro.

Install
=======

Type make.

On Linux
--------

More.

部署
====

运行。
"""


def test_markdown_is_cut_at_headings_with_the_way_there() -> None:
    chunks = markdown_chunks(MARKDOWN, "docs/a.md")
    assert [chunk.symbol for chunk in chunks] == ["", "Install > Linux", "Install > Windows", "部署 > 回滚"]
    linux = chunks[1]
    assert linux.text.startswith("## Linux ##")
    assert "# not a heading" in linux.text
    assert linux.citation == "docs/a.md:8"
    assert "\n".join(MARKDOWN.splitlines()[linux.line - 1 : linux.end]) == linux.text


def test_rst_is_cut_at_titles_whose_level_is_their_order() -> None:
    chunks = rst_chunks(RST, "docs/a.rst")
    assert [chunk.symbol for chunk in chunks] == [
        "Library",
        "Library > Install",
        "Library > Install > On Linux",
        "Library > 部署",
    ]
    assert chunks[2].text == "On Linux\n--------\n\nMore."


def test_a_long_section_repeats_its_heading() -> None:
    text = "# Long\n\n" + "\n\n".join(f"Paragraph {number} has some words in it." for number in range(100))
    chunks = markdown_chunks(text, "a.md")
    assert len(chunks) > 1
    assert all(chunk.text.startswith("# Long\n") and len(chunk.text) <= MAX_CHARS for chunk in chunks)
    assert [chunk.part for chunk in chunks] == [*range(1, len(chunks) + 1)]
    assert chunks[1].line > chunks[0].line


def test_pages_are_cited_by_their_number() -> None:
    (chunk,) = text_chunks("Terms.", "manual.pdf", "pdf", page=3)
    assert (chunk.kind, chunk.citation) == ("page", "manual.pdf p.3")


def test_windows_lose_nothing() -> None:
    text = "".join(f"line {number}\n" + "\n" * (number % 5 == 0) for number in range(500)) + "x" * 5_000
    pieces = [*windows(text, 300)]
    assert "".join(piece for _, piece in pieces) == text
    assert all(len(piece) <= 300 for _, piece in pieces)
    assert all(
        text.splitlines(keepends=True)[line].startswith(piece.split("\n")[0][:20]) for line, piece in pieces[:10]
    )
