import pytest
from hypothesis import given
from hypothesis import strategies as st

from swfactory.errors import ConfigError
from swfactory.models import ModelSpec


@pytest.mark.parametrize(
    ("url", "fields"),
    [
        ("llama:qwen2.5-coder-1.5b", {"scheme": "llama", "target": "qwen2.5-coder-1.5b"}),
        ("llama:/models/my%20model.gguf?threads=2", {"target": "/models/my model.gguf", "threads": 2}),
        ("llama:x?adapter=a.gguf&adapter=b.gguf", {"adapters": ("a.gguf", "b.gguf")}),
        ("llama:x?context=4096&draft=y&speculate=ngram", {"context": 4096, "draft": "y", "speculate": "ngram"}),
        ("hf:Qwen/Qwen2.5-Coder-7B-Instruct?quant=nf4&adapter=me/lora", {"scheme": "hf", "quant": "nf4"}),
        ("hf:org/own-code?trust=yes", {"target": "org/own-code", "trust": "yes"}),
        ("openai:http://host:8000/v1#org/name", {"target": "http://host:8000/v1", "name": "org/name"}),
        ("replay:runs/1.zip", {"scheme": "replay", "target": "runs/1.zip"}),
    ],
)
def test_parses(url, fields):
    spec = ModelSpec.parse(url)
    assert {key: getattr(spec, key) for key in fields} == fields
    assert ModelSpec.parse(str(spec)) == spec


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("", "scheme"),
        ("qwen2.5-coder-1.5b", "scheme"),
        ("gpt:x", "scheme"),
        ("llama:", "names no model"),
        ("llama:x?thread=2", "'thread'"),
        ("llama:x?threads=two", "'two'"),
        ("llama:x?threads=-1", "'-1'"),
        ("llama:x?threads=1&threads=2", "twice"),
        ("llama:x?threads", "key=value"),
        ("llama:x?adapter=", "empty"),
        ("llama:x?speculate=yes", "'yes'"),
        ("llama:x?quant=nf4", "'quant'"),
        ("hf:x?quant=int4", "'int4'"),
        ("hf:x?trust=1", "'1'"),
        ("openai:host:8000#x", "http"),
        ("openai:http://host/v1", "'#'"),
        ("openai:http://host/v1?key=1#x", "'key'"),
        ("replay:x?seed=1", "'seed'"),
    ],
)
def test_refuses_with_the_value_and_a_hint(url, word):
    with pytest.raises(ConfigError, match=word) as error:
        ModelSpec.parse(url)
    assert error.value.hint


@given(
    target=st.text(st.characters(exclude_categories=("Cs", "Cc", "Z")), min_size=1),
    adapters=st.lists(st.text(st.characters(exclude_categories=("Cs", "Cc", "Z")), min_size=1), max_size=3),
    threads=st.integers(0, 99),
)
def test_any_value_survives_the_round_trip(target, adapters, threads):
    spec = ModelSpec(scheme="llama", target=target, adapters=tuple(adapters), threads=threads)
    assert ModelSpec.parse(str(spec)) == spec
