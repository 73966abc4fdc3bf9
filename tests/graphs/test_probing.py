"""Libraries are tried out with the values of examples, in the sandbox."""

from pathlib import Path

import pytest

from swfactory.domain.execution import Execution
from swfactory.domain.spec import ApiExample, CommandExample, Step
from swfactory.graphs.probing import probe
from swfactory.testing.sandbox import ScriptedSandbox
from tests.graphs.conftest import make_rig

POST = """\
from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass
class Quote:
    zone: str
    price: Decimal


def bulk(long: int, wide: int) -> int:
    return long * wide


def quote(town: str, grams: int) -> Quote:
    if grams < 1:
        raise ValueError(grams)
    return Quote(f"zone-{town}", Decimal(grams) / 100)


def heavier(town: str, grams: int, bulk: int) -> Decimal:
    return Decimal(grams * 1000 + bulk) / 100


def written(amount: Decimal) -> str:
    return f"{amount:.2f} oc"


def week(day: date) -> str:
    return f"W{day.isocalendar().week}"


def share(amount: int | Decimal, payers: int) -> list[Decimal]:
    return [Decimal(amount) / payers + number for number in range(payers)]


def is_open(town: str) -> bool:
    return town.startswith("R")


def leave(town: str) -> str:
    raise SystemExit(3)


def posted(town: str, *, express: bool = False) -> str:
    return f"{town} {'at once' if express else 'by and by'}"


def endless(town: str, grams: int, more: int = 0) -> str:
    import os
    print("noise", os.getcwd())
    return town
"""
NAMES = dict.fromkeys(
    (
        "Quote",
        "quote",
        "bulk",
        "heavier",
        "written",
        "week",
        "share",
        "is_open",
        "leave",
        "posted",
        "endless",
        "missing",
    ),
    "post",
)


@pytest.fixture
def packages(tmp_path):
    folder = tmp_path / "packages"  # which the sandbox's user may read
    folder.mkdir()
    (folder / "post.py").write_text(POST)
    return str(folder)


@pytest.fixture
def broken(packages, source):
    Path(packages, "post.py").write_text(source)
    return packages


def command(*words, stdout=None, contains=()):
    step = Step(argv=("python", "main.py", *words), stdout=stdout, stdout_contains=contains)
    return CommandExample(origin="quoted", steps=(step,))


async def found(bubblewrap, packages, *examples, names=NAMES):
    rig = make_rig(sandbox=bubblewrap)
    facts = await probe(rig.desk(), names, examples, packages)
    return [(fact.expression, fact.gives) for fact in facts]


async def test_calls_are_found_that_give_what_is_expected(bubblewrap, packages):
    lines = command("price", "Rome", "250", stdout="zone: zone-Rome\ntotal: 2.50 oc")
    assert await found(bubblewrap, packages, lines) == [
        ('quote("Rome", 250).zone', "zone-Rome"),
        ('written(quote("Rome", 250).price)', "2.50 oc"),
    ]


async def test_the_literal_result_of_a_function_is_expected(bubblewrap, packages):
    example = ApiExample(origin="quoted", code="from kit import at\n\nassert at('2025-03-05') == 'W10'\n")
    assert await found(bubblewrap, packages, example) == [('week(datetime.date.fromisoformat("2025-03-05"))', "W10")]


async def test_a_list_is_found_as_a_whole_and_amounts_are_decimals(bubblewrap, packages):
    example = command("10", "2", stdout="5.00 oc\n6.00 oc")
    assert await found(bubblewrap, packages, example) == [
        ('[written(part) for part in share(Decimal("10"), 2)]', "['5.00 oc', '6.00 oc']")
    ]


async def test_what_one_function_gives_is_given_to_another_with_the_other_words(bubblewrap, packages):
    example = ApiExample(origin="quoted", code="from kit import fare\n\nassert fare('Rome', 30, 7) == '2.10 oc'\n")
    assert ('written(quote("Rome", bulk(30, 7)).price)', "2.10 oc") in await found(bubblewrap, packages, example)


