"""One toolchain for all tests of the room, built where another user can read it."""

import pytest

from swfactory.sandbox.bubblewrap import BubblewrapSandbox


@pytest.fixture(scope="session")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="session")
def bubblewrap(cache):
    sandbox = BubblewrapSandbox(cache)
    sandbox.check()
    return sandbox
