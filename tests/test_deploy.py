"""The files that deploy the factory name what there is."""

import configparser
import json
import re
import shutil
import subprocess
from pathlib import Path

import click
import pytest
import yaml

from swfactory.cli import swf
from swfactory.config import Settings

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
FILES = ("Dockerfile", "compose.yaml", "swfactory.service", "env.example")


@pytest.mark.parametrize("name", FILES)
def test_every_variable_is_one_of_the_settings(name):
    known = {f"SWF_{key.upper()}" for key in Settings.model_fields}
    assert set(re.findall(r"SWF_[A-Z_]+", (DEPLOY / name).read_text())) <= known


@pytest.mark.parametrize("name", ["Dockerfile", "swfactory.service"])
def test_every_command_is_one_of_swf(name):
    text = (DEPLOY / name).read_text()
    found = re.findall(r"swf ((?:models )?[a-z]+)", re.sub(r"^#.*$", "", text, flags=re.MULTILINE))
    assert found
    for words in found:
        command: click.Command | None = swf
        for word in words.split():
            assert isinstance(command, click.Group)
            command = command.get_command(click.Context(command), word)
        assert command is not None


def test_what_the_image_copies_is_there_and_the_extras_exist():
    text = (DEPLOY / "Dockerfile").read_text()
    for line in re.findall(r"^COPY (?!--from)(.*)$", text, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (ROOT / source).exists(), source
    extras = re.search(r"\.\[([a-z,-]+)\]", text)[1].split(",")
    declared = re.search(
        r"\[project.optional-dependencies\]\n(.*?)\n\[", (ROOT / "pyproject.toml").read_text(), re.DOTALL
    )
    assert all(re.search(rf"^{extra} = ", declared[1], re.MULTILINE) for extra in extras)


def test_the_services_of_compose_fit_together():
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    services = compose["services"]
    assert set(services) == {"factory", "chroma", "vllm"}
    assert services["factory"]["ports"] == ["127.0.0.1:8765:8765"]  # nobody reaches it from outside unasked
    assert services["vllm"]["profiles"] == ["gpu"]
    used = {volume.partition(":")[0] for service in services.values() for volume in service.get("volumes", [])}
    assert used == set(compose["volumes"])


def test_the_example_of_the_environment_can_be_read(monkeypatch):
    lines = [line for line in (DEPLOY / "env.example").read_text().splitlines() if line and not line.startswith("#")]
    for line in lines:
        key, _, value = line.partition("=")
        monkeypatch.setenv(key, value)
    settings = Settings()
    assert sorted(settings.serve_tokens.values()) == ["admin", "run"]
    assert "long random" not in repr(settings)
    assert json.loads(dict(line.split("=", 1) for line in lines)["SWF_SERVE_TOKENS"])


def test_the_unit_is_one_that_systemd_reads(tmp_path):
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str
    unit.read(DEPLOY / "swfactory.service")
    assert unit["Service"]["ExecStart"].endswith("/swf serve")
    if (analyse := shutil.which("systemd-analyze")) is None:
        pytest.skip("systemd-analyze is not on this machine")
    here = tmp_path / "swfactory.service"
    here.write_text((DEPLOY / "swfactory.service").read_text().replace("/opt/swfactory/bin/swf", "/bin/true"))
    done = subprocess.run([analyse, "verify", "--man=no", here], capture_output=True, text=True, check=False)
    complaints = [line for line in done.stderr.splitlines() if "swfactory.service" in line]
    assert complaints == []
