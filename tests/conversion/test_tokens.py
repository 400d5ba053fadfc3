"""Every kind of tokenizer, converted and run: the same tokens as Hugging Face's and Mistral's own code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop_vlm.conversion.gguf_file import lay_out
from desktop_vlm.conversion.metadata import Origin, f32, general, tokenizer_metadata, u32
from desktop_vlm.conversion.quant_types import FILE_TYPES
from desktop_vlm.conversion.tokenizer import Vocabulary
from desktop_vlm.conversion.tokenizer_files import read_tokenizer
from desktop_vlm.runtime import llama
from desktop_vlm.runtime.tokenizer import Tokenizer
from tests.checkpoints.families import build_tokenizer
from tests.checkpoints.families.tokenizer_folders import TOKENIZERS

GOLDEN: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "golden" / "families" / "tokens.json").read_text(encoding="utf-8")
)
STRINGS: list[str] = GOLDEN["strings"]
N_VOCAB = 1000
NOT_MARKED = ("<|fim_prefix|>", "<|fim_suffix|>")
"""Control tokens that Qwen's files do not mark as such: here they stay plain text nevertheless."""


class LoadedVocabulary:
    """A vocabulary without a model, loaded by llama.cpp, and our tokenizer for it."""

    def __init__(self, folder: Path) -> None:
        path = folder / "vocabulary.gguf"
        path.write_bytes(lay_out(self._entries(folder), []).header)
        params = llama.llama_model_default_params()
        params.vocab_only = True
        self.model = llama.llama_model_load_from_file(str(path).encode(), params)
        assert self.model
        self.vocab = llama.llama_model_get_vocab(self.model)
        self.tokenizer = Tokenizer(self.vocab, path, self._setting, self._special_tokens)

    @staticmethod
    def _entries(folder: Path) -> list[Any]:
        tokenizer = read_tokenizer(folder, Vocabulary(N_VOCAB, bos=1, eos=(2,)))
        sizes = {"block_count": 1, "context_length": 64, "embedding_length": 8, "feed_forward_length": 8}
        return [
            *general("llama", "model", FILE_TYPES["F32"], Origin("vocabulary", None, "")),
            *(u32(f"llama.{key}", value) for key, value in (sizes | {"vocab_size": N_VOCAB}).items()),
            u32("llama.attention.head_count", 1),
            f32("llama.attention.layer_norm_rms_epsilon", 1e-5),
            *tokenizer_metadata(tokenizer),
        ]

    def _setting(self, key: str) -> str:
        import ctypes

        buffer = ctypes.create_string_buffer(1 << 10)
        length = llama.llama_model_meta_val_str(self.model, key.encode(), buffer, len(buffer))
        return buffer.value.decode() if length >= 0 else ""

    def _special_tokens(self) -> dict[str, int]:
        kinds = llama.LLAMA_TOKEN_ATTR_CONTROL | llama.LLAMA_TOKEN_ATTR_USER_DEFINED | llama.LLAMA_TOKEN_ATTR_UNKNOWN
        found = [i for i in range(N_VOCAB) if llama.llama_vocab_get_attr(self.vocab, i) & kinds]
        return {llama.llama_vocab_get_text(self.vocab, i).decode(): i for i in found}

    def close(self) -> None:
        self.tokenizer.close()
        llama.llama_model_free(self.model)


@pytest.fixture(scope="module", params=TOKENIZERS)
def loaded(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Tokenizer]]:
    name = str(request.param)
    vocabulary = LoadedVocabulary(build_tokenizer(name, tmp_path_factory.mktemp("tokenizer")))
    yield name, vocabulary.tokenizer
    vocabulary.close()


def test_there_are_enough_texts() -> None:
    assert len(STRINGS) >= 300
    assert sum("<" in text or "[" in text for text in STRINGS) >= 50


def test_plain_text_becomes_the_same_tokens(loaded: tuple[str, Tokenizer]) -> None:
    """GIVEN texts, names of control tokens among them WHEN they stay plain THEN tokens are the reference's."""
    name, tokenizer = loaded
    pairs = zip(STRINGS, GOLDEN[name]["plain"], strict=True)
    cases = [(text, ids) for text, ids in pairs if not any(token in text for token in NOT_MARKED)]
    wrong = {text: (tokenizer.tokenize(text), ids) for text, ids in cases if tokenizer.tokenize(text) != ids}
    assert wrong == {}
    assert len(cases) >= 300


def test_control_tokens_become_the_same_tokens(loaded: tuple[str, Tokenizer]) -> None:
    name, tokenizer = loaded
    if "parsed" not in GOLDEN[name]:
        pytest.skip("Mistral's own code never finds control tokens in a text")
    wrong = {}
    for text, ids in zip(STRINGS, GOLDEN[name]["parsed"], strict=True):
        if text.startswith("<0x") and name == "llama-bytes-added":
            continue  # bytes are no names here, whatever the file says
        found = tokenizer.tokenize(text, special=True)
        if found != ids:
            wrong[text] = (found, ids)
    assert wrong == {}


def test_only_what_begins_a_text_gets_a_space(tmp_path: Path) -> None:
    """GIVEN a tokenizer that puts a space in front of a text, unless it has one or stands behind a token."""
    vocabulary = LoadedVocabulary(build_tokenizer("llama-metaspace", tmp_path))
    tokenize, space = vocabulary.tokenizer.tokenize, vocabulary.tokenizer.tokenize(" ")
    assert len(space) == 1
    assert tokenize("<s>") == [*space, *tokenize("<s>", follows=True)]
    assert tokenize(" <s>") == tokenize("<s>") == tokenize(" <s>", follows=True)
    vocabulary.close()


def test_control_tokens_that_are_not_marked_stay_text(loaded: tuple[str, Tokenizer]) -> None:
    _, tokenizer = loaded
    for text in NOT_MARKED:
        assert len(tokenizer.tokenize(text)) > 5
