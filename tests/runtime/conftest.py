from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from swfactory.config import Settings
from swfactory.domain.requirement import Requirement
from swfactory.runtime import AsyncFactory
from swfactory.testing.chat import ScriptedChatModel

TOY = f"{Path(__file__).with_name('toy.py')}:build"


def answer(request) -> str:
    """A model without a memory: the same question has the same answer."""
    return f"{request.role} on {request.messages[-1].content}"


class NoSandbox:
    """The toy graph runs nothing."""

    name = "none"

    async def run(self, command):
        raise AssertionError(f"the toy graph ran {command.argv}")


class Makers:
    """Makes factories on one data folder and counts the models they build."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir
        self.urls: list[str] = []
        self.script: Callable = answer
        self.pause = 0.0
        self._open: list[AsyncFactory] = []

    def build(self, url: str, settings: Settings):
        self.urls.append(url)
        if url.startswith("replay:"):
            from swfactory.models import create_chat_model

            return create_chat_model(url, settings)
        return ScriptedChatModel(self.script, pause=self.pause)

    def factory(self, **settings) -> AsyncFactory:
        made = AsyncFactory(
            Settings(data_dir=self.data_dir, model="scripted:toy", **settings),
            build_model=self.build,
            sandbox=NoSandbox(),
        )
        self._open.append(made)
        return made

    def close(self) -> None:
        for factory in self._open:
            factory.close()


@pytest.fixture
def makers(tmp_path: Path) -> Iterator[Makers]:
    makers = Makers(tmp_path / "data")
    yield makers
    makers.close()


@pytest.fixture
def factory(makers: Makers) -> AsyncFactory:
    return makers.factory()


def files(folder: Path) -> dict[str, bytes]:
    """Every file of a delivered product, git's own left out."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(folder).parts
    }


def wish(number: int = 3) -> Requirement:
    return Requirement.parse(f"Write {number} files")
