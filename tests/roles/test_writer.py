import pytest

from swfactory.domain.call import Reply
from swfactory.domain.design import Design, FilePlan
from swfactory.domain.requirement import Requirement
from swfactory.domain.spec import CommandExample, Criterion, Spec, Step
from swfactory.errors import ReplyError
from swfactory.roles.writer import compose_readme, introduce

WISH = Requirement.parse("Write main.py, a calculator for the shell.")
SPEC = Spec(title="Calculator", criteria=(Criterion(id="C1", text="x"),))
DESIGN = Design(files=(FilePlan(path="main.py", purpose="the program"), FilePlan(path="x.py")), entry_point="main.py")
SHOWN = (
    CommandExample(
        steps=(Step(argv=("python", "main.py", "a b"), stdout="1\n2"), Step(argv=("python", "main.py"), exit_code=2))
    ),
)


def read(text, finish="stop"):
    return introduce(WISH).read(Reply(text=text, finish=finish))


def test_headings_and_fences_are_left_out():
    assert read("# Calculator\n\nIt calculates for people in shells.\n```sh\n") == "It calculates for people in shells."


def test_a_cut_off_introduction_ends_at_its_last_sentence():
    assert read("It calculates for people. It also ca", "length") == "It calculates for people."
    assert (
        read("这个程序为命令行用户做计算，支持加法与减法运算。它还", "length")
        == "这个程序为命令行用户做计算，支持加法与减法运算。"
    )


@pytest.mark.parametrize(
    ("text", "finish"), [("", "stop"), ("# Title", "stop"), ("Yes.", "stop"), ("no end at all in this text", "length")]
)
def test_an_introduction_that_says_nothing_is_told(text, finish):
    with pytest.raises(ReplyError, match="says nothing"):
        read(text, finish)
    assert introduce(WISH).fallback() == WISH.text


def test_the_readme_shows_what_was_seen():
    text = compose_readme(WISH, SPEC, DESIGN, "It calculates.", SHOWN)
    assert text.startswith("# Calculator\n\nIt calculates.\n\nIt needs Python")
    assert "```console\n$ python main.py 'a b'\n1\n2\n$ python main.py\n# exit status 2\n```" in text
    assert "- `main.py`: the program\n- `x.py`\n" in text
    assert text.endswith("python -m pytest\n```\n")


@pytest.mark.parametrize(
    ("stdin", "shown"),
    [
        ("3 4\n", "$ echo '3 4' | python main.py\n7"),
        ("3\n4\n", r"$ printf '3\n4\n' | python main.py"),
        ("50%\\", r"$ printf '50%%\\' | python main.py"),
        ("", "console\n$ python main.py\n7"),
    ],
)
def test_the_readme_shows_what_was_piped_in(stdin, shown):
    example = CommandExample(steps=(Step(argv=("python", "main.py"), stdin=stdin, stdout="7"),))
    assert shown in compose_readme(WISH, SPEC, DESIGN, "It adds.", (example,))


def test_without_examples_there_is_no_usage():
    assert "Usage" not in compose_readme(WISH, SPEC, DESIGN, "It calculates.", ())


def test_packages_are_installed_first():
    text = compose_readme(WISH, SPEC, DESIGN.model_copy(update={"packages": ("rich",)}), "x", ())
    assert "pip install -r requirements.txt" in text
    assert "nothing else" not in text


def test_chinese():
    text = compose_readme(Requirement.parse("写一个计算器"), SPEC, DESIGN, "计算器。", SHOWN)
    assert "## 用法" in text
    assert "# 退出状态 2" in text
    assert "Usage" not in text
