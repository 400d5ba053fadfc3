"""The types of the text file are llama.cpp's own: its quantiser runs here on every type and is compared.

Every type loads, and the finer ones stay closer to F32.
"""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import llama_cpp
import numpy as np
import pytest
from gguf import GGMLQuantizationType as Type
from numpy.typing import NDArray
from PIL import Image

from desktop_vlm import backend
from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.decoder import Decoder, hugging_face_names
from desktop_vlm.conversion.gguf_file import FileLayout, lay_out, padded
from desktop_vlm.conversion.metadata import Origin, general, tokenizer_metadata
from desktop_vlm.conversion.quant_types import FILE_TYPES, file_type, text_type
from desktop_vlm.conversion.recipe import decoder_recipe
from desktop_vlm.conversion.tensor_map import GgufTensor
from desktop_vlm.conversion.tokenizer import Tokenizer
from desktop_vlm.convert import ModelFiles, convert, plan
from desktop_vlm.families.mllama.convert.config import TextConfig, read_config
from desktop_vlm.families.mllama.convert.metadata import text_metadata
from desktop_vlm.families.mllama.convert.tensor_map import text_tensors
from desktop_vlm.families.mllama.convert.types import self_attention_stack
from desktop_vlm.runtime.ggml.quantize import quantize_rows
from tests.checkpoints import ALPHA, BETA, CHECKPOINTS, DELTA, GAMMA
from tests.checkpoints.families import FAMILY_CHECKPOINTS, build_family
from tests.gguf_files import assert_as_large_as_planned, read_gguf
from tests.goldens import prompt

# A small type, a mixed one of each family and those with a special case, where all of them would take long.
SOME_TYPES = ["F16", "BF16", "Q8_0", "Q4_K_M", "Q3_K_M", "IQ4_XS", "Q5_0"]

SEARCHED = ("IQ4_XS",)
"""Values that are searched for take longest: delta has the type, beta the one in its place where blocks do not fit."""

NO_TOKENIZER = Tokenizer(["a", "b"], [], ["a b"], "gpt-2", False, False, None, None, None, None, None, chat_template="")


@pytest.fixture(autouse=True)
def quiet_llama_cpp() -> None:
    llama_cpp.llama_log_set(_SILENT, ctypes.c_void_p(0))


_SILENT = llama_cpp.llama_log_callback(lambda _level, _text, _data: None)


def quantise_with_llama_cpp(source: Path, target: Path, type_name: str) -> None:
    params = llama_cpp.llama_model_quantize_default_params()
    params.ftype = int(FILE_TYPES[type_name].number)
    params.nthread = 1  # with two, starting them takes longer than what such small tensors take
    assert llama_cpp.llama_model_quantize(str(source).encode(), str(target).encode(), params) == 0


def same_tensors(ours: Path, theirs: Path) -> None:
    expected, found = read_gguf(theirs), read_gguf(ours)
    assert found.types == expected.types
    different = [name for name, tensor in found.tensors.items() if tensor.data != expected.tensors[name].data]
    assert different == []


@pytest.fixture(scope="module")
def folders(checkpoint_folder: Callable[[str], Path]) -> dict[str, Path]:
    return {name: checkpoint_folder(name) for name in (*CHECKPOINTS, DELTA.name)}


@pytest.mark.parametrize(
    ("name", "type_name"),
    [(DELTA.name, t) for t in FILE_TYPES if t != "F32"]
    + [(ALPHA.name, t) for t in SOME_TYPES if t not in SEARCHED]
    + [(GAMMA.name, "Q4_K_M")]
    + [(BETA.name, t) for t in SOME_TYPES],
)
def test_text_file_is_what_llama_cpp_quantises(
    folders: dict[str, Path], model_files: Callable[..., ModelFiles], tmp_path: Path, name: str, type_name: str
) -> None:
    # GIVEN the checkpoint as F32, and as the type
    prepared = plan(folders[name], tmp_path, text_type=type_name, vision_type=type_name)
    files = model_files(name, type_name)
    # WHEN llama.cpp quantises the F32 file
    theirs = tmp_path / "theirs.gguf"
    quantise_with_llama_cpp(model_files(name).text, theirs, type_name)
    # THEN types and bytes are the same, and as many as was said
    same_tensors(files.text, theirs)
    assert_as_large_as_planned(prepared, files)


# --- every rule, on models that have only two rows in every matrix ----------------------------------------

