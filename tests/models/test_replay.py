import json
import zipfile

import pytest
from langchain_core.messages import HumanMessage, SystemMessage

from swfactory.domain.budget import Usage
from swfactory.domain.call import Message, Reply, Request, Sampling
from swfactory.errors import ConfigError, ModelRefused
from swfactory.models.replay import ReplayChatModel

REQUEST = Request(
    role="engineer",
    messages=(Message(role="system", content="be brief"), Message(role="user", content="写一个函数")),
    sampling=Sampling(temperature=0.7, seed=3, max_tokens=50, stop=("```",), json_schema={"type": "object"}),
)
REPLY = Reply(
    text="one\ntwo\u2028three\n",
    usage=Usage(calls=1, prompt_tokens=9, cached_tokens=4, completion_tokens=5),
    finish="length",
)
MESSAGES = [SystemMessage("be brief"), HumanMessage("写一个函数")]


def line(request=REQUEST, reply=REPLY):
    return json.dumps({"request": request.digest, "reply": reply.model_dump(mode="json")}, ensure_ascii=False) + "\n"


@pytest.fixture(params=["folder", "zip"])
def bundle(request, tmp_path):
    def make(text):
        if request.param == "folder":
            (tmp_path / "calls.jsonl").write_text(text, encoding="utf-8")
            return tmp_path
        with zipfile.ZipFile(tmp_path / "b.zip", "w") as archive:
            archive.writestr("calls.jsonl", text)
        return tmp_path / "b.zip"

    return make


async def test_answers_as_recorded(bundle):
    model = ReplayChatModel.open(bundle(line()))
    whole = await model.ainvoke(MESSAGES, **REQUEST.options)
    assert whole.text == REPLY.text
    assert whole.usage_metadata["input_tokens"] == 9
    assert whole.usage_metadata["output_tokens"] == 5
    assert whole.usage_metadata["input_token_details"]["cache_read"] == 4
    assert whole.response_metadata["finish_reason"] == "length"
    chunks = [chunk.text async for chunk in model.astream(MESSAGES, **REQUEST.options)]
    assert "".join(chunks) == REPLY.text
    assert len(chunks) > 2


@pytest.mark.parametrize(
    "change", [{"seed": 4}, {"role": "reviewer"}, {"temperature": 0.0}, {"stop": None}, {"response_format": None}]
)
def test_any_other_request_means_the_run_diverged(bundle, change):
    model = ReplayChatModel.open(bundle(line()))
    with pytest.raises(ModelRefused, match="diverged") as error:
        model.invoke(MESSAGES, **{**REQUEST.options, **change})
    assert error.value.hint


def test_the_last_record_of_a_repeated_request_counts(bundle):
    again = Reply(text="second")
    assert ReplayChatModel.open(bundle(line() + line(reply=again))).invoke(MESSAGES, **REQUEST.options).text == "second"


@pytest.mark.parametrize("text", ["{", '{"request": "x"}', "[1]", '{"request": "x", "reply": {"text": 1}}'])
def test_a_damaged_bundle_names_the_line(bundle, text):
    with pytest.raises(ConfigError, match="line 2"):
        ReplayChatModel.open(bundle(line() + text + "\n"))


def test_a_missing_bundle(tmp_path):
    with pytest.raises(ConfigError, match="no bundle"):
        ReplayChatModel.open(tmp_path / "none.zip")
    (tmp_path / "text.zip").write_text("no zip")
    with pytest.raises(ConfigError, match="not a bundle"):
        ReplayChatModel.open(tmp_path / "text.zip")
