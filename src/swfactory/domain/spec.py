"""What "done" means: numbered criteria and executable examples."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from swfactory.domain.value import Value

__all__ = ["FOLDER", "ApiExample", "CommandExample", "Criterion", "Example", "Origin", "Spec", "Step"]

Origin = Literal["quoted", "stated", "derived"]
"""``quoted``: word for word in the requirement, so it gates. ``stated``: made by machine from what a sentence states,
so no vote drops it. ``derived``: a reading of the requirement, which may be wrong."""


class Step(Value):
    """One command of a command example and what must be seen of it.

    Args:
        argv: the command, ``python`` standing for the interpreter.
        stdin: text piped in; empty for none.
        exit_code: the expected exit status; None when any will do, as long as the command is understood.
        lines_like: a line that every line of standard output must resemble when the status is 0; empty for none.
        fails: whether the exit status must be another than 0, where none is named.
        refusable: whether not to understand the command will do too.
        stdout: the whole expected standard output, compared stripped; None when not checked.
        stdout_contains: strings that must occur in standard output.
        stderr_contains: strings that must occur in standard error, in any case.
        says: strings that must occur in one of the two.
        stderr_nonempty: whether something must be said on standard error.
    """

    argv: tuple[str, ...] = Field(min_length=1)
    stdin: str = ""
    exit_code: int | None = 0
    stdout: str | None = None
    stdout_contains: tuple[str, ...] = ()
    stderr_contains: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    stderr_nonempty: bool = False
    lines_like: str = ""
    fails: bool = False
    refusable: bool = False

    @property
    def complains(self) -> bool:
        """Whether the command must fail, or say something beside standard output."""
        return bool(self.exit_code or self.fails or self.stderr_contains or self.says or self.stderr_nonempty)


class CommandExample(Value):
    """Commands run in order in an empty copy of the product with ``files`` laid beside it."""

    kind: Literal["command"] = "command"
    origin: Origin = "derived"
    files: dict[str, str] = Field(default_factory=dict)
    steps: tuple[Step, ...] = Field(min_length=1)


FOLDER = "tmp_path"
"""The name by which an example of an interface calls a folder of its own, as pytest does."""


class ApiExample(Value):
    """A Python snippet that holds when it ends without an exception.

    Args:
        code: statements, imports included; asserts carry the check. ``tmp_path`` is an empty folder.
    """

    kind: Literal["api"] = "api"
    origin: Origin = "derived"
    code: str = Field(min_length=1)


Example = Annotated[CommandExample | ApiExample, Field(discriminator="kind")]


class Criterion(Value):
    """One checkable statement about the product.

    Args:
        id: ``C1``, ``C2``, ... in the requirement's order.
        text: the statement.
        quote: the sentence of the requirement that it comes from; empty for one that a person added.
        examples: executable checks of it, best first.
    """

    id: str = Field(pattern=r"^C[1-9]\d*$")
    text: str = Field(min_length=1)
    quote: str = ""
    examples: tuple[Example, ...] = ()


class Spec(Value):
    """The product manager's document.

    Args:
        title: a short name of the product.
        summary: what it does, in a sentence.
        criteria: numbered, unique, at least one.
        packages: third-party distributions that the requirement asks for by name.
    """

    title: str = Field(min_length=1)
    summary: str = ""
    criteria: tuple[Criterion, ...] = Field(min_length=1)
    packages: tuple[str, ...] = ()

    def edited(self, before: Spec) -> Spec:
        """Return this specification as a person's edition of another: what only it says, quotes no sentence."""
        known = {criterion.text for criterion in before.criteria}
        criteria = (c if c.text in known else c.model_copy(update={"quote": ""}) for c in self.criteria)
        return self.model_copy(update={"criteria": tuple(criteria)})

    @property
    def added(self) -> tuple[str, ...]:
        """What a person has added to the requirement's own criteria."""
        return tuple(criterion.text for criterion in self.criteria if not criterion.quote)

    def criterion(self, identifier: str) -> Criterion | None:
        """Return the criterion of that id, or None."""
        return next((c for c in self.criteria if c.id == identifier), None)
