"""Files that a requirement shows the contents of, told apart from those that a program makes."""

from __future__ import annotations

import pytest

from swfactory.requirements.text.given_files import given_files


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("Given `sales.csv`:\n```\nitem,qty\napple,3\n```\nit prints 3.", {"sales.csv": "item,qty\napple,3\n"}),
        ("The file data/in.csv contains:\n\n    a,b\n    1,2\n\nThen", {"data/in.csv": "a,b\n1,2\n"}),
        ("文件 `a.txt` 内容如下：\n```\n你好\n```\n运行", {"a.txt": "你好\n"}),
        ("For a file `a.txt` with the lines b, a, B, b:", {"a.txt": "b\na\nB\nb\n"}),
        ("If w.txt holds the lines `one two` and three, then it prints 3.", {"w.txt": "one two\nthree\n"}),
    ],
)
def test_contents_are_read(text: str, files: dict[str, str]) -> None:
    assert given_files(text) == files


@pytest.mark.parametrize(
    "text",
    [
        "It writes `out.csv`:\n```\na\n```\n",
        "After that `t.json` contains:\n\n    {}\n",
        "Run it on `a.txt`:\n```\n$ python main.py a.txt\n1\n```\n",
        "`words.txt` with the lines sorted and trimmed is what comes of it.",
    ],
)
def test_what_a_program_makes_is_not_given(text: str) -> None:
    assert given_files(text) == {}
