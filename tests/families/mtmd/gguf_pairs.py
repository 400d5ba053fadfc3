"""A tiny checkpoint as the two GGUF files that libmtmd runs, written straight from its tensors.

Apart from the program's converter on purpose: what fails here is the runner's fault. Everything is F32.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGMLQuantizationType, GGUFWriter, TokenType
from numpy.typing import NDArray

from tests.checkpoints.byte_pairs import byte_level_merges
from tests.checkpoints.configs import CLIP_MEAN, CLIP_STD
from tests.checkpoints.families import FamilyCheckpoint, byte_tokenizers, family_tensors, llama_tokenizer
from tests.checkpoints.families.templates import TEMPLATES
from tests.checkpoints.families.tensors import interleave_halves

Tensors = Mapping[str, NDArray[np.float32]]

_TEXT_PARTS = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
}
_CLIP_PARTS = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.out_proj": "attn_out",
    "layer_norm1": "ln1",
    "layer_norm2": "ln2",
    "mlp.fc1": "ffn_up",
    "mlp.fc2": "ffn_down",
}
_PIXTRAL_PARTS = {
    "attention.q_proj": "attn_q",
    "attention.k_proj": "attn_k",
    "attention.v_proj": "attn_v",
    "attention.o_proj": "attn_out",
    "attention_norm": "ln1",
    "ffn_norm": "ln2",
    "feed_forward.gate_proj": "ffn_gate",
    "feed_forward.up_proj": "ffn_up",
    "feed_forward.down_proj": "ffn_down",
}
_QWEN_PARTS = {
    "attn.proj": "attn_out",
    "norm1": "ln1",
    "norm2": "ln2",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def write_pair(checkpoint: FamilyCheckpoint, folder: Path, **settings: Any) -> tuple[Path, Path]:
    """Write the language model and the vision projector into `folder`, and return their paths.

    Args:
        checkpoint: any of the three families.
        folder: made if missing.
        settings: `chat_template` of the language model; `key` false leaves LLaVA's feature layer out; `all_layers` true
            keeps LLaVA's unused ones; `slices` are LLaVA 1.6's sizes, (width, height) each; `half` stores the
            projector's matrices in F16; `tensors` are the values by canonical name, where the checkpoint's do not
            matter.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tensors = settings.get("tensors") or family_tensors(checkpoint)
    text, mmproj = folder / "text.gguf", folder / "mmproj.gguf"
    _write_text(checkpoint, tensors, text, settings.get("chat_template", TEMPLATES[checkpoint.family]))
    writers: dict[str, Callable[..., None]] = {
        "llava15": _write_clip,
        "pixtral": _write_pixtral,
        "qwen25vl": _write_qwen,
    }
    extra = {name: settings[name] for name in ("key", "all_layers", "slices", "half") if name in settings}
    writers[checkpoint.family](checkpoint, tensors, mmproj, **extra)
    return text, mmproj


def _finish(writer: GGUFWriter, *, half: bool = False) -> None:
    """Write the file; `half` stores all matrices in F16."""
    if half:
        for tensors in writer.tensors:
            for name, info in tensors.items():
                values = info.tensor
                if values is not None and values.ndim > 1 and "position" not in name:
                    info.tensor = values.astype(np.float16)
                    info.dtype, info.nbytes = GGMLQuantizationType.F16, info.tensor.nbytes
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _write_text(checkpoint: FamilyCheckpoint, tensors: Tensors, path: Path, template: str) -> None:
    text = checkpoint.config["text_config"]
    is_qwen = checkpoint.family == "qwen25vl"
    n_heads, n_kv_heads = text["num_attention_heads"], text["num_key_value_heads"]
    head_dim = text.get("head_dim") or text["hidden_size"] // n_heads
    writer = GGUFWriter(path, "qwen2vl" if is_qwen else "llama")
    writer.add_file_type(0)
    writer.add_block_count(text["num_hidden_layers"])
    writer.add_context_length(text["max_position_embeddings"])
    writer.add_embedding_length(text["hidden_size"])
    writer.add_feed_forward_length(text["intermediate_size"])
    writer.add_head_count(n_heads)
    writer.add_head_count_kv(n_kv_heads)
    writer.add_layer_norm_rms_eps(text["rms_norm_eps"])
    writer.add_rope_freq_base(text["rope_theta"])
    writer.add_rope_dimension_count(head_dim)
    writer.add_key_length(head_dim)
    writer.add_value_length(head_dim)
    writer.add_vocab_size(checkpoint.vocab_size)
    if is_qwen:
        writer.add_rope_dimension_sections([*text["rope_scaling"]["mrope_section"], 0])
    _add_tokenizer(checkpoint, writer)
    if template:
        writer.add_chat_template(template)
    model = "model." if is_qwen else "language_model.model."
    for name, values in tensors.items():
        if name.endswith("lm_head.weight"):
            writer.add_tensor("output.weight", values)
        elif name.startswith(model):
            kind, stored = _text_tensor(name.removeprefix(model), values, n_heads, n_kv_heads, interleaved=not is_qwen)
            writer.add_tensor(kind, np.ascontiguousarray(stored))
    _finish(writer)


