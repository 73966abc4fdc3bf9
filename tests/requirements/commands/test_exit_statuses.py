"""The exit statuses that a requirement gives to errors."""

from __future__ import annotations

import pytest

from swfactory.requirements.commands.exit_statuses import exit_statuses, stated_status

FILE = "FileNotFoundError"


@pytest.mark.parametrize(
    ("text", "usual", "special"),
    [
        ("It greets.", 2, []),
        ("Errors exit with status 3.", 3, []),
        ("A missing file exits with status 2.", 2, []),
        ("Bad numbers exit with status 1, and a missing file exits with status 2.", 1, [(FILE, 2)]),
        (
            "A missing file or invalid JSON exits with status 2, a missing name with status 1.",
            1,
            [("(FileNotFoundError, json.JSONDecodeError)", 2)],
        ),
        (
            "A missing file exits with status 2, an unknown key with status 4 and malformed text with status 3.",
            3,
            [(FILE, 2), ("LookupError", 4)],
        ),
        ("An unknown unit or a value that is not a number exits with status 1.", 1, []),
        ("文件不存在时以状态 2 退出，并打印文件名；分数不是整数时以状态 1 退出。", 1, [(FILE, 2)]),
        ("It exits with status 0 when all is well and with status 1 for wrong dates.", 1, []),
        ("A key may be unknown. Then it exits with status 5.", 5, []),
    ],
)
def test_errors_are_told_apart(text: str, usual: int, special: list[tuple[str, int]]) -> None:
    found = exit_statuses(text)
    assert (found.usual, [*found.special]) == (usual, special)
    assert found.all == {0, usual, *(status for _, status in special)}


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (" exits with error code 2.", 2),
        (" fails with status 3.", 3),
        (" 返回状态码 3。", 3),
        (" 返回码为 2。", 2),
        (" 退出码应为 2。", 2),
        (" 时，退出码为 1。", 1),
        (" exits with status 1 when it rains.", None),
        (" prints 3, and a missing file exits with status 2.", None),
        (" prints error 7.", None),
        (" prints 3 or exits with status 2.", None),
        (" prints 3 (an unknown name exits with status 2).", None),
        (" prints 3 (exit status 2).", 2),
        (" prints 3, whereas any other name exits with status 2.", None),
        (" prints 3, and a wrong name prints `x` and exits with status 2.", None),
        (" 输出 3，名称未知则以状态码 2 退出。", None),
        (" prints 3 and the process exits with status 2.", 2),
        (" 输出 3，同时程序以状态码 2 退出。", 2),
        (" 输出 3，此时退出码为 2。", 2),
        (" 输出 3，因此退出码为 2。", 2),
        (" 输出 3，其退出码为 2。", 2),
        (" 输出 3，并使程序以状态码 2 退出。", 2),
        (" 输出 3，无其他内容，退出码为 2。", 2),
        (" prints 3 and always ends with status 2.", 2),
        (" prints 3, because it is odd, and exits with status 2.", 2),
        (" prints 3 and the whole run ends with status 2.", 2),
        (' prints the path joined by " -> ", or "no path" with exit status 1.', None),
        (" prints the path or `none` with status 1.", None),
        (" prints one or two lines and exits with status 1.", 1),
        (" prints 3 and, for an unknown name, exits with status 2.", None),
    ],
)
def test_a_status_of_the_command_in_any_case(said: str, status: int | None) -> None:
    assert stated_status(said) == status
