"""Texts that people should look at when they change.

``UPDATE_SNAPSHOTS=1 python -m pytest tests/roles tests/graphs`` accepts what is new.
"""

import os
from pathlib import Path


def check(path: Path, text: str) -> None:
    """Compare a text with its snapshot."""
    if os.environ.get("UPDATE_SNAPSHOTS"):
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.is_file(), f"no snapshot {path.name}; UPDATE_SNAPSHOTS=1 writes it"
    assert text == path.read_text(encoding="utf-8"), f"{path.name} changed; UPDATE_SNAPSHOTS=1 accepts it"
