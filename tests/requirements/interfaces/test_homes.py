"""Where the functions of a requirement live."""

from swfactory.requirements.interfaces.homes import module_of


def test_a_module_is_the_last_one_before_the_first_mention() -> None:
    text = "a.py has f(x). b.py has g(x). f(1) gives 2."
    assert module_of(text, "f") == "a"
    assert module_of(text, "g") == "b"
    assert module_of(text, "h") is None
    assert module_of("twice.py with twice(text)", "twice") == "twice"
