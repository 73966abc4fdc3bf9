"""Faults, repairs and verified mutants, in the real sandbox where tests run."""

from __future__ import annotations

import pytest

from swfactory.domain.execution import Execution
from swfactory.errors import SandboxError
from swfactory.finetune.data.code_pairs import TestIndex
from swfactory.finetune.data.collect import SourceFile
from swfactory.finetune.data.faults import faults
from swfactory.finetune.data.judging import Case, judge
from swfactory.finetune.data.mutants import mutant_rows, seeds_of
from swfactory.finetune.data.recipe import SourceRecipe
from swfactory.finetune.data.repairs import code_of_prompt, repair_prompt
from swfactory.finetune.data.tally import Tally
from swfactory.roles.mender import answer, exchanged
from swfactory.testing.sandbox import ScriptedSandbox

SOURCE = SourceRecipe(type="folder", path="lib", makers=("mutants",), group="function")
TEXT = '''\
import math


def fee(days, price):
    """Fee of a late book: 10 a day after 3 days, at most its price."""
    if days <= 3:
        return 0
    return min(math.floor((days - 3) * 10), price)


def test_fee():
    assert fee(3, 50) == 0
    assert fee(4, 50) == 10
    assert fee(99, 50) == 50


def wrong(x):
    """Say twice the number."""
    return x


def test_wrong():
    assert wrong(2) == 4


def untested(x):
    return x + 1


def needy(x):
    return fee(x, 1)


def test_needy():
    assert needy(1) == 0
'''
FUNCTION = "def f(a, b):\n    while a > b and not b:\n        a -= 1\n    return [a * 2, b == a]\n"


def seeds(tally: Tally):
    file = SourceFile(source="lib", path="lib.py", text=TEXT, group="g", language="python")
    tests = TestIndex()
    tests.add(file)
    return list(seeds_of(file, SOURCE, tests, tally))


def test_faults_change_one_line_and_nothing_else():
    found = list(faults(FUNCTION))
    for fault in found:
        old, new = FUNCTION.splitlines(), fault.code.splitlines()
        differ = [place for place, (a, b) in enumerate(zip(old, new, strict=True)) if a != b]
        assert len(differ) == 1
        assert (old[differ[0]], new[differ[0]]) == (fault.right, fault.wrong)
    assert {fault.kind for fault in found} == {"comparison", "operator", "boolean", "negation", "constant"}
    assert len({fault.code for fault in found}) == len(found)
    wrong = [fault.wrong.strip() for fault in found]
    for line in ("while a >= b and not b:", "while a > b or not b:", "while a > b and b:", "a += 1", "a -= 2"):
        assert line in wrong
    assert "return [a + 2, b == a]" in wrong
    assert "return [a * 2, b != a]" in wrong


def test_texts_and_documentation_are_left_alone():
    assert list(faults('def f():\n    """Add 1 > 0 and min."""\n    return "a < b"\n')) == []
    assert list(faults("def f(:")) == []


def test_columns_are_bytes():
    (fault, *_) = faults('def f(x):\n    return "日本" < x\n')
    assert fault.wrong == '    return "日本" <= x'


def test_a_repair_puts_the_right_line_in_the_place_of_the_wrong_one():
    reply = answer("    a += 1", "    a -= 1")
    assert reply == "- a += 1\n+ a -= 1"
    assert exchanged("def f(a):\n    a += 1\n    return a\n", reply) == "def f(a):\n    a -= 1\n    return a\n"
    assert exchanged("def f(a):\n    return a\n", reply) is None
    assert exchanged("x", "I do not know.") is None
    said = f"Here it is:\n```diff\n{reply}\n```"
    assert exchanged("    a += 1\n", said) == "    a -= 1\n"


def test_the_prompt_shows_the_function_and_what_pytest_said():
    system, user = repair_prompt(FUNCTION, "E  assert 1 == 2")
    assert system.role == "system"
    assert "E  assert 1 == 2" in user.content
    assert code_of_prompt(user.content) == FUNCTION
    assert code_of_prompt("nothing") == ""


def test_seeds_need_tests_and_nothing_else_of_their_file():
    tally = Tally()
    found = seeds(tally)
    assert [seed.unit.name for seed in found] == ["fee", "wrong"]
    assert found[0].origin.group == "g::fee"
    assert tally.dropped == {"function without tests": 1, "function that needs its module": 1}


def test_a_mutant_counts_when_its_tests_fail_and_the_originals_pass(bubblewrap):
    tally = Tally()
    rows = list(mutant_rows(seeds(tally), "sft", bubblewrap, tally))
    assert tally.dropped["original fails its tests"] == 1
    assert tally.dropped["mutant that no test finds"] > 0
    assert len(rows) >= 8
    original = "import math\n\n\n" + TEXT[TEXT.index("def fee") : TEXT.index("\n\ndef test_fee")]
    for row in rows:
        _, user, reply = row.messages
        code = code_of_prompt(user.content)
        assert code.strip() != original.strip()
        assert exchanged(code, reply.content).strip() == original.strip()
        assert "FAILED test_solution.py::test_fee" in user.content
    (again,) = {
        row.model_dump_json() for row in mutant_rows(seeds(Tally()), "sft", bubblewrap, Tally(), per_function=1)
    }
    assert again == rows[0].model_dump_json()


def test_other_kinds_of_rows_come_of_the_same_mutants(bubblewrap):
    made = {kind: list(mutant_rows(seeds(Tally()), kind, bubblewrap, Tally(), per_function=2)) for kind in KINDS}
    prompt = made["prompt"][0]
    assert prompt.tests.startswith("from solution import fee\n")
    assert judge([Case(code="from math import inf\ndef fee(d, p): return inf", tests=prompt.tests[25:])], bubblewrap)
    pair = made["preference"][0]
    assert "return min(math.floor((days - 3) * 10), price)" in pair.chosen[0].content
    assert pair.chosen != pair.rejected
    assert '"""Fee of a late book' in pair.prompt[0].content
    assert [row.label for row in made["kto"]] == [True, False, False]


KINDS = ("prompt", "preference", "kto")


def test_endless_loops_and_crashes_stop_only_themselves(bubblewrap):
    cases = [
        Case(code="def f(): return 1", tests="def test_f():\n    assert f() == 1"),
        Case(code="def f():\n    while True: pass", tests="def test_f():\n    assert f() == 1"),
        Case(code="import os\ndef f(): os._exit(0)", tests="def test_f():\n    assert f() == 1"),
        Case(code="def f(): return 2", tests="def test_f():\n    assert f() == 1\ndef test_g():\n    assert f() == 2"),
    ]
    good, endless, gone, bad = judge(cases, bubblewrap)
    assert good.passed
    assert (endless.passed, endless.ran) == (False, True)
    assert "did not end within 1 second" in endless.output
    assert (gone.passed, gone.ran) == (False, False)
    assert bad.output == ">       assert f() == 1\nE       assert 2 == 1\nE        +  where 2 = f()\n" + FAILED


FAILED = "FAILED test_solution.py::test_f"


def test_a_sandbox_that_runs_nothing_is_said():
    sandbox = ScriptedSandbox(lambda command: Execution(exit_code=1, stderr="no python"))
    with pytest.raises(SandboxError, match="no python"):
        judge([Case(code="", tests="")] * 3, sandbox)
