"""The runner itself: one encode an image, stops, progress, corrections, and files that do not fit."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from desktop_vlm import backend
from desktop_vlm.api.errors import Cancelled, EngineError, OutOfMemoryError, UserError
from desktop_vlm.families.llava15.correction import ClassLast
from desktop_vlm.families.mtmd import runner as runner_module
from desktop_vlm.families.mtmd.encode_hook import EncodeHook
from desktop_vlm.families.mtmd.runner import MtmdRunner
from tests.checkpoints import make_image
from tests.checkpoints.families import FAMILY_CHECKPOINTS, llava
from tests.families.mtmd.conftest import session_of
from tests.families.mtmd.gguf_pairs import write_pair
from tests.goldens import deviation

Files = Callable[[str], tuple[Path, Path]]
Load = Callable[[str], backend.Model]
NAMES = ("llava", "pixtral", "qwen")


def runner_of(model: backend.Model) -> MtmdRunner:
    vision = session_of(model).vision
    assert isinstance(vision, MtmdRunner)
    return vision


def ask(model: backend.Model, images: list[Image.Image], question: str = "What is this?") -> backend.Usage:
    parts = [{"type": "image", "image": image} for image in images]
    messages = [{"role": "user", "content": [*parts, {"type": "text", "text": question}]}]
    usage = list(model.chat(messages, max_tokens=3, temperature=0))[-1].usage
    assert usage is not None
    return usage


@pytest.mark.parametrize("name", NAMES)
def test_each_image_is_encoded_once_and_its_prefix_computed_once(load_family: Load, name: str) -> None:
    model = load_family(name)
    images = [make_image(f"once {name} {i}", (60, 50)) for i in range(2)]
    before = runner_of(model).n_encoded
    first = ask(model, images)
    assert runner_of(model).n_encoded == before + 2
    second = ask(model, images, "What is that?")
    assert runner_of(model).n_encoded == before + 2
    span = session_of(model).measure("key", images[0])
    assert second.cached_tokens >= 2 * span.n_tokens
    assert second.encode_s == 0
    assert first.cached_tokens == 0
    ask(model, images[::-1])  # another order: nothing of the KV cache, but no encoding
    assert runner_of(model).n_encoded == before + 2


def test_remembered_rows_are_bounded(load_family: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    model = load_family("pixtral")
    monkeypatch.setattr(runner_module, "_REMEMBERED_BYTES", 3000)
    image = make_image("bounded", (60, 50))
    ask(model, [image, make_image("bounded too", (60, 50))])
    before = runner_of(model).n_encoded
    model.forget()
    ask(model, [image])
    assert runner_of(model).n_encoded == before + 1


@pytest.mark.parametrize("name", NAMES)
def test_encoding_tells_of_each_layer_and_can_be_stopped(load_family: Load, name: str) -> None:
    model, image = load_family(name), make_image("stopped", (64, 64))
    reported: list[tuple[int, int]] = []
    whole = model.encode(image, lambda done, total: reported.append((done, total))).states
    n_layers = reported[-1][1]
    assert reported == [*[(layer + 1, n_layers) for layer in range(n_layers)], (n_layers, n_layers)]
    assert n_layers == len(reported) - 1 > 1

    def stop_at_once(done: int, _total: int) -> None:
        reported.append((done, 0))
        raise Cancelled("stop")

    reported.clear()
    with pytest.raises(Cancelled):
        model.encode(image, stop_at_once)
    assert reported == [(1, 0)]
    assert np.array_equal(model.encode(image).states, whole)


def test_a_stop_while_encoding_leaves_the_model_usable(load_family: Load) -> None:
    model, image = load_family("qwen"), make_image("stop and go on", (200, 200))
    tokens = [40, 41, model.n_vocab, 42]
    expected = model.next_logits(tokens, [image])
    model.forget()
    runner_of(model)._remembered.clear()
    parts = [{"type": "image", "image": image}, {"type": "text", "text": "What?"}]

    def progress(stage: str, fraction: float) -> None:
        if stage == "encode" and fraction > 0:
            model.stop()

    chunks = list(model.chat([{"role": "user", "content": parts}], max_tokens=3, progress=progress))
    assert chunks[-1].finish_reason == "cancelled"
    assert deviation(model.next_logits(tokens, [image]), expected) < 1e-5


def test_a_stop_between_batches_of_rows_leaves_the_model_usable(family_files: Files) -> None:
    with backend.load(*family_files("pixtral"), n_ctx=512, n_threads=2, n_batch=8) as model:
        image = make_image("rows", (160, 160))
        tokens = [40, 41, model.n_vocab, 42]
        expected = model.next_logits(tokens, [image])
        model.forget()
        text, calls = session_of(model).text, list[object]()
        compute = text.compute

        def stopping(decode: Callable[[Any], int]) -> None:
            calls.append(decode)
            if len(calls) == 3:
                session_of(model).stop()
            session_of(model).check_stop()
            compute(decode)

        text.compute = stopping  # type: ignore[method-assign]
        with pytest.raises(Cancelled):
            model.next_logits(tokens, [image])
        text.compute = compute  # type: ignore[method-assign]
        assert len(calls) == 3
        assert session_of(model).n_evaluated == 2
        assert deviation(model.next_logits(tokens, [image]), expected) < 1e-5


def test_the_size_of_a_batch_changes_nothing(family_files: Files) -> None:
    image = make_image("batches", (150, 90))
    found = []
    for n_batch in (5, 64):
        with backend.load(*family_files("qwen"), n_ctx=512, n_threads=1, n_batch=n_batch) as model:
            found.append(model.next_logits([50, model.n_vocab, 51, 52], [image]))
    assert deviation(found[0], found[1]) < 1e-5


def test_loading_tells_of_progress_and_can_be_stopped(family_files: Files) -> None:
    reported: list[float] = []
    backend.load(*family_files("qwen"), n_ctx=64, progress=lambda _stage, done: reported.append(done)).close()
    assert reported == sorted(reported)
    assert reported[-1] == 1
    half = [done for done in reported if 0.5 < done < 1]
    assert len(half) > 10

    def stop(_stage: str, done: float) -> None:
        if done > 0.8:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        backend.load(*family_files("qwen"), n_ctx=64, progress=stop)


def test_the_callback_in_python_does_the_same_as_the_compiled_one(load_family: Load) -> None:
    model, image = load_family("llava"), make_image("callback", (56, 56))
    runner = runner_of(model)
    compiled = model.encode(image).states
    hook = EncodeHook([ClassLast()], native=False)
    assert hook.user_data is None
    assert runner._hook.n_corrected > 0
    assert np.isfinite(compiled).all()


def test_llava_without_its_correction_is_wrong(load_family: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    """So the correction is not idle; with a library that has the class first, it would find no node."""
    model, image = load_family("llava"), make_image("class", (56, 56))
    right = model.encode(image).states
    runner = runner_of(model)
    monkeypatch.setattr(runner._hook, "_of_inputs", [])
    runner._hook._found.clear()
    assert np.abs(model.encode(image).states - right).max() > 0.1
    monkeypatch.undo()
    runner._hook._found.clear()
    assert np.array_equal(model.encode(image).states, right)


def test_files_of_two_models_are_refused_in_a_sentence(family_files: Files, tmp_path: Path) -> None:
    _, other = write_pair(llava("wide", width=96, n_heads=4), tmp_path / "other")
    with pytest.raises(UserError, match=r"mmproj.gguf was not made for text.gguf: their widths differ"):
        backend.load(family_files("llava")[0], other, n_ctx=64)


def test_a_damaged_projector_is_refused_in_a_sentence(family_files: Files, tmp_path: Path) -> None:
    text, mmproj = family_files("qwen")
    cut = tmp_path / "cut.gguf"
    cut.write_bytes(mmproj.read_bytes()[:3000])
    with pytest.raises(UserError, match=r"cut.gguf is damaged or cut off"):
        backend.load(text, cut, n_ctx=64)


def test_no_image_ends_in_an_abort_for_want_of_memory(load_family: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    model, image = load_family("qwen"), make_image("no room", (64, 64))
    runner = runner_of(model)
    monkeypatch.setattr(runner, "_reserved_bytes", 0)
    monkeypatch.setattr(type(runner._device), "memory", lambda _self: (1000, 1000))
    with pytest.raises(OutOfMemoryError, match=r"There is not enough memory on CPU to look at this image"):
        model.encode(image)
    monkeypatch.undo()
    assert np.isfinite(model.encode(image).states).all()


def test_memory_that_an_image_took_is_there_for_the_next_one(
    family_files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    with backend.load(*family_files("qwen"), n_ctx=512, n_threads=1) as model:
        runner, small, large = runner_of(model), Image.new("RGB", (280, 280)), Image.new("RGB", (560, 560))
        needed = runner.setup.shape.encoding_bytes(280, 280)
        monkeypatch.setattr(type(runner._device), "memory", lambda _self: (needed, needed))
        model.encode(small)
        monkeypatch.setattr(type(runner._device), "memory", lambda _self: (1000, 1000))
        assert np.isfinite(model.encode(small).states).all()
        with pytest.raises(OutOfMemoryError):
            model.encode(large)


def test_an_encoder_that_fails_is_reported_in_a_sentence(load_family: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    model, image = load_family("pixtral"), make_image("fails", (64, 64))
    monkeypatch.setattr(runner_of(model)._opened, "encode", lambda _chunk: 1)
    with pytest.raises(EngineError, match=r"mmproj.gguf failed to encode an image of 64 x 64 pixels"):
        model.encode(image)


def test_a_context_too_short_for_a_large_image_shrinks_it(family_files: Files) -> None:
    image = Image.new("RGB", (2000, 2000))
    with backend.load(*family_files("pixtral"), n_ctx=200, n_threads=1) as model:
        span = session_of(model).measure("key", image)
        assert 100 < span.n_tokens < model.n_ctx
        assert np.isfinite(model.next_logits([40, model.n_vocab, 41], [image])).all()


@pytest.mark.parametrize("settings", [{"key": False}, {"key": False, "all_layers": True}])
def test_llava_files_without_feature_layer_run_all_layers(
    load_family: Load, tmp_path: Path, settings: dict[str, bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Old converters dropped the last layer and the library would drop one more; the file itself is not touched."""
    monkeypatch.setenv("DESKTOP_VLM_HOME", str(tmp_path / "home"))
    text, mmproj = write_pair(FAMILY_CHECKPOINTS["llava"], tmp_path / "legacy", **settings)
    content, image = mmproj.read_bytes(), make_image("legacy", (56, 56))
    expected = load_family("llava").encode(image).states
    with backend.load(text, mmproj, n_ctx=64, n_threads=1) as model:
        assert np.abs(model.encode(image).states - expected).max() < 1e-5
    assert mmproj.read_bytes() == content
    assert not [path for path in (tmp_path / "home").rglob("*") if path.is_file()]


