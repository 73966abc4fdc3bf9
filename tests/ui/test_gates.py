"""Documents become fields and fields become documents, and what no field shows is not lost."""

import json

import pytest

from swfactory.domain.design import Design, FilePlan
from swfactory.domain.spec import ApiExample, CommandExample, Criterion, Spec, Step
from swfactory.errors import InputError
from swfactory.runtime import PendingGate
from swfactory.ui.gates import Part, design_document, form_of, pretty, spec_document, untouched

SPEC = Spec(
    title="Counter",
    summary="Counts.",
    criteria=(
        Criterion(
            id="C1",
            text="It counts.",
            quote="It counts",
            examples=(CommandExample(origin="quoted", steps=(Step(argv=("python", "main.py", "3"), stdout="1 2 3"),)),),
        ),
        Criterion(id="C3", text="It adds.", examples=(ApiExample(code="assert add(1, 2) == 3"),)),
    ),
    packages=("rich",),
)
DESIGN = Design(
    files=(
        FilePlan(path="core.py", purpose="counts", interface=("def count(n: int) -> list[int]",)),
        FilePlan(path="main.py", imports=("core.py",)),
    ),
    entry_point="main.py",
    factors={"km": 1000.0},
)


def pending(gate: str, document: str) -> PendingGate:
    return PendingGate(gate=gate, id="i", document=document)


def test_a_specification_is_shown_by_criterion_with_its_checks():
    form = form_of("r", pending("spec", SPEC.model_dump_json()))
    assert (form.kind, form.title, form.summary, form.packages) == ("spec", "Counter", "Counts.", "rich")
    assert [(part.key, part.text) for part in form.parts] == [("C1", "It counts."), ("C3", "It adds.")]
    assert "python main.py 3" in form.parts[0].examples
    assert "add(1, 2)" not in form.parts[0].examples
    assert "add(1, 2)" in form.parts[1].examples


def test_an_unchanged_form_says_what_the_document_said():
    spec, design = SPEC.model_dump_json(), DESIGN.model_dump_json()
    texts = [(c.id, c.text) for c in SPEC.criteria]
    assert spec_document(spec, "Counter", "Counts.", "rich", texts) == spec
    form = form_of("r", pending("design", design))
    assert design_document(design, form.title, form.packages, form.parts) == design


def test_a_form_whose_document_is_not_quite_what_its_fields_say_is_untouched_all_the_same():
    plan = FilePlan(path="core.py", purpose="cut off ", interface=("def a(\n    n: int)", " "), imports=())
    form = form_of("r", pending("design", Design(files=(plan,)).model_dump_json()))
    said = design_document(form.document, form.title, form.packages, form.parts)
    assert said != form.original
    assert untouched(form, said)
    assert untouched(form_of("r", form.pending, said).grown(), said)
    assert not untouched(form, design_document(said, "", "", [Part(key="core.py", text="counts")]))
    spec = SPEC.model_copy(update={"summary": "Counts. "}).model_dump_json()
    form = form_of("r", pending("spec", spec))
    texts = [(c.id, c.text) for c in SPEC.criteria]
    assert untouched(form, spec_document(spec, "Counter", "Counts. ", "rich", texts))
    assert not untouched(form, spec_document(spec, "Counter", "Adds.", "rich", texts))


def test_a_changed_form_changes_what_it_shows_and_nothing_else():
    before = SPEC.model_dump_json()
    said = spec_document(before, "Tally", "", "rich，  numpy", [("C1", " "), ("C3", "It subtracts."), ("", "New.")])
    after = Spec.model_validate_json(said)
    assert [(c.id, c.text) for c in after.criteria] == [("C3", "It subtracts."), ("C4", "New.")]
    assert after.criteria[0].examples == SPEC.criteria[1].examples
    assert after.packages == ("rich", "numpy")
    parts = (Part(key="core.py", interface="def a()\n\n def b()"), Part(), Part("app.py", "runs", "", "core.py"))
    design = Design.model_validate_json(design_document(DESIGN.model_dump_json(), "app.py", "", parts))
    assert [file.path for file in design.files] == ["core.py", "app.py"]
    assert design.files[0].interface == ("def a()", "def b()")
    assert (design.entry_point, design.factors) == ("app.py", {"km": 1000.0})


def test_what_cannot_be_used_is_refused_with_the_reason():
    with pytest.raises(InputError, match="title"):
        spec_document(SPEC.model_dump_json(), " ", "", "", [("C1", "x")])
    with pytest.raises(InputError, match="criteria"):
        spec_document(SPEC.model_dump_json(), "t", "", "", [("C1", "")])
    with pytest.raises(InputError, match="leaves the workspace"):
        design_document(DESIGN.model_dump_json(), "", "", [Part(key="../etc/passwd")])
    with pytest.raises(InputError, match="entry point"):
        design_document(DESIGN.model_dump_json(), "other.py", "", [Part(key="core.py")])


def test_a_grown_form_keeps_what_was_typed_and_knows_the_original():
    gate = pending("spec", SPEC.model_dump_json())
    typed = spec_document(gate.document, "Typed", "", "", [("C1", "Typed too.")])
    form = form_of("r", gate, typed).grown()
    assert (form.title, form.parts[0].text, form.parts[-1]) == ("Typed", "Typed too.", Part())
    assert (form.original, form.document) == (gate.document, typed)


@pytest.mark.parametrize("gate", ["spec", "design", "release", "own"])
def test_a_document_of_another_kind_is_shown_as_text(gate):
    form = form_of("r", pending(gate, "not <b>JSON</b>"))
    assert (form.kind, form.text) == ("", "not <b>JSON</b>")
    assert pretty("not JSON") == "not JSON"
    assert json.loads(pretty('{"a": "是"}')) == {"a": "是"}
