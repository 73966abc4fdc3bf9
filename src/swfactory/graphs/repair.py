"""Repair: look for a better product until the tests pass or nothing helps; the best one so far is kept."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Sequence
from itertools import islice

from swfactory.domain.design import Design, FilePlan
from swfactory.domain.report import TestReport
from swfactory.errors import ReplyError
from swfactory.graphs.blame import blamed
from swfactory.graphs.desk import Desk
from swfactory.graphs.drafts import SAMPLES, WARM, question, rewrite, visible_files
from swfactory.graphs.evaluation import Candidate, evaluate, problems
from swfactory.graphs.lookup import about_problems, references_of
from swfactory.graphs.mending import exchange_lines, has_mender
from swfactory.graphs.node import node
from swfactory.graphs.selection import complaint, counted_suite, packages_of, settle, sources_of
from swfactory.graphs.state import FactoryState, Strategy
from swfactory.programs.crossover import graft
from swfactory.programs.frames import readable
from swfactory.programs.functions import hollow
from swfactory.requirements.examples import describe_all
from swfactory.roles import blueprint, engineer

__all__ = ["repair"]

_HOLES = 3
"""Functions that are written anew in a round."""

_EXAMPLES = 4
_WRONG = 3
_AFTER_STALL: dict[Strategy, Strategy] = {"infill": "rewrite", "rewrite": "infill", "mend": "infill"}
_NEARLY: dict[Strategy, Strategy] = {"infill": "infill", "rewrite": "infill", "mend": "infill"}
"""What comes next where most tests pass: of 20 rounds that wrote files anew none won anything there."""


@node
async def repair(desk: Desk) -> FactoryState:
    """The engineer looks for a better product; when a round finds none, the next one looks elsewhere or in another way.

    A run whose repair had ended comes here again only when a person does not accept it, which is worth another round.
    """
    if not desk.state.get("exhausted") and (bound := _bound(desk)):
        return FactoryState(exhausted=bound)
    plan, sources = desk.load("design", Design), sources_of(desk)
    best = Candidate(sources=sources, report=desk.load("report", TestReport))
    rounds = desk.state["rounds"] + 1
    seeds = [rounds * 100 + number for number in range(SAMPLES)]
    # Files written anew know nothing of what a person did not like.
    strategy = "mend" if complaint(desk) else desk.state["strategy"]
    candidates: list[Candidate] = []
    if has_mender(desk):
        lines = await exchange_lines(desk, best, _holes(desk, best), seed=seeds[0])
        candidates = await _judge(desk, best, lines)
    if not any(candidate.report.green for candidate in candidates):
        strategy, work = _work(desk, plan, best, strategy, seeds)
        desk.tell("note", f"round {rounds}: {strategy}", role=engineer.ROLE, round=rounds, strategy=strategy)
        candidates += await _judge(desk, best, await desk.gather(work))
    update = await settle(desk, candidates, best=best)
    update["rounds"], update["exhausted"] = rounds, None
    update["stalled"] = 0 if "commit" in update else _stalled(desk) + 1
    order = _NEARLY if best.report.passed * 4 >= best.report.total * 3 else _AFTER_STALL
    update["strategy"] = strategy if "commit" in update else order[strategy]
    return update


def _bound(desk: Desk) -> str | None:
    """The bound that ends repair; None when it goes on."""
    budget = desk.context.budget
    if budget.max_rounds is not None and desk.state["rounds"] >= budget.max_rounds:
        return "rounds"
    return "stall" if budget.patience is not None and _stalled(desk) >= budget.patience else None


def _stalled(desk: Desk) -> int:
    return desk.state.get("stalled", 0)


def _work(
    desk: Desk, plan: Design, best: Candidate, strategy: Strategy, seeds: Sequence[int]
) -> tuple[Strategy, list[Awaitable[dict[str, str] | None]]]:
    """What the engineer is asked in a round, and the strategy that it is."""
    if strategy == "infill" and (holes := _holes(desk, best)):
        return strategy, [_infill(desk, plan, best, *hole, seed=seed) for hole in holes for seed in seeds]
    if strategy != "mend":
        paths = _broken_files(best)
        return "rewrite", [rewrite(desk, plan, best.sources, seed=seed, paths=paths) for seed in seeds]
    return strategy, [_mend(desk, plan, best, seed=seed) for seed in seeds]


async def _judge(desk: Desk, best: Candidate, products: list[dict[str, str] | None]) -> list[Candidate]:
    """Evaluate each distinct product that was not tried before, until one passes everything."""
    seen = set(desk.state["seen"])
    candidates: list[Candidate] = []
    for product in products:
        if product is None or Candidate(sources=product, report=best.report).digest in seen:
            continue
        candidate = await evaluate(desk, product, counted_suite(desk), packages_of(desk))
        if candidate.digest not in seen:
            seen.add(candidate.digest)
            candidates.append(candidate)
        if candidate.report.green:
            break
    return candidates


def _holes(desk: Desk, best: Candidate) -> list[tuple[str, str]]:
    """The functions of a round, path and name: the likeliest at fault first, after rounds in vain those behind them."""
    ranked = blamed(desk, best)
    turn = _stalled(desk) * _HOLES % max(1, len(ranked))
    return list(islice([*ranked[turn:], *ranked[:turn]], _HOLES))


async def _infill(
    desk: Desk, plan: Design, best: Candidate, path: str, name: str, *, seed: int
) -> dict[str, str] | None:
    """Ask for one function anew, in a program that has a hole in its place; None when the reply does not fit.

    A small model that sees its own wrong code repeats it, and gets most functions right when it writes one alone.
    """
    file, holed = plan.plan(path), hollow(best.sources[path], name)
    if file is None or holed is None:
        return None
    failed = {result.id: result.message for result in best.report.results if result.outcome in {"failed", "error"}}
    tests = [test for test in counted_suite(desk).tests if test.id in failed]
    wrong = _about(name, list(dict.fromkeys(failed[test.id] for test in tests)))[:_WRONG]
    task = engineer.fill_function(
        desk.requirement,
        plan,
        path,
        name,
        holed,
        {other: best.sources[other] for other in visible_files(plan, file) if best.sources.get(other)},
        examples=describe_all((test.example for test in tests), _EXAMPLES),
        wrong=wrong,
        references=references_of(desk),
        passages=await about_problems(desk, wrong),
        temperature=WARM,
        seed=seed,
    )
    try:
        fragment = await desk.ask(task)
    except ReplyError:
        return None
    text = graft(best.sources[path], readable(fragment))
    return {**best.sources, path: text} if text is not None else None


def _about(name: str, messages: list[str]) -> list[str]:
    """Messages that name a function, if there are any: what is wrong elsewhere leads astray."""
    called = re.compile(rf"\b{re.escape(name.rpartition('.')[2])}\(")
    return [message for message in messages if called.search(message)] or messages


async def _mend(desk: Desk, plan: Design, best: Candidate, *, seed: int) -> dict[str, str] | None:
    """Ask for corrected functions and put them in their places; None when the reply holds none."""
    found = [*complaint(desk), *problems(best.report)]
    file = _at_fault(desk, plan, best, "\n".join(found))
    if not best.sources.get(file.path):
        return await rewrite(desk, plan, best.sources, seed=seed, paths={file.path})
    visible = {p: best.sources[p] for p in (*visible_files(plan, file), file.path) if _is_written(desk, plan, best, p)}
    if file.path not in visible:
        return None
    written = await question(desk, plan, file, best.sources)
    looked_up = await about_problems(desk, found)
    task = engineer.repair_files(
        written.request, file.path, visible, found, passages=looked_up, seed=seed, temperature=WARM
    )
    try:
        parts = await desk.ask(task)
    except ReplyError:
        return None
    whole = {path: part for path, text in parts.items() if (part := readable(text))}
    return {**best.sources, **{path: graft(visible[path], part) or part for path, part in whole.items()}}


def _is_written(desk: Desk, plan: Design, best: Candidate, path: str) -> bool:
    """Whether there is something in a file that a model wrote, and may mend."""
    file = plan.plan(path)
    return bool(best.sources.get(path) and file and not blueprint.ready_made(desk.requirement, plan, file))


def _at_fault(desk: Desk, plan: Design, best: Candidate, said: str) -> FilePlan:
    """The file to talk about: the program, from where all others are seen, else the one that is named first."""
    written = [file for file in plan.in_order() if not blueprint.ready_made(desk.requirement, plan, file)]
    files = [file for file in written if best.sources.get(file.path)] or written or list(plan.files)
    named = [(said.find(file.path.removesuffix(".py").replace("/", ".")), file) for file in files]
    named = [pair for pair in named if pair[0] >= 0] or [(0, files[-1])]
    program = [file for file in files if file.path == plan.entry_point]
    return program[0] if program else min(named, key=lambda pair: pair[0])[1]


def _broken_files(best: Candidate) -> set[str] | None:
    """Files that checks or crashes name; None when they name none, because the program shows what others do."""
    said = "\n".join(problems(best.report))
    return {path for path in best.sources if f"{path} line " in said} or None
