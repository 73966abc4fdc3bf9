"""Roles of the factory: whether their replies can be used without asking again."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from swfactory.bench.tasks import load_tasks
from swfactory.domain.call import Reply, Request
from swfactory.domain.requirement import Requirement
from swfactory.domain.spec import Spec
from swfactory.errors import InputError, ReplyError, WorkspaceError
from swfactory.finetune.evaluation.suite import Item, Verdict, folder_name
from swfactory.ports import Sandbox
from swfactory.roles import architect, product_manager
from swfactory.roles.task import Task

__all__ = ["RolesExam"]

_PARTS = ("spec", "design")
_SUFFIXES = frozenset({".md", ".txt"})


class RolesExam:
    """The product manager's specification and the architect's design, asked as the factory asks for them.

    Args:
        data: a task file of ``swf bench``, a requirement in a ``.md`` or ``.txt`` file, or a folder of such.

    Raises:
        InputError: no requirement can be read there.
    """

    name = "roles"
    meaning = "share of specifications and designs that can be used as they come, without asking again"

    def __init__(self, data: Path) -> None:
        self._requirements = {
            f"{name}.{part}": requirement for name, requirement in _read(data).items() for part in _PARTS
        }

    def items(self) -> Sequence[Item]:
        """A specification and a design a requirement."""
        return tuple(
            Item(id=id, content=requirement.model_dump_json(), text=requirement.text, part=_part(id))
            for id, requirement in self._requirements.items()
        )

    def question(self, item: Item, form: str) -> Request:
        """Ask with the role's own prompt."""
        del form
        return self._task(item).request

    async def judge(self, item: Item, reply: Reply, sandbox: Sandbox) -> Verdict:
        """Read the reply as the factory does; of a specification, count the criteria that can be executed."""
        del sandbox
        try:
            product = self._task(item).read(reply)
        except (ReplyError, WorkspaceError) as exc:
            return Verdict(passed=False, why=exc.message)
        except (ValueError, KeyError, RecursionError, MemoryError) as exc:  # as the factory does: a reply too deep
            return Verdict(passed=False, why=f"the reply cannot be read: {exc}")
        if not isinstance(product, Spec):
            return Verdict(passed=True, figures={"files": len(product.files)})
        executable = sum(bool(criterion.examples) for criterion in product.criteria)
        return Verdict(passed=True, figures={"criteria": len(product.criteria), "executable criteria": executable})

    def _task(self, item: Item) -> Task[Any]:
        requirement = self._requirements[item.id]
        if _part(item.id) == "spec":
            return product_manager.write_spec(requirement)
        return architect.plan_files(requirement)


def _part(id: str) -> str:
    return id.rsplit(".", 1)[-1]


def _read(data: Path) -> dict[str, Requirement]:
    hint = "--data roles=benchmarks/tasks.yaml, or a folder of requirements in .md files"
    if data.suffix in {".yaml", ".yml"}:
        return {task.id: Requirement.parse(task.requirement) for task in load_tasks(data)}
    paths = sorted(path for path in data.iterdir() if path.suffix in _SUFFIXES) if data.is_dir() else [data]
    try:
        found = {folder_name(path.stem): path.read_text(encoding="utf-8") for path in paths}
    except (OSError, UnicodeDecodeError) as exc:
        raise InputError(f"requirements cannot be read from {str(data)!r}: {exc}", hint=hint) from exc
    if not any(text.strip() for text in found.values()):
        raise InputError(f"there is no requirement in {str(data)!r}", hint=hint)
    return {name: Requirement.parse(text) for name, text in found.items() if text.strip()}
