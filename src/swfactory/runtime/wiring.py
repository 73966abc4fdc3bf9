"""What the nodes of a run may touch: models, sandbox and stores, built from its settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from swfactory.config import Settings
from swfactory.domain.run import Event, Run
from swfactory.ports import Installed, Libraries, Retriever, Sandbox
from swfactory.runtime.bundle import write_calls
from swfactory.runtime.layout import RunFolder
from swfactory.runtime.reproduction import reproduction
from swfactory.runtime.retrieval import RecordedRetriever, Shelves, collections_of
from swfactory.workspace.git import GitWorkspace
from swfactory.workspace.objects import FileObjectStore

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

    from swfactory.graphs.context import FactoryContext, Installer

__all__ = ["ModelBuilder", "Wiring", "open_workspace"]

ModelBuilder = Callable[[str, Settings], "BaseChatModel"]
"""Makes the chat model of a model URL."""


def open_workspace(folder: RunFolder, run: Run) -> GitWorkspace:
    """Open the workspace of a run; forks and replays date their commits as the first run of the line does."""
    epoch = run.options.get("epoch")
    return GitWorkspace(folder.workspace, epoch=epoch if isinstance(epoch, int | float) else 0)


class Wiring:
    """Builds the context of runs.

    Args:
        settings: the merged settings.
        data_dir: absolute path of the data folder.
        events: returns the events of a run, for replays.
        build_model: makes chat models; None for those of ``swfactory.models``.
        sandbox: runs generated code; None for the one that the settings name.
    """

    def __init__(
        self,
        settings: Settings,
        data_dir: Path,
        events: Callable[[str], list[Event]],
        *,
        build_model: ModelBuilder | None,
        sandbox: Sandbox | None,
    ) -> None:
        self._settings = settings
        self._data_dir = data_dir
        self._events = events
        self._build_model = build_model
        self._sandbox = sandbox
        self._shelves = Shelves(settings, data_dir / "packages")

    def close(self) -> None:
        """Close what runs have opened."""
        self._shelves.close()

    def context(self, run: Run) -> FactoryContext:
        """Build what the nodes of a run may touch; loads models, so it belongs in a thread."""
        from swfactory.graphs.context import FactoryContext

        settings = self._run_settings(run)
        folder = RunFolder.of(self._data_dir, run.id)
        urls = {"*": run.model, **settings.role_models}
        digest = str(run.options.get("model_digest") or "")
        if origin := run.options.get("replays"):
            calls = folder.calls
            if not calls.exists():
                recorded = FileObjectStore(RunFolder.of(self._data_dir, str(origin)).objects)
                write_calls(self._events(str(origin)), recorded, calls)
            urls = {"*": f"replay:{calls}"}
        elif not digest and self._build_model is None:
            from swfactory.models import model_digest

            digest = model_digest(run.model, settings)
        built = self._models(tuple(dict.fromkeys(urls.values())), settings)
        retriever, libraries = self._lookups(run)
        sandbox = self._sandbox
        if sandbox is None:
            from swfactory.sandbox import create_sandbox

            sandbox = create_sandbox(settings)
        return FactoryContext(
            requirement=run.requirement,
            models={role: built[url] for role, url in urls.items()},
            sandbox=sandbox,
            workspace=open_workspace(folder, run),
            objects=FileObjectStore(folder.objects),
            budget=run.budget,
            gates=frozenset(run.gates),
            seed=run.seed,
            model_url=run.model,
            model_digest=digest,
            options=reproduction(run),
            retriever=retriever,
            libraries=libraries,
            install=_installer(self._data_dir / "packages") if settings.allow_install else None,
        )

    def _models(self, urls: Sequence[str], settings: Settings) -> dict[str, BaseChatModel]:
        """The chat model of each URL; those that differ in their adapters only share one in memory."""
        if (build := self._build_model) is not None:
            return {url: build(url, settings) for url in urls}
        from swfactory.models import create_chat_models

        return create_chat_models(urls, settings)

    def _lookups(self, run: Run) -> tuple[Retriever | None, Libraries | None]:
        """What the run looks things up in, and the user's libraries among it; a replay finds what its origin found."""
        names = collections_of(run)
        experience = bool(run.options.get("experience"))
        libraries = self._shelves.libraries(names) if names else None
        if origin := run.options.get("replays"):
            objects = FileObjectStore(RunFolder.of(self._data_dir, str(origin)).objects)
            recorded = RecordedRetriever(self._events(str(origin)), objects) if names or experience else None
            return recorded, libraries
        asked = bool(run.options.get("collections_asked"))
        return self._shelves.retriever(names, asked=asked, experience=experience), libraries

    def _run_settings(self, run: Run) -> Settings:
        """The settings that the run was started with, where they matter to its result."""
        roles = {key.removeprefix("model."): str(url) for key, url in run.options.items() if key.startswith("model.")}
        return self._settings.model_copy(
            update={
                "model": run.model,
                "role_models": roles,
                "sandbox": run.options.get("sandbox", self._settings.sandbox),
                "allow_install": bool(run.options.get("allow_install")),
                "seed": run.seed,
            }
        )


def _installer(root: Path) -> Installer:
    """Return what installs a product's packages below a folder and pins them."""
    from swfactory.sandbox.packages import importable, install_packages, pinned_requirements

    async def install(names: Sequence[str]) -> Installed:
        folder = await install_packages(names, root)
        return Installed(folder=folder, requirements=pinned_requirements(folder), modules=importable(folder))

    return install