TWINS = POST.replace("    price: Decimal\n", "    price: Decimal\n    total: Decimal\n", 1).replace(
    "Decimal(grams) / 100)", "Decimal(grams) / 100, Decimal(grams) / 100)", 1
)


@pytest.mark.parametrize("source", [TWINS])
async def test_fields_that_are_alike_are_all_found(bubblewrap, broken):
    facts = await found(bubblewrap, broken, command("Rome", "250", stdout="price: 2.50 oc"))
    assert [expression for expression, gives in facts if gives == "2.50 oc"] == [
        'written(quote("Rome", 250).price)',
        'written(quote("Rome", 250).total)',
    ]


async def test_what_uses_every_value_is_believed_rather_than_what_leaves_one_out(bubblewrap, packages):
    example = ApiExample(origin="quoted", code="from kit import fare\n\nassert fare('Rome', 5, 30, 7) == '52.10 oc'\n")
    facts = await found(bubblewrap, packages, example)
    assert [expression for expression, _ in facts] == ['written(heavier("Rome", 5, bulk(30, 7)))']


async def test_switches_of_a_function_are_shown(bubblewrap, packages):
    assert await found(bubblewrap, packages, command("Rome", stdout="Rome by and by")) == [
        ('posted("Rome", express=False)', "Rome by and by")
    ]


async def test_a_function_that_says_yes_or_no_is_found(bubblewrap, packages):
    example = command("Rome", "Oslo", stdout="Rome: served\nOslo: left out")
    assert await found(bubblewrap, packages, example) == [
        ("'served' if is_open(\"Rome\") else 'left out'", "served"),
        ("'served' if is_open(\"Oslo\") else 'left out'", "left out"),
    ]


@pytest.mark.parametrize("said", [("served", "served"), ("left out", "served", "served")])
async def test_a_function_that_does_not_tell_them_apart_is_none(bubblewrap, packages, said):
    words = ("Rome", "Oslo", "Riga")[: len(said)]
    lines = "\n".join(f"{word}: {what}" for word, what in zip(words, said, strict=True))
    assert await found(bubblewrap, packages, command(*words, stdout=lines)) == []


async def test_what_is_given_is_no_finding(bubblewrap, packages):
    assert await found(bubblewrap, packages, command("Rome", "250", stdout="Rome")) == []


@pytest.mark.parametrize("source", ["raise RuntimeError\n", "def broken(:\n", "raise SystemExit\n"])
async def test_a_library_that_cannot_be_imported_offers_nothing(bubblewrap, broken):
    assert await found(bubblewrap, broken, command("Rome", "250", stdout="zone-Rome")) == []


async def test_without_an_example_nothing_is_run():
    rig = make_rig()
    assert await probe(rig.desk(), NAMES, [command("Rome")], "/nowhere") == ()


@pytest.mark.parametrize("written", ["", "{", "[1]", '[["a", 1]]', '{"a": 1}', "9"])
async def test_what_a_library_has_spoilt_is_no_finding(written):
    rig = make_rig(sandbox=ScriptedSandbox(lambda command: Execution(exit_code=0, files={"found.json": written})))
    assert await probe(rig.desk(), NAMES, [command("Rome", stdout="x1")], "/nowhere") == ()


ZONES = POST + "\n\ndef zone_of(town: str) -> str:\n    return f'zone-{town}'\n"


@pytest.mark.parametrize("source", [ZONES])
async def test_the_call_that_gives_most_of_the_lines_is_told_in_whatever_order_it_is_tried(bubblewrap, broken):
    lines = command("price", "Rome", "250", stdout="zone: zone-Rome\ntotal: 2.50 oc")
    forwards = {**NAMES, "zone_of": "post"}
    for names in (forwards, dict(reversed(forwards.items()))):
        facts = await found(bubblewrap, broken, lines, names=names)
        assert sorted(facts) == [
            ('quote("Rome", 250).zone', "zone-Rome"),
            ('written(quote("Rome", 250).price)', "2.50 oc"),
        ]