BASE = TextConfig(
    vocab_size=2,
    width=256,
    n_layers=9,
    n_heads=8,
    n_heads_kv=2,
    ffn_width=512,
    context_length=64,
    rms_eps=1e-5,
    rope_theta=10000.0,
    rope_scaling=None,
    cross_layers=(2,),
    bos=None,
    eos=(),
    pad=None,
)
SHAPES = {
    "groups of 4, 8 layers": BASE,
    "no groups, 33 layers": replace(BASE, n_layers=34, n_heads_kv=8),
    "70B: 80 layers in groups of 8": replace(BASE, n_layers=81, n_heads_kv=1),
    "80 layers without groups": replace(BASE, n_layers=81, n_heads_kv=8),
    "blocks of 32 fit, of 256 do not": replace(BASE, width=96, n_heads=4, n_heads_kv=2, ffn_width=160),
    "blocks fit the MLP only": replace(BASE, width=96, n_heads=4, n_heads_kv=1, ffn_width=256),
    "no blocks fit": replace(BASE, width=40, n_heads=4, n_heads_kv=2, ffn_width=72),
}


def thin(tensor: GgufTensor) -> GgufTensor:
    """The tensor with two rows, as only names and row lengths decide about types."""
    return replace(tensor, shape=(2, tensor.n_per_row)) if len(tensor.shape) == 2 else tensor


def write(path: Path, layout: FileLayout) -> None:
    rng = np.random.default_rng(1)
    with path.open("wb") as file:
        file.write(layout.header)
        for placed in layout.tensors:
            rows = rng.standard_normal((placed.tensor.n_rows, placed.tensor.n_per_row), dtype=np.float32)
            file.write(quantize_rows(placed.type, rows).tobytes())
            file.write(bytes(padded(placed.n_bytes) - placed.n_bytes))


@pytest.mark.parametrize("config", SHAPES.values(), ids=SHAPES.keys())
def test_every_rule_is_llama_cpps(folders: dict[str, Path], tmp_path: Path, config: TextConfig) -> None:
    model = replace(read_config(folders[ALPHA.name]), text=config)
    origin = Origin("thin", None, "")
    tensors = [thin(tensor) for tensor in text_tensors(config)]
    exact = tmp_path / "exact.gguf"
    metadata = general("llama", "model", FILE_TYPES["F32"], origin)
    metadata += [*text_metadata(model), *tokenizer_metadata(NO_TOKENIZER)]
    write(exact, lay_out(metadata, [(tensor, Type.F32) for tensor in tensors]))
    stack = self_attention_stack(config)
    for kind in FILE_TYPES.values():
        theirs = tmp_path / f"{kind.name}.gguf"
        quantise_with_llama_cpp(exact, theirs, kind.name)
        expected = read_gguf(theirs).types
        assert {t.name: text_type(t, kind, stack).name for t in tensors} == expected, kind.name


QWEN = Decoder(
    arch="qwen2vl",
    vocab_size=2,
    width=256,
    n_layers=8,
    n_heads=8,
    n_heads_kv=2,
    head_dim=32,
    ffn_width=512,
    context_length=64,
    rms_eps=1e-6,
    rope_theta=1e6,
    names=hugging_face_names("model", "lm_head", rotates_halves=False),
    rope_sections=(4, 6, 6),
    qkv_bias=True,
)
DECODERS = {
    "qwen2vl, groups of 4": QWEN,
    "qwen2vl, output shared": replace(QWEN, is_tied=True, n_layers=9),
    "qwen2vl, 80 layers": replace(QWEN, n_layers=80, n_heads_kv=1),
    "qwen2vl, blocks of 32 fit, output shared": replace(QWEN, is_tied=True, width=96, n_heads=3, n_heads_kv=1),
    "qwen2vl, no blocks fit, output shared": replace(
        QWEN, is_tied=True, width=40, n_heads=2, n_heads_kv=1, head_dim=20, ffn_width=72, rope_sections=(4, 3, 3)
    ),
    "llama, heads wider than the model": replace(QWEN, arch="llama", head_dim=64, qkv_bias=False, rope_sections=()),
    "llama, output shared": replace(QWEN, arch="llama", is_tied=True, n_layers=33, qkv_bias=False, rope_sections=()),
}


@pytest.mark.parametrize("decoder", DECODERS.values(), ids=DECODERS.keys())
def test_every_rule_is_llama_cpps_for_whole_decoders(tmp_path: Path, decoder: Decoder) -> None:
    recipe = decoder_recipe(decoder, lambda: NO_TOKENIZER)
    tensors = [thin(tensor) for tensor in recipe.tensors]
    exact = tmp_path / "exact.gguf"
    metadata = general(decoder.arch, "model", FILE_TYPES["F32"], Origin("thin", None, ""))
    metadata += [*recipe.metadata, *tokenizer_metadata(NO_TOKENIZER)]
    write(exact, lay_out(metadata, [(tensor, Type.F32) for tensor in tensors]))
    for kind in FILE_TYPES.values():
        theirs = tmp_path / f"{kind.name}.gguf"
        quantise_with_llama_cpp(exact, theirs, kind.name)
        expected = read_gguf(theirs).types
        assert {t.name: text_type(t, kind, recipe.stack).name for t in tensors} == expected, kind.name


