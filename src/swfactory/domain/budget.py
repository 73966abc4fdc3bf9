"""What a run may spend, and what it has spent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from swfactory.domain.value import Value

if TYPE_CHECKING:
    from swfactory.config import Settings

__all__ = ["Budget", "Usage"]


class Usage(Value):
    """What model calls cost; adds up.

    Args:
        calls: number of calls.
        prompt_tokens: tokens read, cached ones included.
        cached_tokens: prompt tokens served from the prefix cache.
        completion_tokens: tokens generated.
        seconds: wall-clock time in the model; calls that run side by side share it.
    """

    calls: int = Field(default=0, ge=0)
    prompt_tokens: int = Field(default=0, ge=0)
    cached_tokens: int = Field(default=0, ge=0)
    completion_tokens: int = Field(default=0, ge=0)
    seconds: float = Field(default=0.0, ge=0)

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            calls=self.calls + other.calls,
            prompt_tokens=self.prompt_tokens + other.prompt_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            completion_tokens=self.completion_tokens + other.completion_tokens,
            seconds=self.seconds + other.seconds,
        )


class Budget(Value):
    """Bounds of a run; None for unbounded.

    Args:
        max_tokens: generated tokens.
        max_seconds: wall-clock seconds of work, pauses at gates not counted.
        max_rounds: repair rounds.
    """

    max_tokens: int | None = Field(default=12_000, gt=0)
    max_seconds: float | None = Field(default=None, gt=0)
    max_rounds: int | None = Field(default=6, ge=0)

    @classmethod
    def of(cls, settings: Settings) -> Budget:
        """Return the bounds that the settings give a new run."""
        return cls(max_tokens=settings.max_tokens, max_seconds=settings.max_seconds, max_rounds=settings.max_rounds)

    @property
    def patience(self) -> int | None:
        """Repair rounds in a row without progress that end a run: half of its rounds, two at least."""
        return None if self.max_rounds is None else max(2, (self.max_rounds + 1) // 2)

    def spent(self, *, tokens: int, seconds: float) -> str | None:
        """Name the bound that is used up, or None.

        Args:
            tokens: tokens generated so far.
            seconds: seconds of work so far.
        """
        if self.max_tokens is not None and tokens >= self.max_tokens:
            return "tokens"
        if self.max_seconds is not None and seconds >= self.max_seconds:
            return "time"
        return None
