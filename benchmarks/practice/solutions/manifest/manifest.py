"""The files of a folder by their content."""

import hashlib
from fnmatch import fnmatchcase
from pathlib import Path


def scan(folder, exclude=()):
    root = Path(folder)
    if not root.is_dir():
        raise FileNotFoundError(f"there is no folder {folder}")
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(root.rglob("*"))
        if path.is_file() and not any(fnmatchcase(path.name, pattern) for pattern in exclude)
    }


def compare(old, new):
    lines = [(path, f"changed {path}") for path in old.keys() & new.keys() if old[path] != new[path]]
    added = sorted(new.keys() - old.keys())
    for path in sorted(old.keys() - new.keys()):
        target = next((other for other in added if new[other] == old[path]), None)
        if target is None:
            lines.append((path, f"removed {path}"))
        else:
            added.remove(target)
            lines.append((target, f"moved {path} -> {target}"))
    lines += [(path, f"added {path}") for path in added]
    return [line for _, line in sorted(lines)]
