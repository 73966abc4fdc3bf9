"""What a command is said to print."""

import pytest

from swfactory.requirements.commands.printed import complaint_of, output_of


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
        (" prints `-a` and the program exits with status 1.", "-a"),
        (" prints `-a` and the exit status is 1.", "-a"),
        (" prints `-a` and must exit with 1.", "-a"),
        (" prints `tea`, a wrong name gives `no` on stderr.", "tea"),
        (" prints `odd` while", "odd"),
        (" prints `5` and running", "5"),
        (" prints `5`, and so does", "5"),
        (" prints `5`, followed by a newline.", "5"),
        (" prints 5, then exits.", "5"),
        (" prints 5, then running", "5"),
        (" prints 5.50, with two decimals.", "5.50"),
        (" prints 01:30, in hours and minutes.", "01:30"),
        (" prints sand", "sand"),
        (" prints x and nothing to stderr.", "x"),
        (" 输出 `x`，标准错误为空。", "x"),
        (" prints `x` with an empty stderr.", "x"),
        (" prints `x` on stdout and leaves stderr empty.", "x"),
        (" prints `x` and stderr stays empty.", "x"),
        (" prints `x` and writes it to a file.", "x"),
        (" prints `x` and that is all.", "x"),
        (" prints `x` and a newline.", "x"),
        (" prints `x` for unknown names.", "x"),
        (" prints 3, the sum of 1 and 2.", "3"),
        (" prints 3, a sum.", "3"),
        (" prints 10%, the discount.", "10%"),
        (" prints `x` without writing to stderr.", "x"),
        (" prints `x`, in any case.", "x"),
        (" 输出 42，再换行。", "42"),
        (" 输出 `5`，再运行", "5"),
        (" 输出 `5`，然后以状态码 0 退出。", "5"),
        (" 输出 42，", "42"),
        (" 输出 42、", "42"),
        (" 输出 42，再执行", "42"),
        (" 输出 42.50，保留两位小数。", "42.50"),
        (" 输出 42，即两数之和。", "42"),
        (" 输出 5，程序以状态码 0 退出。", "5"),
        (" 输出总和 42。", "42"),
        (" prints:\n```\nCOUNT: 3\n```", "COUNT: 3"),
        (" prints:\n```\n<b>tea</b>\n```", "<b>tea</b>"),
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
        " prints:\n```\nWORD COUNT\n```",
        " prints:\n```\n<word>: <count>\n```",
        " prints:\n```\nYYYY-MM-DD\n```",
        " 输出：\n```\n单词: 次数\n```",
        " prints:",
        " prints `x` to stderr when it is late.",
        " prints 1, if it rains.",
        " prints 1, fizz and 3.",
        " prints `1` and must print `2`.",
        " 输出 42，再输出 43。",
        " 输出 42，程序接着输出 43。",
        " prints 3, a dash, then 4.",
        " prints 3, in red, and 4.",
        " prints 3, at least.",
        " prints 3, below it 6.",
        " prints 3, the next line is 6.",
        " 输出 42，而第二行为 43。",
        " 输出 `42`，下一行是 `43`。",
        " prints 3, with `x` after it.",
        " prints `x` only on Mondays.",
        " 输出 `x`，标准错误不为空。",
    ],
)
def test_what_is_no_or_not_all_output_is_none(said: str) -> None:
    assert output_of(said) is None


@pytest.mark.parametrize(
    ("said", "complaint"),
    [
        (" prints `no tea` to stderr.", "no tea"),
        (" prints `tea`, and prints `no tea` to stderr for unknown names.", None),
        (" prints `tea`, a wrong name gives `no such item` on stderr and status 1.", None),
        (" 输出 `tea`，未知名称则在 stderr 输出 `x`。", None),
    ],
)
def test_a_complaint_is_that_of_the_command(said: str, complaint: str | None) -> None:
    assert complaint_of(said) == complaint


@pytest.mark.timeout(10)
def test_spaces_are_read_at_once() -> None:
    assert output_of(f" prints no{' ' * 20000}thing") is None
    assert output_of(f" prints `a`{' ' * 20000}thing") == "a"
    assert output_of(" " * 20000) is None
