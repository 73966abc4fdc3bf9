"""What a long run of the real graph leaves on disk."""

from pathlib import Path

from swfactory.config import Settings
from swfactory.domain.budget import Budget
from swfactory.domain.execution import Execution
from swfactory.domain.requirement import Requirement
from swfactory.runtime import AsyncFactory
from swfactory.testing.chat import ScriptedChatModel
from swfactory.testing.sandbox import ScriptedSandbox
from tests.graphs.conftest import GOOD, TEXT, fenced, kind, team

ROUNDS = 104
"""Half of them may be in vain."""


def unlike(request) -> str:
    """Every candidate is another program, so that the state remembers as much as it can."""
    if kind(request) in {"code", "infill", "repair"}:
        return fenced(f"{GOOD}# {request.sampling.seed}\n" + "# padding\n" * 20)
    return team()(request)


async def test_a_run_of_sixty_steps_stays_under_five_megabytes(tmp_path: Path):
    with AsyncFactory(
        Settings(data_dir=tmp_path, model="scripted:team"),
        build_model=lambda url, settings: ScriptedChatModel(unlike),
        sandbox=ScriptedSandbox(lambda command: Execution(exit_code=1)),
    ) as factory:
        budget = Budget(max_tokens=None, max_rounds=ROUNDS)
        handle = await factory.start(Requirement.parse(TEXT), budget=budget)
        largest = 0
        async for event in handle.events():
            if event.kind == "step":
                folder = tmp_path / "runs" / event.run
                largest = max(largest, sum(path.stat().st_size for path in folder.glob("checkpoints.db*")))
        run = await handle.result()
        assert run.status == "exhausted"
        assert len(factory.history(run.id)) >= 60
        assert 0 < largest < 5_000_000
