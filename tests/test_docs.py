"""What the documents say to type exists, copies of the code are fresh, links lead somewhere."""

from __future__ import annotations

import importlib.util
import re
import shlex
import subprocess
from pathlib import Path

import click
import pytest

from swfactory.cli import swf
from swfactory.cli.status import ExitStatus
from swfactory.config import Settings

ROOT = Path(__file__).parents[1]
READMES = ("README.md", "README.zh-CN.md")
PAGES = (
    *READMES,
    "CONTRIBUTING.md",
    "benchmarks/README.md",
    "docs/data.md",
    "docs/graphs.md",
    "docs/library.md",
    "docs/server.md",
    "docs/settings.md",
    "finetune/README.md",
    "notebooks/README.md",
)
OPERATORS = {"|", "&&", ";", ">", "||", "&"}


def read(page: str) -> str:
    return (ROOT / page).read_text(encoding="utf-8")


def generator():
    spec = importlib.util.spec_from_file_location("docs_generate", ROOT / "docs" / "generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def commands(page: str) -> list[list[str]]:
    """Every command in the fences of a page, a pipe or list taken apart, its redirections left out."""
    found: list[list[str]] = []
    fences = re.findall(r"^```(\w*)\n(.*?)^```$", read(page), re.MULTILINE | re.DOTALL)
    for language, fence in fences:
        for line in fence.replace("\\\n", " ").splitlines() if language in ("", "sh") else ():
            lexer = shlex.shlex(re.sub(r"(^|\s)#\s.*$", "", line), posix=True, punctuation_chars=";|&>")
            lexer.whitespace_split, lexer.commenters = True, ""
            words: list[str] = []
            redirected = False
            for word in [*lexer, ";"]:
                if word == ">":
                    redirected = True
                elif word in OPERATORS:
                    found += [words] if words else []
                    words = []
                elif redirected:
                    redirected = False
                else:
                    words.append(word)
    return found


def parse(words: list[str]) -> click.Context:
    """Read a command line of swf as swf itself does, its values too, without doing anything."""
    command: click.Command = swf
    context = click.Context(swf, info_name="swf")
    rest = words[1:]
    while isinstance(command, click.Group):
        name, command, rest = command.resolve_command(context, rest)
        assert command is not None
        if not isinstance(command, click.Group):
            return command.make_context(name, rest, parent=context)
        context = click.Context(command, info_name=name, parent=context)
    raise AssertionError(words)


def cases() -> list[pytest.param]:
    return [
        pytest.param(words, id=f"{page}: {' '.join(words)[:60]}")
        for page in PAGES
        for words in commands(page)
        if words[0] == "swf"
    ]


@pytest.mark.parametrize("words", cases())
def test_a_command_line_of_the_documents_is_one_that_swf_reads(words: list[str]) -> None:
    parse(words)


@pytest.mark.parametrize(
    "line", ["swf run x --max-token 5", "swf rnu x", "swf models fetch", "swf run --sandbox none x", "swf diff"]
)
def test_a_wrong_command_line_would_be_found(line: str) -> None:
    with pytest.raises(click.UsageError):
        parse(shlex.split(line))


def test_the_first_commands_are_make_run_and_make_test() -> None:
    for page in READMES:
        first, second = commands(page)[:2]
        assert first[:2] == ["make", "run"]
        assert first[2].startswith("REQUIREMENT=")
        assert second == ["make", "test"]


@pytest.mark.parametrize("page", PAGES)
def test_make_knows_the_targets_and_variables(page: str) -> None:
    makefile = read("Makefile")
    targets = set(re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)[1].split())
    variables = set(re.findall(r"\$[({]+(?:value )?(\w+)", makefile))
    for words in commands(page):
        if words[0] != "make":
            continue
        assert words[1] in targets
        for word in words[2:]:
            assert word.partition("=")[0] in variables


def test_every_variable_that_is_read_is_described() -> None:
    sources = (path.read_text(encoding="utf-8") for path in (ROOT / "src").rglob("*.py"))
    names = {name for text in sources for name in re.findall(r'"(SWF_[A-Z_]*[A-Z])"', text)}
    assert "SWF_CONFIG" in names
    assert {name for name in names if f"`{name}" not in read("docs/settings.md")} == set()


def test_every_target_is_in_the_help() -> None:
    out = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for target in re.search(r"^\.PHONY: (.*)$", read("Makefile"), re.MULTILINE)[1].split():
        assert f"make {target} " in out


