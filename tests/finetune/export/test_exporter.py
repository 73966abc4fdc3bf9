"""Exports of adapters of the store, from end to end on tiny models."""

import json
import sys

import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")
pytest.importorskip("gguf")
pytest.importorskip("xllamacpp")

from peft import IA3Config

from swfactory.errors import ConfigError, InputError, ModelUnavailable, NotFoundError, StoreError
from swfactory.finetune.export import exporter as exporter_module
from swfactory.finetune.export import gguf_lora
from swfactory.finetune.export.exporter import Exporter
from swfactory.finetune.export.families import Layout
from swfactory.finetune.export.merged import load_tokenizer, load_tuned
from swfactory.finetune.export.overlay import ModelFile
from swfactory.finetune.export.parity import make_probes, transformers_scores
from swfactory.models import create_chat_model
from swfactory.models.stamp import file_digest
from tests.finetune.export import tiny
from tests.finetune.export.conftest import Base

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning:transformers", "ignore::UserWarning:peft")


class Unarranged(Layout):
    """A layout whose author did not know that the rows of q and k change places."""

    def arrange(self, module, rows):
        return rows


@pytest.fixture
def export(settings):
    def run(form, name="mine", **options):
        return Exporter(name, settings, lambda line: None, **options).export(form)

    return run


def left(store, name="mine"):
    return sorted(path.name for path in store.folder(name).iterdir() if path.name not in {"card.json", ".lock"})


@pytest.mark.parametrize("kind", ["qwen2", "llama", "gemma"])
def test_a_gguf_lora_is_kept_with_its_parity_and_served_by_name(bases, keep, export, settings, kind):
    base = bases(kind)
    store = keep(base)
    url = f"llama:{base.file}?adapter=mine"
    with pytest.raises(ConfigError, match="does not fit"):
        create_chat_model(url, settings)
    done = export("gguf", over=base.file)
    card = store.card("mine")
    assert card.exports == {"peft": "peft", "gguf": "adapter.gguf"}
    assert done.path == store.export("mine", "gguf")
    assert card.facts["parity_gguf"] == pytest.approx(done.parity.mean, abs=1e-4)
    assert done.parity.mean < 0.05
    assert card.facts["parity_gguf_rounded"] < 0.05  # the file is of float32
    assert card.proved == (file_digest(base.file),)
    assert create_chat_model(url, settings).adapters == (done.path,)


def test_a_quantised_file_of_the_base_does_not_hide_the_adapter(bases, keep, export, tmp_path):
    base, rough = bases("llama"), tmp_path / "rough.gguf"
    source = ModelFile(base.file, "llama")
    renewals = {name: lambda old: old for name in source.names if "norm" not in name}
    source.copy(rough, renewals, "q8_0")
    store = keep(base)
    done = export("gguf", over=rough)
    assert done.parity.mean < 0.05 < store.card("mine").facts["parity_gguf_rounded"]


def test_an_export_that_does_not_agree_is_not_kept(bases, keep, export, monkeypatch):
    base = bases("llama")
    store = keep(base)
    monkeypatch.setattr(gguf_lora, "Layout", Unarranged)
    with pytest.raises(InputError, match=r"log-probabilities are \d\.\d+ apart .* at token \d+, '.*'; it was not kept"):
        export("gguf", over=base.file)
    assert store.card("mine").exports == {"peft": "peft"}
    assert store.card("mine").proved == ()
    assert left(store) == ["peft"]


def test_another_models_file_is_told(bases, keep, export, tmp_path):
    store = keep(bases("qwen2"))
    other = tiny.save_gguf(tiny.save_model(tmp_path / "other", "qwen2", seed=5), tmp_path / "other.gguf")
    with pytest.raises(InputError, match=r"'other\.gguf' is not the base .* 1\.\d of its length away"):
        export("gguf", over=other)
    assert left(store) == ["peft"]


@pytest.mark.parametrize("kind", ["qwen2", "llama"])
def test_merged_weights_carry_tokenizer_and_template(bases, keep, export, kind):
    from transformers import AutoTokenizer

    store = keep(bases(kind))
    done = export("merged")
    assert done.parity.mean < 0.001
    assert AutoTokenizer.from_pretrained(done.path).chat_template == tiny.TEMPLATE
    assert left(store) == ["merged", "peft"]


