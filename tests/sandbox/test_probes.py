import pytest

from swfactory.domain.execution import Execution
from swfactory.sandbox.probes import PROBES, run_probes
from swfactory.testing.sandbox import ScriptedSandbox


@pytest.mark.parametrize("name", PROBES)
async def test_bubblewrap_holds(bubblewrap, name):
    (probe,) = await run_probes(bubblewrap, [name])
    assert probe.held, probe
    assert probe.detail


@pytest.mark.parametrize("name", PROBES)
async def test_a_sandbox_that_says_the_attack_succeeded_is_not_trusted(name):
    sandbox = ScriptedSandbox(lambda command: Execution(exit_code=1, stdout="done it"))
    (probe,) = await run_probes(sandbox, [name])
    assert not probe.held
