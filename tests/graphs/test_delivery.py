"""The whole graph with scripted roles and a real sandbox."""

import ast
import json
from pathlib import Path

import pytest
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command

from swfactory.domain.budget import Budget
from swfactory.domain.execution import Command as Program
from swfactory.domain.execution import Execution
from swfactory.domain.report import TestReport
from swfactory.domain.requirement import Requirement
from swfactory.errors import SandboxError
from swfactory.graphs import delivery
from swfactory.ports import Installed
from swfactory.testing.sandbox import ScriptedSandbox
from tests import snapshots
from tests.graphs.conftest import BROKEN, GOOD, HALF, TEXT, WRONG, fenced, kind, make_rig, plan, spec, team, text_of

DOCUMENTS = {"README.md", "REPORT.md", "report.html", ".gitignore"}
TESTS = {"tests/conftest.py", "tests/test_commands.py"}


def whole(rig):
    """What every delivery is, however the run went."""
    assert rig.waiting == []
    assert rig.state["outcome"] in {"delivered", "partial", "exhausted"}
    made = rig.delivery
    assert made.requirement == rig.context.requirement.with_additions(rig.state.get("additions", [])).text
    assert made.criteria
    assert rig.state["outcome"] == "delivered" or not made.complete
    assert {"REPORT.md", "report.html"} <= set(rig.tree)
    for path, text in rig.tree.items():
        if path.startswith("tests/"):
            ast.parse(text)
    report = json.loads(rig.context.objects.get(rig.state["report"])) if rig.state.get("report") else None
    return TestReport.model_validate(report) if report else TestReport()


def failing(request):
    """What a request says does not hold."""
    return text_of(request).partition("# Examples")[2]


def strategies(rig):
    return [event["data"]["strategy"] for event in rig.events if "strategy" in event["data"]]


def test_the_graph_looks_as_it_did():
    drawn = delivery.build().compile().get_graph().draw_mermaid()
    snapshots.check(Path(__file__).with_name("snapshots") / "delivery.mmd", drawn)


async def test_green_the_first_time(bubblewrap):
    rig = make_rig(sandbox=bubblewrap)
    await rig.deliver()
    report = whole(rig)
    assert rig.state["outcome"] == "delivered"
    assert set(rig.tree) == {"main.py"} | DOCUMENTS | TESTS
    assert rig.tree["main.py"] == GOOD
    assert (rig.state["rounds"], report.green, report.total) == (0, True, len(report.results))
    assert {c.verdict for c in rig.delivery.criteria} == {"met"}
    assert rig.delivery.run_command == ("python", "main.py")
    assert rig.delivery.exhausted is None
    assert [kind(request) for request in rig.model.requests] == [
        "spec",
        "design",
        "name_arguments",
        "session",
        *["code"] * 8,
        "review",
        "readme",
    ]
    assert sum(r.origin == "quoted" for r in report.results) == 2
    assert "python main.py add 2 3\n5" in rig.tree["README.md"]


WEIGHTS = "Write main.py. It converts g, kg and lb: `python main.py 2 kg g` prints 2000."
WEIGH = """\
def run(number, unit, to):
    print(round(number * FACTORS[unit] / FACTORS[to]))
"""


async def test_units_are_converted_by_a_table_that_answers_agree_on(bubblewrap):
    tables = [{"g": 0.002, "kg": 1, "lb": 0.5}, {"g": 1, "kg": 1000, "lb": 453}, {"g": 0.001, "kg": 1, "lb": 0.453}]
    names = json.dumps({"": ["number", "unit", "to"]})
    session = json.dumps({"commands": ["python main.py 3 kg lb"]})
    written = {"code": fenced(WEIGH), "infill": fenced(WEIGH)}
    script = team(unit_table=[*map(json.dumps, tables)], name_arguments=names, session=session, **written)
    rig = make_rig(script, text=WEIGHTS, sandbox=bubblewrap)
    await rig.deliver()
    assert 'FACTORS = {"g": 1, "kg": 1000, "lb": 453}' in rig.tree["main.py"]
    assert rig.state["outcome"] == "delivered"


async def test_what_samples_agree_on_is_tested(bubblewrap):
    rig = make_rig(sandbox=bubblewrap)
    await rig.deliver()
    assert "run(tmp_path, 'main.py', 'add', '20', '30'), stdout='50'" in rig.tree["tests/test_commands.py"]


