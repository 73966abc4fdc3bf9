"""Words of code and prose."""

from swfactory.rag.words import identifiers, words


def test_identifiers_are_taken_apart() -> None:
    assert [*words("readFile_at HTTPServer2")] == [
        *("readfile_at", "read", "file", "at"),
        *("httpserver2", "http", "server", "2"),
    ]


def test_chinese_is_cut_into_words() -> None:
    assert {"数据", "数据库"} <= {*words("检查数据库连接 timeout=3")}
    assert "timeout" in [*words("检查数据库连接 timeout=3")]


def test_a_query_names_what_looks_like_code() -> None:
    assert identifiers("how does Store.add differ from load_all and `put`, in camelCase?") == [
        "put",
        "Store.add",
        "load_all",
        "camelCase",
    ]
    assert identifiers("std::vector is nice, e.g. here") == ["std.vector", "e.g"]
    assert identifiers("insert an item") == []
