import subprocess
import sys
from contextlib import nullcontext

import pytest

from swfactory.domain.execution import Command, Execution
from swfactory.testing.contracts_sandbox import ProgramContract, SandboxContract
from swfactory.testing.sandbox import ScriptedSandbox


class TestFunction(SandboxContract):
    @pytest.fixture
    def sandbox(self):
        return ScriptedSandbox(lambda command: Execution(exit_code=0, files=command.files))


class TestScript(SandboxContract):
    @pytest.fixture
    def sandbox(self):
        return ScriptedSandbox([Execution(exit_code=0, files={"a.txt": "a"})])


@pytest.mark.parametrize("spoilt", [False, True])
async def test_the_contract_notices_input_that_is_spoilt_in_its_middle(spoilt):
    def run(command: Command) -> Execution:
        text, middle = command.stdin, len(command.stdin) // 2
        if spoilt:
            text = f"{text[:middle]}?{text[middle + 1 :]}"
        done = subprocess.run([sys.executable, *command.argv[1:]], input=text.encode(), capture_output=True, check=True)
        return Execution(exit_code=0, stdout=done.stdout.decode())

    arrives = ProgramContract().test_stdin_arrives_whole_and_ends(ScriptedSandbox(run))
    with pytest.raises(AssertionError) if spoilt else nullcontext():
        await arrives


async def test_a_script_is_played_in_order_and_commands_are_kept():
    sandbox = ScriptedSandbox([Execution(exit_code=1), Execution(exit_code=2, files={"a": "x", "b": "y"})])
    first = await sandbox.run(Command(argv=("one",)))
    second = await sandbox.run(Command(argv=("two",), collect=("b", "c")))
    assert (first.exit_code, second.exit_code, second.files) == (1, 2, {"b": "y"})
    assert [command.argv for command in sandbox.commands] == [("one",), ("two",)]
    sandbox.assert_finished()


async def test_a_command_after_the_script_fails():
    sandbox = ScriptedSandbox([])
    with pytest.raises(AssertionError, match="surprise"):
        await sandbox.run(Command(argv=("surprise",)))


async def test_a_script_that_is_not_finished_fails():
    sandbox = ScriptedSandbox([Execution(exit_code=0)])
    with pytest.raises(AssertionError, match="1 execution"):
        sandbox.assert_finished()