def _text_tensor(
    name: str, values: NDArray[np.float32], n_heads: int, n_kv_heads: int, *, interleaved: bool
) -> tuple[str, NDArray[np.float32]]:
    ends = {"embed_tokens.weight": "token_embd.weight", "norm.weight": "output_norm.weight"}
    if name in ends:
        return ends[name], values
    _, layer, rest = name.split(".", 2)
    part, kind = rest.rsplit(".", 1)
    if interleaved and part in ("self_attn.q_proj", "self_attn.k_proj"):
        values = interleave_halves(values, n_heads if "q_proj" in part else n_kv_heads)
    return f"blk.{layer}.{_TEXT_PARTS[part]}.{kind}", values


def _add_tokenizer(checkpoint: FamilyCheckpoint, writer: GGUFWriter) -> None:
    n_rows = checkpoint.vocab_size
    if checkpoint.family == "llava15":
        pieces = llama_tokenizer.pieces()
        kinds = {1: TokenType.NORMAL, 2: TokenType.UNKNOWN, 3: TokenType.CONTROL, 6: TokenType.BYTE}
        tokens = [piece for piece, _, _ in pieces] + list(llama_tokenizer.added_tokens())
        types = [kinds[kind] for _, _, kind in pieces] + [TokenType.CONTROL] * 2
        writer.add_tokenizer_model("llama")
        writer.add_token_scores([score for _, score, _ in pieces] + [0.0] * (n_rows - len(pieces)))
        writer.add_bos_token_id(1)
        writer.add_eos_token_id(2)
        writer.add_add_bos_token(True)
        writer.add_add_space_prefix(True)
    else:
        tokens, types = _byte_vocabulary(checkpoint)
        writer.add_tokenizer_model("gpt2")
        is_qwen = checkpoint.family == "qwen25vl"
        writer.add_tokenizer_pre("qwen2" if is_qwen else "pixtral")
        merges = byte_level_merges(byte_tokenizers.N_MERGES) if is_qwen else byte_tokenizers.pixtral_merges()
        writer.add_token_merges([" ".join(pair) for pair in merges])
        bos, eos = ("<|endoftext|>", "<|im_end|>") if is_qwen else ("<s>", "</s>")
        writer.add_bos_token_id(tokens.index(bos))
        writer.add_eos_token_id(tokens.index(eos))
        writer.add_add_bos_token(not is_qwen)
    writer.add_token_list(tokens + [f"[PAD{i}]" for i in range(len(tokens), n_rows)])
    writer.add_token_types([*types, *[TokenType.UNUSED] * (n_rows - len(types))])


def _byte_vocabulary(checkpoint: FamilyCheckpoint) -> tuple[list[str], list[TokenType]]:
    ordinary = byte_tokenizers.byte_tokens()
    if checkpoint.family == "pixtral":
        special = list(byte_tokenizers.PIXTRAL_SPECIAL)
        return special + ordinary, [TokenType.CONTROL] * len(special) + [TokenType.NORMAL] * len(ordinary)
    special, added = list(byte_tokenizers.QWEN_SPECIAL), list(byte_tokenizers.QWEN_NOT_SPECIAL)
    types = [TokenType.NORMAL] * len(ordinary) + [TokenType.CONTROL] * len(special)
    return ordinary + special + added, [*types, *[TokenType.USER_DEFINED] * len(added)]


