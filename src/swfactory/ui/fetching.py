"""A model that is fetched while the reader of the page watches."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator

from swfactory.config import Settings
from swfactory.domain.requirement import Language
from swfactory.errors import DownloadError, FactoryError
from swfactory.models.catalog import CATALOG, CatalogModel, find_model
from swfactory.models.download import Progress, pull
from swfactory.ui.desk import explain
from swfactory.ui.markup import note
from swfactory.ui.wording import say

__all__ = ["absent", "fetch", "is_here"]

_EVERY_SECONDS = 0.5


def is_here(model: CatalogModel, settings: Settings) -> bool:
    """Whether all files of a model are here."""
    return all((settings.model_files / file.file).is_file() for file in model.files)


def absent(settings: Settings) -> list[str]:
    """Return the names of the models that can be fetched and are not here."""
    return [model.name for model in CATALOG if not is_here(model, settings)]


def fetch(name: str, settings: Settings, language: Language) -> Iterator[str]:
    """Fetch a model and yield what is to be shown meanwhile, and how it ended.

    It is fetched in a thread of its own, which goes on when nobody looks any more.

    Args:
        name: of the catalogue.
        settings: where to.
        language: of the reader.
    """
    news: queue.SimpleQueue[Progress | FactoryError | None] = queue.SimpleQueue()

    def work() -> None:
        end: FactoryError | None = DownloadError(f"fetching {name!r} broke off", hint=f"swf models pull {name}")
        try:
            pull(find_model(name), settings, news.put)
            end = None
        except FactoryError as exc:
            end = exc
        finally:
            news.put(end)  # whatever happened: somebody waits for it

    threading.Thread(target=work, name=f"fetch {name}", daemon=True).start()
    yield note(say(language, "fetching", name=name, done=0, total="…", source="…"))
    shown = time.monotonic()
    while isinstance(item := news.get(), Progress):
        if time.monotonic() - shown >= _EVERY_SECONDS:
            shown = time.monotonic()
            facts = {"done": item.done // 1_000_000, "total": item.total // 1_000_000, "source": item.source}
            yield note(say(language, "fetching", name=name, **facts))
    yield note(say(language, "fetched", name=name), "good") if item is None else explain(language, item)
