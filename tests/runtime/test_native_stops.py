"""The compiled callback does what Python's does, and lets go of what is no longer good."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
import pytest

from desktop_vlm import backend
from desktop_vlm.convert import ModelFiles
from desktop_vlm.families.mllama.cross_attention import HiddenRows
from desktop_vlm.families.mllama.runner import MllamaRunner
from desktop_vlm.runtime import llama, native_stops
from desktop_vlm.runtime.eval_hook import EvalHook
from desktop_vlm.runtime.ggml.library import TensorStruct, function
from desktop_vlm.runtime.native_stops import Launch, NativeStops, native_library
from tests.stepwise import IDS, TALL, WIDE, decode, in_passes

needs_compiler = pytest.mark.skipif(native_library() is None, reason="installed without a C compiler")


@pytest.fixture
def load(model_files: Callable[..., ModelFiles]) -> Iterator[Callable[[], backend.Model]]:
    loaded = []

    def make() -> backend.Model:
        files = model_files("alpha")
        loaded.append(backend.load(files.text, files.mmproj, n_ctx=512, n_threads=2))
        return loaded[-1]

    yield make
    for model in loaded:
        model.close()


def hook_of(model: backend.Model) -> EvalHook:
    hook = model._session.text.hook
    assert hook is not None
    return hook


@needs_compiler
def test_decoding_is_the_same_bit_for_bit(load: Callable[[], backend.Model], monkeypatch: pytest.MonkeyPatch) -> None:
    compiled = decode(load(), WIDE)
    monkeypatch.setattr("desktop_vlm.runtime.eval_hook.native_library", lambda: None)
    assert np.array_equal(decode(load(), WIDE), compiled)


@needs_compiler
def test_from_the_second_token_on_python_is_not_asked(load: Callable[[], backend.Model]) -> None:
    model = load()
    decode(model, WIDE, 3)
    answered = []
    hook = hook_of(model)
    hook._answer = lambda address: bool(answered.append(address))  # type: ignore[func-returns-value, method-assign]
    decode(model, WIDE, 5)
    assert answered == []


def test_another_image_in_between_changes_nothing(load: Callable[[], backend.Model]) -> None:
    """It moves keys, values and scratch memory, and the graphs of the first were placed on the old ones."""
    model = load()
    first, other = decode(model, WIDE), decode(model, TALL)
    model.encode(TALL.resize((112, 112)))
    model.forget()
    assert np.array_equal(decode(model, WIDE), first)
    assert np.array_equal(decode(load(), TALL), other)


def test_text_alone_after_an_image_is_text_alone(load: Callable[[], backend.Model]) -> None:
    expected = load().next_logits(IDS)
    model = load()
    decode(model, WIDE)
    np.testing.assert_allclose(model.next_logits(IDS), expected, atol=1e-4)
    np.testing.assert_allclose(model.next_logits(IDS), expected, atol=1e-4)


@needs_compiler
def test_without_the_scheduler_all_is_the_same(
    load: Callable[[], backend.Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = decode(load(), WIDE)
    monkeypatch.setattr("desktop_vlm.runtime.llama.scheduler_of", lambda _: None)
    model = load()
    assert model._session.text.scheduler is None
    assert np.array_equal(decode(model, WIDE), expected)
    np.testing.assert_allclose(model.next_logits(IDS), load().next_logits(IDS), atol=1e-4)


BUFFER, OTHER_BUFFER, ADDRESS = 0x5500, 0x6600, 0x1000
"""On Vulkan every buffer begins at this address."""


class Compiled:
    """The compiled callback with one stop: graphs that it started, and whether Python was asked."""

    def __init__(self) -> None:
        self.started: list[int] = []
        self.asked: list[bool] = []
        self._ask = llama.ggml_backend_sched_eval_callback(self._on_node)
        self._stops = NativeStops(native_library(), self._ask)
        self._compute = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p)(self._start)
        self._stops._table.compute = ctypes.cast(self._compute, ctypes.c_void_p)
        self.node = TensorStruct(buffer=BUFFER, data=ADDRESS, name=b"l_out-3")
        self.node.ne[1] = 1
        launch = Launch(BUFFER, ADDRESS, 1, 0x77, (0x88, 0x99))
        self._stops.fill({ctypes.addressof(self.node): b"l_out-3"}, {b"l_out-3": launch})

    def _on_node(self, _node: int, ask: bool, _data: object) -> bool:
        self.asked.append(ask)
        return True

    def _start(self, _backend: int, graph: int) -> int:
        self.started.append(graph)
        return 0

    def meet(self) -> None:
        for ask in (True, False):
            assert self._stops.callback(ctypes.addressof(self.node), ask, self._stops.user_data)


@needs_compiler
def test_graphs_are_started_on_the_memory_that_they_were_made_for() -> None:
    compiled = Compiled()
    compiled.meet()
    assert (compiled.started, compiled.asked) == ([0x88, 0x99], [])


@needs_compiler
def test_the_same_address_in_another_buffer_is_another_place() -> None:
    """As where rows travel to another device, and both buffers begin at the same address."""
    compiled = Compiled()
    compiled.node.buffer = OTHER_BUFFER
    compiled.meet()
    assert (compiled.started, compiled.asked) == ([], [True, False])


BACKEND_FIELDS = 64
WAIT = 8
"""Field of a made-up backend, and what stands in it."""
WAITS = 0x1234


@needs_compiler
@pytest.mark.parametrize(
    ("no_wait", "offset", "between"), [(True, 8 * WAIT, None), (False, 8 * WAIT, WAITS), (True, -1, WAITS)]
)
def test_a_backend_has_nothing_to_wait_with_between_question_and_answer(
    no_wait: bool, offset: int, between: int | None
) -> None:
    """GIVEN a stop whose work is ready THEN the function is there again afterwards, also where the pass failed."""
    compiled, backend_struct = Compiled(), (ctypes.c_void_p * BACKEND_FIELDS)()
    backend_struct[WAIT] = WAITS
    stops, node = compiled._stops, ctypes.addressof(compiled.node)
    launch = Launch(BUFFER, ADDRESS, 1, ctypes.addressof(backend_struct), (0x88,), no_wait)
    stops.fill({node: b"l_out-3"}, {b"l_out-3": launch})
    stops._table.wait_offset = offset
    for finish in (lambda: stops.callback(node, False, stops.user_data), stops.end):
        assert stops.callback(node, True, stops.user_data)
        assert backend_struct[WAIT] == between
        finish()
        assert backend_struct[WAIT] == WAITS
    assert compiled.started == [0x88]
    assert [field for field in backend_struct if field] == [WAITS]


@needs_compiler
@pytest.mark.parametrize(("offset", "between"), [(8 * WAIT, None), (-1, WAITS)])
def test_python_leaves_out_a_wait_while_it_is_asked(offset: int, between: int | None) -> None:
    """GIVEN a node whose work is not ready THEN there is nothing to wait with until llama.cpp calls again."""
    compiled, backend_struct = Compiled(), (ctypes.c_void_p * BACKEND_FIELDS)()
    backend_struct[WAIT] = WAITS
    stops, node = compiled._stops, ctypes.addressof(compiled.node)
    stops.forget_launches()
    stops._table.wait_offset = offset
    for finish in (lambda: stops.callback(node, False, stops.user_data), stops.end):
        assert stops.callback(node, True, stops.user_data)
        stops.leave_out_wait(ctypes.addressof(backend_struct))
        assert backend_struct[WAIT] == between
        finish()
        assert backend_struct[WAIT] == WAITS
    assert (compiled.asked, compiled.started) == ([True, False, True], [])


@needs_compiler
@pytest.mark.parametrize("keep_order", [True, False])
def test_passes_of_a_new_size_are_not_waited_for_where_streams_keep_order(
    keep_order: bool, load: Callable[[], backend.Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    """But at an image's own place among the embeddings, which Python writes."""
    model, left_out = load(), []
    vision = model._session.vision
    assert isinstance(vision, MllamaRunner)
    (context,) = vision._cross_contexts()
    if keep_order:
        monkeypatch.setattr("desktop_vlm.families.mllama.cross_attention._KEEP_ORDER", ("CPU",))
    monkeypatch.setattr(NativeStops, "leave_out_wait", lambda _, stream: left_out.append(stream))
    in_passes(model, WIDE, 5)
    n_layers = len(vision.hook_nodes)
    expected = [context.backend.handle] * n_layers if keep_order else []
    assert left_out[: len(expected)] == expected
    assert bool(left_out) == keep_order


