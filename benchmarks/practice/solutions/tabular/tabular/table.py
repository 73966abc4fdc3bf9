"""A table of named columns."""


class Table:
    """Rows of values under the names of columns."""

    def __init__(self, columns, rows=()):
        self.columns = list(columns)
        if not self.columns:
            raise ValueError("a table needs columns")
        if len(set(self.columns)) < len(self.columns):
            raise ValueError("a column occurs twice")
        self._rows = []
        for row in rows:
            self.append(row)

    def append(self, row):
        if len(row) != len(self.columns):
            raise ValueError(f"{len(self.columns)} values expected, not {len(row)}")
        self._rows.append(tuple(row))

    def __len__(self):
        return len(self._rows)

    def __iter__(self):
        return (dict(zip(self.columns, row)) for row in self._rows)

    def __getitem__(self, key):
        if isinstance(key, int):
            return dict(zip(self.columns, self._rows[key]))
        index = self._index(key)
        return [row[index] for row in self._rows]

    def select(self, *names):
        indices = [self._index(name) for name in names]
        return Table(names, ([row[index] for index in indices] for row in self._rows))

    def where(self, test):
        return Table(self.columns, (row for row, values in zip(self._rows, self) if test(values)))

    def sort(self, name, reverse=False):
        """Numbers before texts, or the other way round; None is always last."""
        index = self._index(name)
        filled = [row for row in self._rows if row[index] is not None]
        filled.sort(key=lambda row: (isinstance(row[index], str), row[index]), reverse=reverse)
        return Table(self.columns, filled + [row for row in self._rows if row[index] is None])

    def group(self, name, **results):
        """One row per value of a column; a result is a pair (column, function of its values)."""
        index = self._index(name)
        plans = [(self._index(column), function) for column, function in results.values()]
        groups = {}
        for row in self._rows:
            groups.setdefault(row[index], []).append(row)
        table = Table([name, *results])
        for value, rows in groups.items():
            columns = ([row[at] for row in rows if row[at] is not None] for at, _ in plans)
            table.append([value, *(function(column) for (_, function), column in zip(plans, columns))])
        return table

    def _index(self, name):
        if name not in self.columns:
            raise KeyError(name)
        return self.columns.index(name)
