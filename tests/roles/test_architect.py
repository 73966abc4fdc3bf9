import json

import pytest

from swfactory.domain.call import Reply
from swfactory.domain.requirement import Requirement
from swfactory.errors import ReplyError
from swfactory.roles.architect import (
    default_design,
    name_arguments,
    named_packages,
    plan_files,
    plan_tables,
    unit_table,
)


def design(text, *files):
    proposed = [{"path": "x.py", "purpose": "", "interface": [], "imports": []} | file for file in files]
    task = plan_files(Requirement.parse(text))
    return task.read(Reply(text=json.dumps({"files": proposed})))


def paths(made):
    return [file.path for file in made.files]


@pytest.mark.parametrize(
    ("text", "packages"),
    [
        ("Fetch it using the requests library.", ("requests",)),
        ("Use the package numpy; it is based on `rich` library", ("numpy", "rich")),
        ("Plot with package `matplotlib`.", ("matplotlib",)),
        ("Use the json library.", ()),
        ("Use only the standard library.", ()),
        ("Print it with our library `ledger`, using my package.", ()),
        ("Write a library with a package main.", ()),
    ],
)
def test_packages_that_a_requirement_asks_for(text, packages):
    assert named_packages(text) == packages


def test_what_the_requirement_names_is_always_planned():
    made = design("Write calc.py and main.py.", {"path": "main.py"})
    assert paths(made) == ["calc.py", "main.py"]
    assert made.entry_point == "main.py"


def test_invented_files_are_left_out_when_the_requirement_names_its_own():
    made = design("Write calc.py and main.py.", {"path": "calc.py"}, {"path": "utils.py"}, {"path": "helpers/io.py"})
    assert sorted(paths(made)) == ["calc.py", "main.py"]


def test_otherwise_the_architect_is_free():
    assert paths(design("Write an adder.", {"path": "add.py"}, {"path": "cli.py", "imports": ["add.py"]})) == [
        "add.py",
        "cli.py",
    ]


def test_paths_get_the_spelling_of_the_requirement():
    made = design(
        "A package library/ with models.py and store.py, and main.py.",
        {"path": "models.py", "purpose": "data"},
        {"path": "src/store.py", "purpose": "saving", "imports": ["library.models"]},
    )
    assert set(paths(made)) == {"library/models.py", "library/store.py", "library/__init__.py", "main.py"}
    assert made.plan("library/store.py").imports == ("library/models.py",)
    assert made.plan("library/models.py").purpose == "data"


@pytest.mark.parametrize("name", ["calc", "calc.py", "./calc.py"])
def test_a_module_name_becomes_its_file(name):
    made = design("Write an adder.", {"path": "calc.py"}, {"path": "main.py", "imports": [name]})
    assert made.plan("main.py").imports == ("calc.py",)


def test_a_package_has_an_init_and_the_program_comes_last():
    made = design("Write an adder.", {"path": "main.py", "interface": ["main()"]}, {"path": "kit/add.py"})
    assert paths(made).index("kit/add.py") < paths(made).index("main.py")
    assert set(paths(made)) == {"kit/add.py", "kit/__init__.py", "main.py"}
    assert made.plan("main.py").imports == ("kit/add.py",)
    assert made.plan("main.py").interface == ()


@pytest.mark.parametrize(
    "path", ["../x.py", "/etc/x.py", "tests/test_x.py", "test_x.py", "setup.py", "notes.md", "", ".git/x.py"]
)
def test_what_is_no_source_of_the_product_is_left_out(path):
    assert paths(design("Write an adder.", {"path": path}, {"path": "add.py"})) == ["add.py"]
    assert paths(design("Write an adder.", {"path": path})) == ["main.py"]


@pytest.mark.parametrize("path", ["add.py/x.py", "x" * 400 + ".py"])
def test_files_that_cannot_be_are_left_out(path):
    assert paths(design("Write an adder.", {"path": "add.py"}, {"path": path})) == ["add.py"]


def test_too_many_files_are_cut():
    assert len(paths(design("Write it.", *({"path": f"f{n}.py"} for n in range(100))))) == 12


def test_a_cycle_and_an_unknown_import_do_no_harm():
    made = design(
        "Write it.", {"path": "a.py", "imports": ["b.py", "gone.py", "a.py"]}, {"path": "b.py", "imports": ["a.py"]}
    )
    assert set(paths(made)) == {"a.py", "b.py"}
    assert made.plan("a.py").imports == ("b.py",)


def test_without_a_model_the_named_files_or_one_program():
    assert paths(default_design(Requirement.parse("Write calc.py and main.py"))) == ["calc.py", "main.py"]
    assert paths(default_design(Requirement.parse("Write an adder"))) == ["main.py"]
    library = default_design(Requirement.parse("Write calc.py with add(a, b)"))
    assert (paths(library), library.entry_point) == (["calc.py"], None)


