from pathlib import Path

import pytest

from swfactory.domain.report import TestResult
from swfactory.errors import InputError, NotFoundError
from swfactory.notebook import files, graph, show, steps
from tests.notebook.conftest import harmless
from tests.report.hostile import HOSTILE
from tests.runtime.conftest import TOY


@pytest.fixture
def delivered(factory):
    handle = factory.start("Write 2 files", graph=TOY)
    handle.result()
    return handle


def test_a_delivered_run_at_a_glance(delivered):
    shown = show(delivered)
    page = harmless(shown._repr_html_())
    assert "delivered" in page.text
    assert "there are files" in page.text
    assert "deliver (done)" in page.text
    assert "svg" in page.tags
    text = repr(shown)
    assert delivered.run.id in text
    assert "product manager" in text
    assert "met" in text
    assert "<" not in text


def test_a_front_end_gets_html_and_text(delivered):
    bundle = show(delivered)._repr_mimebundle_(include=["text/html"], exclude=None)
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/html"] == show(delivered)._repr_html_()


def test_a_run_is_named_by_its_handle_its_row_or_what_a_person_types(factory, delivered):
    shown = [repr(show(name, factory=factory)) for name in (delivered, delivered.run, delivered.run.id, "last")]
    assert len(set(shown)) == 1
    with pytest.raises(NotFoundError, match="nothing"):
        show("nothing", factory=factory)


def test_a_run_of_the_settings_data_folder_needs_no_factory(factory, delivered, monkeypatch):
    monkeypatch.setenv("SWF_DATA_DIR", str(factory.settings.data_dir))
    assert repr(show("last")) == repr(show(delivered))


def test_a_run_that_waits_shows_what_is_to_be_decided_and_how(factory):
    handle = factory.start("Write 1 files", graph=TOY, gates=["spec"])
    handle.result()
    page = harmless(show(handle)._repr_html_())
    assert "gate (active)" in page.text
    assert "C1. there are files" in page.text
    assert "handle.answer('spec', \"approve\")" in page.text
    assert "waits at the gate spec" in repr(show(handle))


def test_tests_that_were_dropped_are_not_counted(factory, delivered, monkeypatch):
    outcomes = ("passed", "passed", "dropped")
    results = tuple(TestResult(id=f"t{number}", outcome=outcome) for number, outcome in enumerate(outcomes))
    told = factory.delivery(delivered.run.id).model_copy(update={"results": results})
    monkeypatch.setattr(factory, "delivery", lambda _: told)
    assert "2 of 2 tests pass" in repr(show(delivered.run.id, factory=factory))


def test_a_graph_file_that_has_gone_leaves_the_rest_to_be_shown(factory, tmp_path):
    copy = tmp_path / "mine.py"
    copy.write_text(Path(TOY.removesuffix(":build")).read_text())
    handle = factory.start("Write 1 files", graph=f"{copy}:build")
    handle.result()
    copy.unlink()
    assert "svg" not in harmless(show(handle)._repr_html_()).tags
    assert "delivered" in repr(show(handle))


def test_the_graph_of_a_run_has_its_marks_and_one_by_its_name_those_that_are_given(delivered):
    assert "write (done)" in harmless(graph(delivered)._repr_html_()).text
    page = harmless(graph("delivery", done=["specify"], active=["design"])._repr_html_())
    assert "specify (done)" in page.text
    assert "design (active)" in page.text
    assert "document --> release_gate" in repr(graph("delivery"))
    with pytest.raises(InputError, match="unheard"):
        graph("unheard")


def test_steps_have_the_numbers_that_a_fork_takes(factory, delivered):
    shown = steps(delivered)
    numbers = [step.step for step in factory.history(delivered.run.id)]
    assert [int(line.split()[0]) for line in repr(shown).splitlines()[1:]] == numbers
    page = harmless(shown._repr_html_())
    assert "write" in page.text
    assert "spec" in page.text
    assert factory.history("last")[-1].commit[:10] in page.text


def test_files_are_shown_with_their_lines(factory, delivered):
    shown = files(delivered)
    page = harmless(shown._repr_html_())
    assert page.text.count("engineer on product_manager on Write 2 files") == 2
    assert [line.split() for line in repr(shown).splitlines()[1:]] == [
        ["REPORT.md", "1"],
        ["src/file1.txt", "1"],
        ["src/file2.txt", "1"],
    ]
    early = next(step.step for step in factory.history("last") if step.commit)
    assert "file2" not in repr(files(delivered, step=early))
    assert repr(files(delivered, step=-1)) == "no files yet"


@pytest.mark.parametrize("text", [*HOSTILE, "软件工厂 \ud800"])
def test_what_others_wrote_is_only_text(factory, model, text, monkeypatch):
    model.script = lambda request: text.replace("\ud800", "") or "x"
    handle = factory.start("Write 1 files " + text.replace("\ud800", ""), graph=TOY, gates=["spec"])
    handle.result()
    harmless(show(handle)._repr_html_())
    handle.answer("spec", "approve")
    handle.result()
    monkeypatch.setattr(type(factory), "files", lambda *_, **__: {f"{text}.py": text, f"{text}.html": text, text: text})
    for shown in (show(handle), steps(handle), files(handle), graph(handle)):
        page = harmless(shown._repr_html_())
        for letter in ("\x00", "\x1b", "\u202e", "\ud800"):
            assert letter not in page.text
            assert letter not in repr(shown)