def test_llava_runs_one_layer_short_where_no_copy_can_be_made(
    load_family: Load, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "home").write_text("a file where a folder should be")
    monkeypatch.setenv("DESKTOP_VLM_HOME", str(tmp_path / "home"))
    text, mmproj = write_pair(FAMILY_CHECKPOINTS["llava"], tmp_path / "legacy", key=False)
    image = make_image("legacy", (56, 56))
    with backend.load(text, mmproj, n_ctx=64, n_threads=1) as model:
        assert np.abs(model.encode(image).states - load_family("llava").encode(image).states).max() > 0.01
    assert "runs one layer short" in caplog.text


def test_a_projector_may_lie_apart_from_its_model(family_files: Files, tmp_path: Path) -> None:
    text, mmproj = family_files("qwen")
    moved = tmp_path / "ünïcode name.gguf"
    shutil.copy(mmproj, moved)
    with backend.load(text, moved, n_ctx=128, n_threads=1) as model:
        assert np.isfinite(model.next_logits([model.n_vocab, 40], [Image.new("RGB", (56, 56))])).all()


@pytest.mark.parametrize("name", NAMES)
def test_rows_that_somebody_holds_outlive_the_next_image_and_the_runner(family_files: Files, name: str) -> None:
    """The library encodes every image to the same memory."""
    with backend.load(*family_files(name), n_ctx=512, n_threads=1) as model:
        session, images = session_of(model), [make_image(f"held {name} {i}", (64, 64)) for i in range(2)]
        expected = [session.encode(image).states for image in images]
        held = [session.encode(image) for image in images]
    assert np.abs(expected[0] - expected[1]).max() > 0
    for one, rows in zip(held, expected, strict=True):
        np.testing.assert_array_equal(one.states, rows)