def _clip_writer(path: Path, projector: str, numbers: Mapping[str, int], eps: float) -> GGUFWriter:
    writer = GGUFWriter(path, "clip")
    writer.add_type("mmproj")
    writer.add_file_type(0)
    writer.add_bool("clip.has_vision_encoder", True)
    writer.add_string("clip.projector_type", projector)
    for key, value in numbers.items():
        writer.add_uint32(f"clip.vision.{key}", value)
    writer.add_float32("clip.vision.attention.layer_norm_epsilon", eps)
    writer.add_array("clip.vision.image_mean", CLIP_MEAN)
    writer.add_array("clip.vision.image_std", CLIP_STD)
    return writer


def _numbers(vision: Mapping[str, Any], checkpoint: FamilyCheckpoint, blocks: int, image_size: int) -> dict[str, int]:
    return {
        "image_size": image_size,
        "patch_size": vision["patch_size"],
        "embedding_length": vision["hidden_size"],
        "feed_forward_length": vision["intermediate_size"],
        "block_count": blocks,
        "projection_dim": checkpoint.config["text_config"]["hidden_size"],
        "attention.head_count": vision.get("num_heads") or vision["num_attention_heads"],
    }


def _write_clip(
    checkpoint: FamilyCheckpoint,
    tensors: Tensors,
    path: Path,
    *,
    key: bool = True,
    all_layers: bool = False,
    slices: tuple[tuple[int, int], ...] = (),
    half: bool = False,
) -> None:
    vision = checkpoint.config["vision_config"]
    n_layers, feature = vision["num_hidden_layers"], checkpoint.config["vision_feature_layer"]
    feature = feature if feature >= 0 else n_layers + 1 + feature
    kept = n_layers if all_layers else feature
    writer = _clip_writer(path, "mlp", _numbers(vision, checkpoint, kept, vision["image_size"]), 1e-5)
    if slices:
        writer.add_array("clip.vision.image_grid_pinpoints", [side for size in slices for side in size])
    if key:
        writer.add_array("clip.vision.feature_layer", [feature])
    writer.add_bool("clip.use_gelu", vision["hidden_act"] == "gelu")
    model = "vision_tower.vision_model."
    ends = {
        "embeddings.class_embedding": "v.class_embd",
        "embeddings.patch_embedding.weight": "v.patch_embd.weight",
        "embeddings.position_embedding.weight": "v.position_embd.weight",
        "pre_layrnorm.weight": "v.pre_ln.weight",
        "pre_layrnorm.bias": "v.pre_ln.bias",
    }
    for name, values in tensors.items():
        if name.startswith("multi_modal_projector."):
            _, part, kind = name.split(".")
            writer.add_tensor(f"mm.{0 if part == 'linear_1' else 2}.{kind}", values)
        elif name.startswith(model):
            _add_vision(writer, name.removeprefix(model), values, ends, "encoder.layers.", _CLIP_PARTS, kept)
    _finish(writer, half=half)


def _write_pixtral(checkpoint: FamilyCheckpoint, tensors: Tensors, path: Path, *, half: bool = False) -> None:
    vision = checkpoint.config["vision_config"]
    numbers = _numbers(vision, checkpoint, vision["num_hidden_layers"], vision["image_size"])
    writer = _clip_writer(path, "pixtral", numbers, 1e-5)
    writer.add_bool("clip.use_silu", vision["hidden_act"] == "silu")
    writer.add_bool("clip.use_gelu", vision["hidden_act"] == "gelu")
    ends = {"patch_conv.weight": "v.patch_embd.weight", "ln_pre.weight": "v.pre_ln.weight"}
    for name, values in tensors.items():
        if name.startswith("multi_modal_projector."):
            _, part, kind = name.split(".")
            writer.add_tensor(f"mm.{1 if part == 'linear_1' else 2}.{kind}", values)
        elif name.startswith("vision_tower."):
            turned = name.endswith(("attention.q_proj.weight", "attention.k_proj.weight"))
            stored = interleave_halves(values, vision["num_attention_heads"]) if turned else values
            part = name.removeprefix("vision_tower.")
            _add_vision(writer, part, stored, ends, "transformer.layers.", _PIXTRAL_PARTS, 99)
    embedding = tensors["language_model.model.embed_tokens.weight"]
    writer.add_tensor("v.token_embd.img_break", np.ascontiguousarray(embedding[checkpoint.image_token + 2]))
    _finish(writer, half=half)


