"""The fakes of swfactory.testing keep the contract of the real ones."""

import pytest

from swfactory.testing.contracts_workspace import ObjectStoreContract, WorkspaceContract
from swfactory.testing.workspace import MemoryObjectStore, MemoryWorkspace


class TestMemoryWorkspace(WorkspaceContract):
    @pytest.fixture
    def workspace(self) -> MemoryWorkspace:
        return MemoryWorkspace()

    def test_message(self, workspace):
        assert workspace.message(workspace.commit(None, {"a": "1"}, " Start\n")) == "Start"


class TestMemoryObjectStore(ObjectStoreContract):
    @pytest.fixture
    def objects(self) -> MemoryObjectStore:
        return MemoryObjectStore()
