"""Models that no family is made for: as libmtmd's own path computes them, but stopped, remembered and reused."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gguf import GGUFWriter
from numpy.typing import NDArray
from PIL import Image

from desktop_vlm import backend
from desktop_vlm.api.errors import EngineError, UserError
from desktop_vlm.families.mtmd.binding import library
from desktop_vlm.families.mtmd.runner import MtmdRunner
from tests.checkpoints import make_image
from tests.checkpoints.families import FAMILY_CHECKPOINTS
from tests.families.mtmd.gguf_pairs import write_pair, write_siglip
from tests.goldens import deviation

SLICES = ((112, 56), (56, 112), (112, 112))


@pytest.fixture(scope="module")
def gemma(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A Llama with the encoder of Gemma 3's kind."""
    folder = tmp_path_factory.mktemp("gemma")
    text, _ = write_pair(FAMILY_CHECKPOINTS["llava"], folder)
    width = FAMILY_CHECKPOINTS["llava"].config["text_config"]["hidden_size"]
    return text, write_siglip(folder / "siglip.gguf", text_width=width)


@pytest.fixture(scope="module")
def sliced(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """LLaVA 1.6, which cuts an image into slices."""
    return write_pair(FAMILY_CHECKPOINTS["llava"], tmp_path_factory.mktemp("sliced"), slices=SLICES)


def runner_of(model: backend.Model) -> MtmdRunner:
    assert isinstance(model._session.vision, MtmdRunner)
    return model._session.vision


def by_libmtmd(model: backend.Model, tokens: list[int], image: Image.Image, after: list[int]) -> NDArray[np.float32]:
    """Logits after the last token, by the helper that llama.cpp's own programs use."""
    functions, runner, text = library(), runner_of(model), model._session.text
    model.forget()
    text.decode(tokens, 0, outputs="none", handlers={})
    pixels = np.asarray(image)
    end = ctypes.c_int32(len(tokens))
    with runner._opened.chunks(image.width, image.height, pixels) as chunks:
        arguments = (runner._opened._handle, text._context, chunks._handle, len(tokens), 0, 256, False)

        def evaluate() -> int:
            status: int = functions.mtmd_helper_eval_chunks(*arguments, ctypes.byref(end))
            return status

        # LLaVA's defect is corrected here as well.
        status = runner._hook.run(evaluate, "the helper's", (), lambda _layer: None)
    assert status == 0
    logits: NDArray[np.float32] = text.decode(after, end.value, outputs="last", handlers={})[0]
    model.forget()
    return logits


@pytest.mark.parametrize("size", [(112, 112), (200, 90), (64, 300)])
@pytest.mark.parametrize("kind", ["gemma", "sliced"])
def test_logits_are_those_of_libmtmds_own_path(
    kind: str, size: tuple[int, int], request: pytest.FixtureRequest
) -> None:
    """Rows that see each other, and images of several chunks."""
    files: tuple[Path, Path] = request.getfixturevalue(kind)
    with backend.load(*files, n_ctx=512, n_threads=1) as model:
        assert model.capabilities.family == "generic"
        assert model.capabilities.max_images > 1
        image = make_image("generic", size)
        expected = by_libmtmd(model, [40, 41, 42], image, [43, 44])
        tokens = [40, 41, 42, model.n_vocab, 43, 44]
        assert deviation(model.next_logits(tokens, [image]), expected) < 1e-5
        before = runner_of(model).n_encoded
        assert deviation(model.next_logits([*tokens, 45], [image]), expected) > 1e-3
        assert deviation(model.next_logits(tokens, [image]), expected) < 1e-5
        assert runner_of(model).n_encoded == before


def test_slices_are_chunks_of_one_image(sliced: tuple[Path, Path]) -> None:
    with backend.load(*sliced, n_ctx=512, n_threads=1) as model:
        span = model._session.measure("key", make_image("generic", (110, 112)))
        assert span.n_tokens == 5 * 16  # the whole, and four slices of 4 x 4 patches
        reported: list[tuple[int, int]] = []
        states = model.encode(
            make_image("generic", (110, 112)), lambda done, total: reported.append((done, total))
        ).states
        assert states.shape == (80, 64)
        n_layers = FAMILY_CHECKPOINTS["llava"].config["vision_config"]["num_hidden_layers"] - 1
        assert reported[-1] == (5 * n_layers, 5 * n_layers)
        assert reported == sorted(reported)


def test_a_large_image_takes_no_more_memory_than_what_the_library_makes_of_it(
    gemma: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    with backend.load(*gemma, n_ctx=512, n_threads=1) as model:
        runner = runner_of(model)
        room = runner.setup.shape.encoding_bytes(112, 112)
        monkeypatch.setattr(type(runner._device), "memory", lambda _self: (room, room))
        assert model.encode(make_image("generic", (1500, 900))).states.shape == (16, 64)


def test_rows_that_see_each_other_need_a_batch_that_holds_them(gemma: tuple[Path, Path]) -> None:
    with (
        backend.load(*gemma, n_ctx=512, n_threads=1, n_batch=8) as model,
        pytest.raises(EngineError, match=r"The 16 rows of an image see each other.*n_batch of at least 16; it is 8"),
    ):
        model.next_logits([40, model.n_vocab], [make_image("generic", (112, 112))])


def write_projector(path: Path, kind: str, **settings: Any) -> Path:
    writer = GGUFWriter(path, "clip")
    writer.add_string("clip.projector_type", kind)
    for key, value in settings.items():
        writer.add_bool(f"clip.{key}", value)
    writer.add_tensor("v.blk.0.ln1.weight", np.ones(8, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def test_a_projector_for_sound_is_refused_in_a_sentence(gemma: tuple[Path, Path], tmp_path: Path) -> None:
    sound = write_projector(tmp_path / "sound.gguf", "ultravox", has_audio_encoder=True)
    with pytest.raises(UserError, match=r"sound.gguf listens to sound and sees no images"):
        backend.load(gemma[0], sound, n_ctx=64)


def test_an_unknown_projector_is_refused_in_a_sentence(gemma: tuple[Path, Path], tmp_path: Path) -> None:
    unknown = write_projector(tmp_path / "unknown.gguf", "of_tomorrow", has_vision_encoder=True)
    with pytest.raises(UserError, match=r"unknown.gguf is a projector of type of_tomorrow; this program runs mllama"):
        backend.load(gemma[0], unknown, n_ctx=64)


def test_a_projector_that_lacks_tensors_is_refused_in_a_sentence(gemma: tuple[Path, Path], tmp_path: Path) -> None:
    lacking = write_projector(tmp_path / "lacking.gguf", "gemma3", has_vision_encoder=True)
    with pytest.raises(UserError, match=r"lacking.gguf lacks the setting clip\.vision\.image_mean; get the file again"):
        backend.load(gemma[0], lacking, n_ctx=64)
