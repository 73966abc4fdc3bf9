from __future__ import annotations

import pytest

from swfactory.finetune.data.cleaning import clean_row, clean_text
from swfactory.finetune.data.personal import is_bank_card, is_id_card, mask_personal
from swfactory.finetune.rows import Conversation, Message, Origin

ALL = ("bank-card", "email", "id-card", "ip-address", "phone")


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("write to jane.doe+x@corp-mail.de today", "email"),
        ("联系 zhang@qq.com。", "email"),
        ("call +44 20 7946 0958 now", "phone"),
        ("call +1 (415) 555-2671", "phone"),
        ("手机：13812345678", "phone"),
        ("手机 138-1234-5678", "phone"),
        ("座机 010-62345678", "phone"),
        ("身份证 11010519491231002X", "id-card"),
        ("card 4111 1111 1111 1111.", "bank-card"),
        ("card=6222021234567890128", "bank-card"),
        ("host 8.8.8.8 is up", "ip-address"),
        ("host 2001:4860:4860::8888 is up", "ip-address"),
    ],
)
def test_personal_data_is_masked(text, kind):
    masked = mask_personal(text, ALL)
    assert masked.kinds == (kind,)
    assert f"[masked:{kind}]" in masked.text


@pytest.mark.parametrize(
    "text",
    [
        "mail to a@example.com",
        "@decorator\ndef f(x): return x @ y",
        "x = 12345678901234567",
        "身份证 110105194912310021",  # the check digit is wrong
        "id 11010519491331002X",  # there is no 13th month
        "n = 4111111111111112",
        "0000000000000000",
        "version 1.2.3.4 and v8.8.8.8",
        "bind 127.0.0.1, 192.168.0.1, 10.1.2.3 or 0.0.0.0",
        "time 12:30:45 and std::vector<a::b::c>",
        "ratio 0.13812345678",
        "total = a +1234567890123456789",
        "2024-01-31 10:20:30",
        "isbn 978-0-306-40615-7",
        "range 100-200",
    ],
)
def test_ordinary_text_stays(text):
    assert mask_personal(text, ALL).text == text


def test_only_the_kinds_that_are_asked_for():
    text = "a@corp.com 8.8.8.8"
    assert mask_personal(text, ("ip-address",)).text == "a@corp.com [masked:ip-address]"


@pytest.mark.parametrize("number", ["11010519491231002X", "11010519491231002x"])
def test_an_identity_card_has_a_check_digit(number):
    assert is_id_card(number)
    assert not is_id_card(number[:-1] + "0")
    assert not is_id_card(number[:-2])


def test_a_bank_card_has_a_check_digit():
    assert is_bank_card("4111-1111-1111-1111")
    assert not is_bank_card("4111111111111112")
    assert not is_bank_card("9111111111111116")


def test_a_row_is_cleaned_everywhere():
    key = "AKIA" + "Q" * 4 + "ABCDEFGH1234"
    row = Conversation(
        messages=(
            Message(role="user", content=f"key {key}\r\nnul\x00 half \ud800"),
            Message(role="assistant", content="ask bob@corp.com"),
        ),
        origin=Origin(source="s", group="g"),
    )
    cleaned, kinds = clean_row(row, ALL)
    assert cleaned.messages[0].content == "key [masked:aws-key]\nnul half ?"
    assert cleaned.messages[1].content == "ask [masked:email]"
    assert sorted(kinds) == ["aws-key", "email"]
    assert cleaned.origin == row.origin


def test_secrets_are_masked_whatever_else_is_asked_for():
    text, kinds = clean_text("password = 'hunter2Ax9Qz'")
    assert "hunter2" not in text
    assert kinds == ("secret",)
