"""Climbing from a product to a better one by changes that need no model, with the tests as the judge."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, zip_longest

from swfactory.domain.suite import Suite
from swfactory.graphs.blame import blamed
from swfactory.graphs.desk import Desk
from swfactory.graphs.evaluation import Candidate, evaluate, score
from swfactory.programs.crossover import crossings
from swfactory.programs.mutation import mutants, without_guard

__all__ = ["cross", "mutate", "relax"]

_CROSSINGS = 24
_MUTANTS = 30
_FUNCTIONS = 4
_GUARDS = 2
_RAISED = re.compile(r"raised at ([\w/.-]+\.py) line (\d+)\)$")
_LENIENT = re.compile(r"but nothing was raised$|exited with status 0, expected [1-9]")


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
    climbing = True
    while climbing and left and not best.report.green:
        climbing = False
        for product in _mutated(desk, best):
            if left == 0 or product.digest in tried:
                continue
            tried.add(product.digest)
            left -= 1
            made = await evaluate(desk, product.sources, suite, packages)
            if score(made.report) > score(best.report):
                best, climbing = made, True
                break
    return best


def _mutated(desk: Desk, best: Candidate) -> Iterator[Candidate]:
    """Mutants of the likeliest functions in turn, so that each one's likeliest slips come first."""
    functions = blamed(desk, best)[:_FUNCTIONS]
    lenient = any(_LENIENT.search(result.message) for result in best.report.results if result.outcome == "failed")
    rows = zip_longest(
        *([(path, text) for text in mutants(best.sources[path], name, lenient=lenient)] for path, name in functions)
    )
    for entry in chain.from_iterable(rows):
        if entry is not None:
            path, text = entry
            yield Candidate(sources={**best.sources, path: text}, report=best.report)


async def relax(desk: Desk, product: Candidate, suite: Suite, packages: Sequence[str] = ()) -> Candidate:
    """Drop the guards of a candidate that refuse what they should take, as long as that helps.

    A function that is right but for its first line fails every test, and would not be chosen for other changes.

    Args:
        desk: the node's desk.
        product: the candidate.
        suite: tests that still count.
        packages: importable third-party modules.

    Returns:
        The better candidate; the one that was given when dropping no guard helps.
    """
    for _turn in range(_GUARDS):
        messages = [result.message for result in product.report.results if result.outcome in {"failed", "error"}]
        places = Counter((match[1], int(match[2])) for message in messages if (match := _RAISED.search(message)))
        if not places:
            return product
        (path, line), _ = places.most_common(1)[0]
        text = without_guard(product.sources.get(path, ""), line)
        if text is None:
            return product
        made = await evaluate(desk, {**product.sources, path: text}, suite, packages)
        if score(made.report) <= score(product.report):
            return product
        product = made
    return product
