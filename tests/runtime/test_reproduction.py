"""The options that a report names are those of the command, and none that changes the product is left out."""

from swfactory.cli.run import run as command
from swfactory.domain.run import Run
from swfactory.runtime.reproduction import reproduction
from tests.runtime.conftest import wish

STARTED = {"collections": "default", "collections_asked": False, "experience": True, "allow_install": False}


def typed(**fields) -> tuple[str, ...]:
    options = {**STARTED, **fields.pop("options", {})}
    return reproduction(Run(id="r", requirement=wish(), model="m", options=options, **fields))


def test_a_plain_run_needs_none():
    assert typed() == ()


def test_everything_that_changes_the_product_is_named():
    words = typed(
        graph="/there/graph.py:build",
        options={
            "model.reviewer": "llama:b",
            "model.architect": "llama:a",
            "collections": "ours,theirs",
            "collections_asked": True,
            "experience": False,
            "allow_install": True,
        },
    )
    assert words == (
        *("--role-model", "architect=llama:a", "--role-model", "reviewer=llama:b"),
        *("--graph", "/there/graph.py:build", "--collection", "ours", "--collection", "theirs"),
        *("--no-experience", "--allow-install"),
    )
    assert {word for word in words if word.startswith("--")} <= {name for made in command.params for name in made.opts}


def test_what_looked_nothing_up_says_so():
    assert typed(options={"collections": ""}) == ("--no-context",)


def test_the_licence_is_named():
    licensed = wish().model_copy(update={"license": "MIT"})
    assert reproduction(Run(id="r", requirement=licensed, model="m", options=STARTED)) == ("--license", "MIT")
