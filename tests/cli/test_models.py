import hashlib
import json
import os

import pytest
from click.testing import CliRunner

from swfactory.cli.models import models
from swfactory.errors import DownloadError, NotFoundError
from swfactory.models import catalog
from swfactory.models.catalog import CATALOG, CatalogModel

CONTENT = b"weights" * 1000
TINY = CatalogModel(
    name="tiny", file="tiny.gguf", size=len(CONTENT), sha256=hashlib.sha256(CONTENT).hexdigest(), summary="for tests"
)


@pytest.fixture
def folder(monkeypatch, tmp_path):
    monkeypatch.setenv("SWF_MODELS_DIR", str(tmp_path))
    monkeypatch.setenv("SWF_CONFIG", os.devnull)
    monkeypatch.setattr(catalog, "CATALOG", (*CATALOG, TINY))
    return tmp_path


def swf(*args):
    return CliRunner().invoke(models, args, catch_exceptions=False)


def test_list_names_every_model_and_what_is_here(folder):
    (folder / TINY.file).write_bytes(CONTENT)
    lines = swf("list").stdout.splitlines()
    assert [line.split()[0] for line in lines[:-1]] == [model.name for model in catalog.CATALOG]
    assert "here" in lines[-2]
    assert lines[-1] == f"files: {folder}"


def test_json_is_for_programs(folder):
    facts = json.loads(swf("list", "--json").stdout)
    assert {fact["name"]: fact["here"] for fact in facts}["tiny"] is False
    fact = json.loads(swf("info", "smollm2-135m", "--json").stdout)
    assert fact["sha256"] == CATALOG[2].sha256
    assert "license  Apache-2.0" in swf("info", "smollm2-135m").stdout


def test_pull_of_a_present_model_prints_its_file(folder):
    (folder / TINY.file).write_bytes(CONTENT)
    assert swf("pull", "tiny").stdout == f"tiny: {folder / TINY.file}\n"


def test_pull_without_a_source_is_an_error_with_a_hint(folder):
    with pytest.raises(DownloadError) as error:
        swf("pull", "tiny")
    assert "swf models pull tiny" in error.value.hint


def test_verify_tells_whole_from_damaged(folder):
    assert "no model files" in swf("verify").stdout
    (folder / TINY.file).write_bytes(CONTENT)
    assert swf("verify").stdout == f"tiny: whole, {folder / TINY.file}\n"
    (folder / TINY.file).write_bytes(CONTENT[:-1] + b"?")
    with pytest.raises(DownloadError, match="damaged"):
        swf("verify", "tiny")


def test_an_unknown_name_is_told(folder):
    with pytest.raises(NotFoundError, match="'nope'"):
        swf("info", "nope")
