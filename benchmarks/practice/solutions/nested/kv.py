"""A key-value store with nested transactions."""

from typing import Any


class Store:
    """Values by key; each transaction works on a copy."""

    def __init__(self) -> None:
        self._layers: list[dict[str, Any]] = [{}]

    def set(self, key: str, value: Any) -> None:
        """Store a value."""
        self._layers[-1][key] = value

    def get(self, key: str) -> Any:
        """Return the value, or None."""
        return self._layers[-1].get(key)

    def delete(self, key: str) -> None:
        """Remove the key."""
        del self._layers[-1][key]

    def begin(self) -> None:
        """Start a transaction."""
        self._layers.append(dict(self._layers[-1]))

    def commit(self) -> None:
        """Make the innermost transaction part of the outer one."""
        self._layers[-1] = self._end()

    def rollback(self) -> None:
        """Undo the innermost transaction."""
        self._end()

    def keys(self) -> list[str]:
        """Return the keys, sorted."""
        return sorted(self._layers[-1])

    def _end(self) -> dict[str, Any]:
        if len(self._layers) == 1:
            raise RuntimeError("no transaction")
        return self._layers.pop()
