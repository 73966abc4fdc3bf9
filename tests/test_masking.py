"""Secrets out of text."""

import pytest

from swfactory.masking import mask_secrets


@pytest.mark.parametrize(
    ("text", "masked", "kind"),
    [
        ("key AKIA" + "QYLPMN5HFIQR7XYA.", "key [masked:aws-key].", "aws-key"),
        ("ghp_" + "a1B2" * 9, "[masked:github-token]", "github-token"),
        ("x = 'sk-" + "abcdEFGH1234ijklMNOP'", "x = '[masked:openai-key]'", "openai-key"),
        ("password = 'hunter2'", "password = '[masked:secret]'", "secret"),
        ("api_key: 8f3aD91kLm20ZxQp77", "api_key: [masked:secret]", "secret"),
        ('{"client_secret": "a8Kd93jfQ0s"}', '{"client_secret": "[masked:secret]"}', "secret"),
        ("postgres://bob:s3cr3t@host/db", "postgres://bob:[masked:password]@host/db", "password"),
    ],
)
def test_secrets_are_replaced_by_their_kind(text, masked, kind) -> None:
    assert mask_secrets(text).text == masked
    assert mask_secrets(text).kinds == (kind,)
    assert mask_secrets(masked).text == masked


def test_a_private_key_goes_as_a_whole_and_lines_stay_where_they_are() -> None:
    text = "a\n-----BEGIN RSA " + "PRIVATE KEY-----\nMIIB\nabc=\n-----END RSA PRIVATE KEY-----\nb\n"
    masked = mask_secrets(text).text
    assert "MIIB" not in masked
    assert masked.splitlines()[5] == "b"


@pytest.mark.parametrize(
    "text",
    [
        "password = input()",
        "token = tokens[3]",
        "secret = hashlib.sha256(x1)",
        "max_tokens=12_000",
        "tokenizer: qwen2.5-coder-1.5b",
        "access_key_id = settings.key_1",
        "token = os.environ['TOKEN_9x']",
        "password: changeme123",
        "https://user@example.org:8080/path",
        "the password must have 8 letters, or more",
    ],
)
def test_code_and_prose_are_left_alone(text) -> None:
    assert mask_secrets(text).text == text
