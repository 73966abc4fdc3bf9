import json

import pytest

from swfactory.domain.call import Reply
from swfactory.errors import ReplyError
from swfactory.roles.sessions import parted, read_session, reads_files, session_schema


def read(*commands, files=(), finish="stop"):
    return read_session(
        Reply(text=json.dumps({"files": list(files), "commands": list(commands)}), finish=finish), "main.py"
    )


def argvs(example):
    return [" ".join(step.argv) for step in example.steps]


def test_the_first_command_succeeds_and_the_others_may_be_refused():
    example = read("python main.py add 'a b'", "python3 main.py list", "main.py list")
    assert [step.argv for step in example.steps] == [
        ("python", "main.py", "add", "a b"),
        ("python", "main.py", "list"),
        ("python", "main.py", "list"),
    ]
    assert [step.exit_code for step in example.steps] == [0, None, None]
    assert example.origin == "derived"


@pytest.mark.parametrize(
    "command",
    [
        "python main.py a | wc",
        "python main.py a > out.txt",
        "python main.py a && rm -rf /",
        "python other.py a",
        "rm -rf /",
        "",
        "python",
        "python main.py FILE",
        "python main.py add <NAME>",
        "python main.py 'unclosed",
    ],
)
def test_what_cannot_be_run_is_left_out(command):
    assert read(command) is None
    assert argvs(read(command, "python main.py x")) == ["python main.py x"]


def test_a_reply_that_was_cut_off_loses_what_was_being_written():
    text = '{"commands": ["python main.py a", "python main.py b 12'
    assert argvs(read_session(Reply(text=text, finish="length"), "main.py")) == ["python main.py a"]
    whole = read("python main.py a", "python main.py b", finish="length")
    assert argvs(whole) == ["python main.py a", "python main.py b"]


def test_cut_off_after_the_files():
    text = '{"files": [{"name": "a.txt", "content": "x"}], "commands": []'
    assert read_session(Reply(text=text, finish="length"), "main.py") is None


def test_files_are_laid_beside_the_program():
    files = [{"name": "data/a.csv", "content": "1,2\n"}, {"name": "main.py", "content": "evil"}]
    assert read("python main.py data/a.csv", files=files).files == {"data/a.csv": "1,2\n"}


def test_a_file_that_nobody_has_given_need_not_be_read():
    given = [{"name": "a.csv", "content": "1\n"}]
    assert read("python main.py a.csv", files=given).steps[0].exit_code == 0
    assert read("python main.py b.csv", files=given).steps[0].exit_code is None
    assert read("python main.py add b.csv").steps[0].exit_code == 0


def test_a_file_that_is_too_large_is_left_out():
    assert read("python main.py a.txt", files=[{"name": "a.txt", "content": "x" * 5000}]).files == {}


@pytest.mark.parametrize("path", ["../a.txt", "/etc/passwd", "a/../../b", ".git/config", ""])
def test_a_path_that_leaves_is_refused(path):
    with pytest.raises(ReplyError, match="leaves the workspace"):
        read("python main.py x", files=[{"name": path, "content": "x"}])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Sure, here are the commands: python main.py",
        "[]",
        "3",
        "null",
        '"python main.py"',
        "{}",
        '{"commands": "python main.py"}',
        '{"commands": [1]}',
        '{"commands": ["a"], "files": [{"path": "x"}]}',
        '{"commands": ' + json.dumps(["python main.py"] * 7) + "}",
        "[" * 10_000,
    ],
)
def test_what_is_no_session_is_told(text):
    with pytest.raises(ReplyError):
        read_session(Reply(text=text), "main.py")


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("It reads a CSV file.", True),
        ("`python main.py FILE` counts", True),
        ("读取一个文本文件", True),
        ("It turns a CSV file with a header into JSON.", True),
        ("`python main.py IN.csv OUT.json` does it", True),
        ("把 CSV 文件转换成 JSON", True),
        ("It prints what converts best.", False),
        ("It adds two numbers.", False),
    ],
)
def test_whether_files_are_given(text, yes):
    assert reads_files(text) is yes


def test_the_schema_asks_for_files_where_they_are_needed():
    assert set(session_schema(True)["properties"]) == {"files", "commands"}
    assert set(session_schema(False)["properties"]) == {"commands"}


def test_commands_that_read_given_files_stand_apart():
    file = {"name": "a.txt", "content": "x"}
    parts = parted(read("python main.py a.txt 1", "python main.py --all a.txt", files=[file]))
    assert [argvs(part) for part in parts] == [["python main.py a.txt 1"], ["python main.py --all a.txt"]]
    assert [part.steps[0].exit_code for part in parts] == [0, None]
    assert all(part.files == {"a.txt": "x"} for part in parts)
    whole = read("python main.py load a.txt", "python main.py show", files=[file])
    assert parted(whole) == (whole,)
