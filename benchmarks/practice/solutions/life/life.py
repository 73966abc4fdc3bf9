"""Conway's game of life on a board without borders."""

from collections import Counter


def parse(text):
    lines = text.splitlines()
    if any(len(line) != len(lines[0]) or set(line) - set("#.") for line in lines):
        raise ValueError("a board has lines of # and . of one length")
    return {(row, column) for row, line in enumerate(lines) for column, sign in enumerate(line) if sign == "#"}


def step(cells):
    around = [(i, j) for i in (-1, 0, 1) for j in (-1, 0, 1) if (i, j) != (0, 0)]
    counts = Counter((row + i, column + j) for row, column in cells for i, j in around)
    return {cell for cell, count in counts.items() if count == 3 or (count == 2 and cell in cells)}


def show(cells, rows, columns):
    return "\n".join("".join("#" if (r, c) in cells else "." for c in range(columns)) for r in range(rows))
