"""The seams of an evaluation: suites, what they are asked with, and what came of an item."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Literal, Protocol

from pydantic import Field

from swfactory.bench.results import Record
from swfactory.domain.budget import Usage
from swfactory.domain.call import Reply, Request
from swfactory.domain.value import Value
from swfactory.finetune.evaluation.subjects import Subject
from swfactory.ports import Sandbox

__all__ = ["Exam", "Item", "Measured", "Outcome", "Scale", "Suite", "Verdict", "folder_name"]

Scale = Literal["share", "perplexity"]
"""What a score is: a share of what passed, the higher the better, or a perplexity, the lower the better."""


class Item(Value):
    """One thing that is asked.

    Args:
        id: name that tells it from the others of its suite; usable as a folder name.
        content: all that the result depends on; its digest says whether a kept result still counts.
        text: what training data must not hold: the problem itself, without the words that every prompt shares.
        name: of the function it is about; empty for none.
        part: part of the suite that is also counted by itself; empty for none.
        group: what it has in common with other items, e.g. the function that both are faults of: such items are not
            independent. Empty for one that stands alone.
    """

    id: str = Field(min_length=1, pattern=r"^[\w.-]+$")
    content: str
    text: str = ""
    name: str = ""
    part: str = ""
    group: str = ""

    @property
    def digest(self) -> str:
        """SHA-256 of the content."""
        return hashlib.sha256(self.content.encode()).hexdigest()


class Verdict(Value):
    """What a reply is worth.

    Args:
        passed: whether it is right.
        why: why not; empty when it is.
        figures: further numbers, by name.
    """

    passed: bool
    why: str = ""
    figures: dict[str, float] = Field(default_factory=dict)


class Measured(Value):
    """What a model did with one item.

    Args:
        passed: a verdict a sample; empty for a suite that asks nothing.
        replies: what was said, a sample each.
        figures: further numbers, by name, summed over the samples.
        usage: what the calls cost.
        note: why samples failed; empty when none did.
    """

    passed: tuple[bool, ...] = ()
    replies: tuple[str, ...] = ()
    figures: dict[str, float] = Field(default_factory=dict)
    usage: Usage = Usage()
    note: str = ""


class Outcome(Record):
    """A result as it is kept.

    Args:
        passed: a verdict a sample.
        replies: what was said, a sample each.
        figures: further numbers, by name.
    """

    passed: tuple[bool, ...] = ()
    replies: tuple[str, ...] = ()
    figures: dict[str, float] = Field(default_factory=dict)


class Exam(Protocol):
    """Questions whose replies are judged one by one."""

    @property
    def name(self) -> str:
        """Name of the suite."""
        ...

    @property
    def meaning(self) -> str:
        """What its score means, in one line."""
        ...

    def items(self) -> Sequence[Item]:
        """What is asked, in an order that stays the same.

        Raises:
            InputError: the data cannot be used, or is not there.
        """
        ...

    def question(self, item: Item, form: str) -> Request:
        """Return the greedy question of an item, in one of the forms that the exam offers."""
        ...

    async def judge(self, item: Item, reply: Reply, sandbox: Sandbox) -> Verdict:
        """Judge a reply to an item; whatever it holds runs in the sandbox only."""
        ...


class Suite(Protocol):
    """Something that can be measured of a model, item by item."""

    @property
    def name(self) -> str:
        """Name of the suite, and of its folder of results."""
        ...

    @property
    def meaning(self) -> str:
        """What its score means, in one line."""
        ...

    @property
    def scale(self) -> Scale:
        """What its score is."""
        ...

    @property
    def documents(self) -> bool:
        """Whether each verdict of an item is one on a document of its own, and not on another sample."""
        ...

    def items(self) -> Sequence[Item]:
        """What is measured, in an order that stays the same.

        Raises:
            InputError: the data cannot be used, or is not there.
        """
        ...

    def check(self, subject: Subject) -> None:
        """Raise when a model cannot be measured, before anything is loaded.

        Raises:
            ConfigError: it is not of the kind that this suite needs.
            MissingExtraError: something is not installed.
        """
        ...

    def forms(self, *, adapted: bool) -> tuple[str, ...]:
        """Forms in which a model is measured; of several, the one with the best score counts."""
        ...

    async def measure(self, item: Item, subject: Subject, form: str, folder: Path) -> Measured:
        """Measure a model on one item.

        Args:
            item: one of the items.
            subject: the model.
            form: one of its forms.
            folder: where what else belongs to the result may be kept.

        Raises:
            FactoryError: something failed that would fail every item.
        """
        ...


def folder_name(text: str) -> str:
    """Return a name that can be one of a folder."""
    return re.sub(r"[^\w.-]", "-", text) or "-"
