"""Undo and redo."""

from contextlib import contextmanager

__all__ = ["History", "HistoryError"]


class HistoryError(IndexError):
    """A step that is not possible."""


class History:
    """A current state, with the states before it and those that can be redone."""

    def __init__(self, state, limit=None):
        if limit is not None and limit < 1:
            raise ValueError(f"the limit must be at least 1, not {limit}")
        self._limit = limit
        self._states = [state]
        self._labels = [""]  # _labels[i] belongs to the step that led to _states[i]
        self._now = 0
        self._groups = 0
        self._draft = None  # the state inside a group

    @property
    def state(self):
        return self._draft if self._groups else self._states[self._now]

    @property
    def undoable(self):
        return self._now

    @property
    def redoable(self):
        return len(self._states) - 1 - self._now

    def labels(self):
        """Labels of the steps that can be undone, the newest first."""
        return self._labels[self._now : 0 : -1]

    def push(self, state, label=""):
        if state == self.state:
            return
        if self._groups:
            self._draft = state
            return
        self._states[self._now + 1 :] = [state]
        self._labels[self._now + 1 :] = [label]
        self._now += 1
        if self._limit is not None and self._now > self._limit:
            del self._states[0], self._labels[0]
            self._now -= 1

    def undo(self, steps=1):
        return self._move(steps, -1, self.undoable)

    def redo(self, steps=1):
        return self._move(steps, 1, self.redoable)

    def _move(self, steps, direction, possible):
        if steps < 1:
            raise ValueError(f"steps must be at least 1, not {steps}")
        if self._groups:
            raise HistoryError("not inside a group")
        if steps > possible:
            raise HistoryError(f"{steps} steps asked for, {possible} possible")
        self._now += direction * steps
        return self.state

    @contextmanager
    def group(self, label=""):
        """All that is pushed inside counts as one step, or as none when the block raises."""
        before = self.state
        self._draft = before
        self._groups += 1
        try:
            yield
        except BaseException:
            self._draft = before
            raise
        finally:
            self._groups -= 1
        if not self._groups:
            self.push(self._draft, label)

    def __iter__(self):
        return iter(list(self._states))

    def __len__(self):
        return len(self._states)
