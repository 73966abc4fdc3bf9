import pytest


@pytest.fixture(autouse=True)
def _no_settings_of_the_machine(monkeypatch, tmp_path):
    """No test asks a hub or an index of the real world, whatever this machine is set to."""
    for name in ("SWF_HUB_ENDPOINT", "UV_DEFAULT_INDEX", "UV_INDEX_URL", "SWF_MODELS_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("PIP_INDEX_URL", "http://127.0.0.1:9/simple")
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("SWF_CONFIG", str(tmp_path / "config.toml"))
