from swfactory.domain.spec import ApiExample, CommandExample, Step
from swfactory.domain.suite import PlannedTest, Suite

COMMAND = PlannedTest(
    name="test_c1_1",
    criterion="C1",
    title="t",
    example=CommandExample(origin="quoted", steps=(Step(argv=("python", "main.py")),)),
)
API = PlannedTest(name="test_c1_2", criterion="C1", title="t", example=ApiExample(code="assert f(1)"))


def test_where_a_test_lives_follows_from_its_kind():
    assert COMMAND.id == "tests/test_commands.py::test_c1_1"
    assert API.id == "tests/test_interface.py::test_c1_2"
    assert (COMMAND.origin, API.origin) == ("quoted", "derived")


def test_leaving_tests_out():
    suite = Suite(tests=(COMMAND, API))
    assert suite.without(frozenset({API.id})).tests == (COMMAND,)
    assert suite.without(frozenset()) == suite
