"""Log-probabilities of a random model of two layers, held against the model's own loss."""

from __future__ import annotations

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")

from swfactory.finetune.evaluation.scorer import HfScorer, create_scorer  # noqa: E402
from swfactory.models.transformers import HfChatModel  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")

LIMIT = 32


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> str:
    from tokenizers import Tokenizer, models, pre_tokenizers

    where = tmp_path_factory.mktemp("tiny")
    letters = {letter: number for number, letter in enumerate(["<unk>", *"abcdefgh "])}
    tokenizer = Tokenizer(models.WordLevel(letters, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    transformers.PreTrainedTokenizerFast(tokenizer_object=tokenizer, unk_token="<unk>").save_pretrained(where)
    torch.manual_seed(5)
    config = transformers.LlamaConfig(
        vocab_size=len(letters),
        hidden_size=16,
        intermediate_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        max_position_embeddings=LIMIT,
    )
    transformers.LlamaForCausalLM(config).save_pretrained(where)
    return str(where)


@pytest.fixture(scope="module")
def scorer(folder: str) -> HfScorer:
    return create_scorer(HfChatModel(source=folder, device="cpu"))


async def test_the_mean_is_the_loss_of_the_model(folder: str, scorer: HfScorer) -> None:
    model, tokenizer = HfChatModel(source=folder, device="cpu").load()
    ids = tokenizer("abc dgh", return_tensors="pt")["input_ids"]
    with torch.inference_mode():
        loss = float(model(input_ids=ids, labels=ids).loss)
    scored = await scorer.score("abc dgh")
    assert len(scored) == ids.shape[1] - 1 == 6
    assert -sum(scored) / len(scored) == pytest.approx(loss, rel=1e-5)
    assert all(value < 0 for value in scored)


async def test_a_long_text_is_cut_and_a_short_one_says_nothing(scorer: HfScorer) -> None:
    assert len(await scorer.score("ab" * LIMIT)) == LIMIT - 1
    assert await scorer.score("a") == ()
    long, short = await scorer.score("ab" * LIMIT), await scorer.score("ab" * 3)
    assert long[:5] == pytest.approx(short, abs=1e-5)
