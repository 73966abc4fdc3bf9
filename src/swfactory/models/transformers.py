"""A Hugging Face model as a LangChain chat model, with PEFT adapters and NF4 when asked."""

from __future__ import annotations

import json
import queue
import threading
import time
import warnings
from collections.abc import AsyncIterator, Generator, Iterator, Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Any, Literal

import jinja2
from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.messages.ai import InputTokenDetails, UsageMetadata
from langchain_core.outputs import ChatGenerationChunk
from pydantic import PrivateAttr

from swfactory.domain.call import Message, Request
from swfactory.errors import MissingExtraError, ModelError, ModelRefused, ModelUnavailable, PromptTooLong
from swfactory.models.bridge import iterate_in_thread
from swfactory.models.streamed import StreamedChatModel
from swfactory.quiet import quiet_transformers

__all__ = ["HfChatModel"]


class HfChatModel(StreamedChatModel):
    """Streams from a Transformers causal language model, loaded at the first call; one call at a time.

    JSON Schema is not enforced while decoding here: the schema is put into the prompt, and the caller's parser checks.

    Args:
        source: hub name or folder.
        adapters: PEFT adapters, hub names or folders, in order; merged where they can be, and the weights are whole.
        quant: quantisation when loading; needs bitsandbytes.
        device: torch device; None for a GPU when there is one, else the CPU.
        trust: run the Python code that comes with the model.
    """

    source: str
    adapters: tuple[str, ...] = ()
    quant: Literal["nf4", "int8"] | None = None
    device: str | None = None
    trust: bool = False
    _loaded: tuple[Any, Any] | None = PrivateAttr(default=None)
    _lock: threading.Lock = PrivateAttr(default_factory=threading.Lock)

    @property
    def _llm_type(self) -> str:
        return "swfactory-hf"

    @property
    def _identifying_params(self) -> Mapping[str, Any]:
        return {"model": self.source, "adapters": list(self.adapters), "quant": self.quant}

    def load(self) -> tuple[Any, Any]:
        """Load the weights now rather than at the first call, and return the model and its tokeniser.

        Raises:
            MissingExtraError: torch, transformers, peft or bitsandbytes is not installed.
            ModelUnavailable: the model or an adapter cannot be found or loaded.
        """
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self)
            return self._loaded

    @property
    def busy(self) -> bool:
        """Whether a call is under way."""
        return self._lock.locked()

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Generator[ChatGenerationChunk, None, None]:
        loaded = self.load()
        request = Request.from_options(
            [Message.of(message.type, message.text) for message in messages], {**kwargs, "stop": stop}
        )
        with self._lock:  # torch's generator is the process's: two calls at once would share seeds
            generation = _Generation(*loaded, request, top_p=kwargs.get("top_p"))
            try:
                for text in generation.texts():
                    chunk = ChatGenerationChunk(message=AIMessageChunk(content=text))
                    if run_manager:
                        run_manager.on_llm_new_token(text, chunk=chunk)
                    yield chunk
                yield generation.last(self.source)
            finally:
                generation.cancel()

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        stream = iterate_in_thread(lambda: self._stream(messages, stop, None, **kwargs))
        async with aclosing(stream):
            async for chunk in stream:
                if run_manager and chunk.text:
                    await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
                yield chunk


class _Generation:
    """One call: ``generate`` in a thread, its text through a queue."""

    def __init__(self, model: Any, tokenizer: Any, request: Request, *, top_p: float | None = None) -> None:
        self._model = model
        self._top_p = 0.95 if top_p is None else top_p
        self._tokenizer = tokenizer
        self._request = request
        self._cancelled = threading.Event()
        self._arrivals: queue.SimpleQueue[str | ModelError | None] = queue.SimpleQueue()
        self._inputs = _encode(model, tokenizer, request)
        self._made = 0
        self._stopped = False
        self._started = time.monotonic()
        self._thread = threading.Thread(target=self._run, name="swf-hf", daemon=True)

    def texts(self) -> Iterator[str]:
        """Yield text as it comes, up to the first stop string.

        Raises:
            ModelUnavailable: generation failed.
        """
        self._thread.start()
        text, sent = "", 0
        marks = self._request.sampling.stop
        hold = max((len(mark) for mark in marks), default=1) - 1  # a stop string may be cut between two pieces
        while (item := self._arrivals.get()) is not None:
            if isinstance(item, ModelError):
                raise item
            text += item
            ends = [at for mark in marks if (at := text.find(mark)) >= 0]
            if ends:
                self._stopped = True
                text, hold = text[: min(ends)], 0
                break
            if len(text) - hold > sent:
                yield text[sent : len(text) - hold]
                sent = len(text) - hold
        if len(text) > sent:
            yield text[sent:]

    def last(self, name: str) -> ChatGenerationChunk:
        """Return the chunk with usage and finish reason."""
        self.cancel()
        read = int(self._inputs["input_ids"].shape[1])
        usage = UsageMetadata(
            input_tokens=read,
            output_tokens=self._made,
            total_tokens=read + self._made,
            input_token_details=InputTokenDetails(cache_read=0),
        )
        cut = not self._stopped and self._made >= self._request.sampling.max_tokens
        finish = "length" if cut else "stop"
        rate = self._made / max(time.monotonic() - self._started, 1e-9)
        info = {"finish_reason": finish, "model_name": name, "predicted_per_second": round(rate, 2)}
        message = AIMessageChunk(content="", usage_metadata=usage, response_metadata=info, chunk_position="last")
        return ChatGenerationChunk(message=message, generation_info={"finish_reason": finish})

    def cancel(self) -> None:
        """Stop within a token and wait for it."""
        self._cancelled.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        import torch
        from transformers import StoppingCriteriaList, TextIteratorStreamer

        streamer = TextIteratorStreamer(self._tokenizer, skip_prompt=True, skip_special_tokens=True)
        streamer.on_finalized_text = self._arrive
        sampling = self._request.sampling
        options: dict[str, Any] = {"max_new_tokens": sampling.max_tokens, "do_sample": sampling.temperature > 0}
        if sampling.temperature > 0:
            options |= {"temperature": sampling.temperature, "top_p": self._top_p, "top_k": 40}
        try:
            torch.manual_seed(sampling.seed)
            with torch.inference_mode():
                self._model.generate(
                    **self._inputs,
                    streamer=streamer,
                    stopping_criteria=StoppingCriteriaList([self._must_stop]),
                    **options,
                )
        except (RuntimeError, ValueError) as exc:  # out of memory and bad shapes are RuntimeErrors of torch
            self._arrivals.put(ModelUnavailable(f"Transformers failed: {exc}", hint="a smaller model, or quant=nf4"))
        finally:
            self._arrivals.put(None)

    def _arrive(self, text: str, stream_end: bool = False) -> None:
        del stream_end
        if text:
            self._arrivals.put(text)

    def _must_stop(self, input_ids: Any, scores: Any, **kwargs: Any) -> Any:
        import torch

        del scores, kwargs
        self._made = int(input_ids.shape[1] - self._inputs["input_ids"].shape[1])
        return torch.full((input_ids.shape[0],), self._cancelled.is_set(), device=input_ids.device, dtype=torch.bool)