@pytest.mark.parametrize(
    ("kind", "precision", "options"),
    [
        ("llama", "f16", {}),
        ("llama", "f16", {"use_dora": True}),
        ("llama", "f16", {"config": IA3Config(task_type="CAUSAL_LM")}),
        ("qwen2", "f16", {"modules_to_save": ["lm_head", "norm"], "target_modules": ["q_proj"]}),
    ],
    ids=["llama", "dora", "ia3", "modules_to_save"],
)
def test_a_merged_gguf_says_what_the_adapter_says(bases, keep, export, tmp_path, kind, precision, options):
    import gguf

    base = bases(kind)
    adapter = tiny.save_adapter(base.folder, tmp_path / "adapter", **options) if options else base.adapter
    store = keep(base, adapter)
    done = export("merged-gguf", over=base.file, precision=precision)
    assert store.card("mine").exports["merged-gguf"] == "merged.gguf"
    made, before = gguf.GGUFReader(done.path), gguf.GGUFReader(base.file)
    same = set(before.fields) - {"general.file_type", "GGUF.tensor_count", "GGUF.kv_count"}
    assert {key: made.fields[key].contents() for key in same} == {key: before.fields[key].contents() for key in same}
    kinds = {tensor.name: tensor.tensor_type.name for tensor in made.tensors}
    assert precision.upper() in kinds.values()
    assert kinds["token_embd.weight"] == "F32"  # nothing changed it


def test_a_model_of_which_every_weight_was_trained_is_served_by_llama(bases, keep, export, settings, tmp_path):
    from transformers import AutoModelForCausalLM, AutoTokenizer

    base = bases("qwen2")
    tuned = load_tuned(base.folder, base.adapter).merge_and_unload()
    tuned.save_pretrained(tmp_path / "whole")
    AutoTokenizer.from_pretrained(base.folder).save_pretrained(tmp_path / "whole")
    store = keep(base, tmp_path / "whole", method="full", exports={"merged": "peft"})
    for form in ("gguf", "merged"):
        with pytest.raises(InputError, match="every weight of 'mine' was trained") as error:
            export(form, over=base.file)
        assert error.value.hint.endswith("--to merged-gguf")
    done = export("merged-gguf", over=base.file, precision="f16")
    assert done.parity.mean < 0.05
    model = create_chat_model(f"llama:{base.file}?adapter=mine", settings)
    assert (model.path, model.adapters) == (store.export("mine", "merged-gguf"), ())
    assert AutoModelForCausalLM.from_pretrained(create_chat_model(f"hf:{base.folder}?adapter=mine", settings).source)


def test_a_base_whose_weights_are_others_now_is_refused(bases, keep, export):
    store = keep(bases("qwen2"), base_digest="0" * 64)
    with pytest.raises(InputError, match="is another one now"):
        export("merged")
    assert left(store) == ["peft"]


def test_a_merged_gguf_may_be_of_8_bits(keep, export, tmp_path):
    import gguf

    folder = tiny.save_model(tmp_path / "base", "qwen2", spread=0.1)
    file = tiny.save_gguf(folder, tmp_path / "base.gguf")
    adapter = tiny.save_adapter(folder, tmp_path / "adapter", strength=0.05)
    keep(Base("qwen2", folder, file, adapter))
    made = gguf.GGUFReader(export("merged-gguf", over=file).path)
    kinds = {tensor.name: tensor.tensor_type.name for tensor in made.tensors}
    assert (kinds["blk.0.attn_q.weight"], kinds["token_embd.weight"]) == ("Q8_0", "F32")


def test_a_merged_gguf_over_another_family_is_refused(bases, keep, export):
    store = keep(bases("qwen2"))
    with pytest.raises(InputError, match="model of 'llama' and the base one of 'qwen2'"):
        export("merged-gguf", over=bases("llama").file)
    assert left(store) == ["peft"]


def test_without_a_file_of_the_base_the_flag_is_named(bases, keep, export):
    keep(bases("qwen2"))
    with pytest.raises(InputError, match="no GGUF file of the base") as error:
        export("gguf")
    assert "--over" in error.value.hint
    with pytest.raises(NotFoundError, match=r"none\.gguf"):
        export("gguf", over=bases("qwen2").file.with_name("none.gguf"))


def test_an_adapter_of_another_width_does_not_load(bases, keep, export, tmp_path):
    store = keep(bases("qwen2"), base=str(bases("llama").folder), base_digest="")
    weights = store.export("mine", "peft") / "adapter_model.safetensors"
    from safetensors.numpy import load_file, save_file

    save_file({name: tensor[..., :-1] for name, tensor in load_file(weights).items()}, weights)
    with pytest.raises(InputError, match="does not fit the base"):
        export("merged")
    assert left(store) == ["peft"]


