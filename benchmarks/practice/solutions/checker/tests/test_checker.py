import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from checker.errors import SchemaError, ValidationError
from checker.fields import Flag, ListOf, Number, Record, Text
from checker.schema import build


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        (Text(), 1, "expected text"),
        (Text(min_length=3), "ab", "shorter than 3"),
        (Text(max_length=1), "ab", "longer than 1"),
        (Text(choices=["red", "green"]), "blue", "not one of red, green"),
        (Number(), True, "expected number"),
        (Number(integer=True), 3.0, "expected integer"),
        (Number(minimum=1), 0, "less than 1"),
        (Number(maximum=1), 2, "greater than 1"),
        (Flag(), 0, "expected flag"),
        (ListOf(Flag(), min_items=2), [True], "fewer than 2 items"),
        (ListOf(Flag()), {}, "expected list"),
        (Record({}), [], "expected record"),
    ],
)
def test_messages(field, value, message):
    assert field.errors(value) == [("$", message)]


def test_all_errors_are_reported_in_order():
    field = Record({"a": ListOf(Number()), "b": Flag()}, {"c": Text()})
    with pytest.raises(ValidationError) as caught:
        field.validate({"z": 1, "c": 2, "a": [1, "x"]})
    assert str(caught.value).splitlines() == [
        "$.a[1]: expected number",
        "$.b: missing",
        "$.c: expected text",
        "$.z: unknown",
    ]


@pytest.mark.parametrize(
    "description", [{}, 3, {"type": "x"}, {"type": "flag", "minimum": 1}, {"type": "list"}, {"type": "record"}]
)
def test_bad_descriptions(description):
    with pytest.raises(SchemaError):
        build(description)


def test_program(tmp_path):
    schema, data = tmp_path / "schema.json", tmp_path / "data.json"
    schema.write_text(json.dumps({"type": "record", "required": {"age": {"type": "number", "minimum": 0}}}))

    def run():
        return subprocess.run(
            [sys.executable, "main.py", str(schema), str(data)], cwd=ROOT, capture_output=True, text=True
        )

    assert run().returncode == 2
    data.write_text('{"age": 1}')
    assert run().stdout == "valid\n"
    data.write_text('{"age": -1}')
    assert (run().returncode, run().stdout) == (1, "$.age: less than 0\n")
