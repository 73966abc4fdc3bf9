import pytest

from swfactory.domain.spec import CommandExample, Step
from swfactory.requirements.commands.error_cases import error_examples, file_examples


def good(*commands, files=None):
    steps = tuple(Step(argv=("python", "main.py", *command.split()), stdout="seen") for command in commands)
    return CommandExample(origin="quoted", files=files or {}, steps=steps)


def spoilt(sentence, *examples, subcommands=()):
    found = error_examples(sentence, examples, subcommands=subcommands)
    return [(" ".join(e.steps[-1].argv[2:]), e.steps[-1].exit_code) for e in found]


@pytest.mark.parametrize(
    ("sentence", "command", "expected"),
    [
        ("An argument that is not a number exits with status 1.", "add 2 3", "add 2 abc"),
        ("A non-numeric value exits with status 1.", "add 2 3.5", "add 2 abc"),
        ("参数不是有效的数字时退出码 1。", "add 2 3", "add 2 abc"),
        ("A negative amount exits with status 1.", "pay bob 3", "pay bob -5"),
        ("金额为负时退出码 1。", "pay bob 3", "pay bob -5"),
        ("An amount that is not a number exits with status 1.", "pay bob -3.5", "pay bob abc"),
        ("Amounts that are not positive numbers exit with status 1.", "pay bob 3", "pay bob -5"),
        ("Amounts that are not positive numbers exit with status 1.", "pay bob 3", "pay bob abc"),
        ("日期格式不对时，以状态 1 退出。", "age 2020-01-31", "age 2023-02-30"),
        ("A malformed or impossible date exits with status 1.", "age 2020-01-31 x", "age 2023-02-30 x"),
        ("日期无效时退出码 1。", "age 2020-01-31", "age 2023-02-30"),
        ("A missing file exits with status 1.", "count notes.txt", "count nosuch.txt"),
        ("文件不存在时退出码 1。", "count notes.txt", "count nosuch.txt"),
        ("An unknown id exits with status 1.", "done 1", "done 9999"),
        ("编号不存在时状态码 1。", "done 1", "done 9999"),
        ("An unknown unit exits with status 1.", "5 km", "5 nosuchthing"),
        ("未知的单位，退出码 1。", "5 km", "5 nosuchthing"),
        ("联系人不存在时以状态 1 退出。", "delete 张三", "delete nosuchthing"),
        ("Text with digits exits with status 1.", "encode aaab", "encode aaab1"),
        ("When the contact does not exist, it exits with status 1.", "delete bob", "delete nosuchthing"),
        ("If a book is not found, exit with status 1.", "lend dune", "lend nosuchthing"),
        ("Unknown names exit with status 1.", "show Ann_Lee", "show nosuchthing"),
    ],
)
def test_each_fault_spoils_the_argument_it_names(sentence, command, expected):
    assert (expected, 1) in spoilt(sentence, good(command))


@pytest.mark.parametrize(
    "sentence", ["A file that does not exist exits with status 1.", "文件不存在时退出码 1。", "编号不存在时状态码 1。"]
)
def test_what_is_a_fault_of_its_own_spoils_no_word(sentence):
    assert spoilt(sentence, good("delete bob")) == []


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("联系人不存在时打印“未找到”并以状态 1 退出。", ("未找到",)),
        ("For an unknown name it prints `not found` and exits with status 1.", ("not found",)),
        ("It prints `ok` when all is well; an unknown name exits with status 1.", ()),
        ("An unknown name prints `no` and `never` and exits with status 1.", ("no",)),
    ],
)
def test_what_an_error_prints_is_expected(sentence, said):
    (example,) = error_examples(sentence, [good("delete bob")], subcommands=["delete"])
    assert example.steps[-1].says == said


def test_a_sentence_without_a_status_or_fault_makes_nothing():
    assert spoilt("A value that is not a number is refused.", good("add 2 3")) == []
    assert spoilt("It exits with status 2.", good("add 2 3")) == []
    assert spoilt("A number that is not a number exits with status 0.", good("add 2 3")) == []


