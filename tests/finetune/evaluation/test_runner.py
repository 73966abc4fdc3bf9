from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from swfactory.errors import InputError, ModelUnavailable, NotFoundError
from swfactory.finetune.evaluation import Progress, Scored, evaluate
from swfactory.finetune.evaluation.suite import Measured
from tests.finetune.evaluation.fakes import CONDITIONS, TableSuite, both, subject

TABLE = {
    id: {"base-diff": [False], "base-function": [passed], "adapted-diff": [True]}
    for id, passed in (("a", True), ("b", False), ("c", False))
}


async def run(suite: TableSuite, folder: Path, **options) -> tuple[Scored, list[Progress]]:
    told: list[Progress] = []
    options = {"conditions": CONDITIONS, **options}
    scored = await evaluate([suite], both([], []), folder=folder, report=told.append, **options)
    return scored, told


async def test_both_models_answer_the_same_items_and_scores_are_kept(tmp_path: Path) -> None:
    suite = TableSuite(TABLE)
    scored, told = await run(suite, tmp_path)
    assert suite.asked == [(arm, id) for arm in ("base-diff", "base-function", "adapted-diff") for id in "abc"]
    assert [one.done for one in told] == [1, 2, 3] * 3
    assert scored.suites[0].tally.comparison.gained == ("b", "c")
    kept = Scored.model_validate_json((tmp_path / "scores.json").read_bytes())
    assert kept == scored
    result = json.loads((tmp_path / "table" / "adapted-diff" / "b" / "result.json").read_text())
    assert (result["passed"], result["usage"]["completion_tokens"]) == ([True], 3)


async def test_an_interrupted_evaluation_goes_on(tmp_path: Path) -> None:
    class Failing(TableSuite):
        async def measure(self, item, subject, form, folder) -> Measured:
            if len(self.asked) == 4:
                raise ModelUnavailable("gone")
            return await super().measure(item, subject, form, folder)

    with pytest.raises(ModelUnavailable):
        await run(Failing(TABLE), tmp_path)
    suite = TableSuite(TABLE)
    scored, told = await run(suite, tmp_path)
    assert len(suite.asked) == 5
    assert [one.known for one in told] == [True] * 4 + [False] * 5
    again = TableSuite(TABLE)
    assert (await run(again, tmp_path))[0] == scored
    assert again.asked == []


async def test_the_versions_that_measured_are_named_not_the_one_that_adds_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for version, seen in (("1", "1"), ("2", "1")):
        monkeypatch.setattr("swfactory.finetune.evaluation.runner.factory_commit", lambda version=version: version)
        scored, _ = await run(TableSuite(TABLE), tmp_path)
        assert scored.factory == seen
    (tmp_path / "table" / "base-diff" / "b" / "result.json").unlink()
    scored, _ = await run(TableSuite(TABLE), tmp_path)
    assert scored.factory == "1, 2"


async def test_a_changed_item_is_measured_anew(tmp_path: Path) -> None:
    class Changed(TableSuite):
        def items(self):
            return tuple(item.model_copy(update={"content": "new"}) for item in super().items())

    await run(TableSuite(TABLE), tmp_path)
    suite = Changed(TABLE)
    await run(suite, tmp_path)
    assert len(suite.asked) == 9


@pytest.mark.parametrize(
    "change", [{"adapter_digest": "b"}, {"samples": 3}, {"temperature": 0.5}, {"seed": 2}, {"model": "replay:y"}]
)
async def test_results_of_other_conditions_are_not_mixed_in(tmp_path: Path, change: dict[str, object]) -> None:
    await run(TableSuite(TABLE), tmp_path)
    with pytest.raises(InputError, match=next(iter(change))):
        await run(TableSuite(TABLE), tmp_path, conditions=CONDITIONS.model_copy(update=change))


async def test_some_items_only(tmp_path: Path) -> None:
    suite = TableSuite(TABLE)
    scored, _ = await run(suite, tmp_path, limit=1)
    assert (scored.suites[0].tally.items, {id for _, id in suite.asked}) == (1, {"a"})
    scored, _ = await run(TableSuite(TABLE), tmp_path, only=["c"])
    assert scored.suites[0].tally.comparison.gained == ("c",)
    with pytest.raises(NotFoundError, match="'x'"):
        await run(TableSuite(TABLE), tmp_path, only=["x"])
    with pytest.raises(InputError, match="no items"):
        await run(TableSuite({}), tmp_path)


async def test_a_suite_without_the_wanted_item_is_left_out(tmp_path: Path) -> None:
    other = TableSuite({"z": TABLE["a"]})
    other.name = "other"
    scored = await evaluate(
        [TableSuite(TABLE), other], both([], []), conditions=CONDITIONS, folder=tmp_path, only=["z"]
    )
    assert [suite.name for suite in scored.suites] == ["other"]


async def test_items_are_looked_for_in_the_training_data(tmp_path: Path) -> None:
    suite = TableSuite(TABLE, text="one two three four five six seven eight nine")
    scored, _ = await run(suite, tmp_path, training=[f"{suite.text} b"])
    assert [overlap.id for overlap in scored.suites[0].overlaps if overlap.seen] == ["b"]
    assert scored.suites[0].clean.items == 2


async def test_training_data_is_read_once_for_all_suites(tmp_path: Path) -> None:
    other = TableSuite({"z": TABLE["a"]}, text="ten eleven")
    other.name = "other"
    scored = await evaluate(
        [TableSuite(TABLE), other],
        both([], []),
        conditions=CONDITIONS,
        folder=tmp_path,
        training=iter(["def z(): pass", "def b(): pass"]),
    )
    assert [[o.id for o in suite.overlaps] for suite in scored.suites] == [["b"], ["z"]]


async def test_the_base_alone(tmp_path: Path) -> None:
    scored = await evaluate([TableSuite(TABLE)], [subject("base")], conditions=CONDITIONS, folder=tmp_path)
    assert scored.suites[0].tally.comparison is None
    assert {path.name for path in (tmp_path / "table").iterdir()} == {"base-diff", "base-function", "conditions.json"}


async def test_a_model_is_let_go_before_the_next_one_is_loaded(tmp_path: Path) -> None:
    base, adapted = both([], [])
    await evaluate([TableSuite(TABLE)], (base, adapted), conditions=CONDITIONS, folder=tmp_path)
    assert "model" not in base.__dict__
    assert "model" not in adapted.__dict__


async def test_several_items_at_once_and_the_first_failure_stops_all(tmp_path: Path) -> None:
    class Slow(TableSuite):
        at_once = most = 0

        async def measure(self, item, subject, form, folder) -> Measured:
            self.at_once += 1
            self.most = max(self.most, self.at_once)
            try:
                await asyncio.sleep(0.01 if item.id != "c" else 0)
                if item.id == "c" and subject.adapted:
                    raise ModelUnavailable("gone")
                return await super().measure(item, subject, form, folder)
            finally:
                self.at_once -= 1

    suite = Slow(TABLE)
    with pytest.raises(ModelUnavailable):
        await run(suite, tmp_path, parallel=2)
    assert (suite.most, suite.at_once) == (2, 0)
    scored, _ = await run(TableSuite(TABLE), tmp_path, parallel=3)
    assert scored == (await run(TableSuite(TABLE), tmp_path / "alone"))[0]
