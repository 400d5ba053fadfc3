"""Which types weights may have: those that ggml multiplies by, and single precision where it adds or scales.

Sources: `type_traits_cpu` of ggml-cpu.c (a type without `vec_dot` cannot be multiplied by), ggml_compute_forward_add,
_mul, _ssm_conv and their kin (which abort on other types than F32 beside F32), and what llama.cpp's converter stores.
"""

from __future__ import annotations

import re

from gguf import GGMLQuantizationType as Type

from desktop_vlm.runtime.gate.refusal import refused
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile, TensorPlace

_NO_WEIGHTS = frozenset({Type.I8, Type.I16, Type.I32, Type.I64, Type.F64, Type.Q8_1, Type.Q8_K})
WEIGHTS = frozenset(Type) - _NO_WEIGHTS
"""What a matrix may be stored as."""
FLOATS = frozenset({Type.F32, Type.F16})
"""What the kernel of a convolution may be stored as."""
EXACT = frozenset({Type.F32})
"""What is added or scaled by."""

_INDEX_TABLE = re.compile(r"(.*\.)?(ffn_gate_tid2eid|d2t|t2d)(\.weight)?")
"""Numbers of experts or tokens, which are integers."""
_SINGLE_PRECISION = re.compile(
    r"""(.*\.)?(
        \w*norm\w*(\.\d+)?(\.weight)? | .*\.bias |                        # norms and biases
        ssm_(a|d|conv1d\w*|dt_b)(\.weight)? | shortconv\.conv\.weight |   # state space models
        rope_(freqs|factors_long|factors_short)\.weight
    )""",
    re.VERBOSE,
)


def check_types(file: GgufFile) -> None:
    """Check the type of every tensor.

    Raises:
        UserError: one has a type that its place in a model cannot have.
    """
    for name, place in file.tensors.items():
        if _INDEX_TABLE.fullmatch(name):
            continue
        if place.type in _NO_WEIGHTS:
            raise refused(file, f"the tensor {name} has the type {place.type.name}, which no weights have")
        if place.type is not Type.F32 and _is_single_precision(name, place):
            raise refused(file, f"the tensor {name} has the type {place.type.name} and must be F32")


def _is_single_precision(name: str, place: TensorPlace) -> bool:
    return place.n_rows == 1 or _SINGLE_PRECISION.fullmatch(name) is not None
