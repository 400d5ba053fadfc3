"""Random models of the families that libmtmd runs: llama.cpp itself loads them, sees an image and goes on."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
import pytest
from llama_cpp import mtmd_cpp

from benchmarks import random_families
from benchmarks.random_families import MODELS, write
from desktop_vlm.api.errors import UserError
from desktop_vlm.api.options import ModelRef
from desktop_vlm.conversion.gguf_file import lay_out
from desktop_vlm.families.loading import open_files
from desktop_vlm.models.published import PUBLISHED, mmproj_bytes, text_shape, text_tensors
from desktop_vlm.runtime.ggml.gguf_header import read_header
from desktop_vlm.runtime.llama_log import log_collector

TINY = [name for name in MODELS if name.startswith("tiny-")]


def projector(mmproj: Path, model: Any) -> Any:
    params = mtmd_cpp.mtmd_context_params_default()
    params.use_gpu, params.print_timings, params.warmup, params.n_threads = False, False, False, 1
    mtmd_cpp.mtmd_helper_log_set(log_collector().callback, None)
    return mtmd_cpp.mtmd_init_from_file(str(mmproj).encode(), model, params)


def encode(context: Any, side: int, n_embd: int) -> np.ndarray[Any, np.dtype[np.float32]]:
    """Rows of a square image, float32 (n_tokens, n_embd)."""
    pixels = np.random.RandomState(0).randint(0, 255, (side, side, 3)).astype(np.uint8)
    bitmap = mtmd_cpp.mtmd_bitmap_init(side, side, pixels.ctypes.data_as(ctypes.POINTER(ctypes.c_uint8)))
    chunks = mtmd_cpp.mtmd_input_chunks_init()
    text = mtmd_cpp.mtmd_input_text()
    text.text = mtmd_cpp.mtmd_default_marker()
    text.text_len, text.add_special, text.parse_special = len(text.text), False, True
    assert mtmd_cpp.mtmd_tokenize(context, chunks, ctypes.byref(text), (ctypes.c_void_p * 1)(bitmap), 1) == 0
    size = mtmd_cpp.mtmd_input_chunks_size(chunks)
    image = next(
        chunk
        for chunk in (mtmd_cpp.mtmd_input_chunks_get(chunks, i) for i in range(size))
        if mtmd_cpp.mtmd_input_chunk_get_type(chunk) == 1
    )
    assert mtmd_cpp.mtmd_encode_chunk(context, image) == 0
    rows = ctypes.cast(mtmd_cpp.mtmd_get_output_embd(context), ctypes.POINTER(ctypes.c_float))
    found = np.ctypeslib.as_array(rows, (mtmd_cpp.mtmd_input_chunk_get_n_tokens(image), n_embd)).copy()
    mtmd_cpp.mtmd_input_chunks_free(chunks)
    mtmd_cpp.mtmd_bitmap_free(bitmap)
    return found


@pytest.mark.parametrize(
    ("name", "side", "n_tokens"),
    [
        ("tiny-llava15", 336, 24 * 24),
        ("tiny-pixtral", 64, 4 * 4 + 3),  # an [IMG_BREAK] between rows
        ("tiny-qwen25vl", 84, 3 * 3),
    ],
)
@pytest.mark.parametrize("vision_type", ["F16", "Q8_0"])
def test_llama_cpp_loads_a_pair_and_encodes_an_image(
    name: str, side: int, n_tokens: int, vision_type: str, tmp_path: Path
) -> None:
    text_path, mmproj_path = write(name, tmp_path, "Q4_K_M", vision_type)
    log_collector()
    params = llama_cpp.llama_model_default_params()
    model = llama_cpp.llama_model_load_from_file(str(text_path).encode(), params)
    assert model
    context = projector(mmproj_path, model)
    assert context
    n_embd = MODELS[name].language.width
    rows = encode(context, side, n_embd)
    assert rows.shape == (n_tokens, n_embd)
    if name != "tiny-pixtral":  # there libmtmd scales uninitialised memory at the breaks
        assert np.isfinite(rows).all()
        assert np.std(rows) > 0
    mtmd_cpp.mtmd_free(context)
    llama_cpp.llama_model_free(model)


@pytest.mark.parametrize("name", TINY)
@pytest.mark.parametrize("text_type", ["Q4_K_M", "F16"])
def test_the_predicted_shape_is_that_of_the_file(name: str, text_type: str, tmp_path: Path) -> None:
    text_path, mmproj_path = write(name, tmp_path, text_type, "F16")
    shape = open_files(ModelRef(text_path)).shape
    assert shape
    assert text_shape(MODELS[name].language, text_type) == shape.text
    header = read_header(mmproj_path)
    assert header
    assert mmproj_bytes(MODELS[name], "F16") == sum(header.tensors.values())


@pytest.mark.parametrize(
    ("name", "text_gb", "mmproj_gb"),
    [
        ("llava-7b", 4.08, 0.62),
        ("pixtral-12b", 7.48, None),
        ("qwen2.5-vl-3b", 1.93, 1.34),
        ("qwen2.5-vl-7b", 4.68, 1.35),
        # The public file has 47.42: llama.cpp then called every model of 80 layers "70B", now only `llama` ones.
        ("qwen2.5-vl-72b", 47.42 - 0.043, None),
    ],
)
def test_real_shapes_give_the_sizes_of_public_files(name: str, text_gb: float, mmproj_gb: float | None) -> None:
    """GIVEN the sizes of the Q4_K_M and F16 files that people share, in GB THEN ours are those, vocabularies aside."""
    model = PUBLISHED[name]
    text = lay_out([], text_tensors(model.language, "Q4_K_M")).n_bytes
    vocabulary = 60 * model.language.vocab_size  # bytes of a token, its type and the merges
    assert abs(text + vocabulary - text_gb * 1e9) < 9e6
    if mmproj_gb:
        assert abs(mmproj_bytes(model, "F16") - mmproj_gb * 1e9) < 6e6


def test_a_pair_that_is_there_is_not_written_again_and_types_are_checked(tmp_path: Path) -> None:
    paths = write("tiny-pixtral", tmp_path, "Q4_K_M", "F16")
    written = [path.stat().st_mtime_ns for path in paths]
    assert write("tiny-pixtral", tmp_path, "Q4_K_M", "F16") == paths
    assert [path.stat().st_mtime_ns for path in paths] == written
    with pytest.raises(UserError, match="Q9 is no type"):
        write("tiny-pixtral", tmp_path, "Q9", "F16")
    mid = {name.replace("tiny-", "mid-") for name in TINY}
    assert set(random_families.MODELS) == {*PUBLISHED, *TINY, *mid}
