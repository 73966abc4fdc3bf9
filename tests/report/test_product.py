from __future__ import annotations

import pytest

from swfactory.errors import InputError
from swfactory.report import LICENSES, canonical_license, render_license


@pytest.mark.parametrize("spdx", LICENSES)
def test_every_licence_has_its_text_and_no_blank_left_to_fill(spdx: str) -> None:
    text = render_license(spdx.lower(), "Ada Lovelace")
    assert "{holder}" not in text
    assert "[yyyy]" not in text
    assert ("Ada Lovelace" in text) == (spdx != "Unlicense")
    assert text.endswith("\n")


def test_two_clauses_are_one_less_than_three() -> None:
    assert "endorse or promote" in render_license("BSD-3-Clause", "A")
    assert "endorse or promote" not in render_license("BSD-2-Clause", "A")


def test_an_unknown_licence_names_the_known_ones() -> None:
    with pytest.raises(InputError, match=r"GPL-3\.0") as caught:
        canonical_license("GPL-3.0")
    assert "Apache-2.0" in caught.value.hint


def test_a_near_miss_is_guessed() -> None:
    with pytest.raises(InputError) as caught:
        canonical_license("apache2.0")
    assert "did you mean Apache-2.0?" in caught.value.hint


def test_a_holder_cannot_add_lines_or_be_empty() -> None:
    assert "Copyright (c) A B\n" in render_license("MIT", "A\nB")
    with pytest.raises(InputError, match="empty"):
        render_license("MIT", " ")
