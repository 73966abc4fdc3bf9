import pytest

from swfactory.domain.spec import Step
from swfactory.requirements.quotations import (
    STATUS,
    api_examples,
    command_examples,
    command_walk,
    module_of,
    quoted_examples,
)
from swfactory.requirements.sentences import sentences


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
    [("`你好`", "你好"), ("「你好」", "你好"), ("3 行", "3"), ("hello world，然后退出", "hello world")],
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


def test_what_the_next_sentence_says_is_not_the_output():
    assert command_examples("`python main.py` starts it. Then it exits with status 2 on bad input.") == ()


@pytest.mark.parametrize("program", ["python main.py a", "python3 main.py a", "./main.py a"])
def test_every_spelling_of_a_program(program):
    assert steps(f"`{program}` prints b")[0].argv == ("python", "main.py", "a")


def test_quoted_arguments_are_one_word():
    assert steps('`python main.py "a b" c` prints 2')[0].argv == ("python", "main.py", "a b", "c")


def test_origin_is_quoted():
    assert {e.origin for e in quoted_examples('`python main.py a` prints b. In x.py, f("a") gives 1.')} == {"quoted"}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('kit.py has enc(s): enc("aab") gives "2ab"', 'from kit import enc\n\nassert enc("aab") == "2ab"\n'),
        ("geo.py: dist((0, 0), (3, 4)) -> 5.0", "from geo import dist\n\nassert dist((0, 0), (3, 4)) == 5.0\n"),
        ("In lib/calc.py add(1, b=2) == 3.", "from lib.calc import add\n\nassert add(1, b=2) == 3\n"),
        ('kit.py has enc(s). `enc("aab")` returns `"2ab"`.', 'from kit import enc\n\nassert enc("aab") == "2ab"\n'),
        ("`calc.py` 提供 `add(1, 2)` 返回 `3`", "from calc import add\n\nassert add(1, 2) == 3\n"),
        (
            'kit.py: split("a,b") returns ["a", "b"] always',
            'from kit import split\n\nassert split("a,b") == ["a", "b"]\n',
        ),
    ],
)
def test_api_examples(text, code):
    found = api_examples(text)
    assert [example.code for _, example in found] == [code]
    compile(code, "example", "exec")


@pytest.mark.parametrize(
    "text",
    [
        "f(1) gives 2",  # no module
        "main.py has f(1) gives 2",  # the program is no module
        "kit.py: f(n) gives 2",  # a placeholder
        "kit.py: f() gives 2",  # nothing to call it with
        "kit.py: f(1) gives two",  # no literal
        "kit.py: f(1) is fast and gives 2",
        "kit.py: f(1",
        "kit.py: `f(1) + 1` gives 3",  # no call alone
        "kit.py: obj.f(1) gives 2",
    ],
)
def test_api_examples_that_are_not_literal_are_refused(text):
    assert api_examples(text) == ()


def test_a_module_is_the_last_one_before_the_first_mention():
    text = "a.py has f(x). b.py has g(x). f(1) gives 2."
    assert module_of(text, "f") == "a"
    assert module_of(text, "g") == "b"
    assert module_of(text, "h") is None
    assert module_of("twice.py with twice(text)", "twice") == "twice"


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


def test_signs_of_the_shell_may_be_quoted():
    (example,) = command_examples("`python c.py 'a&b|c'` prints strong.")
    assert example.steps[0].argv == ("python", "c.py", "a&b|c")


@pytest.mark.timeout(30)
@pytest.mark.parametrize(
    "text",
    ["`python main.py " * 3000, "f(" * 5000, "x.py f(" + "(" * 5000, '"' * 20000, "x.py f(1) gives " + "-" * 5000],
)
def test_hostile_requirements_are_read_in_bounded_time(text):
    assert quoted_examples(text) == ()
    assert isinstance(sentences(text), tuple)


