"""A process that works off what is enqueued until it is killed; run as ``python -m tests.runtime.serve ORDER``."""

import json
import os
import sys
import time
from pathlib import Path

from swfactory.config import Settings
from swfactory.runtime import AsyncFactory, Worker
from swfactory.testing.chat import ScriptedChatModel
from tests.runtime.conftest import NoSandbox, answer

if __name__ == "__main__":
    order = json.loads(sys.argv[1])
    os.environ["TOY_TRACE"] = order["trace"]
    factory = AsyncFactory(
        Settings(data_dir=Path(order["data_dir"]), model="scripted:toy"),
        build_model=lambda url, settings: ScriptedChatModel(answer, pause=order["pause"]),
        sandbox=NoSandbox(),
    )
    Worker(factory).start()
    while True:
        time.sleep(1)
