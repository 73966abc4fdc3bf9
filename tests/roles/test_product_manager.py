import json

import pytest

from swfactory.domain.call import Reply
from swfactory.domain.requirement import Requirement
from swfactory.domain.spec import ApiExample, Criterion
from swfactory.errors import ReplyError
from swfactory.requirements.text.sentences import sentences
from swfactory.roles.product_manager import closest, default_spec, write_spec

TEXT = (
    "Write main.py, a calculator. Its `python main.py add 2 3` prints 5. "
    "Also `python main.py neg 4` prints -4. A value that is not a number exits with status 1."
)


def spec(*criteria, text=TEXT, title="Calculator", summary="It calculates."):
    rows = [{"sentence": number, "text": said} for number, said in criteria]
    reply = Reply(text=json.dumps({"title": title, "summary": summary, "criteria": rows}))
    return write_spec(Requirement.parse(text)).read(reply)


def test_no_sentence_is_lost():
    made = spec((2, "adds"), (2, "prints the sum"))
    assert [c.id for c in made.criteria] == ["C1", "C2", "C3", "C4", "C5"]
    assert [c.text for c in made.criteria[1:3]] == ["adds", "prints the sum"]
    assert list(dict.fromkeys(c.quote for c in made.criteria)) == list(sentences(TEXT))
    assert made.criteria[4].text == sentences(TEXT)[3]


def test_a_quoted_example_goes_to_its_sentence():
    made = spec((2, "sum"), (3, "negation"), (4, "neg 4 is refused"))
    homes = {e.steps[0].argv[2]: c.id for c in made.criteria for e in c.examples}
    assert homes == {"add": "C2", "neg": "C3"}
    assert all(e.origin == "quoted" for c in made.criteria for e in c.examples)


def test_every_quoted_example_has_a_home_once():
    made = spec((2, "adds"), (2, "sums"))
    assert sum(len(c.examples) for c in made.criteria) == 2


def test_sentences_that_are_not_there_repetitions_and_blanks_are_left_out():
    made = spec((9, "invented"), (0, "invented"), (-1, "invented"), (2, "adds"), (3, "adds"), (3, " "))
    assert [c.text for c in made.criteria] == [sentences(TEXT)[0], "adds", *sentences(TEXT)[2:]]


def test_a_criterion_goes_to_the_sentence_it_speaks_of():
    text = "Sort words by length. It reads one word per line. A missing file exits with status 2."
    made = spec(
        (1, "The program reads one word per line from a file."), (2, "A missing file gives status 2."), text=text
    )
    assert [c.text for c in made.criteria] == [
        "Sort words by length.",
        "The program reads one word per line from a file.",
        "A missing file gives status 2.",
    ]


def test_two_criteria_that_fit_each_others_sentence_change_places():
    text = "A greeter. `python main.py Ada` prints `Hello, Ada!`. Without a name it prints `Hello, world!`."
    made = spec(
        (1, "When no name is given, the greeter prints 'Hello, world!'"),
        (2, "When a name is given, the greeter prints 'Hello, Ada!'"),
        text=text,
    )
    first, second = made.criteria
    assert "Ada" in first.text
    assert [example.steps[0].argv[-1] for example in first.examples] == ["Ada"]
    assert "world" in second.text
    assert second.quote == "Without a name it prints `Hello, world!`."


def test_words_that_all_sentences_have_do_not_tell_them_apart():
    text = "slug(text) makes the slug of a text. The text 'Crème brûlée' gives 'creme_brulee'. The slug is new."
    made = spec((3, "The slug of the text 'Crème brûlée' should be 'creme_brulee'."), text=text)
    assert made.criteria[1].text == "The slug of the text 'Crème brûlée' should be 'creme_brulee'."
    assert made.criteria[2].text == "The slug is new."


def test_a_chinese_criterion_goes_to_the_sentence_it_speaks_of():
    text = "按长度排列单词。从文件读取，每行一个单词。文件不存在时以状态 2 退出。"
    made = spec((1, "文件不存在时程序以状态 2 退出"), text=text)
    assert made.criteria[2].text == "文件不存在时程序以状态 2 退出"


def test_a_sentence_gets_six_criteria_at_most():
    made = spec(*((2, f"reading {n}") for n in range(50)))
    assert len(made.criteria) == 6 + 3


