"""Rewrites the parts of README.md and docs/ that are copies of the code: options, settings, graph.

    python docs/generate.py

``make fix`` runs it, and tests/test_docs.py fails when a copy has drifted.
"""

from __future__ import annotations

import re
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from fastapi.routing import APIRoute, iter_route_contexts

from swfactory.cli import swf
from swfactory.config import Settings
from swfactory.runtime.topology import load_graph

__all__ = ["BLOCKS", "PAGES", "main", "rewrite"]

ROOT = Path(__file__).parents[1]
PAGES = tuple(ROOT / page for page in ("README.md", "README.zh-CN.md", "docs/settings.md", "docs/server.md"))
_COMPATIBLE = {"langgraph", "openai"}
"""Tags of routes that speak another program's protocol."""
_BLOCK = re.compile(r"(<!-- generated: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def _options() -> str:
    command = swf.get_command(click.Context(swf), "run")
    assert command is not None
    rows = ["| option of `swf run` | meaning |", "|---|---|"]
    for parameter in command.params:
        if not isinstance(parameter, click.Option):
            continue
        kind = parameter.type
        value = "|".join(kind.choices) if isinstance(kind, click.Choice) else parameter.metavar or kind.name.upper()
        names = ", ".join(f"`{name}`" for name in sorted(parameter.opts, key=len, reverse=True))
        shown = names if parameter.is_flag else f"{names} `{value.removesuffix(' RANGE')}`"
        text = re.sub(r"\s*\[default: (.+)\]$", r" Default: \1.", parameter.help or "")
        if parameter.show_default:
            text += f" Default: {parameter.default}."
        text = text.replace("<", "&lt;")
        rows.append(f"| {shown.replace('|', chr(92) + '|')} | {text} |")
    return "\n".join(rows) + "\n"


def _settings() -> str:
    rows = ["| key in the file | variable | default | meaning |", "|---|---|---|---|"]
    for name, field in Settings.model_fields.items():
        if name == "data_dir":
            default = "`~/.local/share/swfactory`"
        else:
            value = field.get_default(call_default_factory=True)
            default = "none" if value in (None, "", {}) else f"`{str(value).lower() if value is False else value}`"
        rows.append(f"| `{name}` | `SWF_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(rows) + "\n"


def _graph() -> str:
    return f"```mermaid\n{load_graph('delivery').compile().get_graph().draw_mermaid().strip()}\n```\n"


def _routes() -> str:
    from swfactory.api.access import role_of
    from swfactory.api.app import create_app
    from swfactory.runtime import AsyncFactory, Worker

    rows = ["| route | what it does | role |", "|---|---|---|"]
    with TemporaryDirectory() as folder, AsyncFactory(Settings(data_dir=Path(folder))) as factory:
        for route in iter_route_contexts(create_app(factory, Worker(factory)).routes):
            if (
                isinstance(route.original_route, APIRoute)
                and route.include_in_schema
                and not _COMPATIBLE & {*map(str, route.tags)}
            ):
                method = min(route.methods or ())
                rows.append(f"| `{method} {route.path}` | {route.summary} | {role_of(route) or 'none'} |")
    return "\n".join(rows) + "\n"


BLOCKS = {"options": _options, "settings": _settings, "graph": _graph, "routes": _routes}
"""Generators by the name of the block that they fill."""


def rewrite(text: str) -> str:
    """Return a page with its generated blocks made anew.

    Raises:
        KeyError: a block has no generator.
    """
    return _BLOCK.sub(lambda match: match[1] + BLOCKS[match[2]]() + match[3], text)


def main() -> None:
    """Rewrite every page that has changed."""
    for page in PAGES:
        old = page.read_text(encoding="utf-8")
        if (new := rewrite(old)) != old:
            page.write_text(new, encoding="utf-8")
            click.echo(f"rewrote {page.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
