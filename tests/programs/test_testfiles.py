"""The test files that a product gets: run by real pytest on good, wrong and hostile products."""

import re
import types

import pytest

from swfactory.domain.execution import Command
from swfactory.domain.spec import ApiExample, CommandExample, Step
from swfactory.domain.suite import PlannedTest, Suite
from swfactory.graphs.junit import REPORTING, read_junit
from swfactory.programs.testfiles import render_suite, stub_product
from tests.graphs.conftest import GOOD, HALF, WRONG


def planned(number, example, title="It works"):
    return PlannedTest(name=f"test_c1_{number}", criterion="C1", title=title, example=example)


def command(*words, **expected):
    return CommandExample(steps=(Step(argv=("python", "main.py", *words), **expected),))


ADD = planned(1, command("add", "2", "3", stdout="5"))
MUL = planned(2, command("mul", "2", "3", stdout="6"), title='He said "mul"')
BAD = planned(3, command("add", "2", "x", exit_code=1, stderr_contains=("NUMBER",), stderr_nonempty=True))
API = planned(4, ApiExample(origin="quoted", code="from main import main\n\nassert main(['add', '1', '1']) == 0\n"))
RAISES = planned(
    5,
    ApiExample(
        code="import pytest\nfrom main import main\n\n\ndef test_any(tmp_path):\n    '''Doc.'''\n"
        "    with pytest.raises(TypeError):\n        main(tmp_path / 'x', 3)\n"
    ),
)
SUITE = Suite(tests=(ADD, MUL, BAD, API, RAISES))


@pytest.fixture
def judge(bubblewrap):
    async def run(product, suite=SUITE):
        files = {**product, **render_suite(suite)}
        done = await bubblewrap.run(
            Command(
                argv=(
                    "python",
                    "-m",
                    "pytest",
                    "-q",
                    *REPORTING,
                    "--junitxml=j.xml",
                    "-p",
                    "no:cacheprovider",
                    "tests",
                ),
                files=files,
                collect=("j.xml",),
            )
        )
        return {r.id.split("::")[1]: r for r in read_junit(done.files.get("j.xml", ""), suite)}

    return run


async def test_a_correct_product_passes(judge):
    assert {name: r.outcome for name, r in (await judge({"main.py": GOOD})).items()} == {
        f"test_c1_{n}": "passed" for n in range(1, 6)
    }


@pytest.mark.parametrize("stream", ["stdout", "stderr"])
async def test_what_must_be_said_may_be_said_on_either_stream(judge, stream):
    says = [planned(number, command(says=(said,))) for number, said in ((1, "so"), (2, "other"))]
    results = await judge({"main.py": f"import sys\nprint('so', file=sys.{stream})\n"}, Suite(tests=tuple(says)))
    assert results["test_c1_1"].outcome == "passed"
    assert results["test_c1_2"].message == "`python main.py` says 'so', which lacks 'other'"


async def test_a_wrong_product_fails_where_it_is_wrong_and_the_message_says_how(judge):
    results = await judge({"main.py": WRONG})
    assert {name for name, r in results.items() if r.outcome == "failed"} == {"test_c1_1", "test_c1_2", "test_c1_3"}
    assert results["test_c1_1"].message == "`python main.py add 2 3` printed '-1', expected '5'"
    assert results["test_c1_3"].message == (
        "`python main.py add 2 x` exited with status 4, expected 1; it said 'not a number'"
    )
    assert results["test_c1_1"].origin == "derived"
    assert results["test_c1_4"].origin == "quoted"


async def test_the_same_failure_has_the_same_message(judge):
    first, second = await judge({"main.py": HALF}), await judge({"main.py": HALF})
    assert first == second


async def test_a_traceback_is_a_failure_and_names_the_line(judge):
    smoke = Suite(tests=(planned(1, command("add", "2", "3", exit_code=None)),))
    source = "def work(x):\n    return x['key']\n\n\nwork({})\n"
    (result,) = (await judge({"main.py": source}, smoke)).values()
    assert result.outcome == "failed"
    assert "KeyError: 'key'" in result.message
    assert "main.py" in result.message
    assert "/box/" not in result.message


