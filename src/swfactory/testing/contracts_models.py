"""What every chat model adapter must do; the scripted model and the real ones pass the same suite."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, HumanMessage, SystemMessage

from swfactory.domain.call import Message, Request, Sampling

__all__ = ["SCHEMA", "ChatModelContract"]

SCHEMA: dict[str, object] = {
    "type": "object",
    "properties": {"answer": {"type": "integer", "maximum": 9, "minimum": 0}},
    "required": ["answer"],
    "additionalProperties": False,
}
"""What the suite asks for where it asks for JSON; a scripted model must answer accordingly."""

_MESSAGES = [
    SystemMessage(content="You are a storyteller."),
    HumanMessage(content="Tell me a long story about a lighthouse and the sea."),
]


class ChatModelContract:
    """Subclass it, override ``model``, and run it with pytest and pytest-asyncio in auto mode.

    The model must have at least 20 tokens to say to "Tell me a long story about a lighthouse and the sea.".
    """

    enforces_schema = True
    """Whether the adapter enforces JSON Schema while decoding."""

    @pytest.fixture
    def model(self) -> BaseChatModel:
        """The model under test."""
        raise NotImplementedError("override the fixture 'model'")

    def idle(self, model: BaseChatModel) -> bool:
        """Whether the model works on nothing; override it where the adapter can tell."""
        del model
        return True

    async def read(self, model: BaseChatModel, **sampling: Any) -> list[AIMessageChunk]:
        """Stream one call in the factory's way and return its chunks."""
        turns = tuple(Message.of(message.type, message.text) for message in _MESSAGES)
        request = Request(role="engineer", messages=turns, sampling=Sampling(**sampling))
        return [chunk async for chunk in model.astream(_MESSAGES, **request.options)]

    async def test_streams_several_chunks(self, model: BaseChatModel) -> None:
        """A reply arrives in pieces."""
        chunks = await self.read(model, max_tokens=16)
        assert sum(bool(chunk.text) for chunk in chunks) >= 2

    async def test_reports_usage_and_finish(self, model: BaseChatModel) -> None:
        """The chunks together say what the call cost and why it ended."""
        whole = _joined(await self.read(model, max_tokens=16))
        assert whole.usage_metadata is not None
        assert whole.usage_metadata["input_tokens"] > 0
        assert whole.usage_metadata["output_tokens"] == 16
        assert whole.usage_metadata["input_token_details"]["cache_read"] >= 0
        assert whole.response_metadata["finish_reason"] == "length"

    async def test_same_seed_same_reply(self, model: BaseChatModel) -> None:
        """A seed makes a sample reproducible."""
        first = _joined(await self.read(model, temperature=1.0, seed=11, max_tokens=16))
        again = _joined(await self.read(model, temperature=1.0, seed=11, max_tokens=16))
        assert first.text
        assert again.text == first.text

    async def test_stop_ends_the_reply_and_is_not_in_it(self, model: BaseChatModel) -> None:
        """The reply is what came before the stop string."""
        free = _joined(await self.read(model, max_tokens=20)).text
        mark = free.split()[6]
        stopped = _joined(await self.read(model, max_tokens=20, stop=(mark,)))
        assert stopped.text.rstrip() == free[: free.index(mark)].rstrip()
        assert stopped.response_metadata["finish_reason"] == "stop"

    async def test_schema_is_enforced(self, model: BaseChatModel) -> None:
        """A JSON Schema gives JSON of that schema, whatever the prompt."""
        if not self.enforces_schema:
            pytest.skip("this adapter puts the schema into the prompt")
        whole = _joined(await self.read(model, json_schema=SCHEMA, max_tokens=64))
        value = json.loads(whole.text)
        assert list(value) == ["answer"]
        assert 0 <= value["answer"] <= 9

    async def test_invoke_gives_the_streamed_text(self, model: BaseChatModel) -> None:
        """Streaming or not, greedy decoding says the same."""
        streamed = _joined(await self.read(model, max_tokens=16))
        whole = await model.ainvoke(_MESSAGES, role="engineer", temperature=0.0, seed=0, max_tokens=16)
        assert whole.text == streamed.text

    async def test_closing_the_stream_stops_the_work(self, model: BaseChatModel) -> None:
        """Whoever stops listening stops the generation."""
        stream = model.astream(_MESSAGES, role="engineer", max_tokens=4000)
        async for chunk in stream:
            if chunk.text:
                break
        await stream.aclose()  # type: ignore[attr-defined]  # an async generator, typed as an iterator
        await self._settle(model)

    async def test_cancelling_the_task_stops_the_work(self, model: BaseChatModel) -> None:
        """A cancelled task stops the generation too."""
        begun = asyncio.Event()

        async def listen() -> None:
            async for chunk in model.astream(_MESSAGES, role="engineer", max_tokens=4000):
                if chunk.text:
                    begun.set()

        task = asyncio.create_task(listen())
        await begun.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await self._settle(model)

    async def _settle(self, model: BaseChatModel) -> None:
        async with asyncio.timeout(30):
            while not self.idle(model):  # noqa: ASYNC110  # adapters need not tell when they become idle
                await asyncio.sleep(0.01)


def _joined(chunks: list[AIMessageChunk]) -> AIMessageChunk:
    whole = chunks[0]
    for chunk in chunks[1:]:
        whole = whole + chunk
    return whole