def _write_qwen(checkpoint: FamilyCheckpoint, tensors: Tensors, path: Path, *, half: bool = False) -> None:
    vision = checkpoint.config["vision_config"]
    writer = _clip_writer(path, "qwen2.5vl_merger", _numbers(vision, checkpoint, vision["depth"], 560), 1e-6)
    writer.add_bool("clip.use_silu", True)
    writer.add_uint32("clip.vision.n_wa_pattern", vision["fullatt_block_indexes"][0] + 1)
    writer.add_uint32("clip.vision.window_size", vision["window_size"])
    writer.add_uint32("clip.vision.image_min_pixels", checkpoint.preprocessor["min_pixels"])
    writer.add_uint32("clip.vision.image_max_pixels", checkpoint.preprocessor["max_pixels"])
    ends = {"merger.ln_q.weight": "v.post_ln.weight"}
    ends |= {f"merger.mlp.{n}.{kind}": f"mm.{n}.{kind}" for n in (0, 2) for kind in ("weight", "bias")}
    for name, values in tensors.items():
        part = name.removeprefix("visual.")
        if part == "patch_embed.proj.weight":
            writer.add_tensor("v.patch_embd.weight", np.ascontiguousarray(values[:, :, 0]))
            writer.add_tensor("v.patch_embd.weight.1", np.ascontiguousarray(values[:, :, 1]))
        elif ".attn.qkv." in part:
            _, block, _, _, kind = part.split(".")
            for letter, third in zip("qkv", np.split(values, 3), strict=True):
                writer.add_tensor(f"v.blk.{block}.attn_{letter}.{kind}", np.ascontiguousarray(third))
        elif name.startswith("visual."):
            _add_vision(writer, part, values, ends, "blocks.", _QWEN_PARTS, 99)
    _finish(writer, half=half)


def _add_vision(
    writer: GGUFWriter,
    name: str,
    values: NDArray[np.float32],
    ends: Mapping[str, str],
    blocks: str,
    parts: Mapping[str, str],
    n_kept: int,
) -> None:
    """One tensor of the encoder; those of blocks from `n_kept` on, and those that have no place, are left out."""
    if name in ends:
        writer.add_tensor(ends[name], values)
    elif name.startswith(blocks):
        block, rest = name.removeprefix(blocks).split(".", 1)
        part, kind = rest.rsplit(".", 1)
        if int(block) < n_kept:
            writer.add_tensor(f"v.blk.{block}.{parts[part]}.{kind}", np.ascontiguousarray(values))


def write_siglip(
    path: Path, *, text_width: int, width: int = 32, n_layers: int = 2, grid: int = 8, merge: int = 2
) -> Path:
    """A random vision projector of Gemma 3's kind, whose rows see each other: grid x grid patches of 14 pixels."""
    rng = np.random.RandomState(5)
    numbers = {
        "image_size": 14 * grid,
        "patch_size": 14,
        "embedding_length": width,
        "feed_forward_length": 3 * width,
        "block_count": n_layers,
        "projection_dim": text_width,
        "attention.head_count": 2,
        "projector.scale_factor": merge,
    }
    writer = _clip_writer(path, "gemma3", numbers, 1e-6)
    writer.add_bool("clip.use_gelu", True)

    def add(name: str, *shape: int) -> None:
        scale = 1.5 / np.sqrt(np.prod(shape[1:]))
        writer.add_tensor(name, (scale * rng.standard_normal(shape)).astype(np.float32))

    add("v.patch_embd.weight", width, 3, 14, 14)
    add("v.patch_embd.bias", width)
    add("v.position_embd.weight", grid * grid, width)
    for norm in ("v.post_ln", *(f"v.blk.{i}.ln{n}" for i in range(n_layers) for n in (1, 2))):
        add(f"{norm}.weight", width)
        add(f"{norm}.bias", width)
    for i in range(n_layers):
        for part, n_out, n_in in (
            *((f"attn_{letter}", width, width) for letter in ("q", "k", "v", "out")),
            ("ffn_up", 3 * width, width),
            ("ffn_down", width, 3 * width),
        ):
            add(f"v.blk.{i}.{part}.weight", n_out, n_in)
            add(f"v.blk.{i}.{part}.bias", n_out)
    add("mm.soft_emb_norm.weight", width)
    add("mm.input_projection.weight", width, text_width)
    _finish(writer)
    return path
