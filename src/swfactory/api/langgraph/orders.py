"""What a run of the dialect asks of the factory, depending on where its thread stands."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pydantic import ValidationError

from swfactory.api.access import Caller
from swfactory.api.langgraph.bodies import Options, RunBody, checkpoint_id_of, requirement_of
from swfactory.api.models import allowed_model
from swfactory.domain.run import FINISHED, Run
from swfactory.errors import InputError, NotFoundError
from swfactory.runtime import DOCUMENTS, AsyncFactory, Decision, PendingGate

__all__ = ["carry_out"]


def carry_out(factory: AsyncFactory, run: Run | None, graph: str, body: RunBody, who: Caller) -> Run:
    """Start, answer, resume or fork a run.

    Args:
        factory: the runs.
        run: run that the thread is, which is not at work; None when it was not started.
        graph: the built-in graph of a new run.
        body: what is to be done.
        who: who asks for it; the role says which models a new run may name.

    Returns:
        The run that the thread is from now on.

    Raises:
        InputError: the body cannot be used, or does not fit where the run stands.
        NotFoundError: there is no such checkpoint or collection.
    """
    options, checkpoint = body.options, checkpoint_id_of(body.checkpoint_id or body.checkpoint)
    if run is None:
        if checkpoint or body.command:
            raise InputError("the thread was not started yet", hint='give input={"requirement": ...}')
        return _start(factory, graph, body, options, who)
    if body.command is not None:
        return _answer(factory, run, body.command.get("resume"), checkpoint)
    if checkpoint is not None:
        return _from_checkpoint(factory, run, checkpoint, body.input, options)
    if body.input:
        raise InputError(
            f"the thread has a run already ({run.status})",
            hint="answer its gate with command={'resume': ...}, go on with input=None, or take a new thread",
        )
    return factory.enqueue_resume(run.id, budget=options.budget)


def _start(factory: AsyncFactory, graph: str, body: RunBody, options: Options, who: Caller) -> Run:
    return factory.enqueue(
        requirement_of(body.input),
        graph=graph,
        gates=options.gates,
        model=allowed_model(options.model, factory.settings, who),
        seed=options.seed,
        budget=options.budget,
        collections=options.collections,
        experience=options.experience,
    )


def _from_checkpoint(factory: AsyncFactory, run: Run, checkpoint: str, given: object, options: Options) -> Run:
    """Go on from a checkpoint: the newest one of an unfinished run is resumed, any other is forked."""
    steps = factory.history(run.id)
    step = next((item for item in steps if item.id == checkpoint), None)
    if step is None:
        raise NotFoundError(f"there is no checkpoint {checkpoint!r}", hint="read the thread's history")
    if step is steps[-1] and run.status not in FINISHED and not given:
        return factory.enqueue_resume(run.id, budget=options.budget)
    return factory.enqueue_fork(run.id, step=step.step, changes=_changes(given))


def _answer(factory: AsyncFactory, run: Run, resume: object, checkpoint: str | None) -> Run:
    pending = {gate.id: gate for gate in factory.gates(run.id)}
    if not pending:
        raise InputError(f"the thread waits at no gate ({run.status})", hint="read its state")
    if checkpoint is not None and checkpoint != factory.history(run.id)[-1].id:
        raise InputError("a gate is answered where the run stands", hint="fork the checkpoint first")
    for gate, decision in _answers(pending, resume):
        run = factory.enqueue_answer(run.id, gate, decision)
    return run


def _answers(pending: Mapping[str, PendingGate], resume: object) -> list[tuple[str, Decision]]:
    """The gates that a resume value answers: by interrupt id, or the only one."""
    if isinstance(resume, Mapping) and resume and set(resume) <= set(pending):
        return [(pending[key].gate, _decision(value)) for key, value in resume.items()]
    if len(pending) > 1:
        raise InputError(f"{len(pending)} gates wait", hint="command={'resume': {interrupt id: answer}}")
    return [(gate.gate, _decision(resume)) for gate in pending.values()]


def _decision(value: object) -> Decision:
    """An answer as clients write it: a word, or a mapping of decision, comment and document."""
    if isinstance(value, str):
        value = {"decision": value}
    if isinstance(value, Mapping) and not isinstance(value.get("document", ""), str):
        value = {**value, "document": _json(value["document"])}
    try:
        return Decision.model_validate(value)
    except ValidationError as exc:
        raise InputError(
            f"the answer {value!r} cannot be used: {exc.errors()[0]['msg']}",
            hint="'approve', or a mapping of decision (approve, reject, edit), comment and document",
        ) from exc


def _changes(given: object) -> dict[str, str]:
    """The documents that a fork begins with instead of its origin's, as JSON text by key."""
    if not given:
        return {}
    if not isinstance(given, Mapping) or set(given) - set(DOCUMENTS):
        raise InputError("a fork takes no such input", hint=f"changed documents of {', '.join(sorted(DOCUMENTS))}")
    return {key: _json(value) for key, value in given.items()}


def _json(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
