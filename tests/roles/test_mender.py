import pytest

from swfactory.domain.call import Reply
from swfactory.errors import ReplyError
from swfactory.roles.mender import answer, exchange_line, exchanged

CODE = "def add(a, b):\n    total = a - b\n    return total\n"


def test_a_reply_is_read_to_the_mended_function():
    task = exchange_line(CODE, "add(1, 2) gave -1")
    assert task.read(Reply(text=answer("    total = a - b", "total = a + b"))) == CODE.replace("a - b", "a + b")
    assert task.request.role == "mender"
    assert task.retries == 0


@pytest.mark.parametrize("text", ["", "return a + b", "- x = 1\n+ x = 2", "- return total\n+ return total", "-\n+ x"])
def test_a_reply_that_changes_nothing_is_none(text):
    with pytest.raises(ReplyError):
        exchange_line(CODE, "it failed").read(Reply(text=text))


def test_a_line_keeps_its_place_and_indentation():
    twice = "x = 1\nif x:\n    x = 1\n"
    assert exchanged(twice, "-x = 1\n+x = 2") == "x = 2\nif x:\n    x = 1\n"
    assert exchanged(twice, "Here it is:\n- if x:\n+ if not x:\nDone.") == "x = 1\nif not x:\n    x = 1\n"
