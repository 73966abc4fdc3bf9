import pytest

from swfactory.programs.checks import check_sources
from swfactory.programs.copies import drop_redefined, drop_shadows
from swfactory.programs.imports import drop_unused, import_from_home, import_missing
from swfactory.programs.names import name_date, name_datetime, name_locals, name_main
from swfactory.programs.tidy import tidy

GUARDED = """\
import sys


def double(x):
    return 2 * x


if __name__ == "__main__":
    # what the user typed
    number = int(sys.argv[1])
    print(double(number))
"""


def test_a_program_below_the_guard_becomes_a_function():
    assert (
        name_main(GUARDED)
        == """\
import sys


def double(x):
    return 2 * x


def main():
    # what the user typed
    number = int(sys.argv[1])
    print(double(number))


if __name__ == "__main__":
    main()
"""
    )


@pytest.mark.parametrize(
    "source",
    [
        'def main():\n    print(1)\n\n\nif __name__ == "__main__":\n    x = 1\n    main()\n',
        'def f():\n    print(x)\n\n\nif __name__ == "__main__":\n    x = 1\n    f()\n',
        'def f():\n    pass\n\n\nif __name__ == "__main__":\n    f()\n',
        'if __name__ == "__main__": x = 1; print(x)\n',
        'if __name__ == "__main__":\n    x = 1\n    print(x)\nelse:\n    pass\n',
        "x = 1\n",
        "",
        "def f(:\n",
    ],
    ids=["has main", "shared variable", "a call", "one line", "else", "no guard", "empty", "broken"],
)
def test_a_program_that_is_a_function_or_cannot_be_one_stays(source):
    assert name_main(source) == source


@pytest.mark.parametrize(
    ("source", "mended"),
    [
        (
            "from datetime import datetime\nprint('é', datetime.now() + datetime.timedelta(days=1))\n",
            "from datetime import datetime\nprint('é', datetime.now() + timedelta(days=1))\n",
        ),
        (
            "from datetime import datetime\nx = datetime.datetime.now(datetime.timezone.utc)\n",
            "from datetime import datetime\nx = datetime.now(timezone.utc)\n",
        ),
        (
            "import datetime\nx = datetime.strptime('2024', '%Y') + datetime.timedelta(1)\n",
            "import datetime\nx = datetime.datetime.strptime('2024', '%Y') + datetime.timedelta(1)\n",
        ),
    ],
)
def test_the_class_and_the_module_of_one_name_are_told_apart(source, mended):
    assert name_datetime(source) == mended


@pytest.mark.parametrize(
    "source",
    [
        "import datetime\nx = datetime.datetime.now()\n",
        "from datetime import datetime, timedelta\nx = datetime.now() + timedelta(1)\n",
        "import datetime as datetime_\nx = 1\n",
        "x = datetime.timedelta(1)\n",
        "def f(:  # datetime",
    ],
)
def test_what_is_right_or_unclear_about_dates_stays(source):
    assert name_datetime(source) == source


def test_a_mended_date_gets_its_import():
    assert (
        "from datetime import timedelta"
        in tidy({"a.py": "from datetime import datetime\nx = datetime.timedelta(1)\n"})["a.py"]
    )


def test_a_function_that_stands_in_for_an_import_and_calls_itself_is_dropped():
    source = "from kit import parse\n\n\ndef parse():\n    return parse()\n\n\nprint(parse())\n"
    assert "def parse" not in drop_shadows(source)
    assert "print(parse())" in drop_shadows(source)


@pytest.mark.parametrize(
    "source",
    [
        "from kit import parse\n\n\ndef parse():\n    return 1\n",
        "def parse(n):\n    return parse(n - 1) if n else 0\n",
        "from kit import parse\n\n\ndef main():\n    return parse()\n",
        "def f(:\n",
    ],
    ids=["another one", "recursion", "no stand-in", "broken"],
)
def test_functions_that_can_end_stay(source):
    assert drop_shadows(source) == source


def test_tidying_mends_all_at_once_and_leaves_other_files():
    tree = {"main.py": GUARDED.replace("import sys\n\n\n", ""), "notes.txt": GUARDED}
    mended = tidy(tree)
    assert mended["main.py"].startswith("import sys\n")
    assert "def main():" in mended["main.py"]
    assert mended["notes.txt"] == GUARDED


