"""How llama.cpp loads a model: its options, and the server in this process that they make."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from swfactory.errors import ConfigError, MissingExtraError, ModelUnavailable

__all__ = ["POOL_CONTEXTS", "EngineOptions", "load_server"]

POOL_CONTEXTS = 2
"""Size of the shared key-value pool, in contexts: several short calls at once without paying for several long ones."""

_CACHE_MIB = 1024
"""Most memory for the prefixes of idle slots; none when adapters are loaded.

llama.cpp clears a slot whose next call asks for other adapters, but what it put aside it finds again by its tokens
alone: a prefix read with one adapter was then continued with another, and the reply was wrong without a word
(https://github.com/ggml-org/llama.cpp/issues/26207).
"""


@dataclass(frozen=True)
class EngineOptions:
    """What makes two engines the same.

    Args:
        path: model file.
        adapters: LoRA files, in the order of their ids; loaded, not applied until a call asks.
        threads: threads of computation.
        context: tokens of context a call.
        parallel: most sequences in one batch.
        draft: draft model file, or None.
        ngram: draft tokens from the prompt itself.
    """

    path: Path
    adapters: tuple[Path, ...] = ()
    threads: int = 1
    context: int = 8192
    parallel: int = 4
    draft: Path | None = None
    ngram: bool = False


def load_server(options: EngineOptions, key: str) -> Any:
    """Load a model into a llama.cpp server of this process.

    Args:
        options: what to load.
        key: what a request on the server's network side must bring; the wheel always opens one, on the loopback.

    Raises:
        ConfigError: an adapter file is missing.
        MissingExtraError: xllamacpp is not installed.
        ModelUnavailable: llama.cpp cannot load the file.
    """
    try:
        import xllamacpp
    except ImportError as exc:
        raise MissingExtraError("running a model in this process", extra="llama") from exc
    params = xllamacpp.CommonParams()
    params.model.path = str(options.path)
    params.n_ctx = options.context * POOL_CONTEXTS
    params.n_parallel = options.parallel
    params.kv_unified = True
    params.kv_unified_per_slot = options.context
    params.n_batch = 512  # a prompt can be cancelled between batches
    params.cache_ram_mib = 0 if options.adapters else _CACHE_MIB
    params.warmup = False
    params.verbosity = -1
    for cpu in (params.cpuparams, params.cpuparams_batch):
        cpu.n_threads = options.threads
        cpu.poll = 0  # spinning threads collapse when anything else wants the core
    params.api_keys = [key]
    params.ui = False
    params.endpoint_slots = False
    params.endpoint_metrics = True
    if options.adapters:
        params.lora_adapters = [_adapter(xllamacpp, path) for path in options.adapters]
        params.lora_init_without_apply = True
    _speculate(xllamacpp, params, options)
    try:
        server = xllamacpp.Server(params)
        server.handle_metrics()  # is answered once its loop runs: closing it before that never ends
        return server
    except RuntimeError as exc:
        raise ModelUnavailable(
            f"llama.cpp cannot load {str(options.path)!r}: {exc}",
            hint="swf models verify  (a damaged file?)  or  swf doctor  (too little memory?)",
        ) from exc


def _adapter(xllamacpp: Any, path: Path) -> Any:
    if not path.is_file():
        raise ConfigError(f"there is no adapter file {str(path)!r}", hint="adapter=PATH of a LoRA in GGUF form")
    info = xllamacpp.CommonAdapterLoraInfo()
    info.path = str(path)
    info.scale = 0.0
    return info


def _speculate(xllamacpp: Any, params: Any, options: EngineOptions) -> None:
    kinds = xllamacpp.common_speculative_type
    types = []
    if options.ngram:
        types.append(kinds.COMMON_SPECULATIVE_TYPE_NGRAM_SIMPLE)
    if options.draft is not None:
        types.append(kinds.COMMON_SPECULATIVE_TYPE_DRAFT_SIMPLE)
        params.speculative.draft.mparams.path = str(options.draft)
        for cpu in (params.speculative.draft.cpuparams, params.speculative.draft.cpuparams_batch):
            cpu.n_threads = options.threads
            cpu.poll = 0
    if types:
        params.speculative.types = types
