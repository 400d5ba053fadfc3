"""The language model alone: vocabulary, and files that are not a text model."""

from __future__ import annotations

import logging
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_vlm.api.errors import Cancelled, DeviceLostError, EngineError, UserError
from desktop_vlm.convert import ModelFiles
from desktop_vlm.runtime import llama_log
from desktop_vlm.runtime.ggml import device as ggml_device
from desktop_vlm.runtime.ggml import library
from desktop_vlm.runtime.text_model import TextModel


def load(path: Path, **changes: object) -> TextModel:
    settings = {
        "n_ctx": 64,
        "n_batch": 32,
        "n_gpu_layers": 0,
        "n_threads": 1,
        "kv_type": None,
        "should_stop": lambda: False,
        **changes,
    }
    return TextModel(path, **settings)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def model(model_files: Callable[..., ModelFiles]) -> Iterator[TextModel]:
    made = load(model_files("alpha").text)
    yield made
    made.close()


class _PressesOnce(logging.Handler):
    """Presses Ctrl-C while llama.cpp logs its first line from now on."""

    def emit(self, record: logging.LogRecord) -> None:
        del record
        logging.getLogger(llama_log.__name__).removeHandler(self)
        os.kill(os.getpid(), signal.SIGINT)


@pytest.fixture
def press_at_next_line() -> Iterator[Callable[[], None]]:
    """Have Ctrl-C pressed within the callback that gets the next line of the log, where no exception can travel on."""
    log, handler = logging.getLogger(llama_log.__name__), _PressesOnce()
    before = log.level
    log.setLevel(logging.DEBUG)
    yield lambda: log.addHandler(handler)
    log.removeHandler(handler)
    log.setLevel(before)


def test_an_interrupt_is_not_lost_in_a_line_of_the_log(
    model: TextModel, press_at_next_line: Callable[[], None]
) -> None:
    tokens = model.tokenize("Hello")
    for work in (
        lambda: model.decode(tokens, 0, outputs="last", handlers={}),
        lambda: model.decode(tokens[:1], 0, outputs="last", handlers={}),
        lambda: model.compute(lambda _context: 0),
        lambda: load(model.path),
    ):
        press_at_next_line()
        with pytest.raises(KeyboardInterrupt):
            work()


def test_shape(model: TextModel) -> None:
    assert (model.n_vocab, model.n_embd, model.n_layer, model.n_ctx) == (384, 256, 5, 256)  # contexts come in 256s


@pytest.mark.parametrize(("n_gpu_layers", "status", "lost"), [(1, -3, True), (1, -2, False), (0, -3, False)])
def test_a_gpu_that_failed_to_compute_is_lost(
    n_gpu_layers: int, status: int, lost: bool, model: TextModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Metal goes on failing until its process ends; what a processor or a full memory refuses, it may do next time."""
    monkeypatch.setattr(model, "n_gpu_layers", n_gpu_layers)
    with pytest.raises(EngineError) as failed:
        model._check(status)
    assert isinstance(failed.value, DeviceLostError) == lost


def test_control_tokens(model: TextModel) -> None:
    eot = model.control_token("<|eot_id|>")
    assert eot is not None
    assert model.is_end(eot)
    assert model.token_bytes(eot) == b""
    assert model.token_bytes(eot, special=True) == b"<|eot_id|>"
    assert model.control_token("<|im_end|>") is None
    assert model.control_token("hello") is None
    assert model.bos == model.control_token("<|begin_of_text|>")


@pytest.mark.parametrize("text", ["", "a", "Grüße 👋🏽 \n\n\t x", "<|eot_id|>", "\x00\x01", "é" * 400])
def test_text_survives_tokenizing(text: str, model: TextModel) -> None:
    assert b"".join(map(model.token_bytes, model.tokenize(text))).decode() == text


def test_bytes_that_are_cut_off_are_refused(tmp_path: Path, model_files: Callable[..., ModelFiles]) -> None:
    whole = model_files("beta").text.read_bytes()
    for keep in (0, 2, 4, 30, 1000, 9000, len(whole) // 2, len(whole) - 1):
        cut = tmp_path / "cut.gguf"
        cut.write_bytes(whole[:keep])
        with pytest.raises(UserError, match=r"cut\.gguf"):
            load(cut)


def test_other_files_are_refused(tmp_path: Path, model_files: Callable[..., ModelFiles]) -> None:
    with pytest.raises(UserError, match="is the vision projector of a model; give the text GGUF"):
        load(model_files("alpha").mmproj)
    with pytest.raises(UserError, match="There is no file"):
        load(tmp_path / "missing.gguf")


def test_loading_can_be_stopped(model_files: Callable[..., ModelFiles]) -> None:
    fractions: list[float] = []

    def stop(fraction: float) -> None:
        fractions.append(fraction)
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        load(model_files("alpha").text, progress=stop)
    assert len(fractions) == 1
    assert 0 <= fractions[0] <= 1


def test_a_context_beyond_memory_is_an_engine_error(model_files: Callable[..., ModelFiles]) -> None:
    with pytest.raises(EngineError, match=r"context of 2,000,000,000 tokens takes 4,768.4 GiB"):
        load(model_files("alpha").text, n_ctx=2_000_000_000)


def test_stopping_a_long_prefill(model_files: Callable[..., ModelFiles]) -> None:
    stop = False
    made = load(model_files("alpha").text, should_stop=lambda: stop)
    expected = made.decode([1, 2, 3], 0, outputs="last", handlers={})
    stop = True
    with pytest.raises(Cancelled):
        made.decode([4, 5], 3, outputs="last", handlers={})
    stop = False
    made.forget_from(0)
    assert (made.decode([1, 2, 3], 0, outputs="last", handlers={}) == expected).all()
    made.close()


def test_a_slow_token_says_how_it_gets_on(model_files: Callable[..., ModelFiles]) -> None:
    asked = 0

    def should_stop() -> bool:
        nonlocal asked
        asked += 1
        return False

    made = load(model_files("alpha").text, should_stop=should_stop)
    made.decode([5], 0, outputs="last", handlers={})
    assert asked == 0
    made._took_s = 1.0  # the last one was slow
    made.decode([6], 1, outputs="last", handlers={})
    assert asked > 20  # parts of one token, which was quick
    made._took_s, asked = 0.0, 0
    made.decode([7], 2, outputs="last", handlers={})
    made.close()
    assert asked == 0


@pytest.mark.parametrize(("features", "there"), [({"AMX_INT8": "1"}, True), ({"AMX_INT8": "0"}, False), ({}, False)])
def test_amx_is_a_feature_of_the_cpu_backend(
    features: dict[str, str], there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "backend_features", lambda: {"CUDA": {"AMX_INT8": "1"}, "CPU": features})
    assert ggml_device.has_amx() == there


def test_a_prompt_as_long_as_a_short_context_is_computed(model_files: Callable[..., ModelFiles]) -> None:
    """llama.cpp rounds the context up and takes no larger batch than was asked for as the context."""
    model = load(model_files("alpha").text, n_ctx=200, n_batch=256)
    assert model.n_batch <= 200 <= model.n_ctx
    tokens = [5] * model.n_batch
    assert model.decode(tokens, 0, outputs="last", handlers={}).shape == (1, model.n_vocab)
    model.close()
