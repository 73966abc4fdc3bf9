"""The real thing, with the smallest model of the catalogue: ``swf models pull smollm2-135m``."""

import asyncio

import pytest

from swfactory.config import Settings
from swfactory.errors import ModelRefused, ModelUnavailable
from swfactory.models import create_chat_model, create_chat_models, model_digest
from swfactory.models.catalog import find_model
from swfactory.models.engine import close_engines
from swfactory.models.llama import LlamaChatModel
from swfactory.testing.contracts_models import ChatModelContract

SMALL = find_model("smollm2-135m")
FILE = Settings().model_files / SMALL.file
pytestmark = [
    pytest.mark.model,
    pytest.mark.skipif(not FILE.is_file(), reason="swf models pull smollm2-135m"),
]


@pytest.fixture(scope="module")
def shared():
    pytest.importorskip("xllamacpp")
    yield create_chat_model("llama:smollm2-135m?threads=1&context=2048", Settings(models_dir=FILE.parent))
    close_engines()


@pytest.fixture
def model(shared):
    return shared


class TestLlamaKeepsTheContract(ChatModelContract):
    @pytest.fixture
    def model(self, shared):
        return shared

    def idle(self, model):
        return model.active_calls == 0


def test_digest_is_the_catalogues():
    assert model_digest("llama:smollm2-135m", Settings(models_dir=FILE.parent)) == SMALL.sha256


def test_instances_with_equal_options_share_one_model(model):
    twin = LlamaChatModel.model_validate(model.model_dump())
    assert twin is not model
    assert twin.load() is model.load()


async def test_a_second_role_reuses_the_prefix(model):
    prefix = "Here is a long description of the project. " * 20
    await model.ainvoke([("system", prefix), ("user", "first?")], max_tokens=2)
    second = await model.ainvoke([("system", prefix), ("user", "second?")], max_tokens=2)
    usage = second.usage_metadata
    assert usage["input_token_details"]["cache_read"] > usage["input_tokens"] / 2


async def test_best_of_n_reads_the_prompt_once_and_gives_each_seed_its_sample(model):
    prompt = "Count the lighthouses of the northern coast. " * 12

    async def sample(seed):
        return await model.ainvoke(prompt, temperature=1.0, seed=seed, max_tokens=12)

    together = await asyncio.gather(*(sample(seed) for seed in range(20, 23)))
    assert len({reply.text for reply in together}) > 1
    assert all(reply.usage_metadata["output_tokens"] <= 12 for reply in together)
    assert len({reply.usage_metadata["input_tokens"] for reply in together}) == 1


async def test_the_event_loop_stays_free(model):
    ticks = 0
    done = asyncio.Event()

    async def tick():
        nonlocal ticks
        while not done.is_set():
            ticks += 1
            await asyncio.sleep(0)

    ticking = asyncio.create_task(tick())
    chunks = [chunk async for chunk in model.astream("Tell me a story.", max_tokens=8)]
    done.set()
    await ticking
    assert ticks > len(chunks)


async def test_a_prompt_that_is_too_long_is_refused(model):
    with pytest.raises(ModelRefused, match="does not fit the context of 2048") as error:
        await model.ainvoke("word " * 3000, max_tokens=4)
    assert "SWF_CONTEXT" in error.value.hint


async def test_a_schema_that_is_none_is_refused(model):
    form = {"type": "json_schema", "json_schema": {"schema": {"type": "nonsense"}}}
    with pytest.raises(ModelRefused, match="nonsense"):
        await model.ainvoke("hi", max_tokens=4, response_format=form)


def test_a_file_that_is_no_model_is_unavailable(tmp_path):
    file = tmp_path / "broken.gguf"
    file.write_bytes(b"not a model")
    with pytest.raises(ModelUnavailable, match="cannot load") as error:
        create_chat_model(f"llama:{file}", Settings()).invoke("hi")
    assert error.value.hint


async def test_asks_beyond_the_slots_are_all_served(model):
    replies = await asyncio.gather(*(model.ainvoke(f"Say {number}.", max_tokens=3) for number in range(7)))
    assert all(reply.text for reply in replies)


def test_drafting_from_the_prompt_does_not_change_greedy_text(model):
    prompt = "Repeat this line three times: the quick brown fox jumps over the lazy dog, then rests by the sea."
    plain = create_chat_model(
        "llama:smollm2-135m?threads=1&context=2048&speculate=off", Settings(models_dir=FILE.parent)
    )
    assert plain.invoke(prompt, max_tokens=48).text == model.invoke(prompt, max_tokens=48).text


@pytest.fixture(scope="module")
def adapter(tmp_path_factory):
    """A LoRA of random weights for the small model, strong enough to change what it says."""
    gguf = pytest.importorskip("gguf")
    import numpy as np

    random, file = np.random.default_rng(0), tmp_path_factory.mktemp("lora") / "random.gguf"
    writer = gguf.GGUFWriter(str(file), "llama")
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, 4.0)
    for layer in range(30):
        for half, shape in (("a", (4, 576)), ("b", (576, 4))):
            weights = random.normal(0, 0.15, shape).astype(np.float32)
            writer.add_tensor(f"blk.{layer}.attn_q.weight.lora_{half}", weights)
            writer.add_tensor(f"blk.{layer}.attn_output.weight.lora_{half}", weights)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return file


@pytest.fixture(scope="module")
def pair(adapter):
    """The model of two roles, one with the adapter and one without, in one engine."""
    urls = ["llama:smollm2-135m?threads=1&context=1024", f"llama:smollm2-135m?threads=1&context=1024&adapter={adapter}"]
    made = create_chat_models(urls, Settings(models_dir=FILE.parent))
    yield tuple(made[url] for url in urls)
    close_engines()


async def test_two_roles_share_one_model_and_each_has_its_own_adapter(pair):
    bare, adapted = pair
    assert bare.load() is adapted.load()

    async def say(model):
        return (await model.ainvoke("Count the lighthouses of the coast.", temperature=0.0, max_tokens=8)).text

    alone = [await say(model) for model in pair]
    assert alone[0] != alone[1]
    assert [await say(model) for model in (*pair, *pair)] == alone * 2
