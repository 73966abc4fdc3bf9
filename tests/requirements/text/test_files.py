import pytest

from swfactory.requirements.text.files import named_files, program_file


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("Write main.py that adds.", ("main.py",)),
        ("Write `calc.py` and `main.py`, see main.py.", ("calc.py", "main.py")),
        (
            "A package library/ with models.py, store.py and a program main.py.",
            ("library/models.py", "library/store.py", "main.py"),
        ),
        (
            'A package plan/: times.py (parse("09:30") gives minutes; format(570) gives "09:30"), days.py '
            "(class Day()) and main.py.",
            ("plan/times.py", "plan/days.py", "main.py"),
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


@pytest.mark.parametrize(
    ("text", "program"),
    [
        ("A tool. `python stats.py FILE` prints lines.", "stats.py"),
        ("做一个待办程序：`python todo.py add 买牛奶` 添加一项", "todo.py"),
        ("`./roll.py 6` rolls a die.", "roll.py"),
        ("rle.py has encode(text); `python main.py TEXT` prints it.", "main.py"),
        ("`python tools/report.py` works like main.py.", "main.py"),
        ("A dice roller.", "main.py"),
        ("Run it with python -m pytest.", "main.py"),
    ],
)
def test_the_program_is_what_is_run(text, program) -> None:
    assert program_file(text) == program


def test_a_program_stands_beside_the_package_that_is_named_before_it() -> None:
    text = "A package shop/ with db.py and a program: `python buy.py ITEM`."
    assert named_files(text) == ("shop/db.py", "buy.py")


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("Write a library `slugs` with `slugify(text)`.", ("slugs.py",)),
        ("Create a small Python module called `kit`.", ("kit.py",)),
        ("写一个库 `kit`，提供 `count(text)`。", ("kit.py",)),
        ("Write main.py, which uses our library `kit`.", ("main.py",)),
        ("Write main.py with the module `json`.", ("main.py",)),
        ("Write a calculator of fares with our library `kit`.", ()),
        ("A report that uses the library `kit`.", ()),
        ("写一个使用我们的库 `kit` 的程序。", ()),
        ("Write a package `kit` with kit/a.py.", ("kit/a.py",)),
    ],
)
def test_a_module_that_is_to_be_written_needs_no_ending(text, files):
    assert named_files(text) == files
