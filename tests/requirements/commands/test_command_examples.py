import pytest

from swfactory.domain.spec import Step
from swfactory.requirements.commands.command_examples import command_examples
from swfactory.requirements.commands.exit_statuses import STATUS


def steps(text):
    return [step for example in command_examples(text) for step in example.steps]


def stdout(text):
    found = steps(text)
    assert len(found) <= 1
    return found[0].stdout if found else None


@pytest.mark.parametrize(
    "verb",
    ["prints", "outputs", "should print", "must output", "gives", "returns", "displays", "->", "=>", "→", "writes"],
)
def test_english_verbs(verb):
    assert stdout(f"`python main.py 2 3` {verb} 5.") == "5"


@pytest.mark.parametrize("verb", ["输出", "应输出", "会打印", "打印出", "显示", "返回", "得到", "应打印", "，则输出"])
def test_chinese_verbs(verb):
    assert stdout(f"运行 `python main.py 2 3` {verb} 5。") == "5"


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("5000.00", "5000.00"),
        ("5000.00.", "5000.00"),
        ("5000.00 (five thousand)", "5000.00"),
        ("MCMXCIV and exits with status 0", "MCMXCIV"),
        ("x=1, and nothing else", "x=1"),
        ("`a b c`", "a b c"),
        ('"a b c"', "a b c"),
        ("'a b c'", "a b c"),
        ("“a b c”", "a b c"),
        ("exactly `a  b`", "a  b"),
        ("the line `total: 3`", "total: 3"),
        ("`.`", "."),
    ],
)
def test_values_bare_quoted_and_back_quoted(said, value):
    assert stdout(f"`python main.py x` prints {said}") == value


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("`你好`", "你好"),
        ("「你好」", "你好"),
        ("3。", "3"),
        ("结果 3，并以状态码 0 退出", "3"),
        ("hello world，然后退出", "hello world"),
    ],
)
def test_chinese_values(said, value):
    assert stdout(f"`python main.py x` 输出 {said}") == value


@pytest.mark.parametrize(
    "text",
    [
        "`python main.py FILE` prints 3",
        "`python main.py add <name>` prints 3",
        "`python main.py [--all]` prints 3",
        "`python main.py 1 2 ...` prints 3",
        "`python main.py data.csv` prints 3",
        "`python main.py < input` prints 3",
        "`python main.py a | wc` prints 3",
        "`python main.py 'unclosed` prints 3",
    ],
)
def test_commands_that_are_not_literal_are_refused(text):
    assert command_examples(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "`python main.py list` prints one line per note",
        "`python main.py list` prints the result",
        "`python main.py list` prints `x` for each note",
        "`python main.py list` prints its help",
        "`python main.py list` prints NAME",
        "`python main.py list` prints a b c",
        "`python main.py list` is the command. It prints 3.",
        "`python main.py list` works",
        "python main.py list prints 3",
    ],
)
def test_outputs_that_are_ambiguous_are_refused(text):
    assert command_examples(text) == ()


def test_a_status_alone_is_an_example_and_wants_a_reason():
    assert steps("`python main.py 1/0` exits with status 2.") == [
        Step(argv=("python", "main.py", "1/0"), exit_code=2, stderr_nonempty=True)
    ]
    assert steps("`python main.py x` 退出码 3")[0].exit_code == 3


@pytest.mark.parametrize(
    "said",
    ["exits with status 3", "exit code 3", "the exit status is 3", "exit status must be 3", "退出码为 3", "状态码 3"],
)
def test_spellings_of_a_status(said):
    match = STATUS.search(said)
    assert match is not None
    assert match[1] == "3"


def test_output_and_status_together():
    assert steps("`python main.py 4` prints no-prime and exits with status 1.") == [
        Step(argv=("python", "main.py", "4"), exit_code=1, stdout="no-prime")
    ]


def test_each_command_has_its_own_rest():
    found = steps("`python main.py 1` prints I, `python main.py 4` prints IV; `python main.py x` exits with status 2.")
    assert [(s.argv[-1], s.stdout, s.exit_code) for s in found] == [("1", "I", 0), ("4", "IV", 0), ("x", None, 2)]


@pytest.mark.parametrize(
    "said",
    [
        "`python main.py 1` prints `I` while `python main.py 4` prints `IV`.",
        "`python main.py 1` prints I, then running `python main.py 4` prints IV.",
        "`python main.py 1` 输出 I，而 `python main.py 4` 输出 IV。",
        "`python main.py 1` 输出 I，`python main.py 4` 输出 IV。",
        "`python main.py 1` 输出 `I`，然后 `python main.py 4` 输出 `IV`。",
    ],
)
def test_words_between_two_commands_are_no_output(said):
    assert [(s.argv[-1], s.stdout) for s in steps(said)] == [("1", "I"), ("4", "IV")]


