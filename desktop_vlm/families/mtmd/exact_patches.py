"""Patch embeddings in F32, for files in F32 on a CPU.

ggml's convolution rounds pixels and weights to F16 first. That is lost in a quantised model, but who keeps a model in
F32 wants its numbers. On other devices and for other files this is left out.
"""

from __future__ import annotations

import ctypes

import numpy as np
from numpy.typing import NDArray

from desktop_vlm.families.mtmd.mmproj import VisionFile
from desktop_vlm.runtime.ggml.graph import get_tensor, set_tensor
from desktop_vlm.runtime.ggml.library import TensorStruct

_WEIGHTS = tuple(f"v.patch_embd.weight{number} (reshaped)".encode() for number in ("", ".1"))
"""As the convolution calls its kernel; Qwen has one for each of two frames."""


class ExactPatches:
    """Computes the convolution of whole patches again (`families.mtmd.encode_hook.NodeCorrection`)."""

    def __init__(self, file: VisionFile) -> None:
        self._patch_size = file.patch_size
        self._mean = np.array(file.settings["clip.vision.image_mean"][:3], np.float32)
        self._std = np.array(file.settings["clip.vision.image_std"][:3], np.float32)
        self._pixels: NDArray[np.uint8] | None = None

    def begin(self, pixels: NDArray[np.uint8]) -> None:
        self._pixels = pixels

    def is_at(self, tensor: TensorStruct) -> bool:
        """Whether this is the product of patches and kernel."""
        kernel = tensor.src[1]
        return bool(kernel) and kernel.contents.name in _WEIGHTS

    def apply(self, tensor: TensorStruct) -> None:
        patches = self._patches()
        if tensor.ne[0] != len(patches):
            return  # not the whole image: the library cut it into slices
        kernel = get_tensor(tensor.src[1])  # (width, 3 * patch * patch)
        set_tensor(ctypes.pointer(tensor), kernel.astype(np.float32) @ patches.T)

    def _patches(self) -> NDArray[np.float32]:
        """Normalised pixels, a patch a row: (n_patches, 3 * patch * patch); what is left at the edges is in none."""
        assert self._pixels is not None
        size = self._patch_size
        height, width = (side // size * size for side in self._pixels.shape[:2])
        values = (self._pixels[:height, :width].astype(np.float32) / np.float32(255) - self._mean) / self._std
        grid = values.reshape(height // size, size, width // size, size, 3)
        patches: NDArray[np.float32] = grid.transpose(0, 2, 4, 1, 3).reshape(-1, 3 * size * size)
        return np.ascontiguousarray(patches)
