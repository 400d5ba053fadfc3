"""A look at the numbers of a file in bounded time: whether small tensors and scales are finite, and its end is there.

`models verify` reads everything; this is what every load can afford: all of small tensors, and samples of large ones.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from itertools import islice
from typing import BinaryIO

import numpy as np
from gguf import GGML_QUANT_SIZES
from gguf import GGMLQuantizationType as Type
from numpy.typing import NDArray

from desktop_vlm.api.errors import UserError
from desktop_vlm.runtime.gate.refusal import refused
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile, TensorPlace, damaged
from desktop_vlm.system.border.files import reason

_WHOLE_BYTES = 1 << 18
"""Tensors up to this size are read whole: all norms and biases of the largest models."""
_BUDGET_BYTES = 32 << 20
"""Of a file, at most; what is left then is sampled."""
_SAMPLES, _SAMPLE_BYTES = 3, 4096
_PROBES = 16
"""Places in a tensor at which the end of the file is looked at."""
_LEAST_ZERO = 2
"""So many of them from the end on that hold nothing but zeros are a hole; rows that only pad a matrix are fewer."""

_Bytes = NDArray[np.uint8]
_MAY_BE_ZERO = re.compile(r"token_embd\.extra\.weight")
"""Rows of tokens that a model was never trained on."""
_NORM = re.compile(r".*norm\w*\.weight|v\.\w*ln\w*\.weight|.*\.ln\d\.weight")

_LIMITS = re.compile(r".*\.(input|output)_(min|max)")
"""What values are clamped to, which may be infinite."""

_HALF_SCALES: dict[Type, tuple[int, ...]] = {
    **dict.fromkeys((Type.Q4_0, Type.Q5_0, Type.Q8_0, Type.IQ4_NL, Type.IQ4_XS, Type.Q1_0), (0,)),
    **dict.fromkeys((Type.IQ1_S, Type.IQ2_XXS, Type.IQ2_XS, Type.IQ2_S, Type.IQ3_XXS, Type.IQ3_S), (0,)),
    **dict.fromkeys((Type.Q4_1, Type.Q5_1, Type.Q4_K, Type.Q5_K), (0, 2)),
    Type.Q2_K: (80, 82),
    Type.Q3_K: (108,),
    Type.Q6_K: (208,),
    Type.TQ1_0: (52,),
    Type.TQ2_0: (64,),
}
"""Where the scales in half precision lie in a block (ggml-common.h)."""


def check_contents(file: GgufFile) -> None:
    """Look at a file's numbers.

    Raises:
        UserError: some are not finite, or the end of the file was never written.
    """
    try:
        with file.reopened() as opened:
            _check_finite(file, opened)
            _check_end(file, opened)
    except OSError as error:
        raise UserError(f"{file.path} cannot be read ({reason(error)}); the disk may be failing.") from None


# Finite numbers


def _check_finite(file: GgufFile, opened: BinaryIO) -> None:
    budget = _BUDGET_BYTES
    for name, place in file.tensors.items():
        if _LIMITS.fullmatch(name):
            continue
        for data in _samples(file, opened, place, whole=budget > 0):
            budget -= data.size
            if not _is_finite(place.type, data):
                raise refused(file, f"the tensor {name} has numbers that are not finite")


def _samples(file: GgufFile, opened: BinaryIO, place: TensorPlace, *, whole: bool) -> Iterator[_Bytes]:
    """All of a small tensor; of a large one its first, middle and last blocks."""
    if whole and place.n_bytes <= _WHOLE_BYTES:
        yield _read(file, opened, place.offset, place.n_bytes)
        return
    unit = int(GGML_QUANT_SIZES[place.type][1])
    size = max(1, min(_SAMPLE_BYTES, place.n_bytes) // unit) * unit
    for number in range(_SAMPLES):
        start = (place.n_bytes - size) // unit * number // (_SAMPLES - 1) * unit
        yield _read(file, opened, place.offset + start, size)


def _is_finite(kind: Type, data: _Bytes) -> bool:
    check = _CHECKS.get(kind)
    if check:
        return check(data)
    places = _HALF_SCALES.get(kind)
    if places is None:
        return True
    blocks = data.reshape(-1, int(GGML_QUANT_SIZES[kind][1]))
    return all(_halves_are_finite(np.ascontiguousarray(blocks[:, at : at + 2])) for at in places)


def _halves_are_finite(data: _Bytes) -> bool:
    return not bool((data.view("<u2") & 0x7C00 == 0x7C00).any())


def _brain_floats_are_finite(data: _Bytes) -> bool:
    return not bool((data.view("<u2") & 0x7F80 == 0x7F80).any())


def _floats_are_finite(data: _Bytes) -> bool:
    return not bool((data.view("<u4") & 0x7F800000 == 0x7F800000).any())


def _exponents_are_numbers(data: _Bytes) -> bool:
    """Of MXFP4: the scale is a power of two in one byte, all ones for no number."""
    return not bool((data.reshape(-1, int(GGML_QUANT_SIZES[Type.MXFP4][1]))[:, 0] == 0xFF).any())


_CHECKS: dict[Type, Callable[[_Bytes], bool]] = {
    Type.F32: _floats_are_finite,
    Type.F16: _halves_are_finite,
    Type.BF16: _brain_floats_are_finite,
    Type.MXFP4: _exponents_are_numbers,
}


# The end of the file


def _check_end(file: GgufFile, opened: BinaryIO) -> None:
    """A download that reserved its room and never came to the end leaves zeros there."""
    last_first = sorted(file.tensors.items(), key=lambda item: item[1].offset, reverse=True)
    for name, place in islice(last_first, _PROBES):
        n_zero = _zero_probes(file, opened, place)
        if n_zero == 0:
            return
        is_weight = (place.n_rows > 1 or _NORM.fullmatch(name)) and not _MAY_BE_ZERO.fullmatch(name)
        if n_zero >= _LEAST_ZERO and is_weight:
            raise damaged(file.path, f"the tensor `{name}` at its end holds nothing but zeros")
        if n_zero < _PROBES:
            return


def _zero_probes(file: GgufFile, opened: BinaryIO, place: TensorPlace) -> int:
    """How many of the probes of a tensor, counted from its end, hold nothing but zeros."""
    bounds = [place.n_bytes * number // _PROBES for number in range(_PROBES + 1)]
    for count, (start, end) in enumerate(zip(bounds[-2::-1], bounds[:0:-1], strict=True)):
        size = min(end - start, _SAMPLE_BYTES)
        if size and _read(file, opened, place.offset + end - size, size).any():
            return count
    return _PROBES


def _read(file: GgufFile, opened: BinaryIO, offset: int, size: int) -> _Bytes:
    opened.seek(offset, os.SEEK_SET)
    data = opened.read(size)
    if len(data) != size:
        raise damaged(file.path, "it became shorter while it was read")
    return np.frombuffer(data, np.uint8)
