"""Tiny checkpoints of LLaVA 1.5, Pixtral and Qwen2.5-VL, made from seeds with NumPy alone.

`build_family` writes a whole folder in one of the layouts that the family's checkpoints exist in; `family_tensors`
are the same values by their canonical names, for tests that compute what the converter should have written. Every
dimension is a parameter (`llava`, `pixtral`, `qwen`), and `random_checkpoint` draws them from a seed.
"""

from tests.checkpoints.families.build import build_family, family_tensors
from tests.checkpoints.families.configs import (
    FAMILY_CHECKPOINTS,
    FamilyCheckpoint,
    Layout,
    llava,
    pixtral,
    qwen,
    random_checkpoint,
)
from tests.checkpoints.families.tokenizer_folders import build_tokenizer

__all__ = [
    "FAMILY_CHECKPOINTS",
    "FamilyCheckpoint",
    "Layout",
    "build_family",
    "build_tokenizer",
    "family_tensors",
    "llava",
    "pixtral",
    "qwen",
    "random_checkpoint",
]
