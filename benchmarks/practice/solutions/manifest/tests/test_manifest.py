import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(__file__)))

from manifest import compare, scan


def test_scan_and_compare(tmp_path):
    (tmp_path / "a.txt").write_text("a")
    (tmp_path / "b.tmp").write_text("b")
    before = scan(tmp_path, ["*.tmp"])
    (tmp_path / "a.txt").rename(tmp_path / "c.txt")
    assert compare(before, scan(tmp_path, ["*.tmp"])) == ["moved a.txt -> c.txt"]
