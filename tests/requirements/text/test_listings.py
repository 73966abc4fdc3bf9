"""Lists of values in a requirement."""

import pytest

from swfactory.requirements.text.listings import listings


@pytest.mark.parametrize(
    ("text", "values", "label"),
    [
        ("Units: mm, cm, m.", ("mm", "cm", "m"), "unit"),
        ("Supported colours are red, green and blue.", ("red", "green", "blue"), "colour"),
        ("Categories: food, rent, or fun", ("food", "rent", "fun"), "category"),
        ("It knows add, list and drop.", ("add", "list", "drop"), ""),
        ("单位：mm、cm、m。", ("mm", "cm", "m"), ""),
        ("单位为 C、F、K，例如 100 C。", ("C", "F", "K"), ""),
        ("单位为 C、F 和 K，未知单位算错误。", ("C", "F", "K"), ""),
        ('Zones "home", "near" and "far" cost 5.', ("home", "near", "far"), ""),
        ("with modes `r`, `w` or `rw`.", ("r", "w", "rw"), "mode"),
        ("颜色有 red，green，blue，比如 red。", ("red", "green", "blue"), ""),
    ],
    ids=[
        "colon",
        "are",
        "ies",
        "without a label",
        "Chinese",
        "an example after",
        "spaces",
        "quoted",
        "code",
        "Chinese commas",
    ],
)
def test_a_list_has_its_values_and_a_name_for_one_of_them(text, values, label):
    (found,) = listings(text)
    assert (found.values, found.label) == (values, label)


def test_two_values_are_no_list():
    assert listings("Sizes: small and large.") == ()
