"""Which of llama.cpp's pre-tokenizers does what a `tokenizer.json` describes.

llama.cpp has its splitting patterns built in and a GGUF file only names one (src/llama-vocab.cpp), so the
pattern in the file is recognised here. Splitting differently would give other tokens without any error.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.remedy import shown
from desktop_vlm.conversion.tokenizer_steps import steps_of

_CONTRACTIONS = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_REST = r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_LLAMA3 = _CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}" + _REST
_QWEN2 = _CONTRACTIONS + r"|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}" + _REST
_GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
_UPPER, _LOWER = r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]", r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]"
_CASED = rf"[^\r\n\p{{L}}\p{{N}}]?{_UPPER}*{_LOWER}+%s|[^\r\n\p{{L}}\p{{N}}]?{_UPPER}+{_LOWER}*%s"
_CASED_REST = r"| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
_GPT4O = _CASED % (f"{_CONTRACTIONS}?", f"{_CONTRACTIONS}?") + r"|\p{N}{1,3}" + _CASED_REST
_TEKKEN = _CASED % ("", "") + r"|\p{N}" + _CASED_REST
_DIGITS = "one digit at a time"

# (the steps that split, whether whole words skip the merges) -> llama.cpp's name
_NAMES: dict[tuple[tuple[str, ...], bool], str] = {
    ((_LLAMA3,), True): "llama-bpe",
    ((_LLAMA3,), False): "smaug-bpe",
    ((_QWEN2,), False): "qwen2",
    ((_GPT2,), False): "gpt-2",
    ((_DIGITS, _GPT2), False): "smollm",
    ((_GPT4O,), False): "gpt-4o",
    ((_TEKKEN,), True): "tekken",
}


def pre_tokenizer_name(tokenizer: dict[str, Any], where: str) -> str:
    """llama.cpp's name for the way that `tokenizer` (the content of `where`, a tokenizer.json) splits text.

    Raises:
        UserError: llama.cpp has no pre-tokenizer that does the same.
    """
    steps = steps_of(tokenizer, "pre_tokenizer", where)
    splits = tuple(split for step in steps if (split := _split(step, where)))
    ignore_merges = bool(tokenizer["model"].get("ignore_merges", False))
    if not any(step.get("type") == "ByteLevel" for step in steps):
        raise UserError(f"{where}: its pre_tokenizer has no ByteLevel step, but only byte-level tokenizers work.")
    if (splits, ignore_merges) not in _NAMES and (splits, not ignore_merges) in _NAMES and _merges_make_all(tokenizer):
        ignore_merges = not ignore_merges  # where merging makes every token, words that are one need not skip it
    return _name(splits, ignore_merges, where)


def _merges_make_all(tokenizer: dict[str, Any]) -> bool:
    """Whether merging the characters of any ordinary token gives that token."""
    model = tokenizer["model"]
    pairs = [tuple(merge.split(" ") if isinstance(merge, str) else merge) for merge in model.get("merges") or []]
    ranks = {pair: rank for rank, pair in enumerate(pairs)}
    added = {entry.get("content") for entry in tokenizer.get("added_tokens") or []}
    ordinary = [token for token in model.get("vocab") or {} if token not in added]
    return bool(ordinary) and all(_merged(token, ranks) == [token] for token in ordinary)


def _merged(token: str, ranks: dict[tuple[str, ...], int]) -> list[str]:
    """What `ranks` makes of the characters of `token`."""
    parts = list(token)
    while known := [(ranks[pair], i) for i, pair in enumerate(pairwise(parts)) if pair in ranks]:
        _, i = min(known)
        parts[i : i + 2] = ["".join(parts[i : i + 2])]
    return parts


def pre_tokenizer_of(pattern: str, *, ignore_merges: bool, where: str) -> str:
    """llama.cpp's name for splitting by one `pattern`, which `where` has.

    Raises:
        UserError: llama.cpp has no pre-tokenizer that does the same.
    """
    return _name((pattern,), ignore_merges, where)


def _name(splits: tuple[str, ...], ignore_merges: bool, where: str) -> str:
    name = _NAMES.get((splits, ignore_merges))
    if name is None:
        said = " then ".join(splits) or "no splitting"
        raise UserError(f"{where}: llama.cpp has no pre-tokenizer for this with ignore_merges {ignore_merges}: {said}.")
    return name


def _split(step: dict[str, Any], where: str) -> str:
    """How one step splits text, as a key of `_NAMES`; empty if it does not."""
    kind = step.get("type")
    if kind == "ByteLevel":
        if step.get("add_prefix_space", True):
            raise UserError(f"{where}: its ByteLevel step adds a space in front, which llama.cpp cannot do.")
        return _GPT2 if step.get("use_regex", True) else ""
    if kind == "Digits" and step.get("individual_digits"):
        return _DIGITS
    if kind == "Split":
        said = step.get("pattern")
        pattern = said.get("Regex") if isinstance(said, dict) else None
        # "Removed" with "invert" keeps what matches: the same pieces, as the patterns match everything.
        isolated = (step.get("behavior"), bool(step.get("invert"))) in (
            ("Isolated", False),
            ("Removed", True),
        )
        if isinstance(pattern, str) and isolated:
            return _DIGITS if pattern == r"\p{N}" else pattern
    raise UserError(f"{where}: llama.cpp has no pre-tokenizer with the step {shown(f'{kind} ({step})')}.")
