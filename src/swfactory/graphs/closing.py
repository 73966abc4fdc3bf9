"""Review, documents and the hand-over: what a person reads of a finished run."""

from __future__ import annotations

from pydantic import TypeAdapter

from swfactory.domain.delivery import CriterionVerdict, Delivery, Verdict
from swfactory.domain.design import Design
from swfactory.domain.report import Finding, TestReport, TestResult
from swfactory.domain.spec import CommandExample, Criterion, Spec
from swfactory.domain.suite import Suite
from swfactory.errors import ReplyError
from swfactory.graphs.coding import is_source
from swfactory.graphs.desk import Desk
from swfactory.graphs.evaluation import Candidate, evaluate, score
from swfactory.graphs.node import node
from swfactory.graphs.state import FactoryState
from swfactory.report import render_html, render_license, render_markdown
from swfactory.roles import engineer, reviewer, writer

__all__ = ["deliver", "document", "review"]

_FINDINGS = TypeAdapter(tuple[Finding, ...])
_SHOWN_EXAMPLES = 6
_MAX_SOURCE = 12_000


def verdict_of(criterion: Criterion, results: tuple[TestResult, ...]) -> Verdict:
    """A criterion is met when it has tests and all of them pass."""
    mine = [r for r in results if r.criterion == criterion.id and r.outcome != "dropped"]
    if not mine:
        return "unchecked"
    return "met" if all(r.outcome == "passed" for r in mine) else "unmet"


@node
async def review(desk: Desk) -> FactoryState:
    """The reviewer reads the product for what no test checks; one revision is tried, and kept if no test suffers."""
    spec, report = desk.load("spec", Spec), desk.load("report", TestReport)
    unchecked = tuple(c for c in spec.criteria if verdict_of(c, report.results) == "unchecked")
    sources = {p: text for p, text in desk.tree().items() if is_source(p) and text.strip()}
    if not unchecked or sum(map(len, sources.values())) > _MAX_SOURCE:
        return FactoryState()
    requirement = desk.context.requirement
    findings = await desk.ask(reviewer.review(requirement, sources, unchecked))
    for finding in findings:
        desk.tell("finding", finding.message, role=reviewer.ROLE, **finding.model_dump(mode="json"))
    update = FactoryState(findings=desk.context.objects.put(_FINDINGS.dump_json(findings).decode()))
    if not findings:
        return update
    try:
        changed = await desk.ask(engineer.repair_files(requirement, sources, [f.message for f in findings]))
    except ReplyError:
        return update
    suite = desk.load("suite", Suite).without(frozenset(desk.state["dropped"]))
    everything = {p: text for p, text in desk.tree().items() if is_source(p)}
    candidate = await evaluate(desk, {**everything, **changed}, suite)
    if score(candidate.report) >= score(report) and _grew_soberly(sources, candidate):
        kept = {r.id: r for r in report.results if r.outcome == "dropped"}
        results = (*candidate.report.results, *kept.values())
        update["report"] = desk.store(candidate.report.model_copy(update={"results": results}))
        update["commit"] = desk.commit(candidate.sources, "Revise after the review")
    return update


def _grew_soberly(before: dict[str, str], after: Candidate) -> bool:
    """A revision that throws away much of the program is no revision."""
    old = sum(map(len, before.values()))
    new = sum(len(after.sources[p]) for p in before)
    return new > old * 0.7


