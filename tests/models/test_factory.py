import builtins
import subprocess
import sys

import pytest

from swfactory.config import Settings
from swfactory.errors import ConfigError, MissingExtraError
from swfactory.models import create_chat_model, model_digest
from swfactory.models.catalog import find_model


@pytest.fixture
def settings(tmp_path):
    return Settings(models_dir=tmp_path)


def test_llama_takes_the_url_before_the_settings(tmp_path):
    file = tmp_path / "m.gguf"
    file.touch()
    made = create_chat_model(f"llama:{file}?threads=3", Settings(threads=2, context=2048))
    assert (made.path, made.threads, made.context, made.parallel) == (file, 3, 2048, 4)
    assert create_chat_model(f"llama:{file}", Settings(threads=2)).threads == 2
    assert create_chat_model(f"llama:{file}", Settings()).threads >= 1


@pytest.mark.parametrize(("query", "ngram"), [("", False), ("?speculate=ngram", True), ("?speculate=off", False)])
def test_drafting_from_the_prompt_is_asked_for(tmp_path, query, ngram):
    file = tmp_path / "m.gguf"
    file.touch()
    assert create_chat_model(f"llama:{file}{query}", Settings()).ngram is ngram


def test_a_model_that_was_not_fetched_says_how(settings):
    with pytest.raises(ConfigError) as error:
        create_chat_model("llama:qwen2.5-coder-1.5b", settings)
    assert error.value.hint == "swf models pull qwen2.5-coder-1.5b"


def test_a_catalogue_name_with_other_bytes_is_refused(settings):
    (settings.model_files / find_model("smollm2-135m").file).write_bytes(b"something else")
    for use in (create_chat_model, model_digest):
        with pytest.raises(ConfigError, match="is not the model") as error:
            use("llama:smollm2-135m", settings)
        assert error.value.hint == "swf models pull smollm2-135m"


def test_a_missing_adapter_is_named(tmp_path, settings):
    file = tmp_path / "m.gguf"
    file.touch()
    with pytest.raises(ConfigError, match=r"none\.gguf"):
        create_chat_model(f"llama:{file}?adapter={tmp_path}/none.gguf", settings)


def test_a_missing_extra_is_named(monkeypatch, settings):
    real = builtins.__import__

    def without(name, *args, **kwargs):
        if name.partition(".")[0] in ("openai", "langchain_openai"):
            raise ModuleNotFoundError(name)
        return real(name, *args, **kwargs)

    monkeypatch.delitem(sys.modules, "swfactory.models.openai", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(MissingExtraError, match="openai"):
        create_chat_model("openai:http://127.0.0.1:9/v1#x", settings)


def test_importing_the_models_is_light():
    heavy = "{'torch', 'transformers', 'langchain_core', 'xllamacpp', 'httpx', 'openai'}"
    code = (
        "import sys, swfactory.models, swfactory.models.catalog, swfactory.models.spec, swfactory.cli.models;"
        f"sys.exit(', '.join(sorted({heavy} & set(sys.modules))))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stderr.strip() == ""
