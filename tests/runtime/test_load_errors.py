"""What is said of a load that failed, from the lines that llama.cpp and libmtmd wrote when it did."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_vlm.api.errors import DeviceLostError, EngineError, OutOfMemoryError, UserError
from desktop_vlm.runtime.load_errors import context_error, load_error, projector_error

SHORT = "There is not enough memory for a context of 4,096 tokens"
LOST = (
    "The GPU's driver gave the GPU up while a.gguf was loaded; try again, and if it stays so, choose fewer layers "
    "on the GPU or update its driver."
)


@pytest.mark.parametrize(
    ("errors", "kind", "sentence"),
    [
        (["device lost on Vulkan0", "llama_model_load: error loading model: vk::Queue::submit"], DeviceLostError, LOST),
        (["llama_model_load: error loading model: vk::Queue::submit: ErrorDeviceLost"], DeviceLostError, LOST),
        (
            ["llama_model_load: error loading model: vk::Device::allocateMemory: ErrorOutOfDeviceMemory"],
            OutOfMemoryError,
            "There is not enough memory to load a.gguf; choose a smaller quantisation.",
        ),
        (
            ["llama_model_load: error loading model: unable to allocate Vulkan0 buffer"],
            OutOfMemoryError,
            "There is not enough memory to load a.gguf; choose a smaller quantisation.",
        ),
        (
            ["llama_model_load: error loading model: no tensor 'device lost on a'", "failed: device_lost.gguf"],
            UserError,
            "a.gguf cannot be loaded (no tensor 'device lost on a'); convert or download it again.",
        ),
    ],
)
def test_a_gpu_that_failed_is_not_the_files_fault(errors: list[str], kind: type[Exception], sentence: str) -> None:
    error = load_error(Path("folder/a.gguf"), errors)
    assert (type(error), str(error)) == (kind, sentence)


@pytest.mark.parametrize(
    ("errors", "kind", "sentence"),
    [
        (["ggml_vulkan: device lost on Vulkan0"], DeviceLostError, LOST),
        (
            ["llama_init_from_model: failed to allocate buffer"],
            OutOfMemoryError,
            f"{SHORT}: failed to allocate buffer; choose a shorter context or fewer layers on the GPU.",
        ),
        (
            [],
            OutOfMemoryError,
            f"{SHORT}; choose a shorter context or fewer layers on the GPU.",
        ),
    ],
)
def test_a_context_that_was_not_made(errors: list[str], kind: type[EngineError], sentence: str) -> None:
    error = context_error("a.gguf", 4096, errors)
    assert (type(error), str(error)) == (kind, sentence)


@pytest.mark.parametrize(
    ("reason", "kind"),
    [
        ("vk::Queue::submit: ErrorDeviceLost", DeviceLostError),
        ("vk::Device::allocateMemory: ErrorOutOfDeviceMemory", OutOfMemoryError),
        ("cannot allocate buffer", OutOfMemoryError),
        ("mismatch between text model (n_embd = 8) and mmproj (n_embd = 9)", UserError),
        ("unknown projector type", UserError),
    ],
)
def test_a_projector_that_was_not_loaded(reason: str, kind: type[Exception]) -> None:
    assert type(projector_error("a.gguf", "b.gguf", reason)) is kind
