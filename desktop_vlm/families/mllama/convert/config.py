"""A checkpoint's settings: `config.json` and the image processor's file, with transformers' defaults."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.image_sizing import supported_aspect_ratios
from desktop_vlm.conversion.json_file import Section, read_object, read_optional_object
from desktop_vlm.conversion.rope import Llama3Scaling

EXTRA_EMBEDDING_ROWS = 8
"""`embed_tokens` has so many rows more than `lm_head` (modeling_mllama.py): `<|image|>` and spares."""

VISION_ACTIVATIONS = ("gelu", "gelu_pytorch_tanh", "quick_gelu")
_BILINEAR = 2
_DEFAULT_MEAN_STD = 0.5  # transformers' IMAGENET_STANDARD_MEAN and _STD, used where the file says nothing


@dataclass(frozen=True)
class TextConfig:
    """The language model. `n_layers` counts all layers; `cross_layers` are indices among them, ascending.

    `bos`, `eos` and `pad` are the token ids that the model's settings name, for a tokenizer that names none.
    """

    vocab_size: int
    width: int
    n_layers: int
    n_heads: int
    n_heads_kv: int
    ffn_width: int
    context_length: int
    rms_eps: float
    rope_theta: float
    rope_scaling: Llama3Scaling | None
    cross_layers: tuple[int, ...]
    bos: int | None
    eos: tuple[int, ...]
    pad: int | None

    @property
    def head_dim(self) -> int:
        """Values per attention head."""
        return self.width // self.n_heads

    @property
    def self_layers(self) -> tuple[int, ...]:
        """The layers of the plain language model, as indices among all layers."""
        return tuple(i for i in range(self.n_layers) if i not in self.cross_layers)


@dataclass(frozen=True)
class VisionConfig:
    """The vision encoder. The inputs of the layers `taps` go to the projector; ratios are (height, width)."""

    width: int
    n_layers: int
    n_global_layers: int
    n_heads: int
    n_channels: int
    ffn_width: int
    output_width: int
    tile_px: int
    patch_px: int
    norm_eps: float
    max_tiles: int
    taps: tuple[int, ...]
    aspect_ratios: tuple[tuple[int, int], ...]
    activation: str

    @property
    def tokens_per_tile(self) -> int:
        """Patches of a tile and the class token."""
        return (self.tile_px // self.patch_px) ** 2 + 1


@dataclass(frozen=True)
class ModelConfig:
    """All that the settings of a checkpoint say; mean and standard deviation are per colour channel."""

    text: TextConfig
    vision: VisionConfig
    image_token: int
    image_mean: tuple[float, ...]
    image_std: tuple[float, ...]


def read_config(folder: Path, content: dict[str, Any] | None = None) -> ModelConfig:
    """Read and check the settings of the checkpoint in `folder`, whose config.json holds `content` if given.

    Raises:
        UserError: a file is missing or broken, or values contradict each other.
    """
    path = folder / "config.json"
    content = read_object(path) if content is None else content
    root = Section(content, str(path))
    text = _text_config(root.section("text_config"))
    vision = _vision_config(root.section("vision_config"))
    image_token = root.integer("image_token_index", content.get("image_token_id", 128256), least=0)
    last = text.vocab_size + EXTRA_EMBEDDING_ROWS - 1
    if not text.vocab_size <= image_token <= last:
        raise UserError(f"{path}: `image_token_index` is {image_token}, expected {text.vocab_size} to {last}.")
    mean, std = _image_processor(folder, vision)
    return ModelConfig(text, vision, image_token, mean, std)


def _text_config(section: Section) -> TextConfig:
    if (activation := section.string("hidden_act", "silu")) != "silu":
        raise UserError(f"{section.where}: `hidden_act` is {activation}, but llama.cpp's llama model has only silu.")
    n_layers = section.integer("num_hidden_layers", 40)
    cross_layers = section.integers("cross_attention_layers", [3, 8, 13, 18, 23, 28, 33, 38])
    if len(set(cross_layers)) != len(cross_layers) or any(i >= n_layers for i in cross_layers):
        raise section.wrong("cross_attention_layers", f"different layers among 0 to {n_layers - 1}")
    if len(cross_layers) == n_layers:
        raise section.wrong("cross_attention_layers", "a part of the layers")
    width, n_heads = section.integer("hidden_size", 4096), section.integer("num_attention_heads", 32)
    n_heads_kv = section.integer("num_key_value_heads", 8)
    if width % n_heads or width // n_heads % 2:
        raise UserError(f"{section.where}: {n_heads} heads do not divide `hidden_size` {width} evenly.")
    if n_heads % n_heads_kv:
        raise UserError(f"{section.where}: {n_heads_kv} key/value heads do not divide {n_heads} heads.")
    theta, scaling = _rope(section)
    eos = section.values.get("eos_token_id", 128001)
    return TextConfig(
        vocab_size=section.integer("vocab_size", 128256),
        width=width,
        n_layers=n_layers,
        n_heads=n_heads,
        n_heads_kv=n_heads_kv,
        ffn_width=section.integer("intermediate_size", 14336),
        context_length=section.integer("max_position_embeddings", 131072),
        rms_eps=section.number("rms_norm_eps", 1e-5),
        rope_theta=theta,
        rope_scaling=scaling,
        cross_layers=tuple(sorted(cross_layers)),
        bos=_token_id(section.values.get("bos_token_id", 128000)),
        eos=tuple(i for i in map(_token_id, eos if isinstance(eos, list) else [eos]) if i is not None),
        pad=_token_id(section.values.get("pad_token_id", 128004)),
    )


def _token_id(value: Any) -> int | None:
    return value if type(value) is int and value >= 0 else None


def _rope(section: Section) -> tuple[float, Llama3Scaling | None]:
    """Base and scaling, from `rope_theta` and `rope_scaling` or from transformers 5's `rope_parameters`."""
    newer = section.section("rope_parameters")
    scaling = newer if newer.values else section.section("rope_scaling")
    theta = newer.number("rope_theta", section.number("rope_theta", 500_000.0))
    kind = scaling.string("rope_type", scaling.string("type", "default"))
    if kind == "default":
        return theta, None
    if kind != "llama3":
        raise UserError(f"{scaling.where}: RoPE scaling `{kind}` is not supported, only `default` and `llama3` are.")
    return theta, Llama3Scaling(
        factor=scaling.number("factor"),
        low_freq_factor=scaling.number("low_freq_factor"),
        high_freq_factor=scaling.number("high_freq_factor"),
        original_context=scaling.integer("original_max_position_embeddings"),
    )


