"""Runs commands beside a product and notes what they print: the part of an agreement that executes in the sandbox.

It is shipped as text, stands alone and needs nothing but the standard library. ``probes.json`` maps a name to the files
of a fresh folder and the commands run there in order, each with its standard input; ``observations.json`` gets what
each command printed, null where it failed.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

__all__ = ["main"]

SECONDS = 5


def observe(argv: list[str], stdin: str, folder: Path, root: Path) -> str | None:
    """Run one command (``python -c CODE`` or ``python PROGRAM ...``) and return its output; None when it failed."""
    words = argv[1:] if argv[1] == "-c" else [str(root / argv[1]), *argv[2:]]
    try:
        done = subprocess.run(
            [sys.executable, "-X", "utf8", *words],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": str(root)},
            input=stdin,
            capture_output=True,
            encoding="utf-8",
            errors="replace",
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return None if done.returncode else done.stdout


def main() -> None:
    """Run every probe."""
    root = Path.cwd()
    seen: dict[str, list[str | None]] = {}
    for name, probe in json.loads((root / "probes.json").read_text(encoding="utf-8")).items():
        with tempfile.TemporaryDirectory() as folder:
            for path, text in probe["files"].items():
                target = Path(folder) / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(text, encoding="utf-8")
            seen[name] = [observe(argv, stdin, Path(folder), root) for argv, stdin in probe["commands"]]
    (root / "observations.json").write_text(json.dumps(seen), encoding="utf-8")


if __name__ == "__main__":
    main()
