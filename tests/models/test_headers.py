import json
import struct

import pytest

from swfactory.errors import InputError
from swfactory.models.headers import gguf_header, safetensors_header


def gguf(*entries, version=3, count=None):
    data = b"GGUF" + struct.pack("<IQQ", version, 0, len(entries) if count is None else count)
    for key, kind, value in entries:
        data += struct.pack("<Q", len(key)) + key.encode() + struct.pack("<I", kind) + value
    return data


def text(value):
    return struct.pack("<Q", len(value)) + value.encode()


def test_scalars_are_read_up_to_the_tokenizer(tmp_path):
    file = tmp_path / "m.gguf"
    array = struct.pack("<IQ", 8, 2) + text("a") + text("b")
    file.write_bytes(
        gguf(
            ("general.architecture", 8, text("qwen2")),
            ("general.tags", 9, array),
            ("qwen2.block_count", 4, struct.pack("<I", 24)),
            ("qwen2.eps", 6, struct.pack("<f", 0.5)),
            ("tokenizer.ggml.model", 8, text("gpt2")),
            ("general.late", 7, b"\1"),
        )
    )
    assert gguf_header(file) == {"general.architecture": "qwen2", "qwen2.block_count": 24, "qwen2.eps": 0.5}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"not a model at all, only text",
        gguf(version=9),
        gguf(("a", 8, text("x")), count=2),
        gguf(("a", 99, b"")),
        gguf(("a", 8, struct.pack("<Q", 2**60))),
        gguf(("a", 9, struct.pack("<IQ", 0, 2**60))),
    ],
    ids=["empty", "text", "version", "short", "type", "huge string", "huge array"],
)
def test_what_is_no_gguf_file_is_told(tmp_path, data):
    file = tmp_path / "m.gguf"
    file.write_bytes(data)
    with pytest.raises(InputError, match="no whole GGUF file"):
        gguf_header(file)


def safetensors(head, data=b""):
    text = json.dumps(head).encode()
    return struct.pack("<Q", len(text)) + text + data


def test_tensors_are_placed_in_the_file(tmp_path):
    file = tmp_path / "m.safetensors"
    entry = {"dtype": "F32", "shape": [1, 2], "data_offsets": [4, 12]}
    file.write_bytes(safetensors({"__metadata__": {"format": "pt"}, "w": entry}, b"xxxx" + struct.pack("<2f", 1, 2)))
    (place,) = safetensors_header(file).values()
    assert (place.shape, place.size) == ((1, 2), 8)
    assert file.read_bytes()[place.start : place.start + place.size] == struct.pack("<2f", 1, 2)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        struct.pack("<Q", 2**40),
        safetensors([1]),
        safetensors({"w": 3}),
        safetensors({"w": {"dtype": "F32", "shape": [9], "data_offsets": [0, 36]}}),
    ],
    ids=["empty", "long head", "list", "no entry", "cut off"],
)
def test_what_is_no_safetensors_file_is_told(tmp_path, data):
    file = tmp_path / "m.safetensors"
    file.write_bytes(data)
    with pytest.raises(InputError, match="no whole safetensors file"):
        safetensors_header(file)
