"""The evaluation callback finds its nodes, also after llama.cpp rebuilt its graph."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from desktop_vlm.api.errors import EngineError
from desktop_vlm.convert import ModelFiles
from desktop_vlm.runtime.eval_hook import EvalHook
from desktop_vlm.runtime.text_model import TextModel


@pytest.fixture(params=["compiled", "python"])
def model(
    model_files: Callable[..., ModelFiles], request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TextModel]:
    if request.param == "python":
        monkeypatch.setattr("desktop_vlm.runtime.eval_hook.native_library", lambda: None)
    made = TextModel(
        model_files("alpha").text,
        n_ctx=256,
        n_batch=64,
        n_gpu_layers=0,
        n_threads=2,
        kv_type=None,
        should_stop=lambda: False,
    )
    yield made
    made.close()


def hook_of(model: TextModel) -> EvalHook:
    assert model.hook is not None
    return model.hook


def test_handlers_see_their_nodes_once_a_pass(model: TextModel) -> None:
    seen: list[tuple[bytes, list[int]]] = []
    handlers = {name: lambda t: seen.append((t.name, list(t.ne[:2]))) for name in (b"embd", b"l_out-1", b"l_out-4")}
    model.decode([1, 2, 3], 0, outputs="last", handlers=handlers)
    assert seen == [(b"embd", [256, 3]), (b"l_out-1", [256, 3]), (b"l_out-4", [256, 1])]  # the last keeps one row


def test_a_second_pass_compares_addresses_only(model: TextModel) -> None:
    hook = hook_of(model)
    model.decode([1], 0, outputs="last", handlers={b"l_out-1": lambda _: None})
    asked: list[bytes] = []
    original = hook._ask
    hook._ask = lambda address: asked.append(b"") or original(address)  # type: ignore[func-returns-value, method-assign]
    model.decode([2], 1, outputs="last", handlers={b"l_out-1": lambda _: None})
    assert len(asked) == 1


def test_a_pass_with_stale_addresses_is_run_again(model: TextModel) -> None:
    hook = hook_of(model)
    seen: list[bytes] = []
    handlers = {b"l_out-2": lambda t: seen.append(t.name)}
    expected = model.decode([1, 2], 0, outputs="last", handlers=handlers)
    hook._known = {address + 8: name for address, name in hook._known.items()}  # as if the graph had moved
    model.forget_from(0)
    again = model.decode([1, 2], 0, outputs="last", handlers=handlers)
    assert seen == [b"l_out-2", b"l_out-2"]
    assert np.array_equal(again, expected)


def test_an_address_that_now_holds_another_node_is_not_taken_for_the_old_one(model: TextModel) -> None:
    hook = hook_of(model)
    names: list[bytes] = []
    model.decode([1], 0, outputs="last", handlers={b"l_out-0": lambda _: None, b"l_out-3": lambda _: None})
    first, second = hook._known
    hook._known = {first: hook._known[second], second: hook._known[first]}
    model.decode([2], 1, outputs="last", handlers={b"l_out-3": lambda t: names.append(t.name)})
    assert names == [b"l_out-3"]


def test_a_node_that_does_not_exist_is_an_error_and_the_cache_stays(model: TextModel) -> None:
    expected = model.decode([1, 2], 0, outputs="all", handlers={})
    model.forget_from(1)
    with pytest.raises(EngineError, match="lacks one of the nodes l_out-77"):
        model.decode([2], 1, outputs="last", handlers={b"l_out-77": lambda _: None})
    np.testing.assert_allclose(model.decode([2], 1, outputs="last", handlers={})[0], expected[1], atol=1e-4)


def test_a_pass_without_handlers_asks_nothing_even_when_the_graph_is_built_again(model: TextModel) -> None:
    hook = hook_of(model)
    model.decode([1], 0, outputs="last", handlers={b"l_out-1": lambda _: None})
    asked = []
    hook._ask = lambda address: bool(asked.append(address))  # type: ignore[func-returns-value, method-assign]
    model.decode([2, 3, 4], 1, outputs="last", handlers={})  # more tokens, so another graph
    model.decode([5], 4, outputs="last", handlers={})
    assert asked == []


def test_an_exception_in_a_handler_travels_to_the_caller(model: TextModel) -> None:
    def fail(_tensor: Any) -> None:
        raise ZeroDivisionError("inside")

    with pytest.raises(ZeroDivisionError, match="inside"):
        model.decode([1], 0, outputs="last", handlers={b"l_out-1": fail})
    assert model.decode([1], 0, outputs="last", handlers={}).shape == (1, model.n_vocab)


def test_without_a_hook_handlers_are_refused(model_files: Callable[..., ModelFiles]) -> None:
    plain = TextModel(
        model_files("beta").text,
        n_ctx=64,
        n_batch=8,
        n_gpu_layers=0,
        n_threads=1,
        kv_type=None,
        should_stop=lambda: False,
        with_hook=False,
    )
    with pytest.raises(RuntimeError, match="without a hook"):
        plain.decode([1], 0, outputs="last", handlers={b"l_out-1": lambda _: None})
    plain.close()