def _vision_config(section: Section) -> VisionConfig:
    activation = section.string("hidden_act", "gelu")
    if activation not in VISION_ACTIVATIONS:
        known = ", ".join(VISION_ACTIVATIONS)
        raise UserError(f"{section.where}: `hidden_act` is {activation}, but only {known} are supported.")
    # transformers writes `attention_heads` although its constructor says `num_attention_heads`.
    n_heads = section.integer("attention_heads", section.integer("num_attention_heads", 16))
    width, n_layers = section.integer("hidden_size", 1280), section.integer("num_hidden_layers", 32)
    if width % n_heads:
        raise UserError(f"{section.where}: {n_heads} heads do not divide `hidden_size` {width} evenly.")
    taps = section.integers("intermediate_layers_indices", [3, 7, 15, 23, 30])
    if any(i >= n_layers for i in taps):
        raise section.wrong("intermediate_layers_indices", f"layers among 0 to {n_layers - 1}")
    output_width = section.integer("vision_output_dim", 7680)
    if output_width != width * (1 + len(taps)):
        raise UserError(
            f"{section.where}: `vision_output_dim` is {output_width}, but {len(taps)} intermediate layers "
            f"and the final one give {width * (1 + len(taps))}."
        )
    max_tiles = section.integer("max_num_tiles", 4)
    return VisionConfig(
        width=width,
        n_layers=n_layers,
        n_global_layers=section.integer("num_global_layers", 8, least=0),
        n_heads=n_heads,
        n_channels=section.integer("num_channels", 3),
        ffn_width=section.integer("intermediate_size", 5120),
        output_width=output_width,
        tile_px=section.integer("image_size", 448),
        patch_px=section.integer("patch_size", 14),
        norm_eps=section.number("norm_eps", 1e-5),
        max_tiles=max_tiles,
        taps=taps,
        aspect_ratios=_aspect_ratios(section, max_tiles),
        activation=activation,
    )


def _aspect_ratios(section: Section, max_tiles: int) -> tuple[tuple[int, int], ...]:
    generated = supported_aspect_ratios(max_tiles)
    named = section.values.get("supported_aspect_ratios")
    if named is None:
        named = [list(pair) for pair in supported_aspect_ratios(4)]
    if named != [list(pair) for pair in generated]:
        raise UserError(
            f"{section.where}: `supported_aspect_ratios` is {named}, but the image processor generates "
            f"{[list(pair) for pair in generated]} for `max_num_tiles` {max_tiles}."
        )
    return generated


def _image_processor(folder: Path, vision: VisionConfig) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation; every other setting is checked to be what our image processor does."""
    path = folder / "preprocessor_config.json"
    content = read_optional_object(path)
    if not content:
        path = folder / "processor_config.json"  # transformers 5 nests it there
        content = dict(Section(read_optional_object(path), str(path)).section("image_processor").values)
    if not content:
        raise UserError(f"{folder / 'preprocessor_config.json'} is missing: download the whole checkpoint again.")
    section = Section(content, str(path))
    max_tiles = section.integer("max_image_tiles", 4)
    if max_tiles != vision.max_tiles:
        raise UserError(
            f"{path}: `max_image_tiles` is {max_tiles}, but `max_num_tiles` in config.json is "
            f"{vision.max_tiles}: both are the most tiles of an image and must agree."
        )
    size = section.section("size")
    height, width = size.integer("height", 224), size.integer("width", 224)
    if (height, width) != (vision.tile_px, vision.tile_px):
        raise UserError(
            f"{path}: `size` is {height}x{width}, but config.json's `image_size` is {vision.tile_px}: "
            "both are the side of a tile and must agree."
        )
    required = {
        "do_convert_rgb": True,
        "do_resize": True,
        "do_rescale": True,
        "do_pad": True,
        "do_normalize": True,
    }
    for key, value in (required | {"resample": _BILINEAR}).items():
        if content.get(key, value) != value:
            raise UserError(f"{path}: `{key}` is {content[key]!r}, but only {value!r} is supported.")
    if not math.isclose(section.number("rescale_factor", 1 / 255), 1 / 255, rel_tol=1e-6):
        raise section.wrong("rescale_factor", "1/255")
    return _per_channel(section, "image_mean", vision), _per_channel(section, "image_std", vision)


def _per_channel(section: Section, key: str, vision: VisionConfig) -> tuple[float, ...]:
    value = section.values.get(key, _DEFAULT_MEAN_STD)
    values = value if isinstance(value, list) else [value] * vision.n_channels
    if len(values) != vision.n_channels or not all(type(item) in (int, float) for item in values):
        raise section.wrong(key, f"{vision.n_channels} numbers")
    if key == "image_std" and any(item == 0 for item in values):
        raise section.wrong(key, "numbers other than 0")
    return tuple(float(item) for item in values)