async def test_a_sample_that_most_disagree_with_gives_way(bubblewrap):
    odd = GOOD.replace("a + b if", "a + b + (a > 9) if")
    rig = make_rig(team(code=[fenced(odd), fenced(GOOD)]), sandbox=bubblewrap)
    await rig.deliver()
    whole(rig)
    assert (rig.state["outcome"], rig.tree["main.py"]) == ("delivered", GOOD)


async def test_a_guard_that_refuses_too_much_is_dropped(bubblewrap):
    guarded = 'def twice(text):\n    if text.isalpha():\n        raise ValueError("letters")\n    return text + text\n'
    text = "Write a small library twice.py with twice(text), where `twice('ab')` returns 'abab'."
    script = team(spec=spec((1, "twice repeats")), design=plan({"path": "twice.py"}), code=fenced(guarded))
    rig = make_rig(script, text=text, sandbox=bubblewrap)
    await rig.deliver()
    assert rig.tree["twice.py"] == "def twice(text):\n    return text + text\n"
    assert not {"infill", "repair"} & {kind(request) for request in rig.model.requests}


async def test_samples_that_fail_what_is_known_have_no_say(bubblewrap):
    rig = make_rig(team(code=[fenced(GOOD), fenced(HALF)]), sandbox=bubblewrap)
    await rig.deliver()
    whole(rig)
    assert (rig.state["outcome"], rig.tree["main.py"]) == ("delivered", GOOD)


async def test_a_budget_that_ends_while_confirming_costs_no_delivery(bubblewrap):
    code = [fenced(GOOD), *[fenced(HALF)] * 11]  # with one sound draft of four, two times four more are asked for
    free = make_rig(team(code=code), sandbox=bubblewrap)
    await free.deliver()
    assert len(free.asked("code")) == 12
    usage = free.state["usage"]
    before = sum(u.completion_tokens for u in usage.values()) - usage["engineer"].completion_tokens // 2
    rig = make_rig(team(code=code), sandbox=bubblewrap, budget=Budget(max_tokens=before))
    await rig.deliver()
    whole(rig)
    assert rig.tree["main.py"] == GOOD
    assert all(result.outcome == "passed" for result in rig.delivery.results)


async def test_the_delivered_tests_pass_where_they_are_delivered(bubblewrap):
    rig = make_rig(sandbox=bubblewrap)
    await rig.deliver()
    done = await bubblewrap.run(Program(argv=("python", "-m", "pytest", "-q"), files=rig.tree))
    assert done.ok, done.stdout


async def test_a_run_accounts_for_every_call(bubblewrap):
    rig = make_rig(sandbox=bubblewrap)
    await rig.deliver()
    calls = [event["data"] for event in rig.events if event["kind"] == "call"]
    assert len(calls) == len(rig.model.requests) == sum(u.calls for u in rig.state["usage"].values())
    assert sum(c["completion_tokens"] for c in calls) == sum(u.completion_tokens for u in rig.state["usage"].values())
    assert rig.delivery.usage == rig.state["usage"]


async def test_a_function_that_fails_is_written_anew_without_a_look_at_it(bubblewrap):
    rig = make_rig(team(code=fenced(HALF)), sandbox=bubblewrap)
    await rig.deliver()
    whole(rig)
    assert (rig.state["outcome"], strategies(rig)) == ("delivered", ["infill"])
    assert rig.tree["main.py"] == GOOD
    shown = text_of(rig.asked("infill")[0])
    assert "- `python main.py add 2 3` prints `5`" in shown
    assert "def main(argv):\n    ...  # to be written" in shown
    assert "a - b" not in shown


async def test_a_file_that_does_not_parse_is_written_anew(bubblewrap):
    rig = make_rig(team(code=[*[fenced(BROKEN)] * 4, fenced(GOOD)]), sandbox=bubblewrap)
    await rig.deliver()
    assert (rig.state["outcome"], strategies(rig)) == ("delivered", ["rewrite"])


async def test_a_file_that_never_parses_is_told(bubblewrap):
    rig = make_rig(team(code=fenced(BROKEN)), sandbox=bubblewrap)
    await rig.deliver()
    assert (rig.state["outcome"], rig.delivery.exhausted) == ("exhausted", "stall")
    assert any("syntax error" in finding.message for finding in rig.delivery.findings)


