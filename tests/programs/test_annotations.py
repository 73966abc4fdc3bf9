"""Annotations that fail when a module is loaded."""

import pytest

from swfactory.programs.annotations import defer_annotations


@pytest.mark.parametrize(
    "source",
    [
        "class Box:\n    def join(self, other: Box) -> Box:\n        return other\n",
        "class Box:\n    def join(self, other: 'Box' | int) -> None:\n        pass\n",
        '"""Doc."""\n\n\ndef make() -> "Box" | None:\n    pass\n\n\nclass Box:\n    pass\n',
        "def make(box: Box) -> None:\n    pass\n\n\nclass Box:\n    pass\n",
        "class Node:\n    next: Node = None\n",
    ],
)
def test_annotations_that_fail_are_put_off(source):
    with pytest.raises((NameError, TypeError)):
        exec(source, {})
    mended = defer_annotations(source)
    exec(mended, {})
    assert mended.count("from __future__ import annotations") == 1
    assert defer_annotations(mended) == mended


@pytest.mark.parametrize(
    "source",
    [
        "class Box:\n    pass\n\n\ndef make() -> Box:\n    return Box()\n",
        "class Box:\n    def join(self, other: 'Box') -> int | None:\n        return 1\n",
        "def f(:\n",
        "",
    ],
)
def test_others_stay(source):
    assert defer_annotations(source) == source