async def test_a_command_that_is_not_understood_is_a_failure(judge):
    smoke = Suite(tests=(planned(1, command("add", "2", exit_code=None)),))
    source = "import argparse\np = argparse.ArgumentParser()\np.add_argument('one')\np.parse_args()\n"
    (result,) = (await judge({"main.py": source}, smoke)).values()
    assert "was not understood" in result.message


async def test_bad_input_may_be_refused_but_may_not_crash(judge):
    smoke = Suite(tests=(planned(1, command("add", "2", exit_code=None, refusable=True)),))
    source = "import argparse\np = argparse.ArgumentParser()\np.add_argument('one')\np.parse_args()\n"
    (result,) = (await judge({"main.py": source}, smoke)).values()
    assert result.outcome == "passed", result.message
    (result,) = (await judge({"main.py": "print('usage: x')\n1 / 0\n"}, smoke)).values()
    assert result.outcome == "failed"


@pytest.mark.parametrize(("status", "outcome"), [(3, "passed"), (0, "failed")])
async def test_a_command_may_have_to_fail_with_any_status(judge, status, outcome):
    failing = Suite(tests=(planned(1, command("add", exit_code=None, fails=True, refusable=True)),))
    (result,) = (await judge({"main.py": f"import sys\nsys.exit({status})\n"}, failing)).values()
    assert result.outcome == outcome
    assert outcome == "passed" or result.message == "`python main.py add` exited with status 0, expected an error"


async def test_a_module_that_cannot_be_imported_fails_and_says_why(judge):
    results = await judge({"main.py": "raise RuntimeError('boom')\n"})
    assert results["test_c1_4"].outcome == "failed"
    assert "boom" in results["test_c1_4"].message


async def test_steps_share_a_folder_with_its_files(judge):
    example = CommandExample(
        files={"data/in.txt": "hé\n"},
        steps=(
            Step(argv=("python", "main.py", "data/in.txt"), stdout="hé"),
            Step(argv=("python", "main.py", "out.txt"), stdout_contains=("sav",)),
            Step(argv=("python", "main.py", "-"), stdin="你好\n", stdout="你好"),
        ),
    )
    source = (
        "import sys\nif sys.argv[1] == '-':\n    print(sys.stdin.read())\nelse:\n    print(open(sys.argv[1]).read())\n"
        "    open('out.txt', 'w').write('saved')\n"
    )
    (result,) = (await judge({"main.py": source}, Suite(tests=(planned(1, example),)))).values()
    assert result.outcome == "passed", result.message


async def test_a_product_that_does_nothing_passes_only_what_checks_nothing(judge):
    stub = stub_product({}, ["main.py", "kit.py"], "main.py")
    empty = planned(6, ApiExample(code="from kit import anything\n\nanything(1)\n"))
    smoke = planned(7, command("add", exit_code=None))
    results = await judge(stub, Suite(tests=(ADD, BAD, empty, smoke)))
    assert {name for name, r in results.items() if r.outcome == "passed"} == {"test_c1_6", "test_c1_7"}


async def test_a_product_that_ends_pytest_loses(judge):
    results = await judge({"main.py": "import os\nos._exit(0)\n"})
    assert {r.outcome for r in results.values()} <= {"error", "failed"}
    assert results["test_c1_4"].message == "the test did not run"


@pytest.mark.parametrize(
    "xml",
    ["", "no xml at all", "<testsuites>", "<a/>", "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>"],
)
def test_without_results_every_test_is_an_error(xml):
    results = read_junit(xml, SUITE)
    assert [r.id for r in results] == [t.id for t in SUITE.tests]
    assert {r.outcome for r in results} == {"error"}


def test_results_of_tests_that_were_not_planned_are_left_out():
    xml = '<testsuites><testsuite><testcase classname="tests.test_evil" name="test_c1_1"/></testsuite></testsuites>'
    assert {r.outcome for r in read_junit(xml, SUITE)} == {"error"}


def test_rendered_files_are_python_whatever_the_texts():
    nasty = '"""\\\n\'\'\' {x} %s \x00 ``` # "'
    example = CommandExample(
        files={"a.txt": nasty}, steps=(Step(argv=("python", "main.py", nasty), stdin=nasty, stdout=nasty),)
    )
    tree = render_suite(Suite(tests=(planned(1, example, title=nasty), planned(2, API.example, title=nasty + '"'))))
    assert set(tree) == {"tests/test_commands.py", "tests/test_interface.py", "tests/conftest.py"}
    for path, text in tree.items():
        compile(text, path, "exec")


