"""What the checkpoints of vision encoders have in common: the image processor's settings, and libmtmd's keys."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path

from gguf import GGUFValueType

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.json_file import MOST_PX, read_optional_object, section_of
from desktop_vlm.conversion.metadata import KeyValue, array, boolean, f32, string, u32
from desktop_vlm.system.bounded.section import Section

_CLIP_MEAN = [0.48145466, 0.4578275, 0.40821073]
_CLIP_STD = [0.26862954, 0.26130258, 0.27577711]
_CHANNELS = 3
# transformers' name of an activation -> the flag that makes libmtmd compute it; without one it takes quick_gelu.
_FLAGS = {
    "quick_gelu": None,
    "gelu": "clip.use_gelu",
    "gelu_new": "clip.use_gelu",
    "gelu_fast": "clip.use_gelu",
    "gelu_pytorch_tanh": "clip.use_gelu",
    "silu": "clip.use_silu",
    "swish": "clip.use_silu",
}
_PROJECTOR_ACTIVATIONS = ("gelu", "gelu_new", "gelu_fast", "gelu_pytorch_tanh")  # ggml has one GELU for all of them


@dataclass(frozen=True)
class VisionShape:
    """A vision encoder as libmtmd's settings describe it; `n_layers` are those that the file holds."""

    projector: str
    image_px: int
    patch_px: int
    width: int
    ffn_width: int
    n_layers: int
    n_heads: int
    output_width: int
    norm_eps: float
    activation: str

    @property
    def head_dim(self) -> int:
        """Values per attention head."""
        return self.width // self.n_heads


def read_processor(folder: Path) -> Section:
    """The image processor's settings; empty where there is no file, as transformers has defaults for all of them."""
    path = folder / "preprocessor_config.json"
    if path.is_file():
        return section_of(read_optional_object(path), path)
    path = folder / "processor_config.json"  # transformers 5 nests it there
    return section_of(read_optional_object(path), path).section("image_processor")


def has_processor(folder: Path) -> bool:
    """Whether there is a file that `read_processor` reads."""
    return any((folder / name).is_file() for name in ("preprocessor_config.json", "processor_config.json"))


def processor_notes(folder: Path, title: str) -> tuple[str, ...]:
    """What a person should know where there is none: whose settings are taken instead."""
    if has_processor(folder):
        return ()
    return (f"{folder} has no preprocessor_config.json: images are prepared as for the published {title} models.",)


def normalisation(processor: Section) -> tuple[list[float], list[float]]:
    """Mean and standard deviation of each colour channel.

    Raises:
        UserError: the processor does something else with pixel values than divide by 255 and normalise.
    """
    for key in ("do_rescale", "do_resize", "do_convert_rgb"):
        if processor.values.get(key) is False:
            raise processor.wrong(key, "true")
    if not math.isclose(processor.number("rescale_factor", 1 / 255), 1 / 255, rel_tol=1e-6):
        raise processor.wrong("rescale_factor", "1/255")
    if processor.values.get("do_normalize") is False:
        return [0.0] * _CHANNELS, [1.0] * _CHANNELS
    return _per_channel(processor, "image_mean", _CLIP_MEAN), _per_channel(processor, "image_std", _CLIP_STD)


def _per_channel(processor: Section, key: str, default: list[float]) -> list[float]:
    value = processor.values.get(key)
    values = default if value is None else value if isinstance(value, list) else [value] * _CHANNELS
    if len(values) != _CHANNELS or not all(type(item) in (int, float) and abs(item) < 1e30 for item in values):
        raise processor.wrong(key, f"{_CHANNELS} numbers")
    if key == "image_std" and any(abs(item) < 1e-30 for item in values):
        raise processor.wrong(key, "numbers other than 0")
    return [float(item) for item in values]


def square_side(section: Section, key: str, default: int) -> int:
    """The side at `key`, which may be written as one number or as two equal ones."""
    value = section.values.get(key)
    if isinstance(value, dict):
        value = [value.get("height"), value.get("width")]
    if isinstance(value, list) and len(value) == 2 and value[0] == value[1]:
        return replace(section, values={key: value[0]}).integer(key, most=MOST_PX)
    return section.integer(key, default, most=MOST_PX)


def check_channels(section: Section, key: str) -> None:
    """Refuse images that have not three colour channels."""
    if section.integer(key, _CHANNELS) != _CHANNELS:
        raise section.wrong(key, f"{_CHANNELS}: red, green and blue")


def check_heads(section: Section, width: int, n_heads: int, *, multiple: int = 1) -> None:
    """Refuse heads that do not divide the width into `multiple` values each."""
    if width % n_heads or width // n_heads % multiple:
        raise UserError(
            f"{section.where}: {n_heads} heads do not divide `hidden_size` {width} into parts of a multiple "
            f"of {multiple}."
        )


def check_activation(section: Section, activation: str) -> None:
    """Refuse an encoder's activation that libmtmd has not."""
    if activation not in _FLAGS:
        raise UserError(f"{section.where}: `hidden_act` is {activation}, but only {', '.join(_FLAGS)} are supported.")


def check_projector_activation(section: Section) -> None:
    """Refuse a projector with another activation than libmtmd's."""
    if (activation := section.string("projector_hidden_act", "gelu")) not in _PROJECTOR_ACTIVATIONS:
        raise UserError(f"{section.where}: `projector_hidden_act` is {activation}, but only gelu is supported.")


def vision_metadata(shape: VisionShape, processor: Section) -> list[KeyValue]:
    """The entries that libmtmd needs of every vision encoder."""
    mean, std = normalisation(processor)
    flag = _FLAGS[shape.activation]
    return [
        boolean("clip.has_vision_encoder", True),
        string("clip.projector_type", shape.projector),
        *([boolean(flag, True)] if flag else []),
        u32("clip.vision.image_size", shape.image_px),
        u32("clip.vision.patch_size", shape.patch_px),
        u32("clip.vision.embedding_length", shape.width),
        u32("clip.vision.feed_forward_length", shape.ffn_width),
        u32("clip.vision.block_count", shape.n_layers),
        u32("clip.vision.projection_dim", shape.output_width),
        u32("clip.vision.attention.head_count", shape.n_heads),
        f32("clip.vision.attention.layer_norm_epsilon", shape.norm_eps),
        array("clip.vision.image_mean", mean, GGUFValueType.FLOAT32),
        array("clip.vision.image_std", std, GGUFValueType.FLOAT32),
    ]