@pytest.mark.parametrize("source", ["-" * 100_000 + "1", "x\x00", "a" + ".b" * 50_000], ids=["minus", "null", "dots"])
def test_source_that_python_cannot_even_parse(source):
    assert tidy({"main.py": source}) == {"main.py": source}


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("print(json.dumps(1))\n", "import json"),
        ("x = defaultdict(list)\n", "from collections import defaultdict"),
        ("x: Optional[int] = None\n", "from typing import Optional"),
        ("x = datetime.datetime.now()\n", "import datetime"),
        ("x = datetime.now()\n", "from datetime import datetime"),
        ("print(encode('a'))\n", "from kit import encode"),
        ("print(kit.encode('a'))\n", "import kit"),
    ],
)
def test_forgotten_imports_are_added(source, line):
    tree = {"kit.py": "def encode(text): return text\n", "main.py": source}
    assert import_missing(tree) == {"main.py": f"{line}\n{source}"}
    assert check_sources(tree | import_missing(tree)) == ()


def test_what_a_module_only_imports_is_not_taken_from_it():
    tree = {"kit.py": "import sys\ndef encode(text): return text\n", "main.py": "print(sys.argv)\n"}
    assert import_missing(tree) == {"main.py": "import sys\nprint(sys.argv)\n"}


def test_a_star_import_hides_no_forgotten_name():
    tree = {"kit.py": "def a(): ...\n", "other.py": "def b(): ...\n", "main.py": "from kit import *\na(b())\n"}
    assert "from other import b" in import_missing(tree)["main.py"]


def test_imports_go_below_docstring_and_future():
    source = '"""Doc."""\nfrom __future__ import annotations\nprint(sys.argv)\n'
    assert import_missing({"a.py": source})["a.py"].splitlines() == [
        '"""Doc."""',
        "from __future__ import annotations",
        "import sys",
        "print(sys.argv)",
    ]


@pytest.mark.parametrize(
    "tree",
    [
        {"a.py": "print(unknown)\n"},
        {"a.py": "print(f())\n", "b.py": "def f(): return 1\n", "c.py": "def f(): return 2\n"},
        {"a.py": "print(f())\n", "main.py": "def f(): return 1\n"},
        {"a.py": "x = 1\n", "b.txt": "print(json)"},
        {"a.py": "def f(:\n"},
    ],
    ids=["unknown", "two homes", "the program", "clean", "broken"],
)
def test_what_is_not_certain_is_left_alone(tree):
    assert import_missing(tree) == {}


@pytest.mark.parametrize(
    ("body", "mended"),
    [
        ("for pair in pair(x):\n        print(pair, x)", "for pair_ in pair(x):\n        print(pair_, x)"),
        (
            "y = pair(x)\n    pair = y[0]  # first\n    return pair",
            "y = pair(x)\n    pair_ = y[0]  # first\n    return pair_",
        ),
    ],
    ids=["loop", "assignment"],
)
def test_a_variable_that_hides_the_function_it_comes_from_gets_another_name(body, mended):
    source = "from kit import pair\n\n\ndef main(x):\n    {}\n"
    assert name_locals(source.format(body)) == source.format(mended)


def test_variables_inside_f_strings_are_renamed_with_the_others_or_none_is():
    source = 'from kit import pair\n\n\ndef main(x):\n    for pair in pair(x):\n        print(f"é {pair}: {pair!r}")\n'
    renamed = source.replace("for pair in", "for pair_ in").replace("{pair", "{pair_")
    assert name_locals(source) in {source, renamed}


@pytest.mark.parametrize(
    "source",
    [
        "from kit import pair\n\n\ndef main(x):\n    pair = x.pair\n    return pair(x)\n",
        "from kit import pair\n\n\ndef main(x):\n    pairs = pair(x)\n    return [pair for pairs in x]\n",
        "def main(pair):\n    for pair in pair(1):\n        print(pair)\n",
        "def f(:\n",
    ],
    ids=["a variable that is called", "nothing hidden", "no function", "broken"],
)
def test_variables_that_hide_nothing_keep_their_names(source):
    assert name_locals(source) == source


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("import json\nimport sys\n\nsys.exit()\n", "import sys\n\nsys.exit()\n"),
        ("from typing import Any, Optional\nx: Any = 1\n", "from typing import Any\nx: Any = 1\n"),
        ("import os.path as p\nimport re as r\nr.sub\n", "import re as r\nr.sub\n"),
    ],
)
def test_imports_that_nothing_uses_are_dropped(source, kept):
    assert drop_unused(source) == kept


