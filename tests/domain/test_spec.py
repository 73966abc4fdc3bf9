import pytest
from pydantic import TypeAdapter, ValidationError

from swfactory.domain.spec import ApiExample, CommandExample, Criterion, Example, Spec, Step


def test_an_example_is_told_by_its_kind():
    read = TypeAdapter(Example).validate_python
    assert isinstance(read({"kind": "api", "code": "assert f(1)"}), ApiExample)
    assert isinstance(read({"kind": "command", "steps": [{"argv": ["python", "main.py"]}]}), CommandExample)
    with pytest.raises(ValidationError):
        read({"kind": "prose", "code": "x"})


@pytest.mark.parametrize("identifier", ["1", "C0", "c1", "C1 ", "C"])
def test_criteria_are_numbered(identifier):
    with pytest.raises(ValidationError):
        Criterion(id=identifier, text="x")


def test_a_spec_has_a_criterion_and_finds_it():
    spec = Spec(title="t", criteria=(Criterion(id="C1", text="x"),))
    assert spec.criterion("C1").text == "x"
    assert spec.criterion("C2") is None
    with pytest.raises(ValidationError):
        Spec(title="t", criteria=())


def test_a_step_expects_success_unless_told_otherwise():
    assert Step(argv=("python", "main.py")).exit_code == 0


def test_what_only_a_persons_edition_says_is_added():
    before = Spec(
        title="t", criteria=(Criterion(id="C1", text="a", quote="A."), Criterion(id="C2", text="b", quote="B."))
    )
    after = Spec(title="t", criteria=(before.criteria[0], Criterion(id="C2", text="c", quote="B.")))
    assert after.added == ()
    assert after.edited(before).added == ("c",)
    assert after.edited(before).edited(after.edited(before)).added == ("c",)
    assert before.edited(before) == before
