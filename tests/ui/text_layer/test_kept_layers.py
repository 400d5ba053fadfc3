"""Layers between memory, history and reader."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.history import History, layer_form
from desktop_vlm.ui.history_thread import HistoryThread
from desktop_vlm.ui.text_layer.kept_layers import HistoryLayers
from desktop_vlm.ui.text_layer.layers import LayerState, TextLayers
from tests.ui.text_layer.fake_reader import FakeReader, layer_of


@pytest.fixture
def thread(tmp_path: Path, qtbot: QtBot) -> Iterator[HistoryThread]:
    made = HistoryThread(tmp_path / "history.db")
    with qtbot.waitSignal(made.opened):
        made.open()
    yield made
    made.close()


@pytest.fixture
def window(thread: HistoryThread) -> Callable[[], tuple[FakeReader, TextLayers]]:
    """Makes a window's reader and layers, all over one history; the reader knows every image as "words"."""

    def make() -> tuple[FakeReader, TextLayers]:
        reader = FakeReader()
        return reader, TextLayers(reader, kept=HistoryLayers(thread))

    return make


def add_picture(thread: HistoryThread, data: bytes = b"picture") -> str:
    return thread.fetch(lambda history: history.add_picture(data, name="p", width=1, height=1))


def keep_layer(thread: HistoryThread, sha256: str, text: str) -> None:
    assert thread.fetch(lambda history: history.keep_text_layer(sha256, layer_of([text])))


def kept(thread: HistoryThread, sha256: str) -> TextLayer | None:
    return thread.fetch(lambda history: history.text_layers([sha256])).get(sha256)


def test_what_is_read_is_kept_and_never_read_again(
    thread: HistoryThread, window: Callable[[], tuple[FakeReader, TextLayers]], qtbot: QtBot
) -> None:
    sha256 = add_picture(thread)
    reader, layers = window()
    reader.layers[sha256] = layer_of(["some words"])
    with qtbot.waitSignal(layers.changed):
        layers.request(sha256, b"picture")
    assert kept(thread, sha256) == layer_of(["some words"])
    later_reader, later = window()
    with qtbot.waitSignal(later.changed) as changed:
        later.request(sha256, b"picture")
    assert changed.args == [sha256]
    assert later.layer(sha256) == layer_of(["some words"])
    assert (reader.requested, later_reader.requested) == ([sha256], [])


def test_a_conversation_that_is_opened_brings_what_is_kept_and_reads_nothing(
    thread: HistoryThread, window: Callable[[], tuple[FakeReader, TextLayers]], qtbot: QtBot
) -> None:
    known, unknown, last = (add_picture(thread, data) for data in (b"1", b"2", b"3"))
    for sha256 in (known, last):
        keep_layer(thread, sha256, sha256)
    reader, layers = window()
    layers.load_kept([known, unknown, last])
    qtbot.waitUntil(lambda: layers.state(last) == LayerState.READ)
    assert layers.layer(known) == layer_of([known])
    assert layers.state(unknown) == LayerState.NONE
    assert reader.requested == []