def test_without_a_fitting_argument_there_is_no_case():
    assert spoilt("A malformed date exits with status 1.", good("add 2 3")) == []
    assert spoilt("A value that is not a number exits with status 1.") == []


def test_each_clause_has_its_own_status():
    sentence = "A value that is not a number exits with status 1, an unknown unit exits with status 2."
    assert set(spoilt(sentence, good("5 km"))) == {("abc km", 1), ("5 nosuchthing", 2)}


@pytest.mark.parametrize(
    ("sentence", "made"),
    [
        ("Negative weights are fine but a value that is not a number exits with status 2.", ["weigh abc kg"]),
        ("负数可以，但不是数字的值以状态 2 退出。", ["weigh abc kg"]),
        ("An unknown unit prints a hint, and a negative weight exits with status 2.", ["weigh -5 kg"]),
        ("A negative weight prints an error and exits with status 2.", ["weigh -5 kg"]),
        ("A negative weight never exits with status 2.", []),
        ("A negative weight prints an error, stores nothing and ends with status 2.", ["weigh -5 kg"]),
        ("A negative weight is rejected, nothing is stored, exit status 2.", ["weigh -5 kg"]),
        ("A negative weight is refused, the list stays as it was, and the exit status is 2.", ["weigh -5 kg"]),
        ("负数时打印错误信息，不保存任何内容，以状态码 2 退出。", ["weigh -5 kg"]),
        ("An unknown unit prints a hint and all other errors exit with status 2.", ["nosuchthing"]),
        ("A negative weight is reported on stderr while the process exits with status 2.", ["weigh -5 kg"]),
    ],
)
def test_what_is_said_of_another_case_is_no_fault(sentence, made):
    assert [command for command, _ in spoilt(sentence, good("weigh 3 kg"), subcommands=["weigh"])] == made


def test_each_subcommand_is_spoilt_once_before_another_argument_is():
    steps = [("add", "bob", "7"), ("pay", "bob", "3"), ("show", "bob")]
    example = CommandExample(steps=tuple(Step(argv=("python", "main.py", *words)) for words in steps))
    names = ("add", "pay", "show")
    unknown = spoilt("An unknown name exits with status 1.", example, subcommands=names)
    assert unknown == [("show nosuchthing", 1), ("pay nosuchthing 3", 1)]
    put_in = spoilt("An unknown name exits with status 1.", good("add bob 7", "show 7"), subcommands=names)
    assert put_in == []
    number = spoilt("An amount that is not a number exits with status 1.", example, subcommands=names)
    assert number == [("pay bob abc", 1), ("add bob abc", 1)]


def test_where_a_negative_number_is_shown_it_is_no_error():
    example = CommandExample(
        steps=tuple(
            Step(argv=("python", "main.py", *words)) for words in (("add", "tea", "3"), ("adjust", "tea", "-2"))
        )
    )
    made = spoilt("A negative count exits with status 1.", example, subcommands=("add", "adjust"))
    assert made == [("add tea -5", 1)]


def test_what_is_unknown_is_what_is_called_so():
    made = spoilt(
        "Unknown names exit with status 1.", good("take name1 who1", "held who1"), subcommands=("take", "held")
    )
    assert made == [("take nosuchthing who1", 1)]


def test_the_new_name_of_something_is_unknown():
    made = spoilt("An unknown name exits with status 1.", good("rename bob ann"), subcommands=("rename",))
    assert made == [("rename nosuchthing ann", 1)]


def test_what_is_only_looked_for_may_be_unknown():
    example = CommandExample(
        steps=tuple(Step(argv=("python", "main.py", *words)) for words in (("show", "Ann Lee"), ("find", "ann")))
    )
    sentence = "Unknown names exit with status 1."
    assert spoilt(sentence, example, subcommands=("show", "find")) == [("show nosuchthing", 1)]
    assert spoilt(sentence, good("find ann"), subcommands=("find",)) == []


def test_a_subcommand_is_not_spoilt():
    sentence = "An unknown name exits with status 3."
    assert spoilt(sentence, good("greet bob"), subcommands=["greet"]) == [("greet nosuchthing", 3)]


