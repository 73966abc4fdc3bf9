import json

import pytest
from click.testing import CliRunner

from swfactory.cli.adapters import adapters
from swfactory.config import Settings, load_settings
from swfactory.errors import InputError, NotFoundError
from swfactory.models.adapters import AdapterCard, AdapterStore, Score


@pytest.fixture
def store(tmp_path, monkeypatch):
    monkeypatch.setenv("SWF_DATA_DIR", str(tmp_path / "data"))
    (tmp_path / "config.toml").touch()
    monkeypatch.setenv("SWF_CONFIG", str(tmp_path / "config.toml"))
    for name in ("SWF_MODEL", "SWF_ROLE_MODELS"):
        monkeypatch.delenv(name, raising=False)
    return AdapterStore(tmp_path / "data" / "adapters")


def add(store, name="repair", **facts):
    base = store.root.parent / "base"
    base.mkdir(parents=True, exist_ok=True)
    (base / "config.json").write_text('{"model_type": "qwen2", "hidden_size": 8}')
    card = {"name": name, "base": str(base), "method": "qlora", "role": "engineer", "exports": {"peft": "peft"}}
    with store.adding(name) as folder:
        (folder / "peft").mkdir()
        store.write_card(AdapterCard(**card | facts), folder)
    return str(base)


def swf(*args, **options):
    return CliRunner().invoke(adapters, args, catch_exceptions=False, **options)


SCORE = Score(suite="repair", passed=70, total=120, value=0.583, base=0.4, low=0.08, high=0.27)


def test_an_empty_store_says_what_fills_it(store):
    assert "swf adapters import" in swf("list").stdout


def test_list_shows_role_forms_and_last_scores(store):
    old = SCORE.model_copy(update={"passed": 1})
    add(store, scores=(old, SCORE))
    (line,) = swf("list").stdout.splitlines()
    assert line.split()[0] == "repair"
    assert "qlora" in line
    assert "engineer" in line
    assert "repair 70/120 (base 0.4, 95 % +0.08 to +0.27)" in line
    assert "1/120" not in line
    (card,) = json.loads(swf("list", "--json").stdout)
    assert card["scores"][1]["passed"] == 70


def test_a_damaged_card_does_not_hide_the_others(store):
    add(store)
    add(store, "broken")
    (store.folder("broken") / "card.json").write_text("{")
    result = swf("list")
    assert result.stdout.startswith("repair")
    assert result.stderr == "broken: its card is damaged;  swf adapters remove broken\n"


def test_show_tells_everything(store):
    add(store, data={"mutants": "abc"}, facts={"steps": 40}, recipe="base: x\nsteps: 40\n", scores=(SCORE,))
    text = swf("show", "repair").stdout
    for word in ("method               qlora", "data mutants         abc", "steps                40", "  steps: 40"):
        assert word in text
    assert json.loads(swf("show", "repair", "--json").stdout)["facts"] == {"steps": 40}
    with pytest.raises(NotFoundError, match="'none'"):
        swf("show", "none")


def test_use_writes_one_line_and_unuse_takes_it_out(store, tmp_path):
    base = add(store)
    config = tmp_path / "config.toml"
    config.write_text("seed = 3  # lucky\n")
    line = f'engineer = "hf:{base}?adapter=repair"'
    assert swf("use", "engineer=repair").stdout == f"{config}: {line}\n"
    assert config.read_text() == f"seed = 3  # lucky\n\n[role_models]\n{line}\n"
    assert load_settings().role_models == {"engineer": f"hf:{base}?adapter=repair"}
    assert "it gets llama:qwen2.5-coder-1.5b" in swf("unuse", "engineer").stdout
    assert load_settings().role_models == {}
    assert config.read_text().startswith("seed = 3  # lucky\n")


