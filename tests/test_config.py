"""Settings that cannot be used are said to be so, and folders mean the same to everybody."""

from pathlib import Path

import pytest

from swfactory.config import load_settings
from swfactory.errors import ConfigError, FactoryError


@pytest.fixture
def config(tmp_path, monkeypatch):
    for name in ("SWF_DATA_DIR", "SWF_MODELS_DIR", "SWF_SERVE_TOKENS", "SWF_ROLE_MODELS"):
        monkeypatch.delenv(name, raising=False)
    file = tmp_path / "config.toml"
    file.touch()
    monkeypatch.setenv("SWF_CONFIG", str(file))
    return file


def refusal() -> FactoryError:
    with pytest.raises(ConfigError) as caught:
        load_settings()
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize("value", ['{"s3cr3t": "owner"}', "s3cr3t", '"s3cr3t"', '{"s3cr3t"', '["s3cr3t"]'])
def test_a_token_is_never_repeated(config, monkeypatch, value):
    monkeypatch.setenv("SWF_SERVE_TOKENS", value)
    error = refusal()
    assert "serve_tokens" in error.message.lower()
    assert "s3cr3t" not in str(error)
    monkeypatch.delenv("SWF_SERVE_TOKENS")
    config.write_text('[serve_tokens]\ns3cr3t = "owner"')
    assert "s3cr3t" not in str(refusal())


def test_a_table_that_is_no_json_is_told_by_its_variable(config, monkeypatch):
    monkeypatch.setenv("SWF_ROLE_MODELS", "engineer=llama:x")
    error = refusal()
    assert "SWF_ROLE_MODELS is not valid JSON" in error.message
    assert "SWF_ROLE_MODELS=" in error.hint
    monkeypatch.setenv("SWF_ROLE_MODELS", '{"engineer": 5}')
    assert "'role_models' cannot be 5" in refusal().message


def test_a_file_that_cannot_be_read_is_named(config):
    for content in ("# 设置".encode("gbk"), b"seed = "):
        config.write_bytes(content)
        assert str(config) in refusal().message
    config.unlink()
    assert f"{str(config)!r}, and there is no such file" in refusal().message
    assert load_settings(new_file=True)
    config.mkdir()
    assert str(config) in refusal().message


@pytest.mark.parametrize(("given", "meant"), [("~/x", "{home}/x"), ("x", "{here}/x"), (".", "{here}"), ("/x", "/x")])
def test_a_folder_is_the_same_for_everybody(config, monkeypatch, tmp_path, given, meant):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    meant = Path(meant.format(home=tmp_path / "home", here=tmp_path))
    config.write_text(f"data_dir = {given!r}\nmodels_dir = {given!r}")
    settings = load_settings()
    assert (settings.data_dir, settings.model_files) == (meant, meant)
    assert load_settings(data_dir=given).data_dir == meant


@pytest.mark.parametrize("name", ["data_dir", "models_dir"])
def test_a_folder_of_no_name_is_not_the_working_folder(config, monkeypatch, name):
    for value in ("", "~nobody-of-this-name/x"):
        monkeypatch.setenv(f"SWF_{name.upper()}", value)
        assert f"{name!r} cannot be {value!r}" in refusal().message
