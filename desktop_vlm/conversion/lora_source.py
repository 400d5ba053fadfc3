"""An adapter and the model that it changes: where both are, and what of the settings is the adapter's own."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.file_access import LOCAL
from desktop_vlm.conversion.lora import Adapter, read_adapter
from desktop_vlm.conversion.lora_settings import CONFIG_NAME, LoraSettings, read_lora_settings
from desktop_vlm.conversion.recipe import Settings
from desktop_vlm.conversion.remedy import get_again, shown
from desktop_vlm.conversion.source import Source, named_path, resolve
from desktop_vlm.conversion.weight_files import has_weights
from desktop_vlm.conversion.weight_headers import read_header
from desktop_vlm.hub.cache import Downloads
from desktop_vlm.hub.listing import is_repo_id
from desktop_vlm.hub.refusals import Refusal

_WEIGHTS = ("adapter_model.safetensors", "adapter_model.bin")
_TOKENIZERS = ("tokenizer.json", "tekken.json", "tokenizer.model")
_FOUR_BITS = ("-unsloth-bnb-4bit", "-bnb-4bit")
"""How repositories of quantised models are called; without it they are the original."""


@dataclass(frozen=True)
class AdapterSource:
    """An adapter whose settings are on disk.

    Attributes:
        found: where it is.
        base: the model that it changes.
        settings: how.
        notes: sentences about the choice of the base.
    """

    found: Source
    base: Source
    settings: LoraSettings
    notes: tuple[str, ...]

    def fetched(self) -> AdapterSource:
        """The same with its weights on disk; as `Source.fetch_adapter`."""
        return replace(self, found=self.found.fetch_adapter())

    def read(self) -> Adapter | None:
        """Its weights; None while they are still to be downloaded.

        Raises:
            UserError: they are not there, or broken.
        """
        folder = self.found.folder
        present = LOCAL.names(folder)
        for name in _WEIGHTS:
            if name in present:
                return read_adapter(self.settings, read_header(folder / name))
        if self.found.hub_id:
            return None
        raise UserError(f"{folder / _WEIGHTS[0]} is missing: {get_again(folder, 'the adapter')}.")

    def applied_to(self, settings: Settings) -> Settings:
        """The base's settings with the adapter's tokenizer and the size of its vocabulary, where it has its own."""
        folder = self.found.folder
        has_tokenizer = any((folder / name).is_file() for name in _TOKENIZERS)
        adapter = self.read()
        config = _with_vocabulary(settings.config, adapter) if adapter else settings.config
        return replace(settings, config=config, own_tokenizer=folder if has_tokenizer else None)


def _with_vocabulary(config: dict[str, Any], adapter: Adapter) -> dict[str, Any]:
    """The settings with as many tokens as the adapter's own output matrix or tied embedding has rows."""
    text = config.get("text_config")
    text = text if isinstance(text, dict) else {}
    is_tied = text.get("tie_word_embeddings") or config.get("tie_word_embeddings")
    n_tokens = adapter.n_rows("lm_head.weight") or (adapter.n_rows("embed_tokens.weight") if is_tied else None)
    if n_tokens is None:
        return config
    if "vocab_size" in text or "vocab_size" not in config:
        return {**config, "text_config": {**text, "vocab_size": n_tokens}}
    return {**config, "vocab_size": n_tokens}


def find_adapter(
    found: Source, base: str | os.PathLike[str] | None, downloads: Downloads | None
) -> AdapterSource | None:
    """What `found` is if it is an adapter; None if it is a whole model.

    Args:
        found: what a person named.
        base: the model that they want it merged into; None for the one that the adapter names.
        downloads: how a base on the hub is had.

    Raises:
        UserError: it is both, or its base cannot be had or is none.
    """
    path = found.folder / CONFIG_NAME
    if not path.exists():
        if base is not None:
            raise UserError(f"{found.folder} is no LoRA adapter (it has no {CONFIG_NAME}), so it needs no base model.")
        return None
    if base is None and found.hub_id is None and has_weights(found.folder):
        raise UserError(
            f"{found.folder} holds an adapter and a whole model: name the model that the adapter belongs to (--base), "
            f"or move {CONFIG_NAME} away to convert the model without it."
        )
    settings = read_lora_settings(found.folder)
    named = base if base is not None else settings.base
    model = resolve(named, downloads) if base is not None else _named_base(settings, path, downloads)
    if (model.folder / CONFIG_NAME).exists() and model.folder.resolve() != found.folder.resolve():
        raise UserError(f"{named} is an adapter itself: name a whole model (--base).")
    notes = [f"The adapter is merged into {os.fspath(named)}."] if base is None else []
    if original := _original_of(settings.base) if base is None else "":
        notes.append(
            f"{settings.base} is quantised to 4 bits: merging into the original weights is more exact "
            f"(--base {original})."
        )
    return AdapterSource(found, model, settings, tuple(notes))


def _named_base(settings: LoraSettings, path: Path, downloads: Downloads | None) -> Source:
    if not settings.base:
        raise UserError(f"{path} does not say which model the adapter belongs to: name it (--base).")
    if not named_path(settings.base).is_dir() and not is_repo_id(settings.base):
        raise UserError(
            f"{path} names the base model {shown(settings.base)}, which is not on this computer: name it (--base)."
        )
    try:
        return resolve(settings.base, downloads)
    except Refusal as refusal:
        sentence = f"{str(refusal).removesuffix('.')}, or name another base model for the adapter (--base)."
        raise Refusal(refusal.kind, sentence) from refusal


def _original_of(name: str) -> str:
    """What a model of 4 bits is called without them; empty for other names."""
    return next((name[: -len(end)] for end in _FOUR_BITS if name.lower().endswith(end)), "")
