"""A language model's settings as transformers writes them, with the defaults of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.decoder import Decoder, DecoderNames, hugging_face_names
from desktop_vlm.conversion.json_file import MOST_LAYERS, MOST_TOKENS, MOST_WIDTH
from desktop_vlm.conversion.rope import Llama3Scaling
from desktop_vlm.system.bounded.section import Section

_COMMON = {
    "vocab_size": 32000,
    "hidden_size": 4096,
    "num_hidden_layers": 32,
    "num_attention_heads": 32,
    "hidden_act": "silu",
    "rms_norm_eps": 1e-6,
    "rope_theta": 10000.0,
    "bos_token_id": 1,
    "eos_token_id": 2,
}

LLAMA: Mapping[str, Any] = _COMMON | {"intermediate_size": 11008, "max_position_embeddings": 2048}
"""What transformers' LlamaConfig takes for a key that is not there; the others likewise."""

MISTRAL: Mapping[str, Any] = _COMMON | {
    "intermediate_size": 14336,
    "num_key_value_heads": 8,
    "max_position_embeddings": 131072,
    "sliding_window": 4096,
}

DEFAULTS: Mapping[str, Mapping[str, Any]] = {"llama": LLAMA, "mistral": MISTRAL}
"""By `model_type`."""


@dataclass(frozen=True)
class Rope:
    """How positions turn queries and keys: see `Decoder`."""

    theta: float
    scaling: Llama3Scaling | None = None
    factor: float = 1.0
    sections: tuple[int, ...] = ()


def read_decoder(
    section: Section, defaults: Mapping[str, Any], *, arch: str, names: DecoderNames, is_tied: bool, qkv_bias: bool
) -> Decoder:
    """The language model that `section` describes.

    Args:
        section: the object with its keys; those that are not there have the values `defaults`.
        defaults: by key.
        arch: llama.cpp's architecture that runs it.
        names: how the checkpoint names its tensors.
        is_tied: whether the embedding is the output matrix too.
        qkv_bias: whether queries, keys and values have biases even if the settings do not say so.

    Raises:
        UserError: values contradict each other, or llama.cpp cannot do what they ask for.
    """
    section = with_defaults(section, defaults)
    if (activation := section.string("hidden_act")) != "silu":
        raise UserError(f"{section.where}: `hidden_act` is {activation}, but llama.cpp's {arch} model has only silu.")
    if section.values.get("mlp_bias"):
        raise UserError(f"{section.where}: `mlp_bias` is set, but only language models without it can be converted.")
    width, n_heads = section.integer("hidden_size", most=MOST_WIDTH), section.integer("num_attention_heads")
    n_heads_kv = section.integer("num_key_value_heads", n_heads)
    if n_heads % n_heads_kv:
        raise UserError(f"{section.where}: {n_heads_kv} key/value heads do not divide {n_heads} heads.")
    rope, has_bias = read_rope(section), section.values.get("attention_bias") is True
    return Decoder(
        arch=arch,
        vocab_size=section.integer("vocab_size", most=MOST_TOKENS),
        width=width,
        n_layers=section.integer("num_hidden_layers", most=MOST_LAYERS),
        n_heads=n_heads,
        n_heads_kv=n_heads_kv,
        head_dim=_head_dim(section, width, n_heads),
        ffn_width=section.integer("intermediate_size"),
        context_length=_context_length(section),
        rms_eps=section.number("rms_norm_eps"),
        rope_theta=rope.theta,
        names=names,
        rope_scaling=rope.scaling,
        rope_factor=rope.factor,
        rope_sections=rope.sections,
        is_tied=is_tied,
        qkv_bias=qkv_bias or has_bias,
        output_bias=has_bias,
        bos=token_id(section.values.get("bos_token_id")),
        eos=token_ids(section.values.get("eos_token_id")),
        pad=token_id(section.values.get("pad_token_id")),
    )


def read_nested_decoder(root: Section) -> Decoder:
    """The Llama or Mistral in `text_config`, whose tensors are named as before transformers 4.52.

    Raises:
        UserError: it is another kind of language model, or as for `read_decoder`.
    """
    section = root.section("text_config")
    kind = section.string("model_type", "llama")
    if kind not in DEFAULTS:
        raise UserError(
            f"{section.where}: the language model is a `{kind}`, but with this vision encoder only "
            f"{' and '.join(DEFAULTS)} can be converted."
        )
    is_tied = bool(root.values.get("tie_word_embeddings") or section.values.get("tie_word_embeddings"))
    names = hugging_face_names("language_model.model", "language_model.lm_head")
    return read_decoder(section, DEFAULTS[kind], arch="llama", names=names, is_tied=is_tied, qkv_bias=False)


def with_defaults(section: Section, defaults: Mapping[str, Any]) -> Section:
    """`section` with the values that transformers takes for keys that are not there."""
    return replace(section, values={**defaults, **section.values})


def token_id(value: Any) -> int | None:
    """A token id in a settings file; None for anything else."""
    return value if type(value) is int and value >= 0 else None


def token_ids(value: Any) -> tuple[int, ...]:
    """One or several token ids in a settings file."""
    values = value if isinstance(value, list) else [value]
    return tuple(i for i in map(token_id, values) if i is not None)


def _head_dim(section: Section, width: int, n_heads: int) -> int:
    if section.values.get("head_dim") is None and width % n_heads:
        raise UserError(f"{section.where}: {n_heads} heads do not divide `hidden_size` {width} evenly.")
    head_dim = section.integer("head_dim", width // n_heads, most=MOST_WIDTH)
    if head_dim % 2:
        raise section.wrong("head_dim", "an even number, as its values are turned in pairs")
    return head_dim


def _context_length(section: Section) -> int:
    """Tokens for which the model is exact: llama.cpp's model sees all of them, transformers' at most a window."""
    length = section.integer("max_position_embeddings")
    window = section.values.get("sliding_window")
    is_used = section.values.get("use_sliding_window", True)
    return min(length, section.integer("sliding_window")) if window is not None and is_used else length


def read_rope(section: Section) -> Rope:
    """Rotary positions, from `rope_scaling` and `rope_theta` or from transformers 5's `rope_parameters`."""
    older, newer = section.section("rope_scaling"), section.section("rope_parameters")
    scaling = older if older.values else newer
    theta = scaling.number("rope_theta", newer.number("rope_theta", section.number("rope_theta")))
    kind = scaling.string("rope_type", scaling.string("type", "default"))
    sections = scaling.integers("mrope_section", [])
    if kind in ("default", "mrope"):
        return Rope(theta, sections=sections)
    if kind == "linear":
        return Rope(theta, factor=scaling.number("factor"), sections=sections)
    if kind != "llama3":
        raise UserError(
            f"{scaling.where}: RoPE scaling `{kind}` is not supported, only `default`, `linear` and `llama3` are: "
            "take the checkpoint's settings as they were published, without it."
        )
    llama3 = Llama3Scaling(
        factor=scaling.number("factor"),
        low_freq_factor=scaling.number("low_freq_factor"),
        high_freq_factor=scaling.number("high_freq_factor"),
        original_context=scaling.integer("original_max_position_embeddings"),
    )
    return Rope(theta, llama3)
