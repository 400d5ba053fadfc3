"""The text and kind of every token, from a tokenizer's vocabulary and the tokens that were added to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gguf import TokenType

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.remedy import get_again, shown
from desktop_vlm.conversion.tokenizer import Vocabulary

_CONTROL = re.compile(
    r"<\|.*\|>|<\uff5c.*\uff5c>|\[/?[A-Z_]+\]|</?s>|<(unk|pad|mask|image|video|audio|IMG|IMG_CONTEXT)>|<unused\d+>"
)
"""Texts of added tokens that steer a model even where their file calls them not special: nobody types them."""

_ROLES = ("bos_token", "eos_token", "unk_token", "pad_token", "sep_token", "cls_token", "mask_token")


@dataclass(frozen=True)
class TokenTable:
    """Tokens by id, one for every row of the output matrix.

    Attributes:
        tokens: their texts, all different.
        types: their kinds.
    """

    tokens: list[str]
    types: list[TokenType]

    @property
    def ids(self) -> dict[str, int]:
        """The ids of the tokens that the tokenizer uses, by text."""
        pairs = enumerate(zip(self.tokens, self.types, strict=True))
        return {token: i for i, (token, kind) in pairs if kind != TokenType.UNUSED}

    def special(self, token: Any, *otherwise: int | None) -> int | None:
        """The id of `token` (its text, or an object with it); else the first usable one of `otherwise`."""
        ids = self.ids
        text = token.get("content") if isinstance(token, dict) else token
        candidates = [ids.get(text) if isinstance(text, str) else None, *otherwise]
        known = set(ids.values())
        return next((i for i in candidates if i in known), None)


@dataclass(frozen=True)
class AddedToken:
    """A token beside the vocabulary; `is_control` if it steers the model."""

    text: str
    is_control: bool


def added_tokens(content: dict[str, Any], settings: dict[str, Any], path: Path) -> dict[int, AddedToken]:
    """Tokens beside the vocabulary by id; tokenizer_config.json may name more than tokenizer.json.

    Raises:
        UserError: `path`, the file of `content`, is broken.
    """
    roles = [settings.get(role) for role in _ROLES]
    for key in ("additional_special_tokens", "extra_special_tokens"):
        named = settings.get(key)
        roles += named if isinstance(named, list) else list(named.values()) if isinstance(named, dict) else []
    texts = [text.get("content") if isinstance(text, dict) else text for text in roles]
    control = {text for text in texts if isinstance(text, str)}
    try:
        entries = {int(i): entry for i, entry in (settings.get("added_tokens_decoder") or {}).items()}
        entries |= {int(entry["id"]): entry for entry in content.get("added_tokens") or []}
        if not all(i >= 0 and isinstance(entry["content"], str) for i, entry in entries.items()):
            raise TypeError
    except (AttributeError, KeyError, OverflowError, TypeError, ValueError):
        raise UserError(f"{path}: its added tokens are broken: {get_again(path, 'the tokenizer files')}.") from None
    return {i: _added(entry["content"], bool(entry.get("special")), control) for i, entry in entries.items()}


def _added(text: str, is_special: bool, control: set[Any]) -> AddedToken:
    return AddedToken(text, is_special or text in control or _CONTROL.fullmatch(text) is not None)


def token_table(
    vocab: Mapping[str, Any], added: Mapping[int, AddedToken], vocabulary: Vocabulary, path: Path
) -> TokenTable:
    """The text and the kind of every id that has a place in the file.

    Args:
        vocab: ids of the ordinary tokens.
        added: the others.
        vocabulary: what the model needs.
        path: the file that they come from.

    Raises:
        UserError: the vocabulary is broken, or larger than the model's.
    """
    numbers = list(vocab.values())
    if not all(type(i) is int and i >= 0 for i in numbers) or len(set(numbers)) != len(numbers):
        raise UserError(f"{path}: its `vocab` has ids that are no numbers or not unique: {get_again(path)}.")
    by_id, size = {i: token for token, i in vocab.items()}, vocabulary.size
    if (highest := max([*by_id, *added])) >= size + vocabulary.n_beyond or _beyond(by_id, added, size):
        raise UserError(
            f"{path} has token ids up to {shown(str(highest))}, but the model has {size} tokens (config.json's "
            "`vocab_size`): the two do not belong together."
        )
    tokens = [by_id.get(i, "") for i in range(size)]
    types = [TokenType.NORMAL if i in by_id else TokenType.UNUSED for i in range(size)]
    for i, token in added.items():
        if i < size:
            is_control = token.is_control or i in vocabulary.control
            tokens[i], types[i] = token.text, TokenType.CONTROL if is_control else TokenType.USER_DEFINED
    _name_the_unused(tokens, types, vocabulary.placeholder)
    if len(set(tokens)) != len(tokens):
        twice = next(token for i, token in enumerate(tokens) if token in tokens[:i])
        raise UserError(f"{path}: the token {shown(repr(twice))} has two ids: {get_again(path)}.")
    try:
        "".join(tokens).encode()
    except UnicodeEncodeError:
        raise UserError(f"{path}: it has tokens that are no Unicode text: {get_again(path)}.") from None
    return TokenTable(tokens, types)


def _beyond(by_id: Mapping[int, str], added: Mapping[int, AddedToken], size: int) -> bool:
    """Whether an ordinary token has no row; those for images may stand in the vocabulary, too."""
    return any(i >= size and (i not in added or added[i].text != token) for i, token in by_id.items())


def _name_the_unused(tokens: list[str], types: list[TokenType], placeholder: str) -> None:
    used = set(tokens)
    for i, kind in enumerate(types):
        if kind is TokenType.UNUSED:
            name = placeholder.format(i)
            while name in used:
                name = f"_{name}"
            tokens[i] = name
