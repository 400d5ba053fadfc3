"""One picture in the panel: number, thumbnail, name, sizes, a warning, and its switch."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QEnterEvent,
    QFocusEvent,
    QFont,
    QFontMetrics,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from desktop_vlm.ui.pictures.composite_state import CompositeState, entry_facts, entry_warning
from desktop_vlm.ui.pictures.menu import add_picture_entries
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.widgets.menu import passing_menu
from desktop_vlm.ui.widgets.painting import draw_icon, draw_pill, draw_ring, elided, rounded_whole, with_alpha
from desktop_vlm.ui.widgets.toggle import draw_toggle, toggle_size

_PAD = 12
_SIDE = 44
"""Of the thumbnail, px."""


class EntryRow(QAbstractButton):
    """The whole row is the switch, one widget: a conversation may have 300. Space switches, Enter opens.

    Signals:
        hovered: the pointer or the focus came (True) or went (False).
        opened: the thumbnail was clicked, or Enter pressed.
        entry_chosen: id of one of `PICTURE_ENTRIES`, from the context menu.
        (toggled, as of every checkable button, for changes by code as well; clicked for those by a person)
    """

    hovered = Signal(bool)
    opened = Signal()
    entry_chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._number = ""
        self._name = ""
        self._facts = ""
        self._more_facts = ""
        self._warning = ""
        self._image: QImage | None = None
        self._pixmap: QPixmap | None = None
        self._highlighted = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMouseTracking(True)
        theme.changed.connect(self._restyled)

    def show_entry(self, state: CompositeState, index: int) -> None:
        """Show entry `index`; its number is that of its badge in the composite, and stays when others are left out."""
        entry = state.entries[index]
        self._number = str(index + 1)
        self._name = entry.name
        self._facts, *more = entry_facts(state, index).split("\n")
        self._more_facts = more[0] if more else ""
        self._warning = entry_warning(state, index)
        if entry.image is not self._image:
            self._image, self._pixmap = entry.image, None
        self.setChecked(entry.included)
        self.setToolTip(entry.name)
        self.setAccessibleName(
            self.tr("Show picture {number} to the model: {name}, {facts}").format(
                number=index + 1, name=entry.name, facts=self.facts
            )
        )
        self.setAccessibleDescription(self._warning)
        self.updateGeometry()
        self.update()

    @property
    def facts(self) -> str:
        return ", ".join(filter(None, (self._facts, self._more_facts)))

    @property
    def warning(self) -> str:
        return self._warning

    def set_highlighted(self, on: bool) -> None:
        """Point this row out, as its place in the composite is."""
        if on != self._highlighted:
            self._highlighted = on
            self.update()

    def _restyled(self) -> None:
        self._pixmap = None
        self.updateGeometry()
        self.update()

    # --- geometry

    def _text_left(self) -> int:
        return _PAD + _SIDE + 12

    def _text_width(self, width: int) -> int:
        return max(40, width - self._text_left() - toggle_size(self._theme).width() - _PAD - 12)

    def _warning_height(self, width: int) -> int:
        if not self._warning:
            return 0
        metrics = QFontMetrics(self._theme.font(0.86))
        room = width - self._text_left() - 20 - _PAD
        return metrics.boundingRect(0, 0, room, 1000, Qt.TextFlag.TextWordWrap, self._warning).height() + 4

    def _line_heights(self) -> tuple[int, int]:
        return QFontMetrics(self._theme.font()).height(), QFontMetrics(self._theme.font(0.86)).height()

    def _text_height(self) -> int:
        name, facts = self._line_heights()
        return name + 2 + facts * (2 if self._more_facts else 1)

    def heightForWidth(self, width: int) -> int:
        text = self._text_height()
        return max(_SIDE, text) + self._warning_height(width) + 2 * 8

    def sizeHint(self) -> QSize:
        width = self.width() if self.width() > 100 else 360
        return QSize(240, self.heightForWidth(width))

    def _switch_rect(self) -> QRectF:
        head = self.height() - self._warning_height(self.width())
        size = toggle_size(self._theme)
        return QRectF(QPointF(self.width() - _PAD - size.width(), (head - size.height()) / 2), size)

    def _thumbnail_rect(self) -> QRectF:
        head = self.height() - self._warning_height(self.width())
        return QRectF(_PAD, (head - _SIDE) / 2, _SIDE, _SIDE)

    def hitButton(self, position: QPoint) -> bool:
        return self._switch_rect().adjusted(-8, -8, 8, 8).contains(QPointF(position))

    # --- events

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        on_thumbnail = self._thumbnail_rect().contains(event.position())
        if event.button() == Qt.MouseButton.LeftButton and on_thumbnail:
            self.opened.emit()
        super().mouseReleaseEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        useful = self._thumbnail_rect().contains(event.position()) or self.hitButton(event.position().toPoint())
        self.setCursor(Qt.CursorShape.PointingHandCursor if useful else Qt.CursorShape.ArrowCursor)
        super().mouseMoveEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.opened.emit()
        else:
            super().keyPressEvent(event)  # arrows go to the next row, Space switches

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        is_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        place = event.globalPos() if is_mouse else self.mapToGlobal(self._thumbnail_rect().center().toPoint())
        self.make_menu().popup(place)

    def make_menu(self) -> QMenu:
        """What can be done with the picture."""
        menu = passing_menu(self)
        menu.addAction(self._theme.icon("maximize-2"), self.tr("Open"), self.opened.emit)
        add_picture_entries(menu, self._theme, self.entry_chosen.emit)
        return menu

    def enterEvent(self, event: QEnterEvent) -> None:
        self.hovered.emit(True)
        super().enterEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit(False)
        super().leaveEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self.hovered.emit(True)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.hovered.emit(False)
        super().focusOutEvent(event)

    # --- painting

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        frame = QRectF(self.rect()).adjusted(4, 1, -4, -1)
        if self._highlighted or self.underMouse():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("accent_soft" if self._highlighted else "hover"))
            painter.drawRoundedRect(frame, 8, 8)
        self._paint_thumbnail(painter)
        self._paint_text(painter)
        draw_toggle(painter, self._switch_rect(), float(self.isChecked()), self._theme, enabled=self.isEnabled())
        if self.hasFocus():
            draw_ring(painter, frame, 8, self._theme.color("accent"), 2)
        painter.end()

    def _paint_thumbnail(self, painter: QPainter) -> None:
        rect = self._thumbnail_rect()
        painter.setOpacity(1.0 if self.isChecked() else 0.4)
        ratio = self.devicePixelRatioF()
        if self._image is None or self._image.isNull():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("hover"))
            painter.drawRoundedRect(rect, 7, 7)
            draw_icon(painter, self._theme.icon("image", "faint"), rect.center(), 18)
        else:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._theme.color("hover"))
            painter.drawRoundedRect(rect, 7, 7)
            if self._pixmap is None or self._pixmap.devicePixelRatio() != ratio:
                self._pixmap = rounded_whole(self._image, _SIDE, _SIDE, ratio, 5)
            painter.drawPixmap(rect.topLeft(), self._pixmap)
        painter.setOpacity(1.0)
        draw_ring(painter, rect, 7, with_alpha(self._theme.color("control"), 0.35), 1)
        if self._number:
            font = self._theme.font(0.75, weight=QFont.Weight.DemiBold)
            corner = QPointF(rect.left() - 5, rect.top() + 12)
            draw_pill(painter, corner, self._number, font, self._theme.color("text"), self._theme.color("window"))

    def _paint_text(self, painter: QPainter) -> None:
        left, width = self._text_left(), self._text_width(self.width())
        name_height, facts_height = self._line_heights()
        head = self.height() - self._warning_height(self.width())
        top = (head - self._text_height()) / 2
        font = self._theme.font()
        painter.setFont(font)
        painter.setPen(self._theme.color("text" if self.isChecked() else "muted"))
        flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(left, top, width, name_height), flags, elided(self._name, font, width))
        small = self._theme.font(0.86)
        painter.setFont(small)
        painter.setPen(self._theme.color("muted" if self._highlighted else "faint"))
        facts = elided(self._facts, small, width)
        painter.drawText(QRectF(left, top + name_height + 2, width, facts_height), flags, facts)
        if self._more_facts:
            below = QRectF(left, top + name_height + 2 + facts_height, width, facts_height)
            painter.drawText(below, flags, elided(self._more_facts, small, width))
        if self._warning:
            draw_icon(painter, self._theme.icon("triangle-alert", "warning"), QPointF(left + 7, head + 4), 14)
            painter.setPen(self._theme.color("warning"))
            box = QRectF(left + 20, head - 4, self.width() - left - 20 - _PAD, self._warning_height(self.width()))
            painter.drawText(box, int(Qt.TextFlag.TextWordWrap), self._warning)
