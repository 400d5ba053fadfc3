"""Changes to a GGUF file, each of one kind; which one, and where, is drawn."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable

from tests.fuzz.gguf.document import ARRAY, LETTERS, STRING, Document, Entry, Tensor, n_bytes, text

Mutation = Callable[[Document, Document, random.Random], str]
"""Changes the first; the second is another model's. Returns what was done, for the report."""

WHOLE = (
    0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 24, 31, 33, 63, 64, 65, 100, 127, 128, 255, 256, 257, 511, 512, 513,
    1000, 1023, 1024, 4095, 4096, 65535, 65536, 1 << 20, (1 << 24) + 1, (1 << 31) - 1, 1 << 31, (1 << 32) - 1, 1 <<
    40, 1 << 62, (1 << 63) - 1, 1 << 63, (1 << 64) - 1
)  # fmt: skip
REAL = (
    0.0,
    -0.0,
    -1.0,
    1.0,
    2.0,
    0.5,
    1e-45,
    1e-38,
    1e38,
    -1e38,
    1e-12,
    1e9,
    float("nan"),
    float("inf"),
    float("-inf"),
)
NAMES = (
    b"", b"blk", b"v.", b"v", b".", b"mm.", b"blk.", b"blk.0", b"blk.0.", b"blk.-1.attn_q.weight", b"v.blk.",
    b"v.blk.0", b"blk.999.attn_q.weight", b"v.blk.99.ln1.weight", b"blk.00.attn_q.weight", b"token_embd.bias",
    b"output.weight", b"rope_freqs.weight", b"v.class_embd", b"v.patch_embd.bias", b"mm.3.weight", b"mm.0.bias",
    b"blk.0.attn_qkv.weight", b"blk.0.ffn_gate_inp.weight", b"v.blk.0.attn_qkv.weight", b"v.image_newline", b"a" *
    63, b"a" * 64, b"\xff\xfe", b"x\0y", b"v.blk.0.ffn_gate.weight", b"blk.0.attn_q.bias",
    b"blk.0.attn_q_norm.weight"
)  # fmt: skip
TEXTS = (
    b"", b"\0", b"x", b"\xff", b"llama", b"clip", b"qwen2", b"mamba", b"gpt2", b"t5", b"rwkv", b"plamo2", b"none",
    b"no_vocab", b"default", b"yarn", b"longrope", b"mlp", b"pixtral", b"gemma3", b"qwen2vl_merger", b"resampler",
    b"ldp", b"mllama", b"a\nb", b"{{ 1/0 }}", b"{% for x in range(10**9) %}x{% endfor %}", b"a" * 5000
)  # fmt: skip
KEYS = (
    b"general.alignment", b"split.count", b"split.no", b"llama.expert_count", b"llama.expert_used_count",
    b"llama.attention.key_length", b"llama.rope.scaling.type", b"llama.rope.scaling.factor", b"llama.vocab_size",
    b"llama.attention.sliding_window", b"llama.attention.head_count", b"tokenizer.ggml.add_bos_token",
    b"tokenizer.ggml.precompiled_charsmap", b"tokenizer.ggml.unknown_token_id", b"llama.tensor_data_layout",
    b"clip.has_audio_encoder", b"clip.vision.attention.head_count_kv", b"clip.vision.spatial_merge_size",
    b"clip.vision.feature_layer", b"clip.vision.image_grid_pinpoints", b"clip.vision.projector.scale_factor",
    b"clip.vision.n_wa_pattern", b"clip.vision.window_size", b"clip.minicpmv_version", b"general.type",
    b"general.name", b"llama.pooling_type", b"llama.attention.causal", b"llama.nextn_predict_layers"
)  # fmt: skip


# Settings


def _some(rng: random.Random, document: Document, chosen: Callable[[Entry], bool]) -> Entry | None:
    found = [entry for entry in document.entries if chosen(entry)]
    return rng.choice(found) if found else None


