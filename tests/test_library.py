"""The examples of the library do what they say: those of its page, its docstrings and the README."""

import ast
import asyncio
import functools
import inspect
import re
from pathlib import Path

import pytest

import swfactory
from swfactory.config import Settings
from swfactory.runtime import topology
from swfactory.testing.chat import ScriptedChatModel
from tests.runtime.conftest import NoSandbox, answer

ROOT = Path(__file__).parents[1]


def fences(text: str) -> list[str]:
    return re.findall(r"^```python\n(.*?)^```$", inspect.cleandoc(text), re.MULTILINE | re.DOTALL)


def examples() -> list[pytest.param]:
    pages = ("docs/library.md", "README.md", "README.zh-CN.md")
    sources = {
        **{page: (ROOT / page).read_text(encoding="utf-8") for page in pages},
        "swfactory": swfactory.__doc__,
        "Factory": swfactory.Factory.__doc__,
        "AsyncFactory": swfactory.AsyncFactory.__doc__,
    }
    return [
        pytest.param(code, id=f"{name} {number}")
        for name, text in sources.items()
        for number, code in enumerate(fences(text))
    ]


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """The names of the package work on the toy graph with a scripted model."""
    parts = {
        "settings": Settings(data_dir=tmp_path / "data", model="scripted:toy"),
        "build_model": lambda url, settings: ScriptedChatModel(answer),
        "sandbox": NoSandbox(),
    }
    for name in ("Factory", "AsyncFactory"):
        monkeypatch.setattr(swfactory, name, functools.partial(getattr(swfactory, name), **parts))
    monkeypatch.setitem(topology.BUILT_IN, "delivery", "tests.runtime.toy")


@pytest.mark.parametrize("code", examples())
def test_an_example_runs(code, toy, capsys):
    scope: dict[str, object] = {"Factory": swfactory.Factory, "AsyncFactory": swfactory.AsyncFactory}
    compiled = compile(code, "example", "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    if compiled.co_flags & inspect.CO_COROUTINE:

        async def run():
            await eval(compiled, scope)

        asyncio.run(run())
    else:
        exec(compiled, scope)
    assert "print(" not in code or capsys.readouterr().out.strip()
