"""Pages are chosen from thumbnails, which are made in the decoder's process as somebody looks at them."""

from __future__ import annotations

import io
import time
from collections.abc import Callable, Iterator, Sequence

import pypdfium2
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.pictures import page_thumbnails
from desktop_vlm.ui.pictures.decoding import small_pages
from desktop_vlm.ui.pictures.page_grid import PageGrid
from desktop_vlm.ui.pictures.page_picker import PagePicker, PageQuestion
from desktop_vlm.ui.pictures.page_thumbnails import PageThumbnails
from desktop_vlm.ui.theme import Theme

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def empty_pdf(count: int) -> bytes:
    """Pages of one size, all white; the last is twice as wide as high."""
    document = pypdfium2.PdfDocument.new()
    for number in range(count):
        document.new_page(*((600, 300) if number == count - 1 else (300, 400)))
    buffer = io.BytesIO()
    document.save(buffer)
    document.close()
    return buffer.getvalue()


def frames(kind: str, count: int) -> bytes:
    images = [Image.new("RGB", (60, 40), (20 * n, 255 - 20 * n, 90)) for n in range(count)]
    buffer = io.BytesIO()
    images[0].save(buffer, kind, save_all=True, append_images=images[1:])
    return buffer.getvalue()


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[int]]:
    """The pages of each job, made here without a process; page 13 cannot be shown, and page 66 costs its whole job."""
    jobs: list[Sequence[int]] = []

    def make(_data: bytes, _name: str, pages: Sequence[int], side: int, _password: str) -> Iterator[object]:
        jobs.append(tuple(pages))
        if 66 in pages:
            raise page_thumbnails_error
        for number in pages:
            if number != 13:
                yield number, Image.new("RGB", (side // 2, side), (number % 256, 0, 0))

    from desktop_vlm.api.errors import UserError

    page_thumbnails_error = UserError("The decoder stopped.")
    monkeypatch.setattr(page_thumbnails, "small_pages", make)
    return jobs


MakePicker = Callable[..., PagePicker]


@pytest.fixture
def pick(qtbot: QtBot, theme: Theme) -> MakePicker:
    def make(count: int, **fields: object) -> PagePicker:
        picker = PagePicker(PageQuestion(b"%PDF-", "report.pdf", count, **fields), theme)  # type: ignore[arg-type]
        qtbot.addWidget(picker)
        with qtbot.waitActive(picker):
            picker.open()
            picker.activateWindow()
        return picker

    return make


def grid(picker: PagePicker) -> PageGrid:
    assert picker.grid is not None
    return picker.grid


def click(picker: PagePicker, number: int, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    view = grid(picker)
    place = view.visualRect(view.model().index(number - 1, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, held, place)


def test_only_what_is_looked_at_is_made(qtbot: QtBot, asked: list[Sequence[int]], pick: MakePicker) -> None:
    begun = time.thread_time()
    picker = pick(500)
    assert time.thread_time() - begun < 1.0
    view = grid(picker)
    qtbot.waitUntil(lambda: bool(asked))
    seen = view.visible()
    assert asked[0] == (1, 2, 3, 4, 5, 6)
    assert len(seen) < 40
    qtbot.waitUntil(lambda: sum(map(len, asked)) >= len(seen))
    view.scrollToBottom()
    qtbot.waitUntil(lambda: any(500 in job for job in asked))
    assert 250 not in {number for job in asked for number in job}
    assert view.visible()[-1] == 500


def test_a_page_that_cannot_be_shown_says_so_and_costs_no_other(
    qtbot: QtBot, asked: list[Sequence[int]], theme: Theme
) -> None:
    assert asked == []
    thumbnails = PageThumbnails(b"", "report.pdf")
    lost: list[int] = []
    thumbnails.lost.connect(lost.append)
    thumbnails.request([12, 13, 14, 65, 66, 67])
    qtbot.waitUntil(lambda: thumbnails.image(67) is not None)
    assert sorted(lost) == [13, 66]
    assert [one for one in (12, 13, 14, 65, 66, 67) if thumbnails.image(one) is None] == [13, 66]
    assert thumbnails.is_lost(13)
    view = PageGrid(theme, thumbnails, 20, "Page {0}")
    qtbot.addWidget(view)
    spoken = [view.model().index(row, 0).data(Qt.ItemDataRole.AccessibleTextRole) for row in (11, 12)]
    assert spoken == ["Page 12", "Page 13: cannot be shown"]


def test_what_was_looked_at_long_ago_is_let_go(
    qtbot: QtBot, asked: list[Sequence[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asked == []
    monkeypatch.setattr(page_thumbnails, "KEPT", 8)
    thumbnails = PageThumbnails(b"", "report.pdf")
    for first in (1, 20, 30):
        thumbnails.request(range(first, first + 6))
        qtbot.waitUntil(lambda first=first: thumbnails.image(first + 5) is not None)  # type: ignore[misc]
    kept = [number for number in range(1, 40) if thumbnails.image(number) is not None]
    assert kept == [24, 25, *range(30, 36)]


def test_pages_are_chosen_by_mouse_and_keys(asked: list[Sequence[int]], pick: MakePicker) -> None:
    picker = pick(40)
    assert asked is not None
    view = grid(picker)
    assert view.hasFocus()
    assert view.numbers() == tuple(range(1, 11))
    click(picker, 3)
    click(picker, 7, CTRL)
    assert (picker.field.text(), picker.answer) == ("3,7", (3, 7))
    click(picker, 2)
    click(picker, 5, SHIFT)
    assert (picker.field.text(), picker.answer) == ("2-5", (2, 3, 4, 5))
    QTest.keyClick(view, Qt.Key.Key_Right, SHIFT)
    assert picker.answer == (2, 3, 4, 5, 6)
    QTest.keyClick(view, Qt.Key.Key_A, CTRL)
    assert picker.answer is None
    assert not picker.add.isEnabled()
    assert picker.note == "40 are chosen; at most 10 can be added at once."
    QTest.keyClicks(view, "37")
    assert view.currentIndex().row() == 36
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert picker.answer == (37,)
    heard: list[object] = []
    picker.answered.connect(heard.append)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert heard == [(37,)]


def test_what_is_typed_is_chosen_in_the_grid(asked: list[Sequence[int]], pick: MakePicker) -> None:
    picker = pick(40)
    assert asked is not None
    picker.field.setFocus()
    picker.field.selectAll()
    QTest.keyClicks(picker.field, "4,2")
    assert grid(picker).numbers() == (2, 4)
    assert picker.answer == (4, 2)  # in the order that was typed
    QTest.keyClicks(picker.field, "x")
    assert grid(picker).numbers() == ()
    assert not picker.add.isEnabled()


def test_a_double_click_adds_one_page(asked: list[Sequence[int]], pick: MakePicker) -> None:
    picker = pick(40)
    assert asked is not None
    heard: list[object] = []
    picker.answered.connect(heard.append)
    click(picker, 4)
    view = grid(picker)
    place: QPoint = view.visualRect(view.model().index(3, 0)).center()
    QTest.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert heard == [(4,)]


def test_a_password_has_no_thumbnails(pick: MakePicker) -> None:
    picker = pick(0)
    assert picker.grid is None
    picker.field.setText("secret")
    assert picker.answer == "secret"


def test_pages_are_drawn_small_by_the_decoder() -> None:
    made = dict(small_pages(empty_pdf(30), "report.pdf", [30, 2, 31], 100))
    assert made.keys() == {2, 30}
    assert made[2].size == (75, 100)
    assert made[30].width == pytest.approx(100, abs=1)
    assert made[30].height == pytest.approx(50, abs=1)


@pytest.mark.parametrize("kind", ["TIFF", "GIF", "WEBP"])
def test_other_kinds_have_small_pages_too(kind: str) -> None:
    made = dict(small_pages(frames(kind, 5), "moving", [4, 2], 30))
    assert {number: image.size for number, image in made.items()} == {4: (30, 20), 2: (30, 20)}
    red, green = made[4].convert("RGB").getpixel((15, 10))[:2]  # type: ignore[index]
    assert abs(red - 60) < 20
    assert abs(green - 195) < 20
