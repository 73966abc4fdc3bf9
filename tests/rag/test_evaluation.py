"""How much of what should be found is found."""

from swfactory.rag.evalsets import EvalSet
from swfactory.rag.evaluation import evaluate
from swfactory.rag.prose import text_chunks
from swfactory.rag.store import Collection


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
