"""What all tests share: a real sandbox, and the rule for tests that need a model file.

Those are skipped with a reason where the file is missing, failed where it is required.
"""

from __future__ import annotations

import os
from collections.abc import Generator, Iterator

import pytest

from swfactory.config import Settings
from swfactory.models.catalog import find_model
from swfactory.sandbox.bubblewrap import BubblewrapSandbox

_DEFAULT = "qwen2.5-coder-1.5b"

os.environ["SWF_EXPERIENCE"] = "0"
"""Runs of tests teach nothing, but where a test is about it: what is learnt is embedded, which takes its time."""

os.environ.setdefault("OMP_NUM_THREADS", "1")
"""Torch's threads of several workers wait for each other; for models of two layers one is faster anyway."""


def pytest_runtest_setup(item: pytest.Item) -> None:
    marker = item.get_closest_marker("model")
    if marker is None:
        return
    model = find_model(marker.args[0] if marker.args else _DEFAULT)
    if not (Settings().model_files / model.file).is_file():
        pytest.skip(f"the model file is missing: swf models pull {model.name}")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With ``SWF_REQUIRE_MODEL=1``, as in CI, a test that a missing model would skip is a failure."""
    report = yield
    if report.skipped and os.environ.get("SWF_REQUIRE_MODEL") and item.get_closest_marker("model"):
        report.outcome = "failed"
        if isinstance(report.longrepr, tuple):
            report.longrepr = f"{report.longrepr[2]}; SWF_REQUIRE_MODEL forbids to skip it"
    return report


@pytest.fixture(scope="session")
def bubblewrap(tmp_path_factory) -> Iterator[BubblewrapSandbox]:
    sandbox = BubblewrapSandbox(tmp_path_factory.mktemp("cache"))
    sandbox.check()
    return sandbox
