"""The tiny checkpoints of the families that libmtmd runs: their settings, every dimension a parameter."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any, Literal

from tests.checkpoints.configs import CLIP_MEAN, CLIP_STD, Dtype
from tests.checkpoints.families import byte_tokenizers, llama_tokenizer

Family = Literal["llava15", "pixtral", "qwen25vl"]
Layout = Literal["old", "new", "flat", "mistral"]
"""How a folder is laid out: names before and after transformers 4.52, `flat` without LLaVA's `vision_model.`,
`mistral` for Mistral's own files (Pixtral only)."""

_TORCH_DTYPES = {"f32": "float32", "f16": "float16", "bf16": "bfloat16"}


@dataclass(frozen=True)
class FamilyCheckpoint:
    """One checkpoint, completely described.

    Attributes:
        name: of its folder.
        family: the folder under `desktop_vlm/families` that runs it.
        config: content of config.json, every key that matters written out.
        preprocessor: content of preprocessor_config.json.
        seed: mixed into the seed of every tensor.
        layout: how the folder is laid out.
        dtype: how the weights are stored.
        shards: number of safetensors files.
    """

    name: str
    family: Family
    config: dict[str, Any]
    preprocessor: dict[str, Any]
    seed: int
    layout: Layout = "old"
    dtype: Dtype = "f32"
    shards: int = 1

    @property
    def image_token(self) -> int:
        """The id that stands for an image in a prompt."""
        return int(self.config["image_token_id" if self.family == "qwen25vl" else "image_token_index"])

    @property
    def vocab_size(self) -> int:
        """Rows of the embedding, padding included."""
        return int(self.config["text_config"]["vocab_size"])


def _clip_processor(kind: str, **values: Any) -> dict[str, Any]:
    return {
        "do_convert_rgb": True,
        "do_normalize": True,
        "do_rescale": True,
        "do_resize": True,
        "image_mean": CLIP_MEAN,
        "image_processor_type": kind,
        "image_std": CLIP_STD,
        "resample": 3,
        "rescale_factor": 0.00392156862745098,
        **values,
    }


def llava(
    name: str = "llava",
    *,
    seed: int = 1,
    layout: Layout = "old",
    dtype: Dtype = "f32",
    shards: int = 1,
    width: int = 64,
    ffn: int = 160,
    n_layers: int = 2,
    n_heads: int = 4,
    n_kv_heads: int = 4,
    vocab_size: int = 0,
    context: int = 512,
    theta: float = 10000.0,
    rms_eps: float = 1e-5,
    vision_width: int = 48,
    vision_ffn: int = 112,
    vision_layers: int = 4,
    vision_heads: int = 3,
    image_size: int = 56,
    patch: int = 14,
    feature_layer: int = -2,
    activation: str = "quick_gelu",
) -> FamilyCheckpoint:
    """A LLaVA 1.5: CLIP without its last layers, two-layer projector, Llama. `vocab_size` 0 pads the tokenizer's."""
    tokens = llama_tokenizer.added_tokens()
    config = {
        "architectures": ["LlavaForConditionalGeneration"],
        "model_type": "llava",
        "ignore_index": -100,
        "image_token_index": tokens["<image>"],
        "pad_token_id": tokens["<pad>"],
        "projector_hidden_act": "gelu",
        "tie_word_embeddings": False,
        "torch_dtype": _TORCH_DTYPES[dtype],
        "vision_feature_layer": feature_layer,
        "vision_feature_select_strategy": "default",
        "text_config": {
            "model_type": "llama",
            "hidden_act": "silu",
            "hidden_size": width,
            "intermediate_size": ffn,
            "max_position_embeddings": context,
            "num_attention_heads": n_heads,
            "num_hidden_layers": n_layers,
            "num_key_value_heads": n_kv_heads,
            "rms_norm_eps": rms_eps,
            "rope_theta": theta,
            "torch_dtype": _TORCH_DTYPES[dtype],
            "vocab_size": vocab_size or max(tokens.values()) + 1 + 30,
        },
        "vision_config": {
            "model_type": "clip_vision_model",
            "hidden_act": activation,
            "hidden_size": vision_width,
            "image_size": image_size,
            "intermediate_size": vision_ffn,
            "layer_norm_eps": 1e-5,
            "num_attention_heads": vision_heads,
            "num_channels": 3,
            "num_hidden_layers": vision_layers,
            "patch_size": patch,
            "projection_dim": vision_width,
        },
    }
    size = {"height": image_size, "width": image_size}
    preprocessor = _clip_processor(
        "CLIPImageProcessor", do_center_crop=True, crop_size=size, size={"shortest_edge": image_size}
    )
    return FamilyCheckpoint(name, "llava15", config, preprocessor, seed, layout, dtype, shards)


