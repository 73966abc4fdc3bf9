from __future__ import annotations

from pathlib import Path

import click
import pytest

from swfactory.cli.options import Bound, Duration, Gates, Pair, merge_budget, read_requirement, slug
from swfactory.cli.run import default_output
from swfactory.domain.budget import Budget
from swfactory.errors import InputError


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90", 90),
        ("90s", 90),
        ("10m", 600),
        ("1h", 3600),
        ("1h30m", 5400),
        ("1H5S", 3605),
        ("1.5m", 90),
        ("none", "none"),
    ],
)
def test_times_are_read_as_people_write_them(text: str, seconds: float | str) -> None:
    assert Duration().convert(text, None, None) == seconds


@pytest.mark.parametrize("text", ["", "0", "-5", "10 minutes", "m", "1m1h", "soon", "1e3"])
def test_a_time_that_is_none_is_refused_with_examples(text: str) -> None:
    with pytest.raises(click.BadParameter, match="90, 90s, 10m"):
        Duration().convert(text, None, None)


def test_bounds_are_numbers_or_none() -> None:
    assert Bound(1).convert("12,000", None, None) == 12_000
    assert Bound(0).convert("None", None, None) == "none"
    for text in ("0", "-1", "1.5", "many", "²"):
        with pytest.raises(click.BadParameter, match="whole number from 1"):
            Bound(1).convert(text, None, None)


def test_gates_come_in_the_order_of_the_run_and_once() -> None:
    assert Gates().convert("release, spec,spec", None, None) == ("spec", "release")
    assert Gates().convert("all", None, None) == ("spec", "design", "release")
    with pytest.raises(click.BadParameter, match="'desing' is no gate"):
        Gates().convert("desing", None, None)


def test_a_pair_is_split_at_the_first_equals_sign() -> None:
    assert Pair("ROLE", "URL").convert("engineer=hf:x?quant=nf4", None, None) == ("engineer", "hf:x?quant=nf4")
    for text in ("engineer", "=x", "engineer="):
        with pytest.raises(click.BadParameter, match="ROLE=URL"):
            Pair("ROLE", "URL").convert(text, None, None)


def test_what_is_typed_replaces_a_bound_and_none_lifts_it() -> None:
    base = Budget(max_tokens=5, max_seconds=6, max_rounds=7)
    assert merge_budget(base, tokens=None, seconds=None, rounds=None) == base
    assert merge_budget(base, tokens="none", seconds=9.0, rounds=0) == Budget(
        max_tokens=None, max_seconds=9, max_rounds=0
    )


def test_a_requirement_is_text_or_a_file(tmp_path: Path) -> None:
    file = tmp_path / "wish.md"
    file.write_text("\ufeff一个程序\n", encoding="utf-8")
    assert read_requirement(("make", "a", "clock")) == "make a clock"
    assert read_requirement((f"@{file}",)) == "一个程序\n"


@pytest.mark.parametrize("content", [None, b"", b" \n", b"\xff\xfe\x00"])
def test_a_requirement_that_cannot_be_read_is_told_of(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "wish.md"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(InputError, match=r"wish\.md"):
        read_requirement((f"@{file}",))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Write a command line tool that converts Roman numerals.", "converts-roman-numerals"),
        ("做一个待办事项程序", "做一个待办事项程序"),
        ("../../etc/passwd", "etc-passwd"),
        ("make a program", "make-a-program"),
        ("!!!", "product"),
        ("x" * 100, "x" * 40),
    ],
)
def test_a_folder_is_named_for_the_requirement(text: str, name: str) -> None:
    assert slug(text) == name


def test_a_folder_belongs_to_one_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert default_output("roman") == Path("products/roman")
    (tmp_path / "products/roman").mkdir(parents=True)
    assert default_output("roman", {str(tmp_path / "products/roman-2")}) == Path("products/roman-3")
