"""Byte-level BPE whose tokens are bytes by rank, without merges, as tiktoken and Mistral's tekken have it.

Its BPE joins whatever pair makes the token of the lowest rank; llama.cpp's joins pairs of a list. So the list has
every way to make a token of two others, in the order of ranks.
"""

from __future__ import annotations

from collections.abc import Mapping


def merges(ranks: Mapping[bytes, int]) -> list[str]:
    """Every way to make a token of two others, as transformers derives them too."""
    lines = []
    for raw in sorted(ranks, key=lambda token: ranks[token]):
        ways = [(raw[:i], raw[i:]) for i in range(1, len(raw)) if raw[:i] in ranks and raw[i:] in ranks]
        ways.sort(key=lambda way: (ranks[way[0]], ranks[way[1]]))
        lines += [f"{printable(left)} {printable(right)}" for left, right in ways]
    return lines


def _alphabet() -> dict[int, str]:
    """The printable character that stands for each byte in byte-level vocabularies since GPT-2."""
    plain = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    rest = [byte for byte in range(256) if byte not in plain]
    return {byte: chr(byte) for byte in plain} | {byte: chr(256 + i) for i, byte in enumerate(rest)}


_CHARACTERS = _alphabet()


def printable(raw: bytes) -> str:
    """A token's bytes as characters."""
    return "".join(_CHARACTERS[byte] for byte in raw)
