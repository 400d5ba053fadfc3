"""Text to tokens, as the tokenizer that a model was trained with does it.

llama.cpp's tokenizer is used, and corrected where it differs: some files say what it leaves out (`text_form`), and its
`tekken` pattern cuts words with marks or with cased letters beyond ASCII elsewhere (`word_split`).
"""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from desktop_vlm.api.errors import EngineError
from desktop_vlm.runtime import llama
from desktop_vlm.runtime.interrupts import deferred_interrupts
from desktop_vlm.runtime.word_split import is_cut_differently, words
from desktop_vlm.system.border.files import c_path

TEXT_FORM_KEY = "desktop_vlm.tokenizer.text_form"
"""What is done with a text before llama.cpp tokenises it."""

_SPACES = (" ", "▁")
_STRING_OVERRIDE = 3  # LLAMA_KV_OVERRIDE_TYPE_STR
_UNCUT = "superbpe"  # the one of llama.cpp's pre-tokenizers that leaves words without digits alone


class Tokenizer:
    """The tokenizer of one loaded model."""

    def __init__(
        self, vocab: Any, path: Path, setting: Callable[[str], str], special_tokens: Callable[[], Mapping[str, int]]
    ) -> None:
        """Make it of a `llama_vocab *`.

        Args:
            vocab: of the loaded model.
            path: its file.
            setting: reads a metadata value of it.
            special_tokens: ids of control tokens and of those that are found in any text, by name.
        """
        self._vocab = vocab
        self._path = path
        self._special_tokens = special_tokens
        self._form = setting(TEXT_FORM_KEY)
        self._cuts_words = setting("tokenizer.ggml.pre") == "tekken"
        self._uncut_model: Any = None
        self._word = lru_cache(maxsize=1 << 12)(self._tokens_of_word)

    def close(self) -> None:
        """Free what was loaded beside the model; calling it again does nothing."""
        if self._uncut_model:
            llama.llama_model_free(self._uncut_model)
            self._uncut_model = None

    def tokenize(self, text: str, *, special: bool = False, follows: bool = False) -> list[int]:
        """Token ids of `text`, nothing added around it.

        Args:
            text: any text.
            special: whether the names of control tokens in it stand for those tokens.
            follows: whether it follows other tokens than the one that starts every sequence.

        Raises:
            EngineError: llama.cpp failed.
        """
        if not self._form and not (self._cuts_words and is_cut_differently(text)):
            return self._tokens(self._vocab, text, special=special)
        found: list[int] = []
        for piece in self._pieces(text, special=special):
            if isinstance(piece, int):
                found.append(piece)
            else:
                found += self._plain(self._formed(piece, is_first=not (found or follows)))
        return found

    def _pieces(self, text: str, *, special: bool) -> Iterator[str | int]:
        """The special tokens of `text`, and what stands between them."""
        pattern = self._special_pattern if special else self._always_special_pattern
        place = 0
        for found in pattern.finditer(text) if pattern else ():
            if found.start() > place:
                yield text[place : found.start()]
            yield self._special_tokens()[found.group()]
            place = found.end()
        if place < len(text):
            yield text[place:]

    @cached_property
    def _special_pattern(self) -> re.Pattern[str] | None:
        return _any_of(self._special_tokens())

    @cached_property
    def _always_special_pattern(self) -> re.Pattern[str] | None:
        """Tokens that a file added to its vocabulary for any text."""
        kind = llama.LLAMA_TOKEN_ATTR_USER_DEFINED
        tokens = self._special_tokens()
        return _any_of(name for name, i in tokens.items() if llama.llama_vocab_get_attr(self._vocab, i) & kind)

    def _formed(self, piece: str, *, is_first: bool) -> str:
        if self._form == "nfc":
            return unicodedata.normalize("NFC", piece)
        has_space = piece[0] in _SPACES
        gets_space = {
            "space": True,
            "space-unless-there": not has_space,
            "first-space-unless-there": is_first and not has_space,
        }
        return f" {piece}" if gets_space.get(self._form, False) else piece

    def _plain(self, text: str) -> list[int]:
        if not (self._cuts_words and is_cut_differently(text)):
            return self._tokens(self._vocab, text)
        return [token for word in words(text) for token in self._word(word)]

    def _tokens_of_word(self, word: str) -> list[int]:
        """The tokens of a word that must not be cut."""
        if not is_cut_differently(word):
            return self._tokens(self._vocab, word)
        whole = self._whole_tokens.get(word.encode())
        return [whole] if whole is not None else self._tokens(self._uncut_vocab, word)

    @cached_property
    def _whole_tokens(self) -> dict[bytes, int]:
        """Ordinary tokens by the bytes that they stand for: a word that is one is not merged."""
        tokens: dict[bytes, int] = {}
        buffer = ctypes.create_string_buffer(1 << 12)
        for token in range(llama.llama_vocab_n_tokens(self._vocab)):
            if llama.llama_vocab_get_attr(self._vocab, token) & llama.LLAMA_TOKEN_ATTR_NORMAL:
                length = llama.llama_token_to_piece(self._vocab, token, buffer, len(buffer), 0, False)
                tokens[buffer.raw[: max(length, 0)]] = token
        return tokens

    @cached_property
    def _uncut_vocab(self) -> Any:
        """The vocabulary once more, read as one that cuts no words."""
        overrides = (llama.llama_model_kv_override * 2)()  # the second, empty one ends the list
        overrides[0].tag = _STRING_OVERRIDE
        overrides[0].key = b"tokenizer.ggml.pre"
        overrides[0].value.val_str = _UNCUT.encode()
        params = llama.llama_model_default_params()
        params.vocab_only = True
        params.kv_overrides = overrides
        with deferred_interrupts():
            self._uncut_model = llama.llama_model_load_from_file(c_path(self._path), params)
        if not self._uncut_model:
            raise EngineError(f"The vocabulary of {self._path.name} could not be read again.")
        return llama.llama_model_get_vocab(self._uncut_model)

    def _tokens(self, vocab: Any, text: str, *, special: bool = False) -> list[int]:
        raw = text.encode()
        buffer = (llama.llama_token * (len(raw) + 8))()
        count = llama.llama_tokenize(vocab, raw, len(raw), buffer, len(buffer), False, special)
        if count < 0:
            raise EngineError(f"{self._path.name} could not turn a text of {len(raw):,} bytes into tokens.")
        return list(buffer[:count])


def _any_of(names: Iterable[str]) -> re.Pattern[str] | None:
    longest_first = sorted(names, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first))) if longest_first else None
