import json

import pytest

from swfactory.domain.call import Reply
from swfactory.errors import ReplyError
from swfactory.requirements.text.exceptions import named_exceptions
from swfactory.roles.snippets import read_outcome, read_snippets, snippet_schema

HOMES = {"Stack": "kit", "encode": "lib.text"}


def read(*calls, errors=(), finish="stop"):
    answer = {"calls": list(calls), "errors": [{"code": code, "raises": name} for code, name in errors]}
    found = read_snippets(Reply(text=json.dumps(answer), finish=finish), HOMES)
    for example in found:
        compile(example.code, "example", "exec")
        assert example.origin == "derived"
    return [example.code for example in found]


STACK = "from kit import Stack\n\nStack()\n"


def test_a_call_is_a_snippet_that_imports_what_it_uses():
    assert read("s = Stack(3); s.push(encode('a'))") == [
        "from kit import Stack\nfrom lib.text import encode\n\ns = Stack(3)\ns.push(encode('a'))\n"
    ]


def test_a_call_that_only_prints_is_the_call_itself():
    assert read("s = Stack(); print(s); print(s.pop())") == ["from kit import Stack\n\ns = Stack()\nstr(s)\ns.pop()\n"]


def test_the_last_call_of_an_error_must_raise():
    assert read(errors=[("s = Stack(); s.pop()", "IndexError")]) == [
        "import pytest\nfrom kit import Stack\n\ns = Stack()\nwith pytest.raises(IndexError):\n    s.pop()\n"
    ]


def test_a_call_that_goes_on_with_the_object_before_it_gets_that_too():
    one, two, error = read("s = Stack()", "s.push(1)", errors=[("s.pop(); s.pop()", "IndexError")])
    assert one == "from kit import Stack\n\ns = Stack()\n"
    assert two == "from kit import Stack\n\ns = Stack()\ns.push(1)\n"
    assert error.endswith("s = Stack()\ns.push(1)\ns.pop()\nwith pytest.raises(IndexError):\n    s.pop()\n")


@pytest.mark.parametrize(
    "code",
    [
        "",
        "Stack(",
        "print(1)",
        "Stack",
        "other.Stack2()",
        "Stack(unknown)",
        "import os; os.remove('x')",
        "def f(): return Stack()",
        "assert Stack() == 3",
        "-" * 100_000 + "1",
        "Stack(\x00)",
    ],
    ids=[
        "empty",
        "broken",
        "foreign",
        "no call",
        "other",
        "unknown",
        "import",
        "function",
        "assert",
        "deep",
        "null",
    ],
)
def test_what_is_no_call_of_the_modules_is_left_out(code):
    assert read(code, "Stack()") == [STACK]
    assert read("Stack()", errors=[(code, "ValueError")]) == [STACK]


def test_imports_and_expectations_of_the_model_are_left_out():
    assert read("from wrong import Stack; s = Stack(); assert s.size() == 3; s.pop()") == [
        "from kit import Stack\n\ns = Stack()\ns.pop()\n"
    ]


def test_the_same_call_counts_once():
    assert read("Stack()", "Stack( )") == [STACK]


@pytest.mark.parametrize(
    "end",
    [
        '"calls": ["Stack()", "Stack(2',
        '"calls": ["Stack()"], "err',
        '"calls": ["Stack()"], "errors": [{"code": "Stack(2)"',
        '"calls": ["Stack()"], "errors": [{"code": "Stack(2)", "raises": "Val',
        '"calls": ["Stack()"], "errors": [{"co',
    ],
)
def test_a_reply_that_was_cut_off_loses_what_was_being_written(end):
    found = read_snippets(Reply(text="{" + end, finish="length"), HOMES)
    assert [example.code for example in found] == [STACK]


@pytest.mark.parametrize(
    "text",
    ["", "Stack()", "[]", "{}", "null", '{"calls": 3}', '{"calls": [{"code": "x"}]}', '{"calls": [], "errors": [1]}'],
)
def test_what_is_no_list_of_calls_is_told(text):
    with pytest.raises(ReplyError, match="calls are not valid"):
        read_snippets(Reply(text=text), HOMES)


def test_an_object_may_be_called_as_its_module_is():
    assert read("kit = Stack()", "kit.push(1)", "kit.pop()")[1:] == [
        "from kit import Stack\n\nkit = Stack()\nkit.push(1)\n",
        "from kit import Stack\n\nkit = Stack()\nkit.push(1)\nkit.pop()\n",
    ]


def test_only_built_in_exceptions_that_the_requirement_names():
    assert named_exceptions("It raises KeyError, ValueError or MyError; KeyError too.") == ("KeyError", "ValueError")
    assert named_exceptions("It fails.") == ()


def test_the_schema_offers_the_exceptions_and_no_others():
    schema = snippet_schema(["KeyError"], 4)
    assert schema["properties"]["calls"]["maxItems"] == 4
    assert schema["properties"]["errors"]["items"]["properties"]["raises"] == {"enum": ["KeyError"]}
    assert set(snippet_schema([], 4)["properties"]) == {"calls"}


def test_calls_through_the_module_import_it() -> None:
    reply = Reply(text=json.dumps({"calls": ["import packer", "packer.pack('ab')"]}))
    (example,) = read_snippets(reply, {"pack": "packer"})
    assert example.code == "import packer\n\npacker.pack('ab')\n"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("s = Stack(); s.push(4); s.pop()", "from kit import Stack\n\ns = Stack()\ns.push(4)\nassert s.pop() == 4\n"),
        ("import kit; x = kit.Stack([4]).pop()", "import kit\n\nassert kit.Stack([4]).pop() == 4\n"),
        (
            "s = Stack(); s.push(4); s.pop(); s.push(5)",
            "from kit import Stack\n\ns = Stack()\ns.push(4)\nassert s.pop() == 4\n",
        ),
        ("s = Stack(); s.push(4)", None),
        ("s.pop()", None),
        ("s = Stack(", None),
        ("4", None),
    ],
)
def test_an_outcome_is_the_value_of_the_last_call(code, expected) -> None:
    example = read_outcome(Reply(text=json.dumps({"code": code})), HOMES, "pop", "4")
    assert (example.code if example else None) == expected


@pytest.mark.parametrize("name", ["s", "kit"])
def test_an_object_that_the_calls_did_not_make_is_made(name) -> None:
    reply = Reply(text=json.dumps({"code": f"{name}.push(4); {name}.pop()"}))
    example = read_outcome(reply, HOMES, "pop", "4", "Stack()")
    assert example is not None
    assert example.code == f"from kit import Stack\n\n{name} = Stack()\n{name}.push(4)\nassert {name}.pop() == 4\n"


def test_what_may_be_refused_may_be_refused() -> None:
    reply = Reply(text=json.dumps({"calls": ["s = Stack(); s.push(1); s.pop()"], "errors": []}))
    (example,) = read_snippets(reply, HOMES, {"pop": ["IndexError", "ValueError"]})
    assert example.code == (
        "import contextlib\nfrom kit import Stack\n\ns = Stack()\ns.push(1)\n"
        "with contextlib.suppress(IndexError, ValueError):\n    s.pop()\n"
    )
    compile(example.code, "example", "exec")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"code": 3}'])
def test_an_outcome_without_calls_is_told(text) -> None:
    with pytest.raises(ReplyError):
        read_outcome(Reply(text=text), HOMES, "pop", "4")
