import json
import os
from types import SimpleNamespace

import pytest
import yaml
from click.testing import CliRunner

import swfactory.sandbox
from swfactory.cli import doctor as module
from swfactory.config import Settings
from swfactory.errors import SandboxError
from tests.cli.conftest import ROOT


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.setenv("SWF_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SWF_CONFIG", os.devnull)
    return Settings(data_dir=tmp_path / "data")


@pytest.fixture
def no_probes(monkeypatch):
    monkeypatch.setattr(module, "_sandbox", lambda settings: iter([module.Check("sandbox", True, "assumed")]))


def _checks(settings):
    return {check.name: check for check in module.examine(settings)}


def test_a_missing_model_names_the_command_that_fetches_it(settings, no_probes):
    check = _checks(settings)["model"]
    assert not check.ok
    assert check.fix == "swf models pull qwen2.5-coder-1.5b"


def test_half_a_model_is_found(settings, no_probes):
    settings.model_files.mkdir(parents=True)
    (settings.model_files / "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf").write_bytes(b"GGUF")
    check = _checks(settings)["model"]
    assert not check.ok
    assert "4 of 1,117,320,768 bytes" in check.detail


def test_a_model_elsewhere_needs_no_file(settings, no_probes):
    served = settings.model_copy(update={"model": "openai:http://localhost:1/v1#m"})
    checks = _checks(served)
    assert checks["model"].ok
    assert "engine" not in checks


def test_a_model_url_that_cannot_be_read_is_reported(settings, no_probes):
    assert not _checks(settings.model_copy(update={"model": "nonsense"}))["model"].ok


def test_a_data_folder_that_cannot_be_made_is_reported(settings, no_probes, tmp_path):
    (tmp_path / "file").touch()
    check = _checks(settings.model_copy(update={"data_dir": tmp_path / "file" / "x"}))["data folder"]
    assert not check.ok
    assert "SWF_DATA_DIR" in check.fix


def test_too_little_disk_is_reported(settings, no_probes, monkeypatch):
    monkeypatch.setattr(module.shutil, "disk_usage", lambda path: SimpleNamespace(free=1))
    assert not _checks(settings)["disk"].ok


def test_a_missing_git_is_reported(settings, no_probes, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    checks = _checks(settings)
    assert not checks["git"].ok
    assert not checks["make"].ok
    assert not checks["make"].needed


def test_no_sandbox_is_a_failure_with_a_way_out(settings, monkeypatch):
    def refuse(settings):
        raise SandboxError("no sandbox works on this machine")

    monkeypatch.setattr(swfactory.sandbox, "create_sandbox", refuse)
    check = _checks(settings)["sandbox"]
    assert not check.ok
    assert check.fix


@pytest.mark.parametrize(
    ("mark", "paths"), [("/.dockerenv", "systempaths=unconfined"), ("/run/.containerenv", "unmask=ALL")]
)
def test_a_container_is_told_all_that_its_engine_must_lift(settings, monkeypatch, mark, paths):
    monkeypatch.setattr(module, "Path", lambda *parts: SimpleNamespace(exists=lambda: parts == (mark,), is_file=bool))
    fix = module._sandbox_fix(settings, SandboxError("no namespaces"))
    compose = yaml.safe_load((ROOT / "deploy" / "compose.yaml").read_text("utf-8"))["services"]["factory"]
    *both, own = compose["security_opt"]
    assert own == "systempaths=unconfined"
    for option in (*both, paths):
        assert f"--security-opt {option}" in fix


def test_an_unsafe_sandbox_is_named_and_not_attacked(settings):
    checks = _checks(settings.model_copy(update={"sandbox": "local"}))
    assert not checks["sandbox"].ok
    assert not [name for name in checks if name.startswith("sandbox:")]


def test_each_limit_is_proven(settings, no_probes, monkeypatch):
    monkeypatch.undo()
    probes = [check for check in module._sandbox(settings) if check.name.startswith("sandbox:")]
    assert len(probes) >= 10
    assert [probe for probe in probes if not probe.ok] == []


def test_the_exit_status_says_whether_all_that_is_needed_is_there(settings, monkeypatch):
    good, bad = module.Check("a", True, "fine", fix="unused"), module.Check("b", False, "broken", fix="mend b")
    for checks, status in (([good], 0), ([good, bad], 1), ([module.Check("c", False, "hm", needed=False)], 0)):
        monkeypatch.setattr(module, "examine", lambda settings, checks=checks: iter(checks))
        told = CliRunner().invoke(module.doctor, ["--json"])
        assert told.exit_code == status
        assert json.loads(told.stdout)["ok"] == (status == 0)
    monkeypatch.setattr(module, "examine", lambda settings: iter([good, bad]))
    told = CliRunner().invoke(module.doctor)
    assert told.exit_code == 1
    assert "mend b" in told.stdout
    assert "unused" not in told.stdout
    assert "\x1b" not in told.stdout
