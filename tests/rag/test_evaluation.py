"""How much of what should be found is found."""

from swfactory.rag.evalsets import EvalSet
from swfactory.rag.evaluation import Answered, evaluate, scores
from swfactory.rag.prose import text_chunks
from swfactory.rag.store import Collection


def test_scores_are_counted_and_a_corpus_is_embedded_once(tmp_path, embedder) -> None:
    corpus = {name: text_chunks(f"{name} is a {kind} thing.", f"{name}.md") for name, kind in THINGS.items()}
    given = EvalSet("things", corpus, [("which is a red thing", "apple"), ("which is a violet thing", "apple")])
    collection = Collection(tmp_path / "rag", "things", embedder, create=True)
    found = {score.mode: score for score in scores(evaluate(collection, given, progress=lambda *_: None))}
    assert {mode: (score.questions, score.recall_1) for mode, score in found.items()} == {
        "dense": (2, 0.5),
        "words": (2, 0.5),
        "hybrid": (2, 0.5),
    }
    assert found["hybrid"].recall_10 == 1
    assert 0 < found["hybrid"].p50_ms <= found["hybrid"].p95_ms
    embedder.embedded.clear()
    evaluate(collection, given, progress=lambda *_: None)
    assert embedder.embedded == []
    collection.close()


def test_the_questions_of_several_sets_count_one_each() -> None:
    answered = [Answered("a", "dense", ("x",), "x", 1.0)] * 3 + [Answered("b", "dense", ("y", "x"), "x", 3.0)]
    by_name = {score.name: score for score in scores(answered)}
    assert [*by_name] == ["a", "b", "all"]
    assert (by_name["all"].questions, by_name["all"].recall_1, by_name["all"].mrr) == (4, 0.75, 0.875)
    assert [score.name for score in scores(answered[:3])] == ["a"]


THINGS = {"apple": "red", "plum": "violet", "pear": "green", "lemon": "yellow"}
