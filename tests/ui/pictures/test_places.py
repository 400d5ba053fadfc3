"""Places that are pointed out in thumbnails and in the panel."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.api.image_sizing import EncodedSize
from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.collage import plan
from desktop_vlm.ui.pictures.composer import NativeImage
from desktop_vlm.ui.pictures.composite_panel import CompositePanel, CompositeState, Entry
from desktop_vlm.ui.pictures.places import part_of
from desktop_vlm.ui.pictures.thumbnail import PictureItem, Thumbnail
from desktop_vlm.ui.theme import Theme


def test_a_part_of_a_picture_in_a_small_version() -> None:
    assert part_of(QRectF(10, 20, 100, 50), (400, 200), Box(40, 100, 80, 200)) == QRectF(20, 45, 10, 25)


def test_a_thumbnail_lights_up_places(qtbot: QtBot, theme: Theme) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    thumbnail = Thumbnail(theme, 180, removable=False, parent=parent)
    image = QImage(200, 100, QImage.Format.Format_RGB32)
    image.fill("#ffffff")
    thumbnail.set_item(1, PictureItem("a", image, None, 800, 400))
    before = thumbnail.grab().toImage()

    thumbnail.show_places([Box(400, 200, 480, 240)])

    (rect,) = thumbnail.place_rects()
    scale = (thumbnail.width() - 6) / 800
    assert rect == QRectF(3 + 400 * scale, 3 + 200 * scale, 80 * scale, 40 * scale)
    lit = thumbnail.grab().toImage()
    assert lit.pixelColor(rect.center().toPoint()).name() == "#ffffff"
    assert lit.pixelColor(20, 20).lightness() < 200
    thumbnail.show_places([])
    assert thumbnail.grab().toImage() == before


def test_the_composite_lights_up_places_of_each_picture(qtbot: QtBot, theme: Theme) -> None:
    panel = CompositePanel(theme)
    qtbot.addWidget(panel)
    panel.resize(360, 700)
    layout = plan([(400, 200), (400, 200)], tile_size=560, max_tiles=4)
    composite = QImage(*layout.size, QImage.Format.Format_RGB32)
    composite.fill("#ffffff")
    entries = tuple(Entry(sha256, sha256, 400, 200, True) for sha256 in ("a", "b"))
    panel.set_state(CompositeState(entries, composite=composite, layout=layout))
    panel.show()

    panel.show_places({"b": (Box(200, 100, 400, 200),)})

    (rect,) = panel.preview.place_rects()
    whole = panel.preview.entry_rect(1)
    assert rect == QRectF(whole.center().x(), whole.center().y(), whole.width() / 2, whole.height() / 2)
    panel.show_places({})
    assert panel.preview.place_rects() == []


def test_pictures_sent_as_they_are_light_up_without_their_padding(qtbot: QtBot, theme: Theme) -> None:
    panel = CompositePanel(theme)
    qtbot.addWidget(panel)
    panel.resize(360, 700)
    preview = QImage(200, 100, QImage.Format.Format_RGB32)
    preview.fill("#ffffff")
    image = NativeImage("a", b"", (400, 200), EncodedSize(200, 100, 50), (200, 200), preview)
    panel.set_state(CompositeState((Entry("a", "a", 400, 200, True),), images=(image,), max_images=4))
    panel.show()

    panel.show_places({"a": (Box(100, 50, 300, 150),)})

    (canvas,) = panel.natives.canvas_rects()
    (rect,) = panel.natives.place_rects()
    assert rect.center() == canvas.center()
    assert (rect.width(), rect.height()) == (canvas.width() / 2, canvas.height() / 4)
