"""Rows out of the factory's own runs: what was asked, what was answered, and whether the product passed its tests.

Keeping the replies that a check accepts is rejection sampling (STaR: Zelikman et al. 2022, arXiv:2203.14465). Replies
whose product failed become the worse side of pairs (Rafailov et al. 2023, arXiv:2305.18290) and the undesirable ones
of KTO (Ethayarajh et al. 2024, arXiv:2402.01306).
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from pydantic import ValidationError

from swfactory.domain.call import Reply, Request
from swfactory.domain.delivery import Delivery
from swfactory.domain.report import TestReport
from swfactory.domain.run import Event, Run
from swfactory.domain.value import Value
from swfactory.errors import NotFoundError, ReplyError, StoreError
from swfactory.finetune.data.recipe import SourceRecipe
from swfactory.finetune.data.tally import Tally
from swfactory.finetune.data.units import fenced
from swfactory.finetune.rows import Completion, Conversation, Kind, Message, Origin, Preference, Row
from swfactory.programs.crossover import graft
from swfactory.programs.functions import functions_of, parse
from swfactory.roles.fences import code_block
from swfactory.workspace.objects import FileObjectStore

__all__ = ["Exchange", "exchanges_of", "run_rows"]

_CODER = "engineer"
_PAGE = 50
_ASKED = 2
"""Messages of a question; what follows in a request is the model's own bad reply, and that it was one."""

Verdict = Literal["good", "bad", "unknown"]
_Functions = Mapping[str, str]
"""Functions of a product by dotted name, each as a dump of its tree."""


class Exchange(Value):
    """One call of a model, and what became of it.

    Args:
        role: role that asked.
        prompt: what was asked, without retries.
        reply: the answer.
        verdict: ``good``: the product with it passed its tests; ``bad``: it could not be read, or the product failed.
        repaired: of bad code: the reply with the functions of the delivered product in it; empty for none.
    """

    role: str
    prompt: tuple[Message, ...]
    reply: str
    verdict: Verdict
    repaired: str = ""


def run_rows(data_dir: Path, source: SourceRecipe, kind: Kind, tally: Tally) -> Iterator[Row]:
    """Yield the rows of all runs of a data folder whose product passed its tests, the newest run first.

    Args:
        data_dir: the data folder; absolute.
        source: of type ``runs``.
        kind: what the rows teach from.
        tally: counts what is left out.

    Raises:
        StoreError: the runs database cannot be used.
    """
    from swfactory.runtime.archive import Archive

    with Archive(data_dir) as archive:
        before = None
        while page := archive.runs(limit=_PAGE, before=before):
            before = page[-1].id
            for run in page:
                try:
                    delivery = archive.delivery(run.id) if run.status == "delivered" else None
                    if delivery is None or not _proved(delivery):
                        tally.drop("run without a proved product")
                        continue
                    exchanges = exchanges_of(data_dir, run, delivery, archive.events(run.id))
                except (NotFoundError, StoreError, ValidationError):
                    tally.drop("run whose files are gone or damaged")
                    continue
                origin = Origin(source=source.title, group=f"run:{run.id}", license=source.license)
                yield from _rows(exchanges, kind, origin, tally)


def _proved(delivery: Delivery) -> bool:
    passed = delivery.results and all(result.outcome not in {"failed", "error"} for result in delivery.results)
    return bool(passed) and all(criterion.verdict == "met" for criterion in delivery.criteria)


def exchanges_of(data_dir: Path, run: Run, delivery: Delivery, events: Sequence[Event]) -> list[Exchange]:
    """Return the calls of a run whose product passed its tests, in order.

    Args:
        data_dir: the data folder; absolute.
        run: the run.
        delivery: what it handed over.
        events: of the run.

    Raises:
        NotFoundError: a transcript is gone.
        StoreError: a transcript is damaged.
    """
    from swfactory.runtime.layout import RunFolder
    from swfactory.runtime.wiring import open_workspace

    folder = RunFolder.of(data_dir, run.id)
    objects = FileObjectStore(folder.objects)
    product = open_workspace(folder, run).tree(delivery.commit)
    delivered = _functions(product)
    tried = list(_candidates(objects))
    good = [delivered, *(functions for functions, green in tried if green)]
    bad = [functions for functions, green in tried if not green]
    found = []
    for event, after in zip(events, [*events[1:], None], strict=True):
        if event.kind != "call" or not isinstance(event.data.get("prompt"), str):
            continue
        request = Request.model_validate_json(objects.get(str(event.data["prompt"])))
        reply = Reply.model_validate_json(objects.get(str(event.data["reply"])))
        # A reply that could not be used is followed at once by a note that says so.
        unread = after is not None and after.kind == "note" and "attempt" in after.data and after.role == event.role
        verdict: Verdict = "bad" if unread or reply.finish == "length" else "good"
        repaired = ""
        if verdict == "good" and request.role == _CODER:
            verdict = _verdict(reply.text, good, bad)
            repaired = _repaired(reply.text, product) if verdict == "bad" else ""
        prompt = tuple(Message(role=said.role, content=said.content) for said in request.messages[:_ASKED])
        found.append(Exchange(role=request.role, prompt=prompt, reply=reply.text, verdict=verdict, repaired=repaired))
    return found


