"""Programs from calls that were tried out."""

import pytest

from swfactory.domain.spec import ApiExample, CommandExample, Step
from swfactory.programs.sketch import sketched as sketch_of


def sketched(begun, example, facts, *ending):
    return sketch_of(begun, example, {text: [made] for text, made in facts.items()}, *ending)


FRAME = """\
import sys


def run(depot: str, serial: int) -> None:
    # DEPOT SERIAL: prints the reference
    ...


def main():
    depot, serial = sys.argv[1:]
    run(depot, int(serial))
"""


def command(*words, stdout):
    return CommandExample(origin="quoted", steps=(Step(argv=("python", "main.py", *words), stdout=stdout),))


def test_the_values_give_way_to_the_parameters() -> None:
    made = sketched(FRAME, command("KRN", "417", stdout="KRN/00417-D"), {"KRN/00417-D": 'mint("KRN", 417)'})
    assert "def run(depot: str, serial: int):\n    print(mint(depot, serial))\n" in made
    assert "def main():" in made


def test_labels_stay_and_every_line_needs_a_call() -> None:
    facts = {"shore": 'quote("HO4", 12).zone', "8.30 oc": 'text(quote("HO4", 12).total)', "oc": "unit()"}
    example = command("HO4", "12", stdout="zone: shore\ntotal: 8.30 oc")
    made = sketched(FRAME, example, facts)
    assert "print('zone: ' + str(quote(depot, serial).zone))" in made
    assert "print('total: ' + str(text(quote(depot, serial).total)))" in made
    assert sketched(FRAME, example, {"shore": facts["shore"]}) == ""


@pytest.mark.parametrize(
    ("parameters", "made"),
    [
        ("day: str, days: str", "due(datetime.date.fromisoformat(day), int(days))"),
        ("day: str, days: int | float", "due(datetime.date.fromisoformat(day), days)"),
        ("words: list[str]", "due(datetime.date.fromisoformat(words[0]), int(words[1]))"),
    ],
)
def test_what_a_parameter_is_not_it_is_made(parameters, made) -> None:
    frame = FRAME.replace("depot: str, serial: int", parameters)
    facts = {"2025-03-08": 'due(datetime.date.fromisoformat("2025-03-05"), 3)'}
    assert f"    print({made})\n" in sketched(frame, command("2025-03-05", "3", stdout="2025-03-08"), facts)


def test_a_subcommand_has_a_function_of_its_own() -> None:
    frame = FRAME.replace("def run", "def add_item_command")
    made = sketched(frame, command("add-item", "KRN", "417", stdout="x1"), {"x1": 'mint("KRN", 417)'})
    assert "    print(mint(depot, serial))\n" in made


def test_a_function_returns_it() -> None:
    outline = "def period_of(text):\n    # the period\n    ...\n\n\ndef other(x):\n    ...\n"
    code = "from opening import period_of\n\nassert period_of('2025-03-05') == 'Y25-P02'\n"
    example = ApiExample(origin="quoted", code=code)
    facts = {"Y25-P02": 'period_code(datetime.date.fromisoformat("2025-03-05"))'}
    made = sketched(outline, example, facts)
    assert "def period_of(text):\n    return period_code(datetime.date.fromisoformat(text))\n" in made
    assert "def other(x):" in made


@pytest.mark.parametrize(
    ("example", "facts"),
    [
        (command("10", "3", stdout="3.40"), {"3.40": "share(10, 3)[0]"}),
        (command("KRN", "417", "x", stdout="x1"), {"x1": 'mint("KRN", 417)'}),
        (command("KRN", "417", "--fast", stdout="x1"), {"x1": 'mint("KRN", 417)'}),
        (command("KRN", "417", stdout="x1"), {}),
        (ApiExample(origin="quoted", code="assert other('a') == 'b'\n"), {"b": 'f("a")'}),
    ],
)
def test_what_one_example_does_not_say_is_not_written(example, facts) -> None:
    assert sketched(FRAME, example, facts) == ""


