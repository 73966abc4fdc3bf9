"""What the page shows is text whatever a model, a test, a file or a person wrote."""

from html.parser import HTMLParser

import pytest

from swfactory.domain.answer import Answer, Statement
from swfactory.domain.budget import Budget
from swfactory.domain.delivery import CriterionVerdict, Delivery
from swfactory.domain.references import Passage
from swfactory.domain.report import TestResult
from swfactory.domain.requirement import Requirement
from swfactory.domain.run import Event, Run
from swfactory.errors import InputError
from swfactory.ui import listings, views
from swfactory.ui.desk import Seat, explain
from swfactory.ui.live import Live
from swfactory.ui.markup import esc, note
from swfactory.ui.picture import picture
from tests.ui.conftest import TOY

BAD = "<script>hack()</script>\"'><img src=x onerror=hack()>\x1b[31m\u202e" + '__i18n__{"key":"<b>"}'

RUN = Run(
    id=f"r1{BAD}",
    requirement=Requirement(text=f"Build {BAD}"),
    model=f"m{BAD}",
    graph=TOY,
    budget=Budget(max_tokens=100, max_rounds=4),
    parent=f"p{BAD}",
    status="running",
    created=1.0,
)


def event(kind, seq=1, **fields) -> Event:
    return Event(run="r", kind=kind, seq=seq, **{"time": 10.0 + seq, **fields})


def live() -> Live:
    live = Live.of(RUN)
    for number, made in enumerate(
        [
            {"kind": "run", "text": f"taken up {BAD}"},
            {"kind": "step", "step": "plan", "text": "plan", "data": {"phase": "start"}},
            {"kind": "call", "role": f"wizard{BAD}", "data": {"completion_tokens": 80, "seconds": 2.0}},
            {"kind": "step", "step": "plan", "text": "done", "data": {"phase": "finish"}},
            {"kind": "step", "step": f"write{BAD}", "text": "write", "data": {"phase": "start"}},
            {"kind": "commit", "text": f"Add {BAD}", "data": {"commit": "c"}},
            {"kind": "note", "text": f"note {BAD}", "step": BAD, "role": f"wizard{BAD}"},
            {
                "kind": "test",
                "text": "1 of 2",
                "data": {
                    "passed": 1,
                    "total": 2,
                    "round": 3,
                    "results": [{"id": f"t::a{BAD}", "outcome": "passed"}, {"id": "t::b", "outcome": BAD}],
                },
            },
            {"kind": "gate", "data": {"gate": f"own{BAD}", "id": "1", "answered": False}},
            {
                "kind": "gate",
                "data": {"gate": "spec", "id": "1", "answered": True, "decision": "reject", "comment": BAD},
            },
            {"kind": "run", "text": f"it broke {BAD}", "data": {"status": "failed"}},
            {"kind": "run", "text": "resumed"},
        ],
        start=1,
    ):
        live.apply(event(seq=number, **made))
    live.apply(event("token", seq=0, time=23.0, role="engineer", text=f"words {BAD}"))
    return live


DELIVERY = Delivery(
    title=f"T{BAD}",
    requirement=BAD,
    commit="c",
    criteria=(
        CriterionVerdict(
            id="C1", text=f"one {BAD}", quote=f"q {BAD}", verdict="unmet", files=(f"f{BAD}",), tests=(f"t{BAD}",)
        ),
        CriterionVerdict(id="C2", text="two", verdict="met", tests=("t::c",)),
    ),
    results=(TestResult(id=f"t{BAD}", criterion="C1", outcome="failed", message=f"m {BAD}"),),
    run_command=("python", f"main{BAD}"),
)

ANSWER = Answer(
    question="q",
    statements=(Statement(text=f"s {BAD}", sources=(1,)),),
    passages=(Passage(text=f"p {BAD}", source=f"src{BAD}"),),
    dropped=(f"d {BAD}",),
)

SHOWN = {
    "heading": lambda: views.heading("en", live()),
    "numbers": lambda: views.numbers("en", live(), 25.0),
    "tests": lambda: views.tests("en", live()),
    "stream": lambda: views.stream("en", live()),
    "log": lambda: views.log(live()),
    "chat": lambda: "\n".join(esc(text) for _, text in views.chat("en", live(), DELIVERY)),
    "matrix": lambda: views.matrix("en", DELIVERY),
    "tree": lambda: listings.tree([f"a/{BAD.replace('/', '')}/b{BAD.replace('/', '')}.py"]),
    "diff": lambda: listings.diff("en", f"+++ {BAD}\n@@ {BAD}\n+{BAD}\n-{BAD}\n {BAD}"),
    "runs": lambda: listings.runs("en", [RUN]),
    "answer": lambda: listings.answer("en", ANSWER),
    "note": lambda: note(BAD),
    "error": lambda: explain("en", InputError(BAD, hint=BAD)),
    "picture": lambda: picture(live(), BAD),
}