def test_imports_of_a_library_that_nothing_uses_are_dropped():
    source = "from post.fares import fare, zone\nfrom store import load\n\nprint(zone(1))\n"
    kept = "from post.fares import zone\nfrom store import load\n\nprint(zone(1))\n"
    assert drop_unused(source, {"post"}) == kept
    assert drop_unused(source) == source


@pytest.mark.parametrize(
    "source",
    [
        "from __future__ import annotations\n",
        "import store\nprint(1)",
        "from typing import Any\nx: 'Any' = 1\n",
        "from typing import *\n",
        "import json  # for later\n",
        "from json import (\n    dumps,\n)\n",
        "try:\n    import json\nexcept ImportError:\n    pass\n",
        "import (\n",
    ],
    ids=["future", "its own", "in a text", "all names", "a comment", "several lines", "in a block", "no program"],
)
def test_other_imports_stay(source):
    assert drop_unused(source) == source


@pytest.mark.parametrize(
    "other",
    [
        "from a import date, f\n\nprint(date, f())\n",
        "import a\n\nprint(a.date, a.f())\n",
        "import a as b\n\nprint(b.date, b.f())\n",
        "from . import a\n\nprint(a.date, a.f())\n",
        "from .a import date\n\nprint(date)\n",
        "from a import *\n\nprint(date)\n",
    ],
)
def test_what_another_file_takes_stays_imported(other):
    source = "from datetime import date, time\n\n\ndef f():\n    return 1\n"
    kept = tidy({"a.py": source, "main.py": other})["a.py"]
    assert kept == (source if "*" in other else source.replace("date, time", "date"))


def test_imports_come_after_what_a_system_reads_first():
    head = "#!/usr/bin/env python3\n# -*- coding: utf-8 -*-\n"
    assert import_missing({"main.py": f"{head}# Prints.\nprint(sys.argv)\n"}) == {
        "main.py": f"{head}import sys\n# Prints.\nprint(sys.argv)\n"
    }
    assert import_missing({"main.py": "#!/usr/bin/python3\n'''Prints.'''\nprint(sys.argv)\n"}) == {
        "main.py": "#!/usr/bin/python3\n'''Prints.'''\nimport sys\nprint(sys.argv)\n"
    }


@pytest.mark.parametrize(
    ("head", "rest"),
    [
        ("# A tool.\n# coding: utf-8\n", "print(sys.argv)\n"),
        ("\n# vim: set fileencoding=utf-8 :\n", "print(sys.argv)\n"),
        ("", "# A tool.\n\n# coding: utf-8\nprint(sys.argv)\n"),
        ("", "from typing import (\n    Any,\n)\n# Encoding: none\nprint(sys.argv)\n"),
        ("", "def f(x):\n    return x\n\n\n# decoding=off\nprint(sys.argv)\n"),
    ],
)
def test_an_encoding_is_named_in_the_first_two_lines_alone(head, rest):
    assert import_missing({"main.py": head + rest}) == {"main.py": f"{head}import sys\n{rest}"}


def test_a_package_imports_for_others():
    assert tidy({"kit/__init__.py": "import json\n", "kit/a.py": "import json\nx = 1\n"}) == {
        "kit/__init__.py": "import json\n",
        "kit/a.py": "x = 1\n",
    }


def test_what_a_ready_made_file_has_is_not_written_again():
    ready = "import sqlite3\n\nTABLES = ''\n\n\ndef connect(path='a.db'):\n    return sqlite3.connect(path)\n"
    copied = (
        "TABLES = ''\n\n\ndef connect(path='b.db'):\n    return None\n\n\ndef shop(path):\n    return connect(path)\n"
    )
    tree = tidy({"db.py": ready, "shop.py": copied}, ["db.py"])
    assert tree["db.py"] == ready
    assert "TABLES" not in tree["shop.py"]
    assert tree["shop.py"].startswith("from db import connect\n")
    assert "def connect" not in tree["shop.py"]


@pytest.mark.parametrize("kept", ["def connect(host, port):\n    return host\n", "TABLES = 'x'\nprint(TABLES)\n"])
def test_what_only_has_its_name_stays(kept):
    ready = "TABLES = ''\n\n\ndef connect(path):\n    return path\n"
    assert tidy({"db.py": ready, "shop.py": kept}, ["db.py"])["shop.py"] == kept
    assert tidy({"db.py": ready, "shop.py": ready})["shop.py"] == ready