def test_a_list_is_printed_element_by_element() -> None:
    frame = FRAME.replace("depot: str, serial: int", "amount: str, payers: int")
    facts = {"['3.40 oc', '3.30 oc']": '[coin(part) for part in share(Decimal("6.70"), 2)]', "3.40 oc": "coin(3.4)"}
    made = sketched(frame, command("6.70", "2", stdout="3.40 oc\n3.30 oc"), facts)
    assert "    for part in share(Decimal(amount), payers):\n        print(coin(part))\n" in made


def test_what_is_done_with_every_word_is_a_loop() -> None:
    frame = FRAME.replace("depot: str, serial: int", "words: list[str]")
    facts = {"2t": 'weigh(Decimal("25.3"))', "0t": 'weigh(Decimal("0.45"))', "9t": "total()"}
    made = sketched(frame, command("25.3", "0.45", stdout="2t\n0t"), facts)
    assert "    for word in words:\n        print(weigh(Decimal(word)))\n" in made
    labelled = sketched(frame, command("25.3", "0.45", stdout="25.3: 2t\n0.45: 0t"), facts)
    assert '        print(f"{word}: {weigh(Decimal(word))}")\n' in labelled
    assert "for word" not in sketched(frame, command("25.3", "0.45", stdout="2t\n9t"), facts)


def test_what_a_function_says_yes_or_no_to_is_printed_for_each() -> None:
    facts = {said: f"'served' if is_open(\"{town}\") else 'left out'" for town, said in TOWNS.items()}
    lines = "\n".join(f"{town}: {said}" for town, said in TOWNS.items())
    step = Step(argv=("python", "main.py", *TOWNS), stdout=lines)
    made = sketched("def run(towns: list[str]) -> None:\n    ...\n", CommandExample(steps=(step,)), facts)
    assert "    for word in towns:\n        print(f\"{word}: {'served' if is_open(word) else 'left out'}\")\n" in made


TOWNS = {"Rome": "served", "Oslo": "left out"}


def test_a_function_that_is_called_with_each_word_does_what_is_done_with_one() -> None:
    frame = FRAME.replace("depot: str, serial: int", "weight: str")
    facts = {"2t": 'weigh(Decimal("25.3"))', "0t": 'weigh(Decimal("0.45"))', "9t": "total()"}
    assert "    print(weigh(Decimal(weight)))\n" in sketched(frame, command("25.3", "0.45", stdout="2t\n0t"), facts)
    assert sketched(frame, command("25.3", "0.45", stdout="2t\n9t"), facts) == ""


def test_one_word_may_settle_the_status() -> None:
    facts = {said: f"'served' if is_open(\"{town}\") else 'left out'" for town, said in TOWNS.items()}
    lines = "\n".join(f"{town}: {said}" for town, said in TOWNS.items())
    example = CommandExample(steps=(Step(argv=("python", "main.py", *TOWNS), stdout=lines),))
    frame = "def run(towns: list[str]) -> None:\n    ...\n"
    left_out = sketched(frame, example, facts, (1, " of them is left out, else 0"))
    assert left_out.endswith("    if not all(is_open(word) for word in towns):\n        sys.exit(1)\n")
    assert "if any(is_open(word) for word in towns):" in sketched(frame, example, facts, (3, " is served"))
    assert "sys.exit" not in sketched(frame, example, facts, (1, " file is missing"))


def test_of_fields_that_are_alike_the_label_tells_which_is_meant() -> None:
    frame = FRAME.replace("depot: str, serial: int", "town: str, grams: int")
    facts = {"2.50": ['quote("Rome", 250).carriage', 'quote("Rome", 250).total']}
    made = sketch_of(frame, command("Rome", "250", stdout="carriage: 2.50\ntotal: 2.50"), facts)
    assert "print('carriage: ' + str(quote(town, grams).carriage))" in made
    assert "print('total: ' + str(quote(town, grams).total))" in made
    assert sketch_of(frame, command("Rome", "250", stdout="price: 2.50"), facts) == ""


def test_a_switch_of_the_program_is_that_of_the_library() -> None:
    frame = FRAME.replace("depot: str, serial: int", "town: str, grams: int, express: bool")
    facts = {"2.50": 'quote("Rome", 250, express=False, insured=False).total'}
    made = sketched(frame, command("Rome", "250", stdout="2.50"), facts)
    assert "print(quote(town, grams, express=express, insured=False).total)" in made