def pixtral(
    name: str = "pixtral",
    *,
    seed: int = 2,
    layout: Layout = "old",
    dtype: Dtype = "f32",
    shards: int = 1,
    width: int = 64,
    ffn: int = 160,
    n_layers: int = 2,
    n_heads: int = 4,
    n_kv_heads: int = 2,
    head_dim: int = 32,
    vocab_size: int = 0,
    context: int = 2048,
    theta: float = 1e6,
    rms_eps: float = 1e-5,
    vision_width: int = 48,
    vision_ffn: int = 112,
    vision_layers: int = 3,
    vision_heads: int = 3,
    image_size: int = 1024,
    patch: int = 16,
    activation: str = "silu",
) -> FamilyCheckpoint:
    """A Pixtral: its own encoder with 2-D rotary positions, Mistral with heads of `head_dim`."""
    special = byte_tokenizers.PIXTRAL_SPECIAL
    config = {
        "architectures": ["LlavaForConditionalGeneration"],
        "model_type": "llava",
        "ignore_index": -100,
        "image_token_index": special.index("[IMG]"),
        "projector_hidden_act": "gelu",
        "tie_word_embeddings": False,
        "torch_dtype": _TORCH_DTYPES[dtype],
        "vision_feature_layer": -1,
        "vision_feature_select_strategy": "full",
        "text_config": {
            "model_type": "mistral",
            "head_dim": head_dim,
            "hidden_act": "silu",
            "hidden_size": width,
            "intermediate_size": ffn,
            "max_position_embeddings": context,
            "num_attention_heads": n_heads,
            "num_hidden_layers": n_layers,
            "num_key_value_heads": n_kv_heads,
            "rms_norm_eps": rms_eps,
            "rope_theta": theta,
            "sliding_window": None,
            "vocab_size": vocab_size or len(special) + len(byte_tokenizers.byte_tokens()) + 24,
        },
        "vision_config": {
            "model_type": "pixtral",
            "head_dim": vision_width // vision_heads,
            "hidden_act": activation,
            "hidden_size": vision_width,
            "image_size": image_size,
            "intermediate_size": vision_ffn,
            "num_attention_heads": vision_heads,
            "num_channels": 3,
            "num_hidden_layers": vision_layers,
            "patch_size": patch,
            "rope_theta": 10000.0,
        },
    }
    preprocessor = _clip_processor(
        "PixtralImageProcessor",
        size={"longest_edge": image_size},
        patch_size={"height": patch, "width": patch},
        processor_class="PixtralProcessor",
    )
    return FamilyCheckpoint(name, "pixtral", config, preprocessor, seed, layout, dtype, shards)


def qwen(
    name: str = "qwen",
    *,
    seed: int = 3,
    layout: Layout = "old",
    dtype: Dtype = "f32",
    shards: int = 1,
    width: int = 64,
    ffn: int = 160,
    n_layers: int = 2,
    n_heads: int = 4,
    n_kv_heads: int = 2,
    sections: tuple[int, int, int] = (2, 3, 3),
    vocab_size: int = 0,
    context: int = 2048,
    theta: float = 1e6,
    rms_eps: float = 1e-6,
    tied: bool = False,
    vision_width: int = 64,
    vision_ffn: int = 100,
    vision_layers: int = 4,
    vision_heads: int = 4,
    patch: int = 14,
    window: int = 112,
    full_every: int = 2,
    min_pixels: int = 3136,
    max_pixels: int = 12845056,
) -> FamilyCheckpoint:
    """A Qwen2.5-VL: window attention but for every `full_every`-th layer, M-RoPE in `sections`, maybe tied output."""
    ids = {token: byte_tokenizers.qwen_token_id(token) for token in byte_tokenizers.QWEN_SPECIAL}
    rope = {"type": "mrope", "mrope_section": list(sections)}
    used = len(byte_tokenizers.byte_tokens()) + len(byte_tokenizers.QWEN_SPECIAL + byte_tokenizers.QWEN_NOT_SPECIAL)
    config = {
        "architectures": ["Qwen2_5_VLForConditionalGeneration"],
        "model_type": "qwen2_5_vl",
        "image_token_id": ids["<|image_pad|>"],
        "video_token_id": ids["<|video_pad|>"],
        "vision_start_token_id": ids["<|vision_start|>"],
        "vision_end_token_id": ids["<|vision_end|>"],
        "vision_token_id": ids["<|vision_pad|>"],
        "tie_word_embeddings": tied,
        "torch_dtype": _TORCH_DTYPES[dtype],
        "text_config": {
            "model_type": "qwen2_5_vl_text",
            "bos_token_id": ids["<|endoftext|>"],
            "eos_token_id": ids["<|im_end|>"],
            "hidden_act": "silu",
            "hidden_size": width,
            "intermediate_size": ffn,
            "max_position_embeddings": context,
            "max_window_layers": n_layers,
            "num_attention_heads": n_heads,
            "num_hidden_layers": n_layers,
            "num_key_value_heads": n_kv_heads,
            "rms_norm_eps": rms_eps,
            "rope_theta": theta,
            "rope_scaling": rope,
            "sliding_window": 32768,
            "tie_word_embeddings": tied,
            "use_sliding_window": False,
            "vocab_size": vocab_size or used + 19,
        },
        "vision_config": {
            "model_type": "qwen2_5_vl",
            "depth": vision_layers,
            "fullatt_block_indexes": list(range(full_every - 1, vision_layers, full_every)),
            "hidden_act": "silu",
            "hidden_size": vision_width,
            "in_channels": 3,
            "intermediate_size": vision_ffn,
            "num_heads": vision_heads,
            "out_hidden_size": width,
            "patch_size": patch,
            "spatial_merge_size": 2,
            "temporal_patch_size": 2,
            "tokens_per_second": 2,
            "window_size": window,
        },
    }
    preprocessor = _clip_processor(
        "Qwen2VLImageProcessor",
        min_pixels=min_pixels,
        max_pixels=max_pixels,
        patch_size=patch,
        temporal_patch_size=2,
        merge_size=2,
    )
    return FamilyCheckpoint(name, "qwen25vl", config, preprocessor, seed, layout, dtype, shards)


