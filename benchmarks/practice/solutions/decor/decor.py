"""Four decorators: retry, counted, checked and once."""

import functools
import inspect
import time

__all__ = ["checked", "counted", "once", "retry"]


def retry(times=3, on=Exception, delay=0, factor=1, sleep=time.sleep):
    """Call the function again when it raises ``on``, up to ``times`` calls in all."""
    if times < 1:
        raise ValueError(f"times must be at least 1, not {times}")
    if delay < 0:
        raise ValueError(f"the delay must not be negative: {delay}")

    def decorate(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            wait = delay
            for left in range(times - 1, -1, -1):
                try:
                    return function(*args, **kwargs)
                except on:
                    if not left:
                        raise
                if delay:
                    sleep(wait)
                    wait *= factor

        return wrapper

    return decorate


def counted(function):
    """Count the calls of the function in its attribute ``calls``."""

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        wrapper.calls += 1
        return function(*args, **kwargs)

    def reset():
        wrapper.calls = 0

    wrapper.calls = 0
    wrapper.reset = reset
    return wrapper


def checked(**rules):
    """Raise ValueError when the value of an argument does not meet its rule."""

    def decorate(function):
        signature = inspect.signature(function)
        for name in rules:
            if name not in signature.parameters:
                raise TypeError(f"{function.__name__} has no parameter {name!r}")

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            bound = signature.bind(*args, **kwargs)
            bound.apply_defaults()
            for name, accepts in rules.items():
                if not accepts(bound.arguments[name]):
                    raise ValueError(f"bad value for {name}: {bound.arguments[name]!r}")
            return function(*args, **kwargs)

        return wrapper

    return decorate


def once(function):
    """Run the function the first time only; later calls return its first result."""
    results = []

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        if not results:
            results.append(function(*args, **kwargs))
        return results[0]

    return wrapper