def test_a_base_that_is_gone_is_named(bases, keep, export):
    keep(bases("qwen2"), base="./gone")
    with pytest.raises(ModelUnavailable, match=r"'\./gone'"):
        export("merged")
    keep(bases("qwen2"), name="catalogued", base="qwen2.5-coder-0.5b", base_digest="1d9614638d18024d")
    with pytest.raises(ConfigError, match="not on this machine"):
        export("merged", name="catalogued")


def test_a_full_disk_leaves_nothing_registered(bases, keep, export, monkeypatch):
    base = bases("qwen2")
    store = keep(base)

    def full(peft, config, target, *, name):
        target.write_text("half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exporter_module, "write_gguf_lora", full)
    with pytest.raises(StoreError, match="No space left"):
        export("gguf", over=base.file)
    assert left(store) == ["peft"]


@pytest.fixture
def interpreter(settings):
    """An environment whose python is a shell script."""
    home = settings.data_dir / "tools" / "llm-compressor"
    (home / "bin").mkdir(parents=True)
    (home / "whole.txt").write_text("llmcompressor>=0.14,<0.15")
    python = home / "bin" / "python"

    def make(body):
        python.write_text(f"#!/bin/sh\nset -e\n{body}\n")
        python.chmod(0o755)

    return make


@pytest.fixture
def data(tmp_path):
    folder = tmp_path / "set"
    folder.mkdir()
    turns = [{"role": "user", "content": "add"}, {"role": "assistant", "content": "def add(a, b): return a + b"}]
    (folder / "train.jsonl").write_text(json.dumps({"messages": turns}) + "\n")
    return folder


@pytest.fixture
def worker(bases, interpreter, tmp_path):
    """A program in place of the compressor: it copies the model, and tells scores that are off by so much."""

    def make(off):
        base = bases("qwen2")
        probes = make_probes(load_tokenizer(base.folder, base.adapter))
        said = transformers_scores(load_tuned(base.folder, base.adapter), probes)
        answer = tmp_path / "scores.json"
        answer.write_text(json.dumps({"scores": [[score + off for score in row] for row in said]}))
        code = tmp_path / "worker.py"
        code.write_text(
            "import json, pathlib, shutil, sys\n"
            "job = json.loads(pathlib.Path(sys.argv[2]).read_text())\n"
            "assert job['form'] == 'gptq' and len(job['calibration']) == 1 and job['probes']\n"
            "target = pathlib.Path(job['target'])\n"
            "target.mkdir()\n"
            "for name in ('config.json', 'model.safetensors'):\n"
            "    shutil.copyfile(pathlib.Path(job['model'], name), target / name)\n"
            f"shutil.copyfile({str(answer)!r}, job['result'])\n"
        )
        interpreter(f'exec {sys.executable} {code} "$@"')

    return make


def test_quantised_weights_are_measured_and_kept(bases, keep, export, worker, data):
    store = keep(bases("qwen2"))
    worker(0.2)
    done = export("gptq", data=data)
    assert done.parity.mean == pytest.approx(0.2, abs=0.01)
    assert (done.path / "tokenizer.json").is_file()
    assert (done.path / "model.safetensors").is_file()
    assert left(store) == ["gptq", "peft"]


def test_quantised_weights_that_babble_are_not_kept(bases, keep, export, worker, data):
    store = keep(bases("qwen2"))
    worker(0.9)
    with pytest.raises(InputError, match=r"'gptq'.*most allowed: 0\.5"):
        export("gptq", data=data)
    assert left(store) == ["peft"]


def test_a_compressor_that_fails_tells_its_last_lines(bases, keep, export, interpreter, data):
    store = keep(bases("qwen2"))
    interpreter("echo torch.OutOfMemoryError: no memory >&2; exit 3")
    with pytest.raises(StoreError, match=r"'gptq' \(status 3\):\ntorch.OutOfMemoryError"):
        export("gptq", data=data)
    assert left(store) == ["peft"]


def test_quantisation_wants_texts(bases, keep, export):
    keep(bases("qwen2"))
    with pytest.raises(InputError, match="calibrated") as error:
        export("w8a8")
    assert "--data" in error.value.hint


def test_awq_needs_an_accelerator(bases, keep, export, monkeypatch):
    import torch

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    keep(bases("qwen2"))
    with pytest.raises(InputError, match="AWQ needs an accelerator") as error:
        export("awq")
    assert "gptq" in error.value.hint
