"""A checkpoint's tokenizer, as the text GGUF tells it: tokens, merges, special ids and the chat template."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gguf import TokenType

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.json_file import read_object, read_optional_object
from desktop_vlm.conversion.pre_tokenizer import pre_tokenizer_name

_log = logging.getLogger(__name__)

END_OF_TURN = "<|eot_id|>"
END_OF_MESSAGE = "<|eom_id|>"


@dataclass(frozen=True)
class Vocabulary:
    """What a model needs of its tokenizer.

    Attributes:
        size: rows of the output matrix, each of which gets a token.
        n_beyond: ids behind them that the tokenizer may have, without a place in the file.
        bos, eos, pad: ids that the model's settings name, for a tokenizer that names none.
        control: ids that are control tokens, whatever the tokenizer says of them.
        placeholder: text of a token that the tokenizer does not use, with its id.
    """

    size: int
    n_beyond: int = 0
    bos: int | None = None
    eos: tuple[int, ...] = ()
    pad: int | None = None
    control: frozenset[int] = frozenset()
    placeholder: str = "[PAD{}]"


@dataclass(frozen=True)
class Tokenizer:
    """A byte-level BPE tokenizer with exactly one token for every row of `lm_head`.

    Attributes:
        tokens: by id; ids that the tokenizer does not use have a placeholder.
        types: llama.cpp's kind of each token.
        merges: `left right`, in order of rank.
        pre: llama.cpp's name of the pre-tokenizer.
        add_bos, add_eos: whether text gets the special token in front, behind.
        bos, eos, eot, eom, pad: ids of special tokens, `None` where there is none.
        chat_template: Jinja source, empty if the checkpoint has none.
    """

    tokens: list[str]
    types: list[TokenType]
    merges: list[str]
    pre: str
    add_bos: bool
    add_eos: bool
    bos: int | None
    eos: int | None
    eot: int | None
    eom: int | None
    pad: int | None
    chat_template: str


def read_tokenizer(folder: Path, vocabulary: Vocabulary) -> Tokenizer:
    """Read the tokenizer of the checkpoint in `folder`.

    Raises:
        UserError: a file is missing or broken, or llama.cpp cannot do what the tokenizer does.
    """
    path = folder / "tokenizer.json"
    if not path.is_file():
        raise UserError(f"{path} is missing: without it there is no tokenizer, download the whole checkpoint again.")
    content, settings = read_object(path), read_optional_object(folder / "tokenizer_config.json")
    model = _byte_level_model(content, path)
    added = _added_tokens(content, settings, path)
    tokens, types = _tokens(model["vocab"], added, vocabulary, path)
    ids = {token: i for i, (token, kind) in enumerate(zip(tokens, types, strict=True)) if kind != TokenType.UNUSED}
    first, last = _template_ends(content, path)
    bos = _special_id(ids, first or settings.get("bos_token"), vocabulary.bos)
    eos = _special_id(ids, last or settings.get("eos_token"), *vocabulary.eos)
    add_bos = first is not None if content.get("post_processor") else settings.get("add_bos_token") is True
    other_eos = [i for i in vocabulary.eos if i not in (eos, ids.get(END_OF_MESSAGE)) and i < len(tokens)]
    return Tokenizer(
        tokens=tokens,
        types=types,
        merges=_merges(model["merges"], model["vocab"], path),
        pre=pre_tokenizer_name(content, str(path)),
        add_bos=add_bos and bos is not None,
        add_eos=last is not None,
        bos=bos,
        eos=eos,
        eot=ids.get(END_OF_TURN, other_eos[0] if other_eos else None),
        eom=ids.get(END_OF_MESSAGE),
        pad=_special_id(ids, settings.get("pad_token"), vocabulary.pad),
        chat_template=_chat_template(folder, settings),
    )


def _byte_level_model(content: dict[str, Any], path: Path) -> dict[str, Any]:
    """The BPE model in a tokenizer.json, checked to have its parts and no feature that llama.cpp lacks."""
    model = content.get("model")
    if not isinstance(model, dict) or model.get("type", "BPE") != "BPE":
        kind = model.get("type") if isinstance(model, dict) else None
        raise UserError(f"{path}: the tokenizer is {kind or 'incomplete'}, but only BPE tokenizers can be converted.")
    if not isinstance(model.get("vocab"), dict) or not model["vocab"]:
        raise UserError(f"{path} is incomplete: it has no `vocab`: download the file again.")
    if not isinstance(model.get("merges"), list):
        raise UserError(f"{path} is incomplete: it has no `merges`: download the file again.")
    for key in ("dropout", "byte_fallback", "continuing_subword_prefix", "end_of_word_suffix"):
        if model.get(key):
            raise UserError(f"{path}: the tokenizer uses `{key}` {model[key]!r}, which llama.cpp does not have.")
    normalizer = content.get("normalizer")
    if isinstance(normalizer, dict) and normalizer.get("type") == "NFC":
        _log.warning("%s: the tokenizer composes characters (NFC) first, llama.cpp does not.", path)
    elif normalizer and normalizer.get("normalizers") != []:
        raise UserError(f"{path}: the tokenizer's normalizer {normalizer} is not something that llama.cpp has.")
    return model


def _added_tokens(content: dict[str, Any], settings: dict[str, Any], path: Path) -> dict[int, dict[str, Any]]:
    """Tokens beside the BPE vocabulary by id; tokenizer_config.json may name more than tokenizer.json."""
    try:
        added = {int(i): entry for i, entry in (settings.get("added_tokens_decoder") or {}).items()}
        added |= {int(entry["id"]): entry for entry in content.get("added_tokens") or []}
        if not all(isinstance(entry["content"], str) for entry in added.values()):
            raise TypeError
    except (AttributeError, KeyError, TypeError, ValueError):
        raise UserError(f"{path}: its added tokens are broken: download the tokenizer's files again.") from None
    return added


def _tokens(
    vocab: dict[str, Any], added: dict[int, dict[str, Any]], vocabulary: Vocabulary, path: Path
) -> tuple[list[str], list[TokenType]]:
    """The text and the kind of every id that has a place in the file."""
    vocab_size = vocabulary.size
    numbers = list(vocab.values())
    if not all(type(i) is int and i >= 0 for i in numbers) or len(set(numbers)) != len(numbers):
        raise UserError(f"{path}: its `vocab` has ids that are no numbers or not unique: download the file again.")
    by_id = {i: token for token, i in vocab.items()}
    last = vocab_size + vocabulary.n_beyond - 1
    if (highest := max([*by_id, *added])) > last or max(by_id) >= vocab_size:
        raise UserError(
            f"{path} has token ids up to {highest}, but the model has {vocab_size} tokens (config.json's "
            "`vocab_size`): the two do not belong together."
        )
    tokens = [by_id.get(i, vocabulary.placeholder.format(i)) for i in range(vocab_size)]
    types = [TokenType.NORMAL if i in by_id else TokenType.UNUSED for i in range(vocab_size)]
    for i, entry in added.items():
        if i < vocab_size:
            tokens[i] = entry["content"]
            types[i] = TokenType.CONTROL if entry.get("special") else TokenType.USER_DEFINED
    if len(set(tokens)) != len(tokens):
        twice = next(token for i, token in enumerate(tokens) if token in tokens[:i])
        raise UserError(f"{path}: the token {twice!r} has two ids: download the file again.")
    return tokens, types


def _merges(merges: list[Any], vocab: dict[str, Any], path: Path) -> list[str]:
    """Merges as `left right`; tokenizer.json has them like that or, newer, as pairs."""
    lines = []
    for merge in merges:
        parts = merge.split(" ") if isinstance(merge, str) else merge
        if not isinstance(parts, list) or len(parts) != 2 or any(not isinstance(p, str) or " " in p for p in parts):
            raise UserError(f"{path}: the merge {merge!r} is no pair of byte-level tokens: download the file again.")
        if missing := [token for token in (*parts, "".join(parts)) if token not in vocab]:
            raise UserError(
                f"{path} is incomplete: the merge {' '.join(parts)!r} needs the token {missing[0]!r}, which "
                "its `vocab` lacks: download the file again."
            )
        lines.append(" ".join(parts))
    return lines


def _template_ends(content: dict[str, Any], path: Path) -> tuple[str | None, str | None]:
    """The special tokens that the post-processor puts in front of and behind a text."""
    processor = content.get("post_processor") or {}
    steps = processor.get("processors", []) if processor.get("type") == "Sequence" else [processor]
    first = last = None
    for step in steps:
        kind = step.get("type", "ByteLevel")
        if kind == "TemplateProcessing":
            pieces = step.get("single") or []
            names = [(piece.get("SpecialToken") or {}).get("id") for piece in pieces]
            place = names.index(None) if None in names else len(names)
            before, after = names[:place], names[place + 1 :]
            if len(before) > 1 or len(after) > 1 or place == len(names):
                raise UserError(f"{path}: llama.cpp cannot add the special tokens that {pieces} asks for.")
            first, last = (before or [None])[0], (after or [None])[0]
        elif kind != "ByteLevel":
            raise UserError(f"{path}: llama.cpp has no post-processor {kind}.")
    return first, last


def _special_id(ids: dict[str, int], token: Any, *otherwise: int | None) -> int | None:
    """The id of `token` (its text, or an object with it); else the first usable one of `otherwise`."""
    text = token.get("content") if isinstance(token, dict) else token
    candidates = [ids.get(text) if isinstance(text, str) else None, *otherwise]
    known = set(ids.values())
    return next((i for i in candidates if i in known), None)


def _chat_template(folder: Path, settings: dict[str, Any]) -> str:
    """The processor's template where it has one, as transformers prefers it, else the tokenizer's."""
    jinja = folder / "chat_template.jinja"
    if jinja.is_file():
        try:
            return jinja.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise UserError(f"{jinja} cannot be read ({error}): download the file again.") from error
    template = read_optional_object(folder / "chat_template.json").get("chat_template")
    template = template or settings.get("chat_template")
    if isinstance(template, list):  # several, by name
        named = {entry.get("name"): entry.get("template") for entry in template if isinstance(entry, dict)}
        template = named.get("default")
    return template if isinstance(template, str) else ""
