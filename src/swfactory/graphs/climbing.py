"""Climbing from a product to a better one by changes that need no model, with the tests as the judge."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import chain, islice, zip_longest

from swfactory.domain.spec import ApiExample
from swfactory.domain.suite import Suite
from swfactory.graphs.blame import blamed
from swfactory.graphs.desk import Desk
from swfactory.graphs.evaluation import Candidate, evaluate, score
from swfactory.programs.crossover import crossings
from swfactory.programs.guards import with_guard, without_guard
from swfactory.programs.mutation import mutants
from swfactory.programs.symptoms import texts_of

__all__ = ["cross", "mend_guards", "mutate"]

_CROSSINGS = 24
_MUTANTS = 75
_MUTANTS_OF_ONE = 25
"""Changes of one product that are tried before the one that came nearest is gone on from."""
_FUNCTIONS = 4
_GUARDS = 4
_RAISED = re.compile(r"raised at ([\w/.-]+\.py) line (\d+)\)$")
_EXPECTED = re.compile(r"pytest\.raises\((\w+)\)")


async def cross(
    desk: Desk, best: Candidate, donors: Sequence[Candidate], suite: Suite, packages: Sequence[str] = ()
) -> Candidate:
    """Climb from the best candidate by exchanging parts with those that pass a test it fails.

    Args:
        desk: the node's desk.
        best: where to start.
        donors: other candidates, the most promising first.
        suite: tests that still count.
        packages: importable third-party modules.

    Returns:
        The best that was found; ``best`` itself when no exchange helps.
    """
    tried = {candidate.digest for candidate in (best, *donors)}
    left = _CROSSINGS
    climbing = True
    while climbing and not best.report.green:
        climbing = False
        for donor in donors:
            if not _passed(donor) - _passed(best):
                continue
            for sources in crossings(best.sources, donor.sources):
                product = Candidate(sources=sources, report=best.report)
                if product.digest in tried or left == 0:
                    continue
                tried.add(product.digest)
                left -= 1
                product = await evaluate(desk, sources, suite, packages)
                if score(product.report) > score(best.report):
                    best, climbing = product, True
                    break
            if climbing:
                break
    return best


def _passed(candidate: Candidate) -> set[str]:
    return {r.id for r in candidate.report.results if r.outcome == "passed"}


async def mutate(desk: Desk, best: Candidate, suite: Suite, packages: Sequence[str] = ()) -> Candidate:
    """Climb from a candidate by small changes of the functions that are likeliest at fault.

    Where no change passes another test, the one that brings a text nearest to what is expected is gone on from.

    Args:
        desk: the node's desk.
        best: where to start.
        suite: tests that still count.
        packages: importable third-party modules.

    Returns:
        The best that was found; ``best`` itself when no change helps.
    """
    tried = {best.digest}
    left = _MUTANTS
    start: Candidate | None = best
    while start is not None and not best.report.green:
        here, start = start, None
        new = (product for product in _mutated(desk, here) if product.digest not in tried)
        for number, product in enumerate(islice(new, left), 1):
            tried.add(product.digest)
            left -= 1
            made = await evaluate(desk, product.sources, suite, packages)
            if score(made.report) > score(best.report):
                best = start = made
                break
            if _rank(made) > _rank(start or here):
                start = made
            if start is not None and number >= _MUTANTS_OF_ONE:
                break
    return best


def _rank(candidate: Candidate) -> tuple[tuple[int, int, int, int], float]:
    """How good a candidate is, and of two that are as good, how near its texts are to what is expected."""
    failed = [result.message for result in candidate.report.results if result.outcome == "failed"]
    pairs = [pair for message in failed if (pair := texts_of(message))]
    return score(candidate.report), sum(SequenceMatcher(None, *pair).ratio() for pair in pairs)


def _mutated(desk: Desk, best: Candidate) -> Iterator[Candidate]:
    """Mutants of the likeliest functions in turn, so that each one's likeliest slips come first."""
    functions = blamed(desk, best)[:_FUNCTIONS]
    failed = [result.message for result in best.report.results if result.outcome in {"failed", "error"}]
    made = ([(path, text) for text in mutants(best.sources[path], name, failed)] for path, name in functions)
    rows = zip_longest(*made)
    for entry in chain.from_iterable(rows):
        if entry is not None:
            path, text = entry
            yield Candidate(sources={**best.sources, path: text}, report=best.report)


async def mend_guards(desk: Desk, product: Candidate, suite: Suite, packages: Sequence[str] = ()) -> Candidate:
    """Drop the guards of a candidate that refuse what they should take, and put in those that are missing.

    A function that is right but for its first line fails every test, and would not be chosen for other changes.

    Args:
        desk: the node's desk.
        product: the candidate.
        suite: tests that still count.
        packages: importable third-party modules.

    Returns:
        The better candidate; the one that was given when no such change helps.
    """
    for _turn in range(_GUARDS):
        for path, text in _guarded(product, suite):
            made = await evaluate(desk, {**product.sources, path: text}, suite, packages)
            if score(made.report) > score(product.report):
                product = made
                break
        else:
            return product
    return product


def _guarded(product: Candidate, suite: Suite) -> Iterator[tuple[str, str]]:
    """Changes of the guard that most tests complain about, of either kind."""
    codes = {test.id: test.example.code for test in suite.tests if isinstance(test.example, ApiExample)}
    refused: Counter[tuple[str, int]] = Counter()
    missing: Counter[tuple[str, int, str]] = Counter()
    for result in product.report.results:
        place = _RAISED.search(result.message) if result.outcome in {"failed", "error"} else None
        if place:
            expected = _EXPECTED.search(codes.get(result.id, ""))
            refused[place[1], int(place[2])] += 1
            if expected and "NoneType" in result.message:
                missing[place[1], int(place[2]), expected[1]] += 1
    for (path, line, exception), _ in missing.most_common(1):
        if text := with_guard(product.sources.get(path, ""), line, exception):
            yield path, text
    for (path, line), _ in refused.most_common(1):
        if text := without_guard(product.sources.get(path, ""), line):
            yield path, text
