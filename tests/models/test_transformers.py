"""A tiny random model, made here; needs the extra ``hf``."""

import asyncio

import pytest

from swfactory.config import Settings
from swfactory.errors import ModelRefused, ModelUnavailable
from swfactory.models import create_chat_model
from swfactory.testing.contracts_models import ChatModelContract

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
peft = pytest.importorskip("peft")

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")  # between peft and transformers, none of ours

TEMPLATE = "{% for m in messages %}<{{ m['role'] }}> {{ m['content'] }} {% endfor %}<assistant> "


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    from tokenizers import Tokenizer, models, pre_tokenizers

    path = tmp_path_factory.mktemp("tiny")
    words = ["<unk>", "<eos>", *(f"w{number}" for number in range(400))]
    raw = Tokenizer(models.WordLevel({word: index for index, word in enumerate(words)}, unk_token="<unk>"))
    raw.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=raw, unk_token="<unk>", eos_token="<eos>")
    tokenizer.chat_template = TEMPLATE
    tokenizer.save_pretrained(path)
    torch.manual_seed(0)
    config = transformers.LlamaConfig(
        vocab_size=len(words),
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        max_position_embeddings=8192,
        bos_token_id=None,
        eos_token_id=None,
        pad_token_id=1,
    )
    transformers.LlamaForCausalLM(config).save_pretrained(path)
    return path


@pytest.fixture(scope="module")
def shared(folder):
    return create_chat_model(f"hf:{folder}?device=cpu", Settings())


class TestTransformersKeepsTheContract(ChatModelContract):
    enforces_schema = False

    @pytest.fixture
    def model(self, shared):
        return shared

    def idle(self, model):
        return not model.busy


def test_an_adapter_changes_what_is_said(folder, shared, tmp_path):
    base = transformers.AutoModelForCausalLM.from_pretrained(folder)
    torch.manual_seed(1)
    tuned = peft.get_peft_model(
        base, peft.LoraConfig(r=4, init_lora_weights=False, target_modules=["q_proj", "v_proj"])
    )
    tuned.save_pretrained(tmp_path / "lora")
    adapted = create_chat_model(f"hf:{folder}?device=cpu&adapter={tmp_path / 'lora'}", Settings())
    assert adapted.invoke("w1 w2", max_tokens=12).text != shared.invoke("w1 w2", max_tokens=12).text


@pytest.mark.filterwarnings("ignore:Position ids are not supported:UserWarning")
@pytest.mark.parametrize("config", [peft.PromptTuningConfig, peft.PrefixTuningConfig])
def test_tokens_before_the_text_are_served_as_well(folder, shared, tmp_path, config):
    base = transformers.AutoModelForCausalLM.from_pretrained(folder)
    torch.manual_seed(1)
    tuned = peft.get_peft_model(base, config(num_virtual_tokens=4, task_type="CAUSAL_LM"))
    with torch.no_grad():
        for weight in tuned.prompt_encoder.parameters():
            weight.normal_()
    tuned.save_pretrained(tmp_path / "virtual")
    adapted = create_chat_model(f"hf:{folder}?device=cpu&adapter={tmp_path / 'virtual'}", Settings())
    assert adapted.invoke("w1 w2", max_tokens=12).text
    ids = torch.tensor([[5, 6, 7]])
    with torch.no_grad():  # a random model's words hang on the last token alone, its numbers on all
        mine, bare = (model.load()[0](input_ids=ids).logits[:, -1] for model in (adapted, shared))
    assert not torch.allclose(mine, bare, atol=1e-5)


def test_a_prompt_that_is_too_long_is_refused(shared):
    with pytest.raises(ModelRefused, match="does not fit"):
        shared.invoke("w1 " * 9000, max_tokens=2)


def test_a_missing_model_is_unavailable(tmp_path, monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelUnavailable, match="cannot load") as error:
        create_chat_model(f"hf:{tmp_path / 'empty'}", Settings()).invoke("hi")
    assert error.value.hint


async def test_calls_at_once_do_not_mix_their_seeds(shared):
    async def sample(seed):
        return (await shared.ainvoke("w5 w6", temperature=1.0, seed=seed, max_tokens=12)).text

    alone = [await sample(seed) for seed in (1, 2, 3)]
    assert await asyncio.gather(*(sample(seed) for seed in (1, 2, 3))) == alone