EXPORTS = {"fare": "post.fares", "Parcel": "post.parcels", "Path": "post.ways"}


def test_a_name_of_an_installed_library_is_imported_from_its_home() -> None:
    tree = {"main.py": "def main():\n    return fare(Parcel(), Path('x'))\n"}
    assert import_missing(tree, EXPORTS)["main.py"].splitlines()[:3] == [
        "from post.fares import fare",
        "from post.parcels import Parcel",
        "from pathlib import Path",  # what most people mean by it
    ]


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("from post import fare", ["from post.fares import fare"]),
        (
            "from post.fares import fare, Parcel as P",
            ["from post.fares import fare", "from post.parcels import Parcel as P"],
        ),
        ("from post.fares import fare, other", ["from post.fares import fare, other"]),
        ("from elsewhere import fare", ["from elsewhere import fare"]),
        ("from .post import fare", ["from .post import fare"]),
    ],
)
def test_a_name_that_is_imported_from_elsewhere_in_a_library_is_imported_from_its_home(line, lines) -> None:
    source = f"def main():\n    {line}\n    return fare\n"
    assert import_from_home(source, EXPORTS).splitlines()[1:-1] == [f"    {made}" for made in lines]


def test_what_is_imported_from_a_library_is_not_written_once_more() -> None:
    source = "from post.fares import fare\n\n\ndef fare(x):\n    return 1\n\n\ndef quote(x):\n    return fare(x)\n"
    kept = "from post.fares import fare\n\n\n\n\ndef quote(x):\n    return fare(x)\n"
    assert drop_redefined(source, EXPORTS) == kept


@pytest.mark.parametrize(
    "source",
    [
        "def fare(x):\n    return 1\n",
        "from post.fares import fare as known\n\n\ndef fare(x):\n    return known(x)\n",
        "from mine import fare\n\n\ndef fare(x):\n    return 1\n",
        "from post.fares import fare\ndef (:\n",
    ],
    ids=["its own", "by another name", "from elsewhere", "broken"],
)
def test_other_definitions_stay(source) -> None:
    assert drop_redefined(source, EXPORTS) == source


def test_a_program_that_cannot_be_read_keeps_its_imports() -> None:
    assert import_from_home("from post import fare\ndef (:\n", EXPORTS) == "from post import fare\ndef (:\n"


@pytest.mark.parametrize(
    ("imports", "mended", "called"),
    [
        ("from datetime import date\n", "from datetime import date as date_, date\n", "date_"),
        (
            "from datetime import (\n    datetime,\n    date,\n)\n",
            "from datetime import (\n    date as date_, datetime,\n    date,\n)\n",
            "date_",
        ),
        ("", "import datetime\n", "datetime.date"),
    ],
)
def test_a_parameter_that_hides_the_class_date_keeps_its_name(imports: str, mended: str, called: str) -> None:
    source = "def run(date: str, days):\n    print(date)\n    return due({}.fromisoformat(date), days)\n"
    due = "\n\ndef due(day, days):\n    return day\n"
    tree = tidy({"main.py": f"{imports}{source.format('date')}{due}"})
    assert tree["main.py"] == f"{mended}{source.format(called)}{due}"


@pytest.mark.parametrize(
    "source",
    [
        "def run(date: str):\n    return date.strip()\n",
        "from datetime import *\ndef run(date):\n    return date.today()\n",
    ],
)
def test_a_parameter_date_that_hides_nothing_stays(source: str) -> None:
    assert name_date(source) == source


def test_a_variable_that_hides_a_function_of_a_library_gets_another_name() -> None:
    source = "def run(days):\n    fare = fare(days)\n    return fare\n"
    mended = tidy({"main.py": source}, exports=EXPORTS)["main.py"]
    assert mended == "from post.fares import fare\ndef run(days):\n    fare_ = fare(days)\n    return fare_\n"


def test_a_library_that_is_named_with_its_module_is_imported() -> None:
    tree = {"main.py": "def main():\n    return post.fares.fare(post.parcels.Parcel())\n"}
    assert import_missing(tree, EXPORTS)["main.py"].startswith("import post.fares\nimport post.parcels\ndef main")