def test_options_and_their_values_are_not_spoilt():
    assert spoilt("A value that is not a number exits with status 1.", good("add --base 10 3")) == [
        ("add --base 10 abc", 1)
    ]


def test_at_most_two_cases_a_fault():
    sentence = "A value that is not a number exits with status 1."
    assert spoilt(sentence, good("sum 1 2 3"), good("sum 4 5 6")) == [("sum 1 2 abc", 1), ("sum 1 abc 3", 1)]


def test_the_commands_before_are_kept_but_not_checked():
    sentence = "An unknown id exits with status 4."
    (case,) = error_examples(sentence, [good("add milk", "done 1", files={"a.txt": "x"})])
    assert [step.argv[2:] for step in case.steps] == [("add", "milk"), ("done", "9999")]
    assert (case.steps[0].exit_code, case.steps[0].stdout) == (None, None)
    assert case.files == {"a.txt": "x"}
    assert case.origin == "stated"


def test_a_command_that_fails_is_not_good():
    bad = CommandExample(steps=(Step(argv=("python", "main.py", "add", "3"), exit_code=2),))
    assert error_examples("A value that is not a number exits with status 1.", [bad]) == ()


@pytest.mark.parametrize(
    ("ending", "contains", "nonempty"),
    [
        (" and a message on stderr", (), True),
        (" and writes a line starting with `Error` to standard error", ("Error",), False),
        ("", (), False),
    ],
)
def test_what_must_be_said(ending, contains, nonempty):
    (case,) = error_examples(f"A value that is not a number exits with status 1{ending}.", [good("neg 3")])
    assert (case.steps[-1].stderr_contains, case.steps[-1].stderr_nonempty) == (contains, nonempty)


def test_what_must_be_said_in_chinese():
    (case,) = error_examples("不是数字时以 `Error` 开头的消息写到标准错误，退出码 1。", [good("neg 3")])
    assert case.steps[-1].stderr_contains == ("Error",)


@pytest.mark.parametrize(
    ("sentence", "status"),
    [("Errors exit with status 3.", 3), ("All errors exit with status 1.", 1), ("出错时退出码 1。", 1)],
)
def test_errors_of_any_kind_begin_with_a_command_that_there_is_not(sentence, status):
    assert spoilt(sentence, good("add 1"), subcommands=["add"]) == [("nosuchthing", status)]
    assert spoilt(sentence, good("1")) == []


def test_what_a_sentence_states_beyond_doubt_is_told_from_a_guess():
    def origins(sentence, command="pay bob 3"):
        found = error_examples(sentence, [good(command)], subcommands=[command.split()[0]])
        return {example.origin for example in found}

    assert origins("A negative amount exits with status 1.") == {"stated"}
    assert origins("An unknown name exits with status 1.") == {"derived"}
    assert origins("An unknown name exits with status 1.", "delete bob") == {"stated"}
    assert origins("An unknown id exits with status 1.", "done 1") == {"stated"}


def test_a_file_that_cannot_be_read_needs_no_good_command():
    sentence = "A missing or invalid file exits with status 2, messages on stderr."
    found = file_examples(sentence, "main.py", [["FILE", "PATH"]], json=True)
    assert [(e.steps[0].argv[2:], e.files) for e in found] == [
        (("nosuch.txt", "path"), {}),
        (("broken.json", "path"), {"broken.json": "{"}),
    ]
    assert {(e.steps[0].exit_code, e.steps[0].stderr_nonempty, e.origin) for e in found} == {(2, True, "stated")}
    assert len(file_examples(sentence, "main.py", [["FILE", "PATH"]])) == 1


@pytest.mark.parametrize(
    ("calls", "made"),
    [
        ([["top", "scores.txt", "2"]], ("top", "nosuch.txt", "2")),
        ([["WORDFILE", "Cat", "N"]], ("nosuch.txt", "Cat", "n")),
        ([["copy", "a.csv", "b.csv"]], ("copy", "nosuch.txt", "b.csv")),
    ],
)
def test_a_file_that_is_named_may_be_missing_too(calls, made):
    (found,) = file_examples("A missing file exits with status 2.", "main.py", calls)
    assert found.steps[0].argv[2:] == made


