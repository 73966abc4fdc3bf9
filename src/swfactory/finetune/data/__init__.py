"""Data sets: from repositories, documents, files of rows and the factory's own runs to rows that teach."""
