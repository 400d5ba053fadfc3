"""One picture as a rounded thumbnail that is a button."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from math import ceil
from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QFont,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QApplication, QSizePolicy, QWidget

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.pointing import Pointer
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.pictures.loading import SMALL_PIXELS, shrink
from desktop_vlm.ui.pictures.places import draw_places, draw_pointing
from desktop_vlm.ui.pictures.pointing import CLICK_PX, pointer_between
from desktop_vlm.ui.pictures.private_mark import PrivateMark
from desktop_vlm.ui.pictures.remove_button import RemoveButton
from desktop_vlm.ui.pictures.wording import page_label, size_text
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.icons import icon
from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.widgets.painting import draw_icon, draw_pill, draw_ring, pill_size, rounded_whole, with_alpha
from desktop_vlm.ui.widgets.turn import Turn

RING = 3
"""Space around a thumbnail for the ring that shows the keyboard's focus, px."""

_WIDEST = 2.4
"""Width over the usual height."""
_SMALLEST_PX = 44
_LABEL_PX = 5
"""Between a thumbnail's corner and what stands there."""

_SCRIM = QColor(16, 16, 18)
"""What lies under things drawn on a picture, whatever the theme: pictures have every colour."""


class PictureItem(NamedTuple):
    """What a thumbnail shows.

    Attributes:
        name: of the picture.
        image: its thumbnail, None while it loads.
        badge: its number among all pictures of the conversation; it is spoken, too.
        width, height: of the picture itself in pixels, 0 if not known yet.
        included: whether the model gets to see it.
        private: how much private text is pointed out in it, and `private_hint` says of which kinds.
        pointers: places in it that the question is about.
        edited: made of another picture, which is kept.
    """

    name: str
    image: QImage | None = None
    badge: str | None = None
    width: int = 0
    height: int = 0
    included: bool = True
    private: int = 0
    private_hint: str = ""
    pointers: tuple[Pointer, ...] = ()
    edited: bool = False

    @property
    def page(self) -> str:
        """Which page of its file it is, in a few letters; "" where it is none."""
        return page_label(self.name)

    @property
    def label(self) -> str:
        """What stands on it: its number, its page, both or nothing."""
        return " \u00b7 ".join(part for part in (self.badge, self.page) if part)


def size_of(item: PictureItem, side: int, theme: Theme) -> QSize:
    """Of a thumbnail of this height at most, px; wide enough for what stands on it."""
    width = height = side
    if shape := _shape(item):
        # The picture's own shape, never blown up; but large enough to be pressed.
        height = round(min(side, _WIDEST * side / shape, item.height or side))
        width = max(_SMALLEST_PX, round(height * shape))
        height = max(_SMALLEST_PX, height)
    if item.page:  # a page is narrow
        width = max(width, ceil(pill_size(item.label, _label_font(theme)).width()) + 2 * _LABEL_PX)
    return QSize(width + 2 * RING, height + 2 * RING)


def _label_font(theme: Theme) -> QFont:
    return theme.font(0.79, weight=QFont.Weight.DemiBold)


def _shape(item: PictureItem) -> float:
    """Width over height, 0 if not known."""
    if item.width and item.height:
        return item.width / item.height
    return item.image.width() / item.image.height() if item.image is not None and not item.image.isNull() else 0