def test_use_makes_a_settings_file_that_is_missing(store, tmp_path, monkeypatch):
    add(store)
    config = tmp_path / "new.toml"
    monkeypatch.setenv("SWF_CONFIG", str(config))
    assert swf("use", "engineer=repair").stdout.startswith(f"{config}: ")
    assert list(load_settings().role_models) == ["engineer"]


def test_use_tells_when_the_environment_wins(store, monkeypatch):
    add(store)
    monkeypatch.setenv("SWF_ROLE_MODELS", '{"engineer": "hf:org/other"}')
    assert "SWF_ROLE_MODELS says otherwise" in swf("use", "engineer=repair").stderr


@pytest.mark.parametrize(("pair", "word"), [("enginer=repair", "did you mean engineer"), ("machine=repair", "roles: ")])
def test_an_unknown_role_is_told(store, pair, word):
    add(store)
    with pytest.raises(InputError) as error:
        swf("use", pair)
    assert word in error.value.hint


def test_compare_shows_what_differs(store):
    add(store, method="lora", recipe="steps: 40\nrate: 1\n", scores=(SCORE,), facts={"loss": 0.5})
    add(store, "second", recipe="steps: 80\nrate: 1\n", facts={"loss": 0.5})
    lines = swf("compare", "repair", "second").stdout.splitlines()
    assert any(line.split() == ["method", "lora", "qlora"] for line in lines)
    assert not any(line.startswith(("loss", "base ", "role")) for line in lines)
    assert any(line.startswith("repair") and "70/120" in line and line.endswith(" -") for line in lines)
    assert [line for line in lines if line.startswith(("-s", "+s"))] == ["-steps: 40", "+steps: 80"]


def test_remove_asks_and_tells_who_uses_it(store):
    add(store)
    swf("use", "engineer=repair")
    result = swf("remove", "repair", input="n\n")
    assert result.exit_code == 1
    assert "engineer uses it;  swf adapters unuse engineer" in result.stderr
    assert store.names() == ("repair",)
    assert "removed" in swf("remove", "repair", "--yes").stdout
    assert store.names() == ()
    with pytest.raises(InputError, match="cannot be called"):
        swf("remove", "../data", "--yes")


def test_export_tells_where_it_is_and_how_near(store, monkeypatch, tmp_path):
    from swfactory.finetune.export import exporter
    from swfactory.finetune.export.parity import Parity

    class Fake:
        def __init__(self, name, settings, report, **options):
            report(f"{name} {sorted(key for key, value in options.items() if value)}")

        def export(self, form):
            parity = Parity(tokens=9, mean=0.00123, largest=0.02, piece="def", place=4)
            return exporter.Exported(path=tmp_path / form, parity=parity)

    monkeypatch.setattr(exporter, "Exporter", Fake)
    result = swf("export", "repair", "--to", "merged-gguf", "--over", "base.gguf")
    assert result.stderr == "repair ['over', 'precision']\n"
    assert result.stdout.splitlines()[0] == str(tmp_path / "merged-gguf")
    assert "0.0012 apart" in result.stdout
    assert set(exporter.FORMS) == {"gguf", "merged", "merged-gguf", "gptq", "awq", "smoothquant", "w8a8"}
    assert "'awq'" in swf("export", "repair", "--to", "onnx").output


def test_import_says_what_comes_next(store, tmp_path):
    import struct

    folder = tmp_path / "checkpoint"
    folder.mkdir()
    (folder / "adapter_config.json").write_text('{"peft_type": "LORA"}')
    head = b"{}"
    (folder / "adapter_model.safetensors").write_bytes(struct.pack("<Q", len(head)) + head)
    result = swf("import", str(folder), "--name", "theirs", "--base", "qwen2.5-coder-0.5b")
    assert result.stdout == "theirs: lora on qwen2.5-coder-0.5b;  swf adapters export theirs --to gguf\n"
    assert Settings().data_dir == store.root.parent
    assert store.card("theirs").base == "qwen2.5-coder-0.5b"
