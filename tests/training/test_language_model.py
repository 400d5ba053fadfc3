"""The language model as training reads it, against llama.cpp and the gguf package."""

from __future__ import annotations

import random
import string
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from gguf import GGUFReader
from gguf.quants import dequantize

from desktop_vlm.families.generic.chat_format import ChatMl
from desktop_vlm.families.mllama.family import MllamaFamily
from desktop_vlm.runtime.chat_format import Turn, render
from desktop_vlm.runtime.text_model import TextModel
from training.language_model import GgufFile, Tokenizer, find_gguf, open_gguf, read_shape

_WORDS = "the File Error 404: can't WE'LL http://a.b/c?d=1 x_y __init__ 3.14 -7 $9.99 (OK) [Cancel] \t\n ... don't I'm"


@pytest.fixture(scope="module")
def model() -> Iterator[TextModel]:
    loaded = TextModel(
        find_gguf(), n_ctx=64, n_batch=64, n_gpu_layers=0, n_threads=1, kv_type=None, should_stop=lambda: False
    )
    yield loaded
    loaded.close()


@pytest.fixture(scope="module")
def file() -> GgufFile:
    return open_gguf(find_gguf())


def strings() -> list[str]:
    rng = random.Random(1)
    printable = [chr(code) for code in range(32, 127)]
    noise = ["".join(rng.choices(printable, k=rng.randint(1, 40))) for _ in range(200)]
    words = _WORDS.split(" ")
    sentences = [
        "".join(rng.choice(words) + " " * rng.randint(0, 3) for _ in range(rng.randint(1, 12))) for _ in range(200)
    ]
    letters = ["".join(rng.choices(string.ascii_letters + "  '", k=30)) for _ in range(100)]
    edges = [
        "",
        " ",
        "  ",
        "   a",
        "a   ",
        "a  5",
        "5  a",
        " 5",
        "12 34",
        "\n\n",
        "a\n\nb",
        "user\n",
        "assistant\n",
        "'s's",
        "_",
    ]
    return [*noise, *sentences, *letters, *edges, "<|im_start|> <|image|>", '{"total": "12.50", "items": []}']


def test_ids_equal_llama_cpp(model: TextModel, file: GgufFile) -> None:
    tokenizer = Tokenizer(file.settings)
    for text in strings():
        assert tokenizer.encode(text) == model.tokenize(text), repr(text)
        assert tokenizer.decode(tokenizer.encode(text)) == text


def test_prompt_equals_the_engines(model: TextModel, file: GgufFile) -> None:
    tokenizer = Tokenizer(file.settings)
    question, answer = "What does the title say? It's 42.", "Save changes to 'a.txt'?"
    turn = Turn("user", (("image", "key"), ("text", question)))
    expected, _ = render(ChatMl(), MllamaFamily().arrange, model, model.n_vocab, [turn])
    ids, n_prompt = tokenizer.exchange(question, answer)
    assert tuple(ids[:n_prompt]) == expected
    assert ids[n_prompt:] == [*model.tokenize(answer), model.control_token("<|im_end|>")]


def test_weights_equal_the_gguf_packages(file: GgufFile) -> None:
    reader = {tensor.name: tensor for tensor in GGUFReader(find_gguf()).tensors}
    assert set(reader) == set(file.tensors)
    for name in ("blk.7.attn_q.weight", "blk.29.ffn_down.weight", "output_norm.weight"):
        expected = dequantize(reader[name].data, reader[name].tensor_type)
        assert np.array_equal(file.read(name), expected.reshape(file.tensors[name][1]))


def test_shape(file: GgufFile) -> None:
    shape = read_shape(file)
    assert (shape.width, shape.n_layers, shape.n_heads, shape.n_heads_kv) == (576, 30, 9, 3)
    assert (shape.vocab_size, shape.ffn_width, shape.head_dim) == (49152, 1536, 64)
    assert shape.rope_theta == 100000.0
    assert shape.rms_eps == pytest.approx(1e-5, rel=1e-6)


def test_pieces_are_joined(tmp_path: Path, file: GgufFile, monkeypatch: pytest.MonkeyPatch) -> None:
    half = len(file.raw) // 2
    (tmp_path / "text.gguf.00").write_bytes(file.raw[:half])
    (tmp_path / "text.gguf.01").write_bytes(file.raw[half:])
    monkeypatch.setenv("DESKTOP_VLM_TEXT_GGUF", str(tmp_path / "text.gguf"))
    assert open_gguf(find_gguf()).raw == file.raw
