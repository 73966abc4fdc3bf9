from dataclasses import dataclass

import pytest

from swfactory.domain.value import Value
from swfactory.errors import InputError
from swfactory.notebook import compare
from tests.notebook.conftest import harmless


@dataclass
class Score:
    mode: str
    recall_1: float
    ms: int | None = None
    extra: tuple = ()


class Card(Value):
    suite: str
    value: float
    base: float | None = None


def bold(shown):
    return shown._repr_html_().split('<span class="swf-best">')[1:]


def test_rows_of_any_kind_with_the_best_of_each_column():
    shown = compare(
        [Score("words", 0.5, 3), Score("dense", 0.75, 1200)],
        higher=["recall_1"],
        lower=["ms"],
        columns=["mode", "recall_1", "ms"],
    )
    assert repr(shown).splitlines() == [
        "mode   recall 1     ms",
        "words     0.500      3",
        "dense     0.750  1,200",
    ]
    assert [cell.split("<")[0] for cell in bold(shown)] == ["3", "0.750"]


def test_results_by_name():
    shown = compare({"base": Card(suite="repair", value=0.25), "tuned": {"suite": "repair", "value": 0.5}})
    lines = repr(shown).splitlines()
    assert lines[0].split() == ["suite", "value", "base"]
    assert lines[1].split() == ["base", "repair", "0.250", "-"]
    assert lines[2].split() == ["tuned", "repair", "0.500", "-"]


def test_what_is_not_plain_is_left_out_and_text_is_only_text():
    shown = compare([Score("<script>x</script>", 1.0, extra=(1,))])
    assert "extra" not in repr(shown)
    assert "<script>x</script>" in harmless(shown._repr_html_()).text


def test_nothing_to_compare():
    assert repr(compare([])) == ""
    harmless(compare({})._repr_html_())


@pytest.mark.parametrize("option", ["columns", "higher", "lower"])
def test_a_column_that_nobody_has(option):
    with pytest.raises(InputError, match="'recal'") as caught:
        compare([Score("words", 0.5)], **{option: ["recal"]})
    assert "recall_1" in caught.value.hint


def test_a_result_without_names():
    with pytest.raises(InputError, match="no named values"):
        compare([0.5])
