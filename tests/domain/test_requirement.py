import pytest
from pydantic import ValidationError

from swfactory.domain.markup import unwrapped
from swfactory.domain.requirement import Requirement, detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Write a program that adds.", "en"),
        ("写一个命令行程序，把两个数相加。", "zh"),
        ("写一个程序 main.py，运行 `python main.py add 1 2` 输出 3", "zh"),
        ("A greeter that prints 你好 to the user of the shell.", "en"),
        ("???", "en"),
    ],
)
def test_the_language_is_the_one_that_says_more(text, language):
    assert detect_language(text) == language
    assert Requirement.parse(text).language == language


def test_the_text_is_kept_word_for_word_but_stripped():
    assert Requirement.parse("  Add\n two  numbers \n", license="MIT") == Requirement(
        text="Add\n two  numbers", license="MIT"
    )


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_is_no_requirement(text):
    with pytest.raises(ValidationError):
        Requirement(text=text)


WRAPPED = """\
A tool for CSV files. `python t.py sum FILE COLUMN` prints the sum of a numeric column. `python t.py top FILE COLUMN`
prints the rows with the largest values. If the column does not exist, print the message as it is shown here:
`error: no column 'x'` and exit with status 2.

It has no other command."""

LISTED = """\
- `python todo.py add TEXT` adds a new item to the list and prints its number as `1`
- `python todo.py list` lists everything

`python todo.py add TEXT` adds a new item to the list and prints its number so that it can be used
`python todo.py list` lists everything that there is, the oldest first and the newest last, with numbers

```
$ python todo.py add "a long line in a transcript that no editor has wrapped, however long it is"
1
```
name: text
age: number"""


def test_lines_that_an_editor_wrapped_are_joined():
    first, second = Requirement.parse(WRAPPED).text.split("\n\n")
    assert "\n" not in first
    assert "COLUMN` prints the rows" in first
    assert "shown here: `error" in first
    assert second == "It has no other command."


def test_lists_and_transcripts_keep_their_lines():
    assert unwrapped(LISTED) == LISTED


def test_chinese_lines_are_joined_without_a_space():
    text = "写一个通讯录程序，可以添加联系人、删除联系人、按姓名查找联系人，还可以列出所有\n联系人，每行一个。"
    assert Requirement.parse(text).text == text.replace("\n", "")


def test_what_is_added_later_stands_on_lines_of_its_own():
    wish = Requirement.parse("It adds.")
    assert wish.with_additions(()) is wish
    assert wish.with_additions((" ",)) is wish
    assert wish.with_additions(("No more than 3.", "It is fast. ")).text == "It adds.\nNo more than 3.\nIt is fast."
