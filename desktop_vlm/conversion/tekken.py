"""Mistral's own tokenizer file, tekken.json: tokens by rank, without merges (`byte_ranks`)."""

from __future__ import annotations

import base64
import binascii
from pathlib import Path
from typing import Any

from gguf import TokenType

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.byte_ranks import merges, printable
from desktop_vlm.conversion.json_file import read_object, read_optional_object, section_of
from desktop_vlm.conversion.pre_tokenizer import pre_tokenizer_of
from desktop_vlm.conversion.remedy import get_again
from desktop_vlm.conversion.token_table import AddedToken, TokenTable, token_table
from desktop_vlm.conversion.tokenizer import Tokenizer, Vocabulary, chat_template
from desktop_vlm.system.bounded.section import Section

# The special tokens of files that do not list them, in mistral-common's order; the rest are numbered.
_SPECIAL = (
    *("<unk>", "<s>", "</s>", "[INST]", "[/INST]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]", "[TOOL_RESULTS]"),
    *("[/TOOL_RESULTS]", "[TOOL_CALLS]", "[IMG]", "<pad>", "[IMG_BREAK]", "[IMG_END]", "[PREFIX]", "[MIDDLE]"),
    *("[SUFFIX]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[TOOL_CONTENT]"),
)
_NUMBERED = "<SPECIAL_{}>"
_MOST_SPECIAL = 1 << 16


def read(folder: Path, vocabulary: Vocabulary) -> Tokenizer:
    """The tokenizer in `folder`'s tekken.json.

    Raises:
        UserError: the file is broken, or splits text in a way that llama.cpp has not.
    """
    path = folder / "tekken.json"
    content = read_object(path)
    config = section_of(content, path).section("config")
    special = special_tokens(content, folder)
    ranks = _ranks(content, config, len(special), path)
    added = {i: AddedToken(text, is_control=True) for i, text in enumerate(special)}
    vocab = {printable(raw): len(special) + rank for raw, rank in ranks.items()}
    table = token_table(vocab, added, vocabulary, path)
    bos, eos = table.special("<s>", vocabulary.bos), table.special("</s>", *vocabulary.eos)
    return Tokenizer(
        tokens=table.tokens,
        types=table.types,
        merges=merges(ranks),
        pre=pre_tokenizer_of(config.string("pattern"), ignore_merges=True, where=str(path)),
        add_bos=bos is not None,
        add_eos=False,
        bos=bos,
        eos=eos,
        eot=None,
        eom=None,
        pad=_special(table, "<pad>"),
        chat_template=chat_template(folder, read_optional_object(folder / "tokenizer_config.json")),
    )


def _special(table: TokenTable, text: str) -> int | None:
    found = table.special(text)
    return found if found is not None and table.types[found] is TokenType.CONTROL else None


def special_tokens(content: dict[str, Any], folder: Path) -> list[str]:
    """The special tokens, whose ids come before all others.

    Raises:
        UserError: `folder`'s tekken.json, whose content this is, is broken.
    """
    section = section_of(content, folder / "tekken.json")
    count = section.section("config").integer("default_num_special_tokens", least=0, most=_MOST_SPECIAL)
    listed = content.get("special_tokens")
    if listed is None:
        names = list(_SPECIAL)[:count]
    else:
        try:
            names = [entry["token_str"] for entry in sorted(listed, key=lambda entry: int(entry["rank"]))]
        except (KeyError, OverflowError, TypeError, ValueError):
            raise section.wrong("special_tokens", "a list of tokens with their ranks") from None
        if not all(isinstance(name, str) for name in names) or len(names) > count:
            raise section.wrong("special_tokens", f"at most {count} texts")
    return [*names, *(_NUMBERED.format(i) for i in range(len(names), count))]


def _ranks(content: dict[str, Any], config: Section, n_special: int, path: Path) -> dict[bytes, int]:
    """The ordinary tokens' bytes and ranks; the file has more of them than the model."""
    n_tokens = config.integer("default_vocab_size") - n_special
    try:
        entries = sorted(content["vocab"], key=lambda entry: int(entry["rank"]))[:n_tokens]
        ranks = {base64.b64decode(entry["token_bytes"], validate=True): int(entry["rank"]) for entry in entries}
    except (KeyError, OverflowError, TypeError, ValueError, binascii.Error):
        raise UserError(f"{path}: its `vocab` is broken: {get_again(path)}.") from None
    if sorted(ranks.values()) != list(range(n_tokens)) or any(bytes([byte]) not in ranks for byte in range(256)):
        raise UserError(f"{path}: its `vocab` is incomplete: {get_again(path)}.")
    return ranks
