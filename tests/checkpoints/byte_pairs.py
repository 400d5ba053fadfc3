"""A small trainer of byte-pair merges, and the text that the tiny tokenizers learn from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from itertools import pairwise

from tests.checkpoints.tokenizer import byte_alphabet

CORPUS = """
The image shows a red cat and a blue dog on the table, next to the window of an old house. What is in this image?
Describe the picture in detail. How many people are there? There are three people in the picture, and one of them is
reading a newspaper. The screenshot shows an error message: "File not found". Please open the settings and try again.
user assistant system USER: ASSISTANT: Hello world, hello World! This is a test of the tokenizer, isn't it? I'm sure
you'd agree that they're fine; we'll see what they've done. It's 2024, the price is 1299.99 and 100% of 123456 users
like it. def main(argument): return self.value == None; for i in range(100): print(i) if (x && y) { return a->b; }
https://www.example.com/path/to/page?query=1 C:\\Users\\name\\Documents snake_case camelCase UPPER_CASE HTML JSON
Das Bild zeigt eine schöne Straße in Köln. L'été est là, voilà un café près de l'hôtel. El niño mañana está aquí.
Привет, мир! Это картинка, кот и дом. 日本語のテキストと画像です。中文图片描述。 😀 👍 → € ½ naïve résumé über façade
नमस्ते दुनिया नमस्ते नमस्कार ПриветМир ПриветМир ПриветМир ÉtéÀParis ÉtéÀParis
cafe\u0301 cafe\u0301 e\u0301 e\u0301 x\u0301\u0302y
The quick brown fox jumps over the lazy dog. the and of to in is it that for was with as on be at by this from or
"""


def apply_merge(parts: tuple[str, ...], pair: tuple[str, str]) -> tuple[str, ...]:
    """`parts` with every occurrence of `pair` joined, from the left."""
    merged: list[str] = []
    for part in parts:
        if merged and (merged[-1], part) == pair:
            merged[-1] += part
        else:
            merged.append(part)
    return tuple(merged)


def train(words: Counter[tuple[str, ...]], n_merges: int) -> list[tuple[str, str]]:
    """The `n_merges` most frequent pairs of `words`, one after the other, ties in alphabetical order."""
    merges: list[tuple[str, str]] = []
    words = Counter(words)
    counts: Counter[tuple[str, str]] = Counter()
    _count(counts, words)
    made: set[str] = set()
    for _ in range(n_merges):
        new = [(-count, pair) for pair, count in counts.items() if count and "".join(pair) not in made]
        if not new:
            message = f"the corpus gives {len(merges)} merges, {n_merges} are needed"
            raise ValueError(message)
        best = min(new)[1]
        merges.append(best)
        made.add("".join(best))
        old = Counter({parts: count for parts, count in words.items() if best in pairwise(parts)})
        changed: Counter[tuple[str, ...]] = Counter()
        for parts, count in old.items():
            changed[apply_merge(parts, best)] += count
            del words[parts]
        _count(counts, old, -1)
        _count(counts, changed)
        words.update(changed)
    return merges


def _count(counts: Counter[tuple[str, str]], words: Mapping[tuple[str, ...], int], sign: int = 1) -> None:
    """Add the pairs of `words` to `counts`, or take them away."""
    for parts, count in words.items():
        for pair in pairwise(parts):
            counts[pair] += sign * count


@cache
def byte_level_merges(n_merges: int) -> tuple[tuple[str, str], ...]:
    """Merges over GPT-2's printable bytes; a word begins with the space in front of it."""
    alphabet = byte_alphabet()
    words: Counter[tuple[str, ...]] = Counter()
    for line in CORPUS.strip().splitlines():
        for number, word in enumerate(line.split(" ")):
            raw = (f" {word}" if number else word).encode()
            words[tuple(alphabet[byte] for byte in raw)] += 1
    for word in ("  ", "    ", "\n\n", "\n\n\n", "\t\t"):
        words[tuple(alphabet[byte] for byte in word.encode())] += 3
    return tuple(train(words, n_merges))


@cache
def sentence_piece_merges(n_merges: int) -> tuple[tuple[str, str], ...]:
    """Merges over characters, with SentencePiece's mark in front of every word."""
    words = Counter(tuple(f"▁{word}") for word in CORPUS.split())
    words[("▁", "▁", "▁", "▁")] += 4
    return tuple(train(words, n_merges))