@node
async def document(desk: Desk) -> FactoryState:
    """The technical writer introduces the product; its examples are the ones that were seen to work."""
    requirement = desk.context.requirement
    spec, plan, report = desk.load("spec", Spec), desk.load("design", Design), desk.load("report", TestReport)
    task = writer.introduce(requirement, plan)
    exhausted = desk.state.get("exhausted")
    introduction = await desk.ask(task) if exhausted is None else requirement.text
    passed = {r.id for r in report.results if r.outcome == "passed"}
    shown: list[CommandExample] = []
    for test in desk.load("suite", Suite).tests:
        if test.id in passed and isinstance(test.example, CommandExample) and not test.example.files:
            shown.append(test.example)
    readme = writer.compose_readme(requirement, spec, plan, introduction, tuple(shown[:_SHOWN_EXAMPLES]))
    changes: dict[str, str | None] = {"README.md": readme, ".gitignore": "__pycache__/\n.pytest_cache/\n.venv/\n"}
    if requirements := desk.state.get("requirements"):
        changes["requirements.txt"] = "\n".join(requirements) + "\n"
    if requirement.license:
        changes["LICENSE"] = render_license(requirement.license, "the authors")
    return FactoryState(commit=desk.commit(changes, "Document the product"))


@node
async def deliver(desk: Desk) -> FactoryState:
    """Write the report and settle how the run ended."""
    delivery = _delivery(desk)
    changes = {"REPORT.md": render_markdown(delivery), "report.html": render_html(delivery)}
    commit = desk.commit(changes, "Report on the run")
    outcome = "delivered" if delivery.complete else "exhausted" if delivery.exhausted else "partial"
    met = sum(c.verdict == "met" for c in delivery.criteria)
    desk.tell("delivery", f"{met} of {len(delivery.criteria)} criteria met", outcome=outcome, commit=commit)
    return FactoryState(commit=commit, delivery=desk.store(delivery), outcome=outcome)  # type: ignore[typeddict-item]


def _delivery(desk: Desk) -> Delivery:
    state, context = desk.state, desk.context
    spec = desk.load("spec", Spec) if state.get("spec") else None
    plan = desk.load("design", Design) if state.get("design") else None
    report = desk.load("report", TestReport) if state.get("report") else TestReport()
    reviewed = _FINDINGS.validate_json(context.objects.get(state["findings"])) if state.get("findings") else ()
    tree = desk.tree()
    sources = tuple(p for p in tree if is_source(p) and tree[p].strip())
    notes = list(state.get("notes", []))
    if dropped := state.get("dropped"):
        notes.append(f"tests judged wrong and dropped, because no candidate agreed with them: {', '.join(dropped)}")
    findings = [f for f in (*report.findings, *reviewed)]
    if not sources:
        findings.append(Finding(tool="delivery", message="no source file was written"))
    criteria = tuple(
        CriterionVerdict(
            id=c.id,
            text=c.text,
            quote=c.quote,
            verdict=verdict_of(c, report.results) if sources else "unmet",
            files=_files_of(c, sources),
            tests=tuple(r.id for r in report.results if r.criterion == c.id and r.outcome != "dropped"),
        )
        for c in (spec.criteria if spec else ())
    )
    entry = plan.entry_point if plan else None
    return Delivery(
        title=spec.title if spec else context.requirement.text[:60],
        summary=spec.summary if spec else "",
        requirement=context.requirement.text,
        language=context.requirement.language,
        commit=state.get("commit", ""),
        criteria=criteria or (CriterionVerdict(id="C1", text=context.requirement.text, verdict="unmet"),),
        results=report.results,
        findings=tuple(findings),
        notes=tuple(notes),
        files=tuple(tree),
        run_command=("python", entry) if entry and entry in tree else (),
        usage=state.get("usage", {}),
        exhausted=state.get("exhausted") or _rounds_spent(desk, report),
        rounds=state.get("rounds", 0),
        budget=context.budget,
        model=context.model_url,
        model_digest=context.model_digest,
        seed=context.seed,
    )


def _rounds_spent(desk: Desk, report: TestReport) -> str | None:
    bound = desk.context.budget.max_rounds
    return "rounds" if bound is not None and desk.state.get("rounds", 0) >= bound and not report.green else None


def _files_of(criterion: Criterion, sources: tuple[str, ...]) -> tuple[str, ...]:
    """Files that a criterion speaks of; all of them when it names none."""
    named = tuple(p for p in sources if p in criterion.quote or p in criterion.text)
    return named or sources