def test_what_the_next_sentence_says_is_not_the_output():
    assert command_examples("`python main.py` starts it. Then it exits with status 2 on bad input.") == ()


@pytest.mark.parametrize("program", ["python main.py a", "python3 main.py a", "./main.py a"])
def test_every_spelling_of_a_program(program):
    assert steps(f"`{program}` prints b")[0].argv == ("python", "main.py", "a")


def test_quoted_arguments_are_one_word():
    assert steps('`python main.py "a b" c` prints 2')[0].argv == ("python", "main.py", "a b", "c")


@pytest.mark.parametrize(
    "text",
    [
        "A checker of a password. `python c.py PASSWORD` prints weak.",
        "`python c.py x` prints weak, medium or strong.",
        "`python c.py x` 输出 yes 或 no。",
    ],
)
def test_a_placeholder_and_one_of_several_outputs_are_no_example(text):
    assert command_examples(text) == ()


@pytest.mark.parametrize(
    ("said", "output"),
    [
        ("prints the new price `3.40`", "3.40"),
        ("prints its price, `3.40`, and exits with status 0", "3.40"),
        ("prints a line `3 tea`", None),
        ("prints the price `3.40` or `none`", None),
        ("prints the price like `3.40`", None),
        ("prints a table with the header `tea cups`", None),
        ("prints a name and the prefix `tea`", None),
        ("prints the price `NAME: PRICE`", None),
    ],
)
def test_a_value_in_back_quotes_may_follow_what_it_is(said, output):
    assert stdout(f"`python main.py tea` {said}.") == output


@pytest.mark.parametrize(
    ("said", "output"),
    [
        ("adds a cup that stays hot for 7 days and prints `added`", "added"),
        ("adds a cup, and prints `added`", "added"),
        ("adds a cup and prints what is left, `3`", None),
        ("adds a cup if there is tea and prints `added`", None),
        ("adds a cup or two and prints `added`", None),
        ("adds a cup (when hot) and prints `added`", None),
        ("exits with status 1 and prints `error`", None),
        ("adds a cup and prints one line per cup", None),
    ],
)
def test_what_is_done_before_says_nothing_of_what_is_printed(said, output):
    found = command_examples(f"`python main.py tea` {said}.")
    assert [example.steps[0].stdout for example in found if example.steps[0].stdout] == [output] * bool(output)


@pytest.mark.parametrize(
    ("said", "output"),
    [
        ("prints {1, 2, 3} (sorted), the empty set as {}", "{1, 2, 3}"),
        ("prints [1, 2].", "[1, 2]"),
        ("prints [1, 2] or [2, 1]", None),
        ("prints [NAME] and exits", None),
        ("prints 5, `--holiday 2024-03-04` may be given several times", "5"),
        ("prints 5, and `--all` prints 6", "5"),
    ],
)
def test_brackets_are_one_value_and_options_another_matter(said, output):
    assert stdout(f"`python main.py tea` {said}") == output


def test_dots_among_other_signs_stand_for_nothing_left_out():
    (example,) = command_examples('`python c.py decode "... --- ..."` prints SOS.')
    assert example.steps[0].argv == ("python", "c.py", "decode", "... --- ...")
    assert command_examples('`python c.py decode "..."` prints SOS.') == ()


def test_signs_of_the_shell_may_be_quoted():
    (example,) = command_examples("`python c.py 'a&b|c'` prints strong.")
    assert example.steps[0].argv == ("python", "c.py", "a&b|c")


@pytest.mark.parametrize(
    ("said", "output"),
    [
        ('prints the factors, separated by " x ": 2 x 2 x 3.', "2 x 2 x 3"),
        ("prints the sum, 2h15m. Errors are shown.", "2h15m"),
        ("prints the days between them: 60.", "60"),
        ("prints the total, rounded to 2.", None),
        ("prints a table with 2 columns: name and 3 dates.", None),
        ("prints the first 5 lines, 10 with more.", None),
    ],
)
def test_a_value_may_follow_its_description(said: str, output: str | None) -> None:
    found = command_examples(f"`python main.py run 12` {said}")
    assert [example.steps[0].stdout for example in found] == ([] if output is None else [output])


@pytest.mark.parametrize(
    ("said", "complaint", "code"),
    [
        ("prints `bad row` to stderr and exits with status 1.", "bad row", 1),
        ("prints `bad row` on standard error.", "bad row", None),
        ("writes to the standard error: `bad row`", "bad row", None),
        ("打印 `坏行` 到标准错误。", "坏行", None),
        ("向标准错误输出 `坏行`，并以状态 4 退出。", "坏行", 4),
        ("prints `0` to stdout and `bad row` to stderr.", "bad row", None),
    ],
)
def test_what_is_said_on_standard_error_is_no_output(said, complaint, code) -> None:
    (step,) = steps(f"`python load.py rows` {said}")
    assert (step.stdout, step.stderr_contains, step.exit_code) == (None, (complaint,), code)


