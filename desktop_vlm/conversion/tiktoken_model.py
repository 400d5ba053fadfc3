"""A tokenizer.model of tiktoken's kind: a line for every token, with its bytes in base64 and its rank."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.byte_ranks import merges, printable
from desktop_vlm.conversion.remedy import get_again
from desktop_vlm.conversion.token_table import AddedToken, token_table
from desktop_vlm.conversion.tokenizer import END_OF_MESSAGE, END_OF_TURN, Tokenizer, Vocabulary
from desktop_vlm.system.bounded.files import read_text
from desktop_vlm.system.bounded.links import check_belongs

_PRE = "llama-bpe"


def read(path: Path, vocabulary: Vocabulary, special: Sequence[str], pad: str) -> Tokenizer:
    """The tokenizer in the file `path`.

    Args:
        path: the file.
        vocabulary: what the model needs of it.
        special: the control tokens, whose ids come behind those of the file: the first begins a text, the second
            ends it. The file does not say them, nor how text is split; both are Llama 3's.
        pad: the one that fills up.

    Raises:
        UserError: the file is missing or broken, or larger than the model's vocabulary.
    """
    ranks = _ranks(path)
    names = [*special][: vocabulary.size - len(ranks)]
    added = {len(ranks) + i: AddedToken(text, is_control=True) for i, text in enumerate(names)}
    table = token_table({printable(raw): rank for raw, rank in ranks.items()}, added, vocabulary, path)
    ids = table.ids
    begin, end = (table.special(text) for text in special[:2])
    return Tokenizer(
        tokens=table.tokens,
        types=table.types,
        merges=merges(ranks),
        pre=_PRE,
        add_bos=begin is not None,
        add_eos=False,
        bos=begin,
        eos=end,
        eot=ids.get(END_OF_TURN),
        eom=ids.get(END_OF_MESSAGE),
        pad=table.special(pad),
        chat_template="",
    )


def _ranks(path: Path) -> dict[bytes, int]:
    """The tokens' bytes and ranks, which have no gaps."""
    if not path.exists():
        raise UserError(f"{path} is missing: without it there is no tokenizer, {get_again(path, 'it')}.")
    check_belongs(path)
    try:
        pairs = [line.split() for line in read_text(path).splitlines() if line.strip()]
        ranks = {base64.b64decode(token, validate=True): int(rank) for token, rank in pairs}
    except (ValueError, binascii.Error):
        raise UserError(f"{path} is no file of tiktoken's, or broken: {get_again(path)}.") from None
    if sorted(ranks.values()) != list(range(len(ranks))) or any(bytes([byte]) not in ranks for byte in range(256)):
        raise UserError(f"{path} is incomplete: {get_again(path)}.")
    return ranks
