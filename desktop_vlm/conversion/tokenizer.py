"""A checkpoint's tokenizer, as the text GGUF tells it: tokens, merges or scores, special ids, the chat template."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gguf import TokenType

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.decoder import Decoder
from desktop_vlm.conversion.json_file import read_optional_object
from desktop_vlm.conversion.remedy import get_again
from desktop_vlm.system.bounded.files import read_text
from desktop_vlm.system.bounded.links import check_belongs

_MOST_TEMPLATE_BYTES = 1 << 20

END_OF_TURN = "<|eot_id|>"
END_OF_MESSAGE = "<|eom_id|>"

BYTE_LEVEL, SENTENCE_PIECE = "gpt2", "llama"
"""llama.cpp's names of the two kinds."""


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

    @staticmethod
    def of(decoder: Decoder, control: tuple[int, ...]) -> Vocabulary:
        """That of a language model, with `control` among its control tokens."""
        n_beyond = max(0, max(control, default=0) + 1 - decoder.vocab_size)  # an image's token needs no row
        named = {*control, *decoder.eos, *(i for i in (decoder.bos, decoder.pad) if i is not None)}
        return Vocabulary(decoder.vocab_size, n_beyond, decoder.bos, decoder.eos, decoder.pad, control=frozenset(named))


@dataclass(frozen=True)
class Tokenizer:
    """A tokenizer with exactly one token for every row of the output matrix.

    Attributes:
        tokens: by id; ids that the tokenizer does not use have a placeholder.
        types: llama.cpp's kind of each token.
        merges: `left right`, in order of rank; of SentencePiece none.
        pre: llama.cpp's name of the pre-tokenizer.
        add_bos, add_eos: whether text gets the special token in front, behind.
        bos, eos, eot, eom, pad: ids of special tokens, `None` where there is none.
        chat_template: Jinja source, empty if the checkpoint has none.
        model: llama.cpp's name of the kind.
        scores: of SentencePiece's pieces, by id.
        unk: id of the unknown token.
        text_form: what our runtime does with a text before llama.cpp tokenises it; empty for nothing.
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
    model: str = BYTE_LEVEL
    scores: list[float] = field(default_factory=list)
    unk: int | None = None
    text_form: str = ""


def chat_template(folder: Path, settings: dict[str, Any]) -> str:
    """The processor's template where it has one, as transformers prefers it, else the tokenizer's."""
    jinja = folder / "chat_template.jinja"
    if jinja.exists():
        check_belongs(jinja)
        return _checked(read_text(jinja, most_bytes=_MOST_TEMPLATE_BYTES), jinja)
    template = read_optional_object(folder / "chat_template.json").get("chat_template")
    template = template or settings.get("chat_template")
    if isinstance(template, list):  # several, by name
        named = [entry for entry in template if isinstance(entry, dict) and entry.get("name") == "default"]
        template = named[0].get("template") if named else None
    return _checked(template, folder) if isinstance(template, str) else ""


def _checked(template: str, path: Path) -> str:
    """A template that C can take, whose texts end at a NUL."""
    if "\0" in template:
        raise UserError(f"{path}: the `chat_template` holds a NUL character: {get_again(path, 'its files')}.")
    if len(template) > _MOST_TEMPLATE_BYTES:
        raise UserError(f"{path}: the `chat_template` has more than {_MOST_TEMPLATE_BYTES >> 20} MiB, which none has.")
    return template
