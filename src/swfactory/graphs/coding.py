"""Writing files in dependency order, and repairing them until the tests pass or nothing helps."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping

from swfactory.domain.design import Design, FilePlan
from swfactory.domain.report import TestReport
from swfactory.domain.suite import Suite
from swfactory.errors import BudgetSpent, ReplyError
from swfactory.graphs.agreement import agree, is_smoke, observe, strengthen
from swfactory.graphs.crossover import graft
from swfactory.graphs.desk import Desk
from swfactory.graphs.evaluation import Candidate, count_votes, cross, evaluate, problems, score, wrong_tests
from swfactory.graphs.node import node
from swfactory.graphs.state import FactoryState, Strategy
from swfactory.graphs.testfiles import render_suite
from swfactory.roles import engineer
from swfactory.roles.examples import describe_all
from swfactory.roles.task import Task

__all__ = ["confirm", "is_source", "repair", "verify", "write_file"]

_SAMPLES = 4
"""Samples of a round: llama.cpp's kernels for CPUs multiply four rows at once, and their prompt is read once."""
_WARM = 0.6
_POOL = 12
_EXAMPLES = 10
_AFTER_STALL: dict[Strategy, Strategy] = {"mend": "rewrite", "rewrite": "mend"}


def is_source(path: str) -> bool:
    """Whether a path of the workspace belongs to the product itself rather than to its tests."""
    return path.endswith(".py") and not path.startswith("tests/")


@node
async def write_file(desk: Desk) -> FactoryState:
    """The engineer writes the next file, seeing the finished ones it may import."""
    path, *pending = desk.state["pending"]
    plan = desk.load("design", Design)
    file = plan.plan(path)
    assert file is not None
    sources = {p: text for p, text in desk.tree().items() if is_source(p)}
    text = await _write(desk, plan, file, sources)
    commit = desk.commit({path: text}, f"Write {path}")
    return FactoryState(commit=commit, pending=pending)


async def _write(
    desk: Desk, plan: Design, file: FilePlan, sources: Mapping[str, str], *, temperature: float = 0.0, seed: int = 0
) -> str:
    """Write one file; what the model cannot write stays empty, and the checks will say so."""
    if file.path.endswith("__init__.py") and not file.interface:
        return ""
    if text := engineer.ready_made(desk.context.requirement, plan, file):
        return text
    # Every other round sees the examples: they help one that misreads the requirement, and anchor one that does not.
    shown = desk.state["rounds"] % 4 < 2
    task = await _writing(desk, plan, file, sources, examples=shown, temperature=temperature, seed=seed)
    try:
        return await desk.ask(task)
    except ReplyError as exc:
        desk.tell("note", f"{file.path} could not be written: {exc.message}", role=engineer.ROLE)
        return ""


async def _writing(
    desk: Desk,
    plan: Design,
    file: FilePlan,
    sources: Mapping[str, str],
    *,
    examples: bool = True,
    temperature: float = 0.0,
    seed: int = 0,
) -> Task[str]:
    """The question for a file, with the finished ones that it may import in sight."""
    return engineer.write_file(
        desk.context.requirement,
        plan,
        file,
        {p: sources[p] for p in _visible(plan, file) if sources.get(p)},
        temperature=temperature,
        seed=seed,
        examples=_examples(desk) if examples else (),
        passages=await desk.context.retriever.retrieve(file.purpose) if desk.context.retriever else (),
    )


def _examples(desk: Desk) -> list[str]:
    return describe_all((test.example for test in _suite(desk).tests), _EXAMPLES)


def _visible(plan: Design, file: FilePlan) -> list[str]:
    """Files that a file may import: those it is planned to, and for the program all of them."""
    if file.path == plan.entry_point:
        return [other.path for other in plan.in_order() if other.path != file.path]
    return [other.path for other in plan.in_order() if other.path in file.imports]


@node
async def verify(desk: Desk) -> FactoryState:
    """The machine judges the first whole product."""
    suite = _suite(desk)
    sources = {p: text for p, text in desk.tree().items() if is_source(p)}
    candidate = await evaluate(desk, sources, suite, _packages(desk))
    return await _settle(desk, [candidate], best=None)