def _candidates(objects: FileObjectStore) -> Iterator[tuple[_Functions, bool]]:
    """Every product that the run kept after it was tested, with whether it passed everything."""
    for digest in objects.digests():
        text = objects.get(digest)
        if not text.startswith('{"sources":'):
            continue
        document = json.loads(text)
        if isinstance(document.get("sources"), dict) and isinstance(document.get("report"), dict):
            yield _functions(document["sources"]), TestReport.model_validate(document["report"]).green


def _functions(sources: Mapping[str, str]) -> _Functions:
    found: dict[str, str] = {}
    for path, text in sources.items():
        tree = parse(text) if path.endswith(".py") and not path.startswith("tests/") else None
        if tree is not None:
            found |= {function.name: ast.dump(function.node) for function in functions_of(tree)}
    return found


def _written(reply: str) -> _Functions:
    """Functions of a reply; empty when there are none."""
    try:
        return _functions({"reply.py": code_block(reply)})
    except ReplyError:
        return {}


def _verdict(reply: str, good: Sequence[_Functions], bad: Sequence[_Functions]) -> Verdict:
    """What became of code: a reply counts by the products that hold all its functions."""
    written = _written(reply)
    if not written:
        return "unknown"
    for products, verdict in ((good, "good"), (bad, "bad")):
        if any(all(product.get(name) == code for name, code in written.items()) for product in products):
            return "good" if verdict == "good" else "bad"
    return "unknown"


def _repaired(reply: str, product: Mapping[str, str]) -> str:
    """The reply's program with the delivered functions in place of its own; empty when they do not fit."""
    written, code = _written(reply), code_block(reply)
    pieces: list[str] = []
    for path, text in sorted(product.items()):
        tree = parse(text) if path.endswith(".py") and not path.startswith("tests/") else None
        pieces += [
            ast.get_source_segment(text, function.node) or ""
            for function in (functions_of(tree) if tree is not None else ())
            if function.name in written and "." not in function.name
        ]
    if len(pieces) != len(written):
        return ""
    mended = graft(code, "\n\n\n".join(pieces) + "\n")
    return fenced(mended) if mended and mended.strip() != code.strip() else ""


def _rows(exchanges: Sequence[Exchange], kind: Kind, origin: Origin, tally: Tally) -> Iterator[Row]:
    unknown = sum(exchange.verdict == "unknown" for exchange in exchanges)
    tally.drop("reply of which nothing is known", unknown)
    if kind == "sft":
        tally.drop("reply that was not accepted", sum(exchange.verdict == "bad" for exchange in exchanges))
        for exchange in exchanges:
            if exchange.verdict == "good":
                yield Conversation(messages=(*exchange.prompt, _turn(exchange.reply)), origin=_of(origin, exchange))
    elif kind == "kto":
        for exchange in exchanges:
            if exchange.verdict != "unknown" and exchange.reply.strip():
                label = exchange.verdict == "good"
                said = (_turn(exchange.reply),)
                yield Completion(prompt=exchange.prompt, completion=said, label=label, origin=_of(origin, exchange))
    else:
        yield from _pairs(exchanges, origin)


def _pairs(exchanges: Sequence[Exchange], origin: Origin) -> Iterator[Row]:
    """Each bad reply beside a good one to the same question, else beside its own code as it was repaired."""
    for exchange in exchanges:
        if exchange.verdict != "bad" or not exchange.reply.strip():
            continue
        better = next((o.reply for o in exchanges if o.verdict == "good" and o.prompt == exchange.prompt), "")
        if chosen := better or exchange.repaired:
            yield Preference(
                prompt=exchange.prompt,
                chosen=(_turn(chosen),),
                rejected=(_turn(exchange.reply),),
                origin=_of(origin, exchange),
            )


def _of(origin: Origin, exchange: Exchange) -> Origin:
    return origin.model_copy(update={"name": exchange.role, "maker": "run"})


def _turn(text: str) -> Message:
    return Message(role="assistant", content=text)
