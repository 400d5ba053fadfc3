"""What the encoder gets of an image: pixel by pixel what transformers' processors make, and no more resizing after."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from desktop_vlm import backend
from desktop_vlm.api.image_sizing import ImageSizing
from desktop_vlm.families.mtmd.pixels import encoder_pixels, pad_to_square, within_tokens
from tests.checkpoints import make_image
from tests.families.mtmd.conftest import session_of
from tests.golden.make_family_inputs import RESIZED
from tests.goldens import deviation

_FOLDER = Path(__file__).parents[2] / "golden" / "families"
GOLDEN: dict[str, Any] = json.loads((_FOLDER / "inputs.json").read_text(encoding="utf-8"))
MEAN_COLOR = (122, 116, 104)
SIZINGS = {
    "square": ImageSizing("square", side=336, multiple=14),
    "longest": ImageSizing("longest", side=1024, multiple=16),
    "area": ImageSizing("area", multiple=28, min_pixels=3136, max_pixels=12845056, extra_tokens=2),
}
CASES = [(kind, tuple(case["size"]), case) for kind, cases in GOLDEN["processed"].items() for case in cases]


@pytest.mark.parametrize(("kind", "size", "case"), CASES, ids=[f"{kind}-{w}x{h}" for kind, (w, h), _ in CASES])
def test_pixels_are_those_of_the_processor(kind: str, size: tuple[int, int], case: dict[str, Any]) -> None:
    pixels = encoder_pixels(make_image("processed", size), SIZINGS[kind], MEAN_COLOR)
    assert list(pixels.shape[1::-1]) == case["becomes"]
    assert hashlib.sha256(np.ascontiguousarray(pixels).tobytes()).hexdigest() == case["sha256"]


def test_a_square_is_padded_on_both_sides() -> None:
    padded = np.asarray(pad_to_square(make_image("padded", (7, 4)), MEAN_COLOR))
    assert padded.shape == (7, 7, 3)
    assert (padded[0] == MEAN_COLOR).all()
    assert (padded[5:] == MEAN_COLOR).all()
    assert (padded[1:5] == np.asarray(make_image("padded", (7, 4)))).all()


def test_tightened_sizes_hold_what_they_promise() -> None:
    for kind in ("longest", "area"):
        for most in (40, 100, 577, 2000):
            tight = within_tokens(SIZINGS[kind], most)
            sizes = [(1920, 1080), (3000, 200), (640, 640), (200, 3000)]
            found = [tight.measure(*size).n_tokens for size in sizes]
            assert max(found) <= most
            assert max(found) > most // 2
    assert within_tokens(SIZINGS["square"], 1) == SIZINGS["square"]


SIZES = [tuple(case["size"]) for case in GOLDEN["processed"]["area"]]


@pytest.mark.parametrize("name", ["llava", "llava-new", "pixtral", "qwen"])
def test_measured_is_what_the_library_makes_of_it(load_family: Callable[[str], backend.Model], name: str) -> None:
    """Tokens of the chunks; that the library resized nothing shows in the next test."""
    model = load_family(name)
    sizing = model.capabilities.sizing
    assert sizing is not None
    rng = np.random.RandomState(3)
    sizes = [*SIZES, *(tuple(rng.randint(1, 1500, 2).tolist()) for _ in range(60))]
    for width, height in sizes:
        measured = sizing.measure(width, height)
        span = session_of(model).measure("key", Image.new("RGB", (width, height)))
        assert span.n_tokens == measured.n_tokens, (width, height)
        assert span.n_positions <= span.n_tokens


@pytest.mark.parametrize("name", RESIZED)
def test_logits_with_an_image_that_is_resized(load_family: Callable[[str], backend.Model], name: str) -> None:
    """Transformers resized it with Pillow; LLaVA's is padded to a square."""
    model = load_family(name)
    with np.load(_FOLDER / f"{name}_resized.npz") as file:
        ids, size, logits = file["ids"].tolist(), tuple(file["size"].tolist()), file["logits"]
    image = make_image("resized", size)
    found = model.logits([model.n_vocab if token < 0 else token for token in ids], [image])
    assert deviation(found, logits) < 1e-4
    sizing = model.capabilities.sizing
    assert sizing is not None
    fitted = encoder_pixels(image, sizing, MEAN_COLOR)
    again = model.logits([model.n_vocab if token < 0 else token for token in ids], [Image.fromarray(fitted)])
    assert deviation(again, found) == 0


def test_an_image_that_fits_the_context_as_it_is_keeps_its_size() -> None:
    """A limit for squares must not shrink what is wide: Pixtral's whole screen takes 2,340 tokens."""
    tight = within_tokens(SIZINGS["longest"], 3584)
    for size in ((1920, 1080), (1080, 1920), (300, 200)):
        assert tight.measure(*size) == SIZINGS["longest"].measure(*size)
    assert tight.measure(2000, 2000).n_tokens <= 3584
