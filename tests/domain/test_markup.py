"""How people type a requirement."""

import pytest

from swfactory.domain.markup import code_blocks, unwrapped, with_back_quotes, without_blocks
from swfactory.domain.requirement import Requirement


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("For example, python fact.py 5 prints 120.", "For example, `python fact.py 5` prints 120."),
        ("python3 a/b.py 'x y' --up -> X", "`python3 a/b.py 'x y' --up` -> X"),
        ("python x.py 1 prints 2 and python x.py 2 prints 4", "`python x.py 1` prints 2 and `python x.py 2` prints 4"),
        ("运行 python x.py 1 打印 2。", "运行 `python x.py 1` 打印 2。"),
        ("`python x.py 1` prints 2", "`python x.py 1` prints 2"),
        ("Run python x.py to start. It prints a menu.", "Run python x.py to start. It prints a menu."),
        ("$ python x.py 1 prints", "$ python x.py 1 prints"),
        ('"python x.py add NAME" adds, “python x.py” lists', "`python x.py add NAME` adds, `python x.py` lists"),
        ('Say "python" and "x.py is slow" to it', 'Say "python" and "x.py is slow" to it'),
        ("```\npython x.py 1 prints\n```", "```\npython x.py 1 prints\n```"),
        ("Write x.py, which prints 3.", "Write x.py, which prints 3."),
    ],
)
def test_commands_of_running_text_come_into_back_quotes(text: str, marked: str) -> None:
    assert with_back_quotes(text) == marked
    assert Requirement.parse(text).text == marked.strip()


def test_blocks_are_found_with_where_they_stand() -> None:
    text = "a\n```sh\nb\n```\nc\n\n    d\n    e\n\nf\n~~~\ng\n~~~"
    assert [block.code for block in code_blocks(text)] == ["b\n", "    d\n    e\n", "g\n"]
    assert without_blocks(text, lambda block: f"<{len(block)}>") == "a\n<11>\nc\n\n<12>\nf\n<9>"


@pytest.mark.parametrize("text", ["a\n```\nb", "```", "~~~\na\n```", ""])
def test_a_fence_that_nothing_closes_is_no_block(text: str) -> None:
    assert list(code_blocks(text)) == []


def test_many_fences_are_read_in_bounded_time() -> None:
    assert sum(1 for _ in code_blocks("```x\n" * 50_000)) == 25_000
    assert next(iter(code_blocks("~~~a\nb\n" * 50_001))).code == "b\n"


def test_a_line_that_tells_of_the_next_function_stays_a_line() -> None:
    text = (
        "commit(): makes the changes of the innermost transaction part of the outer one, if any\n"
        "rollback() -> None: undoes what the innermost transaction has changed so far, and all\n"
        "that is in it."
    )
    assert unwrapped(text).splitlines() == [text.splitlines()[0], " ".join(text.splitlines()[1:])]
