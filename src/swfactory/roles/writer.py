"""The technical writer: the product's README, with examples that were seen to work."""

from __future__ import annotations

import re
import shlex

from swfactory.domain.call import Reply, Sampling
from swfactory.domain.design import Design
from swfactory.domain.requirement import Requirement
from swfactory.domain.spec import CommandExample, Spec
from swfactory.errors import ReplyError
from swfactory.roles.task import Task, ask

__all__ = ["ROLE", "compose_readme", "introduce"]

ROLE = "writer"

_WORDS = {
    "en": {
        "usage": "Usage",
        "seen": "These commands were run and printed what is shown.",
        "files": "Files",
        "tests": "Tests",
        "install": "It needs Python 3.11 or newer and nothing else.",
        "packages": "It needs Python 3.11 or newer. Install what it uses:",
        "status": "exit status",
    },
    "zh": {
        "usage": "用法",
        "seen": "以下命令均已运行，输出如所示。",
        "files": "文件",
        "tests": "测试",
        "install": "只需要 Python 3.11 或更新版本。",
        "packages": "需要 Python 3.11 或更新版本。安装依赖：",
        "status": "退出状态",
    },
}


def introduce(requirement: Requirement, *, seed: int = 0) -> Task[str]:
    """Ask for the introduction of README.md."""
    request = ask(ROLE, "readme", Sampling(seed=seed, max_tokens=140), requirement=requirement)

    def read(reply: Reply) -> str:
        text = reply.text.strip()
        if reply.finish == "length":
            text = text[: max(text.rfind(mark) for mark in ".。!！") + 1]
        lines = [line for line in text.splitlines() if not line.startswith(("#", "```"))]
        text = "\n".join(lines).strip()
        if len(text) < 20:
            raise ReplyError(f"the introduction says nothing: {text!r}")
        return text

    return Task(request, read, lambda: requirement.text)


def compose_readme(
    requirement: Requirement, spec: Spec, design: Design, introduction: str, shown: tuple[CommandExample, ...]
) -> str:
    """Lay out README.md around the introduction.

    Args:
        requirement: what was asked for.
        spec: its title heads the page.
        design: the files listed.
        introduction: the writer's text.
        shown: examples whose tests passed.
    """
    words = _WORDS[requirement.language]
    parts = [f"# {spec.title}", introduction, words["packages"] if design.packages else words["install"]]
    if design.packages:
        parts.append("```sh\npip install -r requirements.txt\n```")
    if lines := [line for example in shown for line in _session(example, words["status"])]:
        parts += [f"## {words['usage']}", words["seen"], "```console\n" + "\n".join(lines) + "\n```"]
    listing = "\n".join(f"- `{f.path}`" + (f": {f.purpose}" if f.purpose else "") for f in design.files)
    parts += [f"## {words['files']}", listing, f"## {words['tests']}", "```sh\npython -m pytest\n```"]
    return "\n\n".join(parts) + "\n"


def _session(example: CommandExample, status: str) -> list[str]:
    lines: list[str] = []
    for step in example.steps:
        lines.append(f"$ {_piped(step.stdin)}{shlex.join(step.argv)}")
        lines += (step.stdout or "").splitlines()
        if step.exit_code:
            lines.append(f"# {status} {step.exit_code}")
    return lines


def _piped(stdin: str) -> str:
    """What a shell does first to give a command its standard input."""
    if not stdin:
        return ""
    *lines, rest = stdin.split("\n")
    if len(lines) == 1 and not rest and not re.search(r"\\|^-[neE]", stdin):
        return f"echo {shlex.quote(lines[0])} | "
    escaped = stdin.replace("\\", r"\\").replace("%", "%%").replace("\n", r"\n")
    return f"printf {shlex.quote(escaped)} | "
