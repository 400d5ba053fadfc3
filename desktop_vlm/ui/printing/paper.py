"""Draws a page of `markdown.page` onto sheets of paper, some lines at a time; may be used in any thread.

Each message is laid out in small pieces, one after the other from where the last one ended, so that a long
conversation takes little memory and can be stopped at any piece.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import count
from typing import IO

from PIL import Image
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QLocale, QMarginsF, QRectF, QUrl
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QImage,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextDocument,
)
from PySide6.QtSvg import QSvgRenderer

from desktop_vlm.api.errors import UserError
from desktop_vlm.markdown.as_html import MUTED, latex_source, leaves_html, verbatim_html
from desktop_vlm.markdown.blocks import Leaf, Text
from desktop_vlm.markdown.formula import MARGIN, lay_out
from desktop_vlm.markdown.page import Page, Section
from desktop_vlm.markdown.parser import Parser
from desktop_vlm.markdown.visible import make_visible
from desktop_vlm.ui.pictures.decoding import open_image

_DPI = 96.0
_TEXT_PX = 13.0
_DISPLAY_SCALE = 1.2
_SHARPNESS = 4
"""Pixels of a drawn formula for each of the page."""
_MARGIN_MM = 18.0
_FOOT_PX = 26.0
_GAP_PX = 9.0
_MOST_LEAVES = 30
_MOST_LINES = 120
"""Laid out at once."""
_MOST_IMAGE_PX = 1_800
_INK = "#1c1c1a"
_PAUSE_S = 0.001
"""After each piece, for the window's thread."""


