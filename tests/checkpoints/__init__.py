"""Tiny Hugging Face `mllama` checkpoints and test images, made from seeds with NumPy alone.

A checkpoint built here has every file and every tensor of a Llama 3.2 Vision checkpoint at toy sizes. The
reference outputs in `tests/golden` were computed from the same bytes, so the weights are never stored:
values use only IEEE additions, multiplications and square roots on `RandomState.random_sample` (no libm
call), which makes them equal on every platform. Every tensor has its own seed, derived from its name.

Nothing is left at a neutral value: gates, biases, norm weights and position embeddings are all chosen so
that an implementation that forgets a term gives visibly different logits (see `tests/golden/README.md`).
"""

from __future__ import annotations

from tests.checkpoints.configs import (
    ALPHA,
    BETA,
    CHECKPOINTS,
    CLIP_MEAN,
    CLIP_STD,
    DELTA,
    EXTRA_EMBEDDING_ROWS,
    GAMMA,
    IMAGE_TOKEN,
    LONGEST_SIDE,
    NEW_PREFIXES,
    SPECIAL_TOKENS,
    Dtype,
    Naming,
    TinyCheckpoint,
    aspect_ratios,
    special_token_id,
)
from tests.checkpoints.folder import build
from tests.checkpoints.images import ImageCase, make_image, model_images, processor_cases
from tests.checkpoints.seeded import weight_digests, write_json
from tests.checkpoints.tokenizer import (
    CHAT_TEMPLATE,
    LLAMA3_REGEX,
    MERGED_WORDS,
    UNMERGED_WORDS,
    added_token,
    byte_alphabet,
    tokenizer_config,
    tokenizer_json,
    vocabulary,
)
from tests.checkpoints.weights import tensor_shapes, tensor_values, write_weights

__all__ = [
    "ALPHA",
    "BETA",
    "CHAT_TEMPLATE",
    "CHECKPOINTS",
    "CLIP_MEAN",
    "CLIP_STD",
    "DELTA",
    "EXTRA_EMBEDDING_ROWS",
    "GAMMA",
    "IMAGE_TOKEN",
    "LLAMA3_REGEX",
    "LONGEST_SIDE",
    "MERGED_WORDS",
    "NEW_PREFIXES",
    "SPECIAL_TOKENS",
    "UNMERGED_WORDS",
    "Dtype",
    "ImageCase",
    "Naming",
    "TinyCheckpoint",
    "added_token",
    "aspect_ratios",
    "build",
    "byte_alphabet",
    "make_image",
    "model_images",
    "processor_cases",
    "special_token_id",
    "tensor_shapes",
    "tensor_values",
    "tokenizer_config",
    "tokenizer_json",
    "vocabulary",
    "weight_digests",
    "write_json",
    "write_weights",
]
