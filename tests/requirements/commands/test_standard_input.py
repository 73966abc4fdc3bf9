"""What a program reads."""

import pytest

from swfactory.requirements.commands.standard_input import asks_the_user, reads_standard_input


@pytest.mark.parametrize(
    ("text", "reads", "asks"),
    [
        ("It reads numbers from standard input.", True, False),
        ("`echo 3 | python main.py` prints 9.", True, False),
        ("从标准输入读取文本。", True, False),
        ("A guessing game for the terminal.", False, True),
        ("It asks the user for a name.", False, True),
        ("程序询问姓名，然后打招呼。", False, True),
        ("`python main.py FILE` prints the words of FILE.", False, False),
        ("It multiplies what it is given.", False, False),
    ],
)
def test_what_is_piped_in_is_told_from_what_is_asked_for(text, reads, asks):
    assert (reads_standard_input(text), asks_the_user(text)) == (reads, asks)
