"""Published vision models that libmtmd runs, known without their files: their real shapes, as facts.

The figures are those of the models' `config.json` (LLaVA 1.5: Vicuna 1.5 with CLIP ViT-L/14 at 336 pixels; Pixtral
12B: Mistral Nemo; Qwen2.5-VL; SmolVLM2: SmolLM2 with SigLIP). From them follow the tensors of both GGUF files, their
types and sizes, what the planner needs of the language model, and the random models of the benchmarks. Names of tensors
and keys are llama.cpp's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from gguf import GGMLQuantizationType as GgmlType

from desktop_vlm.conversion.decoder import Decoder, decoder_tensors, hugging_face_names
from desktop_vlm.conversion.gguf_file import lay_out
from desktop_vlm.conversion.quant_types import FileType, LayerStack, file_type, text_type
from desktop_vlm.conversion.tensor_map import GgufTensor, Role
from desktop_vlm.runtime.model_shape import TextShape

IMAGE_MEAN = [0.48145466, 0.4578275, 0.40821073]
IMAGE_STD = [0.26862954, 0.26130258, 0.27577711]
"""CLIP's, by colour channel; those of all models here."""

TypedTensor = tuple[GgufTensor, GgmlType]


@dataclass(frozen=True)
class LanguageModel:
    """A decoder of the Llama kind.

    Attributes:
        architecture: llama.cpp's name, `llama` or `qwen2vl`.
        has_qkv_bias: whether queries, keys and values have biases.
        ties_embeddings: whether the output layer is the table of embeddings.
        rope_sections: of M-RoPE; empty for ordinary positions.
    """

    architecture: str
    n_layers: int
    width: int
    feed_forward: int
    n_heads: int
    n_heads_kv: int
    head_dim: int
    vocab_size: int
    context_length: int
    rope_theta: float
    norm_eps: float
    has_qkv_bias: bool = False
    ties_embeddings: bool = False
    rope_sections: tuple[int, ...] = ()


@dataclass(frozen=True)
class VisionEncoder:
    """A vision transformer and the projector after it.

    Attributes:
        projector: `clip.projector_type`.
        n_layers: those that the file holds.
        image_px: side of a square image; the longest side, where sizes vary.
        feature_layers: `clip.vision.feature_layer`; empty for the last.
        n_window: `clip.vision.n_wa_pattern`: one layer of so many sees the whole image, the others windows; 0 for all.
        merge: patches that become one token, in each direction.
    """

    projector: str
    n_layers: int
    width: int
    feed_forward: int
    n_heads: int
    image_px: int
    patch_px: int
    norm_eps: float
    feature_layers: tuple[int, ...] = ()
    n_window: int = 0
    merge: int = 1


@dataclass(frozen=True)
class PublishedModel:
    """A model of a family.

    Attributes:
        name: as people know it.
        family: the name of its family here.
        special_tokens: control tokens that stand around images.
    """

    name: str
    family: str
    language: LanguageModel
    encoder: VisionEncoder
    special_tokens: tuple[str, ...] = field(default=())


_CLIP = VisionEncoder("mlp", 23, 1024, 4096, 16, 336, 14, 1e-5, feature_layers=(23,))
_PIXTRAL_VIT = VisionEncoder("pixtral", 24, 1024, 4096, 16, 1024, 16, 1e-5)
_QWEN_VIT = VisionEncoder("qwen2.5vl_merger", 32, 1280, 3420, 16, 560, 14, 1e-6, n_window=8, merge=2)
_QWEN_VIT_72B = VisionEncoder("qwen2.5vl_merger", 32, 1280, 3456, 16, 560, 14, 1e-6, n_window=8, merge=2)

_SIGLIP_SO400M = VisionEncoder("idefics3", 27, 1152, 4304, 16, 384, 14, 1e-6, merge=3)
_SIGLIP_BASE = VisionEncoder("idefics3", 12, 768, 3072, 12, 512, 16, 1e-6, merge=4)

