"""Runs the checks of one task; the only part of the benchmark that executes inside the sandbox.

It is shipped as text, stands alone and needs nothing but the standard library. The plan (product, data files, checks)
comes on standard input, so that the product finds neither plan nor expected answers on disk. The verdicts go to
``report.json``, rewritten after every check: ``[null, "why not", ...]``, null for a check that holds.
"""

from __future__ import annotations

import base64
import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any

__all__ = ["main"]

KEPT_BYTES = 4_000_000


def lay_out(root: Path, product: dict[str, str], files: dict[str, str]) -> None:
    """Make ``root`` a fresh copy of the product (path to base64) with the task's data files in it."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir(parents=True)
    for path, content in product.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(base64.b64decode(content))
    for path, text in files.items():
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def _drain(stream: IO[bytes], kept: bytearray) -> None:
    while chunk := os.read(stream.fileno(), 65536):
        # an endless print must not eat the memory that the checks share
        kept += chunk[: max(0, KEPT_BYTES - len(kept))]


def _text(kept: bytearray) -> str:
    return bytes(kept).decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")


def execute(argv: list[str], root: Path, limit: float) -> tuple[int, str, str] | None:
    """Run a command in its own process group and return status, stdout and stderr; None when it did not end in time."""
    env = dict(os.environ, PYTHONDONTWRITEBYTECODE="1", PYTEST_DISABLE_PLUGIN_AUTOLOAD="1")
    env["PYTHONPATH"] = os.pathsep.join(part for part in (str(root), env.get("PYTHONPATH", "")) if part)
    env.setdefault("LANG", "C.UTF-8")
    process = subprocess.Popen(
        argv,
        cwd=root,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    out, err = bytearray(), bytearray()
    readers = [
        threading.Thread(target=_drain, args=pair, daemon=True)
        for pair in ((process.stdout, out), (process.stderr, err))
    ]
    for reader in readers:
        reader.start()
    deadline = time.monotonic() + limit
    late = False
    try:
        process.wait(timeout=limit)
        for reader in readers:
            reader.join(max(0.0, deadline - time.monotonic()))
            # a child left behind that still holds the pipe counts as not ended
            late = late or reader.is_alive()
    except subprocess.TimeoutExpired:
        late = True
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return None if late else (process.returncode, _text(out), _text(err))


def verdict(check: dict[str, Any], root: Path) -> str | None:
    """Run one check and return None when it holds, else why not."""
    argv = (
        [sys.executable, "-c", check["py"]]
        if check["py"] is not None
        else [sys.executable if word == "python" else word for word in check["run"]]
    )
    try:
        ended = execute(argv, root, check["seconds"])
    except OSError as exc:
        return f"cannot run {argv[0]!r}: {exc}"
    if ended is None:
        return f"no end within {check['seconds']:g} s"
    status, out, err = ended
    if check["py"] is None and "Traceback (most recent call last)" in err:
        return f"traceback: {err[-200:]}"
    if status != check["rc"]:
        return f"exit status {status}, expected {check['rc']}: {(err or out)[-200:]}"
    if check["exact"] is not None and out.strip() != check["exact"].strip():
        return f"stdout {out.strip()[:200]!r}, expected {check['exact']!r}"
    for text in check["out"]:
        if text.lower() not in out.lower():
            return f"{text!r} not in stdout {out[:200]!r}"
    for text in check["not_out"]:
        if text.lower() in out.lower():
            return f"{text!r} in stdout"
    for text in check["err"]:
        if text.lower() not in err.lower():
            return f"{text!r} not in stderr {err[:200]!r}"
    return None


def main() -> int:
    """Run the plan on standard input."""
    plan = json.loads(sys.stdin.buffer.read())
    here = Path.cwd()
    root = here / "project"
    report = here / "report.json"
    verdicts: list[str | None] = []
    lay_out(root, plan["product"], plan["files"])
    for check in plan["checks"]:
        if check["fresh"]:
            lay_out(root, plan["product"], plan["files"])
        verdicts.append(verdict(check, root))
        draft = report.with_suffix(".new")
        draft.write_text(json.dumps(verdicts), encoding="utf-8")
        draft.replace(report)
    return 0


if __name__ == "__main__":
    sys.exit(main())