class Thumbnail(QAbstractButton):
    """A picture, its badge, and a dimmed look with a crossed eye when it is left out.

    Signals:
        removal_asked: by the small button in its corner.
        hiding_asked: by the mark that says how much private text is in it.
        dragged: to a point of the screen, with the button held.
        dropped: there, or anywhere.
        pointed: at a place of the picture, with Shift and a click or a drag; carries the Pointer.
    """

    removal_asked = Signal()
    hiding_asked = Signal()
    dragged = Signal(QPoint)
    dropped = Signal(QPoint)
    pointed = Signal(object)

    def __init__(self, theme: Theme, side: int, *, removable: bool, may_wait: bool = False, parent: QWidget) -> None:
        """`may_wait`: it is one of very many, and appears when there is time."""
        super().__init__(parent)
        self._theme = theme
        self._side = side
        self._item = PictureItem("")
        self._number = 0
        self._image: QImage | None = None
        self._pixmap: QPixmap | None = None
        self._look: QPixmap | None = None  # all of it, as it was painted last
        self._is_old = self._is_urgent = False
        self._may_wait = may_wait
        self._places: tuple[Box, ...] = ()
        self._made_background: Background | None = None
        self._remove = RemoveButton(_SCRIM, self) if removable else None
        if self._remove:
            self._remove.clicked.connect(self.removal_asked)
            self._remove.hide()
        self._private: PrivateMark | None = None
        self._pressed_at: QPoint | None = None
        self._is_dragged = False
        self._points_from: QPointF | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self._restyle)

    def _restyle(self) -> None:
        self.setFixedSize(self.sizeHint())
        self._is_old = True  # no more than outlines
        super().update()

    @property
    def item(self) -> PictureItem:
        return self._item

    def set_item(self, number: int, item: PictureItem) -> None:
        """Show this as picture `number`, unless its badge says another."""
        number = int(item.badge) if item.badge and item.badge.isdecimal() else number
        new_image = item.image is not self._item.image
        if not new_image and (number, item) == (self._number, self._item):
            return
        self._number, self._item = number, item
        self.setAccessibleName(self._spoken(number))
        self.setToolTip(self._hint())
        if self._remove:
            self._remove.setAccessibleName(self.tr("Remove picture {number}").format(number=number))
        self._show_private()
        if new_image:
            self._take(item.image)
        self.setFixedSize(self.sizeHint())
        self.update()

    def show_places(self, places: Sequence[Box]) -> None:
        """Light up places of the picture, in its pixels."""
        if tuple(places) != self._places:
            self._places = tuple(places)
            self.update()

    def place_rects(self) -> list[QRectF]:
        """Where the lit places are in this widget."""
        return [self._on_screen(box) for box in self._places] if self._shown_scale else []

    @property
    def _shown_scale(self) -> float:
        """Of the picture in this widget; 0 where its size is not known."""
        rect, width, height = self._picture_rect(), self._item.width, self._item.height
        return min(1.0, rect.width() / width, rect.height() / height) if width and height else 0.0

    def _on_screen(self, box: Box) -> QRectF:
        scale, center = self._shown_scale, self._picture_rect().center()
        left, top = center.x() - self._item.width * scale / 2, center.y() - self._item.height * scale / 2
        return QRectF(left + box.left * scale, top + box.top * scale, box.width * scale, box.height * scale)

    def _pixel(self, at: QPointF) -> tuple[float, float]:
        """The place of the picture there, px of it."""
        whole, scale = self._on_screen(Box(0, 0, 0, 0)).topLeft(), self._shown_scale
        return (at.x() - whole.x()) / scale, (at.y() - whole.y()) / scale

    def _picture_rect(self) -> QRectF:
        return QRectF(self.rect()).adjusted(RING, RING, -RING, -RING)

    def _show_private(self) -> None:
        if self._private is None and self._item.private:
            self._private = PrivateMark(self._theme, self)
            self._private.clicked.connect(self.hiding_asked)
        if self._private:
            self._private.show_count(self._item.private, self._item.private_hint)

    def _spoken(self, number: int) -> str:
        parts = [self.tr("Picture {number}: {name}").format(number=number, name=self._item.name)]
        if self._item.width:
            parts.append(size_text(self._item.width, self._item.height))
        if not self._item.included:
            parts.append(self.tr("left out"))
        if self._item.private:
            parts.append(self._item.private_hint)
        if self._item.pointers:
            parts.append(self.tr("the question points at a place in it"))
        if self._item.edited:
            parts.append(self.tr("edited"))
        return ", ".join(parts)

    def _hint(self) -> str:
        size = f"\n{size_text(self._item.width, self._item.height)} px" if self._item.width else ""
        left_out = "" if self._item.included else "\n" + self.tr("Left out: the model does not see it")
        private = f"\n{self._item.private_hint}" if self._item.private else ""
        edited = "\n" + self.tr("Edited; the original is kept") if self._item.edited else ""
        pointed = "\n" + self.tr("Shift and click or drag: point at a place in it")
        return self._item.name + size + left_out + private + edited + pointed

    def _take(self, image: QImage | None) -> None:
        if image is None or image.width() * image.height() <= SMALL_PIXELS:
            self._keep(image, image)
            return
        scale = min(1.0, 3 * self._side / min(image.width(), image.height()))
        scale = min(scale, (SMALL_PIXELS / (image.width() * image.height())) ** 0.5)
        size = max(1, round(image.width() * scale)), max(1, round(image.height() * scale))
        if self._made_background is None:  # most images are small
            self._made_background = Background(self)
        self._made_background.run(partial(shrink, image, *size), partial(self._keep, image))

    def _keep(self, of: QImage | None, image: QImage | None) -> None:
        if of is self._item.image:  # else another came meanwhile
            self._image, self._pixmap = image, None
            self.setFixedSize(self.sizeHint())
            self.update()

    def sizeHint(self) -> QSize:
        return size_of(self._item, self._side, self._theme)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._pixmap = None
        if self._remove:
            self._remove.move(self.width() - self._remove.width(), 0)
        if self._private:
            self._private.place()
        super().resizeEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._show_remove()
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self._show_remove()
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._show_remove()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_remove()

    def _show_remove(self) -> None:
        if self._remove:
            self._remove.setVisible(self.underMouse() or self.hasFocus() or self._remove.hasFocus())
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier and self._shown_scale:
            self._points_from = event.position()
            return
        self._is_dragged = False
        is_left = self._remove is not None and event.button() == Qt.MouseButton.LeftButton
        self._pressed_at = event.position().toPoint() if is_left else None
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._points_from is not None:
            return
        if self._pressed_at is None:
            super().mouseMoveEvent(event)
            return
        far = (event.position().toPoint() - self._pressed_at).manhattanLength() >= QApplication.startDragDistance()
        if far or self._is_dragged:
            self._is_dragged = True
            self.setDown(False)  # it is no click any more
            self.dragged.emit(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        start, self._points_from = self._points_from, None
        if start is not None:
            is_click = (event.position() - start).manhattanLength() <= CLICK_PX
            end = start if is_click else event.position()
            size = self._item.width, self._item.height
            if (pointer := pointer_between(self._pixel(start), self._pixel(end), size)) is not None:
                self.pointed.emit(pointer)
            return
        was_dragged, self._is_dragged, self._pressed_at = self._is_dragged, False, None
        super().mouseReleaseEvent(event)
        if was_dragged:
            self.dropped.emit(event.globalPosition().toPoint())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            super().keyPressEvent(event)
        else:
            event.ignore()  # a plain button would take the arrows, which are for the strip

    def update(self, *args: Any) -> None:
        """Paint it again."""
        self._is_old, self._is_urgent = True, True
        super().update(*args)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.EnabledChange:
            self.update()
        super().changeEvent(event)

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        """What it looks like is kept: hundreds of them are on the screen, and scrolling paints all of them."""
        look, ratio = self._look, self.devicePixelRatioF()
        fits = look is not None and look.devicePixelRatio() == ratio and look.size() == self.size() * ratio
        is_urgent = (self._is_urgent or not fits) and not self._may_wait
        if (self._is_old or not fits) and (is_urgent or Turn.has_time()):
            look = self._draw_look(ratio)
        elif self._is_old or not fits:  # so many cannot change in one turn: it looks as before for a moment
            QTimer.singleShot(1, self, super().update)  # behind what else waits for its turn
        if look is not None:
            with QPainter(self) as painter:
                painter.drawPixmap(0, 0, look)

    def _draw_look(self, ratio: float) -> QPixmap:
        look = self._look = QPixmap(self.size() * ratio)
        look.setDevicePixelRatio(ratio)
        look.fill(Qt.GlobalColor.transparent)
        self._is_old = self._is_urgent = False
        with QPainter(look) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._draw(painter)
        return look

    def _draw(self, painter: QPainter) -> None:
        rect = self._picture_rect()
        radius = 10.0 if self._side < 120 else 12.0
        painter.setOpacity(1.0 if self._item.included else 0.35)
        self._paint_picture(painter, rect, radius)
        painter.setOpacity(1.0)
        draw_places(painter, rect, radius, self.place_rects())
        if self._item.pointers and self._shown_scale:
            size = self._item.width, self._item.height
            draw_pointing(painter, self._item.pointers, size, self._on_screen)
        hovered = self.underMouse() and self.isEnabled()
        draw_ring(painter, rect, radius, self._theme.color("control" if hovered else "border"), 1)
        if not self._item.included:
            self._paint_left_out(painter, rect)
        if label := self._item.label:
            corner = QPointF(rect.left() + _LABEL_PX, rect.bottom() - _LABEL_PX)
            pill = draw_pill(painter, corner, label, _label_font(self._theme), with_alpha(_SCRIM, 0.8), QColor("white"))
            draw_ring(painter, pill, pill.height() / 2, QColor(255, 255, 255, 110), 1)
        if self._item.edited:
            center = rect.topLeft() + QPointF(13, 13)
            painter.setPen(QColor(255, 255, 255, 110))
            painter.setBrush(with_alpha(_SCRIM, 0.8))
            painter.drawEllipse(center, 9.5, 9.5)
            draw_icon(painter, icon("pencil", "#ffffff", "#ffffff"), center, 11)
        if self.hasFocus():
            draw_ring(painter, QRectF(self.rect()), radius + RING, self._theme.color("accent"), 2)

    def _paint_picture(self, painter: QPainter, rect: QRectF, radius: float) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("hover"))
        if self._image is None or self._image.isNull():
            painter.drawRoundedRect(rect, radius, radius)
            draw_icon(painter, self._theme.icon("image", "faint"), rect.center(), 20 if self._side < 120 else 28)
            return
        ratio = self.devicePixelRatioF()
        if self._pixmap is None or self._pixmap.devicePixelRatio() != ratio:
            largest = self._item.width / self._image.width() if self._item.width else 1e9
            size = round(rect.width()), round(rect.height())
            self._pixmap = rounded_whole(self._image, *size, ratio, radius, largest=largest)
        scale = min(1.0, rect.width() / max(1, self._item.width), rect.height() / max(1, self._item.height))
        if self._item.width * scale < rect.width() - 1 or self._item.height * scale < rect.height() - 1:
            painter.drawRoundedRect(rect, radius, radius)  # what the picture does not fill
        painter.drawPixmap(rect.topLeft(), self._pixmap)

    def _paint_left_out(self, painter: QPainter, rect: QRectF) -> None:
        radius = 14 if self._side < 120 else 18
        painter.setPen(self._theme.color("border"))
        painter.setBrush(self._theme.color("surface"))
        painter.drawEllipse(rect.center(), radius, radius)
        draw_icon(painter, self._theme.icon("eye-off", "text"), rect.center(), round(radius * 1.15))
