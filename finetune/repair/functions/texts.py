"""Lines, columns and words."""


def wrap_words(text, width):
    """Break a text into lines of at most width characters; longer words get a line of their own."""
    lines = []
    line = ""
    for word in text.split():
        if not line:
            line = word
        elif len(line) + 1 + len(word) <= width:
            line += " " + word
        else:
            lines.append(line)
            line = word
    if line:
        lines.append(line)
    return lines


def test_wrap_words():
    assert wrap_words("one two three", 7) == ["one two", "three"]
    assert wrap_words("one two three", 6) == ["one", "two", "three"]
    assert wrap_words("", 5) == []
    assert wrap_words("extraordinary a b", 3) == ["extraordinary", "a b"]


def initials(name):
    """Initials of a name with dots, leaving out words that begin with a small letter."""
    letters = []
    for word in name.split():
        if word[0].isupper():
            letters.append(word[0] + ".")
    return "".join(letters)


def test_initials():
    assert initials("Ludwig van Beethoven") == "L.B."
    assert initials("Ada Lovelace") == "A.L."
    assert initials("plato") == ""


def shorten(text, limit):
    """Cut a text to at most limit characters, the last three of them dots where something is cut."""
    if len(text) <= limit:
        return text
    if limit <= 3:
        return "." * limit
    return text[: limit - 3] + "..."


def test_shorten():
    assert shorten("a long sentence", 8) == "a lon..."
    assert shorten("short", 5) == "short"
    assert shorten("shorts", 5) == "sh..."
    assert shorten("anything", 3) == "..."
    assert shorten("anything", 2) == ".."


def table_row(cells, widths):
    """One row of a table: numbers to the right, texts to the left, cells divided by a bar."""
    shown = []
    for cell, width in zip(cells, widths):
        if isinstance(cell, int):
            shown.append(str(cell).rjust(width))
        else:
            shown.append(cell.ljust(width))
    return " | ".join(shown)


def test_table_row():
    assert table_row(["pear", 12], [6, 4]) == "pear   |   12"
    assert table_row([7], [1]) == "7"
    assert table_row(["a", "b"], [1, 2]) == "a | b "


def indent_depth(line):
    """Depth of a line's indentation, four spaces or a tab being one step."""
    depth = 0
    spaces = 0
    for char in line:
        if char == "\t":
            depth += 1
            spaces = 0
        elif char == " ":
            spaces += 1
            if spaces == 4:
                depth += 1
                spaces = 0
        else:
            break
    return depth


def test_indent_depth():
    assert indent_depth("x") == 0
    assert indent_depth("    x") == 1
    assert indent_depth("\t    x  \t") == 2
    assert indent_depth("   x") == 0
    assert indent_depth("        x") == 2


def title_slug(title):
    """Turn a title into small words with dashes, leaving out everything but letters and digits."""
    slug = ""
    for char in title.lower():
        if char.isalnum():
            slug += char
        elif slug and not slug.endswith("-"):
            slug += "-"
    return slug.rstrip("-")


def test_title_slug():
    assert title_slug("Hello, World!") == "hello-world"
    assert title_slug("  A -- B  ") == "a-b"
    assert title_slug("2nd Edition") == "2nd-edition"
    assert title_slug("!!!") == ""


def comment_ratio(lines):
    """Per cent of the lines with content that are comments, rounded down; 0 where there are none."""
    filled = 0
    comments = 0
    for line in lines:
        text = line.strip()
        if text:
            filled += 1
            if text.startswith("#"):
                comments += 1
    if filled == 0:
        return 0
    return 100 * comments // filled


def test_comment_ratio():
    assert comment_ratio(["# a", "x = 1", "", "y = 2"]) == 33
    assert comment_ratio([]) == 0
    assert comment_ratio(["  # a", "# b"]) == 100
    assert comment_ratio(["x = 1  # one"]) == 0


def merge_lines(lines):
    """Join every line that ends with a backslash with the next one."""
    merged = []
    open_line = ""
    for line in lines:
        if line.endswith("\\"):
            open_line += line[:-1]
        else:
            merged.append(open_line + line)
            open_line = ""
    if open_line:
        merged.append(open_line)
    return merged


def test_merge_lines():
    assert merge_lines(["a\\", "b", "c"]) == ["ab", "c"]
    assert merge_lines(["a\\", "b\\", "c"]) == ["abc"]
    assert merge_lines(["a\\"]) == ["a"]
    assert merge_lines([]) == []