@needs_compiler
def test_where_a_backend_waits_is_found_by_having_one_wait() -> None:
    called: list[int] = []
    offset = native_stops.offset_of_wait()
    wait = ctypes.CFUNCTYPE(None, ctypes.c_void_p)(called.append)
    backend_struct = (ctypes.c_void_p * BACKEND_FIELDS)()
    backend_struct[offset // ctypes.sizeof(ctypes.c_void_p)] = ctypes.cast(wait, ctypes.c_void_p).value
    function("ggml_backend_synchronize")(ctypes.addressof(backend_struct))
    assert called == [ctypes.addressof(backend_struct)]


@needs_compiler
def test_without_waiting_decoding_is_the_same_bit_for_bit(
    load: Callable[[], backend.Model], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In passes of one token and of several."""
    found = []
    for leaves_out in (False, True):
        monkeypatch.setattr(native_stops, "LEAVES_OUT_WAITS", leaves_out)
        model = load()
        found.append([decode(model, WIDE), in_passes(model, TALL, 4)])
        monkeypatch.setattr("desktop_vlm.families.mllama.cross_attention._KEEP_ORDER", ("CPU", "CUDA"))
    for waiting, without in zip(*found, strict=True):
        assert np.array_equal(waiting, without)


@needs_compiler
@pytest.mark.parametrize(("buffer", "is_launched"), [(BUFFER, True), (OTHER_BUFFER, False)])
def test_a_views_buffer_is_its_sources(buffer: int, is_launched: bool) -> None:
    compiled = Compiled()
    source = TensorStruct(buffer=buffer, data=ADDRESS)
    compiled.node.view_src = ctypes.pointer(source)
    compiled.node.buffer = None
    compiled.meet()
    assert (compiled.started != [], compiled.asked == []) == (is_launched, is_launched)


def test_graphs_are_kept_by_buffer_and_generation_of_their_rows(load: Callable[[], backend.Model]) -> None:
    model = load()
    decode(model, WIDE, 3)
    vision = model._session.vision
    assert isinstance(vision, MllamaRunner)
    (context,) = vision._cross_contexts()
    attention = context.cross_attention
    assert attention
    layer, hidden = next(iter(attention._graphs))
    assert attention._ready(layer, hidden)
    for other in (
        replace(hidden, buffer=hidden.buffer + 16),
        replace(hidden, address=hidden.address + 16),
        replace(hidden, generation=1),
    ):
        assert attention._ready(layer, other) is None
    launch = attention.launch((layer,), hidden)
    assert launch
    assert (launch.buffer, launch.address, launch.n_rows) == (hidden.buffer, hidden.address, hidden.n_rows)
    seen: set[HiddenRows] = set()  # rows whose memory is given back and taken again, perhaps in the same place
    for _ in range(5):
        with attention.stage(np.zeros((2, attention._config.hidden_size), dtype=np.float32)) as staged:
            assert staged.hidden.generation > 0
            seen.add(staged.hidden)
    assert len(seen) == len({rows.generation for rows in seen}) == 5
