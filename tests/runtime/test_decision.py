import pytest
from pydantic import ValidationError

from swfactory.domain.spec import Criterion, Spec
from swfactory.errors import InputError
from swfactory.runtime.decision import Decision, check_document


def test_an_edit_needs_a_document_and_nothing_else_has_one():
    assert Decision(decision="edit", document="{}").document == "{}"
    for wrong in ({"decision": "edit"}, {"decision": "approve", "document": "{}"}, {"decision": "perhaps"}):
        with pytest.raises(ValidationError):
            Decision(**wrong)


def test_a_document_is_checked_and_made_canonical():
    spec = Spec(title="t", criteria=(Criterion(id="C1", text="x"),))
    assert check_document("spec", spec.model_dump_json(indent=4)) == spec.model_dump_json()


@pytest.mark.parametrize(
    ("key", "text", "said"),
    [
        ("spec", '{"title": "t"}', "criteria"),
        ("spec", "no json", "JSON"),
        ("design", '{"files": [{"path": "../x"}]}', "leaves the workspace"),
        ("commit", "{}", "'commit' is not a document"),
    ],
)
def test_a_document_that_cannot_be_used_says_where(key, text, said):
    with pytest.raises(InputError, match=said) as caught:
        check_document(key, text)
    assert caught.value.hint
