"""Log-probabilities of a GGUF file, held against those of the Transformers folder that it was made from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import fmean

import pytest

pytest.importorskip("gguf")
pytest.importorskip("peft")
pytest.importorskip("xllamacpp")

from swfactory.errors import ModelUnavailable
from swfactory.finetune.evaluation.scorer import HfScorer, LlamaScorer, check_scorable, create_scorer
from swfactory.finetune.export.gguf_lora import write_gguf_lora
from swfactory.finetune.export.kinds import read_config
from swfactory.models.engine import close_engines
from swfactory.models.llama import LlamaChatModel
from swfactory.models.transformers import HfChatModel
from tests.finetune.export import tiny

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

TEXT = "The harbour master keeps a register of every ship. It is in the other hall."


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a base and an adapter, each in both forms."""
    root = tmp_path_factory.mktemp("scored")
    base = tiny.save_model(root / "base", "llama")
    tiny.save_gguf(base, root / "base.gguf")
    adapter = tiny.save_adapter(base, root / "lora")
    write_gguf_lora(adapter, read_config(base, "config.json"), root / "lora.gguf", name="test")
    return root


@pytest.fixture
def loaded() -> Iterator[None]:
    yield
    close_engines()


async def scores(model: LlamaChatModel | HfChatModel, text: str = TEXT) -> tuple[float, ...]:
    return await create_scorer(model).score(text)


def apart(ours: tuple[float, ...], theirs: tuple[float, ...]) -> float:
    return fmean(abs(one - other) for one, other in zip(ours, theirs, strict=True))


@pytest.mark.usefixtures("loaded")
async def test_a_gguf_file_finds_a_text_as_likely_as_its_folder_does(folder: Path) -> None:
    theirs = await scores(HfChatModel(source=str(folder / "base"), device="cpu"))
    ours = await scores(LlamaChatModel(path=folder / "base.gguf", context=256))
    assert apart(ours, theirs) < 0.01


@pytest.mark.usefixtures("loaded")
async def test_an_adapter_counts(folder: Path) -> None:
    theirs = await scores(HfChatModel(source=str(folder / "base"), adapters=(str(folder / "lora"),), device="cpu"))
    model = LlamaChatModel(path=folder / "base.gguf", adapters=(folder / "lora.gguf",), context=256)
    assert apart(await scores(model), theirs) < 0.01
    bare = model.model_copy(update={"applied": ()})
    assert apart(await scores(bare), theirs) > 0.1


@pytest.mark.usefixtures("loaded")
async def test_a_long_text_is_cut_and_a_short_one_says_nothing(folder: Path) -> None:
    scorer = create_scorer(LlamaChatModel(path=folder / "base.gguf", context=32))
    assert isinstance(scorer, LlamaScorer)
    assert len(await scorer.score("ab" * 100)) == 31
    assert await scorer.score("") == await scorer.score("a") == ()


@pytest.mark.usefixtures("loaded")
async def test_a_model_that_was_closed_says_so(folder: Path) -> None:
    scorer = create_scorer(LlamaChatModel(path=folder / "base.gguf", context=32))
    close_engines()
    with pytest.raises(ModelUnavailable, match="was closed"):
        await scorer.score("abc")


@pytest.mark.usefixtures("loaded")
async def test_the_first_part_of_a_letter_is_not_told(folder: Path) -> None:
    scorer = create_scorer(LlamaChatModel(path=folder / "base.gguf", context=64))
    assert len(await scorer.score("a每b")) == 3  # of four: each byte of the letter is a token


def test_both_kinds_of_local_models_can_be_scored(folder: Path) -> None:
    check_scorable(f"llama:{folder / 'base.gguf'}")
    check_scorable(f"hf:{folder / 'base'}")
    assert isinstance(create_scorer(HfChatModel(source=str(folder / "base"), device="cpu")), HfScorer)
