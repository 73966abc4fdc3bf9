from swfactory.domain.change import applied, checked_changes


def test_applied_orders_paths_whatever_order_they_came_in():
    assert list(applied({"z": "1", "b": "2"}, {"a/c": "3"})) == ["a/c", "b", "z"]


def test_deleting_makes_room_for_a_folder_of_that_name():
    changes = checked_changes({"a": None, "a/b": "1"})
    assert applied({"a": "file", "ab": "2"}, changes) == {"a/b": "1", "ab": "2"}


def test_windows_paths_become_ours():
    assert checked_changes({"src\\main.py": "x"}) == {"src/main.py": "x"}
