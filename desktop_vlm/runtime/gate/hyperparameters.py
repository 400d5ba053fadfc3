"""A language model's numbers, within the bounds that llama.cpp asserts, divides by or allocates for.

Sources: `llama_model_base::load_hparams` and the graphs of src/models/*.cpp. What llama.cpp refuses by itself, it
refuses in a sentence; here is what would end the process, or fail without naming a field.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from gguf import GGUFValueType as ValueType

from desktop_vlm.runtime.gate.refusal import fields_of, refused
from desktop_vlm.runtime.ggml.gguf_fields import Fields
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile

MAX_LAYERS = 512
"""LLAMA_MAX_LAYERS."""
_MAX_EXPERTS = 1024
_MAX_WIDTH = 1 << 20
_MAX_CONTEXT = 1 << 30
_MAX_HEAD = 1 << 14
_ROPE_SCALINGS = ("none", "linear", "yarn", "longrope")

_NAMES = """llama llama4
mistral3 qwen2 qwen2moe qwen2vl qwen3 qwen3moe qwen3vl qwen3vlmoe baichuan internlm2 orion exaone
granite olmo olmo2 olmoe starcoder2 smollm3 ernie4_5 ernie4_5-moe seed_oss xverse arcee dbrx dream nemotron plamo
smallthinker"""
WHOLE_HEADS = frozenset(_NAMES.split())
"""Architectures whose graphs insist on keys as long as values, and on RoPE over the whole of them."""


@dataclass(frozen=True)
class Hyperparameters:
    """The numbers of a language model that its tensors' shapes follow from.

    Attributes:
        width: of the hidden states.
        feed_forward, n_heads, n_kv_heads: of each layer.
        key_length, value_length: numbers in a head's key and value.
        rope_length: of them rotated.
        n_experts: 0 for a dense model.
    """

    architecture: str
    n_layers: int
    width: int
    feed_forward: tuple[int, ...]
    n_heads: tuple[int, ...]
    n_kv_heads: tuple[int, ...]
    key_length: int
    value_length: int
    rope_length: int
    n_experts: int


def read_hyperparameters(file: GgufFile) -> Hyperparameters:
    """The numbers of a language model.

    Raises:
        UserError: one is missing or makes no model; the sentence names it.
    """
    fields, name = fields_of(file), file.architecture
    _check_floats(file, fields)
    n_layers = fields.integer(f"{name}.block_count", most=MAX_LAYERS)
    width = fields.integer(f"{name}.embedding_length", most=_MAX_WIDTH)
    fields.integer(f"{name}.context_length", most=_MAX_CONTEXT)
    if fields.integer(f"{name}.nextn_predict_layers", 0, least=0, most=MAX_LAYERS) >= n_layers:
        raise fields.bad(f"{name}.nextn_predict_layers", f"less than {name}.block_count ({n_layers})")
    n_experts = _check_experts(fields, name, n_layers)
    n_heads = _by_layer(fields, f"{name}.attention.head_count", n_layers, 0)
    n_kv_heads = _by_layer(fields, f"{name}.attention.head_count_kv", n_layers, n_heads)
    _check_heads(fields, name, n_heads, n_kv_heads)
    head = _head_length(fields, name, width, n_heads[0])
    key_length = fields.integer(f"{name}.attention.key_length", head, least=min(1, head), most=_MAX_HEAD)
    value_length = fields.integer(f"{name}.attention.value_length", head, least=min(1, head), most=_MAX_HEAD)
    rope_length = _check_rope(fields, name, key_length if n_heads[0] else 0)
    _check_whole_heads(file, name, key_length, value_length, rope_length)
    _check_state_space(file, fields, name)
    feed_forward = _by_layer(fields, f"{name}.feed_forward_length", n_layers, 0, most=_MAX_WIDTH)
    return Hyperparameters(
        name,
        n_layers,
        width,
        feed_forward,
        n_heads,
        n_kv_heads,
        key_length,
        value_length,
        rope_length,
        n_experts,
    )


def _check_floats(file: GgufFile, fields: Fields) -> None:
    """Every floating-point number is finite; what is divided by or taken the root of is positive."""
    prefix = f"{file.architecture}."
    for key, setting in file.settings.items():
        if not key.startswith(prefix) or setting.type not in (ValueType.FLOAT32, ValueType.FLOAT64):
            continue
        value = file.value(key)
        if not math.isfinite(value):
            raise fields.bad(key, "a finite number")
        if key.endswith("epsilon") and not 0 < value < 1:
            raise fields.bad(key, "between 0 and 1")
        if ".rope.freq_base" in key and not value > 0:
            raise fields.bad(key, "more than 0")
        if key.endswith(".rope.scaling.factor") and value < 0:
            raise fields.bad(key, "0 or more")


def _by_layer(
    fields: Fields, key: str, n_layers: int, default: int | tuple[int, ...], *, most: int = _MAX_HEAD
) -> tuple[int, ...]:
    """A number of each layer, which a file gives once or in a list."""
    if not fields.has(key):
        return default if isinstance(default, tuple) else (default,) * n_layers
    if fields.file.settings[key].type is not ValueType.ARRAY:
        return (fields.integer(key, least=0, most=most),) * n_layers
    values = fields.integers(key, least=0, most=most)
    if len(values) != n_layers:
        raise fields.bad(key, f"a number, or a list of {n_layers} (block_count)")
    return values


def _check_experts(fields: Fields, name: str, n_layers: int) -> int:
    n_experts = fields.integer(f"{name}.expert_count", 0, least=0, most=_MAX_EXPERTS)
    if n_experts <= 1 and name.startswith("hunyuan"):
        return 0
    key = f"{name}.expert_used_count"
    n_used = max(_by_layer(fields, key, n_layers, 0))
    if not (0 < n_used <= n_experts if n_experts else n_used == 0):
        raise fields.bad(key, f"from 1 to {n_experts} (expert_count)" if n_experts else "0, as there are no experts")
    key = f"{name}.expert_group_count"
    n_groups = fields.integer(key, 0, least=0, most=_MAX_EXPERTS)
    if n_groups and (n_groups >= n_experts or n_experts % n_groups):
        raise fields.bad(key, f"a divisor of {n_experts} (expert_count) that is less than it")
    if n_groups > 1:
        fields.integer(f"{name}.expert_group_used_count", 0, least=1, most=n_groups - 1)
    return n_experts


def _check_heads(fields: Fields, name: str, n_heads: Sequence[int], n_kv_heads: Sequence[int]) -> None:
    key = f"{name}.attention.head_count_kv"
    is_list = fields.has(key) and fields.file.settings[key].type is ValueType.ARRAY
    for heads, kv_heads in zip(n_heads, n_kv_heads, strict=True):
        if (kv_heads and heads % kv_heads) or (heads and not kv_heads and not is_list):
            raise fields.bad(key, f"a divisor of {heads} (attention.head_count)")


def _head_length(fields: Fields, name: str, width: int, n_heads: int) -> int:
    """Numbers in a head where the file does not say it; 0 for a model without attention."""
    if not n_heads:
        return 0
    if width % n_heads and not fields.has(f"{name}.attention.key_length"):
        raise fields.bad(f"{name}.attention.head_count", f"a divisor of {width} (embedding_length)")
    return max(1, width // n_heads)


def _check_rope(fields: Fields, name: str, key_length: int) -> int:
    scaling = f"{name}.rope.scaling.type"
    if fields.has(scaling) and fields.text(scaling) not in _ROPE_SCALINGS:
        raise fields.bad(scaling, f"one of {', '.join(_ROPE_SCALINGS)}")
    fields.integer(f"{name}.rope.scaling.original_context_length", 1, most=_MAX_CONTEXT)
    key = f"{name}.rope.dimension_count"
    length = fields.integer(key, key_length, least=0, most=_MAX_HEAD)
    if fields.has(key) and key_length and (length > key_length or length % 2):
        raise fields.bad(key, f"an even number up to {key_length} (attention.key_length)")
    key = f"{name}.rope.dimension_sections"
    if fields.has(key) and fields.file.settings[key].type is ValueType.ARRAY:
        sections = fields.integers(key, least=0, most=_MAX_HEAD)
        if len(sections) not in (3, 4) or not any(sections[:3]) or sum(sections) > max(1, length):
            raise fields.bad(key, f"four numbers of which one is not 0, {length} in all at most")
    return length


def _check_whole_heads(file: GgufFile, name: str, key_length: int, value_length: int, rope_length: int) -> None:
    if name not in WHOLE_HEADS:
        return
    for key, length in (
        (f"{name}.attention.value_length", value_length),
        (f"{name}.rope.dimension_count", rope_length),
    ):
        if length != key_length:
            raise refused(file, f"the setting {key} is {length} and must be {key_length}, as attention.key_length is")


def _check_state_space(file: GgufFile, fields: Fields, name: str) -> None:
    for key, setting in file.settings.items():
        if key.startswith(f"{name}.ssm.") and setting.type is ValueType.UINT32:
            fields.integer(key, least=0 if key.endswith("group_count") else 1, most=_MAX_WIDTH)
