import json

import pytest

from swfactory.domain.call import Reply
from swfactory.domain.design import FilePlan
from swfactory.domain.requirement import Requirement
from swfactory.requirements.interfaces.narratives import Narrative
from swfactory.roles.test_engineer import api_tests, has_interface, is_program, outcome_test, sample_session

KIT = FilePlan(path="lib/kit.py", interface=("encode(text) -> str", "def decode(text)"))
TEXT = "Write lib/kit.py with encode(text) and decode(text). Bad input raises ValueError."


def calls(*code):
    return Reply(text=json.dumps({"calls": code}))


def test_calls_become_examples_that_import_what_they_use():
    task = api_tests(Requirement.parse(TEXT), [KIT])
    assert [e.code for e in task.read(calls("encode('a')", "decode(encode('b'))"))] == [
        "from lib.kit import encode\n\nencode('a')\n",
        "from lib.kit import decode\nfrom lib.kit import encode\n\ndecode(encode('b'))\n",
    ]
    assert (task.fallback(), task.retries) == ((), 0)


def test_names_that_only_the_architect_knows_are_not_called():
    plan = KIT.model_copy(update={"interface": ("encode(text)", "guess(text)")})
    task = api_tests(Requirement.parse(TEXT), [plan])
    assert [e.code for e in task.read(calls("guess('a')", "encode('a')"))] == [
        "from lib.kit import encode\n\nencode('a')\n"
    ]


def test_there_is_a_limit():
    task = api_tests(Requirement.parse(TEXT), [KIT], limit=3)
    assert len(task.read(calls(*(f"encode('{n}')" for n in range(20))))) == 6


def test_exceptions_are_asked_for_when_the_requirement_names_them():
    schema = api_tests(Requirement.parse(TEXT), [KIT]).request.sampling.json_schema
    assert "ValueError" in json.dumps(schema)
    quiet = api_tests(Requirement.parse("Write lib/kit.py with encode(text)."), [KIT]).request
    assert "errors" not in json.dumps(quiet.sampling.json_schema)
    assert "`errors`" not in quiet.messages[-1].content


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("`python main.py 3` prints 4", True),
        ("A command-line tool", True),
        ("一个命令行工具", True),
        ("A library kit.py with encode(text)", False),
    ],
)
def test_what_is_a_program(text, yes):
    assert is_program(text) is yes


@pytest.mark.parametrize(
    ("text", "yes"),
    [
        ("There is encode(text) in it", True),
        ("Write kit.py with a coder", True),
        ("`kit.py` provides a coder", True),
        ("kit.py 提供编码", True),
        ("kit.py：encode(text) 编码", True),
        ("Put the coding into kit.py as encode(text)", True),
        ("The data is coded by kit.py", False),
        ("A program that codes", False),
    ],
)
def test_a_module_has_an_interface_when_the_requirement_fixes_names(text, yes):
    assert has_interface(KIT, text) is yes


def test_a_session_is_one_example_or_none():
    task = sample_session(Requirement.parse("A command-line tool."), "main.py")
    assert len(task.read(Reply(text=json.dumps({"commands": ["python main.py a", "python main.py b"]})))) == 1
    assert task.read(Reply(text='{"commands": ["ls"]}')) == ()
    assert task.fallback() == ()
    assert task.retries == 0


def test_commands_that_the_parser_does_not_take_are_left_out_of_a_session():
    wish = Requirement.parse("main.py pays: `python main.py pay ann 5` and `python main.py list`.")
    commands = [
        "python main.py pay ann",
        "python main.py pay bob 7",
        "python main.py pay bob much",
        "python main.py list",
    ]
    (session,) = sample_session(wish, "main.py").read(Reply(text=json.dumps({"commands": commands})))
    assert [" ".join(step.argv[2:]) for step in session.steps] == ["pay bob 7", "list"]
    assert session.steps[0].exit_code == 0
    free = sample_session(Requirement.parse("A command-line tool."), "main.py")
    (session,) = free.read(Reply(text=json.dumps({"commands": commands})))
    assert len(session.steps) == 4


def test_a_class_that_the_architect_lost_is_shown():
    wish = Requirement.parse("cache.py has a class Cache. `put(key, value)` stores a value, `get(key)` returns it.")
    plan = FilePlan(path="cache.py", interface=("put(key, value)", "get(key)"))
    task = api_tests(wish, [plan])
    assert "cache.py: Cache(); .put(key, value); .get(key);" in task.request.messages[-1].content


def test_an_outcome_is_asked_for_with_its_sentence_and_its_value_is_the_requirements_own():
    story = Narrative("After two texts, encode is 'b'.", "encode", "'b'")
    task = outcome_test(Requirement.parse(TEXT), [KIT], story, seed=1)
    asked = task.request.messages[-1].content
    assert "After two texts, encode is 'b'." in asked
    assert "the last call is encode, whose value is then 'b'" in asked
    example = task.read(Reply(text=json.dumps({"code": "encode('a')"})))
    assert example is not None
    assert example.code == "from lib.kit import encode\n\nassert encode('a') == 'b'\n"
    assert (task.fallback(), task.request.sampling.seed) == (None, 1)


def test_calls_of_what_may_raise_by_the_requirement_may_be_refused():
    wish = Requirement.parse(
        "till.py has a class Till. `add(coin)` adds. `take(coin)` raises ValueError when it is empty."
    )
    task = api_tests(wish, [FilePlan(path="till.py", interface=("Till()", ".add(coin)", ".take(coin)"))])
    (example,) = task.read(calls("t = Till(); t.add(5); t.take(9)"))
    assert example.code.endswith("t.add(5)\nwith contextlib.suppress(ValueError):\n    t.take(9)\n")


def test_a_method_is_no_function_of_its_module():
    wish = Requirement.parse("till.py has a class Till. `add(coin)` adds a coin.")
    task = api_tests(wish, [FilePlan(path="till.py", interface=("Till()", ".add(coin)"))])
    assert task.read(calls("till.add(5)", "from till import add; add(5)")) == ()
    assert len(task.read(calls("import till; till.Till().add(5)"))) == 1


def test_a_status_that_lines_settle_is_nothing_to_expect_of_a_session():
    text = "`python main.py REF...` checks references. The exit status is 1 when at least one of them is broken."
    (session,) = sample_session(Requirement.parse(text), "main.py").read(
        Reply(text=json.dumps({"commands": ["python main.py KRN 417"]}))
    )
    assert session.steps[0].exit_code is None
