import pytest

from swfactory.requirements.files import named_files


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("Write main.py that adds.", ("main.py",)),
        ("Write `calc.py` and `main.py`, see main.py.", ("calc.py", "main.py")),
        (
            "A package library/ with models.py, store.py and a program main.py.",
            ("library/models.py", "library/store.py", "main.py"),
        ),
        ("Write shapes/area.py; area.py has area(r).", ("shapes/area.py",)),
        ("Write a package kit/. Then write tool.py beside it.", ("tool.py",)),
        ("Write calc.py with tests/test_calc.py in tests/.", ("calc.py",)),
        ("写 main.py 和 utils.py。", ("main.py", "utils.py")),
        ("Count words from data.csv.", ()),
        ("See https://example.org/x/y.python", ()),
    ],
)
def test_files_that_a_requirement_names(text, files):
    assert named_files(text) == files
