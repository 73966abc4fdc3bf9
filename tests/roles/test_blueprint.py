"""What is known of a file before a model writes it."""

import pytest

from swfactory.domain.requirement import Requirement
from swfactory.roles.architect import default_design
from swfactory.roles.blueprint import begun, ready_made
from swfactory.roles.engineer import write_file

HALL = Requirement.parse(
    "A package hall/ with seats.py (dataclass Seat: number, price), db.py (SQLite storage in hall.db) and hall.py "
    "(class Hall(path) with add(seat), book(number, guest)). main.py has the subcommands add NUMBER PRICE, book NUMBER "
    "GUEST."
)
TABLES = {"seats": ("number", "price"), "bookings": ("number", "guest")}


def prompt(task):
    return task.request.messages[-1].content


def test_around_a_database_only_what_works_on_it_is_left_to_a_model():
    design = default_design(HALL).model_copy(update={"tables": TABLES})
    written = [file.path for file in design.in_order() if ready_made(HALL, design, file)]
    assert written == ["hall/seats.py", "hall/db.py", "arguments.py", "main.py"]
    module, program = design.plan("hall/hall.py"), design.plan("main.py")
    assert begun(HALL, design, module).startswith("from hall.db import connect\nfrom hall.seats import Seat\n")
    assert "self.connection = connect(path)" in begun(HALL, design, module)
    assert "from hall.seats import Seat\nfrom hall.hall import Hall\n" in begun(HALL, design, program)
    assert 'hall = Hall("hall.db")' in begun(HALL, design, program)
    shown = prompt(
        write_file(HALL, design, module, {"hall/db.py": ready_made(HALL, design, design.plan("hall/db.py"))})
    )
    assert "bookings (number INTEGER, guest TEXT)" in shown
    assert "executescript" not in shown
    assert "Create tables" not in shown


def test_what_is_no_call_of_a_method_is_left_to_a_model():
    wish = Requirement.parse(HALL.text.replace("book NUMBER GUEST.", "book NUMBER GUEST (prints a receipt)."))
    design = default_design(wish).model_copy(update={"tables": TABLES})
    assert ready_made(wish, design, design.plan("main.py")) == ""
    asked = write_file(wish, design, design.plan("main.py"), {})
    assert "Write book_command and what they share" in prompt(asked)
    assert "    hall.add(Seat(number, price))\n" in prompt(asked)


def test_without_tables_a_model_writes_the_database_too():
    design = default_design(HALL)
    assert ready_made(HALL, design, design.plan("hall/db.py")) == ""
    assert "connect" not in begun(HALL, design, design.plan("hall/hall.py"))
    assert "Create tables" in prompt(write_file(HALL, design, design.plan("hall/db.py"), {}))


@pytest.mark.parametrize(("old", "new"), [("book NUMBER GUEST", "book NUMBER HALL"), ("class Hall(", "class Import(")])
def test_an_object_whose_name_is_taken_is_left_to_a_model(old, new):
    wish = Requirement.parse(HALL.text.replace(old, new))
    design = default_design(wish).model_copy(update={"tables": TABLES})
    program = begun(wish, design, design.plan("main.py"))
    compile(program, "main.py", "exec")
    assert '("hall.db")' not in program


def test_a_placeholder_may_be_a_word_of_python():
    wish = Requirement.parse("`python temp.py VALUE FROM TO` converts. `python temp.py 0 K C` prints -273.15.")
    design = default_design(wish)
    program = begun(wish, design, design.plan("temp.py"))
    compile(program, "temp.py", "exec")
    assert "def run(value: str, from_: str, to: str)" in program


def test_what_would_be_no_program_is_not_begun():
    wish = Requirement.parse("jobs.py offers run(class, lambda).")
    design = default_design(wish)
    assert begun(wish, design, design.plan("jobs.py")) == ""
