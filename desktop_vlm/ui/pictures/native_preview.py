"""Pictures as a model gets them one by one, each at its own size."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QBrush, QFont, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desktop_vlm.api.text_layer import Box
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.pictures.composer import NativeImage
from desktop_vlm.ui.pictures.composite_state import CompositeState
from desktop_vlm.ui.pictures.loading import shrink
from desktop_vlm.ui.pictures.places import draw_places, part_of
from desktop_vlm.ui.pictures.pointing import PointingDrag
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.widgets.painting import draw_pill, draw_ring

_MOST_HEIGHT = 300
_GAP = 8


class NativePreview(QWidget):
    """A preview for each picture that is sent, at the encoder's proportions; padding is hatched.

    Signals:
        hovered: index of the entry under the pointer, -1 for none.
        opened: SHA-256 of a picture that was clicked, or pointed out when Enter was pressed.
        pointed: index of an entry, and the Pointer at a place in it: by a drag, or a click with Shift.
    """

    hovered = Signal(int)
    opened = Signal(str)
    pointed = Signal(int, object)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._state = CompositeState()
        self._drag = PointingDrag(
            self, lambda entry: (self._state.entries[entry].width, self._state.entries[entry].height)
        )
        self._drag.pointed.connect(self.pointed)
        self._highlighted = -1
        self._places: dict[str, Sequence[Box]] = {}
        self._current = 0
        self._scaled: dict[str, QImage] = {}
        self._sizes: dict[str, tuple[int, int]] = {}
        self._background = Background(self)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumWidth(160)
        self.setAccessibleName(self.tr("The pictures as the model sees them; arrows choose, Enter opens"))
        self.setToolTip(self.tr("Click to see it at full size"))
        theme.changed.connect(self.update)

    @property
    def _images(self) -> tuple[NativeImage, ...]:
        return self._state.images or ()

    def set_state(self, state: CompositeState) -> None:
        """Show these pictures."""
        new = state.images != self._state.images
        self._state = state
        if new:
            self._current = min(self._current, max(0, len(self._images) - 1))
            self._scaled = {}
            self._rescale()
            self.updateGeometry()
        self.update()

    def highlight(self, entry: int) -> None:
        """Point out an entry's picture; -1 for none."""
        if entry != self._highlighted:
            self._highlighted = entry
            self.update()

    def show_places(self, places: Mapping[str, Sequence[Box]]) -> None:
        """Light up places in the pictures: SHA-256 -> boxes, px of the picture."""
        if dict(places) != self._places:
            self._places = dict(places)
            self.update()

    def place_rects(self) -> list[QRectF]:
        """Where the lit places are in this widget."""
        return [rect for image, canvas in self._shown() for rect in self._places_in(image, canvas)]

    def _places_in(self, image: NativeImage, canvas: QRectF) -> list[QRectF]:
        entry = self.entry_of(image)
        if entry < 0:
            return []
        size = self._state.entries[entry].width, self._state.entries[entry].height
        rect = self._picture_rect(image, canvas)
        if image.is_part:
            return []
        return [part_of(rect, size, box) for box in self._places.get(image.picture, ())]

    def _shown(self) -> Iterator[tuple[NativeImage, QRectF]]:
        yield from zip(self._images, self.canvas_rects(), strict=True)

    # --- geometry

    def heightForWidth(self, width: int) -> int:
        places = arrange([image.canvas for image in self._images], width - 4, _MOST_HEIGHT)
        return round(max((place.bottom() for place in places), default=0)) + 4

    def sizeHint(self) -> QSize:
        return QSize(360, self.heightForWidth(360))

    def canvas_rects(self) -> list[QRectF]:
        """Where what the encoder gets is in this widget, one for each picture."""
        places = arrange([image.canvas for image in self._images], self.width() - 4, min(_MOST_HEIGHT, self.height()))
        return [place.translated(2, 2) for place in places]

    def _picture_rect(self, image: NativeImage, canvas: QRectF) -> QRectF:
        """Where the picture's own pixels are: padding lies around it evenly."""
        scale = canvas.width() / image.canvas[0]
        size = QSize(image.encoded.width, image.encoded.height)
        width, height = size.width() * scale, size.height() * scale
        return QRectF(canvas.center().x() - width / 2, canvas.center().y() - height / 2, width, height)

    def entry_of(self, image: NativeImage) -> int:
        """Index of a picture's entry."""
        entries = enumerate(self._state.entries)
        return next((index for index, entry in entries if entry.sha256 == image.picture), -1)

    def _image_at(self, point: QPointF) -> NativeImage | None:
        found = zip(self._images, self.canvas_rects(), strict=True)
        return next((image for image, rect in found if rect.contains(point)), None)

    # --- pixels

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._scaled = {}
        self._rescale()
        super().resizeEvent(event)

    def _rescale(self) -> None:
        """Well-filtered versions for this size, made elsewhere; until then quick ones are painted."""
        ratio = self.devicePixelRatioF()
        self._sizes = {}
        for image, canvas in zip(self._images, self.canvas_rects(), strict=True):
            rect = self._picture_rect(image, canvas)
            width, height = size = max(1, round(rect.width() * ratio)), max(1, round(rect.height() * ratio))
            self._sizes[image.sha256] = size
            if width < image.preview.width():
                work = partial(shrink, image.preview, width, height)
                self._background.run(work, partial(self._came, image, size))

    def _came(self, image: NativeImage, size: tuple[int, int], scaled: QImage) -> None:
        """A version is there; the preview may have another size by now, for which it would be too coarse."""
        if image in self._images and self._sizes.get(image.sha256) == size:
            self._scaled[image.sha256] = scaled
            self.update()

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        for number, (image, canvas) in enumerate(self._shown()):
            self._paint_image(painter, image, canvas)
            if not self._state.busy:
                draw_places(painter, canvas, 3, self._places_in(image, canvas))
            if len(self._images) > 1:
                font = self._theme.font(0.75, weight=QFont.Weight.DemiBold)  # as in the rows
                at = QPointF(canvas.left() - 2, canvas.top() + 12)
                shown = str(self.entry_of(image) + 1)
                draw_pill(painter, at, shown, font, self._theme.color("text"), self._theme.color("window"))
            is_current = self.hasFocus() and number == self._current
            if is_current or (self.entry_of(image) == self._highlighted and not self._state.busy):
                draw_ring(painter, canvas.adjusted(-2, -2, 2, 2), 5, self._theme.color("accent"), 2)
        self._drag.paint(painter)
        painter.end()

    def _paint_image(self, painter: QPainter, image: NativeImage, canvas: QRectF) -> None:
        painter.fillRect(canvas, self._theme.color("surface"))
        painter.fillRect(canvas, QBrush(self._theme.color("border"), Qt.BrushStyle.BDiagPattern))
        painter.setOpacity(0.45 if self._state.busy else 1.0)
        painter.drawImage(self._picture_rect(image, canvas), self._scaled.get(image.sha256, image.preview))
        painter.setOpacity(1.0)
        draw_ring(painter, canvas, 3, self._theme.color("border"), 1)

    # --- events

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._drag.move(event):
            return
        image = self._image_at(event.position())
        self.setCursor(Qt.CursorShape.PointingHandCursor if image else Qt.CursorShape.ArrowCursor)
        self.hovered.emit(self.entry_of(image) if image else -1)

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit(-1)
        super().leaveEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = ((one, rect) for one, rect in self._shown() if rect.contains(event.position()) and not one.is_part)
        image, canvas = next(found, (None, QRectF()))
        if image is not None and event.button() == Qt.MouseButton.LeftButton:
            self._drag.press(event, self.entry_of(image), self._picture_rect(image, canvas))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._drag.release(event):
            return
        image = self._image_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and image:
            self.opened.emit(image.picture)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1}
        key = Qt.Key(event.key())
        if key in steps and self._images:
            self._current = min(max(self._current + steps[key], 0), len(self._images) - 1)
            self.hovered.emit(self.entry_of(self._images[self._current]))
            self.update()
        elif key in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space} and self._images:
            self.opened.emit(self._images[self._current].sha256)
        else:
            super().keyPressEvent(event)


