import sys
import threading

import pytest

from swfactory.errors import MissingExtraError, ModelUnavailable
from swfactory.notebook import watch
from tests.notebook.conftest import harmless
from tests.runtime.conftest import TOY

display = pytest.importorskip("IPython.display")


class Output:
    """An output of a kernel: what it was given, one after the other."""

    def __init__(self) -> None:
        self.shown: list = []
        self.drawn = threading.Event()

    def display(self, rich, *, display_id=None):
        self.shown.append(rich)
        return self if display_id else None

    def update(self, rich):
        self.shown.append(rich)
        self.drawn.set()


@pytest.fixture
def output(monkeypatch):
    made = Output()
    monkeypatch.setattr("IPython.display.display", made.display)
    return made


@pytest.fixture
def kernel(monkeypatch, output):
    monkeypatch.setattr("IPython.get_ipython", lambda: type("Shell", (), {"kernel": object()}))
    monkeypatch.setattr("swfactory.notebook.live._PAUSE_SECONDS", 0.0)
    return output


def test_a_run_is_watched_until_it_is_delivered(factory, kernel):
    run = watch(factory.start("Write 2 files", graph=TOY))
    assert run.status == "delivered"
    assert len(kernel.shown) > 5
    seen = [repr(rich) for rich in kernel.shown]
    assert any("at work on write" in text for text in seen)
    assert "delivered" in seen[-1]
    pages = [harmless(rich._repr_html_()).text for rich in kernel.shown[1:]]
    assert any("write (active)" in text for text in pages)
    assert "end (done)" in pages[-1]


def test_session_after_session(factory, kernel):
    handle = factory.start("Write 1 files", graph=TOY, gates=["spec"])
    assert watch(handle).status == "waiting"
    assert "waits at the gate spec" in repr(kernel.shown[-1])
    handle.answer("spec", "approve")
    assert watch(handle).status == "delivered"
    text = repr(kernel.shown[-1])
    assert text.count("product manager") == 1
    assert "plan (done)" in harmless(kernel.shown[-1]._repr_html_()).text


def test_a_failure_is_shown_and_raised(factory, kernel, model):
    model.script = lambda request: "unavailable"
    with pytest.raises(ModelUnavailable):
        watch(factory.start("Write 1 files", graph=TOY))
    assert "failed" in repr(kernel.shown[-1])


def test_an_interrupted_cell_leaves_the_run_at_work(factory, kernel, model, monkeypatch):
    model.pause = 0.01
    handle = factory.start("Write 3 files", graph=TOY)

    def interrupted(rich):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(kernel, "update", interrupted)
        with pytest.raises(KeyboardInterrupt):
            watch(handle)
    assert factory.run(handle.run.id).under_way
    assert watch(handle).status == "delivered"


def test_without_a_kernel_only_the_end_is_shown(factory, output, monkeypatch):
    monkeypatch.setattr("IPython.get_ipython", lambda: None)
    watch(factory.start("Write 2 files", graph=TOY))
    assert ["delivered" in repr(rich) for rich in output.shown] == [True]


def test_without_ipython_the_extra_is_named(factory, monkeypatch):
    monkeypatch.setitem(sys.modules, "IPython", None)
    handle = factory.start("Write 1 files", graph=TOY)
    with pytest.raises(MissingExtraError) as caught:
        watch(handle)
    assert caught.value.extra == "notebook"
    assert handle.result().status == "delivered"
