"""The image processor's settings of an mllama checkpoint, checked to be what our image processor does."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.json_file import read_optional_object, section_of
from desktop_vlm.system.bounded.section import Section

_BILINEAR = 2
_DEFAULT_MEAN_STD = 0.5  # transformers' IMAGENET_STANDARD_MEAN and _STD, used where the file says nothing
_PUBLISHED_MEAN = (0.48145466, 0.4578275, 0.40821073)
_PUBLISHED_STD = (0.26862954, 0.26130258, 0.27577711)
_REQUIRED: dict[str, Any] = {
    "do_convert_rgb": True,
    "do_resize": True,
    "do_rescale": True,
    "do_pad": True,
    "do_normalize": True,
    "resample": _BILINEAR,
}


def read_processor(folder: Path) -> Section | None:
    """The settings in the checkpoint's folder; None where there is no file of them.

    Raises:
        UserError: a file is broken.
    """
    path = folder / "preprocessor_config.json"
    content = read_optional_object(path)
    if not content:
        path = folder / "processor_config.json"  # transformers 5 nests it there
        content = dict(section_of(read_optional_object(path), path).section("image_processor").values)
    return section_of(content, path) if content else None


def missing_note(folder: Path) -> str:
    """What a person should know where there is no file."""
    return (
        f"{folder} has no preprocessor_config.json: images are prepared as for the published Llama 3.2 Vision models."
    )


def statistics(
    section: Section | None, tile_px: int, max_tiles: int, n_channels: int
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation of each colour channel; the published models' where the settings are missing.

    Raises:
        UserError: the settings ask for something else, or contradict the model's.
    """
    if section is None:
        return _PUBLISHED_MEAN, _PUBLISHED_STD
    path = section.where
    named_tiles = section.integer("max_image_tiles", 4)
    if named_tiles != max_tiles:
        raise UserError(
            f"{path}: `max_image_tiles` is {named_tiles}, but `max_num_tiles` in config.json is "
            f"{max_tiles}: both are the most tiles of an image and must agree."
        )
    size = section.section("size")
    height, width = size.integer("height", 224), size.integer("width", 224)
    if (height, width) != (tile_px, tile_px):
        raise UserError(
            f"{path}: `size` is {height}x{width}, but config.json's `image_size` is {tile_px}: "
            "both are the side of a tile and must agree."
        )
    for key, value in _REQUIRED.items():
        if section.values.get(key, value) != value:
            raise UserError(f"{path}: `{key}` is {section.values[key]!r}, but only {value!r} is supported.")
    if not math.isclose(section.number("rescale_factor", 1 / 255), 1 / 255, rel_tol=1e-6):
        raise section.wrong("rescale_factor", "1/255")
    return _per_channel(section, "image_mean", n_channels), _per_channel(section, "image_std", n_channels)


def _per_channel(section: Section, key: str, n_channels: int) -> tuple[float, ...]:
    value = section.values.get(key, _DEFAULT_MEAN_STD)
    values = value if isinstance(value, list) else [value] * n_channels
    if len(values) != n_channels or not all(type(item) in (int, float) and abs(item) < 1e30 for item in values):
        raise section.wrong(key, f"{n_channels} numbers")
    if key == "image_std" and any(abs(item) < 1e-30 for item in values):
        raise section.wrong(key, "numbers other than 0")
    return tuple(float(item) for item in values)