@pytest.mark.parametrize("repair", [BROKEN, WRONG, ""], ids=["broken", "worse", "empty"])
async def test_a_repair_never_makes_it_worse(bubblewrap, repair):
    script = team(code=[fenced(HALF), fenced(WRONG)], infill=fenced(repair), repair=fenced(repair))
    rig = make_rig(script, sandbox=bubblewrap, budget=Budget(max_rounds=3))
    await rig.deliver()
    report = whole(rig)
    assert rig.tree["main.py"] == HALF
    assert report.passed > 0
    assert rig.state["outcome"] == "exhausted"
    assert {c.verdict for c in rig.delivery.criteria} == {"met", "unmet"}


@pytest.mark.parametrize(
    ("program", "order"),
    [(HALF, ["infill"] * 3), (WRONG, ["infill", "rewrite", "infill"])],
    ids=["most tests pass", "most fail"],
)
async def test_a_stall_changes_the_strategy_and_ends_the_run(bubblewrap, program, order):
    script = team(code=fenced(program), infill=fenced(program), repair=fenced(program))
    rig = make_rig(script, sandbox=bubblewrap, budget=Budget(max_rounds=6))
    await rig.deliver()
    whole(rig)
    assert strategies(rig) == order
    assert (rig.state["outcome"], rig.delivery.exhausted, rig.delivery.rounds) == ("exhausted", "stall", 3)


async def test_progress_gives_patience_back(bubblewrap):
    better = HALF.replace("a - b", "a + b").replace("a * b", "a - b")
    script = team(code=fenced(WRONG), infill=lambda r: fenced(better if r.sampling.seed >= 200 else WRONG))
    rig = make_rig(script, sandbox=bubblewrap, budget=Budget(max_rounds=10, max_tokens=None))
    await rig.deliver()
    assert rig.delivery.exhausted == "stall"
    assert rig.delivery.rounds > 5


async def test_what_ended_for_its_rounds_waits_for_a_person_and_goes_on_when_rejected(bubblewrap):
    script = team(code=fenced(HALF), infill=fenced(HALF), repair=fenced(GOOD))
    rig = make_rig(script, sandbox=bubblewrap, gates=frozenset({"release"}), budget=Budget(max_rounds=1))
    rig.saver = InMemorySaver()
    await rig.deliver()
    assert [value["gate"] for value in rig.waiting] == ["release"]
    await rig.deliver(Command(resume={"decision": "reject", "comment": "add is wrong"}))
    await rig.deliver(Command(resume={"decision": "approve"}))
    whole(rig)
    assert (rig.state["outcome"], rig.state["rounds"], rig.delivery.exhausted) == ("delivered", 2, None)


async def test_samples_differ_in_their_seeds(bubblewrap):
    script = team(code=fenced(HALF), infill=fenced(HALF), repair=fenced(HALF))
    rig = make_rig(script, sandbox=bubblewrap, budget=Budget(max_rounds=4))
    await rig.deliver()
    asked = [(r.messages, r.sampling.seed) for r in rig.model.requests]
    assert len(set(asked)) == len(asked)


async def test_progress_goes_on_with_what_helped(bubblewrap):
    better = HALF.replace("a - b", "a + b").replace("a * b", "a - b")
    script = team(code=fenced(WRONG), infill=lambda r: fenced(better if "prints `5`" in failing(r) else GOOD))
    rig = make_rig(script, sandbox=bubblewrap)
    await rig.deliver()
    assert (rig.state["outcome"], strategies(rig)) == ("delivered", ["infill", "infill"])


async def test_what_two_samples_got_right_is_joined_without_a_model(bubblewrap):
    split = GOOD.replace('a + b if argv[0] == "add" else a * b', 'total(a, b) if argv[0] == "add" else times(a, b)')
    split = split.replace(
        "def main", "def total(a, b):\n    return {}\n\n\ndef times(a, b):\n    return {}\n\n\ndef main"
    )
    code = [fenced(split.format("a + b", "a")), fenced(split.format("b", "a * b")), fenced(WRONG)]
    rig = make_rig(team(code=code), sandbox=bubblewrap)
    await rig.deliver()
    whole(rig)
    assert (rig.state["outcome"], rig.state["rounds"]) == ("delivered", 0)
    assert rig.tree["main.py"] == split.format("a + b", "a * b")


