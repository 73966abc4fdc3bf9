"""The differences between two JSON values."""


def compare(old, new, ignore=()):
    return list(_compare(old, new, "", set(ignore)))


def _compare(old, new, path, ignore):
    if path in ignore:
        return
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from _part(old, new, key, key in old, key in new, f"{path}.{key}" if path else key, ignore)
    elif isinstance(old, list) and isinstance(new, list):
        for place in range(max(len(old), len(new))):
            yield from _part(old, new, place, place < len(old), place < len(new), f"{path}[{place}]", ignore)
    elif isinstance(old, bool) != isinstance(new, bool) or old != new:
        yield ("~", path, old, new)


def _part(old, new, key, in_old, in_new, path, ignore):
    if in_old and in_new:
        yield from _compare(old[key], new[key], path, ignore)
    elif path not in ignore:
        yield ("-", path, old[key], None) if in_old else ("+", path, None, new[key])
