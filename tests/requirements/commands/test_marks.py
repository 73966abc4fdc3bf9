"""Entries that are shown in another way when something has been done to them."""

import pytest

from swfactory.requirements.commands.command_walks import command_walk
from swfactory.requirements.commands.marks import marked_walks
from swfactory.requirements.commands.shaped_sessions import with_shapes
from swfactory.requirements.commands.shapes import output_shapes

ENGLISH = (
    'A list. `python todo.py add "buy milk"` adds, `python todo.py list` prints one per line as `1 [ ] buy milk`, done '
    "ones as `1 [x] buy milk`; `python todo.py done 1` marks it, `python todo.py remove 1` removes it."
)
CHINESE = (
    "`python todo.py add 买牛奶` 添加一项，`python todo.py list` 每行打印一项，格式为 `1 [ ] 买牛奶`，"
    "完成的打印 `1 [x] 买牛奶`，`python todo.py finish 1` 把它标记为完成，`python todo.py remove 1` 删除它。"
)


def walks(text):
    walk = command_walk(text, "todo.py")
    return [*marked_walks(text, with_shapes(walk, output_shapes(text)))] if walk else []


@pytest.mark.parametrize(
    ("text", "mark", "shown"), [(ENGLISH, "done", "1 [x] buy milk\n"), (CHINESE, "finish", "1 [x] 买牛奶\n")]
)
def test_what_is_marked_is_shown_so(text, mark, shown) -> None:
    (walk,) = walks(text)
    assert [step.argv[2] for step in walk.steps] == ["add", mark, "list"]
    assert (walk.origin, walk.steps[-1].stdout, walk.steps[1].exit_code) == ("stated", shown, 0)


@pytest.mark.parametrize(
    "text",
    [
        ENGLISH.replace(", done ones as `1 [x] buy milk`", ""),
        ENGLISH.replace("done ones", "old ones"),
        ENGLISH.replace("`1 [x] buy milk`", "`nothing here`"),
        "`python todo.py add milk` adds it.",
    ],
)
def test_where_nothing_is_said_of_a_mark_there_is_no_walk(text) -> None:
    assert walks(text) == []