_IMAGE = ("<image>",)
_PIXTRAL_TOKENS = ("[IMG]", "[IMG_BREAK]", "[IMG_END]")
_SMOLVLM_TOKENS = ("<|im_start|>", "<end_of_utterance>", "<fake_token_around_image>", "<global-img>", "<image>")
_QWEN_TOKENS = ("<|im_start|>", "<|im_end|>", "<|vision_start|>", "<|vision_end|>", "<|image_pad|>")


def _llama(n_layers: int, width: int, feed_forward: int, n_heads: int) -> LanguageModel:
    """Llama 2, which Vicuna 1.5 is trained from; LLaVA's vocabulary is padded to 32,064."""
    return LanguageModel("llama", n_layers, width, feed_forward, n_heads, n_heads, 128, 32064, 4096, 10000.0, 1e-5)


def _qwen(
    n_layers: int, width: int, feed_forward: int, n_heads: int, n_heads_kv: int, vocab_size: int, *, ties: bool = False
) -> LanguageModel:
    return LanguageModel(
        "qwen2vl",
        n_layers,
        width,
        feed_forward,
        n_heads,
        n_heads_kv,
        128,
        vocab_size,
        128000,
        1e6,
        1e-6,
        has_qkv_bias=True,
        ties_embeddings=ties,
        rope_sections=(16, 24, 24, 0),
    )


_SMOLLM2_360M = LanguageModel("llama", 32, 960, 2560, 15, 5, 64, 49280, 8192, 1e5, 1e-5)
_SMOLLM2_1_7B = LanguageModel("llama", 24, 2048, 8192, 32, 32, 64, 49280, 8192, 1.3e5, 1e-5)
_NEMO = LanguageModel("llama", 40, 5120, 14336, 32, 8, 128, 131072, 1024000, 1e9, 1e-5)

PUBLISHED: dict[str, PublishedModel] = {
    "llava-7b": PublishedModel("LLaVA 1.5 7B", "llava15", _llama(32, 4096, 11008, 32), _CLIP, _IMAGE),
    "llava-13b": PublishedModel("LLaVA 1.5 13B", "llava15", _llama(40, 5120, 13824, 40), _CLIP, _IMAGE),
    "pixtral-12b": PublishedModel("Pixtral 12B", "pixtral", _NEMO, _PIXTRAL_VIT, _PIXTRAL_TOKENS),
    "qwen2.5-vl-3b": PublishedModel(
        "Qwen2.5-VL 3B", "qwen25vl", _qwen(36, 2048, 11008, 16, 2, 151936, ties=True), _QWEN_VIT, _QWEN_TOKENS
    ),
    "qwen2.5-vl-7b": PublishedModel(
        "Qwen2.5-VL 7B", "qwen25vl", _qwen(28, 3584, 18944, 28, 4, 152064), _QWEN_VIT, _QWEN_TOKENS
    ),
    "qwen2.5-vl-72b": PublishedModel(
        "Qwen2.5-VL 72B", "qwen25vl", _qwen(80, 8192, 29568, 64, 8, 152064), _QWEN_VIT_72B, _QWEN_TOKENS
    ),
}
"""By a short name, as the benchmarks take it."""

READY_PAIRS: dict[str, PublishedModel] = {
    "smolvlm2-500m": PublishedModel("SmolVLM2 500M", "generic", _SMOLLM2_360M, _SIGLIP_BASE, _SMOLVLM_TOKENS),
    "smolvlm2-2.2b": PublishedModel("SmolVLM2 2.2B", "generic", _SMOLLM2_1_7B, _SIGLIP_SO400M, _SMOLVLM_TOKENS),
}
"""Models that no family here is made for, of which the catalogue has finished GGUF pairs."""


def models_of(family: str) -> list[PublishedModel]:
    """A family's models, the smallest first; one without models here gives none."""
    return [model for model in PUBLISHED.values() if model.family == family]


# The language model


