"""An adapter that gets larger tiles sees an image as it did, where the pixels are the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from desktop_vlm.convert import convert_vision  # noqa: E402
from training.export import export  # noqa: E402
from training.language_model import find_gguf, open_gguf, read_shape  # noqa: E402
from training.model import Adapter  # noqa: E402
from training.restore import restore  # noqa: E402
from training.vision_encoder import ModelConfig, VisionEncoder  # noqa: E402
from training.wider_tiles import widen  # noqa: E402

SMALL = ModelConfig(width=32, n_heads=2, ffn_width=48, n_layers=2, n_global_layers=1, tile_px=28, taps=(1,),
                    cross_after=(2,))  # fmt: skip
LARGE = replace(SMALL, tile_px=56)
SQUARE = 6
"""The id of 2 x 2 tiles: after 1 x 1 to 1 x 4, and 2 x 1."""
PREFIX = "vision_model."


@pytest.fixture(scope="module")
def small() -> Adapter:
    torch.manual_seed(3)
    adapter = Adapter(SMALL, read_shape(open_gguf(find_gguf())))
    for value in adapter.vision_model.parameters():
        torch.nn.init.normal_(value, mean=float(value.detach().mean()), std=0.3)
    return adapter


def widened(adapter: Adapter) -> VisionEncoder:
    encoder = VisionEncoder(LARGE)
    state = widen(adapter.state_dict(), SMALL, LARGE)
    encoder.load_state_dict({name.removeprefix(PREFIX): v for name, v in state.items() if name.startswith(PREFIX)})
    return encoder


def test_patches_of_a_square_of_small_tiles_are_embedded_as_they_were(small: Adapter) -> None:
    pixels = torch.randint(0, 256, (1, 3, 56, 56), dtype=torch.uint8)
    tiles = pixels.view(1, 3, 2, 28, 2, 28).permute(0, 2, 4, 1, 3, 5).flatten(1, 2)  # [1, 4, 3, 28, 28]
    with torch.no_grad():
        before = small.vision_model._embed(tiles, torch.tensor([SQUARE]))[0].view(4, 5, 32)
        after = widened(small)._embed(pixels[:, None], torch.tensor([1]))[0].view(4, 17, 32)
    patches = before[:, 1:].view(2, 2, 2, 2, 32).transpose(1, 2).reshape(16, 32)  # [16, width], line by line
    assert torch.allclose(after[0, 1:], patches, atol=1e-5)


def test_other_arrangements_keep_each_tiles_place_on_average(small: Adapter) -> None:
    encoder = widened(small)
    old, new = (model.gated_positional_embedding for model in (small.vision_model, encoder))
    before_old, before_new = (model.pre_tile_positional_embedding for model in (small.vision_model, encoder))
    with torch.no_grad():
        for ratio in (2, 3, 5, SQUARE, 8):
            ids = torch.tensor([ratio])
            was = old(ids)[0, :, 1:].mean(1) + before_old(ids)[0]  # [max_tiles, width]
            now = new(ids)[0, :, 1:].mean(1) + before_new(ids)[0]  # [max_tiles, width]
            assert torch.allclose(now, was, atol=1e-5)
            assert torch.allclose(new(ids)[0, :, 0], old(ids)[0, :, 0], atol=1e-5)
        after = encoder.post_tile_positional_embedding(torch.tensor([1]))[0, 0]
        assert torch.allclose(
            after, small.vision_model.post_tile_positional_embedding(torch.tensor([SQUARE]))[0].mean(0)
        )


@pytest.mark.parametrize("change", [{"tile_px": 42}, {"tile_px": 84}, {"tile_px": 56, "width": 64}])
def test_what_does_not_fit_is_refused(small: Adapter, change: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="cannot become"):
        widen(small.state_dict(), SMALL, replace(SMALL, **change))  # type: ignore[arg-type]


def test_a_converted_adapter_comes_back_with_larger_tiles(small: Adapter, tmp_path: Path) -> None:
    file = open_gguf(find_gguf())
    export(small.state_dict(), SMALL, file, tmp_path / "hf", "f32")
    mmproj = convert_vision(tmp_path / "hf", tmp_path, vision_type="F32")
    shape = read_shape(file)
    same, larger = restore(mmproj, SMALL, shape), restore(mmproj, LARGE, shape)
    expected = widen(small.state_dict(), SMALL, LARGE)
    for name, value in small.state_dict().items():
        if not name.startswith("letter_head."):
            assert torch.allclose(same[name], value, atol=1e-6), name
            assert torch.allclose(larger[name], expected[name], atol=1e-5), name
    Adapter(LARGE, shape).load_state_dict(larger)
