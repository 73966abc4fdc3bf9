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
    ],
    ids=["colon", "are", "ies", "without a label", "Chinese"],
)
def test_a_list_has_its_values_and_a_name_for_one_of_them(text, values, label):
    (found,) = listings(text)
    assert (found.values, found.label) == (values, label)


def test_two_values_are_no_list():
    assert listings("Sizes: small and large.") == ()