def test_no_tests_no_files():
    assert render_suite(Suite()) == {}
    assert set(render_suite(Suite(tests=(ADD,)))) == {"tests/test_commands.py", "tests/conftest.py"}


async def test_a_test_that_the_product_fails_is_delivered_as_expected_to_fail(bubblewrap):
    async def status(product, unmet):
        done = await bubblewrap.run(
            Command(argv=("python", "-m", "pytest", "-q", "tests"), files={**product, **render_suite(SUITE, unmet)})
        )
        return done.exit_code

    failed = frozenset({MUL.id, API.id})
    product = {"main.py": HALF}
    seen = {r.id for r in await _results(bubblewrap, product) if r.outcome != "passed"}
    assert seen
    assert await status(product, frozenset()) == 1
    assert await status(product, frozenset(seen)) == 0
    assert await status({"main.py": GOOD}, failed) == 1, "a strict mark says so when the product passes after all"


async def _results(bubblewrap, product):
    argv = ("python", "-m", "pytest", "-q", "--junitxml=j.xml", "tests")
    done = await bubblewrap.run(Command(argv=argv, files={**product, **render_suite(SUITE)}, collect=("j.xml",)))
    return read_junit(done.files["j.xml"], SUITE)


async def test_a_missing_name_fails_its_own_test_only(judge):
    there = planned(1, ApiExample(code="from main import main\n\nmain(['add', '1', '1'])\n"))
    missing = planned(2, ApiExample(code="from main import nothing\n\nnothing()\n"))
    seen = await judge({"main.py": GOOD}, Suite(tests=(there, missing)))
    assert seen["test_c1_1"].outcome == "passed"
    assert seen["test_c1_2"].outcome == "failed"
    assert "cannot import name 'nothing'" in seen["test_c1_2"].message


ROUND = """\
from kit import back, there

try:
    made = there('ab')
except ValueError:
    pass
else:
    assert back(made) == 'ab'
"""


@pytest.mark.parametrize(
    ("back", "message"),
    [
        ("return 'b'", "`assert back(made) == 'ab'` with made = 'a1b1': AssertionError: assert 'b' == 'ab'"),
        ("return int(text)", "`assert back(made) == 'ab'` with made = 'a1b1': ValueError: invalid literal for int()"),
    ],
    ids=["wrong", "crash"],
)
async def test_a_failing_call_is_shown_with_what_it_was_given(judge, back, message):
    source = f"def there(text):\n    return 'a1b1'\n\n\ndef back(text):\n    {back}\n"
    suite = Suite(tests=(planned(1, ApiExample(code=ROUND)),))
    (result,) = (await judge({"kit.py": source, "main.py": ""}, suite)).values()
    assert result.message.startswith(message)
    assert ("(raised at kit.py line 6)" in result.message) == ("int" in back)


async def test_a_call_that_should_have_raised_is_shown(judge):
    code = "import pytest\nfrom kit import there\n\nwith pytest.raises(ValueError):\n    there('a1')\n"
    suite = Suite(tests=(planned(1, ApiExample(code=code)),))
    (result,) = (await judge({"kit.py": "def there(text):\n    return text\n", "main.py": ""}, suite)).values()
    assert result.message == "it should be that `there('a1')` raises ValueError, but nothing was raised"


def test_lines_that_are_listed_are_the_whole_output() -> None:
    step = Step(argv=("python", "main.py"), lines_like="lines: N\nwords: N")
    suite = Suite(
        tests=(PlannedTest(name="test_c1_1", criterion="C1", title="x", example=CommandExample(steps=(step,))),)
    )
    source = "".join(text for path, text in render_suite(suite).items() if "commands" in path)
    namespace: dict[str, object] = {"__file__": "tests/x.py"}
    exec(source.partition("def test_c1_1")[0], namespace)
    expect = namespace["expect"]
    pattern = re.search(r"like=\((.*)\)\)", source)
    assert pattern is not None
    like = eval(f"({pattern[1]})")
    done = types.SimpleNamespace(shown="main", stdout="lines: 1\nwords: 2\n", stderr="", returncode=0)
    expect(done, like=like)
    done.stdout = "words: 2\nlines: 1\n"
    with pytest.raises(AssertionError, match="which is not like"):
        expect(done, like=like)
