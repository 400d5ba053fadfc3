"""Which ggml type every tensor gets: llama.cpp's rules for the text file, ours for the mmproj file.

The text rules are those of `llama_model_quantize` (src/llama-quant.cpp, llama.cpp as of llama-cpp-python
0.3.36) for a dense model without an importance matrix. A test runs that function on every type and
compares types and bytes. We do not call it for the conversion itself, as it needs the whole model in a file
first, maps it into memory, and can neither be stopped nor tell how far it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from gguf import GGMLQuantizationType as Type
from gguf import LlamaFileType

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.tensor_map import GgufTensor, Role
from desktop_vlm.runtime.ggml.quantize import block_size


@dataclass(frozen=True)
class FileType:
    """A type that a whole file can have: its `general.file_type` and the type that most tensors get."""

    name: str
    number: LlamaFileType
    base: Type

    @property
    def is_quantised(self) -> bool:
        """Whether it packs values into blocks."""
        return self.base not in (Type.F32, Type.F16, Type.BF16)


_F = LlamaFileType
FILE_TYPES: dict[str, FileType] = {
    file_type.name: file_type
    for file_type in (
        FileType("F32", _F.ALL_F32, Type.F32),
        FileType("F16", _F.MOSTLY_F16, Type.F16),
        FileType("BF16", _F.MOSTLY_BF16, Type.BF16),
        FileType("Q8_0", _F.MOSTLY_Q8_0, Type.Q8_0),
        FileType("Q6_K", _F.MOSTLY_Q6_K, Type.Q6_K),
        FileType("Q5_K_M", _F.MOSTLY_Q5_K_M, Type.Q5_K),
        FileType("Q5_K_S", _F.MOSTLY_Q5_K_S, Type.Q5_K),
        FileType("Q5_1", _F.MOSTLY_Q5_1, Type.Q5_1),
        FileType("Q5_0", _F.MOSTLY_Q5_0, Type.Q5_0),
        FileType("Q4_K_M", _F.MOSTLY_Q4_K_M, Type.Q4_K),
        FileType("Q4_K_S", _F.MOSTLY_Q4_K_S, Type.Q4_K),
        FileType("Q4_1", _F.MOSTLY_Q4_1, Type.Q4_1),
        FileType("Q4_0", _F.MOSTLY_Q4_0, Type.Q4_0),
        FileType("IQ4_NL", _F.MOSTLY_IQ4_NL, Type.IQ4_NL),
        FileType("IQ4_XS", _F.MOSTLY_IQ4_XS, Type.IQ4_XS),
        FileType("Q3_K_L", _F.MOSTLY_Q3_K_L, Type.Q3_K),
        FileType("Q3_K_M", _F.MOSTLY_Q3_K_M, Type.Q3_K),
        FileType("Q3_K_S", _F.MOSTLY_Q3_K_S, Type.Q3_K),
        FileType("IQ3_M", _F.MOSTLY_IQ3_M, Type.IQ3_S),
        FileType("IQ3_S", _F.MOSTLY_IQ3_S, Type.IQ3_S),
        FileType("Q2_K", _F.MOSTLY_Q2_K, Type.Q2_K),
    )
}
"""Every type that can be asked for, from the most exact to the smallest."""


def file_type(name: str) -> FileType:
    """The type called `name`, in any case.

    Raises:
        UserError: there is none; the message lists them.
    """
    if name.upper() not in FILE_TYPES:
        raise UserError(f"{name} is no type that a model can be converted to; these are: {', '.join(FILE_TYPES)}.")
    return FILE_TYPES[name.upper()]


@dataclass(frozen=True)
class LayerStack:
    """A language model's layers, as llama.cpp's rules see them.

    Attributes:
        n_layers: how many there are.
        group: query heads that share a key/value head.
        arch: llama.cpp's architecture.
    """

    n_layers: int
    group: int
    arch: str = "llama"

    @property
    def is_70b(self) -> bool:
        """Whether llama.cpp calls it "70B": any `llama` of 80 layers with shared heads."""
        return self.arch == "llama" and self.n_layers == 80 and self.group > 1


@dataclass(frozen=True)
class _At:
    """Layer `i` of `n`, each key/value head shared by `group` query heads."""

    i: int
    n: int
    group: int


_Rule = Callable[[_At], bool]


def _always(_: _At) -> bool:
    return True


def _outer_layers(at: _At) -> bool:
    """The first and last eighth and every third layer between."""
    eighth = at.n // 8
    return at.i < eighth or at.i >= 7 * at.n // 8 or (at.i - eighth) % 3 == 2


def _first(count: int) -> _Rule:
    return lambda at: at.i < count


def _first_part(parts: int) -> _Rule:
    return lambda at: at.i < at.n // parts


def _large_groups(at: _At) -> bool:
    return at.group >= 4


# File type -> role -> (when, type), the first that holds; otherwise the file's base type.
_MORE_BITS: dict[str, dict[Role, list[tuple[_Rule, Type]]]] = {
    "Q5_K_M": {Role.ATTN_V: [(_outer_layers, Type.Q6_K)], Role.FFN_DOWN: [(_outer_layers, Type.Q6_K)]},
    "Q4_K_M": {Role.ATTN_V: [(_outer_layers, Type.Q6_K)], Role.FFN_DOWN: [(_outer_layers, Type.Q6_K)]},
    "Q4_K_S": {Role.ATTN_V: [(_first(4), Type.Q5_K)], Role.FFN_DOWN: [(_first_part(8), Type.Q5_K)]},
    "IQ4_NL": {Role.ATTN_V: [(_large_groups, Type.Q5_K)], Role.FFN_DOWN: [(_first_part(8), Type.Q5_K)]},
    "IQ4_XS": {Role.ATTN_V: [(_large_groups, Type.Q5_K)], Role.FFN_DOWN: [(_first_part(8), Type.Q5_K)]},
    "Q3_K_L": {role: [(_always, Type.Q5_K)] for role in (Role.ATTN_V, Role.FFN_DOWN, Role.ATTN_OUTPUT)},
    "Q3_K_M": {
        Role.ATTN_V: [(_first(2), Type.Q5_K), (_always, Type.Q4_K)],
        Role.FFN_DOWN: [(_first_part(16), Type.Q5_K), (_always, Type.Q4_K)],
        Role.ATTN_OUTPUT: [(_always, Type.Q4_K)],
    },
    "IQ3_M": {
        Role.ATTN_V: [(_always, Type.Q4_K)],
        Role.FFN_DOWN: [(_first_part(8), Type.Q4_K)],
        Role.ATTN_OUTPUT: [(_always, Type.Q4_K)],
    },
    "IQ3_S": {Role.ATTN_V: [(_large_groups, Type.Q4_K)]},
    "Q2_K": {
        Role.ATTN_V: [(_large_groups, Type.Q4_K), (_always, Type.Q3_K)],
        Role.FFN_DOWN: [(_always, Type.Q3_K)],
        Role.ATTN_OUTPUT: [(_always, Type.Q3_K)],
    },
}

# What a type of 256-value blocks becomes where rows do not divide into them.
_SMALLER_BLOCKS = {
    Type.Q6_K: Type.Q8_0,
    Type.Q5_K: Type.Q5_1,
    Type.Q4_K: Type.Q5_0,
    Type.IQ4_XS: Type.IQ4_NL,
    Type.IQ3_S: Type.IQ4_NL,
    Type.Q3_K: Type.Q4_0,
    Type.Q2_K: Type.Q4_0,
}


def mixed(file_type: FileType, role: Role, layer: int, stack: LayerStack) -> Type:
    """The type of a matrix of layer `layer` in a file of mixed types, before it is known to fit its rows."""
    rules = _MORE_BITS.get(file_type.name, {}).get(role, [])
    at = _At(layer, stack.n_layers, stack.group)
    return next((chosen for holds, chosen in rules if holds(at)), file_type.base)


def fitting(chosen: Type, n_per_row: int, otherwise: Type = Type.F16) -> Type:
    """`chosen`, or the nearest type whose blocks divide a row of `n_per_row` values; `otherwise` where none does."""
    for candidate in (chosen, _SMALLER_BLOCKS.get(chosen, chosen)):
        if n_per_row % block_size(candidate) == 0:
            return candidate
    return otherwise


def text_type(tensor: GgufTensor, file_type: FileType, stack: LayerStack) -> Type:
    """The type of a tensor of the text GGUF, as llama.cpp chooses it."""
    if tensor.role is Role.EXACT:
        return Type.F32
    if not file_type.is_quantised:
        return file_type.base
    if tensor.role is Role.OUTPUT:
        fits = tensor.n_per_row % block_size(file_type.base) == 0
        chosen = Type.Q6_K if fits and file_type.base is not Type.Q8_0 else Type.Q8_0
    else:
        chosen = mixed(file_type, tensor.role, tensor.layer, stack)
    if tensor.role is Role.ATTN_V and stack.is_70b and chosen in (Type.Q3_K, Type.Q4_K):
        chosen = Type.Q5_K
    return fitting(chosen, tensor.n_per_row)


def vision_type(tensor: GgufTensor, file_type: FileType) -> Type:
    """The type of a tensor of a vision encoder that llama.cpp's libmtmd runs.

    Matrices get the file's base type, or BF16 where no block divides their rows: unlike F16, it cannot overflow. The
    convolution must be F32 or F16 there; what is added to activations stays F32.
    """
    if tensor.role is Role.EXACT:
        return Type.F32
    if tensor.role in (Role.PATCHES, Role.POSITIONS):
        return Type.F16 if file_type.base is Type.F16 and tensor.role is Role.PATCHES else Type.F32
    if tensor.role is Role.NO_F16 and file_type.base is Type.F16:
        return Type.BF16
    if not file_type.is_quantised:
        return file_type.base
    return fitting(file_type.base, tensor.n_per_row, otherwise=Type.BF16)
