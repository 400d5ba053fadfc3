"""The tiny checkpoints of the families that libmtmd runs: their settings, every dimension a parameter."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
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


@dataclass(frozen=True)
class Dimensions:
    """What a checkpoint of any family has; `vocab_size` 0 is the tokenizer's, padded."""

    seed: int
    layout: Layout = "old"
    dtype: Dtype = "f32"
    shards: int = 1
    width: int = 64
    ffn: int = 160
    n_layers: int = 2
    n_heads: int = 4
    n_kv_heads: int = 2
    vocab_size: int = 0
    context: int = 2048
    theta: float = 1e6
    rms_eps: float = 1e-5
    vision_width: int = 48
    vision_ffn: int = 112
    vision_layers: int = 4
    vision_heads: int = 3
    patch: int = 14


def _model(of: Dimensions, architecture: str, model_type: str, **values: Any) -> dict[str, Any]:
    return {
        "architectures": [architecture],
        "model_type": model_type,
        "torch_dtype": _TORCH_DTYPES[of.dtype],
        "tie_word_embeddings": False,
        **values,
    }


def _language(of: Dimensions, model_type: str, n_tokens: int, **values: Any) -> dict[str, Any]:
    """`text_config`; `n_tokens` is the size of the vocabulary unless `of` says another."""
    return {
        "model_type": model_type,
        "hidden_act": "silu",
        "hidden_size": of.width,
        "intermediate_size": of.ffn,
        "max_position_embeddings": of.context,
        "num_attention_heads": of.n_heads,
        "num_hidden_layers": of.n_layers,
        "num_key_value_heads": of.n_kv_heads,
        "rms_norm_eps": of.rms_eps,
        "rope_theta": of.theta,
        "vocab_size": of.vocab_size or n_tokens,
        **values,
    }


def _vision(of: Dimensions, model_type: str, activation: str, **values: Any) -> dict[str, Any]:
    """`vision_config`, but for how many layers, heads and channels there are: Qwen's keys are others."""
    return {
        "model_type": model_type,
        "hidden_act": activation,
        "hidden_size": of.vision_width,
        "intermediate_size": of.vision_ffn,
        "patch_size": of.patch,
        **values,
    }


def _transformer(of: Dimensions) -> dict[str, int]:
    return {"num_attention_heads": of.vision_heads, "num_channels": 3, "num_hidden_layers": of.vision_layers}


def _checkpoint(
    of: Dimensions, name: str, family: Family, config: dict[str, Any], preprocessor: dict[str, Any]
) -> FamilyCheckpoint:
    return FamilyCheckpoint(name, family, config, preprocessor, of.seed, of.layout, of.dtype, of.shards)


def llava(
    name: str = "llava",
    *,
    image_size: int = 56,
    feature_layer: int = -2,
    activation: str = "quick_gelu",
    **changed: Any,
) -> FamilyCheckpoint:
    """A LLaVA 1.5: CLIP without its last layers, two-layer projector, Llama; `changed` are `Dimensions`."""
    of = replace(Dimensions(seed=1, n_kv_heads=4, context=512, theta=10000.0), **changed)
    tokens = llama_tokenizer.added_tokens()
    config = _model(
        of,
        "LlavaForConditionalGeneration",
        "llava",
        ignore_index=-100,
        image_token_index=tokens["<image>"],
        pad_token_id=tokens["<pad>"],
        projector_hidden_act="gelu",
        vision_feature_layer=feature_layer,
        vision_feature_select_strategy="default",
        text_config=_language(of, "llama", max(tokens.values()) + 1 + 30, torch_dtype=_TORCH_DTYPES[of.dtype]),
        vision_config=_vision(
            of,
            "clip_vision_model",
            activation,
            image_size=image_size,
            layer_norm_eps=1e-5,
            projection_dim=of.vision_width,
            **_transformer(of),
        ),
    )
    size = {"height": image_size, "width": image_size}
    preprocessor = _clip_processor(
        "CLIPImageProcessor", do_center_crop=True, crop_size=size, size={"shortest_edge": image_size}
    )
    return _checkpoint(of, name, "llava15", config, preprocessor)


