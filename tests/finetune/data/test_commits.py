from __future__ import annotations

from swfactory.finetune.data.commits import change_rows, message_rows
from swfactory.finetune.data.recipe import SourceRecipe
from swfactory.finetune.data.tally import Tally

from .conftest import CODE, TEST

FIXED = CODE.replace("return min(value, limit)", "return min(value, abs(limit))")
MORE = TEST + "\n\ndef test_a_limit_may_be_negative():\n    assert clamp_speed(9, -5) == 5\n"
PROVED = "Take a negative limit for what it means"


def source(root) -> SourceRecipe:
    return SourceRecipe(type="git", path=str(root), makers=("diff_to_message", "commit_to_change"))


def test_a_change_is_answered_by_its_message(history):
    history.commit(f"{PROVED}\n\nSigned-off-by: A <a@example.com>", small_py=FIXED)
    history.commit("Bump version to 2.0", small_py=CODE)
    history.commit("wip", small_py=FIXED)
    tally = Tally()
    (row,) = message_rows(source(history.root), tally)
    asked, answered = row.messages
    assert "+    return min(value, abs(limit))" in asked.content
    assert answered.content == PROVED
    assert row.origin.group.startswith("git:")
    assert tally.dropped == {"routine commit": 2}


def test_a_change_counts_when_a_test_proves_it(history, bubblewrap):
    history.commit(PROVED, small_py=FIXED, test_small_py=MORE)
    history.commit("Test that three is three once more", small_py=CODE, test_small_py=TEST)  # passes before it as well
    two = FIXED.replace("return x", "return x + 0")
    history.commit("Change two functions at the same time", small_py=two, test_small_py=MORE)
    history.commit(
        "Break it with a test that fails", small_py=two.replace("x + 0", "x + 1"), test_small_py="assert 0\n"
    )
    tally = Tally()
    (row,) = change_rows(source(history.root), bubblewrap, tally)
    asked, answered = row.messages
    assert PROVED in asked.content
    assert "return min(value, limit)" in asked.content
    assert "clamp_speed(9, -5) == 5" in asked.content
    assert "return min(value, abs(limit))" in answered.content
    assert (row.origin.name, row.origin.maker) == ("clamp_speed", "commit_to_change")
    assert tally.dropped == {
        "commit whose tests pass before it": 1,
        "commit of several functions": 1,
        "commit whose tests fail": 1,
    }
