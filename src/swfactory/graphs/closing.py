"""Review, documents and the hand-over: what a person reads of a finished run."""

from __future__ import annotations

from collections.abc import Mapping

from swfactory.domain.delivery import CriterionVerdict, Delivery
from swfactory.domain.design import Design
from swfactory.domain.references import Passage, References
from swfactory.domain.report import Finding, TestReport
from swfactory.domain.spec import CommandExample, Criterion, Spec
from swfactory.domain.suite import Suite
from swfactory.errors import BudgetSpent
from swfactory.graphs.desk import Desk
from swfactory.graphs.evaluation import run_suite
from swfactory.graphs.lookup import citations, libraries_in, references_of
from swfactory.graphs.node import node
from swfactory.graphs.selection import is_source
from swfactory.graphs.state import FactoryState, Outcome, is_spent
from swfactory.graphs.suites import extend_suite
from swfactory.graphs.verdicts import evidence_of, verdict_of
from swfactory.programs.testfiles import render_suite
from swfactory.report import render_html, render_license, render_markdown
from swfactory.roles import reviewer, writer

__all__ = ["deliver", "document", "review"]

_SHOWN_EXAMPLES = 6
_MAX_SOURCE = 12_000


@node
async def review(desk: Desk) -> FactoryState:
    """The reviewer looks for commands that crash the program; those that do become tests, and it is repaired."""
    plan = desk.load("design", Design)
    sources = {p: text for p, text in desk.tree().items() if is_source(p) and text.strip()}
    update = FactoryState(reviewed=True)
    program = plan.entry_point
    if program is None or program not in sources or sum(map(len, sources.values())) > _MAX_SOURCE:
        return update
    examples = await desk.ask(reviewer.find_crashes(desk.requirement, sources, program))
    spec, suite = desk.load("spec", Spec), desk.load("suite", Suite)
    wider = extend_suite(suite, spec, examples)
    new = Suite(tests=wider.tests[len(suite.tests) :])
    results, _ = await run_suite(desk, sources, new)
    crashing = {r.id for r in results if r.outcome != "passed"}
    for result in results:
        if result.id in crashing:
            desk.tell("finding", result.message, role=reviewer.ROLE, test=result.id)
    if crashing:
        found = Suite(tests=(*suite.tests, *(t for t in new.tests if t.id in crashing)))
        report = desk.load("report", TestReport)
        kept = tuple(r for r in results if r.id in crashing)
        update["suite"] = desk.store(found)
        update["strategy"] = "mend"  # all but this works
        update["report"] = desk.store(report.model_copy(update={"results": (*report.results, *kept)}))
    return update


@node
async def document(desk: Desk) -> FactoryState:
    """The technical writer introduces the product; its examples are the ones that were seen to work."""
    requirement = desk.requirement
    spec, plan, report = desk.load("spec", Spec), desk.load("design", Design), desk.load("report", TestReport)
    tree = desk.tree()
    requirements = _requirements(desk, tree)
    files = tuple(file for file in plan.files if file.path in tree) or plan.files
    plan = plan.model_copy(update={"files": files, "packages": requirements})
    task = writer.introduce(requirement)
    try:
        introduction = requirement.text if is_spent(desk.state) else await desk.ask(task)
    except BudgetSpent as exc:
        desk.tell("note", exc.message, bound=exc.hint)
        introduction = requirement.text
    passed = {r.id for r in report.results if r.outcome == "passed"}
    failed = frozenset(r.id for r in report.results if r.outcome in {"failed", "error"})
    suite = desk.load("suite", Suite).without(frozenset(desk.state["dropped"]))
    examples = [test.example for test in suite.tests if test.id in passed]
    shown = [
        example
        for example in examples
        if isinstance(example, CommandExample)
        and not example.files
        and all(step.stdout is not None or step.exit_code for step in example.steps)
    ]
    readme = writer.compose_readme(requirement, spec, plan, introduction, tuple(shown[:_SHOWN_EXAMPLES]))
    changes: dict[str, str | None] = {"README.md": readme, ".gitignore": "__pycache__/\n.pytest_cache/\n.venv/\n"}
    changes |= render_suite(suite, failed)
    if requirements:
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
    outcome: Outcome = "delivered" if delivery.complete else "exhausted" if delivery.exhausted else "partial"
    met = sum(c.verdict == "met" for c in delivery.criteria)
    desk.tell("delivery", f"{met} of {len(delivery.criteria)} criteria met", outcome=outcome, commit=commit)
    return FactoryState(commit=commit, delivery=desk.store(delivery), outcome=outcome)


def _delivery(desk: Desk) -> Delivery:
    state, context, requirement = desk.state, desk.context, desk.requirement
    spec = desk.load("spec", Spec) if state.get("spec") else None
    plan = desk.load("design", Design) if state.get("design") else None
    report = desk.load("report", TestReport) if state.get("report") else TestReport()
    suite = desk.load("suite", Suite) if state.get("suite") else Suite(tests=())
    tree = desk.tree()
    sources = tuple(p for p in tree if is_source(p) and tree[p].strip())
    notes = list(state.get("notes", []))
    if dropped := state.get("dropped"):
        notes.append(f"tests judged wrong and dropped, because no candidate agreed with them: {', '.join(dropped)}")
    findings = list(report.findings)
    if not sources:
        findings.append(Finding(tool="delivery", message="no source file was written"))
    criteria = (
        ()
        if spec is None
        else tuple(
            CriterionVerdict(
                id=c.id,
                text=c.text,
                quote=c.quote,
                verdict=verdict_of(c, spec, report.results, suite) if sources else "unmet",
                files=_files_of(c, sources),
                tests=tuple(r.id for r in evidence_of(c, spec, report.results, suite)),
            )
            for c in spec.criteria
        )
    )
    entry = plan.entry_point if plan else None
    return Delivery(
        title=spec.title if spec else requirement.text[:60],
        summary=spec.summary if spec else "",
        requirement=requirement.text,
        language=requirement.language,
        commit=state.get("commit", ""),
        criteria=criteria or (CriterionVerdict(id="C1", text=requirement.text, verdict="unmet"),),
        results=report.results,
        findings=tuple(findings),
        notes=tuple(notes),
        files=tuple(tree),
        run_command=("python", entry) if entry and entry in tree else (),
        usage=state.get("usage", {}),
        exhausted=state.get("exhausted"),
        rounds=state.get("rounds", 0),
        budget=context.budget,
        model=context.model_url,
        model_digest=context.model_digest,
        seed=context.seed,
        options=context.options,
        sources=citations(_shown(desk), {path: tree[path] for path in sources}),
    )


def _shown(desk: Desk) -> list[Passage]:
    """Every passage that a role was shown."""
    lookups = desk.state.get("lookups", [])
    return [passage for digest in lookups for passage in desk.read(digest, References).passages]


def _requirements(desk: Desk, tree: Mapping[str, str]) -> tuple[str, ...]:
    """Lines of the product's requirements file: packages, and those of the user's libraries that it imports."""
    own = desk.context.libraries
    used = libraries_in(references_of(desk), [text for path, text in tree.items() if is_source(path)]) if own else ()
    return (*desk.state.get("requirements", []), *(own.requirement(name) for name in used if own))


def _files_of(criterion: Criterion, sources: tuple[str, ...]) -> tuple[str, ...]:
    """Files that a criterion speaks of; all of them when it names none."""
    named = tuple(p for p in sources if p in criterion.quote or p in criterion.text)
    return named or sources