def test_of_too_many_images_the_first_are_loaded(
    thread: HistoryThread,
    window: Callable[[], tuple[FakeReader, TextLayers]],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("desktop_vlm.ui.text_layer.layers.MOST_WORDS", 10)  # a layer of one word counts three
    known = [add_picture(thread, bytes([number])) for number in range(4)]
    for sha256 in known:
        keep_layer(thread, sha256, "word")
    _, layers = window()
    layers.load_kept(known)
    qtbot.waitUntil(lambda: not layers._loading)
    assert [layers.state(sha256) for sha256 in known] == [LayerState.READ, LayerState.READ, *[LayerState.NONE] * 2]


def test_layers_are_packed_and_unpacked_beside_the_window(
    thread: HistoryThread,
    window: Callable[[], tuple[FakeReader, TextLayers]],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    threads = []

    def noted(work: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def does(value: Any) -> Any:
            threads.append(threading.current_thread())
            return work(value)

        return does

    for name, work in (("encode", layer_form.encode), ("decode", layer_form.decode)):
        monkeypatch.setattr(f"desktop_vlm.history.text_layers.{name}", noted(work))
    sha256 = add_picture(thread)
    reader, layers = window()
    reader.layers[sha256] = layer_of(["words"])
    layers.request(sha256, b"picture")
    qtbot.waitUntil(lambda: layers.state(sha256) == LayerState.READ)
    _, again = window()
    again.request(sha256, b"picture")
    qtbot.waitUntil(lambda: again.state(sha256) == LayerState.READ)
    assert len(threads) == 2
    assert threading.current_thread() not in threads


def test_a_drafts_text_is_kept_once_its_image_is(
    thread: HistoryThread, window: Callable[[], tuple[FakeReader, TextLayers]], qtbot: QtBot
) -> None:
    reader, layers = window()
    sha256 = "9f2feb0f1ef425b292f2f94bc8482494df430413e9f5f1b0a1d8d9c9e1b5a5a5"
    reader.layers[sha256] = layer_of(["draft"])
    with qtbot.waitSignal(layers.changed):
        layers.request(sha256, b"draft")
    assert kept(thread, sha256) is None
    thread.fetch(
        lambda history: history._db.execute("INSERT INTO pictures VALUES (?, 'p', 1, 1, 1)", (sha256,)).fetchall()
    )
    layers.images_kept([sha256, "00"])
    assert kept(thread, sha256) == layer_of(["draft"])
    assert kept(thread, "00") is None


def test_what_the_history_has_damaged_is_read_again_and_nobody_hears_of_it(
    thread: HistoryThread, window: Callable[[], tuple[FakeReader, TextLayers]], qtbot: QtBot
) -> None:
    sha256 = add_picture(thread)
    keep_layer(thread, sha256, "words")
    thread.fetch(lambda history: history._db.execute("UPDATE picture_layers SET layer = x'00'").fetchall())
    said: list[str] = []
    thread.failed.connect(said.append)
    reader, layers = window()
    reader.layers[sha256] = layer_of(["words"])
    layers.request(sha256, b"picture")
    qtbot.waitUntil(lambda: layers.state(sha256) == LayerState.READ)
    assert reader.requested == [sha256]
    assert kept(thread, sha256) == layer_of(["words"])
    assert said == []


def test_without_a_history_images_are_read_and_nobody_hears_of_it(tmp_path: Path, qtbot: QtBot) -> None:
    (tmp_path / "history.db").mkdir()
    thread = HistoryThread(tmp_path / "history.db")
    said: list[str] = []
    thread.failed.connect(said.append)
    with qtbot.waitSignal(thread.failed):
        thread.open()
    reader = FakeReader()
    layers = TextLayers(reader, kept=HistoryLayers(thread))
    reader.layers["a"] = layer_of(["words"])
    layers.request("a", b"")
    qtbot.waitUntil(lambda: layers.state("a") == LayerState.READ)
    thread.close()
    assert len(said) == 1  # that it could not be opened


def test_a_slow_history_is_not_waited_for(
    window: Callable[[], tuple[FakeReader, TextLayers]], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(HistoryLayers, "load", lambda *_: None)
    monkeypatch.setattr("desktop_vlm.ui.text_layer.layers._LOOK_UP_MS", 1)
    reader, layers = window()
    reader.layers["a"] = layer_of(["words"])
    layers.request("a", b"")
    assert reader.requested == []
    qtbot.waitUntil(lambda: layers.state("a") == LayerState.READ)


def test_when_everything_is_deleted_nothing_stays_and_nothing_comes_after(
    thread: HistoryThread, window: Callable[[], tuple[FakeReader, TextLayers]], qtbot: QtBot
) -> None:
    sha256, slow = add_picture(thread), add_picture(thread, b"slow")
    reader, layers = window()
    reader.layers[sha256] = layer_of(["words"])
    layers.request(sha256, b"picture")
    layers.request(slow, b"slow")
    qtbot.waitUntil(lambda: layers.state(sha256) == LayerState.READ and reader.requested == [sha256, slow])
    thread.fetch(History.delete_everything)
    layers.forget_all()
    reader.read.emit(slow, layer_of(["too late"]))
    assert [layers.state(one) for one in (sha256, slow)] == [LayerState.NONE, LayerState.NONE]
    assert [layers.layer(one) for one in (sha256, slow)] == [None, None]
    assert reader.cancelled == [slow]
    assert kept(thread, sha256) is None
    again = add_picture(thread)  # the same image comes again
    with qtbot.waitSignal(layers.changed):
        layers.request(again, b"picture")
    assert kept(thread, again) == layer_of(["words"])
