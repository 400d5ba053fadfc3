"""A SentencePiece BPE tokenizer with byte fallback, as Llama has it: in a tokenizer.json or a tokenizer.model.

llama.cpp's tokenizer of this kind joins the neighbours that make the token of the highest score. A tokenizer.json has
merges instead: where they say the same as scores could (all that come from SentencePiece do), scores are derived from
them. Otherwise the file tells llama.cpp the merges themselves, by a kind of its BPE that knows spaces and bytes as
SentencePiece writes them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from gguf import TokenType

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.byte_level_bpe import bpe_model, merges
from desktop_vlm.conversion.json_file import read_optional_object
from desktop_vlm.conversion.post_processor import template_ends
from desktop_vlm.conversion.remedy import get_again, shown
from desktop_vlm.conversion.sentence_piece_model import PieceKind, SentencePieceModel, read_sentence_piece_model
from desktop_vlm.conversion.token_table import AddedToken, TokenTable, added_tokens, token_table
from desktop_vlm.conversion.tokenizer import BYTE_LEVEL, SENTENCE_PIECE, Tokenizer, Vocabulary, chat_template
from desktop_vlm.conversion.tokenizer_steps import steps_of

_SPACE = "▁"
_BYTES = {f"<0x{byte:02X}>": byte for byte in range(256)}
_MERGED_PRE = "sarvam-moe"  # llama.cpp's pre-tokenizer for merges over characters with bytes as fallback

SPACE = "space"
"""`Tokenizer.text_form` where every text between special tokens gets a space in front, but not from llama.cpp."""
SPACE_UNLESS_THERE = "space-unless-there"
"""Where it gets one only if it has none."""
FIRST_SPACE_UNLESS_THERE = "first-space-unless-there"
"""Where besides only what a text begins with gets one."""


def describes(content: dict[str, Any]) -> bool:
    """Whether a tokenizer.json holds a tokenizer of this kind."""
    steps = _steps(content.get("pre_tokenizer"), "pretokenizers")
    if any(step.get("type") == "ByteLevel" for step in steps):
        return False
    return any(_SPACE in str(step.values()) for step in (*steps, *_steps(content.get("normalizer"), "normalizers")))


def _steps(described: Any, key: str) -> list[dict[str, Any]]:
    """The steps of a normalizer or pre-tokenizer, which may be one or a sequence."""
    if not isinstance(described, dict):
        return []
    steps = described.get(key) if described.get("type") == "Sequence" else [described]
    return [step for step in steps if isinstance(step, dict)] if isinstance(steps, list) else []


def read(folder: Path, content: dict[str, Any], settings: dict[str, Any], vocabulary: Vocabulary) -> Tokenizer:
    """The tokenizer that `content`, the content of `folder`'s tokenizer.json, describes.

    Raises:
        UserError: the file is broken, or llama.cpp cannot do what the tokenizer does.
    """
    path = folder / "tokenizer.json"
    model = bpe_model(content, path)
    if not model.get("byte_fallback"):
        raise UserError(f"{path}: its tokenizer has no `byte_fallback`, which llama.cpp cannot do without.")
    pairs = [(left, right) for left, right in (line.split(" ") for line in merges(model, path))]
    text_form = _text_form(content, model["vocab"], path)
    unk_token = model.get("unk_token")
    unk = model["vocab"].get(unk_token) if isinstance(unk_token, str) else None
    table = _with_kinds(token_table(model["vocab"], added_tokens(content, settings, path), vocabulary, path), unk, path)
    first, last = template_ends(content, path)
    common = Tokenizer(
        tokens=table.tokens,
        types=table.types,
        merges=[],
        pre="default",
        add_bos=first is not None if content.get("post_processor") else settings.get("add_bos_token") is not False,
        add_eos=last is not None,
        bos=table.special(first or settings.get("bos_token"), vocabulary.bos),
        eos=table.special(last or settings.get("eos_token"), *vocabulary.eos),
        eot=None,
        eom=None,
        pad=table.special(settings.get("pad_token"), vocabulary.pad),
        chat_template=chat_template(folder, settings),
        unk=unk,
    )
    common = replace(common, add_bos=common.add_bos and common.bos is not None)
    if scores_suffice(pairs, table):
        scores = _scores_of(pairs, table)
        return replace(common, model=SENTENCE_PIECE, scores=scores, text_form="" if text_form == SPACE else text_form)
    return replace(
        common,
        model=BYTE_LEVEL,
        pre=_MERGED_PRE,
        merges=[" ".join(pair) for pair in pairs],
        text_form=text_form,
    )


def _with_kinds(table: TokenTable, unk: int | None, path: Path) -> TokenTable:
    """The table with llama.cpp's kinds of bytes and the unknown token."""
    types = list(table.types)
    for i, token in enumerate(table.tokens):
        if token in _BYTES and types[i] is not TokenType.UNUSED:  # some files list them as special tokens
            types[i] = TokenType.BYTE
    if unk is not None and unk < len(types):
        types[unk] = TokenType.UNKNOWN
    n_bytes = sum(kind is TokenType.BYTE for kind in types)
    if n_bytes != len(_BYTES):
        raise UserError(f"{path}: its `vocab` has {n_bytes} of the 256 byte tokens: {get_again(path)}.")
    return TokenTable(table.tokens, types)


