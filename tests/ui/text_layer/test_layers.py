from __future__ import annotations

from pytestqt.qtbot import QtBot

from desktop_vlm.ui.pictures.pdf import PdfPage
from desktop_vlm.ui.text_layer.layers import MOST_PAGES, LayerState, TextLayers
from desktop_vlm.ui.text_layer.protocol import Availability
from tests.ui.text_layer.fake_reader import FakeReader, layer_of


def test_an_image_is_read_once(qtbot: QtBot) -> None:
    reader = FakeReader()
    reader.layers["a"] = layer_of(["Total 12.50"])
    layers = TextLayers(reader)
    assert layers.state("a") == LayerState.NONE
    layers.request("a", b"")
    assert layers.state("a") == LayerState.READING
    with qtbot.waitSignal(layers.changed) as changed:
        pass
    assert changed.args == ["a"]
    assert layers.state("a") == LayerState.READ
    layer = layers.layer("a")
    assert layer is not None
    assert layer.lines[0].words[1].text == "12.50"
    with qtbot.waitSignal(layers.changed):
        layers.request("a", b"")
    assert reader.requested == ["a"]


def test_a_failure_says_why_and_may_be_tried_again(qtbot: QtBot) -> None:
    reader = FakeReader()
    reader.failures["a"] = "It is damaged."
    layers = TextLayers(reader)
    with qtbot.waitSignal(layers.changed):
        layers.request("a", b"")
    assert layers.state("a") == LayerState.FAILED
    assert layers.problem("a") == "It is damaged."
    layers.request("a", b"")
    assert layers.state("a") == LayerState.READING
    assert layers.problem("a") == ""


def test_what_nobody_needs_is_not_read(qtbot: QtBot) -> None:
    reader = FakeReader()
    reader.layers["a"] = layer_of(["a"])
    layers = TextLayers(reader)
    layers.request("a", b"")
    layers.cancel("a")
    layers.cancel("b")
    with qtbot.waitSignal(layers.availability_changed) as changed:
        reader.set_availability(Availability.MISSING)
    assert changed.args == [Availability.MISSING]
    assert layers.availability == Availability.MISSING
    assert reader.cancelled == ["a"]
    assert layers.state("a") == LayerState.NONE


def test_switched_off_nothing_is_read_and_whoever_waits_hears_why(qtbot: QtBot) -> None:
    reader = FakeReader()
    reader.layers = {"a": layer_of(["a"]), "c": layer_of(["c"])}
    layers = TextLayers(reader)
    layers.request("a", b"")
    qtbot.waitUntil(lambda: layers.state("a") == LayerState.READ)
    layers.request("b", b"")
    with qtbot.waitSignal(layers.availability_changed) as changed:
        layers.set_on(False)
    assert changed.args == [Availability.OFF]
    assert layers.availability == Availability.OFF
    assert (layers.state("b"), reader.cancelled) == (LayerState.FAILED, ["b"])
    assert "switched off" in layers.problem("b")
    with qtbot.waitSignal(layers.changed):
        layers.request("c", b"", urgent=True)
    assert layers.state("c") == LayerState.FAILED
    assert layers.layer("a") is not None  # what was read stays
    layers.set_on(True)
    assert layers.availability.value == "ready"
    layers.request("c", b"")
    qtbot.waitUntil(lambda: layers.state("c") == LayerState.READ)
    assert reader.requested == ["a", "b", "c"]


def test_the_page_of_a_pdf_is_read_in_place_of_its_picture(qtbot: QtBot) -> None:
    reader = FakeReader()
    reader.layers["a"] = layer_of(["carried"])
    layers = TextLayers(reader)
    page = PdfPage(b"%PDF-", 3)
    layers.note_page("a", page)
    with qtbot.waitSignal(layers.changed):
        layers.request("a", b"png")
    assert reader.pages == {"a": page}
    for number in range(MOST_PAGES + 1):  # the files of pages that nobody asks for are let go
        layers.note_page(str(number), page)
    layers.request("0", b"png")
    layers.request("1", b"png")
    assert set(reader.pages) == {"a", "1"}


def test_whoever_is_in_no_hurry_waits_for_a_quiet_moment(qtbot: QtBot) -> None:
    reader = FakeReader()
    layers = TextLayers(reader, idle_ms=30)
    layers.request("a", b"")
    layers.request("b", b"")
    layers.request("c", b"", urgent=True)
    assert reader.requested == ["c"]
    assert layers.state("a") == LayerState.READING
    qtbot.waitUntil(lambda: len(reader.requested) == 3)
    assert reader.requested == ["c", "a", "b"]


def test_while_the_engine_answers_only_what_somebody_waits_for_is_read(qtbot: QtBot) -> None:
    reader = FakeReader()
    reader.layers = {sha256: layer_of([sha256]) for sha256 in "cd"}
    layers = TextLayers(reader)
    layers.request("a", b"")
    layers.request("b", b"", urgent=True)
    layers.hold(True)
    assert reader.cancelled == ["a"]
    layers.request("c", b"")
    layers.request("d", b"", urgent=True)
    qtbot.waitUntil(lambda: layers.state("d") == LayerState.READ)
    assert reader.requested == ["a", "b", "d"]
    assert [layers.state(sha256) for sha256 in "abc"] == [LayerState.READING] * 3
    reader.cancelled.clear()
    reader.layers["a"] = layer_of(["a"])
    layers.hold(False)
    qtbot.waitUntil(lambda: layers.state("c") == LayerState.READ)
    assert reader.requested == ["a", "b", "d", "a", "c"]


def test_somebody_who_waits_moves_an_image_to_the_front() -> None:
    reader = FakeReader()
    layers = TextLayers(reader)
    layers.hold(True)
    layers.request("a", b"")
    assert reader.requested == []
    layers.request("a", b"", urgent=True)
    layers.request("a", b"", urgent=True)
    assert reader.requested == ["a"]


def test_an_image_that_leaves_is_read_if_another_waits_for_it() -> None:
    reader = FakeReader()
    layers = TextLayers(reader)
    layers.request("a", b"")
    layers.request("b", b"")
    layers.request("b", b"", urgent=True)
    for sha256 in "abc":
        layers.leave(sha256)
    assert reader.cancelled == ["a"]
    assert [layers.state(sha256) for sha256 in "abc"] == [LayerState.NONE, LayerState.READING, LayerState.NONE]


def test_reading_ahead_is_quiet_where_text_cannot_be_read(qtbot: QtBot) -> None:
    reader = FakeReader(Availability.MISSING)
    layers = TextLayers(reader)
    with qtbot.assertNotEmitted(layers.changed, wait=10):
        layers.read_ahead("a", b"")
        reader.set_availability(Availability.READY)
        layers.set_on(False)
        layers.read_ahead("a", b"")
    assert (layers.state("a"), reader.requested) == (LayerState.NONE, [])
    layers.set_on(True)
    layers.read_ahead("a", b"")
    layers.read_ahead("a", b"")
    assert reader.requested == ["a"]
