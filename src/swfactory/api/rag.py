"""The store of code and documents: listed, searched, added to and kept in step."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, File, Path, Query, Response, UploadFile
from pydantic import BaseModel, Field

from swfactory.api.access import require
from swfactory.api.services import Services, services
from swfactory.api.shelf import collection_names, opened_catalog, opened_collection

__all__ = ["router"]

_MAX_FILES = 500

Parts = Annotated[Services, Depends(services)]
CollectionName = Annotated[
    str,
    Path(pattern=r"^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$", description="name of the collection", examples=["default"]),
]
SourceName = Annotated[str, Path(min_length=1, max_length=200, description="name of the source", examples=["uploads"])]

router = APIRouter(prefix="/rag", tags=["rag"])


class SourceView(BaseModel):
    """A source: a folder, a repository or a file."""

    name: str = Field(examples=["our-lib"])
    files: int = Field(examples=[12])
    chunks: int = Field(examples=[87])
    commit: str = Field(description="commit that a repository was at", examples=[""])


class CollectionView(BaseModel):
    """A collection and its sources."""

    name: str = Field(examples=["default"])
    embedding: str = Field(description="what its vectors were made by", examples=["e5"])
    sources: list[SourceView]


class HitView(BaseModel):
    """A piece of a source that was found."""

    source: str = Field(description="how it is cited", examples=["our-lib/store.py:4"])
    score: float = Field(description="higher is better; comparable within one answer")
    symbol: str = Field(examples=["Store.add"])
    text: str


class IngestedView(BaseModel):
    """What became of a source."""

    source: str = Field(examples=["uploads"])
    added: int
    changed: int
    removed: int
    unchanged: int
    embedded: int = Field(description="chunks that were embedded")
    failed: dict[str, str] = Field(description="files that could not be read, with the reason")
    notes: dict[str, list[str]] = Field(description="what a person should know, by file")
    skipped: int = Field(description="files that were left out for their kind")


@router.get("/collections", summary="List collections", dependencies=[require("read")])
def list_collections(parts: Parts) -> list[CollectionView]:
    """The collections with their sources."""
    return [_view(parts, name) for name in collection_names(parts.settings)]


@router.get("/collections/{name}", summary="Show a collection", dependencies=[require("read")])
def show_collection(name: CollectionName, parts: Parts) -> CollectionView:
    """A collection with its sources."""
    return _view(parts, name)


@router.get("/collections/{name}/search", summary="Search a collection", dependencies=[require("read")])
def search_collection(
    name: CollectionName,
    parts: Parts,
    q: Annotated[
        str,
        Query(
            min_length=1,
            max_length=4000,
            description="a question, code, a name or an error message",
            examples=["how is a customer stored?"],
        ),
    ],
    limit: Annotated[int, Query(ge=1, le=100, description="hits at most")] = 10,
    mode: Annotated[
        Literal["hybrid", "dense", "words"], Query(description="what ranks: both, vectors alone, or words alone")
    ] = "hybrid",
) -> list[HitView]:
    """The pieces of a collection's sources that fit best."""
    from swfactory.rag.reranking import create_reranker
    from swfactory.rag.retrieval import search

    rerank = create_reranker(parts.settings.reranker)
    with opened_collection(parts.settings, name) as collection:
        hits = search(collection, q, limit=limit, mode=mode, rerank=rerank)
    return [
        HitView(source=hit.chunk.citation, score=hit.score, symbol=hit.chunk.symbol, text=hit.chunk.text)
        for hit in hits
    ]


@router.post("/collections/{name}/files", summary="Add files", dependencies=[require("run")])
def add_files(
    name: CollectionName,
    parts: Parts,
    files: Annotated[list[UploadFile], File(description="code and documents", min_length=1, max_length=_MAX_FILES)],
) -> IngestedView:
    """Keep files in the collection's folder of uploads and read them. One of a name that is there is replaced."""
    from swfactory.rag.ingestion import add
    from swfactory.rag.uploads import keep

    uploads = [(file.filename or "", file.file) for file in files]
    folder = keep(parts.settings, name, uploads)
    with opened_collection(parts.settings, name, create=True) as collection:
        return IngestedView.model_validate(asdict(add(collection, folder)))


@router.post("/collections/{name}/sync", summary="Bring sources up to date", dependencies=[require("run")])
def sync_collection(
    name: CollectionName,
    parts: Parts,
    source: Annotated[str | None, Query(min_length=1, max_length=200, description="only this one, by its name")] = None,
) -> list[IngestedView]:
    """Read what has changed in the sources of a collection."""
    from swfactory.rag.ingestion import sync

    with opened_collection(parts.settings, name) as collection:
        return [IngestedView.model_validate(asdict(done)) for done in sync(collection, source)]


@router.delete(
    "/collections/{name}/sources/{source}",
    status_code=204,
    response_class=Response,
    summary="Remove a source",
    dependencies=[require("admin")],
)
def remove_source(name: CollectionName, source: SourceName, parts: Parts) -> None:
    """Remove a source from the store. Files that were uploaded are deleted with it, no others are touched."""
    from swfactory.rag.ingestion import remove
    from swfactory.rag.uploads import discard

    with opened_collection(parts.settings, name) as collection:
        discard(parts.settings, remove(collection, source).root)


def _view(parts: Services, name: str) -> CollectionView:
    with opened_catalog(parts.settings, name) as catalog:
        sources = [
            SourceView(name=source.name, files=source.files, chunks=source.chunks, commit=source.revision)
            for source in catalog.sources()
        ]
        return CollectionView(name=name, embedding=catalog.setting("embedding"), sources=sources)