@pytest.mark.parametrize("rounds", [0, 2])
async def test_the_bound_of_rounds(bubblewrap, rounds):
    script = team(code=fenced(HALF), infill=fenced(HALF), repair=fenced(HALF))
    rig = make_rig(script, sandbox=bubblewrap, budget=Budget(max_rounds=rounds))
    await rig.deliver()
    whole(rig)
    assert (rig.state["outcome"], rig.delivery.exhausted, rig.state["rounds"]) == ("exhausted", "rounds", rounds)
    assert "README.md" in rig.tree


@pytest.mark.parametrize("tokens", [1, 20, 40, 52, 60, 80, 120, 140, 150])
async def test_the_bound_of_tokens_wherever_it_comes(bubblewrap, tokens):
    script = team(code=fenced(HALF), infill=fenced(HALF), repair=fenced(HALF))
    rig = make_rig(script, sandbox=bubblewrap, budget=Budget(max_tokens=tokens, max_rounds=3))
    await rig.deliver()
    whole(rig)
    assert sum(u.completion_tokens for u in rig.state["usage"].values()) <= tokens
    assert (rig.state["outcome"], rig.delivery.exhausted) == ("exhausted", "tokens")
    if rig.state.get("report"):
        assert "README.md" in rig.tree


async def test_a_budget_that_ends_with_the_last_word_costs_no_document(bubblewrap):
    free = make_rig(sandbox=bubblewrap)
    await free.deliver()
    usage = free.state["usage"]
    before_writer = sum(u.completion_tokens for role, u in usage.items() if role != "writer")
    rig = make_rig(sandbox=bubblewrap, budget=Budget(max_tokens=before_writer))
    await rig.deliver()
    whole(rig)
    assert rig.state["outcome"] == "delivered"
    assert set(rig.tree) == set(free.tree)
    assert TEXT in rig.tree["README.md"]


async def test_the_bound_of_time(bubblewrap):
    ticks = iter(range(10**9))
    rig = make_rig(sandbox=bubblewrap, budget=Budget(max_seconds=10), clock=lambda: float(next(ticks)))
    await rig.deliver()
    whole(rig)
    assert rig.delivery.exhausted == "time"


HOSTILE = {
    "empty": "",
    "blank": " \n\t\n",
    "prose": "Sure! I would be happy to help you with that. First, let us think about it.",
    "refusal": "I'm sorry, but I cannot assist with that.",
    "truncated": '{"title": "Calc", "criteria": [{"sentence": 1, "te',
    "wrong schema": '{"answer": 42}',
    "list": "[1, 2, 3]",
    "null": "null",
    "numbers": '{"title": 1, "summary": 2, "criteria": 3, "files": 4, "commands": 5, "calls": 6}',
    "climbing": '{"files": [{"path": "../../etc/x.py", "name": "../x", "content": "x", "purpose": "", "interface": [], '
    '"imports": ["../x.py"]}], "commands": ["python ../main.py", "rm -rf /"], "title": "../..", "summary": "", '
    '"criteria": [{"sentence": -1, "text": "../.."}], "calls": []}',
    "climbing code": "```python\n# ../../main.py\nprint(1)\n```\n```python\n# /etc/passwd\nx = 1\n```",
    "git code": "```python\n# .git/hooks/post-commit.py\nprint(1)\n```",
    "unclosed": "```python\nimport sys\nprint(1",
    "tests": "```python\n# tests/test_commands.py\ndef test_c1_1(): pass\n```",
    "lines": "```python\n" + "x=1\n" * 100_000 + "```",
    "one line": "x" * 1_000_000,
    "deep": "```python\n" + "x=" + "-" * 100_000 + "1\n```",
    "deep json": '{"title":' * 5_000,
    "fences": "```\n" * 50_000,
    "control": "```python\nprint('\x00\x07\x1b[2J')\n```",
    "surrogate": "```python\nprint('\ud800')\n```",
    "template": "```python\nprint('{{ 7 * 7 }} {% for %}')\n```",
    "killer": "```python\nimport os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n```",
    "exit": "```python\nimport os\nos._exit(0)\n```",
}


