"""Tables as text."""

import csv
import io


def show(value):
    """The text of a value; None is shown as nothing."""
    return "" if value is None else str(value)


def to_text(table):
    columns = []
    for name in table.columns:
        texts = [name, *map(show, table[name])]
        width = max(map(len, texts))
        texts.insert(1, "-" * width)
        columns.append([text.rjust(width) if _numeric(table, name) else text.ljust(width) for text in texts])
    return "".join("  ".join(line).rstrip() + "\n" for line in zip(*columns))


def to_markdown(table):
    lines = [
        [_escape(name) for name in table.columns],
        ["---:" if _numeric(table, name) else "---" for name in table.columns],
        *([_escape(show(value)) for value in row.values()] for row in table),
    ]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def to_csv(table):
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(table.columns)
    writer.writerows([show(value) for value in row.values()] for row in table)
    return out.getvalue()


def _numeric(table, name):
    values = [value for value in table[name] if value is not None]
    return bool(values) and all(isinstance(value, (int, float)) for value in values)


def _escape(text):
    return text.replace("|", r"\|")
