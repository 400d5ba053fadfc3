"""Whether two language models write in the same tokens, so that one can draft for the other, by their headers."""

from __future__ import annotations

from gguf import Keys, TokenType

from desktop_vlm.api.errors import UserError
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile

_MOST_ADDED = 128
"""By how many tokens vocabularies of one family differ, as the one that sees images has tokens for them."""
_TEXT = {int(TokenType.NORMAL), int(TokenType.BYTE)}
"""Kinds of tokens that stand for text; the names of others differ between files of one family."""


def check_same_tokens(large: GgufFile, draft: GgufFile) -> None:
    """Check that what `draft` writes are tokens of `large`.

    Raises:
        UserError: they are others.
    """
    if not _are_same(large, draft):
        raise UserError(
            f"{draft.path.name} cannot draft for {large.path.name}, as its tokenizer is another one; choose a smaller "
            "model of the same family, or none."
        )


def _are_same(large: GgufFile, draft: GgufFile) -> bool:
    if large.value(Keys.Tokenizer.MODEL) != draft.value(Keys.Tokenizer.MODEL):
        return False
    one, other = large.raw_texts(Keys.Tokenizer.LIST), draft.raw_texts(Keys.Tokenizer.LIST)
    if not one or not other or abs(len(one) - len(other)) > _MOST_ADDED:
        return False
    differing = [token for token, (a, b) in enumerate(zip(one, other, strict=False)) if a != b]
    if not differing:
        return True
    kinds = [file.value(Keys.Tokenizer.TOKEN_TYPE) or [] for file in (large, draft)]
    return all(token < len(kind) and kind[token] not in _TEXT for token in differing for kind in kinds)
