import pytest

from swfactory.sandbox.local import LocalSandbox
from swfactory.sandbox.probes import run_probes
from swfactory.testing.contracts_sandbox import ProgramContract


@pytest.fixture(scope="module")
def local(cache):
    return LocalSandbox(cache)


class TestLocalSandbox(ProgramContract):
    @pytest.fixture
    def sandbox(self, local):
        return local


async def test_the_probes_see_that_it_contains_nothing(local):
    probes = await run_probes(local, ["network", "home"])
    assert [probe.held for probe in probes] == [False, False]


async def test_a_daemon_with_a_session_of_its_own_is_killed(local):
    (probe,) = await run_probes(local, ["daemon"])
    assert probe.held, probe.detail
