"""What a model wrote is put into the program that the machine began."""

import pytest

from swfactory.programs.frames import (
    complete,
    is_framed,
    keep_begun,
    open_functions,
    readable,
    with_filled,
    without_classes,
)

FRAME = """\
import sys

from arguments import parse_args


def add_command(text: str) -> None:
    # add "x": adds
    ...


def main():
    args = parse_args()
    add_command(args.text)


if __name__ == "__main__":
    main()
"""

ADD = "def add_command(text: str) -> None:\n    print(shown(text))\n"
SHOWN = "def shown(text):\n    return json.dumps(text)\n"


def test_functions_and_what_they_share_take_the_place_of_the_hole():
    program = complete(FRAME, f"import json\n\n\n{SHOWN}\n\n{ADD}")
    compile(program, "main.py", "exec")
    assert "import json" in program
    assert SHOWN in program
    assert ADD in program
    assert "..." not in program
    assert program.endswith(FRAME[FRAME.index("def main") :])


def test_what_the_machine_wrote_stays_as_it_is():
    again = "def parse_args():\n    return {}\n\n\ndef main():\n    print('mine')\n"
    program = complete(FRAME, f"{again}\n\n{ADD}\n\nmain()\n")
    assert "from arguments import parse_args" in program
    assert "mine" not in program
    assert program.count("main()") == 2


def test_a_table_that_the_machine_wrote_stays_as_it_is():
    frame = FRAME.replace("import sys\n", "import sys\n\nFACTORS = {'kg': 1}\n")
    program = complete(frame, f"FACTORS = {{'kg': 2}}\nNAMES = []\n\n\n{ADD}")
    compile(program, "main.py", "exec")
    assert "FACTORS = {'kg': 1}" in program
    assert "FACTORS = {'kg': 2}" not in program


def test_of_a_reply_that_breaks_off_the_functions_that_can_be_read_count():
    broken = f'import json\n\n@cached\n{SHOWN}\n{ADD}\n\ndef rest(text):\n    """breaks off\n'
    program = complete(FRAME, broken)
    compile(program, "main.py", "exec")
    assert f"@cached\n{SHOWN}" in program
    assert ADD in program
    assert "breaks off" not in program


@pytest.mark.parametrize(
    "reply",
    ["def main():\n    print(1)\n\n\nmain()\n", "def add_command(:\n", "class Add:\n    pass\n", "print('\0')\n"],
    ids=["a program of its own", "no program", "something else", "a character that no program holds"],
)
def test_a_reply_that_goes_its_own_way_is_left_alone(reply):
    assert complete(FRAME, reply) == reply


def test_without_a_frame_the_reply_is_the_file():
    assert complete("", ADD) == ADD


@pytest.mark.parametrize(
    ("name", "framed"), [("main", True), ("add_command", False), ("shown", False), ("nothing", False)]
)
def test_what_the_machine_wrote_is_known(name, framed):
    program = complete(FRAME, f"{SHOWN}\n\n{ADD}")
    assert is_framed(FRAME, program, name) is framed
    assert not is_framed("", program, name)
    assert not is_framed(FRAME, FRAME, "add_command")
    assert not is_framed(FRAME, "def main():\n    print(1)\n", name)


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("x = 1\n", "x = 1\n"),
        ("def f():\n    return 1\n\ndef g(:\n    pass\n\ny = 2\n", "def f():\n    return 1\n\ny = 2\n"),
        (
            "class A:\n    def f(self):\n        return 1\n\n    def g(self):\n        return (",
            "class A:\n    def f(self):\n        return 1\n\n",
        ),
        ("class A:\n    x = (", ""),
        ("\0", ""),
    ],
    ids=["all of it", "whole statements", "methods before the break", "nothing of a class", "nothing"],
)
def test_what_can_be_read_is_kept(source, kept):
    assert readable(source) == kept


OPENED = "class Till:\n    def __init__(self, path):\n        self.book = connect(path)\n\n"
OUTLINE = f"{OPENED}    def sell(self):\n        ...\n"


def test_methods_that_an_outline_has_whole_are_put_back():
    reply = f"{OPENED}    def sell(self):\n        return 1\n"
    assert keep_begun(OUTLINE, reply.replace("connect(path)", "open(path)")) == reply
    assert "connect(path)" in keep_begun(OUTLINE, "class Till:\n    def sell(self):\n        return 1\n")


def test_of_a_module_that_breaks_off_the_whole_methods_count():
    assert keep_begun("", "def f():\n    return 1\n\n\ndef g(:\n") == "def f():\n    return 1\n\n\n"


@pytest.mark.parametrize("reply", ["def f(:\n", "class Shop:\n    pass\n", ""])
def test_what_does_not_fit_an_outline_stays(reply):
    assert keep_begun(OUTLINE, reply) == reply


def test_classes_that_nobody_asked_for_are_dropped():
    source = "import os\n\n\n@final\nclass A:\n    pass\n\n\nclass B:\n    x = 1\n"
    assert without_classes(source, {"A"}).replace("\n", "") == "import osclass B:    x = 1"
    assert without_classes("class A(:\n", {"A"}) == "class A(:\n"


def test_what_is_missing_in_a_frame():
    assert open_functions(FRAME) == ("add_command",)
    assert open_functions("def f(:\n") == ()


def test_what_is_known_of_a_function_takes_the_place_of_what_a_model_made_of_it():
    frame = "def a(x):\n    ...\n\n\ndef b(x):\n    ...\n"
    filled = "def a(x):\n    return fare(x)\n\n\ndef b(x):\n    ...\n"
    written = "def a(x):\n    if x:\n        return fare(x)\n\n\ndef b(x):\n    return 2\n"
    made = with_filled(written, frame, filled)
    assert "def a(x):\n    return fare(x)\n" in made
    assert "if x" not in made
    assert "def b(x):\n    return 2\n" in made
    assert with_filled(written, frame, "") == written
    assert with_filled(written, frame, frame) == written
    assert with_filled("def (:\n", frame, filled) == "def (:\n"