@pytest.fixture(scope="module")
def family_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], tuple[Path, Path]]:
    """Name of a family's tiny checkpoint -> its folder, and its text file in F32."""
    root = tmp_path_factory.mktemp("families")

    @cache
    def made(name: str) -> tuple[Path, Path]:
        folder = build_family(FAMILY_CHECKPOINTS[name], root / name)
        return folder, convert(folder, root / f"{name}-exact", text_type="F32", vision_type="F32").text

    return made


@pytest.mark.parametrize(
    ("name", "type_name"),
    [("llava", t) for t in SOME_TYPES]
    + [(name, t) for name in ("pixtral", "qwen", "qwen-tied") for t in ("F16", "Q4_K_M")],
)
def test_text_files_of_families_are_what_llama_cpp_quantises(
    family_folder: Callable[[str], tuple[Path, Path]], tmp_path: Path, name: str, type_name: str
) -> None:
    folder, exact = family_folder(name)
    ours = convert(folder, tmp_path, text_type=type_name, vision_type="F32").text
    theirs = tmp_path / "theirs.gguf"
    quantise_with_llama_cpp(exact, theirs, type_name)
    same_tensors(ours, theirs)


def test_names_of_types() -> None:
    assert file_type("q4_k_m").number == 15
    with pytest.raises(UserError, match=r"^Q9_K is no type .*: F32, F16, BF16, Q8_0, .*, Q2_K\.$"):
        file_type("Q9_K")


# --- what types do to answers, with the files that were made above ----------------------------------------

SLOW = tuple(kind for kind in FILE_TYPES if kind.startswith("IQ"))
"""Types whose values are searched for, twenty times as long as others: with a smaller model."""

SHORT = [1, 5, 9, 70, 200, 300]
"""A prompt for it."""


def divergence(files: ModelFiles, ids: list[int], images: list[Image.Image], expected: NDArray[np.float32]) -> float:
    """Mean Kullback-Leibler divergence from the F32 distribution over the prompt's tokens, in nats."""
    found = logits(files, ids, images)

    def log_softmax(logits: NDArray[np.float32]) -> NDArray[np.float64]:
        x: NDArray[np.float64] = logits.astype(np.float64) - logits.max(-1, keepdims=True)
        x -= np.log(np.exp(x).sum(-1, keepdims=True))
        return x

    p, q = log_softmax(expected), log_softmax(found)
    return float((np.exp(p) * (p - q)).sum(-1).mean())


def logits(files: ModelFiles, ids: list[int], images: list[Image.Image]) -> NDArray[np.float32]:
    with backend.load(files.text, files.mmproj, n_ctx=256, n_threads=1) as model:
        found: NDArray[np.float32] = model.logits(ids, images)
    return found


def test_divergence_from_f32(model_files: Callable[..., ModelFiles], capsys: pytest.CaptureFixture[str]) -> None:
    ids, images, expected = prompt("alpha", "picture")
    found: dict[str, float] = {}
    sizes: dict[str, int] = {}
    for kind in (one for one in FILE_TYPES if one not in SLOW):
        files = model_files("alpha", kind)
        sizes[kind] = files.text.stat().st_size + files.mmproj.stat().st_size
        found[kind] = divergence(files, ids, images, expected)
    with capsys.disabled():
        print(f"\n{'type':8}{'bytes':>12}{'divergence from F32, nats':>28}")
        for kind in sorted(found, key=lambda kind: found[kind]):
            print(f"{kind:8}{sizes[kind]:12,}{found[kind]:28.6f}")
    assert found["F32"] < 1e-9
    order = ["F32", "F16", "Q8_0", "Q6_K", "Q5_K_M", "Q4_K_M", "Q3_K_M", "Q2_K"]
    assert [found[kind] for kind in order] == sorted(found[kind] for kind in order)
    for better, worse in (("F16", "BF16"), ("Q6_K", "Q5_0"), ("Q5_0", "Q4_0"), ("Q5_1", "Q4_1")):
        assert found[better] < found[worse]


def test_divergence_of_types_that_are_searched_for(model_files: Callable[..., ModelFiles]) -> None:
    exact = logits(model_files("delta"), SHORT, [])
    found = {kind: divergence(model_files("delta", kind), SHORT, [], exact) for kind in (*SLOW, "Q8_0", "Q2_K")}
    assert len(SLOW) == 4
    for kind in SLOW:
        assert found["Q8_0"] < found[kind] < found["Q2_K"]
    assert max(found["IQ4_NL"], found["IQ4_XS"]) < min(found["IQ3_M"], found["IQ3_S"])
