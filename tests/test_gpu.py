"""The engine on a real GPU, against the same references as on a processor; skipped where there is none.

A GPU multiplies F32 in shorter formats (TF32) and keeps keys in F16, so it cannot come as close as a processor.
"""

from __future__ import annotations

import logging
import os
import re
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from gguf import GGMLQuantizationType as GgmlType
from gguf import quants
from PIL import Image

from benchmarks.attention_sums import Attention, chosen
from benchmarks.random_model import write
from desktop_vlm import backend
from desktop_vlm.convert import ModelFiles
from desktop_vlm.families.mllama.cuda.encoder_layer import why_unavailable
from desktop_vlm.families.mllama.cuda.requirements import log_once
from desktop_vlm.families.mllama.encoded_image import TileStates
from desktop_vlm.families.mllama.image_processor import TiledImage, process_image
from desktop_vlm.families.mllama.mmproj import open_mmproj
from desktop_vlm.families.mllama.vision_encoder import VisionEncoder
from desktop_vlm.runtime.ggml.device import Backend, cpu_device, gpu_devices
from desktop_vlm.runtime.ggml.graph import Graph, Scratch, get_tensor, set_tensor
from desktop_vlm.runtime.vision_runner import EncodeProgress
from tests.checkpoints import CHECKPOINTS, model_images
from tests.conftest import NAMES
from tests.goldens import PROMPTS, deviation, golden, prompt
from tests.gpu_loads import lost_mib
from tests.stepwise import IDS, TALL, WIDE, decode, in_passes, tile_states

pytestmark = pytest.mark.skipif(not gpu_devices(), reason="llama-cpp-python knows no GPU here")

ON_VULKAN = any(gpu.registry == "Vulkan" for gpu in gpu_devices())
HALF = ON_VULKAN and "GGML_VK_DISABLE_F16" not in os.environ
"""Whether llama.cpp's own products are added up in float16: through Vulkan, unless it is switched off."""

TOLERANCE = 5e-2 if HALF else 1e-2
"""Of the logits' scale; a layer left out or run twice shows at 0.1 and more. In half precision text alone, in which
nothing is ours, deviates by 3.2e-2. What our own graphs compute, they compute in both (`states`)."""

SHARED = any(gpu.shares_main_memory for gpu in gpu_devices())
"""Whether there is no memory but the machine's, as of integrated GPUs and of lavapipe."""

N_STATES, MOST_ROWS = (800, 64) if any("llvmpipe" in gpu.description for gpu in gpu_devices()) else (6_404, 256)
"""That text looks at, and how much text at once. All states of four tiles would take Vulkan on a processor minutes for
one kind; float16 has had enough of 800."""

SQUARE = Image.linear_gradient("L").resize((30, 30))


@pytest.mark.parametrize("kind", ["F32", "F16"])
@pytest.mark.parametrize("n_gpu_layers", [-1, 2, 0])
@pytest.mark.parametrize("name", NAMES)
def test_logits_equal_the_reference(
    name: str, n_gpu_layers: int, kind: str, model_files: Callable[..., ModelFiles]
) -> None:
    """Also with some layers on the processor, which a GPU computes for long prompts."""
    files = model_files(name, kind)
    with backend.load(files.text, files.mmproj, n_ctx=512, n_gpu_layers=n_gpu_layers, n_threads=2) as model:
        found = {}
        for which in PROMPTS:
            ids, images, expected = prompt(name, which)
            model.forget()
            found[which] = deviation(model.logits(ids, images or None), expected)
            last = model.next_logits(ids, images)
            found[f"{which}, last"] = deviation(last, expected[-1])
        print(name, kind, n_gpu_layers, {which: f"{value:.1e}" for which, value in found.items()})
        assert max(found.values()) <= TOLERANCE


