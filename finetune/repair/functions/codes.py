"""Codes, checks and small formats."""


def parse_range(text):
    """Numbers of a page range such as "1-3,7", in the order they are named."""
    pages = []
    for part in text.split(","):
        if "-" in part:
            first, last = part.split("-")
            pages += range(int(first), int(last) + 1)
        else:
            pages.append(int(part))
    return pages


def test_parse_range():
    assert parse_range("1-3,7") == [1, 2, 3, 7]
    assert parse_range("5") == [5]
    assert parse_range("9,4-5") == [9, 4, 5]


def compress_range(pages):
    """Write sorted page numbers as a range such as "1-3,7"."""
    parts = []
    start = previous = None
    for page in [*pages, None]:
        if previous is not None and page != previous + 1:
            parts.append(str(start) if start == previous else f"{start}-{previous}")
            start = page
        elif start is None:
            start = page
        previous = page
    return ",".join(parts)


def test_compress_range():
    assert compress_range([1, 2, 3, 7]) == "1-3,7"
    assert compress_range([4]) == "4"
    assert compress_range([]) == ""
    assert compress_range([1, 3, 4]) == "1,3-4"


def check_digit(number):
    """Check digit of a book's 12 digits: weights 1 and 3 in turn, what is missing to the next ten."""
    total = 0
    for place, digit in enumerate(number):
        weight = 1 if place % 2 == 0 else 3
        total += int(digit) * weight
    return (10 - total % 10) % 10


def test_check_digit():
    assert check_digit("978030640615") == 7
    assert check_digit("000000000000") == 0
    assert check_digit("100000000000") == 9
    assert check_digit("010000000000") == 7


def unescape(text):
    """Replace the escapes \\n, \\t and \\\\ of a text; other letters after a backslash stay as they are."""
    out = ""
    escaped = False
    for char in text:
        if escaped:
            out += {"n": "\n", "t": "\t"}.get(char, char)
            escaped = False
        elif char == "\\":
            escaped = True
        else:
            out += char
    return out


def test_unescape():
    assert unescape("a\\nb") == "a\nb"
    assert unescape("a\\\\n") == "a\\n"
    assert unescape("\\t\\q") == "\tq"
    assert unescape("plain") == "plain"


def read_version(text):
    """Parts of a version such as "v1.2.3-beta": three numbers and whether it is final."""
    final = "-" not in text
    numbers = text.lstrip("v").split("-")[0].split(".")
    while len(numbers) < 3:
        numbers.append("0")
    return int(numbers[0]), int(numbers[1]), int(numbers[2]), final


def test_read_version():
    assert read_version("v1.2.3-beta") == (1, 2, 3, False)
    assert read_version("2.0") == (2, 0, 0, True)
    assert read_version("7") == (7, 0, 0, True)


def parse_query(text):
    """Values of a query such as "a=1&b=2&a=3" by key; a key without a value has an empty one."""
    values = {}
    for pair in text.split("&"):
        if not pair:
            continue
        key, _, value = pair.partition("=")
        values.setdefault(key, []).append(value)
    return values


def test_parse_query():
    assert parse_query("a=1&b=2&a=3") == {"a": ["1", "3"], "b": ["2"]}
    assert parse_query("flag") == {"flag": [""]}
    assert parse_query("") == {}
    assert parse_query("x=1&&y=a=b") == {"x": ["1"], "y": ["a=b"]}


def password_faults(password):
    """What is wrong with a password: it needs 8 characters, a digit, a capital, and no space."""
    faults = []
    if len(password) < 8:
        faults.append("short")
    if not any(char.isdigit() for char in password):
        faults.append("digit")
    if not any(char.isupper() for char in password):
        faults.append("capital")
    if " " in password:
        faults.append("space")
    return faults


def test_password_faults():
    assert password_faults("Abcdefg1") == []
    assert password_faults("Abcdef1") == ["short"]
    assert password_faults("abcdefgh") == ["digit", "capital"]
    assert password_faults("Abc efgh1") == ["space"]


def bit_fields(value, widths):
    """Cut the lowest bits of a number into fields of given widths, the lowest first."""
    fields = []
    for width in widths:
        fields.append(value & ((1 << width) - 1))
        value >>= width
    return fields


def test_bit_fields():
    assert bit_fields(0b101101, [2, 3]) == [1, 3]
    assert bit_fields(255, [4, 4]) == [15, 15]
    assert bit_fields(6, [1, 1, 1]) == [0, 1, 1]


def morse_units(code):
    """Length of a Morse text in units: a dot is 1, a dash 3, the gap within a letter 1, between letters 3."""
    units = 0
    for number, letter in enumerate(code.split(" ")):
        if number > 0:
            units += 3
        for place, sign in enumerate(letter):
            if place > 0:
                units += 1
            units += 1 if sign == "." else 3
    return units


def test_morse_units():
    assert morse_units(".") == 1
    assert morse_units("-.") == 5
    assert morse_units(". .") == 5
    assert morse_units("--- .") == 15
