"""One engine, several adapters: prefixes that were read with one are never continued with another."""

import random
from concurrent.futures import ThreadPoolExecutor

import pytest

pytest.importorskip("torch")
pytest.importorskip("peft")
pytest.importorskip("gguf")
pytest.importorskip("xllamacpp")

from swfactory.finetune.export.gguf_lora import write_gguf_lora
from swfactory.finetune.export.kinds import read_config
from swfactory.models.engine import Engine, EngineOptions
from tests.finetune.export import tiny

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning:transformers", "ignore::UserWarning:peft")

PREFIXES = [[(7 * number * (one + 1) + 3) % 250 + 1 for number in range(90)] for one in range(3)]
PROMPTS = [
    [*prefix, *((11 * number * (end + 2) + one) % 250 + 1 for number in range(20))]
    for one, prefix in enumerate(PREFIXES)
    for end in range(3)
]
CHOICES = [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0)]


@pytest.fixture(scope="module")
def options(bases, tmp_path_factory):
    base, root = bases("llama"), tmp_path_factory.mktemp("adapters")
    second = tiny.save_adapter(base.folder, root / "second", seed=9)
    files = []
    for number, adapter in enumerate((base.adapter, second)):
        files.append(root / f"{number}.gguf")
        write_gguf_lora(adapter, read_config(base.folder, "config.json"), files[-1])
    return EngineOptions(path=base.file, adapters=tuple(files), context=512, parallel=4)


@pytest.fixture(scope="module")
def engine(options):
    engine = Engine(options)
    yield engine
    engine.close()


@pytest.fixture
def ask(engine):
    """Log-probability of a token behind a prompt, and how many tokens came from the cache."""

    def call(prompt, choice, *, cached=True):
        request = {"prompt": prompt, "n_predict": 1, "n_probs": 1, "temperature": 0, "logit_bias": [[77, 1000]]}
        lora = [{"id": number, "scale": scale} for number, scale in enumerate(choice)]
        answer = engine.complete({**request, "cache_prompt": cached, "lora": lora})
        return answer["choices"][0]["logprobs"]["content"][0]["logprob"], answer["timings"]["cache_n"]

    return call


def test_roles_that_take_turns_get_what_each_would_get_alone(ask):
    alone = {
        (number, choice): ask(prompt, choice, cached=False)[0]
        for number, prompt in enumerate(PROMPTS)
        for choice in CHOICES
    }
    assert len(set(alone.values())) > 20
    turns, reused = random.Random(1), 0
    for _ in range(150):
        number, choice = turns.randrange(len(PROMPTS)), turns.choice(CHOICES)
        found, cached = ask(PROMPTS[number], choice)
        reused += cached
        assert found == pytest.approx(alone[number, choice], abs=0.03)
    assert reused > 1000  # the cache is used all the same


def test_going_back_gives_what_was_there_before(ask):
    first = [ask(PROMPTS[0], choice, cached=False)[0] for choice in CHOICES]
    assert len(set(first)) == 3
    assert [ask(PROMPTS[0], choice, cached=False)[0] for choice in CHOICES] == first


def test_calls_at_once_with_different_adapters_do_not_mix(ask):
    calls = [(number, choice) for number in (0, 4) for choice in CHOICES]
    alone = {call: ask(PROMPTS[call[0]], call[1], cached=False)[0] for call in calls}
    for _ in range(3):
        with ThreadPoolExecutor(len(calls)) as pool:
            found = list(pool.map(lambda call: ask(PROMPTS[call[0]], call[1])[0], calls))
        assert found == pytest.approx([alone[call] for call in calls], abs=0.03)


@pytest.mark.parametrize("choice", CHOICES)
def test_samples_of_one_prompt_are_drawn_with_the_adapter_of_their_call(engine, ask, choice):
    lora = [{"id": number, "scale": scale} for number, scale in enumerate(choice)]
    request = {"prompt": PROMPTS[0], "n_predict": 1, "n_probs": 1, "logit_bias": [[77, 1000]], "cache_prompt": True}
    alone, _ = ask(PROMPTS[0], choice, cached=False)
    for other in CHOICES:
        ask(PROMPTS[1], other)  # leaves other adapters in the slots
    answer = engine.complete({**request, "lora": lora, "n": 3})
    found = [sample["logprobs"]["content"][0]["logprob"] for sample in answer["choices"]]
    assert found == pytest.approx([alone] * 3, abs=0.03)