@pytest.mark.parametrize(
    "said",
    [
        "exits with status 1 if any bed is free and 0 otherwise.",
        "exits with status 3 or 4.",
        "有空床时退出码为 1，否则为 0。",
        "fails with a message.",
        "exits with a non-zero status if a bed is free.",
        "prints V, and an unknown bed exits with a non-zero status.",
        "never exits with a non-zero status.",
        "prints `x` to stderr when it is late.",
        "prints `x` or `y` to stderr.",
        "prints V, but anything else ends with status 2.",
    ],
)
def test_what_holds_in_some_cases_or_names_no_status_is_no_example(said) -> None:
    assert command_examples(f"`python beds.py check` {said}") == ()


@pytest.mark.parametrize(
    ("said", "stdout", "says", "code"),
    [
        ("prints `taken` and exits with status 2 if the bed is broken", "taken", (), None),
        ("prints `taken` and exits with a non-zero status", None, ("taken",), None),
        ("prints `taken` and fails", None, ("taken",), None),
        ("prints `error: taken` and exits with status 2", None, ("error: taken",), 2),
        ("prints `no such bed` and exits with status 2", None, ("no such bed",), 2),
        ("打印 `未找到`，退出码为 2", None, ("未找到",), 2),
        ("prints `taken` and exits with status 2", "taken", (), 2),
        ("prints `error: 0`", "error: 0", (), 0),
        ("prints nothing and exits with status 2", None, (), 2),
        ("prints `-a` and the program exits with status 1", "-a", (), 1),
        ("prints `-a` on the first line and exits with status 1", None, (), 1),
        ("prints `-a` or `maybe` and exits with status 1", None, (), 1),
        ("prints `tea`, whereas a wrong name exits with a non-zero status", "tea", (), None),
        ("prints `none` without an error message", "none", (), 0),
    ],
)
def test_the_message_of_an_error_may_come_on_either_stream(said, stdout, says, code) -> None:
    (step,) = steps(f"`python beds.py book` {said}.")
    assert (step.stdout, step.says, step.exit_code, step.stderr_nonempty) == (stdout, says, code, False)


@pytest.mark.parametrize(
    "said",
    [
        "exits with a non-zero status",
        "prints an error and exits with an error code",
        "以非零状态退出",
        "返回非零退出码",
    ],
)
def test_a_command_may_fail_with_any_status(said) -> None:
    (step,) = steps(f"`python beds.py book` {said}.")
    assert (step.exit_code, step.fails, step.refusable) == (None, True, True)


@pytest.mark.parametrize(
    "shown",
    ["fail", "rejected", "`it fails`", "`exit code 3`", "`rejected: an error`", "`on stderr`", '"error code 2"'],
)
def test_what_is_printed_says_nothing_of_the_command(shown) -> None:
    (step,) = steps(f"`python beds.py mark 30` prints {shown}.")
    assert step == Step(argv=("python", "beds.py", "mark", "30"), stdout=shown.strip('`"'))


def test_what_runs_a_module_or_code_is_no_program_of_the_product() -> None:
    assert command_examples("`python -m slug Hi` prints hi. `python -c 'print(1)'` prints 1.") == ()


def test_a_file_whose_content_is_shown_is_there() -> None:
    text = "Given `a.csv`:\n```\nitem,qty\npear,3\n```\n`python main.py a.csv` prints `pear 3`."
    (example,) = command_examples(text)
    assert example.files == {"a.csv": "item,qty\npear,3\n"}
    assert example.steps[0].stdout == "pear 3"


def test_what_is_said_after_a_dash_is_said_of_the_command() -> None:
    (example,) = command_examples("- `python main.py add Tea` - adds an item and prints `added Tea`")
    assert example.steps[0].stdout == "added Tea"


def test_a_status_of_some_numbers_is_not_that_of_the_command() -> None:
    assert not command_examples("`python pw.py make --length 12` 生成密码，长度小于 4 时输出错误，退出码为 2。")


def test_what_is_piped_into_a_command_is_its_input() -> None:
    (example,) = command_examples("For example `echo 'a b' | python count.py -` prints `2`.")
    assert (example.steps[0].argv, example.steps[0].stdin) == (("python", "count.py", "-"), "a b\n")
    assert example.steps[0].stdout == "2"
    assert not command_examples("`sort a.txt | python count.py` prints `2`, `python count.py | sort` prints `3`.")


@pytest.mark.parametrize(
    ("said", "printed"),
    [("：添加一笔，打印 `已添加 1`", ["已添加 1"]), ("：若已有，打印 `有了`", []), ("：每添加一笔，打印 `好`", [])],
)
def test_what_is_printed_after_something_is_done(said: str, printed: list[str]) -> None:
    assert [example.steps[0].stdout for example in command_examples(f"- `python a.py add 茶 3` {said}")] == printed
