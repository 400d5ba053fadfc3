"""The order of the rows of cross-attention's q and k: as asked, as a checkpoint or the weights show, or the usual."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.checkpoint import open_checkpoint
from desktop_vlm.conversion.gguf_copy import TensorSource, read_values
from desktop_vlm.conversion.importer import ImportOptions
from desktop_vlm.conversion.stored_tensor import SourceTensor
from desktop_vlm.families.mllama.convert.config import ModelConfig, TextConfig
from desktop_vlm.families.mllama.convert.converter import NAMES
from desktop_vlm.families.mllama.ollama.cross_rows import (
    Floats,
    Order,
    Profile,
    head_profile,
    plain_order,
    weigh,
)
from desktop_vlm.families.mllama.ollama.layout import OllamaFiles

_HEADS_LOOKED_AT = 8
_COLUMNS_LOOKED_AT = 2048
_ALIKE = 0.9
"""Correlation of a row with itself after quantisation; that of different rows is near 0."""


def decide_order(
    files: OllamaFiles, config: ModelConfig, options: ImportOptions, *, rows_stayed: bool
) -> tuple[Order, str]:
    """The order, and a sentence that says why.

    Args:
        files: the model's.
        config: its settings.
        options: what the person decided.
        rows_stayed: the files are of the one release that left rows as they were, going by their gates.

    Raises:
        UserError: the checkpoint to compare with cannot be read, or is another model's.
    """
    if options.cross_rows != "auto":
        return options.cross_rows, f"Rows of cross-attention's q and k: {options.cross_rows}, as asked."
    if options.checkpoint:
        return _as_in_checkpoint(files, config.text, options.checkpoint)
    evidence = weigh(list(_profiles(files, config.text)))
    shown = evidence.order
    if shown:
        return shown, f"Rows of cross-attention's q and k: {shown}, as the weights show ({evidence})."
    usual: Order = "plain" if rows_stayed else "interleaved"
    why = "Ollama 0.7.0 left them" if rows_stayed else "Ollama's converters left them"
    return usual, (
        f"Rows of cross-attention's q and k: taken to be {usual}, as {why}; the weights do not tell ({evidence}). "
        f"Should answers about images be poor, import again with --cross-rows {_other(usual)}."
    )


def _other(order: Order) -> Order:
    return "interleaved" if order == "plain" else "plain"


# From the weights


def _profiles(files: OllamaFiles, text: TextConfig) -> Iterator[Profile]:
    for layer in text.cross_layers:
        for part, n_heads in (("q", text.n_heads), ("k", text.n_heads_kv)):
            norm = _find(files, f"blk.{layer}.cross_attn_{part}_norm.weight", (text.head_dim,))
            rows = _find(files, f"blk.{layer}.cross_attn_{part}_proj.weight", (text.width, n_heads * text.head_dim))
            n_rows = min(n_heads, _HEADS_LOOKED_AT) * text.head_dim
            values = read_values(rows, n_rows, n_columns=_COLUMNS_LOOKED_AT)
            yield Profile(read_values(norm, 1)[0], head_profile(values, text.head_dim))


def _find(files: OllamaFiles, name: str, shape: tuple[int, ...]) -> TensorSource:
    place = files.model.tensors.get(name)
    if place is None:
        raise UserError(f"{files.model.path} has no tensor `{name}`, which a model of its kind has.")
    if place.shape != shape:
        raise UserError(
            f"{files.model.path}: the tensor `{name}` has the shape {list(place.shape)}, not {list(shape)}."
        )
    return TensorSource(files.model, name)


# From a checkpoint


def _as_in_checkpoint(files: OllamaFiles, text: TextConfig, folder: Path) -> tuple[Order, str]:
    name, stored = _reference(folder, text)
    layer = name.split(".")[3]
    ours = _find(files, f"blk.{layer}.cross_attn_k_proj.weight", (text.width, text.n_heads_kv * text.head_dim))
    theirs = read_values(ours, text.head_dim)
    reference = stored.read(0, text.head_dim * text.width).reshape(text.head_dim, text.width)
    alike = {
        "interleaved": _likeness(theirs[list(plain_order(text.head_dim))], reference),
        "plain": _likeness(theirs, reference),
    }
    order: Order = "interleaved" if alike["interleaved"] > alike["plain"] else "plain"
    if alike[order] < _ALIKE:
        raise UserError(f"{folder} is another model than {files.model.path.name}: their weights are not alike.")
    return order, (
        f"Rows of cross-attention's q and k: {order}, as {stored.path.name} shows (correlation {alike[order]:.3f}, "
        f"against {alike[_other(order)]:.3f})."
    )


def _reference(folder: Path, text: TextConfig) -> tuple[str, SourceTensor]:
    tensors = open_checkpoint(folder, NAMES).tensors
    for layer in text.cross_layers:
        name = f"language_model.model.layers.{layer}.cross_attn.k_proj.weight"
        if name in tensors and tensors[name].shape == (text.n_heads_kv * text.head_dim, text.width):
            return name, tensors[name]
    raise UserError(f"{folder} holds no cross-attention layer of this size to compare with.")


def _likeness(first: Floats, second: Floats) -> float:
    """Correlation of rows, on average."""
    a, b = (rows - rows.mean(axis=1, keepdims=True) for rows in (first.astype(np.float64), second.astype(np.float64)))
    scale = np.sqrt((a * a).sum(axis=1) * (b * b).sum(axis=1))
    return float(((a * b).sum(axis=1) / np.maximum(scale, 1e-30)).mean())
