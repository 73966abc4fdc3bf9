"""Tables from CSV files."""

import csv
import re

from tabular.table import Table


def read_csv(path):
    """Read a CSV file with a header."""
    with open(path, encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        table = None
        try:
            for row in reader:
                if not row or (len(row) == 1 and row[0].isspace()):
                    continue
                if table is None:
                    table = Table(row)
                else:
                    table.append([_value(text) for text in row])
        except (ValueError, csv.Error) as exc:
            raise ValueError(f"line {reader.line_num}: {exc}") from exc
    if table is None:
        raise ValueError("there is no header")
    return table


def _value(text):
    if text == "":
        return None
    if re.fullmatch("-?[0-9]+", text):
        return int(text)
    if re.fullmatch(r"-?[0-9]+\.[0-9]+", text):
        return float(text)
    return text
