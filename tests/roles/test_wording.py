import pytest

from swfactory.roles.wording import repeats

LUNCH = (
    "# Canteen\n\nLunch is served from 11:30.\nA lunch costs 6.80 for employees and 9.40 for\nguests. It is not free."
)


@pytest.mark.parametrize(
    "claim",
    [
        "Lunch costs 9.40 for guests.",
        "A lunch costs 6.80 for employees",
        "Lunch is served from 11:30.",
        "A lunch costs 6.80 for employees. Lunch is served from 11:30.",
    ],
)
def test_what_a_text_says_in_the_same_words(claim):
    assert repeats(LUNCH, claim)


@pytest.mark.parametrize(
    "claim",
    [
        "A lunch costs 6.80 for guests.",
        "Lunch costs 9.40 for employees.",
        "Lunch costs 7.50 for guests.",
        "Lunch is free for guests.",
        "Guests pay nothing at all.",
        "9.40",
        "A lunch costs 6.80 for employees. Guests pay nothing.",
        "",
    ],
)
def test_what_it_does_not_say(claim):
    assert not repeats(LUNCH, claim)


def test_a_denial_is_not_left_out():
    assert not repeats("Visitors must not park on deck C.", "Visitors must park on deck C.")
    assert not repeats("住宿不得超过 450 元。", "住宿超过 450 元。")
    assert repeats("Visitors must not park on deck C.", "Visitors must not park on deck C.")


def test_chinese_is_read_by_its_characters():
    assert repeats("报销须在返回后十五天内提交，逾期需部门主管签字。", "报销须在返回后十五天内提交。")
    assert not repeats("报销须在返回后十五天内提交。", "报销须在返回后三十天内提交。")