def random_checkpoint(family: Family, seed: int, *, layout: Layout = "old", dtype: Dtype = "f32") -> FamilyCheckpoint:
    """A checkpoint of `family` whose dimensions are drawn from `seed`."""
    rng = random.Random(f"{family}:{seed}")
    n_kv_heads = rng.choice([1, 2, 3])
    heads: dict[str, Any] = {
        "n_kv_heads": n_kv_heads,
        "n_heads": n_kv_heads * rng.choice([1, 2, 3]),
        "n_layers": rng.choice([1, 2, 3]),
    }
    head_dim = rng.choice([16, 24, 32])
    width = heads["n_heads"] * head_dim
    ffn = rng.choice([96, 160, 224]) + width
    vision_heads, vision_layers = rng.choice([2, 3, 5]), rng.choice([3, 4, 6])
    vision_width = vision_heads * rng.choice([16, 24])
    vision: dict[str, Any] = {
        "vision_heads": vision_heads,
        "vision_width": vision_width,
        "vision_layers": vision_layers,
        "vision_ffn": vision_width + rng.choice([20, 36, 52]),
    }
    common: dict[str, Any] = {
        "seed": seed,
        "layout": layout,
        "dtype": dtype,
        "ffn": ffn,
        "shards": rng.choice([1, 2, 3]),
    }
    common |= {"theta": rng.choice([1e4, 5e5, 1e6]), "rms_eps": rng.choice([1e-5, 1e-6])}
    name = f"{family}-{seed}-{layout}"
    if family == "llava15":
        n_patches, patch = rng.choice([3, 4, 5]), rng.choice([8, 14, 16])
        sizes: dict[str, Any] = {
            "patch": patch,
            "image_size": n_patches * patch,
            "feature_layer": rng.choice([-2, -1, -3]),
        }
        return llava(name, width=width, **heads, **vision, **common, **sizes)
    if family == "pixtral":
        sizes = {"head_dim": rng.choice([16, 32, 48]), "patch": rng.choice([8, 16]), "width": rng.choice([64, 96, 160])}
        return pixtral(name, image_size=rng.choice([256, 1024]), **heads, **vision, **common, **sizes)
    sections = {16: (2, 3, 3), 24: (4, 4, 4), 32: (4, 6, 6)}[head_dim]
    every = rng.choice([step for step in (1, 2, 3) if vision_layers % step == 0])
    sizes = {"patch": rng.choice([10, 14]), "full_every": every, "tied": rng.choice([True, False])}
    sizes["window"] = sizes["patch"] * rng.choice([4, 6, 8])
    return qwen(name, width=width, sections=sections, **heads, **vision, **common, **sizes)


FAMILY_CHECKPOINTS: dict[str, FamilyCheckpoint] = {
    checkpoint.name: checkpoint
    for checkpoint in (
        llava(),
        llava("llava-new", seed=11, layout="new", dtype="bf16", shards=2, n_kv_heads=2, image_size=42),
        pixtral(),
        pixtral("pixtral-mistral", layout="mistral"),  # the same weights as `pixtral`
        qwen(),
        qwen("qwen-epsilon", seed=14, rms_eps=0.05, window=56, n_heads=2, n_kv_heads=1, sections=(4, 6, 6)),
        qwen("qwen-tied", seed=13, layout="new", dtype="bf16", shards=2, tied=True, full_every=4),
    )
}
"""The checkpoints that goldens are made for, by name."""
