import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from money import Money


def run(*args):
    return subprocess.run([sys.executable, "main.py", *args], cwd=ROOT, capture_output=True, text=True)


def test_arithmetic():
    a, b = Money(1250, "EUR"), Money(75, "EUR")
    assert a + b == Money(1325, "EUR")
    assert b - a == Money(-1175, "EUR")
    assert 2 * a == a * 2 == Money(2500, "EUR")
    assert sum([a, b]) == Money(1325, "EUR")
    assert b < a and a >= b


@pytest.mark.parametrize("text", ["12.50 EUR", "-0.05 EUR", "0.00 USD"])
def test_parse_reads_what_str_writes(text):
    assert str(Money.parse(text)) == text


@pytest.mark.parametrize("text", ["", "1.005 EUR", "1 euro", "EUR 1"])
def test_malformed_text(text):
    with pytest.raises(ValueError):
        Money.parse(text)


def test_currencies_do_not_mix():
    euro, dollar = Money(1, "EUR"), Money(1, "USD")
    assert euro != dollar
    with pytest.raises(ValueError):
        euro + dollar
    with pytest.raises(ValueError):
        euro < dollar
    with pytest.raises(TypeError):
        euro * 1.5


def test_allocate():
    assert Money(5, "EUR").allocate([3, 7]) == [Money(2, "EUR"), Money(3, "EUR")]
    with pytest.raises(ValueError):
        Money(5, "EUR").allocate([0])


def test_program():
    assert run("add", "-1.00 EUR", "0.75 EUR").stdout == "-0.25 EUR\n"
    assert run("split", "10.00 EUR", "3").stdout == "3.34 EUR\n3.33 EUR\n3.33 EUR\n"
    failed = run("add", "1 EUR", "1 USD")
    assert failed.returncode == 1 and failed.stderr.startswith("error") and not failed.stdout