@pytest.mark.parametrize(
    "requirement",
    ['It\'s "quoted" `python main.py` $5 $HOME $(shell id) 50% #1 \\n', "two\nlines", "-", "做一个程序 $$"],
)
def test_make_hands_the_requirement_over_as_it_was_typed(requirement: str, tmp_path: Path) -> None:
    swf = tmp_path / "swf"
    swf.write_text('#!/bin/sh\n[ "$1" = models ] || printf "<%s>" "$@"\n', encoding="utf-8")
    swf.chmod(0o755)
    argv = ["make", "--silent", "--old-file=ready", "run", f"BIN={tmp_path}", "READY=ready", "ARGS=--seed 1"]
    out = subprocess.run([*argv, f"REQUIREMENT={requirement}"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert out.stdout == f"<run><--seed><1><--><{requirement}>"


def shape(words: list[str]) -> list[str]:
    """A command without what is said in a language: a requirement, a comment at a gate."""
    said = [re.sub(r"^REQUIREMENT=[^@].*$", "REQUIREMENT=...", word, flags=re.DOTALL) for word in words]
    return [word if word.isascii() and " " not in word else "..." for word in said]


def test_both_readmes_type_the_same() -> None:
    english, chinese = ([shape(words) for words in commands(page)] for page in READMES)
    assert english == chinese


def test_both_readmes_have_the_same_parts() -> None:
    english, chinese = (re.findall(r"^(#+) ", read(page), re.MULTILINE) for page in READMES)
    assert english == chinese


@pytest.mark.parametrize("page", READMES)
def test_every_option_of_run_and_every_exit_status_is_in_the_readme(page: str) -> None:
    text = read(page)
    command = swf.get_command(click.Context(swf), "run")
    named = set(re.findall(r"^\| `(--[\w-]+)`", text, re.MULTILINE))
    assert named == {max(p.opts, key=len) for p in command.params if isinstance(p, click.Option)}
    assert [int(n) for n in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)] == list(ExitStatus)


@pytest.mark.parametrize("page", READMES)
def test_every_command_is_in_the_readme(page: str) -> None:
    typed = {words[1] for words in commands(page) if words[0] == "swf"}
    assert typed == set(swf.list_commands(click.Context(swf)))


def test_copies_of_the_code_are_fresh() -> None:
    made = generator()
    for page in made.PAGES:
        text = page.read_text(encoding="utf-8")
        assert made.rewrite(text) == text, f"{page.name} has drifted from the code: make fix"


def test_settings_in_the_documents_exist() -> None:
    known = {f"SWF_{name.upper()}" for name in Settings.model_fields}
    known |= {
        "SWF_CONFIG",
        "SWF_DEBUG",
        "SWF_EMBEDDING_KEY",
        "SWF_OPENAI_API_KEY",
        "SWF_NOTEBOOK_BASE",
        "SWF_NOTEBOOK_MODEL",
        "SWF_REQUIRE_BROWSER",
        "SWF_REQUIRE_MODEL",
    }
    for page in PAGES:
        assert set(re.findall(r"SWF_[A-Z_]+", read(page))) <= known


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    folder = (ROOT / page).parent
    for target in re.findall(r"\]\(([^)#\s]+)\)", read(page)):
        assert target.startswith("http") or (folder / target).exists(), target


def test_the_map_of_the_code_names_every_room() -> None:
    text = read("CONTRIBUTING.md")
    source = ROOT / "src" / "swfactory"
    rooms = {f"`{path.name}/`" for path in source.iterdir() if path.is_dir() and path.name != "__pycache__"}
    files = {f"`{path.name}`" for path in source.glob("*.py") if not path.name.startswith("_")}
    assert {name for name in rooms | files if name not in text} == set()


def test_the_lock_has_every_dependency_and_no_address() -> None:
    lock = read("constraints/locked.txt")
    assert "://" not in lock
    assert "--" not in lock
    locked = set(re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE))
    project = read("pyproject.toml")
    wanted = re.findall(r'^  "([A-Za-z0-9_.-]+)[>\[]', project.partition("[tool.")[0], re.MULTILINE)
    assert {name.lower() for name in wanted if name.lower() != "hatchling"} <= locked
    assert not [name for name in locked if name.startswith(("nvidia-", "cuda-", "triton"))]  # torch's build decides
