"""A byte-level BPE tokenizer in a tokenizer.json: Llama 3's, Qwen2's, Pixtral's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.post_processor import template_ends
from desktop_vlm.conversion.pre_tokenizer import pre_tokenizer_name
from desktop_vlm.conversion.remedy import get_again, shown
from desktop_vlm.conversion.token_table import added_tokens, token_table
from desktop_vlm.conversion.tokenizer import END_OF_MESSAGE, END_OF_TURN, Tokenizer, Vocabulary, chat_template
from desktop_vlm.conversion.tokenizer_steps import steps_of

NFC = "nfc"
"""`Tokenizer.text_form` of those that compose characters first, which llama.cpp does not."""


def read(folder: Path, content: dict[str, Any], settings: dict[str, Any], vocabulary: Vocabulary) -> Tokenizer:
    """The tokenizer that `content`, the content of `folder`'s tokenizer.json, describes.

    Raises:
        UserError: the file is broken, or llama.cpp cannot do what the tokenizer does.
    """
    path = folder / "tokenizer.json"
    model, text_form = bpe_model(content, path, refused=("byte_fallback",)), _text_form(content, path)
    table = token_table(model["vocab"], added_tokens(content, settings, path), vocabulary, path)
    first, last = template_ends(content, path)
    bos = table.special(first or settings.get("bos_token"), vocabulary.bos)
    eos = table.special(last or settings.get("eos_token"), *vocabulary.eos)
    add_bos = first is not None if content.get("post_processor") else settings.get("add_bos_token") is True
    ids = table.ids
    other_eos = [i for i in vocabulary.eos if i not in (eos, ids.get(END_OF_MESSAGE)) and i < len(table.tokens)]
    return Tokenizer(
        tokens=table.tokens,
        types=table.types,
        merges=merges(model, path),
        pre=pre_tokenizer_name(content, str(path)),
        add_bos=add_bos and bos is not None,
        add_eos=last is not None,
        bos=bos,
        eos=eos,
        eot=ids.get(END_OF_TURN, other_eos[0] if other_eos else None),
        eom=ids.get(END_OF_MESSAGE),
        pad=table.special(settings.get("pad_token"), vocabulary.pad),
        chat_template=chat_template(folder, settings),
        text_form=text_form,
    )


def bpe_model(content: dict[str, Any], path: Path, refused: tuple[str, ...] = ()) -> dict[str, Any]:
    """The BPE model in a tokenizer.json, checked to have its parts and no feature that llama.cpp lacks."""
    model = content.get("model")
    if not isinstance(model, dict) or model.get("type", "BPE") != "BPE":
        kind = model.get("type") if isinstance(model, dict) else None
        raise UserError(
            f"{path}: the tokenizer is {shown(str(kind or 'incomplete'))}, but only BPE tokenizers can be converted."
        )
    if not isinstance(model.get("vocab"), dict) or not model["vocab"]:
        raise UserError(f"{path} is incomplete: it has no `vocab`: {get_again(path)}.")
    if not isinstance(model.get("merges"), list):
        raise UserError(f"{path} is incomplete: it has no `merges`: {get_again(path)}.")
    for key in ("dropout", "continuing_subword_prefix", "end_of_word_suffix", *refused):
        if model.get(key):
            raise UserError(
                f"{path}: the tokenizer uses `{key}` {shown(repr(model[key]))}, which llama.cpp does not have."
            )
    return model


def _text_form(content: dict[str, Any], path: Path) -> str:
    steps = steps_of(content, "normalizer", path)
    if any(step.get("type") != "NFC" for step in steps):
        said = shown(str(content["normalizer"]))
        raise UserError(f"{path}: the tokenizer's normalizer {said} is not something that llama.cpp has.")
    return NFC if steps else ""


def merges(model: dict[str, Any], path: Path) -> list[str]:
    """Merges as `left right`; tokenizer.json has them like that or, newer, as pairs."""
    lines, vocab = [], model["vocab"]
    for merge in model["merges"]:
        parts = merge.split(" ") if isinstance(merge, str) else merge
        if not isinstance(parts, list) or len(parts) != 2 or any(not isinstance(p, str) or " " in p for p in parts):
            raise UserError(
                f"{path}: the merge {shown(repr(merge))} is no pair of byte-level tokens: {get_again(path)}."
            )
        if missing := [token for token in (*parts, "".join(parts)) if token not in vocab]:
            raise UserError(
                f"{path} is incomplete: the merge {' '.join(parts)!r} needs the token {missing[0]!r}, which "
                f"its `vocab` lacks: {get_again(path)}."
            )
        lines.append(" ".join(parts))
    return lines