def arrange(sizes: Sequence[tuple[int, int]], width: float, most_height: float) -> list[QRectF]:
    """Places for pictures of these sizes, in rows: of all numbers of columns, the one that shows most of them.

    None is enlarged beyond the width, and all together are at most `most_height` high.
    """
    numbers = range(1, len(sizes) + 1)
    found = [_in_columns(sizes, columns, width, most_height) for columns in numbers]
    return max(found, key=lambda places: sum(place.width() * place.height() for place in places), default=[])


def _in_columns(sizes: Sequence[tuple[int, int]], columns: int, width: float, most_height: float) -> list[QRectF]:
    cell = max(1.0, (width - _GAP * (columns - 1)) / columns)
    rows = [sizes[first : first + columns] for first in range(0, len(sizes), columns)]
    heights = [max(cell * high / wide for wide, high in row) for row in rows]
    room = most_height - 4 - _GAP * (len(rows) - 1)
    shrink = min(1.0, max(1.0, room) / sum(heights))
    places = []
    top = 0.0
    for row, height in zip(rows, heights, strict=True):
        high = height * shrink
        for column, size in enumerate(row):
            scale = min(cell / size[0], high / size[1])
            left = column * (cell + _GAP) + (cell - size[0] * scale) / 2
            places.append(QRectF(left, top + (high - size[1] * scale) / 2, size[0] * scale, size[1] * scale))
        top += high + _GAP
    return places