@node
async def repair(desk: Desk) -> FactoryState:
    """The engineer looks for a better product; the best one so far is kept."""
    suite, plan = _suite(desk), desk.load("design", Design)
    sources = {p: text for p, text in desk.tree().items() if is_source(p)}
    best = Candidate(sources=sources, report=desk.load("report", TestReport))
    # Files written anew know nothing of what a person did not like.
    strategy = "mend" if _complaint(desk) else desk.state["strategy"]
    rounds = desk.state["rounds"] + 1
    desk.tell("note", f"round {rounds}: {strategy}", role=engineer.ROLE, round=rounds, strategy=strategy)
    seeds = [rounds * 100 + i for i in range(_SAMPLES)]
    work: list[Awaitable[dict[str, str] | None]]
    if strategy == "mend":
        work = [_mend(desk, plan, best, seed=seed) for seed in seeds]
    else:
        work = [_rewrite(desk, plan, best, seed=seed, suspects=_suspects(best)) for seed in seeds]
    products = await desk.gather(work)
    seen = set(desk.state["seen"])
    candidates: list[Candidate] = []
    for product in products:
        if product is None or Candidate(sources=product, report=best.report).digest in seen:
            continue
        candidate = await evaluate(desk, product, suite, _packages(desk))
        if candidate.digest not in seen:
            seen.add(candidate.digest)
            candidates.append(candidate)
        if candidate.report.green:
            break
    update = await _settle(desk, candidates, best=best)
    update["rounds"] = rounds
    return update


@node
async def confirm(desk: Desk) -> FactoryState:
    """Other samples say whether a product that passes its tests answers as they do; what most agree on is then tested.

    A bound that is reached on the way costs nothing: the product passed before.
    """
    suite, plan = _suite(desk), desk.load("design", Design)
    sources = {p: text for p, text in desk.tree().items() if is_source(p)}
    best = Candidate(sources=sources, report=desk.load("report", TestReport))
    update = FactoryState(confirmed=True)
    if not any(is_smoke(test.example) for test in suite.tests):
        return update
    seeds = [9_000 + i for i in range(_SAMPLES)]
    try:
        products = await desk.gather([_rewrite(desk, plan, best, seed=seed, suspects=None) for seed in seeds])
    except BudgetSpent:
        return update
    known = {best.digest: best}
    votes = [best.digest]
    for product in products:
        digest = Candidate(sources=product, report=best.report).digest
        known[digest] = known.get(digest) or await evaluate(desk, product, suite, _packages(desk))
        votes.append(digest)
    # Those that get wrong what is known have no say in what is not.
    sound = {digest: candidate for digest, candidate in known.items() if candidate.report.green}
    observed = {digest: await observe(desk, candidate.sources, suite) for digest, candidate in sound.items()}
    voters = [digest for digest in votes if digest in observed]
    agreed = agree([observed[digest] for digest in voters])
    stronger = strengthen(suite, agreed)
    told = sum(one != two for one, two in zip(suite.tests, stronger.tests, strict=True))
    desk.tell("note", f"{told} tests expect what most of {len(voters)} samples agree on", role=engineer.ROLE)
    if not told:
        return update
    judged = [await evaluate(desk, candidate.sources, stronger, _packages(desk)) for candidate in known.values()]
    winner = max(judged, key=lambda candidate: score(candidate.report))  # the first of equals: the one there was
    winner = await cross(desk, winner, judged, stronger, _packages(desk))
    whole = desk.load("suite", Suite)
    kept = {test.id: test for test in stronger.tests}
    update["suite"] = desk.store(Suite(tests=tuple(kept.get(test.id, test) for test in whole.tests)))
    update["report"] = desk.store(winner.report)
    update["pool"] = [desk.store(candidate) for candidate in [winner, *judged][:_POOL]]
    update["commit"] = _keep(desk, winner, stronger, f"Pass {winner.report.passed} of {winner.report.total} tests")
    return update


def _keep(desk: Desk, winner: Candidate, suite: Suite, message: str) -> str:
    """Commit a product with its tests, in place of the sources and tests that were there."""
    old = {p: None for p in desk.tree() if p.startswith("tests/") or is_source(p)}
    return desk.commit({**old, **render_suite(suite), **winner.sources}, message)


