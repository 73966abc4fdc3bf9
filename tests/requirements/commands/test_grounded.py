"""Commands that must succeed."""

import pytest

from swfactory.domain.spec import CommandExample, Step
from swfactory.requirements.commands.grounded import grounded

TEXT = "`python q.py FILE QUERY` takes queries like `books[0].title` or `books[*].title`; `--raw` and `list` are known."
DATA = {"d.json": '{"books": [{"title": "A"}]}'}


def example(*words: str, files=DATA) -> CommandExample:
    return CommandExample(files=files, steps=(Step(argv=("python", "q.py", *words), exit_code=None),))


@pytest.mark.parametrize("query", ["books[0].title", "books[*].title"])
def test_a_query_of_the_requirement_works_on_data_that_has_its_names(query) -> None:
    made = grounded(example("d.json", query), TEXT)
    assert (made.origin, made.steps[0].exit_code) == ("stated", 0)


@pytest.mark.parametrize(
    "given",
    [
        example("d.json", "books[9].title"),
        example("d.json", "--raw"),
        example("d.json", "list"),
        example("d.json", "books[0].title", files={"d.json": '[{"title": "A"}]'}),
        example("d.json", "books[0].title", files={}),
    ],
)
def test_of_anything_else_nothing_is_known(given) -> None:
    assert grounded(given, TEXT) == given
