import pytest

from swfactory.requirements.hints import hints_for


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("It prints the sum with two decimals.", ".2f"),
        ("保留两位小数。", ".2f"),
        ("Keep it in data.json.", "JSON"),
        ("Read roads.csv.", "csv"),
        ("SQLite storage in a.db.", "tables"),
        ("Minutes are rounded up.", "ceil"),
        ("时间向上取整。", "ceil"),
        ("Round half up.", "HALF_UP"),
        ("Accents are removed.", "unicodedata"),
        ("Print the median.", "statistics"),
        ("It counts the Sundays on the days of that month.", "monthrange"),
        ("Rent is due on the last day of a month.", "monthrange"),
        ("打印当月的天数。", "monthrange"),
        ("It shows the ISO week of a day.", "isocalendar"),
        ("It prints its id; ids are never reused.", "last"),
        ("编号递增，不重复使用。", "last"),
        ("When that is not allowed, print the library's own message.", "raises"),
        ("What the library refuses, exits with status 1.", "raises"),
        ("库不接受的值，照样抛出库的异常。", "raises"),
    ],
)
def test_a_hint_comes_where_the_requirement_calls_for_it(text, word):
    (hint,) = hints_for(text)
    assert word in hint


def test_a_requirement_that_needs_no_hint_gets_none():
    assert hints_for("A class Queue with push(item) and pop().") == []


def test_where_a_module_keeps_the_data_nothing_is_said_of_its_format():
    assert hints_for("Keep it in data.json, with two decimals.", stored=True) == hints_for("With two decimals.")
