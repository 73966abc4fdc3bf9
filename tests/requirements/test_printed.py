"""What a command is said to print."""

import pytest

from swfactory.requirements.printed import output_of


@pytest.mark.parametrize(
    ("said", "output"),
    [
        (" prints `done` and then exits with status 0.", "done"),
        (" prints `done`, because nothing is left.", "done"),
        (" prints `done` and saves the file.", "done"),
        (" prints 7 to standard output.", "7"),
        (' prints "yes" and ', "yes"),
        (" prints 4 8 15.", "4 8 15"),
        (" prints 2.5, the mean of both.", "2.5"),
        (" 应该输出 7。", "7"),
        (" prints:\n\n```\n1 tea\n2 milk\n```", "1 tea\n2 milk"),
        (" prints the following:\n```text\n1 tea\n```", "1 tea"),
        (" prints:     1 tea\n      2 milk\n", "1 tea\n  2 milk"),
        (" 打印 `完成`，然后退出。", "完成"),
        (" 打印 7，状态码为 3。", "7"),
    ],
)
def test_all_of_an_output(said: str, output: str) -> None:
    assert output_of(said) == output


@pytest.mark.parametrize(
    "said",
    [
        " prints `heads` or `tails`.",
        " 打印“正”或“反”。",
        ' prints "a", "b" and "c".',
        " prints `a` and then `b`.",
        " prints `a` followed by the rest.",
        " prints `a` twice.",
        " prints `a` as the first line.",
        " prints `a` unless it is late.",
        " prints Good morning, all!",
        " prints Ahoy, captain!",
        " prints 1, then 2.",
        " prints 1, buzz, 3.",
        " prints 0.333...",
        " prints JSON.",
        " prints 4 8 15 on separate lines.",
        " prints:\n\n```\n$ ls\n```",
        " prints:\n\n```\n1 tea\n...\n```",
        " prints:\n\n```\n1 tea\n```\n\nand more.",
        " writes `report.txt`.",
        " prints `0` and an error on stderr.",
        " 输出 5 个随机整数。",
        " 输出从 1 到 5 的整数。",
        " 打印 3 个数的最大值。",
        " 显示前 10 条记录。",
        " 输出 JSON 格式的结果。",
        " 输出 `3` 行。",
        " 返回码为 2。",
        " 返回状态码 3。",
    ],
)
def test_what_is_no_or_not_all_output_is_none(said: str) -> None:
    assert output_of(said) is None
