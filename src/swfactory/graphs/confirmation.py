"""Confirmation: other samples say whether a product that passes its tests answers as they do."""

from __future__ import annotations

from swfactory.domain.design import Design
from swfactory.domain.report import TestReport
from swfactory.domain.suite import Suite
from swfactory.errors import BudgetSpent
from swfactory.graphs.agreement import agree, is_smoke, observe, strengthen
from swfactory.graphs.climbing import cross, mutate
from swfactory.graphs.desk import Desk
from swfactory.graphs.drafts import SAMPLES, evaluate_drafts, rewrite
from swfactory.graphs.evaluation import Candidate, evaluate, has_say, score
from swfactory.graphs.node import node
from swfactory.graphs.selection import counted_suite, keep, packages_of, pool_of, sources_of
from swfactory.graphs.state import FactoryState
from swfactory.roles.engineer import ROLE

__all__ = ["confirm"]

_SEED = 9_000
_JURY = 6
"""Samples that have a say: with fewer, one that reads the requirement otherwise decides too much."""

_ROUNDS = 2


@node
async def confirm(desk: Desk) -> FactoryState:
    """What most samples agree on is then tested, and the product that meets most of it is kept.

    A bound that is reached on the way costs nothing: the product passed before.
    """
    suite, packages = counted_suite(desk), packages_of(desk)
    best = Candidate(sources=sources_of(desk), report=desk.load("report", TestReport))
    update = FactoryState(confirmed=True)
    if not any(is_smoke(test.example) for test in suite.tests):
        return update
    others = await _others(desk, best)
    votes = [candidate for candidate in others if has_say(candidate)]
    # A product that came of a repair was not among the drafts; one that was has had its say.
    votes += [] if any(candidate.digest == best.digest for candidate in votes) else [best]
    observed = {c.digest: await observe(desk, c.sources, suite) for c in {c.digest: c for c in votes}.values()}
    stronger = strengthen(suite, agree([observed[candidate.digest] for candidate in votes]))
    told = sum(one != two for one, two in zip(suite.tests, stronger.tests, strict=True))
    desk.tell("note", f"{told} tests expect what most of {len(votes)} samples agree on", role=ROLE)
    if not told:
        return update
    known = {candidate.digest: candidate for candidate in (best, *others)}
    judged = [await evaluate(desk, candidate.sources, stronger, packages) for candidate in known.values()]
    winner = max(judged, key=lambda candidate: score(candidate.report))  # the first of equals: the one there was
    winner = await cross(desk, winner, judged, stronger, packages)
    winner = await mutate(desk, winner, stronger, packages)
    kept = {test.id: test for test in stronger.tests}
    whole = desk.load("suite", Suite)
    update["suite"] = desk.store(Suite(tests=tuple(kept.get(test.id, test) for test in whole.tests)))
    update["report"] = desk.store(winner.report)
    update["pool"] = pool_of(desk, [winner, *judged])
    update["commit"] = keep(desk, winner, stronger, f"Pass {winner.report.passed} of {winner.report.total} tests")
    return update


async def _others(desk: Desk, best: Candidate) -> list[Candidate]:
    """The drafts, and further samples until enough have a say or the budget ends; none where no draft has one."""
    plan, suite = desk.load("design", Design), counted_suite(desk)
    _, samples = await evaluate_drafts(desk)
    known = {draft.digest: draft for draft in samples}
    for round_ in range(_ROUNDS):
        sound = sum(map(has_say, samples))
        if sound == 0 or (round_ and sound >= _JURY):
            break
        seeds = [_SEED + round_ * SAMPLES + number for number in range(SAMPLES)]
        try:
            products = await desk.gather([rewrite(desk, plan, best.sources, seed=seed) for seed in seeds])
        except BudgetSpent:
            break
        for product in products:
            digest = Candidate(sources=product, report=best.report).digest
            known[digest] = known.get(digest) or await evaluate(desk, product, suite, packages_of(desk))
            samples.append(known[digest])
    return samples