def _text_form(content: dict[str, Any], vocab: Iterable[str], path: Path) -> str:
    """Where a text gets a space in front.

    Raises:
        UserError: the tokenizer does something with a text that llama.cpp cannot.
    """
    form = ""
    for step in steps_of(content, "pre_tokenizer", path):
        if step.get("type") != "Metaspace" or step.get("replacement", _SPACE) != _SPACE:
            raise UserError(f"{path}: llama.cpp has no pre-tokenizer with the step {shown(str(step))}.")
        schemes = {"always": SPACE_UNLESS_THERE, "first": FIRST_SPACE_UNLESS_THERE}
        form = form or schemes.get(str(step.get("prepend_scheme", "always")), "")
        if step.get("split", True) and any(_SPACE in token.lstrip(_SPACE) or token.startswith("▁▁") for token in vocab):
            raise UserError(f"{path}: the tokenizer splits at every space, which llama.cpp cannot do.")
    for step in steps_of(content, "normalizer", path):
        kind, pattern = step.get("type"), step.get("pattern")
        if (kind == "Prepend" and step.get("prepend") == _SPACE) or (
            pattern == {"Regex": r"\A▁"} and form == SPACE_UNLESS_THERE  # puts back what Metaspace leaves out
        ):
            form = SPACE
        elif kind != "Replace" or pattern != {"String": " "} or step.get("content") != _SPACE:
            raise UserError(
                f"{path}: the tokenizer rewrites texts ({shown(str(kind))}) in a way that llama.cpp has not: use a "
                "checkpoint whose tokenizer was trained without it."
            )
    if not form:
        raise UserError(f"{path}: the tokenizer puts no space in front of a text, which llama.cpp cannot do without.")
    return form


def scores_suffice(pairs: list[tuple[str, str]], table: TokenTable) -> bool:
    """Whether joining by the score of what comes out gives the same as joining by these merges.

    It does if the ranks of what makes one token are together, if every way to make a token of two others is among the
    merges, and if no token that text must not become can be made at all.
    """
    kinds = dict(zip(table.tokens, table.types, strict=True))
    normal = {token for token, kind in kinds.items() if kind is TokenType.NORMAL}
    made = ["".join(pair) for pair in pairs]
    changes = sum(a != b for a, b in pairwise(made)) + bool(made)
    if changes != len(set(made)) or not normal.issuperset(made):
        return False
    known = set(pairs)
    ways = (
        (token[:i], token[i:])
        for token, kind in kinds.items()
        if kind is not TokenType.UNUSED
        for i in range(1, len(token))
    )
    return all(way in known for way in ways if way[0] in normal and way[1] in normal)