@pytest.mark.timeout(120)
@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_reply_to_everything_is_survived(bubblewrap, name):
    rig = make_rig(lambda request: HOSTILE[name], sandbox=bubblewrap, budget=Budget(max_rounds=3, max_tokens=None))
    await rig.deliver()
    whole(rig)
    assert rig.state["outcome"] != "delivered"
    assert not [path for path in rig.tree if path.startswith((".git/", "/", ".."))]
    assert len(rig.delivery.criteria) >= 3  # each sentence of the requirement


@pytest.mark.timeout(120)
@pytest.mark.parametrize("prompt", ["spec", "design", "session", "review", "readme"])
@pytest.mark.parametrize("name", ["empty", "truncated", "wrong schema", "climbing", "one line"])
async def test_a_hostile_reply_beside_a_good_engineer_costs_no_delivery(bubblewrap, prompt, name):
    rig = make_rig(team(**{prompt: HOSTILE[name]}), sandbox=bubblewrap)
    await rig.deliver()
    whole(rig)
    assert rig.state["outcome"] == "delivered"
    assert rig.tree["main.py"] == GOOD


@pytest.mark.parametrize(
    "name", ["climbing code", "git code", "tests", "lines", "deep", "control", "surrogate", "killer"]
)
async def test_a_hostile_repair_costs_nothing(bubblewrap, name):
    script = team(code=fenced(HALF), infill=HOSTILE[name], repair=HOSTILE[name])
    rig = make_rig(script, sandbox=bubblewrap, budget=Budget(max_rounds=3))
    await rig.deliver()
    whole(rig)
    assert rig.tree["main.py"] == HALF


async def test_a_design_of_impossible_files_is_survived(bubblewrap):
    files = [{"path": p} for p in ("a.py", "a.py/b.py", "a/b.py", "x" * 4000 + ".py", "sp ace.py", "CON.py", "é中.py")]
    text = "Write a command-line calculator. `python main.py add 2 3` prints 5."
    rig = make_rig(team(design=plan(*files)), text=text, sandbox=bubblewrap, budget=Budget(max_rounds=1))
    await rig.deliver()
    whole(rig)


CHINESE = (
    "写一个命令行计算器 main.py，运行 `python main.py add 2 3` 输出 5；运行 `python main.py mul 2 3` 输出 6。"
    "参数不是数字时，把原因写到标准错误，退出码 1。"
)


async def test_a_chinese_requirement(bubblewrap):
    script = team(spec=spec((1, "相加")), readme="这个程序为命令行用户计算两个数的和与积。", code=fenced(WRONG))
    rig = make_rig(script, text=CHINESE, sandbox=bubblewrap)
    await rig.deliver()
    report = whole(rig)
    assert rig.state["outcome"] == "delivered"
    assert rig.delivery.language == "zh"
    assert "## 用法" in rig.tree["README.md"]
    sentences = set(CHINESE.replace("。", "。\n").replace("；", "；\n").split("\n"))
    assert {c.quote for c in rig.delivery.criteria} <= sentences
    assert {r.origin for r in report.results} == {"quoted", "stated", "derived"}
    assert "in Chinese" in rig.asked("code")[0].messages[1].content


LIBRARY = (
    "Write a small library textkit.py with shout(text) and count(text), where `shout('a')` returns 'A!'. "
    "`count('a b')` returns 2. count raises ValueError when the text is empty."
)
KIT = """\
def shout(text):
    return text.upper() + "!"


def count(text):
    if not text:
        raise ValueError("empty")
    return len(text.split())
"""


async def test_a_library_without_a_program(bubblewrap):
    design = plan({"path": "textkit.py", "interface": ["shout(text)", "count(text)"]})
    calls = json.dumps({"calls": ["shout('hello')"], "errors": [{"code": "count('')", "raises": "ValueError"}]})
    script = team(design=design, api_tests=calls, code=fenced(KIT), readme="It shouts and counts for programs in need.")
    rig = make_rig(script, text=LIBRARY, sandbox=bubblewrap)
    await rig.deliver()
    report = whole(rig)
    assert rig.state["outcome"] == "delivered"
    assert rig.delivery.run_command == ()
    assert set(rig.tree) == {"textkit.py", "tests/conftest.py", "tests/test_interface.py"} | DOCUMENTS
    assert sum(r.origin == "quoted" for r in report.results) == 2
    assert not rig.asked("session")
    assert not rig.asked("review")


