"""A program on a pseudo-terminal."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import termios
import time
from pathlib import Path

_ESCAPE = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07]*\x07|\x1b[()][A-Z0-9]")


class Terminal:
    """Starts a program on a terminal of 100 columns by 30 rows."""

    def __init__(self, argv: list[str], *, env: dict[str, str], cwd: Path) -> None:
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        env = {key: value for key, value in env.items() if key not in ("COLUMNS", "LINES", "NO_COLOR")}
        self.process = subprocess.Popen(
            argv,
            env=env,
            cwd=cwd,
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(slave)
        self.raw = ""

    @property
    def text(self) -> str:
        """All that was shown so far, without the codes that move and colour."""
        return _ESCAPE.sub("", self.raw).replace("\r", "")

    def read(self, seconds: float) -> bool:
        """Take in what is shown within some seconds; return whether there may be more."""
        if not select.select([self._master], [], [], seconds)[0]:
            return True
        try:
            data = os.read(self._master, 65536)
        except OSError:
            return False
        self.raw += data.decode("utf-8", errors="replace")
        return bool(data)

    def wait_for(self, text: str, seconds: float = 30) -> None:
        """Read until the text was shown."""
        end = time.monotonic() + seconds
        while text not in self.text:
            assert time.monotonic() < end, f"{text!r} was not shown:\n{self.text}"
            assert self.read(0.2), f"the program ended without showing {text!r}:\n{self.text}"

    def type(self, text: str) -> None:
        """Type."""
        os.write(self._master, text.encode())

    def interrupt(self, seconds: float = 30) -> None:
        """Press Ctrl-C at a question as a person does: once more if nothing happens within three seconds.

        Python loses a signal that comes after a question was shown and before its answer is read.
        """
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.type("\x03")
            pause = time.monotonic() + 3
            while time.monotonic() < pause:
                if not self.read(0.2):
                    return

    def end(self, seconds: float = 30) -> int:
        """Read until the program ends; return its exit status."""
        end = time.monotonic() + seconds
        while self.read(0.2):
            assert time.monotonic() < end, f"the program did not end:\n{self.text}"
        return self.process.wait(timeout=seconds)

    def close(self) -> None:
        """End the program if it still runs."""
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self._master)
