from __future__ import annotations

from swfactory.finetune.data.commits import change_rows, message_rows
from swfactory.finetune.data.recipe import FilterRecipe, SourceRecipe
from swfactory.finetune.data.tally import Tally

from .conftest import CODE, TEST

FIXED = CODE.replace("return min(value, limit)", "return min(value, abs(limit))")
MORE = TEST + "\n\ndef test_a_limit_may_be_negative():\n    assert clamp_speed(9, -5) == 5\n"
PROVED = "Take a negative limit for what it means"


def licensed(code: str) -> str:
    return f"# SPDX-License-Identifier: MIT\n{code}"


def source(root) -> SourceRecipe:
    return SourceRecipe(type="git", path=str(root), makers=("diff_to_message", "commit_to_change"))


def test_a_change_is_answered_by_its_message(history):
    history.commit(f"{PROVED}\n\nSigned-off-by: A <a@example.com>", small_py=FIXED)
    history.commit("Bump version to 2.0", small_py=CODE)
    history.commit("wip", small_py=FIXED)
    tally = Tally()
    (row,) = message_rows(source(history.root), FilterRecipe(), tally)
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
    (row,) = change_rows(source(history.root), FilterRecipe(), bubblewrap, tally)
    asked, answered = row.messages
    assert PROVED in asked.content
    assert "return min(value, limit)" in asked.content
    assert "clamp_speed(9, -5) == 5" in asked.content
    assert "return min(value, abs(limit))" in answered.content
    assert (row.origin.name, row.origin.maker) == ("clamp_speed", "commit_to_change")
    assert tally.dropped == {
        "commit whose tests pass without it": 1,
        "commit of several functions": 1,
        "commit whose tests fail": 1,
    }


def test_a_change_is_proved_alone(history, bubblewrap):
    """What the tests find must be the function's doing, not that of a constant or a file beside it."""
    harmless = CODE.replace("return x", "return x + 0")
    doubled = "from small import TIMES\n" + TEST + "\n\ndef test_times():\n    assert TIMES == 2\n"
    history.commit("Say how many times it is", small_py=harmless + "\nTIMES = 2\n", test_small_py=doubled)
    told = TEST + "\n\ndef test_told():\n    assert open('told.md').read() == 'yes'\n"
    history.commit(
        "Tell it in a file beside the code", small_py=CODE + "\nTIMES = 2\n", test_small_py=told, told_md="yes"
    )
    tally = Tally()
    assert list(change_rows(source(history.root), FilterRecipe(), bubblewrap, tally)) == []
    assert tally.dropped == {"commit of several functions": 1, "commit whose tests pass without it": 1}


def test_changes_show_what_the_recipe_takes(history):
    history.commit("Change the code and its tests", small_py=FIXED, test_small_py=MORE)
    chosen = source(history.root).model_copy(update={"include": ("small.py",)})
    (row,) = message_rows(chosen, FilterRecipe(), Tally())
    assert "small.py" in row.messages[0].content
    assert "test_small.py" not in row.messages[0].content


def test_a_renamed_file_is_shown_as_renamed(history):
    history.git("mv", "small.py", "tiny.py")
    history.commit("Call the module what it is", tiny_py=FIXED)
    (row,) = message_rows(source(history.root), FilterRecipe(), Tally())
    assert "rename from small.py" in row.messages[0].content


def test_a_deleted_file_is_looked_at_as_well(history):
    licensed = "# SPDX-License-Identifier: GPL-3.0-only\n"
    history.commit("Add some code of others to it", other_py=licensed + FIXED)
    (history.root / "other.py").unlink()
    history.commit("Take the code of others out again")
    tally = Tally()
    assert list(message_rows(source(history.root), FilterRecipe(licenses=("MIT",)), tally)) == []
    assert tally.dropped == {"licence GPL-3.0-only": 2}


def test_a_change_has_the_licences_of_its_files(history):
    first, second = (f"# SPDX-License-Identifier: {name}\n" for name in ("Apache-2.0", "BSD-2-Clause"))
    history.commit("Change files of two licences", small_py=first + FIXED, other_py=second + FIXED)
    (row,) = message_rows(source(history.root), FilterRecipe(licenses=("Apache-2.0", "BSD-2-Clause")), Tally())
    assert row.origin.license == "Apache-2.0 AND BSD-2-Clause"


def test_a_change_with_a_file_of_unknown_licence_has_none_that_is_known(history):
    (history.root / "LICENSE").unlink()
    history.commit("Take the licence away and say nothing", small_py=licensed(FIXED))
    history.commit("Change a file that says it and one that does not", small_py=licensed(CODE), other_py=FIXED)
    *_, last = message_rows(source(history.root), FilterRecipe(), Tally())
    assert last.origin.license == ""


def test_changes_are_filtered_as_files_are(history):
    licensed = "# SPDX-License-Identifier: GPL-3.0-only\n"
    history.commit("Change the code under another licence", small_py=licensed + FIXED)
    history.commit("Say that a machine has written it", small_py="# Generated by hand; do not edit\n" + FIXED)
    tally = Tally()
    taken = source(history.root).model_copy(update={"license": "MIT"})
    assert list(message_rows(taken, FilterRecipe(licenses=("MIT",)), tally)) == []
    assert tally.dropped == {"licence GPL-3.0-only": 1, "generated": 1}
