import os
import subprocess

import pytest

from swfactory.errors import PathEscapeError
from swfactory.sandbox.box import COLLECT_BYTES, confine, lay_out, read_back, usage


@pytest.fixture
def folder(tmp_path):
    box = tmp_path / "box"
    box.mkdir()
    descriptor = os.open(box, os.O_RDONLY | os.O_DIRECTORY)
    yield descriptor
    os.close(descriptor)


@pytest.fixture
def box(folder, tmp_path):
    return tmp_path / "box"


def test_files_are_written_and_read(folder, box):
    lay_out(folder, {"a.txt": "é", "b\\c.txt": "windows", "d/e/f.txt": ""})
    assert (box / "b" / "c.txt").read_text() == "windows"
    assert read_back(folder, ["a.txt", "d/e/f.txt", "d/e", "d", "missing", "a.txt/x"]) == {
        "a.txt": "é",
        "d/e/f.txt": "",
    }


def test_lone_surrogates_do_not_stop_a_run(folder, box):
    lay_out(folder, {"a.txt": "\ud800"})
    assert (box / "a.txt").read_bytes() == b"\xed\xa0\x80"


def test_links_are_never_followed(folder, box, tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret").write_text("secret")
    (box / "link").symlink_to(outside / "secret")
    (box / "folder").symlink_to(outside)
    os.link(outside / "secret", box / "second-name")
    os.mkfifo(box / "pipe")
    assert read_back(folder, ["link", "folder/secret", "second-name", "pipe"]) == {}


def test_what_does_not_fit_is_left_out(folder, box):
    (box / "half").write_bytes(b"x" * (COLLECT_BYTES // 2 + 1))
    (box / "other").write_bytes(b"x" * (COLLECT_BYTES // 2 + 1))
    (box / "small").write_text("y")
    assert sorted(read_back(folder, ["half", "other", "small"])) == ["half", "small"]


def test_reading_leaves_no_descriptor_open(folder, box):
    (box / "a").mkdir()
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    read_back(folder, ["a", "b/c", "a/b"])
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


@pytest.mark.parametrize("files", [["../a"], ["a", "a/b"], ["a/b/c", "a/b"], ["/a"]])
def test_files_that_cannot_be_are_refused(files):
    with pytest.raises(PathEscapeError):
        confine(files, [])


def test_collected_paths_are_normalised():
    assert confine(["a/b"], ["./a//b", "a"]) == ("a/b", "a")


def test_usage_counts_what_is_on_disk(folder, box):
    (box / "d").mkdir()
    (box / "d" / "a").write_bytes(bytes(1 << 20))
    os.truncate(os.open(box / "sparse", os.O_CREAT | os.O_WRONLY), 1 << 40)
    (box / "link").symlink_to("/usr")
    assert 1 << 20 <= usage(folder, stop=1 << 30) < 2 << 20


def test_usage_counts_folders(folder, box):
    before = usage(folder, stop=1 << 30)
    for number in range(300):
        (box / str(number)).mkdir()
    assert usage(folder, stop=1 << 30) >= before + 300 * 512


@pytest.mark.parametrize("mode", [0o000, 0o444])
def test_what_cannot_be_looked_into_counts_as_full(folder, box, tmp_path, mode):
    (box / "closed").mkdir()
    (box / "closed" / "a").write_bytes(b"a")
    (box / "link").symlink_to(tmp_path)  # which is closed too, and nothing of the box
    (box / "closed").chmod(mode)
    tmp_path.chmod(0o700)
    user = os.geteuid()
    if user == 0:  # whom no mode stops
        os.seteuid(65534)
    try:
        assert usage(folder, stop=1 << 30) >= 1 << 30
        if user == 0:
            os.seteuid(user)
        (box / "closed").chmod(0o755)
        if user == 0:
            os.seteuid(65534)
        assert usage(folder, stop=1 << 30) < 1 << 20
    finally:
        os.seteuid(user)
        (box / "closed").chmod(0o755)


def test_folders_in_one_another_without_end_count_as_full(folder, box):
    inner = os.open(box, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=inner)
        outer, inner = inner, os.open("d", os.O_RDONLY, dir_fd=inner)
        os.close(outer)
    os.close(inner)
    try:
        assert usage(folder, stop=1 << 20) >= 1 << 20
    finally:
        subprocess.run(["rm", "-rf", box / "d"], check=True)  # too deep for pytest to clear away
