"""Lazy helpers for loops over any iterable."""

from collections import deque
from itertools import islice

__all__ = ["chunked", "flatten", "interleave", "unique", "windowed"]


def chunked(items, n):
    """Lists of ``n`` items each, the last one perhaps shorter."""
    _check(n)

    def chunks():
        source = iter(items)
        while chunk := list(islice(source, n)):
            yield chunk

    return chunks()


def windowed(items, n):
    """All runs of ``n`` neighbours, as tuples."""
    _check(n)

    def windows():
        window = deque(maxlen=n)
        for item in items:
            window.append(item)
            if len(window) == n:
                yield tuple(window)

    return windows()


def interleave(*iterables):
    """One item of each in turn, until all are used up."""
    sources = deque(iter(iterable) for iterable in iterables)
    while sources:
        source = sources.popleft()
        try:
            item = next(source)
        except StopIteration:
            continue
        yield item
        sources.append(source)


def flatten(items):
    """The items of lists and tuples at any depth."""
    stack = [iter(items)]
    while stack:
        for item in stack[-1]:
            if isinstance(item, (list, tuple)):
                stack.append(iter(item))
                break
            yield item
        else:
            stack.pop()


def unique(items, key=None):
    """Each item the first time that it, or its key, occurs."""
    seen, unhashable = set(), []
    for item in items:
        mark = item if key is None else key(item)
        try:
            known = mark in seen or mark in unhashable
            seen.add(mark)
        except TypeError:
            known = mark in unhashable or mark in list(seen)
            if not known:
                unhashable.append(mark)
        if not known:
            yield item


def _check(n):
    if n < 1:
        raise ValueError(f"n must be at least 1, not {n}")