async def _mend(desk: Desk, plan: Design, best: Candidate, *, seed: int) -> dict[str, str] | None:
    """Ask for corrected functions and put them in their places; None when the reply holds none."""
    found = [*_complaint(desk), *problems(best.report)]
    file = _at_fault(plan, best, "\n".join(found))
    if not best.sources.get(file.path):
        return await _rewrite(desk, plan, best, seed=seed, suspects={file.path})
    written = await _writing(desk, plan, file, best.sources)
    visible = {p: best.sources[p] for p in (*_visible(plan, file), file.path) if best.sources.get(p)}
    task = engineer.repair_files(written.request, file.path, visible, found, seed=seed, temperature=_WARM)
    try:
        parts = await desk.ask(task)
    except ReplyError:
        return None
    return {**best.sources, **{path: graft(visible[path], part) or part for path, part in parts.items()}}


def _at_fault(plan: Design, best: Candidate, problems: str) -> FilePlan:
    """The file to talk about: the program, from where all others are seen, else the one that is named first."""
    files = [file for file in plan.in_order() if best.sources.get(file.path)] or list(plan.files)
    named = [(problems.find(file.path.removesuffix(".py").replace("/", ".")), file) for file in files]
    named = [pair for pair in named if pair[0] >= 0] or [(0, files[-1])]
    program = [file for file in files if file.path == plan.entry_point]
    return program[0] if program else min(named, key=lambda pair: pair[0])[1]


def _complaint(desk: Desk) -> list[str]:
    """What a person said when rejecting the release."""
    comment = desk.state.get("rejected", {}).get("release")
    return [f"the user does not accept it: {comment}"] if comment else []


async def _rewrite(
    desk: Desk, plan: Design, best: Candidate, *, seed: int, suspects: set[str] | None
) -> dict[str, str]:
    """Write files anew, without looking at what went wrong before; all of them when None is suspected."""
    suspects = suspects or {file.path for file in plan.files}
    sources = {p: text for p, text in best.sources.items() if p not in suspects}
    for file in plan.in_order():
        if file.path in suspects:
            sources[file.path] = await _write(desk, plan, file, sources, temperature=_WARM, seed=seed)
    return sources


def _suspects(best: Candidate) -> set[str] | None:
    """Files that checks or crashes name; None when they name none, because the program shows what others do."""
    text = "\n".join(problems(best.report))
    return {path for path in best.sources if f"{path} line " in text} or None


async def _settle(desk: Desk, candidates: list[Candidate], *, best: Candidate | None) -> FactoryState:
    """Keep the best product, joined from what the others got right, count the votes, and choose what to try next."""
    votes = desk.state["votes"]
    for candidate in candidates:
        votes = count_votes(votes, candidate)
    winner = best
    rejected = bool(_complaint(desk))
    for candidate in candidates:
        # What a person rejected gives way to anything that is as good by the tests.
        as_good = rejected and winner is best
        if winner is None or (score(candidate.report), as_good) > (score(winner.report), False):
            winner = candidate
    assert winner is not None
    pool = [*candidates, *(desk.read(digest, Candidate) for digest in desk.state.get("pool", []))]
    if best is not None:
        winner = await cross(desk, winner, [*pool, best], _suite(desk), _packages(desk))
    improved = winner is not best
    dropped = list(desk.state["dropped"])
    report = winner.report
    if wrong := wrong_tests(votes, report) - set(dropped):
        dropped += sorted(wrong)
        desk.tell("note", f"{len(wrong)} tests dropped: no candidate agrees with them", tests=sorted(wrong))
        kept = tuple(r.model_copy(update={"outcome": "dropped"}) if r.id in wrong else r for r in report.results)
        report = report.model_copy(update={"results": kept})
    update = FactoryState(report=desk.store(report), votes=votes, dropped=dropped)
    if improved or wrong:
        # Tests that were judged wrong must not reach the user, so their files change with the product.
        suite = desk.load("suite", Suite).without(frozenset(dropped))
        update["commit"] = _keep(desk, winner, suite, f"Pass {report.passed} of {report.total} tests")
    update["seen"] = sorted({*desk.state["seen"], *(c.digest for c in candidates), winner.digest})
    update["pool"] = [desk.store(candidate) for candidate in [winner, *pool][:_POOL]]
    update["strategy"] = "mend" if improved else _AFTER_STALL[desk.state["strategy"]]
    return update


def _suite(desk: Desk) -> Suite:
    return desk.load("suite", Suite).without(frozenset(desk.state["dropped"]))


def _packages(desk: Desk) -> tuple[str, ...]:
    return tuple(line.split("==")[0].replace("-", "_").lower() for line in desk.state.get("requirements", []))
