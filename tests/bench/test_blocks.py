from __future__ import annotations

import pytest

from swfactory.bench.blocks import fenced_blocks, project_files

CODE = "print(1)\n"
NEED = "Write stack.py with a class, and main.py."


@pytest.mark.parametrize(
    "reply",
    [
        "```python\n# main.py\nprint(1)\n```",
        "```python\n# file: main.py\nprint(1)\n```",
        "```python\n# File path: `main.py`\nprint(1)\n```",
        "```python\n#!/usr/bin/env python3\n# main.py\nprint(1)\n```",
        '```python\n"""main.py"""\nprint(1)\n```',
        "```python\n# 文件：main.py\nprint(1)\n```",
        "```python main.py\nprint(1)\n```",
        "```main.py\nprint(1)\n```",
        "```python:main.py\nprint(1)\n```",
        '```python title="main.py"\nprint(1)\n```',
        "```python {file=./main.py}\nprint(1)\n```",
        "~~~python\n# main.py\nprint(1)\n~~~",
        "**main.py**\n```python\nprint(1)\n```",
        "### `main.py`\n\n```python\nprint(1)\n```",
        "1. **`main.py`**:\n\n   ```python\n   print(1)\n   ```",
        "main.py:\n```\nprint(1)\n```",
        "Here is the content of `main.py`:\n\n```py\nprint(1)\n```",
        "First main.py.\nIt prints.\n```python\nprint(1)\n```",
        "```python\n# project/main.py\nprint(1)\n```",
        "```python\n# main.py\nprint(1)",
        "```python\r\n# main.py\r\nprint(1)\r\n```\r\n",
    ],
)
def test_finds_the_file_however_it_is_named(reply: str) -> None:
    files = project_files(reply, NEED)
    assert list(files) == ["main.py"]
    assert files["main.py"].endswith(CODE)


def test_several_files() -> None:
    reply = (
        "Here you are.\n\n**stack.py**\n```python\nclass Stack: ...\n```\n\n"
        "```python\n# main.py\nimport stack\n```\n\n"
        "```python\n# tests/test_stack.py\ndef test_it(): ...\n```\n\n"
        "`data.csv`\n```csv\na,b\n1,2\n```\n\n"
        "Run it with `python main.py`:\n```bash\npython main.py\n```\nIt prints:\n```\n1 2 x y\n```\n"
    )
    files = project_files(reply, NEED)
    assert list(files) == ["stack.py", "main.py", "tests/test_stack.py", "data.csv"]
    assert files["data.csv"] == "a,b\n1,2\n"
    assert files["main.py"] == "import stack\n"


def test_output_of_a_mentioned_program_is_not_the_program() -> None:
    reply = "```python\n# main.py\nprint(1)\n```\nThe output of main.py:\n```\nresult: it works!\n```"
    assert project_files(reply, NEED)["main.py"] == CODE


def test_code_that_only_mentions_a_path_keeps_its_lines() -> None:
    reply = "```python\n# reads main.py and prints\nprint(1)\n```"
    assert project_files(reply, "Write main.py.") == {"main.py": "# reads main.py and prints\nprint(1)\n"}


def test_unnamed_blocks_take_the_names_of_the_requirement() -> None:
    reply = "```python\nclass Stack: ...\n```\n```python\nimport stack\n```\n```python\ndef test_a(): ...\n```"
    files = project_files(reply, NEED)
    assert list(files) == ["stack.py", "main.py", "tests/test_main.py"]


def test_bare_code_is_the_program() -> None:
    assert project_files("import sys\nprint(1)", "Write main.py.") == {"main.py": "import sys\nprint(1)\n"}


def test_a_package_of_the_requirement_keeps_its_folder() -> None:
    reply = "```python\n# shop/db.py\nx = 1\n```\n```python\n# shop/api.py\ny = 1\n```"
    assert list(project_files(reply, "a package shop/ with db.py")) == ["shop/db.py", "shop/api.py"]


def test_folder_around_everything_is_dropped() -> None:
    reply = "```python\n# app/main.py\nx = 1\n```\n```python\n# app/tests/test_a.py\ny = 1\n```"
    assert list(project_files(reply, NEED)) == ["main.py", "tests/test_a.py"]


def test_later_block_replaces_an_earlier_one() -> None:
    reply = "```python\n# main.py\nx = 1\n```\nBetter:\n```python\n# main.py\nx = 2\n```"
    assert project_files(reply, NEED) == {"main.py": "x = 2\n"}


@pytest.mark.parametrize("path", ["../evil.py", "/etc/evil.py", ".git/evil.py", "a/../../evil.py"])
def test_paths_that_leave_the_project_are_refused(path: str) -> None:
    files = project_files(f"```python\n# {path}\nx = 1\n```", "Write something.")
    assert not any("evil" in name and (".." in name or name.startswith("/") or ".git" in name) for name in files)


@pytest.mark.parametrize("reply", ["", "no", "I can't do that.", "```bash\nls\n```", "```python\n```", "```\n\n```"])
def test_no_files(reply: str) -> None:
    assert project_files(reply, NEED) == {}


def test_nested_fence_of_a_longer_one() -> None:
    (block,) = fenced_blocks("````markdown\n# README.md\n```sh\nls\n```\n````")
    assert block.language == "markdown"
    assert "```sh" in block.body


def test_one_block_may_hold_several_files() -> None:
    reply = "```python\n# stack.py\nclass Stack: ...\n\n# main.py\nimport stack\n# stack.py\n\nprint(1)\n```"
    assert project_files(reply, NEED) == {
        "stack.py": "class Stack: ...\n",
        "main.py": "import stack\n# stack.py\n\nprint(1)\n",
    }