def _encode(model: Any, tokenizer: Any, request: Request) -> Any:
    turns = [message.model_dump() for message in request.messages]
    if (schema := request.sampling.json_schema) is not None:
        turns[-1]["content"] += (
            f"\n\nReply with one JSON value of this JSON Schema and nothing else:\n{json.dumps(schema)}"
        )
    if tokenizer.chat_template is None:
        raise ModelRefused(
            f"the model {tokenizer.name_or_path!r} has no chat template", hint="choose an instruct model of the family"
        )
    try:
        inputs = tokenizer.apply_chat_template(turns, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    except jinja2.TemplateError as exc:
        raise ModelRefused(
            f"the chat template of {tokenizer.name_or_path!r} refuses the messages: {exc}", hint="choose another model"
        ) from exc
    length = int(inputs["input_ids"].shape[1])
    limit = getattr(model.config, "max_position_embeddings", None)
    if limit is not None and length >= limit:
        raise PromptTooLong(
            f"the prompt of {length} tokens does not fit the context of {limit}", hint="ask for less at once"
        )
    return inputs.to(model.device)


def _load(wanted: HfChatModel) -> tuple[Any, Any]:
    try:
        import torch
        from transformers import AutoModelForCausalLM, AutoTokenizer, BitsAndBytesConfig
    except ModuleNotFoundError as exc:
        raise MissingExtraError("a Transformers model", extra="hf") from exc
    quiet_transformers()
    place = wanted.device or ("cuda" if torch.cuda.is_available() else "cpu")
    options: dict[str, Any] = {"device_map": place, "dtype": "auto", "trust_remote_code": wanted.trust}
    if wanted.quant == "nf4":
        compute = torch.bfloat16
        options["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=compute, bnb_4bit_use_double_quant=True
        )
    elif wanted.quant == "int8":
        options["quantization_config"] = BitsAndBytesConfig(load_in_8bit=True)
    source = wanted.source
    here = str(Path(source).expanduser()) if Path(source).expanduser().is_dir() else source
    try:
        tokenizer = AutoTokenizer.from_pretrained(here, trust_remote_code=wanted.trust)
        model = AutoModelForCausalLM.from_pretrained(here, **options)
        for adapter in wanted.adapters:
            model = _adapted(model, adapter, merge=wanted.quant is None)
    except ImportError as exc:
        raise MissingExtraError(f"loading {source!r}: {exc}", extra="hf") from exc
    except (OSError, ValueError, RuntimeError) as exc:
        raise ModelUnavailable(
            f"Transformers cannot load {source!r}: {exc}", hint="a hub name or a folder that exists; HF_ENDPOINT=mirror"
        ) from exc
    return model.eval(), tokenizer


def _adapted(model: Any, adapter: str, *, merge: bool) -> Any:
    from peft import PeftModel

    folder = Path(adapter).expanduser()
    adapted = PeftModel.from_pretrained(model, str(folder) if folder.is_dir() else adapter)
    virtual = adapted.peft_config["default"].is_prompt_learning  # tokens before the text are in no weight
    if virtual:  # generate() counts positions, and PEFT says of each call that it counts them itself
        warnings.filterwarnings("ignore", message="Position ids are not supported", category=UserWarning)
    return adapted.merge_and_unload() if merge and not virtual else adapted
