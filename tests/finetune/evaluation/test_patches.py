from __future__ import annotations

import pytest

from swfactory.errors import ReplyError
from swfactory.finetune.evaluation.patches import patched

MODULE = "import math\n\n\ndef area(r):\n    if r < 0:\n        return 0\n    return math.pi * r * 2\n"
RIGHT = MODULE.replace("r * 2", "r * r")


@pytest.mark.parametrize(
    "reply",
    [
        "-    return math.pi * r * 2\n+    return math.pi * r * r",
        "- return math.pi * r * 2\n+ return math.pi * r * r",
        "-return math.pi * r * 2\n+return math.pi * r * r\n",
        "The fault:\n```diff\n--- a/solution.py\n+++ b/solution.py\n@@ -7 +7 @@\n-    return math.pi * r * 2\n"
        "+    return math.pi * r * r\n```\nThat is all.",
        "- The formula is wrong.\n- It doubles.\n\n-    return math.pi * r * 2\n+    return math.pi * r * r",
        "-    return math.pi * r * 2  \r\n+    return math.pi * r * r\r\n",
        "```python\ndef area(r):\n    if r < 0:\n        return 0\n    return math.pi * r * r\n```",
        "```python\nprint(area(1))\n```\nCorrected:\n```python\nimport math\n\n\ndef area(r):\n    if r < 0:\n"
        "        return 0\n    return math.pi * r * r\n```",
    ],
)
def test_lines_and_functions_are_read_alike(reply: str) -> None:
    assert patched(MODULE, reply) == RIGHT


def test_several_lines_and_deeper_ones() -> None:
    reply = "-    if r < 0:\n-        return 0\n+    if r <= 0:\n+        return 0.0\n"
    assert patched(MODULE, reply) == MODULE.replace("r < 0", "r <= 0").replace("return 0\n", "return 0.0\n")
    moved = "-if r < 0:\n-    return 0\n+if r <= 0:\n+    return 0.0\n"
    assert patched(MODULE, moved) == patched(MODULE, reply)


def test_two_changes_one_after_the_other() -> None:
    reply = "-    if r < 0:\n+    if r <= 0:\n-    return math.pi * r * 2\n+    return math.pi * r * r\n"
    assert patched(MODULE, reply) == RIGHT.replace("r < 0", "r <= 0")


def test_a_line_that_is_there_twice_is_exchanged_where_it_stands_first() -> None:
    module = "def f(a):\n    a += 1\n    a += 1\n    return a\n"
    assert patched(module, "- a += 1\n+ a += 2") == "def f(a):\n    a += 2\n    a += 1\n    return a\n"


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        ("", "neither"),
        ("I see no fault.", "neither"),
        ("- r is a radius\n- it may be negative", "neither"),
        ("-    return 3\n+    return 4", "'return 3' is not in the module"),
        ("+    return 4", "neither"),
        ("-        return 0\n+        return 0", "nothing is changed"),
        (f"```python\n{MODULE}```", "nothing is changed"),
        ("```python\ndef other(r):\n    return 1\n```", "neither"),
    ],
)
def test_what_cannot_be_used(reply: str, said: str) -> None:
    with pytest.raises(ReplyError, match=said):
        patched(MODULE, reply)
