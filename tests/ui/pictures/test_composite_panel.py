"""The panel says what the collage did, in numbers and in pixels, and its switches work."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from math import ceil

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.api.image_sizing import ImageSizing
from desktop_vlm.ui.pictures.composer import PictureSource, compose_for_model, show_natively
from desktop_vlm.ui.pictures.composite_panel import CompositePanel, CompositeState, Entry
from desktop_vlm.ui.pictures.composite_state import EntryText, Fact
from desktop_vlm.ui.pictures.menu import PICTURE_ENTRIES
from desktop_vlm.ui.pictures.native_preview import NativePreview, arrange
from desktop_vlm.ui.theme import Theme
from tests.ui.pictures.hands import click, hover, press
from tests.ui.pictures.picture_files import png

SIZES = [(1280, 720), (1240, 1754), (900, 420)]
FILES = [png(*size, seed) for seed, size in enumerate(SIZES)]
COST = "Changing this looks at the pictures again: about 4 s."


@cache
def state(*included: int) -> CompositeState:
    entries = tuple(
        Entry(f"sha{i}", f"picture{i}.png", *size, included=i in included, image=None) for i, size in enumerate(SIZES)
    )
    if not included:
        return CompositeState(entries, 560, 4, cost=COST)
    made = compose_for_model([FILES[i] for i in included], 560, 4)
    return CompositeState(entries, 560, 4, made.preview, made.layout, COST)


@pytest.fixture
def panel(theme: Theme, qtbot: QtBot) -> Iterator[CompositePanel]:
    window = QWidget()  # without limits to its size, of which the invisible screen would complain
    qtbot.addWidget(window)
    window.resize(380, 900)
    made = CompositePanel(theme, window)
    made.setGeometry(window.rect())
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    yield made
    window.close()


def test_numbers_are_the_collages_own(panel: CompositePanel) -> None:
    shown = state(0, 1, 2)
    panel.set_state(shown)
    layout = shown.layout
    assert layout is not None
    summary, facts, advice, cost = panel.texts
    assert summary == "3 pictures are sent as one, numbered in this order."
    assert facts == (
        Fact("1120 \u00d7 1120 px", "size sent"),
        Fact("4 of 4", "tiles used"),
        Fact(f"{round(layout.scale * 100)}\u00a0%", "smallest scale"),
    )
    assert cost == COST
    assert [row.facts for row in panel.rows] == [
        f"{w} \u00d7 {h} px, shown at {round(place.scale * 100)}\u00a0%"
        for (w, h), place in zip(SIZES, layout.placements, strict=True)
    ]
    small = [place.scale * 12 < 8 for place in layout.placements]
    assert [bool(row.warning) for row in panel.rows] == small
    assert any(small)
    assert advice == "Small text gets lost: leave out other pictures, or crop the marked ones."


def test_the_warning_names_the_size_that_is_still_readable(panel: CompositePanel) -> None:
    panel.set_state(state(1))  # 1754 px high on 1120
    assert panel.rows[1].warning == "Text smaller than 13\u00a0px will be unreadable"  # 8 / (1120 / 1754) = 12.5
    assert panel.rows[1].accessibleDescription() == panel.rows[1].warning
    assert panel.texts[2] == "Small text gets lost: crop this picture to what matters."


def test_a_single_picture(panel: CompositePanel) -> None:
    made = compose_for_model([png(500, 300)], 560, 4)
    entry = Entry("s", "a.png", 500, 300, True)
    panel.set_state(CompositeState((entry,), 560, 4, made.preview, made.layout))
    summary, facts, advice, _ = panel.texts
    assert summary == "One picture: sent as it is, 500 \u00d7 300, scaled to 112\u00a0%, 1 of 4 tiles."
    assert facts == (
        Fact("500 \u00d7 300 px", "size sent"),
        Fact("1 of 4", "tiles used"),
        Fact("112\u00a0%", "scale"),
    )
    assert advice == ""
    canvas, shown = panel.preview.canvas_rect(), panel.preview.picture_rect()
    assert canvas.width() == canvas.height()  # one square tile, of which the picture fills the upper part
    assert shown.width() == pytest.approx(canvas.width())
    assert shown.height() == pytest.approx(canvas.height() * 336 / 560)


def test_nothing_included_and_nothing_there(panel: CompositePanel) -> None:
    panel.set_state(state())
    assert panel.texts[0] == "Every picture is left out: the model gets only the text."
    assert panel.preview.is_empty
    assert [row.facts for row in panel.rows] == [f"{w} \u00d7 {h} px, left out" for w, h in SIZES]
    panel.set_state(CompositeState())
    assert panel.texts[0] == "Pictures that you add appear here as the model will see them."
    assert panel.rows == []


def test_while_a_new_one_is_made_the_old_one_stays_but_no_number(panel: CompositePanel) -> None:
    panel.set_state(state(0, 2))
    old = panel.state.composite
    coming = replace(state(0, 1, 2), composite=None, layout=None, busy=True)
    panel.set_state(coming)
    assert panel.state.composite is old
    assert not panel.preview.is_empty
    assert {fact.value for fact in panel.texts[1]} == {"\u2026"}
    assert [row.facts for row in panel.rows] == [f"{w} \u00d7 {h} px" for w, h in SIZES]


def test_the_switch_works_by_pointer_and_by_keyboard(panel: CompositePanel, qtbot: QtBot) -> None:
    panel.set_state(state(0, 2))
    changes: list[tuple[str, bool]] = []
    opened: list[str] = []
    panel.inclusion_changed.connect(lambda sha, on: changes.append((sha, on)))
    panel.picture_opened.connect(opened.append)
    first = panel.rows[0]
    first.setFocus()
    press(first, Qt.Key.Key_Space)
    press(first, Qt.Key.Key_Down)
    assert panel.rows[1].hasFocus()
    press(panel.rows[1], Qt.Key.Key_Space)
    press(panel.rows[1], Qt.Key.Key_Return)
    last = panel.rows[2]
    click(last, QPoint(last.width() - 20, 30))
    qtbot.mouseClick(last, Qt.MouseButton.LeftButton, pos=QPoint(140, 30))  # its name: no switch
    qtbot.mouseClick(last, Qt.MouseButton.LeftButton, pos=QPoint(30, 30))  # its thumbnail
    assert changes == [("sha0", False), ("sha1", True), ("sha2", False)]
    assert opened == ["sha1", "sha2"]


def test_setting_a_state_emits_nothing(panel: CompositePanel) -> None:
    changes: list[str] = []
    panel.inclusion_changed.connect(lambda sha, _on: changes.append(sha))
    panel.set_state(state(0, 1, 2))
    panel.set_state(state(1))
    assert changes == []
    assert [row.isChecked() for row in panel.rows] == [False, True, False]


def test_hovering_points_out_the_other_side(panel: CompositePanel, qtbot: QtBot) -> None:
    shown = state(0, 2)
    panel.set_state(shown)
    preview = panel.preview
    assert shown.layout is not None
    left, top, right, bottom = shown.layout.placements[1].box
    canvas = preview.canvas_rect()
    scale = canvas.width() / shown.layout.size[0]
    middle = QPointF(canvas.left() + (left + right) / 2 * scale, canvas.top() + (top + bottom) / 2 * scale)
    assert preview.entry_at(middle) == 2  # the second placement is the third entry
    hover(preview, middle.toPoint())
    qtbot.waitUntil(lambda: preview.highlighted == 2)
    panel.rows[0].hovered.emit(True)
    assert preview.highlighted == 0
    panel.rows[0].hovered.emit(False)
    assert preview.highlighted == -1


def test_the_composites_pixels_are_on_the_screen(panel: CompositePanel, qtbot: QtBot) -> None:
    shown = state(0, 2)
    panel.set_state(shown)
    panel.grid_button.setChecked(False)
    assert shown.composite is not None
    canvas = panel.preview.canvas_rect()
    scale = canvas.width() / shown.composite.width()
    x, y = 50, 900  # the collage's ground, beside the lower picture
    expected = shown.composite.pixelColor(x, y).getRgb()
    assert expected == (205, 209, 214, 255)
    at = QPoint(round(canvas.left() + x * scale), round(canvas.top() + y * scale))
    qtbot.wait(50)
    assert panel.preview.grab().toImage().pixelColor(at).getRgb() == expected


def test_the_grid_can_be_switched_off(panel: CompositePanel) -> None:
    panel.set_state(state(0, 1, 2))
    middle = panel.preview.canvas_rect().center().toPoint()
    column = [QPoint(middle.x(), y) for y in range(30, 120)]

    def colors() -> set[tuple[int, ...]]:
        image = panel.preview.grab().toImage()
        return {image.pixelColor(at).getRgb() for at in column}  # type: ignore[misc]

    with_grid = colors()
    panel.grid_button.setChecked(False)
    assert colors() != with_grid


def test_every_control_has_a_name_and_is_reached_by_tab(panel: CompositePanel) -> None:
    panel.set_state(state(0, 1, 2))
    unnamed = [b for b in panel.findChildren(QAbstractButton) if b.isVisible() and not b.accessibleName()]
    assert unnamed == []
    assert panel.rows[0].accessibleName().startswith("Show picture 1 to the model: picture0.png, 1280 \u00d7 720 px")
    panel.grid_button.setFocus()
    reached = set()
    for _ in range(8):
        press(QApplication.focusWidget() or panel, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        assert focused is not None
        reached.add(focused.accessibleName())
    assert panel.preview.accessibleName() in reached
    assert {row.accessibleName() for row in panel.rows} <= reached


def test_three_hundred_pictures_come_in_parts(panel: CompositePanel, qtbot: QtBot) -> None:
    entries = tuple(Entry(str(i), f"{i}.png", 100, 100, False) for i in range(300))
    panel.set_state(CompositeState(entries))
    assert len(panel.rows) == 12
    qtbot.waitUntil(lambda: len(panel.rows) == 300, timeout=20_000)
    assert panel.rows[299].toolTip() == "299.png"


# Pictures that are sent as they are

SIZING = ImageSizing("area", multiple=28, min_pixels=56 * 56, max_pixels=600 * 600)
SQUARE = ImageSizing("square", side=336, multiple=14)


@cache
def natively(*included: int, sizing: ImageSizing = SIZING, most: int = 8) -> CompositeState:
    entries = tuple(
        Entry(f"sha{i}", f"picture{i}.png", *size, included=i in included, image=None) for i, size in enumerate(SIZES)
    )
    sent = included[max(0, len(included) - most) :]
    images = tuple(show_natively(PictureSource(f"sha{i}", f"picture{i}.png", FILES[i]), sizing) for i in sent)
    return CompositeState(entries, cost=COST, images=images, max_images=most)


def test_each_picture_tells_its_true_size_and_tokens(panel: CompositePanel) -> None:
    panel.set_state(natively(0, 1, 2))
    measured = [SIZING.measure(*size) for size in SIZES]
    summary, facts, advice, cost = panel.texts
    scales = [max(seen.width, seen.height) / max(size) for seen, size in zip(measured, SIZES, strict=True)]
    assert summary == "3 pictures, each sent as it is with its own question."
    assert facts == (
        Fact("3 of 8", "pictures sent"),
        Fact(f"{sum(seen.n_tokens for seen in measured):,}", "tokens"),
        Fact(f"{round(min(scales) * 100)}\u00a0%", "smallest scale"),
    )
    assert [row.facts for row in panel.rows] == [
        f"{w} \u00d7 {h} \u2192 {seen.width} \u00d7 {seen.height} px, "
        f"{round(scale * 100)}\u00a0%, {seen.n_tokens} tokens"
        for (w, h), seen, scale in zip(SIZES, measured, scales, strict=True)
    ]
    assert [bool(row.warning) for row in panel.rows] == [scale * 12 < 8 for scale in scales] == [True, True, False]
    assert panel.rows[1].warning == f"Text smaller than {ceil(8 / scales[1])}\u00a0px will be unreadable"
    assert advice == "Small text gets lost: crop the marked pictures to what matters."
    assert cost == COST
    assert panel.natives.isVisible()
    assert not panel.preview.isVisible()


def test_there_is_a_preview_for_each_at_the_encoders_proportions(panel: CompositePanel, qtbot: QtBot) -> None:
    shown = natively(0, 2)
    panel.set_state(shown)
    assert shown.images is not None
    rects = panel.natives.canvas_rects()
    assert len(rects) == 2
    assert not rects[0].intersects(rects[1])
    for image, rect in zip(shown.images, rects, strict=True):
        assert rect.width() / rect.height() == pytest.approx(image.canvas[0] / image.canvas[1], rel=0.01)
    qtbot.wait(100)
    grabbed = panel.natives.grab().toImage()
    for image, rect in zip(shown.images, rects, strict=True):
        middle = image.preview.pixelColor(image.preview.width() // 2, image.preview.height() // 2)
        seen = grabbed.pixelColor(rect.center().toPoint())
        assert abs(seen.lightness() - middle.lightness()) < 40
    entry = panel.natives.entry_of(shown.images[1])
    assert entry == 2
    hover(panel.natives, rects[1].center().toPoint())
    qtbot.waitUntil(lambda: panel.rows[2]._highlighted)


def test_a_preview_made_for_a_smaller_place_is_not_kept(theme: Theme, qtbot: QtBot) -> None:
    """GIVEN pictures that come before the preview has its size WHEN it gets it THEN no speck of them is enlarged."""
    preview = NativePreview(theme)
    qtbot.addWidget(preview)
    image = show_natively(PictureSource("small", "small.png", png(250, 90, 7)), SIZING)
    preview.resize(160, 2)
    preview.set_state(CompositeState(images=(image,), max_images=8))
    preview.resize(1400, 300)
    preview.show()
    qtbot.wait(200)
    (rect,) = preview.canvas_rects()
    assert rect.width() > image.preview.width()
    assert preview._scaled == {}  # its own pixels are enough


def test_a_click_or_the_keyboard_opens_a_picture(panel: CompositePanel, qtbot: QtBot) -> None:
    panel.set_state(natively(0, 1, 2))
    opened: list[str] = []
    panel.picture_opened.connect(opened.append)
    rects = panel.natives.canvas_rects()
    qtbot.mouseClick(panel.natives, Qt.MouseButton.LeftButton, pos=rects[2].center().toPoint())
    panel.natives.setFocus()
    press(panel.natives, Qt.Key.Key_Right)
    press(panel.natives, Qt.Key.Key_Return)
    assert opened == ["sha2", "sha1"]


def test_a_row_offers_what_every_picture_does(panel: CompositePanel) -> None:
    panel.set_state(state(0, 1))
    chosen: list[tuple[str, str]] = []
    opened: list[str] = []
    panel.picture_entry_chosen.connect(lambda sha256, entry: chosen.append((sha256, entry)))
    panel.picture_opened.connect(opened.append)
    menu = panel.rows[1].make_menu()
    for action in menu.actions():
        action.trigger()
    sha256 = panel.state.entries[1].sha256
    assert opened == [sha256]
    assert chosen == [(sha256, entry.id) for entry in PICTURE_ENTRIES]


def test_padding_is_seen_as_such(panel: CompositePanel) -> None:
    shown = natively(0, sizing=SQUARE)
    panel.set_state(shown)
    (rect,) = panel.natives.canvas_rects()
    assert rect.width() == pytest.approx(rect.height())
    assert panel.texts[1][1] == Fact("576", "tokens")
    assert panel.rows[0].facts == "1280 \u00d7 720 \u2192 336 \u00d7 189 px, 26\u00a0%, 576 tokens"
    image = panel.natives.grab().toImage()
    column = [image.pixelColor(round(rect.center().x()), round(rect.top() + rect.height() * at)) for at in (0.05, 0.5)]
    assert column[0].saturation() < 30  # the hatched ground
    assert panel.texts[0] == "One picture, sent as it is: above, as the model sees it."


def test_what_the_model_takes_no_more_is_reported(panel: CompositePanel) -> None:
    panel.set_state(natively(0, 1, 2, most=2))
    assert panel.texts[0] == "The latest 2 of 3 pictures are sent: the model takes no more."
    assert panel.rows[0].facts == "1280 \u00d7 720 px, not sent"


def test_a_size_that_only_the_library_knows(panel: CompositePanel) -> None:
    panel.set_state(natively(0, 1, sizing=ImageSizing("library")))
    assert [fact.value for fact in panel.texts[1]] == ["2 of 8", "?", "?"]
    assert panel.rows[0].facts == "1280 \u00d7 720 px, scaled by the engine"
    assert panel.texts[2] == ""


def test_the_old_previews_stay_while_new_ones_are_made(panel: CompositePanel) -> None:
    panel.set_state(natively(0))
    panel.set_state(replace(natively(0, 2), images=(), busy=True))
    assert panel.natives.isVisible()
    assert {fact.value for fact in panel.texts[1]} == {"\u2026"}
    assert panel.texts[0] == "The pictures are being prepared."


def test_a_note_says_why_no_picture_is_sent(panel: CompositePanel) -> None:
    note = "This model cannot see pictures: it gets only the text."
    panel.set_state(CompositeState(natively(0, 1).entries, note=note))
    assert panel.texts[0] == note
    assert panel.preview.is_empty
    assert [row.facts for row in panel.rows][:2] == ["1280 \u00d7 720 px", "1240 \u00d7 1754 px"]


@pytest.mark.parametrize("count", [1, 2, 3, 7, 20])
def test_previews_are_placed_apart_and_within_their_room(count: int) -> None:
    sizes = [(400 + 130 * (n % 4), 300 + 90 * (n % 3)) for n in range(count)]
    places = arrange(sizes, 340, 420)
    assert len(places) == count
    for place, (width, height) in zip(places, sizes, strict=True):
        assert place.width() / place.height() == pytest.approx(width / height)
        assert QRectF(0, 0, 340.01, 420).contains(place)
    assert not any(a.intersects(b) for n, a in enumerate(places) for b in places[n + 1 :])


# Small text in writing


def with_text(shown: CompositeState, index: int, text: EntryText | None, font_px: float | None = 12) -> CompositeState:
    entries = list(shown.entries)
    entries[index] = replace(entries[index], text=text, font_px=font_px)
    return replace(shown, entries=tuple(entries))


def test_lines_that_go_along_are_shown_under_their_picture(panel: CompositePanel, qtbot: QtBot) -> None:
    panel.set_state(with_text(state(0, 1, 2), 1, EntryText(("Total", "", "12,50"), 4)))
    assert [panel.text_row(index) is not None for index in range(3)] == [False, True, False]
    shown = panel.text_row(1)
    assert shown is not None
    assert shown.head.text() == "2 of 6 lines go along as text"
    qtbot.waitUntil(lambda: panel.rows[1].geometry().bottom() < shown.y() < panel.rows[2].y())
    assert not shown.lines.isVisible()
    shown.head.click()
    assert shown.lines.isVisible()
    assert shown.lines.toPlainText() == "Total\n\u2026\n12,50"
    with qtbot.waitSignal(panel.text_switched) as switched:
        shown.toggle.click()
    assert switched.args == ["sha1", False]
    panel.set_state(with_text(state(0, 1, 2), 1, EntryText(("Total",), is_on=False)))
    assert panel.text_row(1) is shown  # still open
    assert shown.head.text() == "1 line of text stays here"
    assert not shown.toggle.isChecked()


def test_while_text_is_read_there_is_nothing_to_switch(panel: CompositePanel) -> None:
    panel.set_state(with_text(state(1), 1, EntryText(), None))
    shown = panel.text_row(1)
    assert shown is not None
    assert shown.head.text() == "Reading the text\u2026"
    assert not shown.head.isEnabled()
    assert not shown.toggle.isVisible()
    panel.set_state(state(1))
    assert panel.text_row(1) is None
    panel.set_state(with_text(state(0), 1, EntryText(("a",))))  # a picture that is left out brings nothing
    assert panel.text_row(1) is None


@pytest.mark.parametrize(
    ("text", "font_px", "warns"),
    [
        (None, None, True),
        (None, 12, True),
        (None, 40, False),
        (None, 0, False),
        (EntryText(("a",)), 12, False),
        (EntryText(("a",), is_on=False), 12, True),
    ],
    ids=["not read", "small lines", "large lines", "no text", "goes along", "kept back"],
)
def test_the_warning_is_about_lines_that_are_really_there(
    panel: CompositePanel, text: EntryText | None, font_px: float | None, warns: bool
) -> None:
    panel.set_state(with_text(state(1), 1, text, font_px))
    assert bool(panel.rows[1].warning) == warns == bool(panel.texts[2])
