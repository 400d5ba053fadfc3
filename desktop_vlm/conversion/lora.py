"""LoRA adapters as PEFT and Unsloth save them, merged into a checkpoint's tensors while those are read.

A layer's change is `B @ A` times a scale; with DoRA the rows of the sum then get a length of their own. What was
trained whole (`modules_to_save`, biases) takes the place of the checkpoint's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.checkpoint import Checkpoint, without_wrappers
from desktop_vlm.conversion.fused_product import fused_product
from desktop_vlm.conversion.lora_settings import LoraSettings
from desktop_vlm.conversion.remedy import shown
from desktop_vlm.conversion.stored_tensor import DerivedTensor, SourceTensor, StoredTensor
from desktop_vlm.conversion.tensor_names import TensorNames

_PART = re.compile(
    r"(?P<module>.+)\.lora_(?P<part>A|B|embedding_A|embedding_B|magnitude_vector)"
    r"(?:\.(?!weight$|bias$)[^.]+)?(?:\.(?P<leaf>weight|bias))?"
)
_WHOLE = re.compile(r"\.modules_to_save\.[^.]+(?=\.)|\.base_layer(?=\.)")
_PASS_VALUES = 1 << 21  # read at a time where the whole tensor must be seen first


@dataclass(frozen=True)
class Change:
    """What an adapter adds to a tensor.

    Attributes:
        first, second: `A` and `B`; of an embedding, the tensor's rows are columns of `A`.
        scale: what their product is multiplied by.
        is_embedding: `A` and `B` are an embedding's.
        magnitude: with DoRA, the length of each output row (of an embedding: column).
    """

    first: StoredTensor
    second: StoredTensor
    scale: float
    is_embedding: bool = False
    magnitude: StoredTensor | None = None

    @property
    def rank(self) -> int:
        """The number of products that are added up."""
        return self.first.shape[0]

    def rows(self, start: int, count: int, n_per_row: int) -> NDArray[np.float32]:
        """The change of `count` rows of the tensor from `start` on: float32 (count, n_per_row)."""
        if self.is_embedding:
            n_rows = self.first.n_values // self.rank
            columns = np.stack([self.first.read(k * n_rows + start, count) for k in range(self.rank)])
            product = fused_product(self.second.read(0, self.second.n_values).reshape(n_per_row, self.rank), columns).T
        else:
            first = self.first.read(0, self.first.n_values).reshape(self.rank, n_per_row)
            product = fused_product(self.second.read(start * self.rank, count * self.rank).reshape(count, -1), first)
        return product * np.float32(self.scale)


@dataclass(frozen=True)
class MergedTensor(DerivedTensor):
    """A tensor of the checkpoint with an adapter's change."""

    change: Change

    @property
    def shape(self) -> tuple[int, ...]:
        """See `SourceTensor`."""
        return self.base.shape

    @property
    def parts(self) -> tuple[StoredTensor, ...]:
        """See `SourceTensor`."""
        change = self.change
        extra = (change.magnitude,) if change.magnitude else ()
        return (change.first, change.second, *extra, *self.base.parts)

    def read(self, first: int, count: int) -> NDArray[np.float32]:
        """See `SourceTensor`; whole rows are made, as DoRA needs their lengths."""
        n = self._n_per_row
        start, stop = first // n, -(-(first + count) // n)
        rows = self._sum(start, stop - start)
        if self.change.magnitude and self.change.is_embedding:
            rows *= self._column_factors
        elif self.change.magnitude:
            lengths = np.sqrt(np.einsum("ij,ij->i", rows, rows, dtype=np.float64)).astype(np.float32)
            rows *= (self.change.magnitude.read(start, stop - start) / lengths)[:, None]
        return rows.reshape(-1)[first - start * n :][:count]

    @property
    def _n_per_row(self) -> int:
        return math.prod(self.shape[1:])

    def _sum(self, start: int, count: int) -> NDArray[np.float32]:
        n = self._n_per_row
        rows = self.base.read(start * n, count * n).reshape(count, n)
        return rows + self.change.rows(start, count, n)

    @cached_property
    def _column_factors(self) -> NDArray[np.float32]:
        """With DoRA of an embedding, what each column is multiplied by: all rows are read once for it."""
        assert self.change.magnitude
        n = self._n_per_row
        step = max(1, _PASS_VALUES // n)
        squares = np.zeros(n)
        for start in range(0, self.shape[0], step):
            rows = self._sum(start, min(step, self.shape[0] - start))
            squares += np.einsum("ij,ij->j", rows, rows, dtype=np.float64)
        lengths: NDArray[np.float32] = np.sqrt(squares).astype(np.float32)
        return self.change.magnitude.read(0, n) / lengths


@dataclass(frozen=True)
class AddedBias(DerivedTensor):
    """A bias with the change that an adapter's `lora_bias` makes."""

    change: StoredTensor
    scale: float

    @property
    def shape(self) -> tuple[int, ...]:
        """See `SourceTensor`."""
        return self.base.shape

    @property
    def parts(self) -> tuple[StoredTensor, ...]:
        """See `SourceTensor`."""
        return (self.change, *self.base.parts)

    def read(self, first: int, count: int) -> NDArray[np.float32]:
        """See `SourceTensor`."""
        return self.base.read(first, count) + self.change.read(first, count) * np.float32(self.scale)


@dataclass
class _Layer:
    """The parts of one layer, as they are found."""

    module: str
    parts: dict[str, StoredTensor] = field(default_factory=dict)


@dataclass(frozen=True)
class Adapter:
    """An adapter's weights.

    Attributes:
        settings: what its file of settings says.
        layers: parts of changes, by the layer's name in the adapter.
        whole: tensors that take the place of the checkpoint's, by their names in the adapter.
    """

    settings: LoraSettings
    layers: dict[str, _Layer]
    whole: dict[str, StoredTensor]

    def n_rows(self, ending: str) -> int | None:
        """Rows of its own matrix whose name ends with `ending`; None where it has none."""
        found = (tensor for name, tensor in self.whole.items() if name.endswith(ending) and len(tensor.shape) == 2)
        return next((tensor.shape[0] for tensor in found), None)


def read_adapter(settings: LoraSettings, stored: Iterable[StoredTensor]) -> Adapter:
    """Sort an adapter's tensors by what they are for.

    Raises:
        UserError: one is there twice, or of a type that cannot be read.
    """
    adapter = Adapter(settings, {}, {})
    for tensor in stored:
        if not tensor.is_readable:
            raise UserError(
                f"{tensor.path}: `{shown(tensor.name)}` is stored as {shown(tensor.dtype)}: save it as F32."
            )
        name = without_wrappers(tensor.name)
        if found := _PART.fullmatch(name):
            layer = adapter.layers.setdefault(found["module"], _Layer(found["module"]))
            part = f"{found['part']} bias" if found["leaf"] == "bias" else found["part"]
            taken: dict[str, StoredTensor] = layer.parts
        else:
            part, taken = _WHOLE.sub("", name), adapter.whole
        if part in taken:
            raise UserError(f"{tensor.path} holds `{shown(name)}` of two adapters: save one of them alone.")
        taken[part] = tensor
    return adapter


def merge(checkpoint: Checkpoint, adapter: Adapter, names: TensorNames) -> Checkpoint:
    """The checkpoint with the adapter's changes.

    Raises:
        UserError: the adapter has tensors that the checkpoint has no place for, or of other shapes.
    """
    tensors = dict(checkpoint.tensors)
    for name, tensor in adapter.whole.items():
        tensors[_known(tensors, names.canonical(name), tensor, checkpoint)] = tensor
    for layer in adapter.layers.values():
        any_part = next(iter(layer.parts.values()))
        name = _known(tensors, names.canonical(f"{layer.module}.weight"), any_part, checkpoint)
        tensors[name] = MergedTensor(tensors[name], _change(layer, tensors[name].shape, adapter.settings))
        if bias := layer.parts.get("B bias"):
            key = _known(tensors, names.canonical(f"{layer.module}.bias"), bias, checkpoint)
            if bias.shape != tensors[key].shape:
                raise _misfit(bias, tensors[key].shape)
            tensors[key] = AddedBias(tensors[key], bias, _scale(layer, adapter.settings))
    return replace(checkpoint, tensors=tensors)


def _known(tensors: dict[str, SourceTensor], name: str, part: StoredTensor, checkpoint: Checkpoint) -> str:
    if name not in tensors:
        raise UserError(
            f"{part.path} has a tensor `{shown(part.name)}` that {checkpoint.folder} has no place for: the adapter was "
            "trained on another model, so name that one (--base)."
        )
    return name


def _scale(layer: _Layer, settings: LoraSettings) -> float:
    first = layer.parts.get("A", layer.parts.get("embedding_A"))
    return settings.scale(layer.module, first.shape[0] if first and first.shape else 0)


def _change(layer: _Layer, shape: tuple[int, ...], settings: LoraSettings) -> Change:
    """The change of a tensor of the shape `shape`, checked to fit it."""
    parts = layer.parts
    is_embedding = "embedding_A" in parts
    expected = {"embedding_A", "embedding_B"} if is_embedding else {"A", "B"}
    if parts.keys() - {"magnitude_vector", "B bias"} != expected:
        some = next(iter(parts.values()))
        raise UserError(
            f"{some.path}: of `{shown(layer.module)}` it holds {' and '.join(sorted(parts))}, not what a LoRA layer is "
            "made of: save the adapter again (save_pretrained)."
        )
    first, second = (parts[key] for key in sorted(expected))
    scale = _scale(layer, settings)
    rank, n_rows, n_per_row = first.shape[0], shape[0], math.prod(shape[1:])
    sides = ((rank, n_rows), (n_per_row, rank)) if is_embedding else ((rank, n_per_row), (n_rows, rank))
    for part, (rows, columns) in ((first, sides[0]), (second, sides[1])):
        if not part.shape or part.shape[0] != rows or part.n_values != rows * columns:
            raise _misfit(part, shape)
    magnitude = parts.get("magnitude_vector")
    if magnitude and magnitude.n_values != (n_per_row if is_embedding else n_rows):
        raise _misfit(magnitude, shape)
    return Change(first, second, scale, is_embedding, magnitude)


def _misfit(part: StoredTensor, shape: tuple[int, ...]) -> UserError:
    return UserError(
        f"{part.path}: `{shown(part.name)}` has shape {list(part.shape)}, which does not fit the base model's "
        f"{list(shape)}: the adapter was trained on another model, so name that one (--base)."
    )