def test_json_that_is_none_has_a_status_of_its_own():
    sentence = "A missing file exits with status 2, invalid JSON with status 3."
    found = file_examples(sentence, "main.py", [["quiz.json"]], json=True)
    assert [(e.steps[0].argv[2], e.steps[0].exit_code) for e in found] == [("nosuch.txt", 2), ("broken.json", 3)]


@pytest.mark.parametrize(
    ("sentence", "calls"),
    [
        ("A missing path exits with status 1.", [["FILE"]]),
        ("A missing file exits with status 1.", [["WORD"], ["[FILE]"], []]),
        ("A missing file is an error.", [["FILE"]]),
    ],
)
def test_without_a_file_or_a_status_there_is_no_such_case(sentence, calls):
    assert file_examples(sentence, "main.py", calls) == ()


@pytest.mark.parametrize(
    ("said", "values"),
    [
        ("Numbers below 2 for factor exit with status 1.", ["factor 1"]),
        ("Numbers below 2 exit with status 1.", ["factor 1", "primes 1"]),
        ("A number more than 999 exits with status 1.", ["factor 1000", "primes 1000"]),
        ("Numbers not between 5 and 50 exit with status 1.", ["factor 4", "factor 51", "primes 4", "primes 51"]),
        ("数字不在 5 到 50 之间时以状态 1 退出。", ["factor 4", "factor 51", "primes 4", "primes 51"]),
        ("With more than 2.5 km it exits with status 1.", []),
        ("A number of 3 or less or above 50 exits with status 1.", ["factor 3", "factor 51", "primes 3", "primes 51"]),
        ("900 or more exits with status 1.", ["factor 900", "primes 900"]),
    ],
)
def test_numbers_out_of_bounds(said, values):
    found = spoilt(said, good("factor 20"), good("primes 20"), subcommands=["factor", "primes"])
    assert sorted(found) == [(value, 1) for value in values]


def test_bounds_of_what_is_in_a_file_are_not_those_of_an_argument():
    said = "Scores not between 0 and 100 exit with status 1."
    assert spoilt(said, good("top scores.txt 2"), subcommands=["top"]) == []
    assert spoilt(said, good("top 2", files={"scores.txt": "ann,3"}), subcommands=["top"]) == []
    assert spoilt(said, good("add ann 2"), subcommands=["add"]) == [("add ann -1", 1), ("add ann 101", 1)]


GENERAL = (1, "Errors exit with status 1 and a message on stderr.")


@pytest.mark.parametrize(
    ("sentence", "made"),
    [
        ("An unknown zone raises KeyError.", ["cost 2.5 nosuchthing"]),
        ("cost raises KeyError for an unknown zone.", ["cost 2.5 nosuchthing"]),
        (
            "A weight above 30 raises ValueError, text with digits raises KeyError.",
            ["cost 31 oslo", "cost 2.5 oslo1", "list oslo1"],
        ),
        ("A negative weight raises ValueError in cost and a zone with digits is fine.", ["cost -5 oslo"]),
        ("重量为负时抛出 ValueError。", ["cost -5 oslo"]),
        ("An unknown zone never raises KeyError.", []),
        ("An unknown zone exits with status 3.", []),
        ("Only cost raises ValueError.", []),
    ],
)
def test_what_raises_an_exception_ends_as_all_errors_do(sentence, made):
    examples = error_examples(
        sentence, [good("cost 2.5 oslo"), good("list oslo")], subcommands=("cost", "list"), general=GENERAL
    )
    guessed = [example for example in examples if example.steps[-1].exit_code == 1]
    assert {" ".join(example.steps[-1].argv[2:]) for example in guessed} == set(made)
    assert all(example.origin == "derived" and example.steps[-1].stderr_nonempty for example in guessed)
    if "status" not in sentence:
        assert error_examples(sentence, [good("cost 2.5 oslo")], subcommands=("cost",)) == ()


def test_a_folder_may_be_missing():
    (found,) = file_examples("A DIR that does not exist exits with status 2.", "main.py", [["DIR"]])
    assert (found.steps[0].argv[2:], found.steps[0].exit_code) == (("nosuch.txt",), 2)