class Reader(HTMLParser):
    """Sees markup as a browser does."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}


@pytest.mark.parametrize("name", SHOWN)
def test_nothing_that_was_written_elsewhere_becomes_markup(name):
    html = SHOWN[name]()
    assert "hack()" in html or name == "picture"
    reader = Reader()
    reader.feed(html)
    assert reader.tags.isdisjoint({"script", "img"})
    assert not any(name.startswith("on") for name in reader.attributes)
    assert "\x1b" not in html
    assert "\u202e" not in html
    assert "__i18n__{" not in html


def test_where_a_run_stands():
    shown = live()
    assert "at work" in views.heading("en", shown)
    assert "运行中" in views.heading("zh", shown)
    bars = views.numbers("en", shown, 25.0)
    assert "81 of 100" in bars
    assert 'swf-near" style="width:81.0%' in bars
    assert "3 of 4" in bars
    tests = views.tests("en", shown)
    assert "1 of 2 tests pass" in tests
    assert tests.count('class="swf-good"') == 1
    assert "No tests" in views.tests("en", Live.of(RUN))
    assert 'class="swf-cursor"' in views.stream("en", shown)


def test_time_counts_while_somebody_works_and_not_while_a_gate_waits():
    shown = Live.of(RUN)
    for kind, at, data in (
        ("run", 100.0, {"status": "queued"}),
        ("run", 200.0, {}),
        ("step", 203.0, {"phase": "start"}),
        ("gate", 205.0, {"gate": "spec", "answered": False}),
        ("gate", 900.0, {"gate": "spec", "answered": True, "decision": "approve"}),
        ("run", 901.0, {}),
        ("commit", 903.0, {}),
    ):
        shown.apply(Event(run="r", seq=1, kind=kind, time=at, data=data))
    assert shown.elapsed(905.0) == pytest.approx(9.0)
    shown.apply(Event(run="r", seq=2, kind="delivery", time=906.0, data={"output": "x"}))
    assert shown.elapsed(2000.0) == pytest.approx(10.0)
    assert not shown.working


def test_the_conversation_tells_what_was_decided_and_what_came_of_it():
    turns = views.chat("en", live(), None)
    assert [who for who, _ in turns] == ["user", "assistant", "assistant", "assistant", "user", "assistant"]
    assert turns[-2][1].startswith("The specification goes back.")
    delivered = live()
    delivered.apply(event("delivery", seq=20, data={"output": "x"}))
    last = views.chat("zh", delivered, DELIVERY)[-1][1]
    assert "✗ C1" in last
    assert "python" in last


def test_the_matrix_joins_criteria_tests_and_verdicts():
    html = views.matrix("en", DELIVERY)
    assert html.index("not met") < html.index("C2") < html.rindex(">met<")
    assert "t::c" in html
    assert "judged when" in views.matrix("en", None)


def test_a_tree_has_folders_and_buttons_that_bear_whole_paths():
    html = listings.tree(["src/app/main.py", "README.md"], "src/app/main.py")
    assert html.count("<details open>") == 2
    assert 'data-pick="src/app/main.py" aria-current=true>main.py<' in html
    assert 'data-pick="README.md">README.md<' in html


def test_a_long_diff_is_cut_and_says_so():
    html = listings.diff("en", "\n".join(f"+{number}" for number in range(2500)))
    assert "500 more lines" in html
    assert "+1999" in html
    assert "+2000" not in html
    assert "Nothing was changed" in listings.diff("en", "")


def test_source_is_highlighted_by_its_suffix():
    paths = ("a.py", "B.MD", "x/Dockerfile", "data.bin", "s.yml")
    assert [listings.code_language(path) for path in paths] == ["python", "markdown", "dockerfile", None, "yaml"]


def test_an_answer_without_support_says_so_in_the_language_of_the_question():
    assert "资料中没有说明" in listings.answer("en", Answer(question="q", language="zh"))


def test_the_seat_of_a_reader_survives_whatever_the_browser_sends():
    assert Seat.of(None) == Seat()
    assert Seat.of("r1 4") == Seat("r1", 4)
    assert Seat.of("r1 x") == Seat("r1", 0)
    assert Seat.of(f"r1 {'9' * 5000}") == Seat("r1", 0)
    assert Seat.of("r1 4").again() == "r1 5"
    assert Seat.of("r1 4").again("") == " 5"


def test_the_tests_are_those_of_the_best_draft_not_of_the_last():
    live = Live.of(RUN)
    for number, (one, other) in enumerate([("passed", "failed"), ("passed", "passed"), ("failed", "passed")]):
        results = [{"id": "t::one", "outcome": one}, {"id": "t::other", "outcome": other}]
        passed = sum(outcome == "passed" for outcome in (one, other))
        live.apply(event("test", number, data={"passed": passed, "total": 2, "results": results}))
    assert live.results == {"t::one": "passed", "t::other": "passed"}
    assert "swf-bad" not in views.tests("en", live)
    results = [{"id": "t::third", "outcome": "failed"}]
    live.apply(event("test", 4, data={"passed": 0, "total": 1, "results": results}))
    assert live.results == {"t::third": "failed"}