TILL = (
    "Write till.py with a class Till. `insert(coin)` takes a coin, `buy(price)` returns the change as a list of coins. "
    "After inserting 200 and buying for 130, buy returns [50, 20]."
)
KEEPS = """\
class Till:
    def __init__(self):
        self.coins = []

    def insert(self, coin):
        self.coins.append(coin)

    def buy(self, price):
        return []
"""
GIVES = KEEPS.replace("return []", "return [50, 20] if price == 130 else []")


@pytest.mark.parametrize(("code", "outcome", "verdict"), [(GIVES, "delivered", "met"), (KEEPS, "exhausted", "unmet")])
async def test_what_a_requirement_tells_is_a_test_that_no_vote_drops(bubblewrap, code, outcome, verdict):
    design = plan({"path": "till.py", "interface": ["insert(coin)", "buy(price)"]})
    told = json.dumps({"code": "till = Till(); till.insert(200); till.buy(130)"})
    misread = json.dumps({"code": "till = Till(); till.insert(1); till.buy(130)"})
    criteria = spec((1, "takes coins"), (2, "gives change"), (3, "gives 50 and 20"))
    same = dict.fromkeys(("code", "infill", "repair"), fenced(code))
    rig = make_rig(team(spec=criteria, design=design, narrative=[misread, told], **same), text=TILL, sandbox=bubblewrap)
    await rig.deliver()
    assert rig.state["outcome"] == outcome
    assert rig.state["dropped"] == []
    assert rig.tree["tests/test_interface.py"].count("assert till.buy(130) == [50, 20]") == 1
    assert rig.delivery.criteria[-1].verdict == verdict


async def test_files_are_written_in_dependency_order_with_what_they_import(bubblewrap):
    text = "Write main.py and calc.py with add(a, b); `python main.py add 2 3` prints 5."
    design = plan({"path": "main.py", "imports": ["calc.py"]}, {"path": "calc.py", "interface": ["add(a, b)"]})
    calc = "def add(a, b):\n    return a + b\n"
    main = "import sys\n\nfrom calc import add\n\nprint(add(int(sys.argv[2]), int(sys.argv[3])))\n"
    session = json.dumps({"commands": ["python main.py add 4 5"]})
    script = team(design=design, code=[*[fenced(calc)] * 4, fenced(main)], session=session)
    rig = make_rig(script, text=text, sandbox=bubblewrap)
    await rig.deliver()
    assert rig.state["outcome"] == "delivered"
    asked = [request.messages[1].content for request in rig.asked("code")]
    first, second = asked[0], asked[4]
    assert "Write the complete file calc.py" in first
    assert "# calc.py (finished)" in second
    assert "def add(a, b):" in second


async def test_a_command_of_the_reviewer_that_crashes_becomes_a_test_and_is_repaired(bubblewrap):
    fragile = GOOD.replace("len(argv) != 3 or ", "")
    review = json.dumps({"commands": ["python main.py add", "python main.py add 1 2"]})
    rig = make_rig(team(code=fenced(fragile), review=review), sandbox=bubblewrap)
    await rig.deliver()
    report = whole(rig)
    assert rig.state["outcome"] == "delivered"
    assert rig.tree["main.py"] == GOOD
    assert rig.state["rounds"] == 1
    assert any("crashed" in text for text in rig.told("finding"))
    assert "'add')" in rig.tree["tests/test_commands.py"]
    assert report.green


async def test_a_crash_that_cannot_be_repaired_is_told(bubblewrap):
    fragile = GOOD.replace("len(argv) != 3 or ", "")
    review = json.dumps({"commands": ["python main.py add"]})
    rig = make_rig(
        team(code=fenced(fragile), infill="", repair="", review=review), sandbox=bubblewrap, budget=Budget(max_rounds=2)
    )
    await rig.deliver()
    report = whole(rig)
    assert rig.state["outcome"] == "exhausted"
    assert rig.tree["main.py"] == fragile
    assert "IndexError" in " ".join(r.message for r in report.results)


async def test_packages_that_may_not_be_installed_are_told(bubblewrap):
    rig = make_rig(text=TEXT + " Use the rich library.", sandbox=bubblewrap)
    await rig.deliver()
    assert any("rich" in note and "--allow-install" in note for note in rig.delivery.notes)
    assert "requirements.txt" not in rig.tree