def _scores_of(pairs: list[tuple[str, str]], table: TokenTable) -> list[float]:
    """A score for every token: the earlier it is made, the higher; what is never made comes last."""
    ranks = {token: -float(rank) for rank, token in enumerate(dict.fromkeys("".join(pair) for pair in pairs))}
    lowest = -float(len(ranks))
    return [
        ranks.get(token, lowest) if kind is TokenType.NORMAL else 0.0
        for token, kind in zip(table.tokens, table.types, strict=True)
    ]


# --- tokenizer.model --------------------------------------------------------------------------------------

_KINDS = {
    PieceKind.NORMAL: TokenType.NORMAL,
    PieceKind.UNKNOWN: TokenType.UNKNOWN,
    PieceKind.CONTROL: TokenType.CONTROL,
    PieceKind.USER_DEFINED: TokenType.USER_DEFINED,
    PieceKind.BYTE: TokenType.BYTE,
    PieceKind.UNUSED: TokenType.UNUSED,
}


def read_model_file(folder: Path, vocabulary: Vocabulary) -> Tokenizer:
    """The tokenizer in `folder`'s tokenizer.model, for folders without a tokenizer.json.

    Raises:
        UserError: the file is broken, or llama.cpp cannot do what the tokenizer does.
    """
    path = folder / "tokenizer.model"
    model = read_sentence_piece_model(path)
    settings = read_optional_object(folder / "tokenizer_config.json")
    vocab = {piece.text: i for i, piece in enumerate(model.pieces)}
    added = _added_to_model(folder, settings, path)
    table = token_table(vocab, {i: token for i, token in added.items() if i >= len(vocab)}, vocabulary, path)
    types = [_KINDS[piece.kind] for piece in model.pieces[: len(table.types)]] + table.types[len(vocab) :]
    for i, token in added.items():
        if i < len(vocab) and types[i] is TokenType.NORMAL:
            types[i] = TokenType.CONTROL if token.is_control or i in vocabulary.control else TokenType.USER_DEFINED
    table = _with_kinds(TokenTable(table.tokens, types), model.unk, path)
    scores = [piece.score for piece in model.pieces] + [0.0] * (len(table.tokens) - len(vocab))
    return _of_model(folder, table, scores, model, settings, vocabulary)


def _of_model(
    folder: Path,
    table: TokenTable,
    scores: list[float],
    model: SentencePieceModel,
    settings: dict[str, Any],
    vocabulary: Vocabulary,
) -> Tokenizer:
    bos = table.special(settings.get("bos_token"), model.bos, vocabulary.bos)
    return Tokenizer(
        tokens=table.tokens,
        types=table.types,
        merges=[],
        pre="default",
        add_bos=settings.get("add_bos_token") is not False and bos is not None,
        add_eos=settings.get("add_eos_token") is True,
        bos=bos,
        eos=table.special(settings.get("eos_token"), model.eos, *vocabulary.eos),
        eot=None,
        eom=None,
        pad=table.special(settings.get("pad_token"), vocabulary.pad),
        chat_template=chat_template(folder, settings),
        model=SENTENCE_PIECE,
        scores=scores,
        unk=model.unk,
        text_form=FIRST_SPACE_UNLESS_THERE if settings.get("legacy") is False else "",  # as transformers reads the file
    )


def _added_to_model(folder: Path, settings: dict[str, Any], path: Path) -> dict[int, AddedToken]:
    """Tokens beside the pieces, from tokenizer_config.json or the older added_tokens.json."""
    older = read_optional_object(folder / "added_tokens.json")
    listed = [{"id": i, "content": text, "special": False} for text, i in older.items()]
    return added_tokens({"added_tokens": listed}, {}, path) | added_tokens({}, settings, path)
