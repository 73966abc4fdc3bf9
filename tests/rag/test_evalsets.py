"""Questions whose answer is known."""

import pytest

from swfactory.errors import NotFoundError
from swfactory.rag.evalsets import load_sets


@pytest.fixture(scope="module")
def sets():
    return {given.name: given for given in load_sets()}


def test_there_are_questions_in_both_languages_over_code_and_documents(sets) -> None:
    assert set(sets) == {"docstrings", "english", "chinese", "topics", "chinese-prose", "chinese-readme"}
    assert sum(len(given.questions) for given in sets.values()) >= 200
    assert len(sets["english"].corpus) == len(sets["chinese"].corpus) == 300
    assert len(sets["docstrings"].corpus) > 2_500
    assert len(sets["chinese-prose"].questions) == len(sets["chinese-readme"].questions) == 40
    assert len(sets["chinese-readme"].corpus) > 60


@pytest.mark.parametrize("name", ["docstrings", "english", "chinese", "topics", "chinese-prose", "chinese-readme"])
def test_every_answer_is_in_its_corpus_and_no_question_comes_twice(sets, name) -> None:
    given = sets[name]
    assert all(gold in given.corpus for _, gold in given.questions)
    assert len({question for question, _ in given.questions}) == len(given.questions)


def test_functions_that_are_found_by_their_docstrings_have_lost_them(sets) -> None:
    given = sets["docstrings"]
    for question, gold in given.questions:
        assert not any(question in " ".join(chunk.text.split()) for chunk in given.corpus[gold])


def test_an_unknown_set_is_an_error_that_names_the_others() -> None:
    with pytest.raises(NotFoundError) as caught:
        load_sets(["poems"])
    assert "chinese-prose" in caught.value.hint
