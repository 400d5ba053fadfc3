"""A Pixtral folder as Mistral publishes it: params.json, consolidated.safetensors, tekken.json."""

from __future__ import annotations

from dataclasses import replace

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.decoder import Decoder, DecoderNames, LayerNames
from desktop_vlm.conversion.json_file import MOST_LAYERS, MOST_TOKENS, MOST_WIDTH, read_optional_object, section_of
from desktop_vlm.conversion.recipe import Settings
from desktop_vlm.families.pixtral.convert.config import LONGEST_EDGE, PixtralConfig, read_vision
from desktop_vlm.families.pixtral.convert.tensor_map import VisionNames
from desktop_vlm.system.bounded.section import Section

SETTINGS_NAME = "params.json"
_CONTEXT_LENGTH = 131072  # Mistral's model card; the file says nothing
_ROPE_THETA = 1e6  # mistral-inference's default

# Queries and keys are in ggml's order already, in both the language model and the vision encoder.
_PARTS = LayerNames(
    q="attention.wq",
    k="attention.wk",
    v="attention.wv",
    output="attention.wo",
    attention_norm="attention_norm",
    ffn_norm="ffn_norm",
    gate="feed_forward.w1",
    up="feed_forward.w3",
    down="feed_forward.w2",
    rotates_halves=False,
)
_NAMES = DecoderNames("tok_embeddings", "layers", "norm", "output", _PARTS)

VISION_NAMES = VisionNames(
    encoder="vision_encoder",
    projector=("vision_language_adapter.w_in", "vision_language_adapter.w_out"),
    parts={
        "attn_q": _PARTS.q,
        "attn_k": _PARTS.k,
        "attn_v": _PARTS.v,
        "attn_out": _PARTS.output,
        "ffn_gate": _PARTS.gate,
        "ffn_up": _PARTS.up,
        "ffn_down": _PARTS.down,
    },
    rotates_halves=False,
)


def read_config(settings: Settings) -> PixtralConfig:
    """Read and check the settings of a checkpoint.

    Raises:
        UserError: a file is broken, values contradict each other, or libmtmd cannot do what they ask for.
    """
    root = section_of(settings.params, settings.folder / SETTINGS_NAME)
    if settings.params.get("quantization") or settings.params.get("moe"):
        raise UserError(f"{root.where}: quantised models and mixtures of experts cannot be converted.")
    decoder = _decoder(root)
    section = root.section("vision_encoder")
    if section.integer("spatial_merge_size", 1) != 1 or section.values.get("mm_projector_id"):
        raise UserError(f"{section.where}: encoders that merge patches (Mistral Small 3.1) cannot be converted.")
    # The encoder's activation is built into mistral-inference.
    section = replace(section, values={**section.values, "hidden_act": "silu"})
    vision = read_vision(section, None, decoder.width)
    return PixtralConfig(
        decoder=decoder,
        vision=vision,
        n_layers=vision.n_layers,
        has_projector_bias=section.values.get("adapter_bias") is not False,
        image_token=section.integer("image_token_id", least=0),
        image_break=section.integer("image_break_token_id", least=0),
        image_end=section.integer("image_end_token_id", least=0),
        longest_edge=_longest_edge(settings, section),
        processor=replace(root, values={}),  # the statistics of CLIP, built in
    )


def _decoder(root: Section) -> Decoder:
    n_heads, width = root.integer("n_heads"), root.integer("dim", most=MOST_WIDTH)
    window = root.values.get("sliding_window")
    length = root.integer("max_position_embeddings", root.integer("max_seq_len", _CONTEXT_LENGTH))
    return Decoder(
        arch="llama",
        vocab_size=root.integer("vocab_size", most=MOST_TOKENS),
        width=width,
        n_layers=root.integer("n_layers", most=MOST_LAYERS),
        n_heads=n_heads,
        n_heads_kv=root.integer("n_kv_heads", n_heads),
        head_dim=root.integer("head_dim", width // n_heads, most=MOST_WIDTH),
        ffn_width=root.integer("hidden_dim"),
        context_length=min(length, window) if type(window) is int and window > 0 else length,
        rms_eps=root.number("norm_eps"),
        rope_theta=root.number("rope_theta", _ROPE_THETA),
        names=_NAMES,
        is_tied=root.values.get("tied_embeddings") is True,
    )


def _longest_edge(settings: Settings, section: Section) -> int:
    """From the tokenizer's file, which Mistral's own code takes it from, else the encoder's settings."""
    path = settings.folder / "tekken.json"
    tekken = section_of(read_optional_object(path), path)
    for key in ("image", "multimodal"):
        if tekken.values.get(key):
            return tekken.section(key).integer("max_image_size", LONGEST_EDGE)
    return section.integer("image_size", LONGEST_EDGE)
