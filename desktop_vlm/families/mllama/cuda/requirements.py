"""What our kernels take of a device and of weights, and where something is missing, what: in a person's words."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from functools import cache

from gguf import GGMLQuantizationType as GgmlType

from desktop_vlm.families.mllama.mmproj import TensorInfo, VisionEncoderConfig
from desktop_vlm.runtime.ggml.device import Device

_LOG = logging.getLogger(__name__)

HEAD_DIM = 80
ACTIVATIONS = {"gelu": 0, "gelu_pytorch_tanh": 1, "quick_gelu": 2}
"""Name in a checkpoint's settings -> number in `encoder.cu`."""

LEAST_CAPABILITY = (8, 0)
_MOST_WIDTH = 4 * 1024
_ROW_MULTIPLE = 32
_MATRICES = frozenset({GgmlType.F16, GgmlType.Q8_0})
_VECTORS = frozenset({GgmlType.F32})
_OF_A_LAYER = re.compile(r"v\.(?:global\.)?blk\.\d+\.")


class UnavailableError(Exception):
    """The kernels cannot be used here; the message says why, without a full stop."""


def cuda_ordinal(device: Device) -> int:
    """CUDA's number of a device.

    Raises:
        UnavailableError: it is not used through CUDA.
    """
    number = re.fullmatch(r"CUDA(\d+)", device.name)
    if number:
        return int(number[1])
    if "nvidia" in device.description.lower():
        raise UnavailableError("llama-cpp-python was not built with CUDA (GGML_CUDA)")
    raise UnavailableError("they are for NVIDIA GPUs")


def check_capability(capability: tuple[int, int]) -> None:
    """Raise `UnavailableError` where a GPU is older than the kernels."""
    if capability < LEAST_CAPABILITY:
        has, needs = (".".join(map(str, one)) for one in (capability, LEAST_CAPABILITY))
        raise UnavailableError(f"the GPU has compute capability {has}, and they need {needs}")


def check_weights(config: VisionEncoderConfig, tensors: Mapping[str, TensorInfo]) -> None:
    """Raise `UnavailableError` where the encoder's shape or its weights' types are others than the kernels take."""
    of_layers = [info for name, info in tensors.items() if _OF_A_LAYER.match(name)]
    matrices = {info.ggml_type for info in of_layers if len(info.shape) > 1}
    vectors = {info.ggml_type for info in of_layers if len(info.shape) == 1 and info.shape[0] > 1}
    feed_forward = tensors["v.blk.0.ffn_up.weight"].shape[1]
    if config.head_dim != HEAD_DIM:
        raise UnavailableError(f"heads have {config.head_dim} numbers, and they need {HEAD_DIM}")
    if config.hidden_act not in ACTIVATIONS:
        raise UnavailableError(f"the activation {config.hidden_act} is not one of {', '.join(ACTIVATIONS)}")
    if config.hidden_size > _MOST_WIDTH:
        raise UnavailableError(f"the encoder is {config.hidden_size:,} wide, and they take {_MOST_WIDTH:,}")
    if feed_forward % _ROW_MULTIPLE:
        raise UnavailableError(f"the feed-forward width {feed_forward:,} is no multiple of {_ROW_MULTIPLE}")
    if not matrices <= _MATRICES:
        raise UnavailableError(f"weights are {_names(matrices - _MATRICES)}, and they take {_names(_MATRICES)}")
    if not vectors <= _VECTORS:
        raise UnavailableError(f"norms and biases are {_names(vectors - _VECTORS)}, and they take {_names(_VECTORS)}")


def _names(types: Iterable[GgmlType]) -> str:
    return " and ".join(sorted(kind.name for kind in types))


@cache
def log_once(device: str, reason: str) -> None:
    """Log why ggml's operations encode images on a device instead, once per process and reason."""
    level = logging.WARNING if device.startswith("CUDA") else logging.INFO  # elsewhere nothing is amiss
    _LOG.log(level, "our own CUDA kernels are not used on %s: %s", device, reason)
