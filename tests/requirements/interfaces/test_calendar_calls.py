"""Calls with parts of a date."""

import pytest

from swfactory.requirements.interfaces.calendar_calls import calendar_calls


def calls(text: str) -> list[str]:
    return [example.code.splitlines()[-1] for example in calendar_calls(text, "days.py")]


def test_a_function_of_a_month_is_called_with_short_ones():
    text = "days.py has count(year, month), which counts the Mondays, and name(year)."
    assert calls(text) == ["count(2023, 2)", "count(2024, 2)", "count(2024, 4)", "count(2024, 12)"]


def test_days_go_with_their_months_and_defaults_are_left_out():
    text = "days.py has weekday(day, month, year, names=None), which gives the weekday."
    assert calls(text)[:2] == ["weekday(28, 2, 2023)", "weekday(29, 2, 2024)"]


@pytest.mark.parametrize("text", ["days.py has pay(month, amount).", "days.py has a class Days(month).", "It counts."])
def test_what_takes_something_else_too_is_not_called(text):
    assert calls(text) == []