def test_a_walk_through_the_commands_of_a_requirement():
    text = (
        "`python main.py add 1 tea` saves. `python main.py list` prints all, `python main.py list --hot` some, "
        "`python main.py list` again. `python main.py find WORD` searches, `python main.py read a.txt` loads, "
        "`python main.py drop x` exits with status 1."
    )
    walk = command_walk(text, "main.py")
    assert walk is not None
    assert [" ".join(step.argv[2:]) for step in walk.steps] == ["add 1 tea", "list", "list --hot", "find tea"]
    assert [step.exit_code for step in walk.steps] == [0, 0, 0, 0]
    assert command_walk("`python main.py 5` prints `five`.", "main.py") is None
    assert command_walk(text, "other.py") is None


def test_what_repr_looks_like():
    text = "Write shapes.py with a class Box(sides). repr is like Box([1, 2]). Its `repr(box)` gives Box() when empty."
    assert [example.code for _, example in api_examples(text)] == [
        "from shapes import Box\n\nassert repr(Box([1, 2])) == 'Box([1, 2])'\n"
    ]


@pytest.mark.parametrize(
    ("text", "check"),
    [
        ("f('a') should return [1, 2].", "f('a') == [1, 2]"),
        ("f(1) => 2", "f(1) == 2"),
        ("f(1) ➞ True", "f(1) == True"),
        ("f(1, x=2) # returns 'db'", "f(1, x=2) == 'db'"),
        (">>> f([])\n    None\n    >>> f([1])", "f([]) == None"),
        (">>> f((1, 2))\n    (2, 1)\n", "f((1, 2)) == (2, 1)"),
    ],
)
def test_examples_of_a_docstring(text, check):
    assert [e.code for _, e in api_examples(text, {"f": "kit"})] == [f"from kit import f\n\nassert {check}\n"]


@pytest.mark.parametrize(
    "text", ["f(2) = 1 + (2 / 2) = 2", "f(1) => true", "f(x) == 1", "g(1) == 2", ">>> f(1)\n>>> f(2)"]
)
def test_what_is_no_literal_example(text):
    assert api_examples(text, {"f": "kit"}) == ()


def test_a_search_in_any_case_is_tried_in_another_one():
    text = "`python main.py add tea` saves, `python main.py find WORD` searches in any case."
    walk = command_walk(text, "main.py")
    assert walk is not None
    assert walk.steps[-1].argv[2:] == ("find", "Tea")


def test_a_command_that_speaks_of_what_was_shown_before_succeeds():
    text = (
        "`python main.py add tea` prints `item 7`, `python main.py move tea box` moves, `python main.py list` lists, "
        "`python main.py drop 7` drops, `python main.py drop 8` too."
    )
    walk = command_walk(text, "main.py")
    assert walk is not None
    assert [step.exit_code for step in walk.steps] == [0, None, 0, 0, None]


def test_what_is_in_brackets_is_part_of_its_sentence():
    text = "Print `a; b` (sorted; without dots. Always `(c; d)`). Then stop; 打印（甲；乙）。"
    assert sentences(text) == (
        "Print `a; b` (sorted; without dots. Always `(c; d)`).",
        "Then stop;",
        "打印（甲；乙）。",
    )
    assert sentences("Print (a; then b.") == ("Print (a;", "then b.")


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("`python todo.py add milk` adds, `python todo.py list` lists, `python todo.py remove 1` removes.", "stated"),
        (
            "`python todo.py add milk` adds, `python todo.py remove 1` removes, `python todo.py done 1` marks.",
            "derived",
        ),
        ("`python todo.py done 1` marks, `python todo.py add milk` adds.", "derived"),
        ("`python todo.py add milk` adds.", "derived"),
    ],
)
def test_a_walk_whose_commands_find_what_they_are_about_is_stated(text, origin) -> None:
    walk = command_walk(text, "todo.py")
    assert walk is not None
    assert walk.origin == origin


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