def _number(rng: random.Random, kind: int, old: bytes = b"") -> bytes:
    letter = LETTERS[kind]
    if letter in "fd":
        return struct.pack("<" + letter, rng.choice(REAL) if rng.random() < 0.8 else rng.gauss(0, 1))
    if letter == "?":
        return bytes([rng.choice((0, 1, 2, 255))])
    size = struct.calcsize(letter)
    before = int.from_bytes(old, "little") if len(old) == size else 0
    near = (before - 1, before + 1, before * 2, before // 2, before * 3, before + 2)
    value = rng.choice(near) if rng.random() < 0.4 else rng.choice(WHOLE)
    return (value & ((1 << 8 * size) - 1)).to_bytes(size, "little")


def change_number(document: Document, _other: Document, rng: random.Random) -> str:
    entry = _some(rng, document, lambda one: one.kind in LETTERS)
    if entry is None:
        return ""
    entry.raw = _number(rng, entry.kind, entry.raw)
    return f"{entry.key!r} = {entry.raw.hex()}"


def change_two_numbers(document: Document, other: Document, rng: random.Random) -> str:
    return f"{change_number(document, other, rng)}, {change_number(document, other, rng)}"


def change_type(document: Document, _other: Document, rng: random.Random) -> str:
    entry = rng.choice(document.entries)
    entry.kind = rng.choice((*LETTERS, STRING, ARRAY, 13, 255, 1 << 31))
    if rng.random() < 0.7:
        entry.raw = _value(rng, entry.kind)
    return f"{entry.key!r} has type {entry.kind}"


def _value(rng: random.Random, kind: int) -> bytes:
    if kind == STRING:
        return text(rng.choice(TEXTS))
    if kind == ARRAY:
        of, count = rng.choice((*LETTERS, STRING)), rng.choice((0, 1, 3, 4, 300))
        return struct.pack("<IQ", of, count) + b"".join(_value(rng, of) for _ in range(count))
    return _number(rng, kind) if kind in LETTERS else b""


def drop_setting(document: Document, _other: Document, rng: random.Random) -> str:
    entry = document.entries.pop(rng.randrange(len(document.entries)))
    return f"without {entry.key!r}"


def repeat_setting(document: Document, _other: Document, rng: random.Random) -> str:
    entry = rng.choice(document.entries)
    document.entries.append(Entry(entry.key, entry.kind, entry.raw))
    return f"{entry.key!r} twice"


def rename_setting(document: Document, _other: Document, rng: random.Random) -> str:
    entry, old = rng.choice(document.entries), b""
    old, key = entry.key, bytearray(entry.key)
    if rng.random() < 0.5 and key:
        key[rng.randrange(len(key))] = rng.randrange(256)
    else:
        key = bytearray(rng.choice((b"", b"x", b"\xff", b"a" * 2000, rng.choice(document.entries).key)))
    entry.key = bytes(key)
    return f"{old!r} renamed {entry.key[:40]!r}"


def add_setting(document: Document, other: Document, rng: random.Random) -> str:
    if rng.random() < 0.3:
        entry = rng.choice(other.entries)
        document.entries.append(Entry(entry.key, entry.kind, entry.raw))
        return f"{entry.key!r} of another model"
    kind = rng.choice((4, 4, 4, 2, 5, 6, 7, STRING, ARRAY))
    document.entries.append(Entry(rng.choice(KEYS), kind, _value(rng, kind)))
    return f"{document.entries[-1].key!r} added, type {kind}"


def change_text(document: Document, _other: Document, rng: random.Random) -> str:
    entry = _some(rng, document, lambda one: one.kind == STRING)
    if entry is None:
        return ""
    entry.raw = text(rng.choice(TEXTS)) if rng.random() < 0.8 else struct.pack("<Q", rng.choice(WHOLE)) + entry.raw[8:]
    return f"{entry.key!r} = {entry.raw[8:40]!r}"


def change_array(document: Document, _other: Document, rng: random.Random) -> str:
    """Another length, type of items or items."""
    entry = _some(rng, document, lambda one: one.kind == ARRAY)
    if entry is None:
        return ""
    of, count = struct.unpack_from("<IQ", entry.raw)
    items = _items(entry.raw, of, count)
    what = rng.randrange(6)
    if what == 0:
        entry.raw = struct.pack("<IQ", of, rng.choice(WHOLE)) + entry.raw[12:]
    elif what == 1:
        entry.raw = struct.pack("<IQ", rng.choice((*LETTERS, STRING, ARRAY, 77)), count) + entry.raw[12:]
    elif what == 2 and items:
        del items[rng.randrange(len(items)) :]
    elif what == 3:
        items += items[: rng.choice((1, 1, 5, 100))] or [_value(rng, of if of in LETTERS else STRING)]
    elif items:
        for _ in range(rng.choice((1, 1, 3, 50))):
            at = rng.randrange(len(items))
            fresh = _value(rng, of if of in LETTERS else STRING)
            items[at] = fresh if rng.random() < 0.5 else items[rng.randrange(len(items))]
    if what > 1:
        entry.raw = struct.pack("<IQ", of, len(items)) + b"".join(items)
    return f"{entry.key!r}: list changed in way {what}"


def _items(raw: bytes, of: int, count: int) -> list[bytes]:
    at, items = 12, []
    for _ in range(count):
        size = 8 + struct.unpack_from("<Q", raw, at)[0] if of == STRING else struct.calcsize(LETTERS[of])
        items.append(raw[at : at + size])
        at += size
    return items


# Tensors


def _refill(tensor: Tensor, rng: random.Random) -> None:
    """Mostly, give a tensor as many bytes as its shape and type say now."""
    size = n_bytes(tensor.kind, tensor.shape)
    if size is not None and rng.random() < 0.8:
        tensor.data = (tensor.data * (size // max(1, len(tensor.data)) + 1))[:size]


def drop_tensor(document: Document, _other: Document, rng: random.Random) -> str:
    tensor = document.tensors.pop(rng.randrange(len(document.tensors)))
    return f"without {tensor.name!r}"


def rename_tensor(document: Document, _other: Document, rng: random.Random) -> str:
    tensor = rng.choice(document.tensors)
    old = tensor.name
    if rng.random() < 0.4:
        second = rng.choice(document.tensors)
        tensor.name, second.name = second.name, tensor.name
    elif rng.random() < 0.3:
        name = bytearray(old)
        name[rng.randrange(len(name))] = rng.randrange(32, 127)
        tensor.name = bytes(name)
    else:
        tensor.name = rng.choice(NAMES)
    return f"{old!r} renamed {tensor.name!r}"


def repeat_tensor(document: Document, _other: Document, rng: random.Random) -> str:
    tensor = rng.choice(document.tensors)
    name = tensor.name if rng.random() < 0.5 else rng.choice(NAMES)
    document.tensors.append(Tensor(name, list(tensor.shape), tensor.kind, tensor.data))
    return f"{tensor.name!r} again as {name!r}"


def reshape_tensor(document: Document, _other: Document, rng: random.Random) -> str:
    tensor = rng.choice(document.tensors)
    old, shape = list(tensor.shape), tensor.shape
    at = rng.randrange(len(shape))
    what = rng.randrange(8)
    if what == 0:
        shape.reverse()
    elif what == 1:
        tensor.shape = [shape[0]]
    elif what == 2:
        shape.append(rng.choice((1, 2)))
    elif what == 3:
        shape[at] = rng.choice(WHOLE)
    elif what == 4:
        tensor.shape = shape[:-1]
    elif what == 5:
        shape[at] = max(1, shape[at] // 2)
    elif what == 6:
        shape[at] *= 2
    else:
        shape[at] += rng.choice((-1, 1, 32, -32))
    _refill(tensor, rng)
    return f"{tensor.name!r} reshaped from {old} to {tensor.shape}"


def retype_tensor(document: Document, _other: Document, rng: random.Random) -> str:
    tensor = rng.choice(document.tensors)
    tensor.kind = rng.choice((*range(44), 24, 25, 26, 27, 28, 1, 30, 8, 255, 1 << 31))
    _refill(tensor, rng)
    return f"{tensor.name!r} has type {tensor.kind}"


def move_tensor(document: Document, _other: Document, rng: random.Random) -> str:
    tensor = rng.choice(document.tensors)
    total = sum(len(one.data) for one in document.tensors)
    tensor.offset = rng.choice(
        (0, 1, 16, 31, 32, 64, total, total - 32, total + 32, 1 << 40, (1 << 64) - 32, (1 << 63))
    )
    return f"{tensor.name!r} at {tensor.offset}"


def swap_tensors(document: Document, other: Document, rng: random.Random) -> str:
    """Another model's tensor, or another order."""
    at = rng.randrange(len(document.tensors))
    if rng.random() < 0.4:
        rng.shuffle(document.tensors)
        return "tensors in another order"
    fresh = rng.choice(other.tensors)
    name = document.tensors[at].name if rng.random() < 0.7 else fresh.name
    document.tensors[at] = Tensor(name, list(fresh.shape), fresh.kind, fresh.data)
    return f"{name!r} of another model, {fresh.shape}"


# Data


def plant_no_number(document: Document, _other: Document, rng: random.Random) -> str:
    tensor = rng.choice(document.tensors)
    raw = bytearray(tensor.data)
    pattern = {0: b"\x00\x00\xc0\x7f", 1: b"\x00\x7e", 30: b"\xc0\x7f"}.get(tensor.kind, b"\x00\x7c")
    size = len(pattern)
    at = rng.randrange(max(1, len(raw) // size)) * size if tensor.kind in (0, 1, 30) else 0
    raw[at : at + size] = pattern
    tensor.data = bytes(raw[: len(tensor.data)])
    return f"{tensor.name!r} has no number at {at}"


def zero_data(document: Document, _other: Document, rng: random.Random) -> str:
    """A hole at the end, as an unfinished download leaves it."""
    count = rng.choice((1, 1, 2, 5, len(document.tensors)))
    for tensor in document.tensors[-count:]:
        tensor.data = bytes(len(tensor.data))
    return f"the last {count} tensors are zero"


def scramble_data(document: Document, _other: Document, rng: random.Random) -> str:
    tensor = rng.choice(document.tensors)
    tensor.data = rng.randbytes(len(tensor.data))
    return f"{tensor.name!r} is noise"


# The file


def change_header(document: Document, _other: Document, rng: random.Random) -> str:
    what = rng.randrange(4)
    if what == 0:
        document.version = rng.choice((0, 1, 2, 4, 3 << 24, 1 << 31))
    elif what == 1:
        document.counts = (rng.choice(WHOLE), len(document.entries))
    elif what == 2:
        document.counts = (len(document.tensors), rng.choice(WHOLE))
    else:
        document.magic = rng.choice((b"GGML", b"\0\0\0\0", b"GGUf", b"PK\3\4"))
    return f"header changed in way {what}"


def change_alignment(document: Document, _other: Document, rng: random.Random) -> str:
    value = rng.choice((0, 1, 2, 8, 16, 24, 32, 48, 64, 128, 4096, 1 << 20, 1 << 31, (1 << 32) - 1))
    kind = rng.choice((4, 4, 4, 10, 5))
    size = struct.calcsize(LETTERS[kind])
    document.entries.append(
        Entry(b"general.alignment", kind, (value & ((1 << 8 * size - 1) - 1)).to_bytes(size, "little"))
    )
    if 0 < value <= 4096:
        document.alignment = value
    return f"alignment {value}"


def cut_or_extend(document: Document, _other: Document, rng: random.Random) -> str:
    size = len(document.to_bytes())
    if rng.random() < 0.2:
        document.tail = rng.randbytes(rng.choice((1, 32, 5000)))
        return "more at the end"
    document.cut = rng.choice((0, 3, 4, 23, 24, rng.randrange(size), size - 1, size - rng.randrange(1, 500)))
    return f"cut at {document.cut}"


MUTATIONS: tuple[Mutation, ...] = (
    change_number, change_number, change_number, change_two_numbers, change_type, drop_setting, repeat_setting,
    rename_setting, add_setting, change_text, change_array, change_array, drop_tensor, rename_tensor, repeat_tensor,
    reshape_tensor, reshape_tensor, retype_tensor, move_tensor, swap_tensors, plant_no_number, zero_data, scramble_data,
    change_header, change_alignment, cut_or_extend,
)  # fmt: skip


def flip_bytes(raw: bytes, rng: random.Random) -> bytes:
    """Some bytes of the header changed, whatever they are."""
    changed, end = bytearray(raw), min(len(raw), 20_000)
    for _ in range(rng.choice((1, 1, 2, 5))):
        changed[rng.randrange(end)] = rng.randrange(256)
    return bytes(changed)


def mutate(document: Document, other: Document, seed: int) -> tuple[str, bytes]:
    """What was done, and the damaged file."""
    rng = random.Random(seed)
    if rng.random() < 0.06:
        return "bytes flipped", flip_bytes(document.to_bytes(), rng)
    changed, done = document.copy(), []
    for _ in range(rng.choice((1, 1, 1, 2))):
        mutation = rng.choice(MUTATIONS)
        done.append(mutation(changed, other, rng) or mutation.__name__)
    return "; ".join(done), changed.to_bytes()
