import hashlib
import os

from swfactory.models.stamp import drop_stamp, file_digest, known_digest, read_stamp, write_stamp


def test_a_known_file_is_not_read_again(tmp_path):
    file = tmp_path / "f"
    file.write_bytes(b"content")
    digest = known_digest(file)
    assert digest == hashlib.sha256(b"content").hexdigest() == read_stamp(file)
    stat = file.stat()
    file.write_bytes(b"CONTENT")
    os.utime(file, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert known_digest(file) == digest


def test_a_changed_file_is_read_again(tmp_path):
    file = tmp_path / "f"
    file.write_bytes(b"content")
    known_digest(file)
    file.write_bytes(b"contents")
    assert read_stamp(file) is None
    assert known_digest(file) == file_digest(file)


def test_a_damaged_or_dropped_stamp_is_no_stamp(tmp_path):
    file = tmp_path / "f"
    file.write_bytes(b"content")
    write_stamp(file, "00")
    assert read_stamp(file) == "00"
    (tmp_path / "f.sha256.json").write_text("{")
    assert read_stamp(file) is None
    (tmp_path / "f.sha256.json").write_text("[]")
    assert read_stamp(file) is None
    drop_stamp(file)
    assert read_stamp(file) is None
