import pytest

from swfactory.programs.checks import check_sources, modules_of, public_names


def said(tree, packages=()):
    return [f"{f.path}:{f.line} {f.tool}: {f.message}" for f in check_sources(tree, packages)]


def test_good_sources_are_quiet():
    tree = {
        "lib/__init__.py": "",
        "lib/kit.py": "from __future__ import annotations\nfrom .base import Base\nclass Kit(Base): x = 1\n",
        "lib/base.py": "import os.path\nclass Base: ...\n",
        "main.py": "import json\nimport lib.kit\nfrom lib import kit, base\n"
        "from lib.kit import Kit\nprint(Kit, kit, base, json, lib)\n",
        "notes.txt": "def f(:",
    }
    assert said(tree) == []


def test_a_syntax_error_is_told_with_its_line():
    (found,) = check_sources({"main.py": "x = 1\ndef f(:\n"})
    assert (found.tool, found.line, found.blocking) == ("compile", 2, True)
    assert "`def f(:`" in found.message


@pytest.mark.parametrize("source", ["-" * 100_000 + "1", "x\x00", "a" + ".b" * 50_000], ids=["minus", "null", "dots"])
def test_source_that_python_cannot_even_parse(source):
    assert [f.tool for f in check_sources({"main.py": source})] == ["compile"]
    assert public_names(source) == frozenset()


def test_source_that_is_too_deep_for_pyflakes_is_judged_by_its_tests():
    assert said({"main.py": "x = 1" + "+1" * 900}) == []


@pytest.mark.parametrize(
    "body", ["pass", '"""Doc."""', "...", "raise NotImplementedError", 'raise NotImplementedError("x")']
)
def test_placeholders_are_told(body):
    assert said({"a.py": f"def f():\n    {body}\n"}) == [
        "a.py:1 placeholder: function f is a placeholder; write its body"
    ]
    assert len(said({"a.py": f"class A:\n    async def f(self):\n        {body}\n"})) == 1


@pytest.mark.parametrize(
    "source",
    [
        "class A:\n    def __init__(self):\n        pass\n",
        "import abc\nclass A(abc.ABC):\n    @abc.abstractmethod\n    def f(self): ...\n",
        "class E(Exception):\n    pass\n",
        "def f():\n    return None\n",
    ],
)
def test_what_is_meant_to_be_empty_is_no_placeholder(source):
    assert said({"a.py": source}) == []


def test_an_import_of_nothing_is_told():
    assert said({"a.py": "import requests\nfrom nowhere import x\nprint(requests, x)\n"}) == [
        "a.py:1 import: module 'requests' is neither in the standard library nor a file of this project",
        "a.py:2 import: module 'nowhere' is neither in the standard library nor a file of this project",
    ]
    assert said({"a.py": "import requests\nprint(requests)\n"}, packages=["requests"]) == []


def test_a_name_that_a_sibling_lacks_is_told_with_what_it_offers():
    tree = {"kit.py": "def encode(): return 1\nLIMIT: int = 3\n", "main.py": "from kit import decode\nprint(decode)\n"}
    assert said(tree) == ["main.py:1 import: kit.py has no decode; it offers LIMIT, encode"]


def test_relative_imports_are_resolved():
    tree = {"lib/__init__.py": "", "lib/a.py": "from . import b\nfrom .gone import x\nprint(b, x)\n", "lib/b.py": ""}
    assert said(tree) == [
        "lib/a.py:2 import: module 'lib.gone' is neither in the standard library nor a file of this project"
    ]


def test_undefined_names_are_told():
    assert said({"a.py": "def f():\n    return missing + 1\n"}) == ["a.py:2 lint: name 'missing' is not defined"]


def test_module_names():
    assert modules_of(["main.py", "lib/__init__.py", "lib/kit.py", "README.md"]) == {
        "main": "main.py",
        "lib": "lib/__init__.py",
        "lib.kit": "lib/kit.py",
    }


def test_public_names_are_those_bound_at_the_top():
    source = (
        "import os.path as p, sys\nfrom a import b as c\nX = Y = 1\nZ: int = 2\n(u, v) = 1, 2\n"
        "def f():\n    inner = 1\nclass K:\n    attr = 1\n"
        "try:\n    T = 1\nexcept ImportError:\n    pass\nif X:\n    def g(): ...\n"
    )
    assert public_names(source) == {"p", "sys", "c", "X", "Y", "Z", "u", "v", "f", "K", "T", "g"}
