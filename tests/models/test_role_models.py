import tomllib

import pytest

from swfactory.errors import ConfigError, InputError
from swfactory.models.role_models import drop_role_model, set_role_model

URL = "llama:qwen2.5-coder-0.5b?adapter=repair"
LINE = f'engineer = "{URL}"'


@pytest.fixture
def file(tmp_path):
    return tmp_path / "deep" / "config.toml"


def written(file, text):
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    return file


def test_the_file_is_made_when_there_is_none(file):
    assert set_role_model(file, "engineer", URL) == LINE
    assert file.read_text() == f"[role_models]\n{LINE}\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("# mine\nseed = 3 # three\n", f"# mine\nseed = 3 # three\n\n[role_models]\n{LINE}\n"),
        (
            "[role_models] # roles\n# who reviews\nreviewer = 'hf:x'  # slow\n",
            f"[role_models] # roles\n# who reviews\nreviewer = 'hf:x'  # slow\n{LINE}\n",
        ),
        (
            '[role_models]\nengineer = "old" # keep # this\nwriter="w"\n',
            f'[role_models]\n{LINE} # keep # this\nwriter="w"\n',
        ),
        ('[role_models]\nwriter="w"\n\n\n[other]\nx=1\n', f'[role_models]\nwriter="w"\n{LINE}\n\n\n[other]\nx=1\n'),
        ("[role_models]\n'engineer' = 'a#b'\n", f"[role_models]\n'engineer'{LINE.removeprefix('engineer')}\n"),
        ("[role_models]\n", f"[role_models]\n{LINE}\n"),
        (
            'role_models = { writer = "w" } # one line\nseed = 1\n',
            f'role_models = {{ writer = "w", {LINE}}} # one line\nseed = 1\n',
        ),
        ("role_models.engineer = 'old' # why\nseed = 1\n", f"role_models.{LINE} # why\nseed = 1\n"),
    ],
)
def test_everything_else_stays(file, before, after):
    set_role_model(written(file, before), "engineer", URL)
    assert file.read_text() == after
    assert tomllib.loads(after)["role_models"]["engineer"] == URL


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            f"seed = 1\n[role_models]\n# best\n{LINE} # why\nwriter = 'w'\n",
            "seed = 1\n[role_models]\n# best\nwriter = 'w'\n",
        ),
        (f"role_models = {{ {LINE}, writer = 'w' }} # x\n", "role_models = {  writer = 'w' } # x\n"),
        (f"role_models = {{ {LINE} }}\n", "role_models = {  }\n"),
        (f"role_models.{LINE}\nseed = 1\n", "seed = 1\n"),
    ],
)
def test_taking_out_leaves_the_rest(file, before, after):
    assert drop_role_model(written(file, before), "engineer") == URL
    assert file.read_text() == after


def test_a_text_of_several_lines_is_one_value(file):
    set_role_model(written(file, '[role_models]\nengineer = """\na"""\n'), "engineer", URL)
    assert file.read_text() == f"[role_models]\n{LINE}\n"


def test_models_that_are_no_table_are_left_to_a_hand(file):
    with pytest.raises(ConfigError, match="no table") as error:
        set_role_model(written(file, "role_models = 3\n"), "engineer", URL)
    assert "edit [role_models]" in error.value.hint
    assert file.read_text() == "role_models = 3\n"


def test_a_file_that_is_no_toml_is_not_touched(file):
    with pytest.raises(ConfigError, match="not valid TOML"):
        set_role_model(written(file, "seed = = 3"), "engineer", URL)
    assert file.read_text() == "seed = = 3"


@pytest.mark.parametrize("role", ["", "a b", "x]\n[y", "Engineer", 'a"b', "a.b"])
def test_a_hostile_role_is_refused(file, role):
    with pytest.raises(InputError, match="name of a role"):
        set_role_model(file, role, URL)
    assert not file.exists()


def test_a_role_without_a_model_is_told(file):
    with pytest.raises(InputError, match="'writer' no model"):
        drop_role_model(written(file, f"[role_models]\n{LINE}\n"), "writer")


def test_a_link_and_the_rights_of_the_file_stay(file, tmp_path):
    written(file, "").chmod(0o600)
    link = tmp_path / "link.toml"
    link.symlink_to(file)
    set_role_model(link, "engineer", URL)
    assert link.is_symlink()
    assert file.stat().st_mode & 0o777 == 0o600
    assert LINE in file.read_text()
