"""Which statements of a requirement speak of which file."""

from __future__ import annotations

from swfactory.requirements.interfaces.regions import split_sentences, statements_by_file


def test_a_file_has_what_follows_it() -> None:
    found = statements_by_file("Write kit.py with add(a). It is fast. The program main.py calls it; errors are shown.")
    assert {file: [*said] for file, said in found.items()} == {
        "kit.py": ["kit.py with add(a)", "It is fast"],
        "main.py": ["main.py calls it", "errors are shown"],
    }
    assert [said.names_file for said in found["kit.py"]] == [True, False]


def test_what_joins_two_files_belongs_to_neither() -> None:
    found = statements_by_file("A package kit/ with a.py (class A; b), b.py (class B with f(x)) and c.py (class C).")
    assert [*found["a.py"]] == ["a.py class A;", "b"]
    assert [*found["b.py"]] == ["b.py class B with f(x)"]


def test_a_class_is_put_into_the_file_that_follows() -> None:
    (said,) = statements_by_file("Write a class Queue in queues.py that keeps order.")["queues.py"]
    assert said == "queues.py has a class Queue that keeps order"


def test_sentences_end_outside_of_brackets_and_quotes() -> None:
    assert split_sentences('It says "a. b" (c; d). Then e.g. nothing. End') == [
        'It says "a. b" (c; d).',
        "Then e.g. nothing.",
        "End",
    ]
