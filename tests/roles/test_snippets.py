import json

import pytest

from swfactory.domain.call import Reply
from swfactory.errors import ReplyError
from swfactory.roles.snippets import named_exceptions, read_snippets, snippet_schema

HOMES = {"Stack": "kit", "encode": "lib.text"}


def read(*calls, finish="stop"):
    found = read_snippets(Reply(text=json.dumps({"calls": list(calls)}), finish=finish), HOMES)
    for example in found:
        compile(example.code, "example", "exec")
        assert example.origin == "derived"
    return [example.code for example in found]


def test_a_call_is_a_snippet_that_imports_what_it_uses():
    assert read({"code": "s = Stack(3); s.push(encode('a'))"}) == [
        "from kit import Stack\nfrom lib.text import encode\n\ns = Stack(3)\ns.push(encode('a'))\n"
    ]


def test_the_last_call_must_raise():
    assert read({"code": "s = Stack(); s.pop()", "raises": "IndexError"}) == [
        "import pytest\nfrom kit import Stack\n\ns = Stack()\nwith pytest.raises(IndexError):\n    s.pop()\n"
    ]


@pytest.mark.parametrize(
    "code",
    [
        "",
        "Stack(",
        "print(1)",
        "Stack",
        "other.Stack2()",
        "import os; os.remove('x')",
        "def f(): return Stack()",
        "assert Stack() == 3",
        "-" * 100_000 + "1",
        "Stack(\x00)",
    ],
    ids=["empty", "broken", "foreign", "no call", "unknown", "import", "function", "assert", "deep", "null"],
)
def test_what_is_no_call_of_the_modules_is_left_out(code):
    assert read({"code": code}, {"code": "Stack()"}) == ["from kit import Stack\n\nStack()\n"]


def test_imports_and_expectations_of_the_model_are_left_out():
    assert read({"code": "from wrong import Stack; s = Stack(); assert s.size() == 3; s.pop()"}) == [
        "from kit import Stack\n\ns = Stack()\ns.pop()\n"
    ]


def test_the_same_call_counts_once():
    assert len(read({"code": "Stack()"}, {"code": "Stack( )"})) == 1


@pytest.mark.parametrize("end", ['{"code": "Stack(2)"', '{"code": "Sta', '{"co', "{"])
def test_a_reply_that_was_cut_off_loses_its_last_call(end):
    text = '{"calls": [{"code": "Stack(1)"}, ' + end
    assert [e.code for e in read_snippets(Reply(text=text, finish="length"), HOMES)] == [
        "from kit import Stack\n\nStack(1)\n"
    ]


@pytest.mark.parametrize(
    "text", ["", "Stack()", "[]", "{}", '{"calls": 3}', '{"calls": ["Stack()"]}', '{"calls": [{"raises": null}]}']
)
def test_what_is_no_list_of_calls_is_told(text):
    with pytest.raises(ReplyError, match="calls are not valid"):
        read_snippets(Reply(text=text), HOMES)


def test_only_built_in_exceptions_that_the_requirement_names():
    assert named_exceptions("It raises KeyError, ValueError or MyError; KeyError too.") == ("KeyError", "ValueError")
    assert named_exceptions("It fails.") == ()


def test_the_schema_offers_the_exceptions_and_no_others():
    item = snippet_schema(["KeyError"], 4)["properties"]["calls"]
    assert item["maxItems"] == 4
    assert item["items"]["properties"]["raises"] == {"enum": [None, "KeyError"]}
    assert "raises" not in snippet_schema([], 4)["properties"]["calls"]["items"]["properties"]
