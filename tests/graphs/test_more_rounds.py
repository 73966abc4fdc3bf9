"""A run of the real graph that has used up its repair rounds, or got nowhere, goes on when it is given more."""

import pytest

from swfactory.config import Settings
from swfactory.domain.budget import Budget
from swfactory.errors import InputError
from swfactory.runtime import AsyncFactory
from swfactory.testing.chat import ScriptedChatModel
from tests.graphs.conftest import GOOD, HALF, TEXT, fenced, team


@pytest.mark.parametrize(("rounds", "bound"), [(0, "rounds"), (1, "rounds"), (4, "stall")])
async def test_a_run_without_rounds_goes_on_with_more(tmp_path, bubblewrap, rounds, bound):
    late = 100 * (rounds + 1)
    script = team(
        code=fenced(HALF), infill=lambda request: fenced(GOOD if request.sampling.seed >= min(late, 300) else HALF)
    )
    settings = Settings(data_dir=tmp_path / "data", model="scripted:team")
    with AsyncFactory(
        settings, build_model=lambda url, settings: ScriptedChatModel(script), sandbox=bubblewrap
    ) as factory:
        run = await (await factory.start(TEXT, budget=Budget(max_rounds=rounds))).result()
        assert (run.status, factory.delivery(run.id).exhausted) == ("exhausted", bound)
        with pytest.raises(InputError, match="rounds" if bound == "rounds" else "no more progress") as refused:
            await factory.resume(run.id)
        assert "--max-rounds" in refused.value.hint
        run = await (await factory.resume(run.id, budget=Budget(max_rounds=12))).result()
        assert (run.status, factory.delivery(run.id).exhausted) == ("delivered", None)
        assert factory.delivery(run.id).rounds == min(rounds, 2) + 1
