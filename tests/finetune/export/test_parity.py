import math

import pytest

from swfactory.errors import InputError
from swfactory.finetune.export.parity import Parity, Probe, compare, llama_scores

PROBES = (Probe(ids=(1, 2, 3), pieces=("a", "b", "c")), Probe(ids=(4, 5), pieces=("d", "e")))


def test_the_mean_and_the_token_that_differs_most():
    parity = compare(PROBES, [[-1.0, -2.0], [-3.0]], [[-1.0, -2.3], [-3.03]])
    assert (parity.tokens, parity.piece, parity.place) == (3, "c", 2)
    assert parity.mean == pytest.approx(0.11)
    assert parity.largest == pytest.approx(0.3)
    with pytest.raises(InputError, match=r"'gguf'.* 0\.110 apart.*0\.05.* 0\.300 at token 2, 'c'; it was not kept"):
        parity.check("gguf")
    parity.check("gptq", 0.2)


def test_a_token_that_is_not_told_is_left_out():
    parity = compare(PROBES, [[-1.0, -2.0], [-3.0]], [[-1.0, None], [-3.0]])
    assert (parity.tokens, parity.mean) == (2, 0.0)
    with pytest.raises(InputError, match="no token"):
        compare(PROBES, [[None, None], [None]], [[-1.0, -2.0], [-3.0]])


@pytest.mark.parametrize("odd", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_does_not_pass(odd):
    with pytest.raises(InputError, match="inf"):
        compare(PROBES, [[-1.0, -2.0], [-3.0]], [[-1.0, odd], [-3.0]]).check("gguf")


def test_the_limit_itself_passes():
    Parity(tokens=1, mean=0.05, largest=0.05, piece="a", place=1).check("gguf")


def test_a_file_that_llama_cpp_cannot_load_is_told(tmp_path):
    pytest.importorskip("xllamacpp")
    (tmp_path / "m.gguf").write_bytes(b"nothing")
    with pytest.raises(InputError, match="cannot load"):
        llama_scores(tmp_path / "m.gguf", PROBES)
