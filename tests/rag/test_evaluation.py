"""Questions whose answer is known."""

import pytest

from swfactory.errors import NotFoundError
from swfactory.rag.evaluation import EvalSet, evaluate, load_sets
from swfactory.rag.prose import text_chunks
from swfactory.rag.store import Collection


@pytest.fixture(scope="module")
def sets():
    return {given.name: given for given in load_sets()}


def test_there_are_questions_in_both_languages_over_code_and_documents(sets) -> None:
    assert set(sets) == {"docstrings", "english", "chinese", "topics", "chinese-prose"}
    assert sum(len(given.questions) for given in sets.values()) >= 200
    assert len(sets["english"].corpus) == len(sets["chinese"].corpus) == 300
    assert len(sets["docstrings"].corpus) > 2_500
    assert len(sets["chinese-prose"].questions) == 40


@pytest.mark.parametrize("name", ["docstrings", "english", "chinese", "topics", "chinese-prose"])
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


def test_scores_are_counted_and_a_corpus_is_embedded_once(tmp_path, embedder) -> None:
    corpus = {name: text_chunks(f"{name} is a {kind} thing.", f"{name}.md") for name, kind in THINGS.items()}
    given = EvalSet("things", corpus, [("which is a red thing", "apple"), ("which is a violet thing", "apple")])
    collection = Collection(tmp_path / "rag", "things", embedder, create=True)
    scores = {score.mode: score for score in evaluate(collection, given, progress=lambda *_: None)}
    assert {mode: (score.questions, score.recall_1) for mode, score in scores.items()} == {
        "dense": (2, 0.5),
        "words": (2, 0.5),
        "hybrid": (2, 0.5),
    }
    assert scores["hybrid"].recall_10 == 1
    assert 0 < scores["hybrid"].p50_ms <= scores["hybrid"].p95_ms
    embedder.embedded.clear()
    evaluate(collection, given, progress=lambda *_: None)
    assert embedder.embedded == []
    collection.close()


THINGS = {"apple": "red", "plum": "violet", "pear": "green", "lemon": "yellow"}
