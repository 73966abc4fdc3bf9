"""Which tokens are learnt."""

from __future__ import annotations

import pytest

pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from swfactory.errors import InputError  # noqa: E402
from swfactory.finetune.rows import Message  # noqa: E402
from swfactory.finetune.training.families import FAMILIES  # noqa: E402
from swfactory.finetune.training.templates import IGNORED, encode, prepare_tokenizer  # noqa: E402

TURNS = (
    Message(role="user", content="Add one."),
    Message(role="assistant", content="def f(a):\n    return a + 1"),
    Message(role="user", content="Now two."),
    Message(role="assistant", content="def f(a):\n    return a + 2"),
)


@pytest.fixture
def tokenizer(base):
    return transformers.AutoTokenizer.from_pretrained(base)


def learnt(tokenizer, tokens):
    return tokenizer.decode([label for label in tokens["labels"] if label != IGNORED])


def test_the_replies_and_the_tokens_that_end_them_are_learnt(tokenizer):
    tokens = encode(tokenizer, TURNS, length=500, assistant_only=True)
    assert learnt(tokenizer, tokens) == "".join(f"{turn.content}<|im_end|>" for turn in TURNS[1::2])
    whole = tokenizer.apply_chat_template([turn.model_dump() for turn in TURNS], return_dict=True)
    assert tokens["input_ids"] == whole["input_ids"]


def test_the_whole_conversation_is_learnt_when_asked_for(tokenizer):
    tokens = encode(tokenizer, TURNS, length=500, assistant_only=False)
    assert tokens["labels"] == tokens["input_ids"]


def test_a_template_that_trims_replies(tokenizer):
    tokenizer.chat_template = tokenizer.chat_template.replace("m['content']", "m['content'] | trim")
    turns = [turn.model_copy(update={"content": f"  {turn.content}\n"}) for turn in TURNS]
    tokens = encode(tokenizer, turns, length=500, assistant_only=True)
    assert learnt(tokenizer, tokens) == "".join(f"{turn.content}<|im_end|>" for turn in TURNS[1::2])


def test_a_reply_that_speaks_of_the_end_token_is_learnt_to_its_end(tokenizer):
    """What ends a reply is the token after its text, not one that the text may contain."""
    turns = [TURNS[0], Message(role="assistant", content="print('<|im_end|>')")]
    tokens = encode(tokenizer, turns, length=500, assistant_only=True)
    assert learnt(tokenizer, tokens) == "print('<|im_end|>')<|im_end|>"


def test_what_is_too_long_is_cut(tokenizer):
    tokens = encode(tokenizer, TURNS, length=30, assistant_only=True)
    assert len(tokens["input_ids"]) == len(tokens["labels"]) == 30


def test_a_tokenizer_that_does_not_say_where_its_tokens_are_marks_the_same_text(tokenizer, monkeypatch):
    monkeypatch.setattr(type(tokenizer), "is_fast", property(lambda self: False))
    tokens = encode(tokenizer, TURNS, length=500, assistant_only=True)
    assert learnt(tokenizer, tokens) == "".join(f"{turn.content}<|im_end|>" for turn in TURNS[1::2])


def test_blanks_without_width_are_learnt_too(base, tokenizer):
    """Some byte-level tokenizers trim the place of blanks to nothing."""
    from tokenizers import processors

    tokenizer.backend_tokenizer.post_processor = processors.ByteLevel(trim_offsets=True)
    tokens = encode(tokenizer, TURNS, length=500, assistant_only=True)
    assert learnt(tokenizer, tokens) == "".join(f"{turn.content}<|im_end|>" for turn in TURNS[1::2])


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_a_family_without_a_template_gets_one_that_ends_replies(family, base):
    tokenizer = transformers.AutoTokenizer.from_pretrained(base)
    tokenizer.chat_template = None
    prepare_tokenizer(tokenizer, FAMILIES[family])
    tokens = encode(tokenizer, TURNS, length=2000, assistant_only=True)
    said = learnt(tokenizer, tokens)
    assert all(turn.content in said for turn in TURNS[1::2])
    assert not any(turn.content in said for turn in TURNS[::2])
    assert tokenizer.decode(tokens["input_ids"]).rstrip().endswith(("<|im_end|>", "<|eot_id|>", "<end_of_turn>"))


def test_turns_that_the_template_refuses(tokenizer):
    tokenizer.chat_template = "{{ raise_exception('users first') }}"
    with pytest.raises(InputError, match="users first"):
        encode(tokenizer, TURNS, length=10, assistant_only=True)
