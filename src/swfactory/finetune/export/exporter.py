"""Exports of adapters: made beside what is there, compared with the trained form, and only then in the card."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from swfactory.config import Settings
from swfactory.domain.value import Value
from swfactory.errors import InputError
from swfactory.finetune.export.base import base_file, base_folder
from swfactory.finetune.export.gguf_lora import write_gguf_lora
from swfactory.finetune.export.kinds import read_config, refuse_unmergeable, refuse_without_form
from swfactory.finetune.export.merged import load_base, load_tokenizer, load_tuned, merge, save_merged
from swfactory.finetune.export.merged_gguf import write_float_copy, write_merged_gguf
from swfactory.finetune.export.overlay import Precision
from swfactory.finetune.export.parity import (
    LIMIT,
    Parity,
    Probe,
    compare,
    llama_scores,
    make_probes,
    transformers_scores,
)
from swfactory.finetune.export.quantised import (
    QUANTISED,
    Compressor,
    Quantised,
    calibration_ids,
    refuse_without_accelerator,
)
from swfactory.models.adapters import AdapterCard
from swfactory.models.engine import free_cores
from swfactory.models.fitting import adapter_store
from swfactory.models.stamp import known_digest

__all__ = ["FORMS", "Exported", "Exporter", "Form"]

Form = Literal["gguf", "merged", "merged-gguf", "gptq", "awq", "smoothquant", "w8a8"]
FORMS: tuple[Form, ...] = ("gguf", "merged", "merged-gguf", *QUANTISED)

_QUANTISED_LIMIT = 0.5
"""Fewer bits move log-probabilities by design; beyond this, in nats a token, the file is broken."""


class Exported(Value):
    """What was made.

    Args:
        path: file or folder.
        parity: how far it is from the trained form.
    """

    path: Path
    parity: Parity


class Exporter:
    """Makes forms of one adapter, or of a model of which every weight was trained.

    Args:
        name: of the adapter.
        settings: say where adapters, bases and model files are.
        report: told what happens, a line at a time.
        over: GGUF file of the base; None for that of the catalogue.
        precision: what the changed weights of a merged GGUF are written as.
        data: conversations to calibrate quantisation with.

    Raises:
        NotFoundError: there is no such adapter, or it has no trained form.
        StoreError: its card is damaged.
    """

    def __init__(
        self,
        name: str,
        settings: Settings,
        report: Callable[[str], None],
        *,
        over: Path | None = None,
        precision: Precision = "q8_0",
        data: Path | None = None,
    ) -> None:
        self._settings = settings
        self._over = over
        self._precision: Precision = precision
        self._data = data
        self._report = report
        self._store = adapter_store(settings)
        self._card = self._store.card(name)
        self._whole = {"peft", "merged"} & self._card.exports.keys() == {"merged"}
        self._source = self._store.export(name, "merged" if self._whole else "peft")

    def export(self, form: Form) -> Exported:
        """Make a form; one that does not agree with the trained adapter is not kept.

        Args:
            form: what to make.

        Raises:
            ConfigError: the model file of the base was not fetched.
            InputError: the adapter has no such form, or the form does not agree.
            MissingExtraError: a library is not installed.
            ModelUnavailable: the base cannot be loaded.
            NotFoundError: the base is not on this machine.
            StoreError: the disk is full, or the work of another program failed.
        """
        self._refuse(form)
        if form == "gguf":
            return self._gguf()
        if form == "merged":
            return self._merged()
        if form == "merged-gguf":
            return self._merged_gguf()
        return self._quantised(form)

    def _refuse(self, form: Form) -> None:
        """Raise for a form that the adapter cannot have."""
        if self._whole:
            if form in ("gguf", "merged"):
                raise InputError(
                    f"every weight of {self._card.name!r} was trained: it has no adapter, and is merged as it is",
                    hint=f"swf adapters export {self._card.name} --to merged-gguf",
                )
            return
        config = read_config(self._source, "adapter_config.json")
        if form == "gguf":
            refuse_without_form(config)
        else:
            refuse_unmergeable(config)

    def _gguf(self) -> Exported:
        base, file = base_folder(self._card, self._settings), base_file(self._card, self._settings, self._over)
        with self._store.exporting(self._card.name, "gguf", "adapter.gguf") as path, _beside(path) as scratch:
            written = write_gguf_lora(self._source, read_config(base, "config.json"), path, name=self._card.name)
            self._report(f"{written.modules} modules written; comparing with the trained adapter")
            write_float_copy(base, file, scratch / "float.gguf")
            probes, ours, tuned = self._trained(base)
            del tuned
            parity = compare(probes, ours, self._llama(scratch / "float.gguf", probes, path))
            parity.check("gguf")
            served = compare(probes, ours, self._llama(file, probes, path))
            self._report(f"on {file.name} itself, whose numbers are rounded, it is {served.mean:.3f} apart a token")
        return self._kept("gguf", parity, proved=known_digest(file), served=served.mean)

    def _merged(self) -> Exported:
        base = base_folder(self._card, self._settings)
        with self._store.exporting(self._card.name, "merged", "merged") as path:
            probes, ours = self._merge_into(base, path)
            parity = compare(probes, ours, transformers_scores(load_base(path, trust=self._card.trusts_code), probes))
            parity.check("merged")
        return self._kept("merged", parity)

    def _merged_gguf(self) -> Exported:
        base, file = base_folder(self._card, self._settings), base_file(self._card, self._settings, self._over)
        with self._store.exporting(self._card.name, "merged-gguf", "merged.gguf") as path:
            probes, ours, tuned = self._trained(base)
            rounding = compare(probes, self._base_scores(base, tuned, probes), self._llama(file, probes)).mean
            self._report(f"the base's own file is {rounding:.3f} apart a token from its weights; merging")
            changed = write_merged_gguf(self._merge(tuned), base, file, path, self._precision)
            del tuned
            if rounding > _QUANTISED_LIMIT:
                raise InputError(
                    f"{file.name!r} is {rounding:.2f} apart a token from the base {str(base)!r}: it is another model",
                    hint="--over FILE.gguf of the base",
                )
            self._report(f"{changed} tensors are new; comparing with the trained adapter")
            parity = compare(probes, ours, self._llama(path, probes))
            parity.check("merged-gguf", LIMIT + rounding)
        return self._kept("merged-gguf", parity, proved=known_digest(file))

    def _quantised(self, form: Quantised) -> Exported:
        refuse_without_accelerator(form)
        if self._data is None:
            raise InputError(
                f"the form {form!r} must be calibrated with texts like those that it will see",
                hint=f"swf adapters export {self._card.name} --to {form} --data FOLDER  of the data set",
            )
        base = base_folder(self._card, self._settings)
        calibration = calibration_ids(self._tokenizer(base), self._data)
        home = self._settings.data_dir / "tools" / "llm-compressor"
        worker = Compressor(home, self._report)
        worker.prepare()
        with self._store.exporting(self._card.name, form, form) as path, _beside(path) as scratch:
            merged = scratch / "merged"
            probes, ours = self._merge_into(base, merged)
            theirs = worker.quantise(
                form, merged, path, calibration=calibration, probes=[probe.ids for probe in probes]
            )
            for file in merged.iterdir():
                if not (path / file.name).exists() and ".safetensors" not in file.name:
                    shutil.copyfile(file, path / file.name)
            parity = compare(probes, ours, theirs)
            parity.check(form, _QUANTISED_LIMIT)
        return self._kept(form, parity)

    def _trained(self, base: Path) -> tuple[tuple[Probe, ...], list[list[float | None]], Any]:
        """The probes, what the trained adapter says of them, and the model that said it."""
        probes, trust = make_probes(self._tokenizer(base)), self._card.trusts_code
        tuned = load_base(self._source, trust=trust) if self._whole else load_tuned(base, self._source, trust=trust)
        return probes, transformers_scores(tuned, probes), tuned

    def _base_scores(self, base: Path, tuned: Any, probes: Sequence[Probe]) -> list[list[float | None]]:
        """What the base alone says of the probes."""
        if self._whole:
            return transformers_scores(load_base(base, trust=self._card.trusts_code), probes)
        with tuned.disable_adapter():
            return transformers_scores(tuned, probes)

    def _merge(self, tuned: Any) -> Any:
        return tuned if self._whole else merge(tuned, self._source)

    def _tokenizer(self, base: Path) -> Any:
        return load_tokenizer(base, self._source, trust=self._card.trusts_code)

    def _merge_into(self, base: Path, path: Path) -> tuple[tuple[Probe, ...], list[list[float | None]]]:
        probes, ours, tuned = self._trained(base)
        self._report("merging")
        save_merged(self._merge(tuned), base, self._source, path)
        return probes, ours

    def _llama(self, file: Path, probes: Sequence[Probe], adapter: Path | None = None) -> list[list[float | None]]:
        return llama_scores(file, probes, adapter=adapter, threads=self._settings.threads or free_cores())

    def _kept(self, form: Form, parity: Parity, proved: str = "", served: float | None = None) -> Exported:
        name = self._card.name

        def noted(card: AdapterCard) -> AdapterCard:
            facts = {**card.facts, f"parity_{form}": round(parity.mean, 5)}
            if served is not None:
                facts[f"parity_{form}_rounded"] = round(served, 5)
            digests = tuple(dict.fromkeys((*card.proved, proved))) if proved else card.proved
            return card.model_copy(update={"facts": facts, "proved": digests})

        self._store.update(name, noted)
        return Exported(path=self._store.export(name, form), parity=parity)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A folder for what is needed on the way, beside what is being made; it goes when the block ends."""
    folder = path.with_name(f"{path.name}.scratch")
    try:
        folder.mkdir()
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
