"""A dense decoder with gated MLPs: its settings, and what its tensors become in the text GGUF."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Protocol

from desktop_vlm.conversion.rope import Llama3Scaling, frequency_factors
from desktop_vlm.conversion.tensor_map import GgufTensor, Role, linear, vector


@dataclass(frozen=True)
class LayerNames:
    """How a checkpoint names the parts of a decoder layer.

    Attributes:
        rotates_halves: q and k rotate value i with value i + head_dim/2, as Hugging Face has them; ggml's `llama`
            rotates neighbours.
    """

    q: str
    k: str
    v: str
    output: str
    attention_norm: str
    ffn_norm: str
    gate: str
    up: str
    down: str
    rotates_halves: bool = True


HUGGING_FACE = LayerNames(
    q="self_attn.q_proj",
    k="self_attn.k_proj",
    v="self_attn.v_proj",
    output="self_attn.o_proj",
    attention_norm="input_layernorm",
    ffn_norm="post_attention_layernorm",
    gate="mlp.gate_proj",
    up="mlp.up_proj",
    down="mlp.down_proj",
)


class LayerShape(Protocol):
    """The sizes of a decoder layer, in values."""

    @property
    def width(self) -> int: ...
    @property
    def n_heads(self) -> int: ...
    @property
    def n_heads_kv(self) -> int: ...
    @property
    def head_dim(self) -> int: ...
    @property
    def ffn_width(self) -> int: ...


@dataclass(frozen=True)
class DecoderNames:
    """How a checkpoint names a decoder's tensors.

    Attributes:
        embeddings: the embedding's `.weight` is the table of token embeddings.
        layers: what goes before a layer's number.
        norm: the last norm.
        head: the output matrix.
        parts: of a layer.
    """

    embeddings: str
    layers: str
    norm: str
    head: str
    parts: LayerNames


def hugging_face_names(model: str, head: str, *, rotates_halves: bool = True) -> DecoderNames:
    """The names that transformers uses below `model`; `rotates_halves` where the rows of q and k must be reordered."""
    parts = HUGGING_FACE if rotates_halves else _UNMOVED
    return DecoderNames(f"{model}.embed_tokens", f"{model}.layers", f"{model}.norm", head, parts)


_UNMOVED = replace(HUGGING_FACE, rotates_halves=False)


@dataclass(frozen=True)
class Decoder:
    """A whole language model, as llama.cpp's architecture `arch` runs it.

    Attributes:
        vocab_size: rows of the embedding, padding included.
        context_length: tokens that it was trained for.
        rope_factor: what all positions are divided by (`linear` scaling), 1 for none.
        rope_sections: how many rotary pairs turn by time, row, column and a fourth position; empty for one position.
        is_tied: the embedding is the output matrix too.
        qkv_bias, output_bias: which parts of the attention have biases.
        bos, eos, pad: the token ids that the model's settings name, for a tokenizer that names none.
    """

    arch: str
    vocab_size: int
    width: int
    n_layers: int
    n_heads: int
    n_heads_kv: int
    head_dim: int
    ffn_width: int
    context_length: int
    rms_eps: float
    rope_theta: float
    names: DecoderNames
    rope_scaling: Llama3Scaling | None = None
    rope_factor: float = 1.0
    rope_sections: tuple[int, ...] = ()
    is_tied: bool = False
    qkv_bias: bool = False
    output_bias: bool = False
    bos: int | None = None
    eos: tuple[int, ...] = ()
    pad: int | None = None


def decoder_tensors(decoder: Decoder) -> list[GgufTensor]:
    """Every tensor of the text GGUF."""
    names, size = decoder.names, (decoder.vocab_size, decoder.width)
    role = Role.OUTPUT if decoder.is_tied else Role.TOKEN_EMBEDDING  # a tied table gets the output's type
    tensors = [linear("token_embd", names.embeddings, *size, role)]
    for number in range(decoder.n_layers):
        place = (f"blk.{number}", f"{names.layers}.{number}", number, names.parts)
        tensors += self_attention(decoder, *place, qkv_bias=decoder.qkv_bias, output_bias=decoder.output_bias)
        tensors += gated_mlp(decoder, *place)
    tensors.append(vector("output_norm.weight", f"{names.norm}.weight", decoder.width))
    if not decoder.is_tied:
        tensors.append(linear("output", names.head, *size, Role.OUTPUT))
    return [*tensors, *rope_factors(decoder.rope_theta, decoder.head_dim, decoder.rope_scaling)]


def self_attention(
    shape: LayerShape,
    name: str,
    source: str,
    layer: int,
    parts: LayerNames = HUGGING_FACE,
    *,
    qkv_bias: bool = False,
    output_bias: bool = False,
) -> Iterator[GgufTensor]:
    """The matrices of a self-attention, with their biases where there are any."""
    width, q_width, kv_width = shape.width, shape.n_heads * shape.head_dim, shape.n_heads_kv * shape.head_dim
    dim = shape.head_dim if parts.rotates_halves else 0
    for part, place, n_out in (("q", parts.q, q_width), ("k", parts.k, kv_width)):
        key, size, weight = f"{name}.attn_{part}", (n_out, width), f"{source}.{place}.weight"
        yield GgufTensor(f"{key}.weight", size, Role.LINEAR, weight, size, 0, dim, layer)
        if qkv_bias:
            bias = f"{source}.{place}.bias"
            yield GgufTensor(f"{key}.bias", (n_out,), Role.EXACT, bias, (n_out,), rotary_head_dim=dim)
    yield linear(f"{name}.attn_v", f"{source}.{parts.v}", kv_width, width, Role.ATTN_V, layer)
    if qkv_bias:
        yield vector(f"{name}.attn_v.bias", f"{source}.{parts.v}.bias", kv_width)
    yield linear(f"{name}.attn_output", f"{source}.{parts.output}", width, q_width, Role.ATTN_OUTPUT, layer)
    if output_bias:
        yield vector(f"{name}.attn_output.bias", f"{source}.{parts.output}.bias", width)


def gated_mlp(
    shape: LayerShape, name: str, source: str, layer: int, parts: LayerNames = HUGGING_FACE
) -> Iterator[GgufTensor]:
    """The norms of a decoder layer and its MLP."""
    width, ffn_width = shape.width, shape.ffn_width
    yield vector(f"{name}.attn_norm.weight", f"{source}.{parts.attention_norm}.weight", width)
    yield vector(f"{name}.ffn_norm.weight", f"{source}.{parts.ffn_norm}.weight", width)
    yield linear(f"{name}.ffn_gate", f"{source}.{parts.gate}", ffn_width, width)
    yield linear(f"{name}.ffn_up", f"{source}.{parts.up}", ffn_width, width)
    yield linear(f"{name}.ffn_down", f"{source}.{parts.down}", width, ffn_width, Role.FFN_DOWN, layer)


def rope_factors(theta: float, head_dim: int, scaling: Llama3Scaling | None) -> list[GgufTensor]:
    """The tensor that `llama3` scaling needs; none without."""
    if scaling is None:
        return []
    factors = frequency_factors(theta, head_dim, scaling)
    return [GgufTensor("rope_freqs.weight", factors.shape, Role.EXACT, values=factors)]
