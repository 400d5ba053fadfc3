"""What the planner counts for an encoder, against what a process takes that encodes the largest image."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from desktop_vlm.api.image_sizing import ImageSizing
from desktop_vlm.families.mtmd.memory import ENCODING_BUDGET_BYTES, EncoderShape, fit_sizing
from tests.checkpoints.families import FamilyCheckpoint, llava, pixtral, qwen
from tests.checkpoints.families.tensors import tensor_shapes
from tests.families.mtmd.gguf_pairs import write_pair

TEXT: dict[str, Any] = {"width": 256, "ffn": 512}
VISION: dict[str, Any] = {"vision_width": 512, "vision_heads": 8}
SIZES: dict[str, tuple[FamilyCheckpoint, tuple[int, int]]] = {
    "llava": (llava("llava-mid", vision_ffn=2048, image_size=336, vision_layers=14, **TEXT, **VISION), (1024, 1024)),
    "pixtral": (pixtral("pixtral-mid", vision_ffn=2048, context=4096, vision_layers=2, **TEXT, **VISION), (3072, 2048)),
    "qwen": (
        qwen(
            "qwen-mid", vision_ffn=1368, n_heads=8, sections=(4, 6, 6), full_every=3, vision_layers=3, **TEXT, **VISION
        ),
        (512, 768),  # of the larger one the attention is another
    ),
}
"""As few layers as show every kind: what encoding takes does not depend on how many there are, the time does; and the
contexts, by which the largest image goes, of the files in F32 and in F16."""


def any_tensors(checkpoint: FamilyCheckpoint) -> dict[str, NDArray[np.float32]]:
    """Values that are made soon: what encoding takes does not depend on them."""
    some = np.random.default_rng(1).normal(0, 0.02, 4096).astype(np.float32)
    return {name: np.resize(some, shape) for name, shape in tensor_shapes(checkpoint).items()}


# Each family, and each type of file.
@pytest.mark.parametrize(
    ("name", "half"),
    [("llava", False), ("pixtral", True), ("qwen", False), ("qwen", True)],
    ids=["llava-F32", "pixtral-F16", "qwen-F32", "qwen-F16"],
)
def test_planned_is_enough_and_not_much_more(tmp_path: Path, name: str, half: bool) -> None:
    checkpoint, contexts = SIZES[name]
    n_ctx = contexts[half]
    files = write_pair(checkpoint, tmp_path, half=half, tensors=any_tensors(checkpoint))
    command = [sys.executable, "-m", "tests.families.mtmd.memory_child", *map(str, files), str(n_ctx)]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    reported = json.loads(found.stdout.splitlines()[-1])
    assert reported["encoding_bytes"] > 8 << 20
    assert 1.0 <= reported["planned_bytes"] / reported["measured_bytes"] <= 1.25, reported


def shape(*, flash_attention: bool) -> EncoderShape:
    """Qwen2.5-VL's encoder."""
    return EncoderShape(
        weights_bytes=1 << 30,
        n_layers=32,
        width=1280,
        feed_forward=3420,
        n_heads=16,
        text_width=3584,
        patch_size=14,
        merge=2,
        image_size=560,
        has_window_mask=True,
        is_gated=True,
        is_exact=False,
        flash_attention=flash_attention,
    )


def test_a_screen_fits_the_budget_and_more_is_tightened() -> None:
    whole = ImageSizing("area", multiple=28, min_pixels=3136, max_pixels=16384 * 784, extra_tokens=2)
    sizing = fit_sizing(whole, shape(flash_attention=True), n_ctx=32768, within_budget=True)
    screen = sizing.measure(1920, 1080)
    assert (screen.width, screen.height, screen.n_tokens) == (1932, 1092, 2693)
    largest = shape(flash_attention=True).largest(sizing)
    needed = shape(flash_attention=True).encoding_bytes(*largest)
    assert 0.97 * ENCODING_BUDGET_BYTES < needed <= ENCODING_BUDGET_BYTES
    plain = fit_sizing(whole, shape(flash_attention=False), n_ctx=32768, within_budget=True)
    assert plain.max_pixels < sizing.max_pixels / 2


def test_a_short_context_is_no_reason_to_shrink_what_fits() -> None:
    whole = ImageSizing("area", multiple=28, min_pixels=3136, max_pixels=16384 * 784, extra_tokens=2)
    for n_ctx, most in ((512, 496), (4096, 3584)):
        sizing = fit_sizing(whole, shape(flash_attention=True), n_ctx=n_ctx)
        assert most - 2 <= sizing.max_pixels // 784 + 2 <= most
