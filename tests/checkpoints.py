"""Tiny Hugging Face `mllama` checkpoints and test pictures, made from seeds with NumPy alone.

A checkpoint built here has every file and every tensor of a Llama 3.2 Vision checkpoint at toy sizes. The
reference outputs in `tests/golden` were computed from the same bytes, so the weights are never stored:
values use only IEEE additions, multiplications and square roots on `RandomState.random_sample` (no libm
call), which makes them equal on every platform. Every tensor has its own seed, derived from its name.

Nothing is left at a neutral value: gates, biases, norm weights and position embeddings are all chosen so
that an implementation that forgets a term gives visibly different logits (see `tests/golden/README.md`).
"""

from __future__ import annotations

import hashlib
import json
import math
import zlib
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

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


# --- configurations ---------------------------------------------------------------------------------------


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


# --- weights ----------------------------------------------------------------------------------------------


def _text_shapes(text: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    hidden, ffn = text["hidden_size"], text["intermediate_size"]
    head_dim = hidden // text["num_attention_heads"]
    kv = head_dim * text["num_key_value_heads"]
    shapes: dict[str, tuple[int, ...]] = {
        "language_model.model.embed_tokens.weight": (text["vocab_size"] + EXTRA_EMBEDDING_ROWS, hidden)
    }
    for index in range(text["num_hidden_layers"]):
        layer = f"language_model.model.layers.{index}"
        crossed = index in text["cross_attention_layers"]
        attention = f"{layer}.{'cross_attn' if crossed else 'self_attn'}"
        shapes |= {
            f"{attention}.q_proj.weight": (hidden, hidden),
            f"{attention}.k_proj.weight": (kv, hidden),
            f"{attention}.v_proj.weight": (kv, hidden),
            f"{attention}.o_proj.weight": (hidden, hidden),
            f"{layer}.input_layernorm.weight": (hidden,),
            f"{layer}.post_attention_layernorm.weight": (hidden,),
            f"{layer}.mlp.gate_proj.weight": (ffn, hidden),
            f"{layer}.mlp.up_proj.weight": (ffn, hidden),
            f"{layer}.mlp.down_proj.weight": (hidden, ffn),
        }
        if crossed:
            shapes |= {
                f"{attention}.q_norm.weight": (head_dim,),
                f"{attention}.k_norm.weight": (head_dim,),
                f"{layer}.cross_attn_attn_gate": (1,),
                f"{layer}.cross_attn_mlp_gate": (1,),
            }
    shapes["language_model.model.norm.weight"] = (hidden,)
    shapes["language_model.lm_head.weight"] = (text["vocab_size"], hidden)
    return shapes


def _vision_layer_shapes(layer: str, width: int, ffn: int, *, gated: bool) -> dict[str, tuple[int, ...]]:
    shapes: dict[str, tuple[int, ...]] = {
        f"{layer}.self_attn.{part}_proj.weight": (width, width) for part in ("q", "k", "v", "o")
    }
    for norm in ("input_layernorm", "post_attention_layernorm"):
        shapes |= {f"{layer}.{norm}.weight": (width,), f"{layer}.{norm}.bias": (width,)}
    shapes |= {
        f"{layer}.mlp.fc1.weight": (ffn, width),
        f"{layer}.mlp.fc1.bias": (ffn,),
        f"{layer}.mlp.fc2.weight": (width, ffn),
        f"{layer}.mlp.fc2.bias": (width,),
    }
    if gated:
        shapes |= {f"{layer}.gate_attn": (1,), f"{layer}.gate_ffn": (1,)}
    return shapes


def _vision_shapes(vision: dict[str, Any]) -> dict[str, tuple[int, ...]]:
    width, patch, tiles = vision["hidden_size"], vision["patch_size"], vision["max_num_tiles"]
    tokens = (vision["image_size"] // patch) ** 2 + 1
    ratios = len(vision["supported_aspect_ratios"]) + 1  # row 0 is the padding image
    positions = "vision_model.gated_positional_embedding"
    shapes: dict[str, tuple[int, ...]] = {
        "vision_model.class_embedding": (width,),
        "vision_model.patch_embedding.weight": (width, vision["num_channels"], patch, patch),
        f"{positions}.embedding": (tokens, width),
        f"{positions}.gate": (1,),
        f"{positions}.tile_embedding.weight": (ratios, tiles * tokens * width),
    }
    for side in ("pre", "post"):
        shapes |= {
            f"vision_model.{side}_tile_positional_embedding.embedding.weight": (ratios, tiles * width),
            f"vision_model.{side}_tile_positional_embedding.gate": (1,),
            f"vision_model.layernorm_{side}.weight": (width,),
            f"vision_model.layernorm_{side}.bias": (width,),
        }
    for stack, count in (("transformer", "num_hidden_layers"), ("global_transformer", "num_global_layers")):
        for index in range(vision[count]):
            layer = f"vision_model.{stack}.layers.{index}"
            gated = stack == "global_transformer"
            shapes |= _vision_layer_shapes(layer, width, vision["intermediate_size"], gated=gated)
    return shapes


def _canonical_shapes(ckpt: TinyCheckpoint) -> dict[str, tuple[int, ...]]:
    text, vision = ckpt.config["text_config"], ckpt.config["vision_config"]
    return {
        **_vision_shapes(vision),
        "multi_modal_projector.weight": (text["hidden_size"], vision["vision_output_dim"]),
        "multi_modal_projector.bias": (text["hidden_size"],),
        **_text_shapes(text),
    }


def _rename(name: str, naming: Naming) -> str:
    if naming == "new":
        for old, new in NEW_PREFIXES.items():
            if name.startswith(old):
                return new + name.removeprefix(old)
    return name


def tensor_shapes(ckpt: TinyCheckpoint) -> dict[str, tuple[int, ...]]:
    """Shape of every tensor, keyed by its name in the checkpoint's own naming, in file order."""
    return {_rename(name, ckpt.naming): shape for name, shape in _canonical_shapes(ckpt).items()}


def _noise(rng: np.random.RandomState, shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Zero mean, unit variance, nearly normal: the sum of four uniforms, exact on every platform."""
    total = rng.random_sample(shape)
    for _ in range(3):
        total = total + rng.random_sample(shape)
    return (total - 2.0) * math.sqrt(3.0)


def _linear_gain(name: str) -> float:
    if name.endswith("lm_head.weight"):
        return 3.0  # clear winners, so that greedy decoding does not hang on rounding
    if name.endswith(("q_proj.weight", "k_proj.weight")):
        return 1.5  # attention that selects: a uniform one would hide errors in keys and positions
    return 1.0


def tensor_values(ckpt: TinyCheckpoint, name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """Values of the tensor whose canonical (old) name is `name`, before rounding to the stored type."""
    rng = np.random.RandomState(zlib.crc32(f"{ckpt.seed}:{name}".encode()))
    if "gate" in name.rsplit(".", 1)[-1]:  # 0.4 .. 1.2 with either sign: never near zero
        values = np.where(rng.random_sample(shape) < 0.5, -1.0, 1.0) * (0.4 + 0.8 * rng.random_sample(shape))
    elif "norm" in name:
        middle = 1.3 if name.endswith(("q_norm.weight", "k_norm.weight")) else 1.0
        values = 0.25 * _noise(rng, shape) + (middle if name.endswith("weight") else 0.0)
    elif "embed_tokens" in name:
        values = 0.1 * _noise(rng, shape)  # small, so that the epsilon of the first norm matters
    elif "embedding" in name and "patch" not in name:  # class, position and tile embeddings
        values = 0.6 * _noise(rng, shape)
    elif name.endswith("bias"):
        values = 0.3 * _noise(rng, shape)
    else:
        fan_in = math.prod(shape[1:])
        values = _linear_gain(name) / math.sqrt(fan_in) * _noise(rng, shape)
    return values.astype(np.float32)


def _encode(values: NDArray[np.float32], dtype: Dtype) -> bytes:
    """Little-endian bytes of `values` in the stored type (bf16: round to nearest, ties to even)."""
    if dtype == "f32":
        return values.astype("<f4").tobytes()
    if dtype == "f16":
        return values.astype("<f2").tobytes()
    bits = values.view(np.uint32).astype(np.uint64)
    return ((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16).astype("<u2").tobytes()


def _write_safetensors(path: Path, tensors: dict[str, tuple[tuple[int, ...], bytes]], dtype: Dtype) -> None:
    header: dict[str, Any] = {"__metadata__": {"format": "pt"}}
    offset = 0
    for name, (shape, data) in tensors.items():
        offsets = [offset, offset + len(data)]
        header[name] = {"dtype": dtype.upper(), "shape": list(shape), "data_offsets": offsets}
        offset += len(data)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for _, data in tensors.values():
            file.write(data)


def _write_weights(ckpt: TinyCheckpoint, folder: Path, *, zero_gates: bool) -> None:
    shapes = _canonical_shapes(ckpt)
    item = {"f32": 4, "f16": 2, "bf16": 2}[ckpt.dtype]
    total = item * sum(math.prod(shape) for shape in shapes.values())
    shards: list[dict[str, tuple[tuple[int, ...], bytes]]] = [{} for _ in range(ckpt.shards)]
    done = 0
    for name, shape in shapes.items():
        values = tensor_values(ckpt, name, shape)
        if zero_gates and name.endswith(("cross_attn_attn_gate", "cross_attn_mlp_gate")):
            values = np.zeros_like(values)
        data = _encode(values, ckpt.dtype)
        shards[done * ckpt.shards // total][_rename(name, ckpt.naming)] = (shape, data)
        done += len(data)

    weight_map: dict[str, str] = {}
    for number, tensors in enumerate(shards, start=1):
        single = ckpt.shards == 1
        file = "model.safetensors" if single else f"model-{number:05d}-of-{ckpt.shards:05d}.safetensors"
        _write_safetensors(folder / file, tensors, ckpt.dtype)
        weight_map |= dict.fromkeys(tensors, file)
    if ckpt.shards > 1:
        index = {"metadata": {"total_size": total}, "weight_map": weight_map}
        _write_json(folder / "model.safetensors.index.json", index)


# --- tokenizer --------------------------------------------------------------------------------------------

LLAMA3_REGEX = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+"
    r"|\s+(?!\S)|\s+"
)

# In the vocabulary without a path of merges: only `ignore_merges` finds them.
UNMERGED_WORDS = (" picture", "777", "assistant")

MERGED_WORDS = (
    *("  ", "    ", "\n\n", " the", " a", " is", " of", " and", " in", " to", "user", "The", " this", "What"),
    *("00", "12", "123", "202", "ing", " image", "tion", " with", "Hello", " world", "'s", "é", "日", "..."),
    *("():", " that", " for", " you", " are", "def", "return", " on", "100", "system", " it", " or"),
    *("Describe", " can", " from", " not", "999", " an", "ed", "er", "ly", " dog", " cat", " red", " blue"),
    *("import", "本", "😀", "=="),
)

# The published template, without tools: text or parts, <|image|> where the picture stands.
CHAT_TEMPLATE = """\
{{- bos_token }}
{%- set image_ns = namespace(has_images=false) %}
{%- for message in messages %}
    {%- if message['content'] is not string %}
        {%- for content in message['content'] %}
            {%- if content['type'] == 'image' %}
                {%- set image_ns.has_images = true %}
            {%- endif %}
        {%- endfor %}
    {%- endif %}
{%- endfor %}
{%- if image_ns.has_images and messages[0]['role'] == 'system' %}
    {{- raise_exception("Prompting with images is incompatible with system messages.") }}
{%- endif %}
{%- for message in messages %}
    {{- '<|start_header_id|>' + message['role'] + '<|end_header_id|>\\n\\n' }}
    {%- if message['content'] is string %}
        {{- message['content'] | trim }}
    {%- else %}
        {%- for content in message['content'] %}
            {%- if content['type'] == 'image' %}
                {{- '<|image|>' }}
            {%- elif content['type'] == 'text' %}
                {{- content['text'] | trim }}
            {%- endif %}
        {%- endfor %}
    {%- endif %}
    {{- '<|eot_id|>' }}
{%- endfor %}
{%- if add_generation_prompt %}
    {{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' }}
{%- endif %}
"""


def byte_alphabet() -> dict[int, str]:
    """GPT-2's printable character for every byte, in the order of the vocabulary's first 256 ids."""
    plain = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    rest = [byte for byte in range(256) if byte not in plain]
    return {byte: chr(byte) for byte in plain} | {byte: chr(256 + i) for i, byte in enumerate(rest)}


def _merge(parts: list[str], pair: tuple[str, str]) -> list[str]:
    merged: list[str] = []
    for part in parts:
        if merged and (merged[-1], part) == pair:
            merged[-1] += part
        else:
            merged.append(part)
    return merged


def vocabulary(size: int) -> tuple[dict[str, int], list[tuple[str, str]]]:
    """Byte-level BPE vocabulary of `size` ordinary tokens, and its merges in order of rank."""
    alphabet = byte_alphabet()
    tokens = list(alphabet.values())
    tokens += ["".join(alphabet[byte] for byte in word.encode()) for word in UNMERGED_WORDS]
    merges: list[tuple[str, str]] = []
    for word in MERGED_WORDS:
        parts = [alphabet[byte] for byte in word.encode()]
        while (known := [pair for pair in pairwise(parts) if pair in merges]) != []:
            parts = _merge(parts, min(known, key=merges.index))
        while len(parts) > 1 and len(tokens) < size:
            pair = (parts[0], parts[1])
            merges.append(pair)
            tokens.append(parts[0] + parts[1])
            parts = _merge(parts, pair)
    if len(tokens) != size or len(set(tokens)) != size:
        message = f"the word lists give {len(set(tokens))} tokens, {size} are needed"
        raise ValueError(message)
    return {token: index for index, token in enumerate(tokens)}, merges


def _added_token(content: str) -> dict[str, Any]:
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {"content": content, **flags}


def tokenizer_json(ckpt: TinyCheckpoint) -> dict[str, Any]:
    """Content of `tokenizer.json`, in Llama 3's form.

    Merges are `"a b"` strings under the old naming and `["a", "b"]` pairs under the new one: both exist.
    """
    vocab_size = ckpt.config["text_config"]["vocab_size"]
    vocab, merges = vocabulary(vocab_size - len(SPECIAL_TOKENS))
    added = [*SPECIAL_TOKENS, IMAGE_TOKEN]
    pattern = {"Regex": LLAMA3_REGEX}
    byte_level = {"type": "ByteLevel", "add_prefix_space": True, "trim_offsets": True, "use_regex": True}
    bos = SPECIAL_TOKENS[0]
    bos_piece = {"SpecialToken": {"id": bos, "type_id": 0}}
    pieces = [{"Sequence": {"id": name, "type_id": kind}} for kind, name in enumerate("AB")]
    second_bos = {"SpecialToken": {"id": bos, "type_id": 1}}
    bos_entry = {"id": bos, "ids": [special_token_id(vocab_size, bos)], "tokens": [bos]}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [{"id": special_token_id(vocab_size, t), **_added_token(t)} for t in added],
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Split", "pattern": pattern, "behavior": "Isolated", "invert": False},
                {**byte_level, "add_prefix_space": False, "use_regex": False},
            ],
        },
        "post_processor": {
            "type": "Sequence",
            "processors": [
                {**byte_level, "trim_offsets": False},
                {
                    "type": "TemplateProcessing",
                    "single": [bos_piece, pieces[0]],
                    "pair": [bos_piece, pieces[0], second_bos, pieces[1]],
                    "special_tokens": {bos: bos_entry},
                },
            ],
        },
        "decoder": byte_level,
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": True,
            "vocab": vocab,
            "merges": [" ".join(pair) if ckpt.naming == "old" else list(pair) for pair in merges],
        },
    }


def _tokenizer_config(vocab_size: int) -> dict[str, Any]:
    added = [*SPECIAL_TOKENS, IMAGE_TOKEN]
    return {
        "added_tokens_decoder": {str(special_token_id(vocab_size, t)): _added_token(t) for t in added},
        "bos_token": "<|begin_of_text|>",
        "chat_template": CHAT_TEMPLATE,
        "clean_up_tokenization_spaces": True,
        "eos_token": "<|eot_id|>",
        "model_input_names": ["input_ids", "attention_mask"],
        "model_max_length": 131072,
        "pad_token": "<|finetune_right_pad_id|>",
        "processor_class": "MllamaProcessor",
        "tokenizer_class": "PreTrainedTokenizerFast",
    }


# --- folder -----------------------------------------------------------------------------------------------


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def build(ckpt: TinyCheckpoint, folder: Path, *, zero_gates: bool = False) -> Path:
    """Write the checkpoint into `folder` (made if missing) and return `folder`.

    Args:
        ckpt: what to build.
        folder: where; files of the same names are overwritten.
        zero_gates: set the gates of all cross-attention layers to 0, so that pictures have no effect.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = ckpt.config["text_config"]
    generation = {key: text[key] for key in ("bos_token_id", "eos_token_id", "pad_token_id")}
    special = {
        key: _added_token(token) for key, token in (("bos_token", "<|begin_of_text|>"), ("eos_token", "<|eot_id|>"))
    }
    files: dict[str, dict[str, Any]] = {
        "config.json": ckpt.config,
        "generation_config.json": {**generation, "do_sample": True, "temperature": 0.6, "top_p": 0.9},
        "preprocessor_config.json": ckpt.preprocessor,
        "tokenizer.json": tokenizer_json(ckpt),
        "tokenizer_config.json": _tokenizer_config(text["vocab_size"]),
        "special_tokens_map.json": {**special, "pad_token": "<|finetune_right_pad_id|>"},
        "chat_template.json": {"chat_template": CHAT_TEMPLATE},
    }
    for name, content in files.items():
        _write_json(folder / name, content)
    _write_weights(ckpt, folder, zero_gates=zero_gates)
    return folder


def weight_digests(folder: Path) -> dict[str, str]:
    """SHA-256 of every safetensors file in `folder`, by file name."""
    files = sorted(folder.glob("*.safetensors"))
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


# --- pictures ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PictureCase:
    """A picture that can be made again anywhere.

    Attributes:
        name: seed of the content.
        size: (width, height) in pixels, Pillow's order.
        mode: Pillow mode, or `P+t` for a palette picture with a transparent colour.
    """

    name: str
    size: tuple[int, int]
    mode: str = "RGB"

    def image(self) -> Image.Image:
        """The picture itself."""
        return picture(self.name, self.size, self.mode)


def _channel(rng: np.random.RandomState, width: int, height: int) -> NDArray[np.uint8]:
    """Two triangle waves and a little noise, in integers only (equal on every platform)."""
    x, y = np.arange(width)[None, :], np.arange(height)[:, None]
    wave = np.zeros((height, width), dtype=np.int64)
    for _ in range(2):
        slope_x, slope_y, phase = (int(rng.randint(-9, 10)), int(rng.randint(-9, 10)), int(rng.randint(512)))
        wave = wave + abs((slope_x * x + slope_y * y + phase) % 512 - 256)
    noise = rng.randint(-24, 25, size=(height, width))
    channel: NDArray[np.uint8] = np.clip(wave // 2 + noise, 0, 255).astype(np.uint8)
    return channel


def picture(name: str, size: tuple[int, int], mode: str = "RGB") -> Image.Image:
    """A deterministic test picture: smooth waves with noise, a different one for every name, size and mode.

    Args:
        name: seed of the content.
        size: (width, height) in pixels.
        mode: `RGB`, `RGBA`, `L`, `LA`, `P`, `P+t` (palette with one transparent colour), `1` or `CMYK`.
    """
    width, height = size
    rng = np.random.RandomState(zlib.crc32(f"{name}:{width}x{height}:{mode}".encode()))
    bands = {"RGB": 3, "RGBA": 4, "L": 1, "LA": 2, "P": 1, "P+t": 1, "1": 1, "CMYK": 4}[mode]
    pixels = np.stack([_channel(rng, width, height) for _ in range(bands)], axis=-1)
    if mode in ("RGBA", "LA"):  # stretch the waves: large fully transparent and fully opaque areas
        pixels[..., -1] = np.clip(pixels[..., -1].astype(np.int64) * 3 - 256, 0, 255)
    if mode == "1":
        return Image.frombytes("1", size, np.packbits(pixels[..., 0] > 127, axis=1).tobytes())
    if mode in ("P", "P+t"):
        pixels >>= 4  # 16 colours
        image = Image.frombytes("P", size, pixels.tobytes())
        image.putpalette(rng.randint(0, 256, size=48).tolist())
        if mode == "P+t":
            image.info["transparency"] = int(pixels[height // 2, width // 2, 0])
        return image
    return Image.frombytes(mode, size, pixels.tobytes())


def processor_cases(ckpt: TinyCheckpoint) -> list[PictureCase]:
    """Pictures for the image processor: extreme shapes, exact tile sizes, one pixel off them, all modes."""
    tile = ckpt.config["vision_config"]["image_size"]
    exact = [(w * tile, h * tile) for h, w in aspect_ratios(4)]
    near = [(tile - 1, tile), (tile + 1, tile), (2 * tile + 1, tile), (2 * tile, tile - 1)]
    near.append((tile, 4 * tile + 1))
    odd = [(1, 1), (1, 500), (500, 1), (2, 3), (37, 41), (41, 37), (100, 30), (30, 100), (199, 67), (67, 199)]
    odd += [(3 * tile // 2, tile // 2), (tile // 3, tile), (640, 480), (333, 1000), (97, 300), (301, 299)]
    sizes = [*exact, *near, *odd]
    if ckpt.name == "alpha":
        sizes.append((LONGEST_SIDE, 50))
    others = [
        PictureCase("glass", (90, 61), "RGBA"),
        PictureCase("glass_tile", (tile, tile), "RGBA"),
        PictureCase("grey_glass", (45, 77), "LA"),
        PictureCase("grey", (tile + 5, 2 * tile), "L"),
        PictureCase("palette", (123, 45), "P"),
        PictureCase("palette_hole", (64, 64), "P+t"),
        PictureCase("ink", (71, 35), "1"),
        PictureCase("print", (35, 71), "CMYK"),
    ]
    return [PictureCase(f"size{i}", size) for i, size in enumerate(sizes)] + others


def model_pictures(ckpt: TinyCheckpoint) -> dict[str, PictureCase]:
    """The pictures of the vision and logits goldens, by name; each takes another aspect ratio."""
    tile = ckpt.config["vision_config"]["image_size"]
    cases = [
        PictureCase("small", (tile - 9, tile - 20)),  # one tile with padding inside it
        PictureCase("wide", (2 * tile, tile - 3)),  # 1x2
        PictureCase("tall", (tile - 6, 2 * tile + 7) if ckpt.name == "gamma" else (tile - 6, 3 * tile - 4)),
    ]
    if ckpt.config["vision_config"]["max_num_tiles"] == 4:
        cases.append(PictureCase("large", (5 * tile, 4 * tile)))  # 2x2, shrunk
    return {case.name: case for case in cases}