@pytest.mark.parametrize(
    "text", ["", "I would write main.py", '{"files": [{"path": "a.py"}]}', '{"files": 3}', '{"files": [{"pa']
)
def test_what_is_no_design_is_told(text):
    with pytest.raises(ReplyError, match="design is not valid"):
        plan_files(Requirement.parse("x")).read(Reply(text=text))


DESK = Requirement.parse(
    "Write main.py: `python main.py pay ann bob 12.50` pays, `python main.py join ann bob` makes one account of two "
    "and `python main.py open ann` opens an account."
)


def test_names_of_arguments_that_can_be_confused_are_asked_for():
    task = name_arguments(DESK, "main.py")
    assert "- pay: ann, bob, 12.50\n- join: ann, bob\n" in task.request.messages[-1].content
    pay = task.request.sampling.json_schema["properties"]["pay"]
    assert (pay["minItems"], pay["maxItems"]) == (3, 3)
    assert task.read(Reply(text='{"pay": ["payer", "payee", "amount"], "join": ["owner", "other"]}')) == {
        "pay": ("payer", "payee", "amount"),
        "join": ("owner", "other"),
    }
    assert name_arguments(Requirement.parse("Write main.py that adds."), "main.py") is None


@pytest.mark.parametrize(
    "pay",
    [
        ["payer", "payer", "amount"],
        ["pay", "payee", "amount"],
        ["payer", "bob", "amount"],
        ["payer", "amount"],
        ["payer", "Pay-Ee", "amount"],
    ],
)
def test_names_that_cannot_be_used_are_left_out(pay):
    task = name_arguments(DESK, "main.py")
    reply = Reply(text=json.dumps({"pay": pay, "join": ["owner", "other"]}))
    assert task.read(reply) == {"join": ("owner", "other")}
    assert task.fallback() == {}


@pytest.mark.parametrize("text", ["", "owner", '{"pay": "owner"}', '{"pay": ["own'])
def test_what_are_no_names_is_told(text):
    with pytest.raises(ReplyError, match="names are not valid"):
        name_arguments(DESK, "main.py").read(Reply(text=text))


def test_a_table_of_units():
    task = unit_table(("g", "kg"), "kg")
    assert task.request.sampling.json_schema["required"] == ["g", "kg"]
    assert '"g": (1 g in kg), "kg": (1 kg in kg)}' in task.request.messages[-1].content
    assert task.read(Reply(text='{"g": 0.001, "kg": 1}')) == {"g": 0.001, "kg": 1}
    with pytest.raises(ReplyError, match="table is not valid"):
        task.read(Reply(text='{"g": "little"}'))
    assert task.fallback() == {}


def test_the_tables_of_a_database():
    task = plan_tables(Requirement.parse("Keep notes in SQLite."), temperature=0.6, seed=2)
    reply = {"tables": [{"name": "notes", "columns": ["id", "text"]}]}
    assert task.read(Reply(text=json.dumps(reply))) == {"notes": ("id", "text")}
    assert task.fallback() == {}
    assert (task.request.sampling.seed, task.request.sampling.temperature) == (2, 0.6)


@pytest.mark.parametrize("text", ["", "{}", '{"tables": [{"name": "no; DROP", "columns": []}]}', '{"tables": [{"name"'])
def test_tables_that_are_none(text):
    with pytest.raises(ReplyError):
        plan_tables(Requirement.parse("Keep notes in SQLite.")).read(Reply(text=text))


@pytest.mark.parametrize(
    ("text", "files", "entry"),
    [
        ("A tool. `python stats.py FILE` prints lines.", [{"path": "stats.py"}], "stats.py"),
        ("做一个待办程序：`python todo.py add 买牛奶` 添加一项", [{"path": "todo.py"}], "todo.py"),
        ("A dice roller.", [{"path": "dice.py"}, {"path": "roll.py", "imports": ["dice.py"]}], "roll.py"),
        ("A command line tool wc.py that counts words.", [{"path": "wc.py"}], "wc.py"),
        ("Write stack.py: a class Stack.", [{"path": "stack.py"}], None),
        ("A function that adds.", [{"path": "adder.py"}], None),
        ("rle.py has encode(text).", [{"path": "rle.py"}], None),
        ("rle.py has encode(text); `python rle.py TEXT` prints it.", [{"path": "rle.py"}], "rle.py"),
    ],
)
def test_the_file_that_a_user_runs_is_known(text, files, entry) -> None:
    assert design(text, *files).entry_point == entry
