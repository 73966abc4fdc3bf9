from contextlib import suppress

import pytest

from swfactory.errors import PathEscapeError, ReplyError
from swfactory.roles.fences import code_block, file_blocks

TWO = {"calc.py": "def add(a, b):\n    return a - b\n", "main.py": "import calc\n"}


def fenced(body, language="python"):
    return f"```{language}\n{body}\n```\n"


def test_the_longest_block_is_the_code():
    reply = "Install:\n" + fenced("pip", "sh") + "Then:\n" + fenced("x = 1\ny = 2") + "Done."
    assert code_block(reply) == "x = 1\ny = 2\n"


@pytest.mark.parametrize(
    "code", ["import os\n", "def f():\n    pass", '"""Doc."""\nx = 1', "# c\nx = 1", "@d\nclass A: ..."]
)
def test_bare_code_is_code(code):
    assert code_block(code) == code.strip("\n") + "\n"


@pytest.mark.parametrize(
    "reply", ["", "Sorry, I cannot do that.", "Sure! Here is:\nimport os", "```python\n\n```", "```"]
)
def test_no_code_is_told(reply):
    with pytest.raises(ReplyError):
        code_block(reply)


def test_an_unclosed_fence_counts():
    assert code_block("Here:\n```python\nx = 1\ny = 2") == "x = 1\ny = 2\n"
    assert file_blocks("```python\n# main.py\nx = 1", TWO) == {"main.py": "x = 1\n"}


def test_a_fence_inside_a_longer_fence_is_content():
    body = 'DOC = """\n```\nx\n```\n"""'
    assert code_block(f"````python\n{body}\n````") == body + "\n"
    assert code_block(f"~~~python\n{body}\n~~~") == body + "\n"


@pytest.mark.parametrize(
    "comment", ["# main.py", "# file: main.py", "# filename: main.py", "#main.py", "<!-- main.py -->", "// main.py"]
)
def test_a_comment_names_the_file_and_is_left_out(comment):
    reply = fenced(f"{comment}\nprint(1)")
    assert file_blocks(reply, TWO) == {"main.py": "print(1)\n"}
    assert code_block(reply) == "print(1)\n"


@pytest.mark.parametrize("line", ["**main.py**", "### `main.py`:", "The file main.py is:", "1. ./main.py"])
def test_the_line_before_names_the_file(line):
    assert file_blocks(f"{line}\n\n{fenced('print(1)')}", TWO) == {"main.py": "print(1)\n"}


def test_several_files():
    reply = fenced("# calc.py\nx = 1") + "and\n" + fenced("# main.py\nimport calc")
    assert file_blocks(reply, TWO) == {"calc.py": "x = 1\n", "main.py": "import calc\n"}


def test_a_nameless_block_is_the_only_file_there_is():
    assert file_blocks(fenced("x = 1"), {"calc.py": ""}) == {"calc.py": "x = 1\n"}
    with pytest.raises(ReplyError, match=r"calc\.py, main\.py"):
        file_blocks(fenced("x = 1"), TWO)


def test_a_nameless_block_belongs_where_most_of_its_lines_come_from():
    assert file_blocks(fenced("def add(a, b):\n    return a + b"), TWO) == {
        "calc.py": "def add(a, b):\n    return a + b\n"
    }


def test_blocks_of_one_file_are_joined():
    reply = fenced("# calc.py\nx = 1") + "and\n" + fenced("# calc.py\ny = 2")
    assert file_blocks(reply, TWO) == {"calc.py": "x = 1\n\n\ny = 2\n"}


def test_a_known_file_is_found_by_its_name():
    assert file_blocks(fenced("# calc.py\nx = 1"), {"lib/calc.py": "", "main.py": ""}) == {"lib/calc.py": "x = 1\n"}


def test_unknown_files_are_left_out():
    reply = fenced("# tests/test_commands.py\nassert True") + fenced("# main.py\nx = 1")
    assert file_blocks(reply, TWO) == {"main.py": "x = 1\n"}


@pytest.mark.parametrize("path", ["../main.py", "/etc/main.py", "a/../../main.py", ".git/hooks/x.py"])
def test_a_path_that_leaves_is_refused(path):
    with pytest.raises(PathEscapeError):
        file_blocks(fenced(f"# {path}\nx = 1"), TWO)


@pytest.mark.parametrize("reply", ["", "I fixed the bug in main.py.", "```python\n# main.py\n\n```"])
def test_prose_and_empty_files_are_no_answer(reply):
    with pytest.raises(ReplyError):
        file_blocks(reply, TWO)


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "reply",
    [
        fenced("x = 1\n" * 100_000),
        "x = 1\n" * 100_000,
        "import os\n" * 100_000,
        "```\n" * 100_000,
        "`" * 200_000,
        "a" * 200_000 + "\n```\nx = 1\n```",
        "```\n# main.py" + " " * 200_000 + "x\n```",
        "~~~`\n```~\n" * 20_000,
    ],
    ids=["fenced", "prose", "bare", "fences", "ticks", "line", "comment", "mixed"],
)
def test_a_hundred_thousand_lines_are_read_in_bounded_time_and_size(reply):
    for read in (code_block, lambda text: "".join(file_blocks(text, ("main.py",)).values())):
        with suppress(ReplyError):
            assert len(read(reply)) <= 200_001