def text_tensors(language: LanguageModel, type_name: str) -> list[TypedTensor]:
    """The tensors of the text GGUF in the types that llama.cpp's quantiser gives them.

    Raises:
        UserError: there is no such type.
    """
    kind = file_type(type_name)
    stack = LayerStack(language.n_layers, language.n_heads // language.n_heads_kv, language.architecture)
    return [(tensor, text_type(tensor, kind, stack)) for tensor in decoder_tensors(_decoder(language))]


def text_shape(language: LanguageModel, type_name: str) -> TextShape:
    """What the planner would read from the text GGUF.

    Raises:
        UserError: there is no such type.
    """
    by_layer = [0] * language.n_layers
    outside: dict[str, int] = {}
    for placed in lay_out([], text_tensors(language, type_name)).tensors:
        name = placed.tensor.name
        if name.startswith("blk."):
            by_layer[int(name.split(".")[1])] += placed.n_bytes
        else:
            outside[name] = placed.n_bytes
    embedding_bytes = outside["token_embd.weight"]
    return TextShape(
        layer_bytes=tuple(by_layer),
        output_bytes=outside.get("output.weight", embedding_bytes),
        embedding_bytes=embedding_bytes,
        width=language.width,
        feed_forward=language.feed_forward,
        n_heads=language.n_heads,
        kv_width=language.n_heads_kv * language.head_dim,
        head_dim=language.head_dim,
        n_ctx_train=language.context_length,
        is_f32=type_name.upper() == "F32",
    )


def _decoder(language: LanguageModel) -> Decoder:
    """The same model as the converters see it; what a checkpoint calls its tensors does not matter here."""
    return Decoder(
        arch=language.architecture,
        vocab_size=language.vocab_size,
        width=language.width,
        n_layers=language.n_layers,
        n_heads=language.n_heads,
        n_heads_kv=language.n_heads_kv,
        head_dim=language.head_dim,
        ffn_width=language.feed_forward,
        context_length=language.context_length,
        rms_eps=language.norm_eps,
        rope_theta=language.rope_theta,
        names=hugging_face_names("model", "lm_head"),
        rope_sections=language.rope_sections,
        is_tied=language.ties_embeddings,
        qkv_bias=language.has_qkv_bias,
    )


# The vision projector


def mmproj_tensors(model: PublishedModel, type_name: str) -> list[TypedTensor]:
    """The tensors of the mmproj GGUF: matrices in `type_name`, what is added to activations in F32.

    Raises:
        UserError: there is no such type.
    """
    kind = file_type(type_name)
    return [(tensor, _vision_type(tensor, kind, model.encoder)) for tensor in _vision_tensors(model)]


def mmproj_settings(model: PublishedModel) -> dict[str, Any]:
    """What the mmproj GGUF says of the encoder, by key."""
    encoder = model.encoder
    values: dict[str, Any] = {
        "clip.has_vision_encoder": True,
        "clip.projector_type": encoder.projector,
        "clip.use_silu": encoder.projector not in {"mlp", "idefics3"},
        "clip.vision.image_size": encoder.image_px,
        "clip.vision.patch_size": encoder.patch_px,
        "clip.vision.embedding_length": encoder.width,
        "clip.vision.feed_forward_length": encoder.feed_forward,
        "clip.vision.block_count": encoder.n_layers,
        "clip.vision.projection_dim": model.language.width,
        "clip.vision.attention.head_count": encoder.n_heads,
        "clip.vision.attention.layer_norm_epsilon": encoder.norm_eps,
        "clip.vision.image_mean": IMAGE_MEAN,
        "clip.vision.image_std": IMAGE_STD,
    }
    if encoder.feature_layers:
        values["clip.vision.feature_layer"] = list(encoder.feature_layers)
    if encoder.n_window:
        values["clip.vision.n_wa_pattern"] = encoder.n_window
        values["clip.vision.spatial_merge_size"] = encoder.merge
    elif encoder.merge > 1:
        values["clip.vision.projector.scale_factor"] = encoder.merge
    return values


def mmproj_bytes(model: PublishedModel, type_name: str) -> int:
    """The weights of the mmproj GGUF, in bytes."""
    return sum(placed.n_bytes for placed in lay_out([], mmproj_tensors(model, type_name)).tensors)


def _vision_type(tensor: GgufTensor, kind: FileType, encoder: VisionEncoder) -> GgmlType:
    if tensor.role is Role.EXACT:
        return GgmlType.F32
    if tensor.role is Role.PATCHES and kind.base is not GgmlType.F32:
        return GgmlType.F32 if encoder.projector == "idefics3" else GgmlType.F16
    fits = not kind.is_quantised or tensor.n_per_row % 32 == 0
    # Qwen2.5-VL's activations exceed what F16 holds, so there it is BF16 instead (llama.cpp#17534).
    sixteen_bits = GgmlType.BF16 if encoder.projector == "qwen2.5vl_merger" else GgmlType.F16
    return kind.base if fits and kind.base is not GgmlType.F16 else sixteen_bits


def _vision_tensors(model: PublishedModel) -> Iterator[GgufTensor]:
    encoder = model.encoder
    patch = (encoder.width, 3, encoder.patch_px, encoder.patch_px)
    yield GgufTensor("v.patch_embd.weight", patch, Role.PATCHES)
    yield from _outside_layers(model, patch)
    for layer in range(encoder.n_layers):
        yield from _vision_layer(encoder, f"v.blk.{layer}")
    yield from _projector(model)


def _outside_layers(model: PublishedModel, patch: tuple[int, ...]) -> Iterator[GgufTensor]:
    """What is before and behind the encoder's blocks."""
    encoder, width = model.encoder, model.encoder.width
    n_positions = (encoder.image_px // encoder.patch_px) ** 2
    if encoder.projector == "mlp":
        yield GgufTensor("v.class_embd", (width,), Role.EXACT)
        yield GgufTensor("v.position_embd.weight", (n_positions + 1, width), Role.EXACT)
        yield from _vectors("v.pre_ln", width, bias=True)
    elif encoder.projector == "pixtral":
        yield from _vectors("v.pre_ln", width)
        yield GgufTensor("v.token_embd.img_break", (model.language.width,), Role.EXACT)
    elif encoder.projector == "idefics3":
        yield GgufTensor("v.patch_embd.bias", (width,), Role.EXACT)
        yield GgufTensor("v.position_embd.weight", (n_positions, width), Role.EXACT)
        yield from _vectors("v.post_ln", width, bias=True)
    else:
        yield GgufTensor("v.patch_embd.weight.1", patch, Role.PATCHES)  # of the second frame
        yield from _vectors("v.post_ln", width)


def _projector(model: PublishedModel) -> Iterator[GgufTensor]:
    """What makes rows of the language model's width from the encoder's."""
    encoder, text_width = model.encoder, model.language.width
    merged = encoder.width * encoder.merge**2
    if encoder.projector == "idefics3":
        yield from _linear("mm.model.fc", text_width, merged, bias=False)
        return
    first, last = (1, 2) if encoder.projector == "pixtral" else (0, 2)
    n_hidden = merged if encoder.n_window else text_width
    yield from _linear(f"mm.{first}", n_hidden, merged, bias=True)
    yield from _linear(f"mm.{last}", text_width, n_hidden, bias=True)


def _vision_layer(encoder: VisionEncoder, block: str) -> Iterator[GgufTensor]:
    width, ffn = encoder.width, encoder.feed_forward
    is_clip = encoder.projector in {"mlp", "idefics3"}  # and SigLIP: no gate, and norms with biases
    bias = encoder.projector != "pixtral"
    for part in ("attn_q", "attn_k", "attn_v", "attn_out"):
        yield from _linear(f"{block}.{part}", width, width, bias=bias)
    for part in ("ffn_up",) if is_clip else ("ffn_gate", "ffn_up"):
        yield from _linear(f"{block}.{part}", ffn, width, bias=bias)
    yield from _linear(f"{block}.ffn_down", width, ffn, bias=bias)
    for part in ("ln1", "ln2"):
        yield from _vectors(f"{block}.{part}", width, bias=is_clip)


def _linear(name: str, n_out: int, n_in: int, *, bias: bool) -> Iterator[GgufTensor]:
    yield GgufTensor(f"{name}.weight", (n_out, n_in), Role.LINEAR)
    if bias:
        yield GgufTensor(f"{name}.bias", (n_out,), Role.EXACT)


def _vectors(name: str, width: int, *, bias: bool = False) -> Iterator[GgufTensor]:
    for part in ("weight", "bias") if bias else ("weight",):
        yield GgufTensor(f"{name}.{part}", (width,), Role.EXACT)
