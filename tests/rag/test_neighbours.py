"""What a definition cannot be used without."""

import pytest

from swfactory.rag.ingestion import add
from swfactory.rag.neighbours import with_neighbours
from swfactory.rag.retrieval import search

PARCEL = '''\
class Parcel:
    """A parcel."""

    def weigh(self):
        """Return the grams."""
        return 1


def fare(parcel: Parcel, zone: "Zone") -> int:
    """Return what it costs."""
    return 1
'''
OTHER = 'class Parcel:\n    """Another one."""\n\n\nclass Zone:\n    """Where it goes."""\n'


@pytest.fixture
def filled(collection, tmp_path):
    folder = tmp_path / "post"
    folder.mkdir()
    (folder / "other.py").write_text(OTHER)
    (folder / "parcel.py").write_text(PARCEL)
    add(collection, folder)
    return collection


def symbols(filled, query):
    hits = [hit for hit in search(filled, query) if hit.chunk.symbol in {query.strip("`"), "unknown"}][:1]
    return [(hit.chunk.path, hit.chunk.symbol) for hit in with_neighbours(filled.catalog, hits)]


def test_a_method_gives_way_to_its_class(filled) -> None:
    assert symbols(filled, "`Parcel.weigh`") == [("post/parcel.py", "Parcel")]


def test_the_types_of_a_signature_follow_those_of_the_same_file_first(filled) -> None:
    assert symbols(filled, "`fare`") == [
        ("post/parcel.py", "fare"),
        ("post/parcel.py", "Parcel"),
        ("post/other.py", "Zone"),
    ]
