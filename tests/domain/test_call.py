import pytest

from swfactory.domain.call import Message, Request, Sampling

REQUEST = Request(
    role="engineer",
    messages=(Message(role="system", content="be brief"), Message(role="user", content="写一个函数")),
    sampling=Sampling(temperature=0.7, seed=3, max_tokens=50, stop=("END",), json_schema={"type": "object"}),
)


def test_options_and_request_are_inverse():
    assert Request.from_options(REQUEST.messages, REQUEST.options) == REQUEST
    plain = Request(role="writer", messages=REQUEST.messages)
    assert Request.from_options(plain.messages, plain.options) == plain
    assert {"stop", "response_format"}.isdisjoint(plain.options)


@pytest.mark.parametrize(
    "change",
    [
        {"role": "reviewer"},
        {"messages": REQUEST.messages[:1]},
        {"sampling": REQUEST.sampling.model_copy(update={"seed": 4})},
        {"sampling": REQUEST.sampling.model_copy(update={"json_schema": None})},
    ],
)
def test_the_digest_tells_requests_apart(change):
    assert REQUEST.model_copy(update=change).digest != REQUEST.digest
    assert Request.model_validate_json(REQUEST.model_dump_json()).digest == REQUEST.digest


@pytest.mark.parametrize(("kind", "role"), [("human", "user"), ("ai", "assistant"), ("system", "system")])
def test_a_chat_librarys_words_for_speakers(kind, role):
    assert Message.of(kind, "x").role == role
