import json
import subprocess
import sys

import pytest

from swfactory.errors import InputError, NotFoundError, StoreError
from swfactory.finetune.export import compressor, quantised
from swfactory.finetune.export.quantised import Compressor, calibration_ids


class Words:
    """A tokenizer that counts words."""

    def apply_chat_template(self, turns, tokenize):
        return " ".join(turn["content"] for turn in turns)

    def __call__(self, text, add_special_tokens):
        return {"input_ids": list(range(len(text.split())))}


def row(text):
    turns = [{"role": "user", "content": text}, {"role": "assistant", "content": ""}]
    return json.dumps({"messages": turns})


def test_texts_are_cut_and_counted(tmp_path):
    file = tmp_path / "train.jsonl"
    file.write_text("\n".join(row("word " * count) for count in (2, 3, 900, 4)) + "\n")
    assert [len(ids) for ids in calibration_ids(Words(), tmp_path, most=3)] == [2, 3, 512]
    assert len(calibration_ids(Words(), file)) == 4


def test_a_line_that_is_no_conversation_is_named(tmp_path):
    file = tmp_path / "train.jsonl"
    file.write_text(row("a") + '\n{"text": 3}\n')
    with pytest.raises(InputError, match=r"train\.jsonl:2"):
        calibration_ids(Words(), tmp_path)
    file.write_text("")
    with pytest.raises(InputError, match="no conversation"):
        calibration_ids(Words(), tmp_path)
    with pytest.raises(NotFoundError, match="none"):
        calibration_ids(Words(), tmp_path / "none")


@pytest.fixture
def installer(tmp_path, monkeypatch):
    """A uv that notes what it is asked for, and fails when told to."""
    log = tmp_path / "log"
    uv = tmp_path / "uv"
    uv.write_text(f'#!/bin/sh\necho "$@" >> {log}\nif [ -f {tmp_path}/fail ]; then echo no network; exit 2; fi\n')
    uv.chmod(0o755)
    monkeypatch.setattr(quantised.shutil, "which", lambda name: str(uv))
    return log


def test_the_environment_is_made_once(tmp_path, installer):
    home, told = tmp_path / "tools" / "env", []
    home.mkdir(parents=True)
    (home / "half").touch()  # an installation that was interrupted
    worker = Compressor(home, told.append)
    installer.with_name("fail").touch()
    with pytest.raises(StoreError, match=r"cannot be installed.*\nno network"):
        worker.prepare()
    installer.with_name("fail").unlink()
    installer.unlink()
    with pytest.raises(FileNotFoundError):
        worker.prepare()  # the uv of this test makes no folder to mark as whole
    assert installer.read_text().splitlines() == [
        f"venv {home}",
        f"pip install --python {home}/bin/python llmcompressor>=0.14,<0.15",
    ]


def test_the_compressor_needs_nothing_of_ours():
    code = (
        f"import sys, runpy; runpy.run_path({compressor.__file__!r});"
        "print([name for name in sys.modules if 'swfactory' in name])"
    )
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, text=True, cwd="/")
    assert done.stdout.strip() == "[]", done.stderr