def test_without_a_model_each_sentence_is_a_criterion():
    made = default_spec(Requirement.parse(TEXT))
    assert tuple(c.text for c in made.criteria) == sentences(TEXT)
    assert made.title == "main.py, a calculator"
    assert sum(len(c.examples) for c in made.criteria) == 2


@pytest.mark.parametrize("title", [" ", "Acceptance Criteria", "requirements", "验收标准"])
def test_titles_that_name_no_product_are_replaced(title):
    assert spec(title=title).title == "main.py, a calculator"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Write `wc.py`, which counts words.", "wc.py, which counts words"),
        ("Build a tool `python temp.py VALUE` that converts temperatures: C, F.", "Tool that converts temperatures"),
        ("A module colours.py with `mix(first)`.", "A module colours.py with mix(first)"),
        ("写一个通讯录命令行程序。", "通讯录命令行程序"),
        ("`python x.py 1` prints 2.", "Prints 2"),
        ("???", "???"),
        ("A tool to write a diary.", "A tool to write a diary"),
    ],
)
def test_without_a_title_the_first_sentence_names_the_product(text, title):
    assert spec(text=text, title="").title == title


def test_a_title_is_that_of_the_product():
    assert spec(title="Acceptance Criteria for the Calculator").title == "Calculator"


def test_long_titles_are_cut():
    assert len(spec(title="x" * 500).title) == 80
    assert spec(title="two words " * 50).title == "two words " * 7 + "two…"


def test_a_summary_that_only_announces_a_list_is_replaced():
    assert spec(summary="The program should do the following:").summary == "Write main.py, a calculator."


def test_a_requirement_without_a_sentence_is_one():
    assert [c.text for c in default_spec(Requirement.parse("???")).criteria] == ["???"]


def test_chinese():
    made = default_spec(Requirement.parse("写一个计算器 main.py。运行 `python main.py 2 3` 输出 5。"))
    assert [len(c.examples) for c in made.criteria] == [0, 1]


@pytest.mark.parametrize(
    "text",
    ["", "criteria: 1. adds", "[]", '{"title": "x"}', '{"title": "", "summary": "", "criteria": [{"text": "a"}, {}]}'],
)
def test_what_is_no_spec_is_told(text):
    task = write_spec(Requirement.parse(TEXT))
    with pytest.raises(ReplyError, match="spec is not valid"):
        task.read(Reply(text=text))
    assert task.fallback() == default_spec(Requirement.parse(TEXT))


def test_the_closest_criterion_shares_most_words():
    criteria = [
        Criterion(id="C1", text="encode text"),
        Criterion(id="C2", text="decode text"),
        Criterion(id="C3", text="x"),
    ]
    assert closest(ApiExample(code="from kit import decode\nassert decode('a')"), criteria).id == "C2"
    assert closest(ApiExample(code="assert nothing()"), criteria).id == "C1"


@pytest.mark.parametrize(("call", "home"), [("longest('')", "C2"), ("longest('a b')", "C1"), ("first([], 1)", "C1")])
def test_what_is_made_of_nothing_belongs_to_the_sentence_that_says_so(call, home):
    text = "longest(text) returns the longest word, first(words) the first. An empty text: longest is empty."
    example = ApiExample(code=f"import words\nassert words.{call} == ''\n")
    assert closest(example, default_spec(Requirement.parse(text)).criteria).id == home


def test_a_comment_reaches_the_model():
    request = write_spec(Requirement.parse(TEXT), comment="say more on errors").request
    assert "say more on errors" in request.messages[-1].content
    assert "rejected" not in write_spec(Requirement.parse(TEXT)).request.messages[-1].content


def test_a_spec_that_was_cut_off_keeps_what_was_said():
    wish = Requirement.parse("It adds. It must refuse words.")
    cut = '{"title": "Adder", "summary": "It adds.", "criteria": [{"sentence": 1, "text": "adds"}, {"sentence": 2, "te'
    spec = write_spec(wish).read(Reply(text=cut))
    assert [c.text for c in spec.criteria] == ["adds", "It must refuse words."]


def test_the_number_of_criteria_is_bounded():
    schema = write_spec(Requirement.parse("One. Two.")).request.sampling.json_schema
    assert schema["properties"]["criteria"]["maxItems"] == 6
