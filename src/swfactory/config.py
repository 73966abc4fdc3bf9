"""One frozen settings object: file < environment < flag, merged at the edge."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from swfactory.errors import ConfigError

__all__ = ["AccessRole", "SandboxBackend", "Settings", "allows", "config_file", "load_settings"]

AccessRole = Literal["read", "run", "admin"]
"""What a token of the server allows: to look; to start and steer runs, too; everything."""

_ROLES: tuple[AccessRole, ...] = get_args(AccessRole)

SandboxBackend = Literal["auto", "bubblewrap", "docker", "podman", "local"]


def allows(has: AccessRole, needed: AccessRole) -> bool:
    """Whether a role may do what another one may."""
    return _ROLES.index(has) >= _ROLES.index(needed)


def config_file() -> Path:
    """Path of the settings file: ``$SWF_CONFIG``, else ``$XDG_CONFIG_HOME/swfactory/config.toml``."""
    if explicit := os.environ.get("SWF_CONFIG"):
        return Path(explicit).expanduser()
    base = os.environ.get("XDG_CONFIG_HOME") or "~/.config"
    return Path(base).expanduser() / "swfactory" / "config.toml"


def _data_dir() -> Path:
    base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return _absolute(Path(base)) / "swfactory"


def _named(value: object) -> object:
    if value == "":  # a variable that was set to nothing; Path would take it for the working folder
        raise ValueError("it is empty; '.' is the working folder")
    return value


def _absolute(path: Path) -> Path:
    try:
        return path.expanduser().absolute()
    except RuntimeError as exc:  # ``~somebody`` who is nobody here
        raise ValueError(str(exc)) from exc


_Folder = Annotated[Path, BeforeValidator(_named), AfterValidator(_absolute)]
"""A folder, made absolute here, so that all who take it from the settings mean the same one."""


class Settings(BaseSettings):
    """Every setting, with its default. The variable of a setting is ``SWF_`` and its name in capitals."""

    model_config = SettingsConfigDict(env_prefix="SWF_", frozen=True, extra="forbid", protected_namespaces=())

    model: str = Field(default="llama:qwen2.5-coder-1.5b", description="model URL of every role without one of its own")
    role_models: dict[str, str] = Field(default_factory=dict, description="model URL by role, e.g. {engineer = '...'}")
    data_dir: _Folder = Field(default_factory=_data_dir, description="runs, models and stores")
    models_dir: _Folder | None = Field(default=None, description="model files; default data_dir/models")
    sandbox: SandboxBackend = Field(default="auto", description="where generated code runs")
    allow_install: bool = Field(default=False, description="let a product install third-party packages")
    threads: int = Field(default=0, ge=0, description="threads of the local model; 0 = free cores")
    context: int = Field(default=8192, ge=1024, description="tokens of context a call of the local model")
    seed: int = Field(default=0, ge=0, description="seed of every sample")
    max_tokens: int | None = Field(default=12_000, gt=0, description="generated tokens a run")
    max_seconds: float | None = Field(default=None, gt=0, description="seconds of work a run")
    max_rounds: int | None = Field(
        default=6, ge=0, description="repair rounds a run; half as many in vain end repair too"
    )
    embedding: str = Field(
        default="auto",
        description="embedding URL of the store: e5, e5+minilm, st:MODEL or openai:URL#NAME; auto = the best here",
    )
    reranker: str = Field(default="", description="cross-encoder that orders what was found: st:MODEL; empty = none")
    collections: str = Field(
        default="default", description="collections that the roles look things up in; a,b or empty"
    )
    experience: bool = Field(default=True, description="keep what runs have learnt, and offer it to later ones")
    rag_server: str = Field(default="", description="address of a Chroma server; empty = a folder of data_dir")
    serve_host: str = Field(default="127.0.0.1", description="address that the server listens at")
    serve_port: int = Field(default=8765, ge=0, le=65535, description="port that the server listens at; 0 = a free one")
    serve_tokens: dict[str, AccessRole] = Field(
        default_factory=dict, repr=False, description="role (read, run or admin) by bearer token; needed off 127.0.0.1"
    )
    serve_workers: int = Field(default=1, ge=1, description="runs that the server works on at a time")
    serve_max_bytes: int = Field(default=10_000_000, ge=1024, description="largest body of a request, in bytes")
    serve_max_requests: int = Field(default=64, ge=1, description="requests under way at a time, streams apart")
    serve_max_streams: int = Field(default=512, ge=1, description="event streams open at a time")
    serve_max_queued: int = Field(default=1000, ge=1, description="runs that may wait for a worker")
    hub_endpoint: str = Field(default="", description="mirror of the model hub; empty = HF_ENDPOINT or its own")

    def base_folder(self, name: str, digest: str) -> Path:
        """Folder of the weights of a GGUF file as Transformers loads them, which need not exist.

        Args:
            name: catalogue name, or path of the file.
            digest: SHA-256 of the file.
        """
        return self.data_dir / "bases" / f"{Path(name).stem if name.endswith('.gguf') else name}-{digest[:12]}"

    @property
    def model_files(self) -> Path:
        """Folder of the model files."""
        return self.models_dir or self.data_dir / "models"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags first, then the environment, then the file."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls, config_file())


def load_settings(*, new_file: bool = False, **flags: Any) -> Settings:
    """Merge file, environment and flags.

    Args:
        new_file: whether the file that ``$SWF_CONFIG`` names may be missing, because it is about to be written.
        flags: values given on the command line; None means not given.

    Raises:
        ConfigError: the file is missing or cannot be parsed, or a key or value cannot be used.
    """
    file = config_file()
    try:
        if not new_file and os.environ.get("SWF_CONFIG") and (file.is_dir() or not file.exists()):
            raise ConfigError(
                f"SWF_CONFIG names {str(file)!r}, and there is no such file", hint="unset SWF_CONFIG, or correct it"
            )
        return Settings(**{key: value for key, value in flags.items() if value is not None})
    except tomllib.TOMLDecodeError as exc:
        raise ConfigError(f"{file} is not valid TOML: {exc}", hint=f"edit {file}") from exc
    except UnicodeDecodeError as exc:
        raise ConfigError(
            f"{file} is not UTF-8: {exc.reason} at byte {exc.start}", hint=f"save {file} as UTF-8"
        ) from exc
    except OSError as exc:
        raise ConfigError(f"{file} cannot be read: {exc.strerror}", hint="check its permissions") from exc
    except SettingsError as exc:
        raise _no_json(exc) from exc
    except ValidationError as exc:
        first = exc.errors()[0]
        key = str(first["loc"][0])
        secret = key in Settings.model_fields and not Settings.model_fields[key].repr
        value = "what it is" if secret else repr(first.get("input"))
        raise ConfigError(
            f"setting {key!r} cannot be {value}: {first['msg']}",
            hint=f"look at the flags, the SWF_{key.upper()} variable and {file}",
        ) from (None if secret else exc)


def _no_json(error: SettingsError) -> ConfigError:
    """What is wrong with a variable that holds a table; its value is not repeated, as it may be a secret."""
    name = next((name for name in Settings.model_fields if f'"{name}"' in str(error)), "")
    variable = f"SWF_{name.upper()}" if name else "a variable of the settings"
    return ConfigError(
        f"{variable} is not valid JSON: {error.__cause__ or error}",
        hint=f'write it like this: {variable}=\'{{"key": "value"}}\'',
    )