def pixtral(
    name: str = "pixtral", *, head_dim: int = 32, image_size: int = 1024, activation: str = "silu", **changed: Any
) -> FamilyCheckpoint:
    """A Pixtral: its own encoder with 2-D rotary positions, Mistral with heads of `head_dim`; see `llava`."""
    of = replace(Dimensions(seed=2, vision_layers=3, patch=16), **changed)
    special = byte_tokenizers.PIXTRAL_SPECIAL
    config = _model(
        of,
        "LlavaForConditionalGeneration",
        "llava",
        ignore_index=-100,
        image_token_index=special.index("[IMG]"),
        projector_hidden_act="gelu",
        vision_feature_layer=-1,
        vision_feature_select_strategy="full",
        text_config=_language(
            of,
            "mistral",
            len(special) + len(byte_tokenizers.byte_tokens()) + 24,
            head_dim=head_dim,
            sliding_window=None,
        ),
        vision_config=_vision(
            of,
            "pixtral",
            activation,
            head_dim=of.vision_width // of.vision_heads,
            image_size=image_size,
            rope_theta=10000.0,
            **_transformer(of),
        ),
    )
    preprocessor = _clip_processor(
        "PixtralImageProcessor",
        size={"longest_edge": image_size},
        patch_size={"height": of.patch, "width": of.patch},
        processor_class="PixtralProcessor",
    )
    return _checkpoint(of, name, "pixtral", config, preprocessor)


def qwen(
    name: str = "qwen",
    *,
    sections: tuple[int, int, int] = (2, 3, 3),
    tied: bool = False,
    window: int = 112,
    full_every: int = 2,
    min_pixels: int = 3136,
    max_pixels: int = 12845056,
    **changed: Any,
) -> FamilyCheckpoint:
    """A Qwen2.5-VL: window attention but for every `full_every`-th layer, M-RoPE in `sections`, maybe tied output."""
    base = Dimensions(seed=3, rms_eps=1e-6, vision_width=64, vision_ffn=100, vision_heads=4)
    of = replace(base, **changed)
    ids = {token: byte_tokenizers.qwen_token_id(token) for token in byte_tokenizers.QWEN_SPECIAL}
    used = len(byte_tokenizers.byte_tokens()) + len(byte_tokenizers.QWEN_SPECIAL + byte_tokenizers.QWEN_NOT_SPECIAL)
    config = _model(
        of,
        "Qwen2_5_VLForConditionalGeneration",
        "qwen2_5_vl",
        image_token_id=ids["<|image_pad|>"],
        video_token_id=ids["<|video_pad|>"],
        vision_start_token_id=ids["<|vision_start|>"],
        vision_end_token_id=ids["<|vision_end|>"],
        vision_token_id=ids["<|vision_pad|>"],
        tie_word_embeddings=tied,
        text_config=_language(
            of,
            "qwen2_5_vl_text",
            used + 19,
            bos_token_id=ids["<|endoftext|>"],
            eos_token_id=ids["<|im_end|>"],
            max_window_layers=of.n_layers,
            rope_scaling={"type": "mrope", "mrope_section": list(sections)},
            sliding_window=32768,
            tie_word_embeddings=tied,
            use_sliding_window=False,
        ),
        vision_config=_vision(
            of,
            "qwen2_5_vl",
            "silu",
            depth=of.vision_layers,
            fullatt_block_indexes=list(range(full_every - 1, of.vision_layers, full_every)),
            in_channels=3,
            num_heads=of.vision_heads,
            out_hidden_size=of.width,
            spatial_merge_size=2,
            temporal_patch_size=2,
            tokens_per_second=2,
            window_size=window,
        ),
    )
    preprocessor = _clip_processor(
        "Qwen2VLImageProcessor",
        min_pixels=min_pixels,
        max_pixels=max_pixels,
        patch_size=of.patch,
        temporal_patch_size=2,
        merge_size=2,
    )
    return _checkpoint(of, name, "qwen25vl", config, preprocessor)


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
