"""The tiny checkpoints: their settings, and the constants that all parts share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

Dtype = Literal["f32", "f16", "bf16"]
Naming = Literal["old", "new"]

IMAGE_TOKEN = "<|image|>"
EXTRA_EMBEDDING_ROWS = 8  # embed_tokens has rows for <|image|> and seven unused tokens; lm_head has not
LONGEST_SIDE = 20000

# In the order of the real vocabulary (128000 ...); <|image|> is not among them, it is one past the last row.
SPECIAL_TOKENS = (
    "<|begin_of_text|>",
    "<|end_of_text|>",
    "<|reserved_special_token_0|>",
    "<|reserved_special_token_1|>",
    "<|finetune_right_pad_id|>",
    "<|reserved_special_token_2|>",
    "<|start_header_id|>",
    "<|end_header_id|>",
    "<|eom_id|>",
    "<|eot_id|>",
    "<|python_tag|>",
    *(f"<|reserved_special_token_{i}|>" for i in range(3, 8)),
)

# The old names (Meta's hub checkpoints) are canonical: seeds derive from them whatever the naming.
NEW_PREFIXES = {
    "language_model.model.": "model.language_model.",
    "language_model.lm_head.": "lm_head.",
    "vision_model.": "model.vision_model.",
    "multi_modal_projector.": "model.multi_modal_projector.",
}


@dataclass(frozen=True)
class TinyCheckpoint:
    """One checkpoint, completely described.

    Attributes:
        name: key in `CHECKPOINTS`.
        config: content of `config.json` (nested `text_config`, `vision_config`).
        preprocessor: content of `preprocessor_config.json`.
        seed: mixed into the seed of every tensor.
        naming: `old` is `language_model.model.layers.N`, `new` is `model.language_model.layers.N`.
        dtype: how the weights are stored.
        shards: number of safetensors files.
    """

    name: str
    config: dict[str, Any]
    preprocessor: dict[str, Any]
    seed: int
    naming: Naming
    dtype: Dtype
    shards: int


def aspect_ratios(max_num_tiles: int) -> list[list[int]]:
    """All (height, width) tile grids of at most `max_num_tiles` tiles; the id of a ratio is its index + 1."""
    sides = range(1, max_num_tiles + 1)
    return [[h, w] for h in sides for w in sides if h * w <= max_num_tiles]


def special_token_id(vocab_size: int, token: str) -> int:
    """Id of a special token in a vocabulary of `vocab_size` rows; `<|image|>` is `vocab_size` itself."""
    if token == IMAGE_TOKEN:
        return vocab_size
    return vocab_size - len(SPECIAL_TOKENS) + SPECIAL_TOKENS.index(token)


def _config(text: dict[str, Any], vision: dict[str, Any], torch_dtype: str) -> dict[str, Any]:
    vocab_size = text["vocab_size"]
    taps = vision["intermediate_layers_indices"]
    eos = ("<|end_of_text|>", "<|eom_id|>", "<|eot_id|>")
    text_config = {
        "model_type": "mllama_text_model",
        "hidden_act": "silu",
        "max_position_embeddings": 4096,
        "tie_word_embeddings": False,
        "bos_token_id": special_token_id(vocab_size, "<|begin_of_text|>"),
        "eos_token_id": [special_token_id(vocab_size, token) for token in eos],
        "pad_token_id": special_token_id(vocab_size, "<|finetune_right_pad_id|>"),
        "torch_dtype": torch_dtype,
        **text,
    }
    vision_config = {
        "model_type": "mllama_vision_model",
        "hidden_act": "gelu",
        "num_channels": 3,
        "norm_eps": 1e-5,
        "supported_aspect_ratios": aspect_ratios(vision["max_num_tiles"]),
        "vision_output_dim": vision["hidden_size"] * (1 + len(taps)),
        "torch_dtype": torch_dtype,
        **vision,
    }
    return {
        "architectures": ["MllamaForConditionalGeneration"],
        "model_type": "mllama",
        "image_token_index": vocab_size,
        "torch_dtype": torch_dtype,
        "text_config": text_config,
        "vision_config": vision_config,
    }


def _preprocessor(tile: int, max_tiles: int, mean: list[float], std: list[float]) -> dict[str, Any]:
    return {
        "do_convert_rgb": True,
        "do_normalize": True,
        "do_pad": True,
        "do_rescale": True,
        "do_resize": True,
        "image_mean": mean,
        "image_processor_type": "MllamaImageProcessor",
        "image_std": std,
        "max_image_tiles": max_tiles,
        "resample": 2,
        "rescale_factor": 0.00392156862745098,
        "size": {"height": tile, "width": tile},
    }


CLIP_MEAN = [0.48145466, 0.4578275, 0.40821073]
CLIP_STD = [0.26862954, 0.26130258, 0.27577711]

# Widths divisible by 256 (K-quants), the published layout: old names, bf16, several shards.
ALPHA = TinyCheckpoint(
    name="alpha",
    config=_config(
        {
            "vocab_size": 384,
            "hidden_size": 256,
            "num_attention_heads": 8,
            "num_key_value_heads": 2,
            "intermediate_size": 512,
            "num_hidden_layers": 7,
            "cross_attention_layers": [2, 5],
            "rms_norm_eps": 1e-5,
            "rope_theta": 10000.0,
            "rope_scaling": {
                "rope_type": "llama3",
                "factor": 8.0,
                "low_freq_factor": 1.0,
                "high_freq_factor": 4.0,
                "original_max_position_embeddings": 64,
            },
        },
        {
            "hidden_size": 64,
            "attention_heads": 4,
            "intermediate_size": 128,
            "num_hidden_layers": 5,
            "num_global_layers": 2,
            "image_size": 56,
            "patch_size": 14,
            "max_num_tiles": 4,
            "intermediate_layers_indices": [1, 3, 4],
        },
        "bfloat16",
    ),
    preprocessor=_preprocessor(56, 4, CLIP_MEAN, CLIP_STD),
    seed=17,
    naming="old",
    dtype="bf16",
    shards=2,
)

# Another value for every dimension; cross layers first, adjacent and last; the encoder's input is tapped.
BETA = TinyCheckpoint(
    name="beta",
    config=_config(
        {
            "vocab_size": 336,
            "hidden_size": 96,
            "num_attention_heads": 6,
            "num_key_value_heads": 3,
            "intermediate_size": 160,
            "num_hidden_layers": 9,
            "cross_attention_layers": [0, 3, 4, 8],
            "rms_norm_eps": 1e-6,
            "rope_theta": 500000.0,
            "rope_scaling": {"rope_type": "default"},  # transformers 4.54.1 cannot load `null` here
        },
        {
            "hidden_size": 48,
            "attention_heads": 3,
            "intermediate_size": 96,
            "num_hidden_layers": 4,
            "num_global_layers": 3,
            "image_size": 42,
            "patch_size": 14,
            "max_num_tiles": 4,
            "intermediate_layers_indices": [0, 2],
        },
        "float32",
    ),
    preprocessor=_preprocessor(42, 4, CLIP_MEAN, CLIP_STD),
    seed=96,
    naming="new",
    dtype="f32",
    shards=1,
)

# The real head sizes (text 128, vision 80), no grouped queries, two tiles, other pixel statistics.
GAMMA = TinyCheckpoint(
    name="gamma",
    config=_config(
        {
            "vocab_size": 400,
            "hidden_size": 256,
            "num_attention_heads": 2,
            "num_key_value_heads": 2,
            "intermediate_size": 320,
            "num_hidden_layers": 8,
            "cross_attention_layers": [1, 4, 6],
            "rms_norm_eps": 1e-5,
            "rope_theta": 50000.0,
            "rope_scaling": {
                "rope_type": "llama3",
                "factor": 4.0,
                "low_freq_factor": 1.0,
                "high_freq_factor": 2.0,
                "original_max_position_embeddings": 48,
            },
        },
        {
            "hidden_size": 160,
            "attention_heads": 2,
            "intermediate_size": 192,
            "num_hidden_layers": 6,
            "num_global_layers": 1,
            "image_size": 70,
            "patch_size": 10,
            "max_num_tiles": 2,
            "intermediate_layers_indices": [0, 1, 2, 4, 5],
        },
        "float16",
    ),
    preprocessor=_preprocessor(70, 2, [0.5, 0.4, 0.6], [0.25, 0.5, 0.3]),
    seed=69,
    naming="old",
    dtype="f16",
    shards=3,
)

CHECKPOINTS: dict[str, TinyCheckpoint] = {ckpt.name: ckpt for ckpt in (ALPHA, BETA, GAMMA)}
"""Those that goldens are made for, by name."""

# Alpha with every kind of tensor but few rows: for what is done in every one of the many types.
DELTA = TinyCheckpoint(
    name="delta",
    config=_config(
        {
            **ALPHA.config["text_config"],
            "vocab_size": 384,
            "num_attention_heads": 4,
            "num_key_value_heads": 1,
            "intermediate_size": 256,
            "num_hidden_layers": 4,
            "cross_attention_layers": [1],
        },
        {
            **ALPHA.config["vision_config"],
            "num_hidden_layers": 3,
            "num_global_layers": 1,
            "intermediate_layers_indices": [0, 2],
            "vision_output_dim": 192,
        },
        "bfloat16",
    ),
    preprocessor=ALPHA.preprocessor,
    seed=41,
    naming="old",
    dtype="bf16",
    shards=1,
)
