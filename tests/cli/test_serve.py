"""``swf serve`` and ``swf stop`` as they are typed."""

from __future__ import annotations

import os
import signal
import socket
import subprocess

import httpx
import pytest


def test_a_server_says_where_it_is_serves_and_ends_when_it_is_asked_to(argv, env, tmp_path) -> None:
    process = subprocess.Popen(
        argv("serve", "--port", "0", "--no-page"),
        env=env,
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        line = process.stdout.readline()
        address = line.split()[2]
        assert line == f"serving at {address}  (Ctrl-C ends it)\n"
        assert httpx.get(f"{address}/readyz").json() == {"status": "ok"}
        assert httpx.get(f"{address}/runs").json()["runs"] == []
    finally:
        os.kill(process.pid, signal.SIGTERM)
        _, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, "")


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7"])
def test_a_server_for_others_needs_a_token(cli, host) -> None:
    answer = cli("serve", "--host", host, "--port", "0", "--no-page")
    assert answer.status == 2
    assert repr(host) in answer.err
    assert "SWF_SERVE_TOKENS" in answer.err


def test_a_port_that_is_taken_is_told(cli) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        answer = cli("serve", "--port", str(other.getsockname()[1]), "--no-page")
    assert answer.status == 2
    assert "cannot listen at 127.0.0.1" in answer.err
    assert "swf serve --port 0" in answer.err


def test_a_missing_extra_is_named(swf, env, tmp_path) -> None:
    (tmp_path / "uvicorn.py").write_text("raise ModuleNotFoundError(\"No module named 'uvicorn'\", name='uvicorn')\n")
    env["PYTHONPATH"] = f"{tmp_path}{os.pathsep}{env['PYTHONPATH']}"
    done = swf("serve")
    assert done.returncode == 1
    assert "pip install -c constraints/locked.txt -e '.[serve]'" in done.stderr


def test_stopping_takes_a_queued_run_back_and_refuses_one_that_nobody_works_on(cli, env) -> None:
    from pathlib import Path

    from swfactory.config import Settings
    from tests.cli.host import make

    with make(Settings(data_dir=Path(env["SWF_DATA_DIR"]))) as factory:
        run = factory.enqueue("Write 1 files")
    answer = cli("stop", "last")
    assert (answer.status, answer.err) == (0, "")
    assert answer.out == f"{run.id} is interrupted;  swf resume {run.id}  goes on\n"
    again = cli("stop", run.id)
    assert again.status == 2
    assert "not at work (interrupted)" in again.err
    assert cli("stop", "nope").status == 2
