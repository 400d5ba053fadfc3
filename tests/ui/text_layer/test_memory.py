from __future__ import annotations

import gc
import weakref

from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.images.text_layer.matching import index_of
from desktop_vlm.ui.text_layer.memory import LayerMemory
from tests.ui.text_layer.fake_reader import layer_of

THREE_WORDS = layer_of(["two words", "one"])
"""Of size 6: the layer, its lines and its words."""


def test_the_layers_that_nobody_asked_for_longest_make_room() -> None:
    memory = LayerMemory(most_words=18)
    for sha256 in "abc":
        memory.put(sha256, THREE_WORDS)
    assert memory.get("a") is THREE_WORDS
    memory.put("d", THREE_WORDS)
    assert [sha256 in memory for sha256 in "abcd"] == [True, False, True, True]
    assert memory.get("b") is None
    memory.put("d", TextLayer(1, 1))
    memory.put("e", THREE_WORDS)
    assert [sha256 in memory for sha256 in "acde"] == [True, False, True, True]


def test_the_latest_layer_stays_however_large_it_is() -> None:
    memory = LayerMemory(most_words=2)
    memory.put("a", THREE_WORDS)
    assert memory.get("a") is THREE_WORDS
    memory.put("b", THREE_WORDS)
    assert ("a" in memory, "b" in memory) == (False, True)
    memory.clear()
    assert "b" not in memory
    memory.put("a", TextLayer(1, 1))
    memory.put("b", TextLayer(1, 1))
    assert ("a" in memory, "b" in memory) == (True, True)


def test_of_a_layer_that_is_let_go_nothing_stays() -> None:
    memory = LayerMemory()
    layer = layer_of(["some words"])
    memory.put("a", layer)
    index = index_of(layer)
    assert index_of(layer) is index
    alive = weakref.ref(layer)
    memory.clear()
    del layer, index
    gc.collect()
    assert alive() is None
