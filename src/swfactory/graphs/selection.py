"""Selecting among candidates: the best product is kept, joined from what the others got right, with its tests."""

from __future__ import annotations

import ast
from collections.abc import Sequence

from swfactory.domain.suite import Suite
from swfactory.graphs.climbing import cross, mend_guards, mutate
from swfactory.graphs.desk import Desk
from swfactory.graphs.evaluation import Candidate, count_votes, score, wrong_tests
from swfactory.graphs.state import FactoryState
from swfactory.programs.functions import functions_of, parse
from swfactory.programs.testfiles import render_suite
from swfactory.roles.engineer import ROLE

__all__ = ["complaint", "counted_suite", "is_source", "keep", "packages_of", "pool_of", "settle", "sources_of"]

_POOL = 12
_PROBLEMS = 3


def is_source(path: str) -> bool:
    """Whether a path of the workspace belongs to the product itself rather than to its tests."""
    return path.endswith(".py") and not path.startswith("tests/")


def sources_of(desk: Desk, commit: str | None = None) -> dict[str, str]:
    """The product of a commit without its tests, path to text."""
    return {path: text for path, text in desk.tree(commit).items() if is_source(path)}


def counted_suite(desk: Desk) -> Suite:
    """The tests that were not judged wrong."""
    return desk.load("suite", Suite).without(frozenset(desk.state["dropped"]))


def packages_of(desk: Desk) -> tuple[str, ...]:
    """Names that the product may import besides the standard library and itself."""
    return tuple(desk.state.get("modules", []))


def pool_of(desk: Desk, candidates: Sequence[Candidate]) -> list[str]:
    """Digests of the candidates that may lend parts to a better one, the first ones only."""
    return [desk.store(candidate) for candidate in candidates[:_POOL]]


def complaint(desk: Desk) -> list[str]:
    """What a person said when rejecting the release."""
    comment = desk.state.get("rejected", {}).get("release")
    return [f"the user does not accept it: {comment}"] if comment else []


def keep(desk: Desk, winner: Candidate, suite: Suite, message: str, *, parent: str | None = None) -> str:
    """Commit a product with its tests, in place of the sources and tests that were there."""
    old = {path: None for path in desk.tree(parent) if path.startswith("tests/") or is_source(path)}
    return desk.commit({**old, **render_suite(suite), **winner.sources}, message, parent=parent)


async def settle(
    desk: Desk, candidates: Sequence[Candidate], *, best: Candidate | None, parents: Sequence[str] = ()
) -> FactoryState:
    """Keep the best product, count the votes on tests, and drop those that all agree against.

    Args:
        desk: the node's desk.
        candidates: new products.
        best: the one to beat; None when there is none yet.
        parents: the commit that each candidate stands on, in the same order; empty for the state's.

    Returns:
        The update; it holds ``commit`` only when something better was found.
    """
    votes = desk.state["votes"]
    digests = [candidate.digest for candidate in candidates]
    suite, packages = counted_suite(desk), packages_of(desk)
    candidates = [await mend_guards(desk, candidate, suite, packages) for candidate in candidates]
    for candidate in candidates:
        votes = count_votes(votes, candidate)
    winner, parent = best, None
    rejected = bool(complaint(desk))
    for number, candidate in enumerate(candidates):
        # What a person rejected gives way to anything that is as good by the tests.
        as_good = rejected and winner is best
        if winner is None or (score(candidate.report), as_good) > (score(winner.report), False):
            winner, parent = candidate, parents[number] if parents else None
    assert winner is not None
    pool = [*candidates, *(desk.read(digest, Candidate) for digest in desk.state.get("pool", []))]
    donors = pool if best is None else [*pool, best]
    winner = await cross(desk, winner, donors, suite, packages)
    if winner is not best:
        winner = await mutate(desk, winner, suite, packages)
    if best is not None and score(winner.report) > score(best.report):
        _tell_fix(desk, best, winner)
    dropped = list(desk.state["dropped"])
    report = winner.report
    if wrong := wrong_tests(votes, report) - set(dropped):
        dropped += sorted(wrong)
        desk.tell("note", f"{len(wrong)} tests dropped: no candidate agrees with them", role=ROLE, tests=sorted(wrong))
        results = tuple(r.model_copy(update={"outcome": "dropped"}) if r.id in wrong else r for r in report.results)
        report = report.model_copy(update={"results": results})
    update = FactoryState(report=desk.store(report), votes=votes, dropped=dropped)
    if winner is not best or wrong:
        # Tests that were judged wrong must not reach the user, so their files change with the product.
        kept = desk.load("suite", Suite).without(frozenset(dropped))
        message = f"Pass {report.passed} of {report.total} tests"
        update["commit"] = keep(desk, winner, kept, message, parent=parent)
    update["seen"] = sorted({*desk.state["seen"], *digests, *(c.digest for c in candidates), winner.digest})
    update["pool"] = pool_of(desk, [winner, *pool])
    return update


def _tell_fix(desk: Desk, old: Candidate, new: Candidate) -> None:
    """Tell what was wrong and which functions made it right: later runs learn from it."""
    passed = {result.id for result in new.report.results if result.outcome == "passed"}
    wrong = [r.message for r in old.report.results if r.outcome in {"failed", "error"} and r.id in passed]
    changed = {path: _changed(old.sources.get(path, ""), text) for path, text in new.sources.items()}
    functions = {path: names for path, names in changed.items() if names}
    desk.tell("fix", f"{len(wrong)} more tests pass", role=ROLE, problems=wrong[:_PROBLEMS], functions=functions)


def _changed(old: str, new: str) -> list[str]:
    """Names of the functions that a new text of a file has and the old one has not, or otherwise."""
    trees = [parse(text) for text in (old, new)]
    before, after = ({f.name: ast.dump(f.node) for f in functions_of(tree)} if tree else {} for tree in trees)
    return [name for name, code in after.items() if before.get(name) != code]
