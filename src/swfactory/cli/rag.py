"""``swf rag``: the store of code and documents that makes the roles know the house."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from swfactory.cli.ingestion import print_ingested, progress_of_chunks, progress_of_files
from swfactory.config import load_settings

if TYPE_CHECKING:
    from swfactory.rag.store import Collection

__all__ = ["rag"]

_collection = click.option(
    "-c", "--collection", default="default", show_default=True, metavar="NAME", help="The collection."
)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")
_quiet = click.option("-q", "--quiet", is_flag=True, help="No progress.")


_EPILOG = """\b
Examples:
  swf rag add ~/our-lib docs/ manual.pdf
  swf rag search 'how is a customer stored?'
  swf rag sync
"""


@click.group(epilog=_EPILOG)
def rag() -> None:
    """Keep the code and documents that the roles look things up in."""


@rag.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@_collection
@_json
@_quiet
def add(paths: tuple[str, ...], collection: str, as_json: bool, quiet: bool) -> None:
    """Add folders, git repositories and files.

    In a git repository these are the files that git tracks or would add. Source code, Markdown, reStructuredText, HTML,
    PDF, Word documents, notebooks and text are read; secrets are masked. Adding a source again brings it up to date.
    """
    from swfactory.rag.ingestion import add as add_source
    from swfactory.rag.sources import open_source

    for path in paths:
        open_source(path)  # before there is a collection with nothing in it
    with _opened(collection, create=True) as opened, progress_of_files(quiet) as report:
        done = [add_source(opened, path, report) for path in paths]
    print_ingested(done, as_json=as_json)


@rag.command()
@click.argument("source", required=False)
@click.option("--reindex", is_flag=True, help="Make all vectors anew, e.g. with another embedding model.")
@_collection
@_json
@_quiet
def sync(source: str | None, reindex: bool, collection: str, as_json: bool, quiet: bool) -> None:
    """Bring sources up to date: all of a collection, or one SOURCE by its name or folder."""
    from swfactory.rag.ingestion import Progress
    from swfactory.rag.ingestion import sync as sync_sources

    with _opened(collection, reindex=reindex) as opened, progress_of_files(quiet) as report:
        if reindex:
            count = opened.reindex(lambda done, total: report(Progress("", done, total, done)))
            click.echo(f"{count} chunks embedded anew", err=True)
        done = sync_sources(opened, source, report)
    print_ingested(done, as_json=as_json)


@rag.command("list")
@_json
def list_collections(as_json: bool) -> None:
    """List collections and their sources."""
    rows = []
    for name in _names():
        with _catalog(name) as catalog:
            rows += [
                {
                    "collection": name,
                    "source": source.name,
                    "path": source.root,
                    "files": source.files,
                    "chunks": source.chunks,
                    "commit": source.revision,
                }
                for source in catalog.sources()
            ]
    if as_json:
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
    elif not rows:
        click.echo("nothing is stored;  swf rag add FOLDER  adds something")
    for row in rows if not as_json else ():
        commit = f"  at {row['commit'][:10]}" if row["commit"] else ""
        click.echo(
            f"{row['collection']:<12} {row['source']:<24} {row['files']:>6} files {row['chunks']:>7} chunks"
            f"  {row['path']}{commit}"
        )


@rag.command()
@click.argument("source")
@_collection
@_json
def show(source: str, collection: str, as_json: bool) -> None:
    """Show the files of a SOURCE, or the chunks of one file, by the path that it is cited by."""
    from swfactory.errors import NotFoundError

    with _catalog(collection) as catalog:
        record = next((found for found in catalog.sources() if source in (found.name, found.root)), None)
        if record is not None:
            files = [
                {"path": path, "size": file.size, "chunks": len(catalog.ids(path)), "notes": file.notes}
                for path, file in sorted(catalog.files(record.root).items())
            ]
            if as_json:
                click.echo(json.dumps(files, indent=2, ensure_ascii=False))
            for row in files if not as_json else ():
                click.echo(f"{row['chunks']:>5} chunks  {row['path']}  {'; '.join(row['notes'])}".rstrip())
            return
        chunks = catalog.chunks(sorted(catalog.ids(source)))
        if not chunks:
            raise NotFoundError(f"there is no source or file {source!r}", hint="swf rag list")
        ordered = sorted(chunks.values(), key=lambda chunk: (chunk.page, chunk.line, chunk.part))
        if as_json:
            click.echo(json.dumps([chunk.model_dump() for chunk in ordered], indent=2, ensure_ascii=False))
            return
        for chunk in ordered:
            click.secho(f"{chunk.citation}  {chunk.symbol}".rstrip(), bold=True)
            click.echo(_clean(chunk.text).rstrip() + "\n")


@rag.command()
@click.argument("query")
@click.option("-n", "--limit", type=click.IntRange(1, 100), default=5, show_default=True, help="Hits.")
@click.option(
    "--mode",
    type=click.Choice(["hybrid", "dense", "words"]),
    default="hybrid",
    show_default=True,
    help="What ranks: both, vectors alone, or words alone.",
)
@_collection
@_json
def search(query: str, limit: int, mode: Any, collection: str, as_json: bool) -> None:
    """Search a collection for a QUERY: a question, code, a name or an error message."""
    from swfactory.rag.reranking import create_reranker
    from swfactory.rag.retrieval import search as search_collection

    rerank = create_reranker(load_settings().reranker)
    with _opened(collection) as opened:
        hits = search_collection(opened, query, limit=limit, mode=mode, rerank=rerank)
    if as_json:
        rows = [{"source": h.chunk.citation, "score": h.score, **h.chunk.model_dump()} for h in hits]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    if not hits:
        click.echo("nothing found")
    for number, hit in enumerate(hits, start=1):
        click.secho(f"{number}. {hit.chunk.citation}  {hit.chunk.symbol}".rstrip(), bold=True)
        lines = _clean(hit.chunk.text).strip("\n").splitlines()
        click.echo("\n".join(f"   {line}" for line in lines[:8]))
        if len(lines) > 8:
            click.echo(f"   ... {len(lines) - 8} more lines")


@rag.command()
@click.argument("source")
@_collection
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
def remove(source: str, collection: str, yes: bool) -> None:
    """Remove a SOURCE from the store, by its name or folder.

    The files themselves are not touched; those that were uploaded to the page
    or the server are deleted.
    """
    from swfactory.rag.ingestion import find_source
    from swfactory.rag.ingestion import remove as remove_source
    from swfactory.rag.uploads import discard

    with _opened(collection) as opened:
        record = find_source(opened, source)
        if not yes:
            click.confirm(f"remove {record.name} ({record.files} files) from the store?", abort=True)
        remove_source(opened, record.root)
    discard(load_settings(), record.root)
    click.echo(f"removed {record.name}: {record.files} files, {record.chunks} chunks")


@rag.command()
@_collection
@_json
def stats(collection: str, as_json: bool) -> None:
    """Show how large a collection is, and what its vectors were made by."""
    from swfactory.rag import collections_folder

    folder = collections_folder(load_settings()) / collection
    with _catalog(collection) as catalog:
        facts = {
            "collection": collection,
            "sources": len(catalog.sources()),
            "files": sum(source.files for source in catalog.sources()),
            "chunks": catalog.count(),
            "embedding": catalog.setting("embedding"),
            "dimension": int(catalog.setting("dimension") or 0),
            "bytes": sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()),
            "folder": str(folder),
        }
    if as_json:
        click.echo(json.dumps(facts, indent=2))
        return
    for key, value in facts.items():
        click.echo(f"{key:<11} {value:,}" if isinstance(value, int) else f"{key:<11} {value}")


@rag.command("eval")
@click.argument("sets", nargs=-1, metavar="[SET]...")
@click.option("--keep", type=click.Path(file_okay=False), help="Folder for the corpora, to go on or ask again.")
@_json
def evaluate(sets: tuple[str, ...], keep: str | None, as_json: bool) -> None:
    """Measure retrieval on questions whose answer is known: recall, rank and time, by what ranks.

    The sets are docstrings, english, chinese, topics, chinese-prose and chinese-readme; without a SET all are asked.
    The corpora are the standard library of this Python, its help, and this project's Chinese documents. Embedding them
    takes some minutes.
    """
    import tempfile
    from dataclasses import asdict
    from pathlib import Path

    from swfactory.rag import new_embedding
    from swfactory.rag.embedding import create_embedder
    from swfactory.rag.evalsets import load_sets
    from swfactory.rag.evaluation import Answered, scores
    from swfactory.rag.evaluation import evaluate as evaluate_set
    from swfactory.rag.store import Collection

    settings = load_settings()
    embedder = create_embedder(new_embedding(settings), settings.model_files)
    answered: list[Answered] = []
    with tempfile.TemporaryDirectory(prefix="swf-rag-eval-") as scratch:
        for given in load_sets(sets):
            opened = Collection(Path(keep or scratch), given.name, embedder, create=True)
            try:
                answered += evaluate_set(opened, given, progress=progress_of_chunks(given.name))
            finally:
                opened.close()
            if given.missing:
                click.echo(f"{given.name}: {given.missing} questions left out: this Python lacks the answer", err=True)
    rows = scores(answered)
    if as_json:
        click.echo(json.dumps([asdict(row) for row in rows], indent=2))
        return
    click.echo(f"embedding: {embedder.url}, {embedder.dimension} numbers\n")
    click.echo("| set | ranked by | questions | recall@1 | recall@5 | recall@10 | MRR | nDCG@10 | p50 | p95 |")
    click.echo("|---|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for row in rows:
        shares = " | ".join(
            f"{value:.3f}" for value in (row.recall_1, row.recall_5, row.recall_10, row.mrr, row.ndcg_10)
        )
        times = f"{row.p50_ms:.0f} ms | {row.p95_ms:.0f} ms"
        click.echo(f"| {row.name} | {row.mode} | {row.questions} | {shares} | {times} |")


def _names() -> list[str]:
    from swfactory.rag import collections_folder
    from swfactory.rag.store import collections

    return collections(collections_folder(load_settings()))


@contextmanager
def _opened(name: str, *, create: bool = False, reindex: bool = False) -> Iterator[Collection]:
    from swfactory.rag import open_collection

    collection = open_collection(load_settings(), name, create=create, reindex=reindex)
    try:
        yield collection
    finally:
        collection.close()


@contextmanager
def _catalog(name: str) -> Iterator[Any]:
    """The catalogue alone: what needs no vectors needs no embedding model."""
    from swfactory.errors import NotFoundError
    from swfactory.rag import collections_folder
    from swfactory.rag.catalog import Catalog

    path = collections_folder(load_settings()) / name / "catalog.db"
    if not path.is_file():
        raise NotFoundError(f"there is no collection {name!r}", hint="swf rag list")
    catalog = Catalog(path)
    try:
        yield catalog
    finally:
        catalog.close()


def _clean(text: str) -> str:
    """A file may hold what a terminal takes for orders."""
    return "".join(letter for letter in text if letter.isprintable() or letter in "\n\t")
