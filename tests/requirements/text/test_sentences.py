"""The sentences of a requirement."""

from swfactory.requirements.text.sentences import sentences


def test_sentences_keep_code_whole():
    text = 'Write `main.py. Now`. It prints 1.5 lines; nothing else! Say "A. B" always.\nLast'
    assert sentences(text) == (
        "Write `main.py. Now`.",
        "It prints 1.5 lines;",
        "nothing else!",
        'Say "A. B" always.',
        "Last",
    )


def test_code_that_follows_a_sentence_belongs_to_it_and_an_abbreviation_ends_none():
    text = "It doubles. `a.py 1` prints 2. Use a unit, e.g. Km, i.e. A or B."
    assert sentences(text) == ("It doubles. `a.py 1` prints 2.", "Use a unit, e.g. Km, i.e. A or B.")


def test_code_after_code_begins_a_sentence_of_its_own():
    text = "`t.py sum FILE` prints the sum. `t.py top FILE` prints the rest, e.g. `1`. It is small."
    assert sentences(text) == (
        "`t.py sum FILE` prints the sum.",
        "`t.py top FILE` prints the rest, e.g. `1`.",
        "It is small.",
    )


def test_the_number_of_a_list_item_stays_with_it():
    assert sentences("Do:\n1. Add notes.\n2. `list` them\n(a) Third") == (
        "Do:",
        "1. Add notes.",
        "2. `list` them",
        "(a) Third",
    )


def test_chinese_sentences():
    assert sentences("写一个程序。它输出 1.5；出错时退出码 2！真的？") == (
        "写一个程序。",
        "它输出 1.5；",
        "出错时退出码 2！",
        "真的？",
    )


def test_no_word_of_a_sentence_is_lost():
    text = "First - e.g. this. `a. B` Second?  Third\n\n* fourth"
    assert "".join("".join(sentences(text)).split()) == "".join(text.split())


def test_a_number_at_the_end_is_no_list_item():
    assert sentences("The answer is\n42.") == ("The answer is", "42.")


def test_what_has_no_word_is_no_sentence():
    assert sentences("... !!! ---") == ()


def test_a_block_belongs_to_the_sentence_before_it_and_headings_are_none():
    text = "# Words\n\nIt counts words. Example:\n\n```\n$ python wc.py\n2. b\n```\n\n## More\nIt is fast."
    assert sentences(text) == (
        "It counts words.",
        "Example: ```\n$ python wc.py\n2. b\n```",
        "It is fast.",
    )


def test_an_indented_block_is_one_too():
    assert sentences("It sums:\n\n    $ python x.py 1. 2\n    3\n\nand more.") == (
        "It sums:     $ python x.py 1. 2\n    3",
        "and more.",
    )


def test_what_is_in_brackets_is_part_of_its_sentence():
    text = "Print `a; b` (sorted; without dots. Always `(c; d)`). Then stop; 打印（甲；乙）。"
    assert sentences(text) == (
        "Print `a; b` (sorted; without dots. Always `(c; d)`).",
        "Then stop;",
        "打印（甲；乙）。",
    )
    assert sentences("Print (a; then b.") == ("Print (a;", "then b.")
