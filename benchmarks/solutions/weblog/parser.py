"""Parse lines of a web server log."""

import re
from datetime import datetime

LINE = re.compile(r'(\S+) \[([^\]]+)\] "(\S+) ([^"]+)" (\d+) (\d+)')


def parse_line(line: str) -> dict:
    match = LINE.fullmatch(line.strip())
    if not match:
        raise ValueError(f"cannot parse {line!r}")
    ip, time, method, path, status, size = match.groups()
    return {
        "ip": ip,
        "time": datetime.fromisoformat(time),
        "method": method,
        "path": path,
        "status": int(status),
        "bytes": int(size),
    }
