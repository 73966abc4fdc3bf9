"""What a caller sees of a definition."""

import textwrap

import pytest

from swfactory.rag.code import code_chunks
from swfactory.rag.interface import brief, interface, is_private

SOURCE = textwrap.dedent('''
    class Scale:
        """Weighs.

        Args:
            zero: what it shows without a load.
        """

        step = 5

        def __init__(self, zero: int = 0) -> None:
            self._zero = zero

        @property
        def zero(self) -> int:
            """What it shows without a load."""
            return self._zero

        def weigh(self, load: int) -> int:
            """Return the weight in steps."""
            return self._round(load) - self._zero

        def _round(self, load: int) -> int:
            return load // self.step


    def short(load):
        return load * 7 % 31


    def long(load):
        total = 0
        for part in load:
            total += part
            if total > 9:
                total -= 9
            else:
                total += 1
        return total
''')


@pytest.fixture
def shown() -> dict[str, str]:
    return {chunk.symbol: interface(chunk) for chunk in code_chunks(SOURCE, "scale.py", "python")}


def test_a_class_is_shown_with_what_it_offers(shown) -> None:
    assert shown["Scale"] == textwrap.dedent('''\
        class Scale:
            """Weighs.

            Args:
                zero: what it shows without a load.
            """
            step = 5

            def __init__(self, zero: int=0) -> None:
                self._zero = zero

            @property
            def zero(self) -> int:
                """What it shows without a load."""
                ...

            def weigh(self, load: int) -> int:
                """Return the weight in steps."""
                ...''')


def test_a_method_is_shown_within_its_class(shown) -> None:
    assert shown["Scale.weigh"].splitlines()[:2] == ["class Scale:", "    def weigh(self, load: int) -> int:"]
    assert shown["Scale.zero"].splitlines()[1] == "    @property"


def test_of_a_function_without_documentation_a_short_body_says_what_it_does(shown) -> None:
    assert "load * 7 % 31" in shown["short"]
    assert shown["long"] == "def long(load):\n    ..."


def test_what_cannot_be_parsed_or_is_no_python_is_shown_as_it_is() -> None:
    (broken,) = code_chunks("def broken(:\n    pass  # and more words\n", "b.py", "python")
    (go,) = code_chunks("func Add(a int) int {\n\treturn a\n}\n", "a.go", "go")
    assert interface(broken) == broken.text
    assert interface(go) == go.text


def test_in_short_a_definition_has_its_first_words_and_what_it_raises() -> None:
    source = textwrap.dedent('''
        def fare(grams: int) -> int:
            """Return what it costs.

            Every gram counts.

            Args:
                grams: weight.

            Raises:
                Refused: it is not positive.
                KeyError: there is no such zone.
            """
            return grams * 7
    ''')
    (chunk,) = code_chunks(source, "fares.py", "python")
    assert brief(chunk) == ('def fare(grams: int) -> int:\n    """Return what it costs. Raises Refused, KeyError."""')


def test_what_is_private_is_not_for_callers() -> None:
    hidden = "def _hidden(load):\n    return load\n\n\nclass _Inner:\n    def weigh(self, load):\n        return load\n"
    source = f"{SOURCE}\n\n{hidden}"
    chunks = code_chunks(source, "scale.py", "python")
    private = {chunk.symbol for chunk in chunks if is_private(chunk)}
    assert "_hidden" in private
    assert any(symbol.startswith("_Inner") for symbol in private)
    assert not private & {"Scale", "Scale.weigh", "Scale.__init__", "short", "long"}