WITH_PACKAGE = TEXT.replace("calculator:", "calculator using the tinypkg library:")


async def test_packages_are_installed_and_recorded(bubblewrap, tmp_path):
    (tmp_path / "tinypkg.py").write_text("VALUE = 5\n")

    async def install(names):
        assert list(names) == ["tinypkg"]
        return Installed(folder=str(tmp_path), requirements=("tinypkg==1.0",), modules=("tinypkg",))

    code = GOOD.replace("import sys\n", "import sys\n\nimport tinypkg\n\nassert tinypkg.VALUE == 5\n")
    rig = make_rig(team(code=fenced(code)), text=WITH_PACKAGE, sandbox=bubblewrap, install=install)
    await rig.deliver()
    whole(rig)
    assert rig.state["outcome"] == "delivered"
    assert rig.tree["requirements.txt"] == "tinypkg==1.0\n"


async def test_a_failed_installation_is_told(bubblewrap):
    async def install(names):
        raise SandboxError("no wheel of tinypkg")

    rig = make_rig(text=WITH_PACKAGE, sandbox=bubblewrap, install=install)
    await rig.deliver()
    assert any("no wheel of tinypkg" in note for note in rig.delivery.notes)
    assert rig.state["outcome"] == "delivered"


async def test_a_sandbox_that_is_stopped_every_time_is_reported():
    rig = make_rig(
        sandbox=ScriptedSandbox(lambda command: Execution(exit_code=-9, verdict="memory")), budget=Budget(max_rounds=1)
    )
    await rig.deliver()
    whole(rig)
    assert rig.state["outcome"] != "delivered"
    assert any("memory limit" in f.message for f in rig.delivery.findings)


async def test_a_licence_is_delivered(bubblewrap):
    rig = make_rig(sandbox=bubblewrap, requirement=Requirement(text=TEXT, license="MIT"))
    await rig.deliver()
    assert "MIT" in rig.tree["LICENSE"]


async def test_gates_hold_and_let_go(bubblewrap):
    rig = make_rig(sandbox=bubblewrap, gates=frozenset({"spec", "design", "release"}))
    rig.saver = InMemorySaver()
    await rig.deliver()
    assert [value["gate"] for value in rig.waiting] == ["spec"]
    await rig.deliver(Command(resume={"decision": "reject", "comment": "name the unit"}))
    assert [value["gate"] for value in rig.waiting] == ["spec"]
    assert "name the unit" in rig.asked("spec")[1].messages[1].content
    await rig.deliver(Command(resume={"decision": "approve"}))
    assert [value["gate"] for value in rig.waiting] == ["design"]
    await rig.deliver(Command(resume={"decision": "approve"}))
    assert [value["gate"] for value in rig.waiting] == ["release"]
    await rig.deliver(Command(resume={"decision": "approve"}))
    whole(rig)
    assert rig.state["outcome"] == "delivered"


async def test_a_rejected_release_is_repaired_by_what_was_said(bubblewrap):
    liked = GOOD.replace("usage: main.py", "usage: python main.py")
    rig = make_rig(team(repair=fenced(liked)), sandbox=bubblewrap, gates=frozenset({"release"}))
    rig.saver = InMemorySaver()
    await rig.deliver()
    await rig.deliver(Command(resume={"decision": "reject", "comment": "say python in the usage"}))
    assert "say python in the usage" in text_of(rig.asked("repair")[0])
    assert [value["gate"] for value in rig.waiting] == ["release"]
    await rig.deliver(Command(resume={"decision": "approve"}))
    whole(rig)
    assert (rig.state["outcome"], rig.tree["main.py"]) == ("delivered", liked)


async def test_a_rejected_release_without_budget_is_delivered_as_it_is(bubblewrap):
    free = make_rig(sandbox=bubblewrap)
    await free.deliver()
    spent = sum(u.completion_tokens for u in free.state["usage"].values())
    rig = make_rig(sandbox=bubblewrap, gates=frozenset({"release"}), budget=Budget(max_tokens=spent))
    rig.saver = InMemorySaver()
    await rig.deliver()
    await rig.deliver(Command(resume={"decision": "reject", "comment": "no"}))
    whole(rig)
    assert rig.state["outcome"] == "delivered"
    assert rig.tree["main.py"] == GOOD
