"""Rankings fused by reciprocal rank."""

from swfactory.rag.fusion import fuse


def test_what_several_rankings_have_comes_first() -> None:
    assert [item for item, _ in fuse([(["a", "b"], 1.0), (["c", "b"], 1.0)])] == ["b", "a", "c"]


def test_weights_count_and_scores_are_those_of_the_paper() -> None:
    assert fuse([(["a"], 1.0), (["b"], 2.0)]) == [("b", 2 / 61), ("a", 1 / 61)]
    assert fuse([]) == []
