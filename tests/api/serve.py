"""A server with the toy graph and a model from a script, until it is ended; run as ``python -m tests.api.serve``."""

import json
import os
import sys
from pathlib import Path

from swfactory.api.server import run_server
from swfactory.config import Settings
from swfactory.runtime import AsyncFactory
from swfactory.testing.chat import ScriptedChatModel
from tests.runtime.conftest import NoSandbox, answer

if __name__ == "__main__":
    order = json.loads(sys.argv[1])
    os.environ["TOY_TRACE"] = order["trace"]
    settings = Settings(
        data_dir=Path(order["data_dir"]), model="scripted:toy", serve_port=0, serve_workers=order.get("workers", 1)
    )
    with AsyncFactory(
        settings,
        build_model=lambda url, settings: ScriptedChatModel(answer, pause=order.get("pause", 0.0)),
        sandbox=NoSandbox(),
    ) as factory:
        run_server(factory, lambda address: print(address, flush=True), page=order.get("page", False))
