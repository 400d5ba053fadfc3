"""The gate for language models: every rule names the file and the field, and good files pass."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from gguf import GGMLQuantizationType as Type

from desktop_vlm.api.errors import UserError
from desktop_vlm.convert import ModelFiles
from desktop_vlm.models.demo import demo_model
from desktop_vlm.runtime.gate.contents import check_contents
from desktop_vlm.runtime.gate.language_model import check_language_model
from desktop_vlm.runtime.ggml.gguf_reader import read_gguf
from tests.fuzz.gguf.document import Document, Entry
from tests.fuzz.gguf.edits import (
    BOOL,
    F32,
    I32,
    STRING,
    U32,
    Edit,
    added,
    drop,
    edited,
    of,
    renamed,
    setting,
    tensor,
    without,
)

KEYS = "tokenizer.ggml"


@pytest.fixture(scope="module")
def text(model_files: Callable[..., ModelFiles]) -> Path:
    """A tiny Llama in F32: 4 heads, 2 of them with keys and values of their own."""
    return model_files("alpha").text


def check(path: Path) -> None:
    file = read_gguf(path)
    for part in check_language_model(file):
        check_contents(part)


def refused(path: Path) -> str:
    with pytest.raises(UserError) as error:
        check(path)
    assert path.name in str(error.value)
    return str(error.value)


SETTINGS: dict[str, tuple[list[Edit], str]] = {
    "no layers": (
        [setting("llama.block_count", U32, 0)],
        "llama.block_count (it is 0, and must be a whole number from 1",
    ),
    "4 billion layers": ([setting("llama.block_count", U32, 2**32 - 1)], "llama.block_count (it is 4294967295"),
    "layers in words": ([setting("llama.block_count", STRING, "two")], "llama.block_count (it is 'two'"),
    "layers missing": ([drop("llama.block_count")], "lacks the setting llama.block_count"),
    "width": ([setting("llama.embedding_length", U32, 0)], "llama.embedding_length (it is 0"),
    "context": ([setting("llama.context_length", U32, 0)], "llama.context_length (it is 0"),
    "more heads than width": (
        [setting("llama.attention.head_count", U32, 4096), drop("llama.attention.key_length")],
        "llama.attention.head_count",
    ),
    "heads of keys": (
        [setting("llama.attention.head_count_kv", U32, 3)],
        "llama.attention.head_count_kv (it is 3, and",
    ),
    "no heads of keys": ([setting("llama.attention.head_count_kv", U32, 0)], "llama.attention.head_count_kv (it is 0"),
    "heads by layer": ([setting("llama.attention.head_count", U32, [4, 4, 4])], "llama.attention.head_count"),
    "epsilon 0": ([setting("llama.attention.layer_norm_rms_epsilon", F32, 0.0)], "rms_epsilon (it is 0.0, and must be"),
    "epsilon < 0": (
        [setting("llama.attention.layer_norm_rms_epsilon", F32, -1e-5)],
        "layer_norm_rms_epsilon (it is -9.99",
    ),
    "epsilon is none": ([setting("llama.attention.layer_norm_rms_epsilon", F32, math.nan)], "rms_epsilon (it is nan"),
    "rope base": ([setting("llama.rope.freq_base", F32, math.inf)], "llama.rope.freq_base (it is inf"),
    "rope scaling": ([setting("llama.rope.scaling.type", STRING, "wide")], "llama.rope.scaling.type (it is 'wide'"),
    "odd rope": (
        [setting("llama.rope.dimension_count", U32, 3)],
        "llama.rope.dimension_count (it is 3, and must be an",
    ),
    "half rope": ([setting("llama.rope.dimension_count", U32, 8)], "llama.rope.dimension_count is 8 and must be 32"),
    "values": ([setting("llama.attention.value_length", U32, 8)], "llama.attention.value_length is 8 and must be 32"),
    "experts unused": (
        [setting("llama.expert_count", U32, 4)],
        "llama.expert_used_count (it is not there, and must be",
    ),
    "experts used": ([setting("llama.expert_used_count", U32, 2)], "llama.expert_used_count (it is 2, and must be 0"),
    "many experts": ([setting("llama.expert_count", U32, 5000)], "llama.expert_count (it is 5000"),
    "layers ahead": ([setting("llama.nextn_predict_layers", U32, 9)], "llama.nextn_predict_layers (it is 9"),
    "alignment": ([setting("general.alignment", U32, 8)], "general.alignment is 8 and must be a multiple of 32"),
    "architecture": ([drop("general.architecture")], "general.architecture is missing"),
    "no tokens": ([setting(f"{KEYS}.tokens", STRING, [])], f"{KEYS}.tokens"),
    "tokens are numbers": ([setting(f"{KEYS}.tokens", U32, [1, 2])], f"{KEYS}.tokens"),
    "types missing": ([setting(f"{KEYS}.token_type", I32, [1, 1])], f"{KEYS}.token_type"),
    "end": ([setting(f"{KEYS}.eos_token_id", U32, 2**32 - 1)], f"{KEYS}.eos_token_id (it is 4294967295, and must be"),
    "merges": ([setting(f"{KEYS}.merges", STRING, ["a b", "ab"])], f"the merge 1 in {KEYS}.merges has no space"),
    "merges are numbers": ([setting(f"{KEYS}.merges", U32, [1])], f"{KEYS}.merges"),
    "no vocabulary": (
        [setting(f"{KEYS}.model", STRING, "none")],
        f"{KEYS}.model (it is 'none', and must be a tokenizer's name",
    ),
    "bytes": ([setting(f"{KEYS}.model", STRING, "rwkv")], f"{KEYS}.tokens has tokens that begin with the byte"),
    "tokenizer": ([setting(f"{KEYS}.model", U32, 1)], f"{KEYS}.model (it is 1, and must be a text)"),
    "template": ([setting("tokenizer.chat_template", BOOL, True)], "tokenizer.chat_template"),
}


@pytest.mark.parametrize("case", SETTINGS)
def test_a_setting_that_makes_no_model_is_named(case: str, text: Path, tmp_path: Path) -> None:
    edits, sentence = SETTINGS[case]
    assert sentence in refused(edited(text, tmp_path / "bad.gguf", *edits))


TENSORS: dict[str, tuple[Edit, str]] = {
    "missing": (without("blk.0.ffn_up.weight"), "the tensor blk.0.ffn_up.weight is missing"),
    "one dimension": (
        tensor("blk.1.ffn_gate.weight", shape=(64,)),
        "the tensor blk.1.ffn_gate.weight has the shape [64]",
    ),
    "width": (
        tensor("blk.0.attn_k.weight", shape=(64, 8)),
        "blk.0.attn_k.weight has the shape [64, 8] and must have [256, ",
    ),
    "integers": (
        tensor("blk.0.attn_q.weight", kind=Type.I32),
        "blk.0.attn_q.weight has the type I32, which no weights",
    ),
    "doubles": (
        tensor("output.weight", kind=Type.F64),
        "the tensor output.weight has the type F64, which no weights have",
    ),
    "half norm": (tensor("output_norm.weight", kind=Type.F16), "output_norm.weight has the type F16 and must be F32"),
    "packed norm": (
        tensor("blk.0.attn_norm.weight", kind=Type.Q8_0),
        "attn_norm.weight has the type Q8_0 and must be F32",
    ),
    "a name alone": (renamed("blk.0.attn_q.weight", "blk"), "the tensor 'blk' has no name that"),
    "no such layer": (
        renamed("blk.0.attn_q.weight", "blk.77.attn_q.weight"),
        "blk.77.attn_q.weight belongs to none of",
    ),
    "frequencies": (tensor("rope_freqs.weight", shape=(5,)), "rope_freqs.weight has the shape [5] and must have [16]"),
}


@pytest.mark.parametrize("case", TENSORS)
def test_a_tensor_that_does_not_fit_is_named(case: str, text: Path, tmp_path: Path) -> None:
    edit, sentence = TENSORS[case]
    assert sentence in refused(edited(text, tmp_path / "bad.gguf", edit))


def test_tokens_are_different_texts(text: Path, tmp_path: Path) -> None:
    tokens = read_gguf(text).value(f"{KEYS}.tokens")
    again = [*tokens[:-1], tokens[5]]
    sentence = refused(edited(text, tmp_path / "bad.gguf", setting(f"{KEYS}.tokens", STRING, again)))
    assert f"the tokens 5 and {len(tokens) - 1} of {KEYS}.tokens are both" in sentence
    # An empty token gets a name of its own, so one and another may both be empty.
    check(edited(text, tmp_path / "empty.gguf", setting(f"{KEYS}.tokens", STRING, [*tokens[:-2], "", ""])))


def test_types_of_tokens_are_known_ones(text: Path, tmp_path: Path) -> None:
    types = read_gguf(text).value(f"{KEYS}.token_type")
    bad = edited(text, tmp_path / "bad.gguf", setting(f"{KEYS}.token_type", I32, [*types[:9], 7, *types[10:]]))
    assert f"the type of token 9 in {KEYS}.token_type is 7 and must be from 0 to 6" in refused(bad)


def test_data_lies_in_the_order_of_the_list(text: Path, tmp_path: Path) -> None:
    def overlap(document: Document) -> None:
        document.tensors[3].offset = 0

    def gap(document: Document) -> None:
        document.tensors[-1].offset = sum(-(-len(one.data) // 32) * 32 for one in document.tensors[:-1]) + 32
        document.tail = bytes(64)

    assert "overlap" in refused(edited(text, tmp_path / "overlap.gguf", overlap))
    assert "begins at byte" in refused(edited(text, tmp_path / "gap.gguf", gap))


@pytest.mark.parametrize(
    ("kind", "size", "pattern"),
    [
        (Type.F32, 64, b"\x00\x00\xc0\x7f"),
        (Type.F16, 64, b"\x00\xfc"),
        (Type.BF16, 64, b"\x80\x7f"),
        (Type.Q8_0, 64, b"\x00\x7c"),
        (Type.Q4_0, 64, b"\xff\x7f"),
    ],
)
def test_numbers_that_are_none_are_found(kind: Type, size: int, pattern: bytes, text: Path, tmp_path: Path) -> None:
    good = tensor("blk.0.attn_q.weight", kind=kind, data=bytes([0, 60]))

    def plant(document: Document) -> None:
        found = of(document, "blk.0.attn_q.weight")
        at = (
            len(found.data)
            // size
            // 2
            * (size if kind in (Type.F32, Type.F16, Type.BF16) else 34 if kind is Type.Q8_0 else 18)
        )
        found.data = found.data[:at] + pattern + found.data[at + len(pattern) :]

    check(edited(text, tmp_path / "good.gguf", good))
    sentence = refused(edited(text, tmp_path / "bad.gguf", good, plant))
    assert "the tensor blk.0.attn_q.weight has numbers that are not finite" in sentence


def test_limits_may_be_infinite(text: Path, tmp_path: Path) -> None:
    def unlimited(document: Document) -> None:
        document.tensors[-1].data = struct.pack("<f", math.inf)

    check(edited(text, tmp_path / "good.gguf", added("v.blk.0.attn_q.input_max", 1), unlimited))
    assert "not finite" in refused(edited(text, tmp_path / "bad.gguf", added("v.blk.0.attn_q.limit", 1), unlimited))


def test_a_file_whose_end_was_never_written_is_noticed(text: Path, tmp_path: Path) -> None:
    def zero(document: Document) -> None:  # a bias of zeros is no hole
        document.tensors[-1].data = bytes(len(document.tensors[-1].data))

    whole = text.read_bytes()
    for name, count in (("half", len(whole) // 2), ("tenth", len(whole) // 10)):
        bad = tmp_path / f"{name}.gguf"
        bad.write_bytes(whole[:-count] + bytes(count))
        assert "at its end holds nothing but zeros" in refused(bad)
    check(edited(text, tmp_path / "bias.gguf", added("blk.0.attn_q.bias", 256), zero))


def test_the_same_file_is_read_throughout(text: Path, tmp_path: Path) -> None:
    path = tmp_path / "model.gguf"
    path.write_bytes(text.read_bytes())
    file = read_gguf(path)
    file.check_same()
    (tmp_path / "other.gguf").write_bytes(text.read_bytes())
    (tmp_path / "other.gguf").replace(path)
    with pytest.raises(UserError, match=r"model\.gguf was changed while it was read"):
        check_contents(file)


def test_a_model_in_several_parts_is_checked_whole(text: Path, tmp_path: Path) -> None:
    def half(first: bool) -> Edit:
        def edit(document: Document) -> None:
            middle = len(document.tensors) // 2
            document.tensors = document.tensors[:middle] if first else document.tensors[middle:]
            document.entries = document.entries if first else []

        return edit

    def u16(key: str, value: int) -> Edit:
        def edit(document: Document) -> None:
            document.entries.append(Entry(key.encode(), 2, value.to_bytes(2, "little")))

        return edit

    first, second = tmp_path / "m-00001-of-00002.gguf", tmp_path / "m-00002-of-00002.gguf"
    edited(text, first, half(True), u16("split.count", 2), u16("split.no", 0))
    with pytest.raises(UserError, match=r"m-00002-of-00002\.gguf; check the path"):
        check(first)
    edited(text, second, half(False), u16("split.count", 2), u16("split.no", 1))
    check(first)
    edited(text, second, half(True), u16("split.no", 1))
    with pytest.raises(UserError, match=r"m-00002.* is in m-00001-of-00002\.gguf as well"):
        check(first)
    edited(text, second, half(False), setting("split.no", U32, 1))
    with pytest.raises(UserError, match=r"m-00002-of-00002\.gguf .*split\.no"):
        check(first)
    with pytest.raises(UserError, match=r"is part 2 of 2 of a model; give its first part"):
        check(edited(text, second, half(False), u16("split.count", 2), u16("split.no", 1)))


def test_good_models_pass() -> None:
    """A published model, in types and with a vocabulary of its own."""
    found = demo_model()
    if found is None:
        pytest.skip("the demo's language model is not installed")
    check(found[0])


def test_heads_fit_where_llama_cpp_creates_them_by_the_width(text: Path, tmp_path: Path) -> None:
    def of_another_architecture(document: Document) -> None:
        for entry in document.entries:
            entry.key = entry.key.replace(b"llama.", b"internlm2.")
        setting("general.architecture", STRING, "internlm2")(document)

    check(edited(text, tmp_path / "good.gguf", of_another_architecture))
    numbers = {"head_count": 64, "head_count_kv": 2, "key_length": 32, "value_length": 32}
    heads = [setting(f"internlm2.attention.{name}", U32, number) for name, number in numbers.items()]
    bad = edited(text, tmp_path / "bad.gguf", of_another_architecture, *heads)
    assert "the tensor blk.0.attn_q.weight has the shape [256, 256] and must have [256, 2048]" in refused(bad)


def test_unknown_settings_and_other_architectures_pass(text: Path, tmp_path: Path) -> None:
    """Nobody can know all that others write: extra keys, empty lists, tensors of other architectures."""

    def of_tomorrow(document: Document) -> None:
        for entry in document.entries:
            entry.key = entry.key.replace(b"llama.", b"command-r.")
        setting("general.architecture", STRING, "command-r")(document)

    extras = [
        setting("general.quantized_by", STRING, "somebody"),
        setting("quantize.imatrix.entries_count", U32, 224),
        setting("general.languages", STRING, []),
        setting("general.tags", STRING, ["chat", "\u00e9"]),
        setting(f"{KEYS}.padding_token_id", U32, 4_000_000),  # llama.cpp passes over it
    ]
    check(edited(text, tmp_path / "extra.gguf", *extras))
    check(edited(text, tmp_path / "wide.gguf", setting("general.alignment", U32, 32)))
    check(edited(text, tmp_path / "other.gguf", of_tomorrow))
    for kind in (Type.IQ4_NL, Type.MXFP4, Type.BF16, Type.Q5_1):
        path = tmp_path / f"{kind.name}.gguf"
        check(edited(text, path, tensor("blk.0.ffn_down.weight", kind=kind, data=np.full(64, 1, np.uint8).tobytes())))
