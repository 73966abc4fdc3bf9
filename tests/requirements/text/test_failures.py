"""What a requirement says of a failure."""

import pytest

from swfactory.requirements.text.failures import speaks_of_failure, tells_of_failure


@pytest.mark.parametrize(
    "said",
    [
        " prints `taken` and fails.",
        " is rejected.",
        " prints an error message.",
        " prints `no` because it is late and exits with a non-zero status.",
        " 报错并退出。",
    ],
)
def test_a_failure_of_the_command(said: str) -> None:
    assert tells_of_failure(said)


@pytest.mark.parametrize(
    "said",
    [
        " prints `it fails`.",
        " 输出 `空`，不报错。",
        " prints `none` without an error message.",
        " prints `none`, which is not an error.",
        " prints `no` because it is invalid.",
        " prints `tea`, whereas a wrong name exits with a non-zero status.",
        " prints `tea`, and a wrong name is rejected.",
        " prints `tea`, and exits with a non-zero status only on errors.",
        " 输出 `tea`，名称未知则返回非零状态码。",
        " prints `tea`, and exits with a non-zero status on errors.",
        " 输出 `空`，不打印错误信息。",
        " prints `none` instead of showing an error message.",
    ],
)
def test_what_is_denied_or_of_another_case_is_none(said: str) -> None:
    assert not tells_of_failure(said)


def test_another_case_may_be_that_of_the_command() -> None:
    assert speaks_of_failure(" removes it, and an unknown name is rejected.")
    assert not speaks_of_failure(" removes it, and never fails.")
