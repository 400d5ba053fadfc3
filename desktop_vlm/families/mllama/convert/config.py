"""A checkpoint's settings: `config.json` and the image processor's file, with transformers' defaults."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.image_sizing import supported_aspect_ratios
from desktop_vlm.conversion.json_file import MOST_LAYERS, MOST_PX, MOST_TOKENS, MOST_WIDTH, read_object, section_of
from desktop_vlm.conversion.remedy import shown
from desktop_vlm.conversion.rope import Llama3Scaling
from desktop_vlm.families.mllama.convert.image_processor import missing_note, read_processor, statistics
from desktop_vlm.system.bounded.section import Section

EXTRA_EMBEDDING_ROWS = 8
"""`embed_tokens` has so many rows more than `lm_head` (modeling_mllama.py): `<|image|>` and spares."""

VISION_ACTIVATIONS = ("gelu", "gelu_pytorch_tanh", "quick_gelu")


@dataclass(frozen=True)
class TextConfig:
    """The language model. `n_layers` counts all layers; `cross_layers` are indices among them, ascending.

    `bos`, `eos` and `pad` are the token ids that the model's settings name, for a tokenizer that names none.
    With `has_image_token` the vocabulary was resized to hold `<|image|>`; `rotates_halves` is that of `LayerNames`.
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
    has_image_token: bool = False
    rotates_halves: bool = True

    @property
    def head_dim(self) -> int:
        """Values per attention head."""
        return self.width // self.n_heads

    @property
    def embedding_rows(self) -> int:
        """Rows of the embedding table, at least: one that was resized has none behind the vocabulary."""
        return self.vocab_size + (0 if self.has_image_token else EXTRA_EMBEDDING_ROWS)

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
    """All that the settings of a checkpoint say; mean and standard deviation are per colour channel.

    Attributes:
        image_token: the id of `<|image|>`: right behind the vocabulary, or within one that was resized to hold it.
        note: a sentence about settings that are missing; empty if none are.
    """

    text: TextConfig
    vision: VisionConfig
    image_token: int
    image_mean: tuple[float, ...]
    image_std: tuple[float, ...]
    note: str = ""

    @property
    def image_rows(self) -> tuple[int, int]:
        """The first of the rows that go into the mmproj, which is the image's, and how many they are."""
        is_first = self.image_token == self.text.vocab_size
        return (self.image_token, EXTRA_EMBEDDING_ROWS if is_first else 1)


def read_config(folder: Path, content: dict[str, Any] | None = None, name: str = "config.json") -> ModelConfig:
    """Read and check the settings of the checkpoint in `folder`.

    Args:
        folder: the checkpoint's.
        content: what config.json would hold, if it is not to be read.
        name: the file that `content` comes from.

    Raises:
        UserError: a file is missing or broken, or values contradict each other.
    """
    path = folder / name
    content = read_object(path) if content is None else content
    root = section_of(content, path)
    text = _text_config(root.section("text_config"))
    vision = _vision_config(root.section("vision_config"))
    image_token = root.integer("image_token_index", content.get("image_token_id", 128256), least=0)
    last = text.vocab_size + EXTRA_EMBEDDING_ROWS - 1
    if image_token > last:
        raise UserError(f"{path}: `image_token_index` is {image_token}, expected {last} at most.")
    text = replace(text, has_image_token=image_token < text.vocab_size)
    processor = read_processor(folder)
    mean, std = statistics(processor, vision.tile_px, vision.max_tiles, vision.n_channels)
    return ModelConfig(text, vision, image_token, mean, std, missing_note(folder) if processor is None else "")


def _text_config(section: Section) -> TextConfig:
    if (activation := section.string("hidden_act", "silu")) != "silu":
        raise UserError(f"{section.where}: `hidden_act` is {activation}, but llama.cpp's llama model has only silu.")
    n_layers = section.integer("num_hidden_layers", 40, most=MOST_LAYERS)
    cross_layers = section.integers("cross_attention_layers", [3, 8, 13, 18, 23, 28, 33, 38])
    if len(set(cross_layers)) != len(cross_layers) or any(i >= n_layers for i in cross_layers):
        raise section.wrong("cross_attention_layers", f"different layers among 0 to {n_layers - 1}")
    if len(cross_layers) == n_layers:
        raise section.wrong("cross_attention_layers", "a part of the layers")
    width, n_heads = section.integer("hidden_size", 4096, most=MOST_WIDTH), section.integer("num_attention_heads", 32)
    n_heads_kv = section.integer("num_key_value_heads", 8)
    if width % n_heads or width // n_heads % 2:
        raise UserError(f"{section.where}: {n_heads} heads do not divide `hidden_size` {width} evenly.")
    if n_heads % n_heads_kv:
        raise UserError(f"{section.where}: {n_heads_kv} key/value heads do not divide {n_heads} heads.")
    theta, scaling = _rope(section)
    eos = section.values.get("eos_token_id", 128001)
    return TextConfig(
        vocab_size=section.integer("vocab_size", 128256, most=MOST_TOKENS),
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
    width, n_layers = (
        section.integer("hidden_size", 1280, most=MOST_WIDTH),
        section.integer("num_hidden_layers", 32, most=MOST_LAYERS),
    )
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
    max_tiles = section.integer("max_num_tiles", 4, most=64)
    return VisionConfig(
        width=width,
        n_layers=n_layers,
        n_global_layers=section.integer("num_global_layers", 8, least=0, most=MOST_LAYERS),
        n_heads=n_heads,
        n_channels=section.integer("num_channels", 3, most=1024),
        ffn_width=section.integer("intermediate_size", 5120),
        output_width=output_width,
        tile_px=section.integer("image_size", 448, most=MOST_PX),
        patch_px=section.integer("patch_size", 14, most=MOST_PX),
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
            f"{section.where}: `supported_aspect_ratios` is {shown(str(named))}, but the image processor generates "
            f"{[list(pair) for pair in generated]} for `max_num_tiles` {max_tiles}."
        )
    return generated
