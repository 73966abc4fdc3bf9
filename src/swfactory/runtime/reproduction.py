"""What has to be typed to ask for a run once more, beside its requirement, model, seed and bounds."""

from __future__ import annotations

from swfactory.domain.run import Run
from swfactory.runtime.retrieval import collections_of

__all__ = ["reproduction"]


def reproduction(run: Run) -> tuple[str, ...]:
    """Return the options of ``swf run`` that a run was started with; a report names the other ones itself.

    Gates and the sandbox are left out: they change who is asked and where code runs, not what is asked for.

    Args:
        run: the run.
    """
    roles = {key.removeprefix("model."): str(url) for key, url in run.options.items() if key.startswith("model.")}
    names = collections_of(run)
    asked = names if run.options.get("collections_asked") else ()
    return (
        *(part for role, url in sorted(roles.items()) for part in ("--role-model", f"{role}={url}")),
        *(("--license", run.requirement.license) if run.requirement.license else ()),
        *(("--graph", run.graph) if run.graph != "delivery" else ()),
        *(part for name in asked for part in ("--collection", name)),
        *(() if names else ("--no-context",)),
        *(() if run.options.get("experience") else ("--no-experience",)),
        *(("--allow-install",) if run.options.get("allow_install") else ()),
    )
