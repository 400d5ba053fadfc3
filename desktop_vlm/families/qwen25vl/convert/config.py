"""A Qwen2.5-VL checkpoint's settings, with transformers' defaults."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.decoder import Decoder, hugging_face_names
from desktop_vlm.conversion.decoder_config import read_decoder, with_defaults
from desktop_vlm.conversion.json_file import MOST_LAYERS, MOST_WIDTH, section_of
from desktop_vlm.conversion.recipe import Settings
from desktop_vlm.conversion.vision_config import (
    VisionShape,
    check_activation,
    check_channels,
    check_heads,
    has_processor,
    read_processor,
    square_side,
)
from desktop_vlm.system.bounded.section import Section

NORM_EPS = 1e-6
"""Of the encoder's norms: a constant of transformers' model."""

WARM_UP_PX = 560
"""Side of an image in `clip.vision.image_size`: sizes vary, the library only tries itself out with it."""

_MERGE, _FRAMES = 2, 2  # built into libmtmd
_TEXT: dict[str, Any] = {
    "vocab_size": 152064,
    "hidden_size": 8192,
    "intermediate_size": 29568,
    "num_hidden_layers": 80,
    "num_attention_heads": 64,
    "num_key_value_heads": 8,
    "hidden_act": "silu",
    "max_position_embeddings": 32768,
    "rms_norm_eps": 1e-5,
    "use_sliding_window": False,
    "sliding_window": 4096,
    "rope_theta": 1e6,
    "bos_token_id": 151643,
    "eos_token_id": 151645,
}
_VISION: dict[str, Any] = {
    "depth": 32,
    "hidden_size": 3584,
    "hidden_act": "silu",
    "intermediate_size": 3420,
    "num_heads": 16,
    "patch_size": 14,
    "window_size": 112,
    "out_hidden_size": 3584,
}
_SECTIONS = (16, 24, 24)
_SIZE = {"shortest_edge": 56 * 56, "longest_edge": 28 * 28 * 1280}  # the image processor's, in pixels
_PUBLISHED = {"min_pixels": 56 * 56, "max_pixels": 28 * 28 * 16384}  # of the models' own files


@dataclass(frozen=True)
class QwenConfig:
    """All that the settings of a checkpoint say.

    Attributes:
        decoder: the language model.
        vision: the encoder.
        window_px: side of the windows that most layers look at, in pixels.
        full_every: one layer of so many sees the whole image; 0 for all layers, as libmtmd wants it.
        control: ids of the tokens that stand for images and videos, and around them.
        min_pixels, max_pixels: least and most pixels of an image.
        processor: the image processor's settings.
    """

    decoder: Decoder
    vision: VisionShape
    window_px: int
    full_every: int
    control: tuple[int, ...]
    min_pixels: int
    max_pixels: int
    processor: Section

    @property
    def merged_width(self) -> int:
        """Values of the patches that become one token."""
        return self.vision.width * _MERGE**2


def read_config(settings: Settings) -> QwenConfig:
    """Read and check the settings of a checkpoint.

    Raises:
        UserError: a file is broken, values contradict each other, or libmtmd cannot do what they ask for.
    """
    root = section_of(settings.config, settings.folder / "config.json")
    decoder = _decoder(root)
    section = with_defaults(root.section("vision_config"), _VISION)
    vision = _vision_shape(section)
    if vision.output_width != decoder.width:
        raise UserError(
            f"{section.where}: `out_hidden_size` is {vision.output_width}, but the language model's `hidden_size` "
            f"is {decoder.width}: both must agree."
        )
    processor = read_processor(settings.folder)
    if not has_processor(settings.folder):
        processor = replace(processor, values=_PUBLISHED)
    ids = {"image": 151655, "video": 151656, "vision_start": 151652, "vision_end": 151653}
    return QwenConfig(
        decoder=decoder,
        vision=vision,
        window_px=_window(section, vision.patch_px),
        full_every=_full_every(section, vision.n_layers),
        control=tuple(root.integer(f"{name}_token_id", default, least=0) for name, default in ids.items()),
        min_pixels=_pixels(processor, "min_pixels", "shortest_edge"),
        max_pixels=_pixels(processor, "max_pixels", "longest_edge"),
        processor=processor,
    )


def _decoder(root: Section) -> Decoder:
    """The language model, whose keys older checkpoints have beside `vision_config`."""
    section = root if root.values.get("text_config") is None else root.section("text_config")
    is_tied = bool(root.values.get("tie_word_embeddings") or section.values.get("tie_word_embeddings"))
    names = hugging_face_names("model", "lm_head", rotates_halves=False)
    # Its attention has no sizes of its own: a head is a part of the width.
    section = replace(section, values={**section.values, "head_dim": None, "attention_bias": None})
    decoder = read_decoder(section, _TEXT, arch="qwen2vl", names=names, is_tied=is_tied, qkv_bias=True)
    sections = decoder.rope_sections or _SECTIONS
    if 2 * sum(sections) != decoder.head_dim:
        raise UserError(
            f"{section.where}: `mrope_section` {list(sections)} should add up to half of a head's "
            f"{decoder.head_dim} values."
        )
    return replace(decoder, rope_sections=sections)


def _vision_shape(section: Section) -> VisionShape:
    check_channels(section, "in_channels")
    check_activation(section, activation := section.string("hidden_act"))
    for key, value in (("spatial_merge_size", _MERGE), ("temporal_patch_size", _FRAMES)):
        if section.integer(key, value) != value:
            raise section.wrong(key, f"{value}, as in libmtmd")
    width, n_heads = section.integer("hidden_size", most=MOST_WIDTH), section.integer("num_heads")
    check_heads(section, width, n_heads, multiple=4)
    return VisionShape(
        projector="qwen2.5vl_merger",
        image_px=WARM_UP_PX,
        patch_px=square_side(section, "patch_size", 0),
        width=width,
        ffn_width=section.integer("intermediate_size"),
        n_layers=section.integer("depth", most=MOST_LAYERS),
        n_heads=n_heads,
        output_width=section.integer("out_hidden_size"),
        norm_eps=NORM_EPS,
        activation=activation,
    )


def _window(section: Section, patch_px: int) -> int:
    window = section.integer("window_size")
    if window < patch_px * _MERGE:
        raise section.wrong("window_size", f"at least {patch_px * _MERGE}, the side of the patches that are merged")
    return window


def _full_every(section: Section, n_layers: int) -> int:
    """One layer of how many sees the whole image; libmtmd wants them at regular distances."""
    value = section.values.get("fullatt_block_indexes", [7, 15, 23, 31])
    named = [value] if type(value) is int else replace(section, values={"i": value}).integers("i", [])
    full = sorted({i for i in named if i < n_layers})
    step = full[0] + 1 if full else n_layers + 1
    if full != list(range(step - 1, n_layers, step)):
        raise section.wrong("fullatt_block_indexes", "layers at regular distances, as libmtmd has them")
    return 0 if step == 1 else step


def _pixels(processor: Section, key: str, edge: str) -> int:
    """A limit of an image's area, which is called an edge where it is in `size`."""
    size = processor.section("size")
    return processor.integer(key, size.integer(edge, size.integer(key, _SIZE[edge])))
