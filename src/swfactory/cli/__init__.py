"""The terminal: ``swf``. Commands parse, call the runtime and print; importing this imports none of them."""

from __future__ import annotations

import io
import os
import sys
from types import TracebackType
from typing import TYPE_CHECKING

import click

from swfactory._version import __version__
from swfactory.cli.lazy import LazyCommand, LazyGroup
from swfactory.errors import FactoryError

if TYPE_CHECKING:
    from swfactory.cli.seam import FactoryMaker

__all__ = ["main", "swf"]

_SECTIONS = {
    "Make": {
        "run": LazyCommand("swfactory.cli.run:run", "Build a product from a requirement."),
        "ui": LazyCommand("swfactory.cli.ui:ui", "Open the page: everything here, in a browser."),
        "graph": LazyCommand("swfactory.cli.graph:graph", "Print a graph as Mermaid text."),
        "bench": LazyCommand("swfactory.cli.bench:bench", "Measure the factory on a file of tasks."),
    },
    "Runs": {
        "runs": LazyCommand("swfactory.cli.runs:runs", "List runs, newest first."),
        "show": LazyCommand("swfactory.cli.show:show", "Show where a run stands and what came of it."),
        "logs": LazyCommand("swfactory.cli.show:logs", "Print what happened in a run."),
        "diff": LazyCommand("swfactory.cli.show:diff", "Show what a run, or one step of it, changed."),
        "resume": LazyCommand("swfactory.cli.resume:resume", "Go on with a run, answer its gate or give it more."),
        "fork": LazyCommand("swfactory.cli.resume:fork", "Start a new run from a step of another one."),
        "stop": LazyCommand("swfactory.cli.serve:stop", "Stop a run where it can go on."),
        "replay": LazyCommand("swfactory.cli.resume:replay", "Run it again from its records, without a model."),
        "export": LazyCommand("swfactory.cli.runs:export", "Pack a run into a zip file."),
        "delete": LazyCommand("swfactory.cli.runs:delete", "Delete a run and all that it stored."),
    },
    "Context": {
        "ask": LazyCommand("swfactory.cli.ask:ask", "Answer a question from your code and documents."),
        "rag": LazyCommand("swfactory.cli.rag:rag", "Keep the code and documents that roles look things up in."),
    },
    "Own model": {
        "data": LazyCommand("swfactory.cli.data:data", "Build, check, show and convert data sets for training."),
        "train": LazyCommand("swfactory.cli.train:train", "Train an adapter by a recipe."),
        "adapters": LazyCommand("swfactory.cli.adapters:adapters", "Keep adapters and give them to roles."),
        "eval": LazyCommand("swfactory.cli.eval:evaluate", "Measure a model, and what an adapter changes in it."),
    },
    "Machine": {
        "serve": LazyCommand("swfactory.cli.serve:serve", "Serve runs over HTTP and work them off."),
        "models": LazyCommand("swfactory.cli.models:models", "List, fetch and check model files."),
        "doctor": LazyCommand("swfactory.cli.doctor:doctor", "Check the machine and the sandbox."),
    },
}

_EPILOG = """\b
Examples:
  swf run 'A Roman numeral converter. `python main.py 1994` prints MCMXCIV.'
  swf run @requirement.md --output ./roman --gate spec
  swf runs
  swf resume last

Every command has its own help: swf run --help

\b
Exit status:
  0 all criteria passed    2 bad input           4 bound reached      130 interrupted
  1 something failed       3 partial delivery    5 waits at a gate
"""


@click.group(
    cls=LazyGroup,
    sections=_SECTIONS,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)
@click.version_option(__version__, "-V", "--version", prog_name="swf", message="%(prog)s %(version)s")
def swf() -> None:
    """A software factory on your own machine: a requirement in, a tested git repository out."""


def _debug() -> bool:
    return os.environ.get("SWF_DEBUG", "") not in ("", "0")


def _hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """Tell of a fault of ours in one line: a stack is of no use to the person at the keyboard."""
    if _debug():
        sys.__excepthook__(kind, error, trace)
        return
    click.echo(f"error: internal fault, {kind.__name__}: {error}", err=True)
    click.echo(
        "  run it again with SWF_DEBUG=1 to see where, and report that; no finished step of a run is lost", err=True
    )


def _print_error(error: FactoryError) -> None:
    click.echo(click.style("error: ", fg="red", bold=True) + error.message, err=True)
    for line in error.hint.splitlines():
        click.echo(f"  {line}", err=True)


def main(maker: FactoryMaker | None = None) -> None:
    """Run ``swf`` on the command line's arguments and exit with its status.

    Args:
        maker: makes the factory; None for the real one.
    """
    sys.excepthook = _hook
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that cannot show a character shows "?" and not a stack.
            stream.reconfigure(errors="replace")
    try:
        status = swf.main(standalone_mode=False, obj=maker)
        sys.stdout.flush()
    except click.ClickException as exc:
        exc.show()
        sys.exit(exc.exit_code)
    except (click.Abort, KeyboardInterrupt):
        click.echo("\ninterrupted", err=True)
        sys.exit(130)
    except BrokenPipeError:
        # The reader left, as `head` does; Python would complain when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except FactoryError as exc:
        from swfactory.cli.status import status_of_error

        if _debug():
            sys.__excepthook__(type(exc), exc, exc.__traceback__)
        _print_error(exc)
        sys.exit(status_of_error(exc))
    sys.exit(status if isinstance(status, int) else 0)
