"""Model URLs: ``scheme:target?option=value`` parsed to a frozen value and back."""

from __future__ import annotations

from typing import Literal, Self
from urllib.parse import parse_qsl, quote, unquote

from pydantic import Field, ValidationError

from swfactory.domain.value import Value
from swfactory.errors import ConfigError

__all__ = ["ModelSpec", "Scheme"]

Scheme = Literal["llama", "hf", "openai", "replay"]

_HINT = "a model URL looks like llama:qwen2.5-coder-1.5b, hf:org/name, openai:http://host:8000/v1#name or replay:PATH"
_OPTIONS: dict[str, frozenset[str]] = {
    "llama": frozenset({"adapter", "threads", "context", "parallel", "draft", "speculate"}),
    "hf": frozenset({"adapter", "quant", "device", "trust"}),
    "openai": frozenset(),
    "replay": frozenset(),
}
_SAFE = "/:@,~"


class ModelSpec(Value):
    """A model URL, parsed.

    Args:
        scheme: which adapter runs it.
        target: catalogue name or path (llama), hub name or folder (hf), base URL (openai), bundle (replay).
        name: name of the model on the server; ``openai`` only.
        adapters: adapters, in the order of their ids; ``llama`` and ``hf`` only.
        threads: threads; 0 leaves it to the settings.
        context: tokens of context a call; 0 leaves it to the settings.
        parallel: calls that run in one batch; 0 leaves it to the adapter.
        draft: catalogue name or path of a draft model; empty for none.
        speculate: ``ngram`` drafts tokens from the prompt itself, ``off`` never; empty leaves it to the adapter.
        quant: ``nf4`` or ``int8`` quantisation when loading; empty for none; ``hf`` only.
        device: torch device; empty lets the adapter choose; ``hf`` only.
        trust: ``yes`` runs the Python code that comes with the model; empty for never; ``hf`` only.
    """

    scheme: Scheme
    target: str = Field(min_length=1)
    name: str = ""
    adapters: tuple[str, ...] = ()
    threads: int = Field(default=0, ge=0)
    context: int = Field(default=0, ge=0)
    parallel: int = Field(default=0, ge=0)
    draft: str = ""
    speculate: Literal["", "off", "ngram"] = ""
    quant: Literal["", "nf4", "int8"] = ""
    device: str = ""
    trust: Literal["", "yes"] = ""

    @classmethod
    def parse(cls, url: str) -> Self:
        """Parse a model URL.

        Args:
            url: for example ``llama:qwen2.5-coder-1.5b?threads=2&adapter=lora.gguf``.

        Raises:
            ConfigError: unknown scheme or option, a value that cannot be used, or an empty target.
        """
        scheme, colon, rest = url.strip().partition(":")
        if not colon or scheme not in _OPTIONS:
            raise ConfigError(f"model URL {url!r} has no known scheme ({', '.join(sorted(_OPTIONS))})", hint=_HINT)
        if scheme == "openai":
            return cls._parse_openai(url, rest)
        target, _, query = rest.partition("?")
        target = unquote(target)
        if not target:
            raise ConfigError(f"model URL {url!r} names no model", hint=_HINT)
        return cls._checked(url, scheme=scheme, target=target, **_options(url, scheme, query))

    @classmethod
    def _parse_openai(cls, url: str, rest: str) -> Self:
        base, _, name = rest.partition("#")
        if not base.startswith(("http://", "https://")):
            raise ConfigError(f"model URL {url!r} names no http:// or https:// server", hint=_HINT)
        if not name:
            raise ConfigError(f"model URL {url!r} names no model after '#'", hint=f"for example {url}#my-model")
        if "?" in base:
            key = base.partition("?")[2].partition("=")[0]
            raise ConfigError(f"model URL {url!r} has an option {key!r}, and openai: takes none", hint=_HINT)
        return cls._checked(url, scheme="openai", target=base.rstrip("/"), name=unquote(name))

    @classmethod
    def _checked(cls, url: str, **fields: object) -> Self:
        try:
            return cls.model_validate(fields)
        except ValidationError as exc:
            first = exc.errors()[0]
            key = first["loc"][0] if first["loc"] else "?"
            raise ConfigError(
                f"model URL {url!r}: {key} cannot be {first['input']!r}: {first['msg']}", hint=_HINT
            ) from exc

    def __str__(self) -> str:
        if self.scheme == "openai":
            return f"openai:{self.target}#{quote(self.name, safe=_SAFE)}"
        pairs = [("adapter", adapter) for adapter in self.adapters]
        keys = ("threads", "context", "parallel", "draft", "speculate", "quant", "device", "trust")
        pairs += [(key, str(value)) for key in keys if (value := getattr(self, key))]
        query = "&".join(f"{key}={quote(value, safe=_SAFE)}" for key, value in pairs)
        return f"{self.scheme}:{quote(self.target, safe=_SAFE)}" + (f"?{query}" if query else "")


def _options(url: str, scheme: str, query: str) -> dict[str, object]:
    known = _OPTIONS[scheme]
    found: dict[str, object] = {}
    adapters: list[str] = []
    try:
        pairs = parse_qsl(query, keep_blank_values=True, strict_parsing=True) if query else []
    except ValueError as exc:
        raise ConfigError(f"model URL {url!r}: the options {query!r} are not key=value pairs", hint=_HINT) from exc
    for key, value in pairs:
        if key not in known:
            takes = ", ".join(sorted(known)) or "none"
            raise ConfigError(f"model URL {url!r} has an unknown option {key!r}", hint=f"{scheme}: takes {takes}")
        if not value:
            raise ConfigError(f"model URL {url!r}: option {key!r} is empty", hint=f"{key}=VALUE, or leave it out")
        if key == "adapter":
            adapters.append(value)
        elif key in found:
            raise ConfigError(f"model URL {url!r} gives {key!r} twice", hint=f"keep one {key}=")
        else:
            found[key] = value
    if adapters:
        found["adapters"] = tuple(adapters)
    return found