def write_pdf(page: Page, picture: Callable[[str], bytes], file: IO[bytes]) -> None:
    """Write a page as PDF: a `PageWriter` of `export`."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(page.title)
    writer.setCreator("Desktop VLM")
    writer.setPageLayout(usual_layout())
    draw(page, picture, writer)
    buffer.close()
    file.write(buffer.data().data())


def usual_layout() -> QPageLayout:
    """The paper of this country."""
    is_american = QLocale().measurementSystem() is QLocale.MeasurementSystem.ImperialUSSystem
    size = QPageSize(QPageSize.PageSizeId.Letter if is_american else QPageSize.PageSizeId.A4)
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    return QPageLayout(size, QPageLayout.Orientation.Portrait, margins, QPageLayout.Unit.Millimeter)


def draw(page: Page, picture: Callable[[str], bytes], device: QPagedPaintDevice) -> int:
    """Draw a page onto sheets of paper; how many there are.

    Raises:
        UserError: an image of it cannot be read.
    """
    sheets = _Sheets(device)
    try:
        sheets.add(f"<h2>{escape(make_visible(page.title))}</h2>", {})
        for section in page.sections:
            for html, images in _pieces(section, picture, sheets.width):
                sheets.add(html, images)
                time.sleep(_PAUSE_S)
            sheets.leave(_GAP_PX)
    finally:
        sheets.end()
    return sheets.number


class _Sheets:
    """Sheets that are filled from top to bottom, with their numbers at the foot."""

    def __init__(self, device: QPagedPaintDevice) -> None:
        self._device = device
        self._painter = QPainter()
        if not self._painter.begin(device):
            raise UserError("The printer does not take the pages; choose another one, or export as PDF.")
        scale = device.logicalDpiX() / _DPI
        self._painter.scale(scale, scale)
        self.width = device.width() / scale
        self._height = device.height() / scale - _FOOT_PX
        self._top = 0.0
        self.number = 1
        self._font = QFont()
        self._font.setPixelSize(round(_TEXT_PX))
        self._draw_foot()

    def add(self, html: str, images: dict[str, QImage]) -> None:
        """Draw some text below what is there, on as many sheets as it takes."""
        document = QTextDocument()
        document.setDefaultFont(self._font)
        document.setDocumentMargin(0)
        document.setUndoRedoEnabled(False)
        for name, image in images.items():
            document.addResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name), image)
        document.setHtml(html)
        document.setTextWidth(self.width)
        layout = document.documentLayout()
        whole = layout.documentSize().height()
        begin = 0.0
        for cut in _cuts(document, whole, self._height - self._top, self._height):
            self._draw(layout, begin, cut)
            self._next()
            begin = cut
        self._draw(layout, begin, whole)
        self._top += whole - begin + 2

    def _draw(self, layout: QAbstractTextDocumentLayout, begin: float, end: float) -> None:
        """Draw what of a text lies between two heights where the sheet is free."""
        if end <= begin:
            return
        self._painter.save()
        self._painter.translate(0, self._top - begin)
        context = QAbstractTextDocumentLayout.PaintContext()
        context.clip = QRectF(
            0, begin + 1, self.width, max(end - begin - 2, 1)
        )  # lines that only touch it are not drawn
        context.palette = _PAPER()
        self._painter.setClipRect(QRectF(0, begin, self.width, end - begin))
        layout.draw(self._painter, context)
        self._painter.restore()

    def leave(self, pixels: float) -> None:
        """Leave some room."""
        self._top += pixels
        if self._top > self._height * 0.94:
            self._next()

    def end(self) -> None:
        self._painter.end()

    def _next(self) -> None:
        self._device.newPage()
        self.number += 1
        self._top = 0.0
        self._draw_foot()

    def _draw_foot(self) -> None:
        self._painter.save()
        small = QFont(self._font)
        small.setPixelSize(10)
        self._painter.setFont(small)
        self._painter.setPen(QColor(MUTED))
        place = QRectF(0, self._height + 6, self.width, _FOOT_PX - 6)
        self._painter.drawText(place, 0x0084, str(self.number))  # in the middle
        self._painter.restore()


def _cuts(document: QTextDocument, whole: float, room: float, height: float) -> Iterator[float]:
    """Where a text is cut so that its first part fits into the room that is left, and the others onto a sheet each.

    No line is cut, nor a row of a table; what is higher than a sheet is cut all the same.
    """
    begin, free = 0.0, room
    for top, bottom in [*_rows(document), (whole, whole)]:
        if bottom - begin > free and (top > begin or free < height):
            yield top
            begin, free = top, height
        while bottom - begin > free:
            begin += free
            yield begin


def _rows(document: QTextDocument) -> list[tuple[float, float]]:
    """Top and bottom of each line; of lines side by side together."""
    layout = document.documentLayout()
    lines = []
    block = document.begin()
    while block.isValid():
        box = layout.blockBoundingRect(block)
        for number in range(block.layout().lineCount()):
            line = block.layout().lineAt(number)
            lines.append((box.top() + line.y(), box.top() + line.y() + line.height()))
        block = block.next()
    rows: list[tuple[float, float]] = []
    for top, bottom in sorted(lines):
        if rows and top < rows[-1][1] - 0.5:
            rows[-1] = (rows[-1][0], max(bottom, rows[-1][1]))
        else:
            rows.append((top, bottom))
    return rows


def _PAPER() -> QPalette:
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Text, QColor(_INK))
    return palette


_Piece = tuple[str, dict[str, QImage]]


def _pieces(section: Section, picture: Callable[[str], bytes], width: float) -> Iterator[_Piece]:
    """A message in pieces of HTML, each with its images."""
    yield f'<p style="color:{MUTED};font-size:10px">{escape(make_visible(section.heading))}</p>', {}
    for sha256, name in section.images:
        yield _image(picture(sha256), name, width)
    if section.is_verbatim:
        for lines in _some_lines(section.text):
            yield verbatim_html(lines), {}
    else:
        yield from _answer(section.text)
    for quoted in section.quoted:
        for lines in _some_lines(quoted):
            yield f'<div style="color:{MUTED}">{verbatim_html(lines)}</div>', {}
    if section.note:
        yield f"<p><i>{escape(make_visible(section.note))}</i></p>", {}


def _answer(text: str) -> Iterator[_Piece]:
    parser = Parser()
    parser.begin(text)
    at = 0
    while parser.is_behind:
        parser.advance()
        end = parser.n_final if parser.is_behind else len(parser.leaves)
        while at < end:
            some = _some_leaves(parser.leaves, at, end)
            at += len(some)
            formulas = _Formulas()
            yield leaves_html(some, formulas.html), formulas.images


def _some_leaves(leaves: Sequence[Leaf], at: int, end: int) -> Sequence[Leaf]:
    last = at + 1
    while last < min(end, at + _MOST_LEAVES) and isinstance(leaves[last], Text):
        last += 1
    return leaves[at:last]


def _some_lines(text: str) -> Iterator[str]:
    lines = text.split("\n")
    for at in range(0, len(lines), _MOST_LINES):
        yield "\n".join(lines[at : at + _MOST_LINES])


def _image(data: bytes, name: str, width: float) -> _Piece:
    image = open_image(data).convert("RGBA")
    image.thumbnail((_MOST_IMAGE_PX, _MOST_IMAGE_PX), Image.Resampling.LANCZOS)
    paper = Image.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    shown = QImage(paper.tobytes(), paper.width, paper.height, 3 * paper.width, QImage.Format.Format_RGB888).copy()
    wide = round(min(width * 0.8, paper.width * 0.6, 420 * paper.width / max(paper.height, 1)))
    caption = escape(make_visible(" ".join(name.split())))
    html = (
        f'<p style="margin:4px 0 0 0"><img src="image" width="{wide}"></p>'
        f'<p style="color:{MUTED};font-size:9px;margin:0 0 4px 0">{caption}</p>'
    )
    return html, {"image": shown}


@dataclass
class _Formulas:
    """Draws the formulas of a piece."""

    def __post_init__(self) -> None:
        self.images: dict[str, QImage] = {}
        self._numbers = count()

    def html(self, latex: str, display: bool) -> str:
        size = _TEXT_PX * (_DISPLAY_SCALE if display else 1.0)
        found = lay_out(latex, size, display=display)
        if found is None:
            return latex_source(latex, display)
        width, height = found.width + 2 * MARGIN, found.height + 2 * MARGIN
        image = QImage(
            max(1, round(width * _SHARPNESS)), max(1, round(height * _SHARPNESS)), QImage.Format.Format_RGB32
        )
        image.fill(QColor("white"))
        painter = QPainter(image)
        QSvgRenderer(QByteArray(found.colored(_INK).encode())).render(painter)
        painter.end()
        name = f"formula-{next(self._numbers)}"
        self.images[name] = image
        return f'<img src="{name}" width="{round(width)}" height="{round(height)}" style="vertical-align:middle">'
