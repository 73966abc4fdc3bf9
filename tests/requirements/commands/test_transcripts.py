"""Sessions that a requirement shows as a terminal does."""

import pytest

from swfactory.domain.spec import CommandExample
from swfactory.requirements.commands.transcripts import transcript_calls, transcript_examples


def block(*lines: str) -> str:
    return "Example:\n\n```console\n" + "\n".join(lines) + "\n```\n\nThat is all."


def steps(text: str) -> list[tuple[list[str], str, str | None, int | None]]:
    return [
        ([*step.argv[1:]], step.stdin, step.stdout, step.exit_code)
        for example in transcript_examples(text)
        for step in example.steps
    ]


def test_a_block_is_one_session_with_what_each_command_prints() -> None:
    text = block('$ python todo.py add "buy milk"', "$ python todo.py list", "1 buy milk", "2 b", "", "$ ./x.py")
    (session,) = transcript_examples(text)
    assert session.origin == "quoted"
    assert steps(text) == [
        (["todo.py", "add", "buy milk"], "", None, 0),
        (["todo.py", "list"], "", "1 buy milk\n2 b", 0),
        (["x.py"], "", None, 0),
    ]


@pytest.mark.parametrize(
    ("command", "stdin"),
    [
        (r"printf 'a b\nc\t\\n' | python wc.py", "a b\nc\t\\n"),
        ("echo a b | python3 wc.py", "a b\n"),
        ("echo -n 'a' | python wc.py", "a"),
        (r"echo -e 'a\nb' | python wc.py", "a\nb\n"),
        ("python wc.py", ""),
    ],
)
def test_what_is_piped_in_is_standard_input(command: str, stdin: str) -> None:
    assert steps(block(f"$ {command}", "3")) == [(["wc.py"], stdin, "3", 0)]


def test_a_file_that_is_shown_is_there() -> None:
    (session,) = transcript_examples(
        block("$ cat data.csv", "a,b", "1,2", "$ python sum.py data.csv", "3", "$ python sum.py < data.csv", "3")
    )
    assert session.files == {"data.csv": "a,b\n1,2\n"}
    assert [(step.argv[2:], step.stdin) for step in session.steps] == [(("data.csv",), ""), ((), "a,b\n1,2\n")]


@pytest.mark.parametrize("path", ["/etc/hosts", "../a.csv", "a/../../b", "."])
def test_a_file_outside_the_folder_is_not_laid_there(path: str) -> None:
    assert transcript_examples(block(f"$ cat {path}", "a", "$ python sum.py", "3")) == ()


def test_an_error_may_come_on_either_stream_until_its_status_is_shown() -> None:
    assert steps(block("$ python x.py a", "error: no a")) == [(["x.py", "a"], "", None, None)]
    assert steps(block("$ python x.py a", "error: no a", "$ echo $?", "2")) == [(["x.py", "a"], "", None, 2)]
    assert steps(block("$ python x.py a", "# fails:", "error: no a")) == [(["x.py", "a"], "", None, None)]
    assert steps(block("$ python x.py a", "A", "$ echo $?", "0")) == [(["x.py", "a"], "", "A", 0)]
    assert steps(block("$ python x.py a", "A", "$ echo $?", "what")) == [(["x.py", "a"], "", "A", 0)]


def test_lines_that_are_left_out_may_be_anything() -> None:
    (session,) = transcript_examples(block("$ python x.py", "first", "...", "last"))
    assert session.steps[0].stdout is None
    assert session.steps[0].stdout_contains == ("first", "last")


def test_a_remark_is_not_taken_for_output() -> None:
    text = block(
        "$ python x.py add 7", "1", "# list them", "$ python x.py list", "# shows all", "7", "$ python x.py", "#8"
    )
    assert [(step.stdout, step.stdout_contains) for step in transcript_examples(text)[0].steps] == [
        (None, ("1",)),
        (None, ("7",)),
        ("#8", ()),
    ]
    assert steps(block("$ python x.py a", "no a", "$ echo $?", "2", "# it fails")) == [(["x.py", "a"], "", None, 2)]


def test_a_drawing_of_number_signs_is_output() -> None:
    assert steps(block("$ python x.py 2", "###", "#")) == [(["x.py", "2"], "", "###\n#", 0)]


def test_an_error_says_what_is_shown() -> None:
    (session,) = transcript_examples(
        block(
            "$ python x.py a", "Not found: a", "$ python x.py b", "no b", "# fails", "$ echo $?", "3", "$ python x.py"
        )
    )
    assert [(step.says, step.stdout_contains, step.exit_code) for step in session.steps] == [
        (("Not found: a",), (), None),
        (("no b",), (), 3),
        ((), (), 0),
    ]


def test_a_usage_that_is_shown_is_no_command_that_is_not_understood() -> None:
    (session,) = transcript_examples(block("$ python x.py", "usage: x.py FILE"))
    assert session.steps[0].refusable
    assert session.steps[0].says == (), "the library says it in words of its own"


@pytest.mark.parametrize(
    "command",
    ["ls", "python x.py > out", "sort a.txt | python x.py", "python x.py < a.txt", "python x.py FILE", "python 'x.py"],
)
def test_what_cannot_be_followed_ends_the_session(command: str) -> None:
    assert steps(block("$ python x.py 1", "1", f"$ {command}", "2", "$ python x.py 3", "3")) == [
        (["x.py", "1"], "", "1", 0)
    ]


def test_an_indented_block_and_one_without_prompts_are_sessions_too() -> None:
    assert steps("It sums:\n\n    $ python x.py 1 2\n    3\n\nand more.") == [(["x.py", "1", "2"], "", "3", 0)]
    assert steps("```\npython x.py 1 2\n3\n```") == [(["x.py", "1", "2"], "", "3", 0)]


def test_ways_of_calling_are_no_session_but_calls() -> None:
    text = "```\npython todo.py add TEXT\npython todo.py list\n```"
    assert transcript_examples(text) == ()
    assert transcript_calls(text) == [["todo.py", "add", "TEXT"], ["todo.py", "list"]]


def test_text_without_blocks_has_none() -> None:
    assert transcript_examples("`python x.py 1` prints 2. It costs $ 3.") == ()
    assert isinstance(transcript_examples(block("$ python x.py", "1"))[0], CommandExample)


def test_a_session_may_read_a_file_that_the_text_shows() -> None:
    block = "\n\n    $ python main.py a.txt\n    2 b\n"
    (example,) = transcript_examples(f"For a file `a.txt` with the lines b and b:{block}")
    assert example.files == {"a.txt": "b\nb\n"}
    assert not transcript_examples(f"For some file:{block}")