def test_an_image_was_seen_while_loading(
    model_files: Callable[..., ModelFiles], monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that the first one that a person shows does not wait for kernels."""
    seen: list[int] = []
    encode = VisionEncoder.encode

    def noted(self: VisionEncoder, image: TiledImage, progress: EncodeProgress | None = None) -> TileStates:
        seen.append(image.num_tiles)
        return encode(self, image, progress)

    monkeypatch.setattr(VisionEncoder, "encode", noted)
    files = model_files("alpha")
    with backend.load(files.text, files.mmproj, n_ctx=512, n_gpu_layers=-1, n_threads=2):
        assert seen == [4]


@pytest.mark.parametrize("name", NAMES)
def test_greedy_continuation_equals_the_reference(name: str, model_files: Callable[..., ModelFiles]) -> None:
    files = model_files(name)
    expected = golden(name, "logits")
    ids, images, _ = prompt(name, "picture")
    with backend.load(files.text, files.mmproj, n_ctx=512, n_threads=2) as model:
        for step, token in enumerate(expected["greedy.ids"].tolist()):
            logits = model.next_logits(ids, images)
            assert deviation(logits, expected["greedy.logits"][step]) <= TOLERANCE
            ids.append(token)


@pytest.mark.skipif(all(gpu.registry != "CUDA" for gpu in gpu_devices()), reason="CUDA alone starts kernels early")
@pytest.mark.parametrize("kind", ["F16", "Q8_0"])
def test_early_starts_of_kernels_change_no_token(kind: str, tmp_path: Path) -> None:
    """In a shape whose products end soon enough for the race of docs/decisions/0005 to be seen."""
    files = write("mid", tmp_path, kind, "Q8_0")
    found = []
    for early in ("1", "0"):
        out = tmp_path / f"{early}.npy"
        environment = {**os.environ, "GGML_CUDA_PDL": early}
        subprocess.run([sys.executable, "-m", "tests.gpu_tokens", *files, out], env=environment, check=True)
        found.append(np.load(out))
    np.testing.assert_array_equal(*found)


@pytest.mark.skipif(all(gpu.registry != "CUDA" for gpu in gpu_devices()), reason="nothing is left out elsewhere")
@pytest.mark.parametrize(
    ("text_type", "vision_type", "n_gpu_layers"),
    [("F16", "F16", -1), ("Q4_K_M", "Q8_0", -1), ("Q4_K_M", "Q8_0", 5)],  # the last: some layers on the processor
)
def test_without_waiting_at_stops_tokens_are_the_same(
    text_type: str, vision_type: str, n_gpu_layers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bit for bit, in passes of one token and of several (docs/decisions/0013)."""
    files = write("mid", tmp_path, text_type, vision_type)
    found = []
    for leaves_out in (False, True):
        monkeypatch.setattr("desktop_vlm.runtime.native_stops.LEAVES_OUT_WAITS", leaves_out)
        with backend.load(*files, n_ctx=512, n_gpu_layers=n_gpu_layers) as model:
            for image in (WIDE, TALL):
                found += [decode(model, image), in_passes(model, image, 5)]
                model.forget()
    half = len(found) // 2
    for waiting, without in zip(found[:half], found[half:], strict=True):
        np.testing.assert_array_equal(waiting, without)


@pytest.mark.parametrize("kind", ["F32", "F16", "Q8_0"])
def test_states_equal_the_reference(kind: str, model_files: Callable[..., ModelFiles]) -> None:
    mmproj = open_mmproj(model_files("alpha", kind).mmproj)
    gpu = Backend(gpu_devices()[0], 1, lambda: False)
    scratch = Scratch(gpu)
    image = model_images(CHECKPOINTS["alpha"])["wide"].image()
    states = []
    for resident in (True, False):
        encoder = VisionEncoder(mmproj, gpu, scratch, resident=resident)
        states.append(encoder.encode(process_image(image, mmproj.image_processor)).visible)
        encoder.close()
    scratch.close()
    gpu.close()
    with backend.load(model_files("alpha").text, model_files("alpha").mmproj, n_ctx=64, n_gpu_layers=0) as exact:
        expected = tile_states(exact, image).visible
    print(kind, deviation(states[0], expected))
    assert deviation(states[0], expected) <= {"F32": 2e-3, "F16": 2e-3, "Q8_0": 5e-2}[kind]
    assert np.array_equal(states[0], states[1])


@pytest.mark.parametrize("kind", ["F16", "Q8_0"])
def test_our_kernels_compute_what_ggml_does(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """For heads of 80, on NVIDIA GPUs since compute capability 8.0; both beside a processor."""
    mmproj = open_mmproj(write("tiny", tmp_path, "F16", kind)[1])
    states = {}
    for name, place in (("ours", gpu_devices()[0]), ("ggml", gpu_devices()[0]), ("processor", cpu_device())):
        device = Backend(place, 4, lambda: False)
        scratch = Scratch(device)
        with monkeypatch.context() as patch:
            if name != "ours":
                patch.setattr("desktop_vlm.families.mllama.vision_encoder.CudaLayer.open", lambda *_: None)
            encoder = VisionEncoder(mmproj, device, scratch)
        if name == "ours" and encoder._cuda is None:
            pytest.skip("ggml's operations are used on this GPU")
        states[name] = [
            encoder.encode(process_image(image, mmproj.image_processor)).states for image in (WIDE, TALL, SQUARE)
        ]
        encoder.close()
        scratch.close()
        device.close()
    for ours, ggml, exact in zip(*states.values(), strict=True):
        print(kind, f"ours {deviation(ours, exact):.1e}, ggml {deviation(ggml, exact):.1e}")
        assert deviation(ours, exact) <= {"F16": 4e-3, "Q8_0": 3e-2}[kind]


def test_compiled_and_python_callbacks_decode_alike(
    model_files: Callable[..., ModelFiles], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = model_files("alpha", "F16")
    with backend.load(files.text, files.mmproj, n_ctx=512) as model:
        first, other = decode(model, WIDE), decode(model, TALL)
        model.forget()
        assert np.array_equal(decode(model, WIDE), first)
    monkeypatch.setattr("desktop_vlm.runtime.eval_hook.native_library", lambda: None)
    with backend.load(files.text, files.mmproj, n_ctx=512) as model:
        assert np.array_equal(decode(model, WIDE), first)
        assert np.array_equal(decode(model, TALL), other)


@pytest.mark.parametrize("n_rows", [1, 2, 8, 64])
@pytest.mark.parametrize("kind", [GgmlType.F16, GgmlType.Q8_0, GgmlType.Q4_0])
def test_products_beyond_float16s_range_are_right(kind: GgmlType, n_rows: int) -> None:
    """GIVEN 256 times 32 times 32, four times as much as float16 holds, and rows with small sums of large numbers."""
    gpu = Backend(gpu_devices()[0], 1, lambda: False)
    scratch = Scratch(gpu)
    values = np.full((64, 256), 32.0, dtype=np.float32)
    rows = np.full((n_rows, 256), 32.0, dtype=np.float32)
    values[1::2, 1::2] *= -1  # every second sum is 0, in whose middle it is large where it is not added up in pairs
    with Graph(gpu) as graph:
        weight, x = graph.input(kind, 256, 64), graph.input(GgmlType.F32, 256, n_rows)
        product = graph.linear(weight, x)
        graph.run_to(product)
        scratch.place(graph)
        set_tensor(weight, quants.quantize(values, kind))
        set_tensor(x, rows)
        graph.compute()
        found = get_tensor(product).reshape(n_rows, 64)
    scratch.close()
    gpu.close()
    expected = rows @ quants.dequantize(quants.quantize(values, kind), kind).T
    assert np.isfinite(found).all()
    assert np.abs(found - expected).max() <= 1e-3 * np.abs(expected).max()


@pytest.mark.parametrize("kind", ["random 1", "equal 100", "equal 10000", "signs 10000", "halves 10000"])
def test_thousands_of_states_are_added_up_in_float32(kind: str, tmp_path: Path) -> None:
    """Whatever the text looks at in an image; single tokens on AMD's GPUs, and before compute capability 8.9, through
    ggml's CUDA code still in float16.
    """
    least = 1 if ON_VULKAN else 2
    n_rows = [rows for rows in (1, 2, 8, 64, 256) if least <= rows <= MOST_ROWS]
    with closing(Attention("gpu", 1, N_STATES)) as attention:
        found = [one for rows in n_rows for one in attention.cross(kind, rows, {"chosen": chosen})]
        found += attention.kernel(kind, tmp_path)
    print([f"{one.shape}, {one.rows}: {one.deviation:.1e}, {1e3 * one.seconds:.2f} ms" for one in found])
    assert [one for one in found if not one.is_right] == []


def test_text_after_an_image_is_text_alone(model_files: Callable[..., ModelFiles]) -> None:
    files = model_files("alpha", "F16")
    with backend.load(files.text, n_ctx=512) as text_only:
        expected = text_only.next_logits(IDS)
    with backend.load(files.text, files.mmproj, n_ctx=512) as model:
        decode(model, WIDE)
        model.forget()
        assert np.array_equal(model.next_logits(IDS), expected)


@pytest.mark.parametrize(("text_type", "vision_type", "tolerance"), [("F16", "F16", 1e-2), ("Q4_K_M", "Q8_0", 5e-2)])
def test_real_head_sizes_compute_as_on_a_processor(
    text_type: str, vision_type: str, tolerance: float, tmp_path: Path
) -> None:
    """Heads of 80 and 128, as Llama 3.2's, take other kernels than those of the tiny checkpoints."""
    text_path, mmproj_path = write("tiny", tmp_path, text_type, vision_type)
    logits, states = [], []
    for n_gpu_layers in (-1, 0):
        with backend.load(text_path, mmproj_path, n_ctx=512, n_gpu_layers=n_gpu_layers) as model:
            logits.append(decode(model, WIDE))
            states.append(tile_states(model, WIDE).visible)
    print(text_type, vision_type, deviation(*logits), deviation(*states))
    assert deviation(*states) <= tolerance
    assert deviation(*logits) <= max(tolerance, TOLERANCE)


@pytest.mark.parametrize("asked", [-1, 0, 2, 99])
def test_layers_on_gpus_are_those_that_llama_cpp_logs(
    asked: int, model_files: Callable[..., ModelFiles], caplog: pytest.LogCaptureFixture
) -> None:
    """The C API does not tell them; `layers_on_gpu` derives what llama.cpp says in its log."""
    files = model_files("alpha")
    with (
        caplog.at_level(logging.DEBUG, "desktop_vlm.runtime.llama_log"),
        backend.load(files.text, n_ctx=64, n_gpu_layers=asked, n_threads=1) as model,
    ):
        logged = re.findall(r"offloaded (\d+)/(\d+) layers to GPU", caplog.text)
        assert (model.n_gpu_layers, model.n_layers) == tuple(map(int, logged[-1]))


@pytest.mark.parametrize("kind", ["F16", "F32"])
def test_why_our_kernels_are_not_used_is_said_where_they_are_not(
    kind: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """GIVEN weights that they take, or not THEN a line is logged exactly where they are not used."""
    gpu = gpu_devices()[0]
    log_once.cache_clear()
    mmproj = open_mmproj(write("tiny", tmp_path, "F16", kind)[1])
    opened = Backend(gpu, 1, lambda: False)
    scratch = Scratch(opened)
    with caplog.at_level(logging.INFO):
        encoder = VisionEncoder(mmproj, opened, scratch)
    lines = [line for line in caplog.messages if line.startswith(f"our own CUDA kernels are not used on {gpu.name}: ")]
    assert (encoder._cuda is None) == (len(lines) == 1) == (why_unavailable(gpu) != "" or kind == "F32")
    encoder.close()
    scratch.close()
    opened.close()


@pytest.mark.skipif(SHARED, reason="what is free is main memory, of which others take; tests/vulkan counts buffers")
def test_a_hundred_loads_of_different_families_leave_the_gpu_as_it_was(tmp_path: Path) -> None:
    """GIVEN a first round, with which driver and libraries take what they keep THEN its memory comes back each time."""
    found = lost_mib(tmp_path, 100)
    print(f"MiB that did not come back after each of {len(found) - 1} loads: at most {max(found):.1f}")
    assert max(found) <= 5
