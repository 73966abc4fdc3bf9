"""Examples in words."""

from __future__ import annotations

import pytest

from swfactory.domain.spec import ApiExample, CommandExample, Example, Step
from swfactory.requirements.examples import describe, describe_all


def command(*steps: Step) -> CommandExample:
    return CommandExample(steps=steps)


@pytest.mark.parametrize(
    ("example", "line"),
    [
        (command(Step(argv=("python", "m.py", "5"), stdout="five")), "`python m.py 5` prints `five`"),
        (command(Step(argv=("python", "m.py", "a b"), stdout="1\n2")), "`python m.py 'a b'` prints '1\\n2'"),
        (
            command(
                Step(argv=("python", "m.py", "add"), exit_code=None),
                Step(argv=("python", "m.py", "x"), exit_code=2, stderr_contains=("error",)),
            ),
            "after `python m.py add`: `python m.py x` exits with status 2 and says something with `error` on stderr",
        ),
        (
            command(Step(argv=("python", "m.py"), stdin="hi", exit_code=1, stderr_nonempty=True)),
            "`python m.py` with 'hi' on stdin exits with status 1 and says why on stderr",
        ),
        (command(Step(argv=("python", "m.py"), says=("no",))), "`python m.py` says something with `no`"),
        (command(Step(argv=("python", "m.py"), exit_code=None)), ""),
        (
            command(Step(argv=("python", "m.py"), exit_code=None, fails=True)),
            "`python m.py` exits with a status other than 0",
        ),
        (ApiExample(code="from kit import f\n\nassert f('a') == 1\n"), "`f('a') == 1`"),
        (
            ApiExample(code="import pytest\nfrom kit import K\nk = K()\nwith pytest.raises(KeyError):\n    k.pop()\n"),
            "`k = K(); k.pop()` raises KeyError",
        ),
        (ApiExample(code="from kit import f\nf(1)\n"), ""),
    ],
)
def test_an_example_is_one_line(example: Example, line: str) -> None:
    assert describe(example) == line


def test_quoted_ones_come_first_and_each_once() -> None:
    derived = ApiExample(code="assert f(1) == 2")
    quoted = ApiExample(code="assert f(2) == 3", origin="quoted")

    assert describe_all([derived, quoted, derived], 5) == ["`f(2) == 3`", "`f(1) == 2`"]
    assert describe_all([derived, quoted], 1) == ["`f(2) == 3`"]
