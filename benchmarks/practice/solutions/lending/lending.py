"""Books that are lent to readers."""


class Library:
    """Books by their number."""

    def __init__(self) -> None:
        self._titles: dict[str, str] = {}
        self._readers: dict[str, str] = {}

    def add_book(self, isbn: str, title: str) -> None:
        """Add a book."""
        if isbn in self._titles:
            raise ValueError(isbn)
        self._titles[isbn] = title

    def borrow(self, isbn: str, reader: str) -> None:
        """Lend a book."""
        if isbn not in self._titles:
            raise KeyError(isbn)
        if isbn in self._readers:
            raise RuntimeError(isbn)
        self._readers[isbn] = reader

    def give_back(self, isbn: str) -> None:
        """Take a book back."""
        if isbn not in self._readers:
            raise RuntimeError(isbn)
        del self._readers[isbn]

    def available(self) -> list[str]:
        """Titles that can be borrowed, sorted."""
        return sorted(title for isbn, title in self._titles.items() if isbn not in self._readers)

    def borrowed_by(self, reader: str) -> list[str]:
        """Titles that a reader has, sorted."""
        return sorted(self._titles[isbn] for isbn, name in self._readers.items() if name == reader)
