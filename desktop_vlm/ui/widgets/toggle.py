"""A switch, drawn as phones and settings windows draw it."""

from __future__ import annotations

from PySide6.QtCore import Property, QEasingCurve, QPointF, QPropertyAnimation, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.widgets.painting import draw_ring


def toggle_size(theme: Theme) -> QSize:
    """Of a switch beside running text."""
    return QSize(theme.scaled(34), theme.scaled(20))


def draw_toggle(painter: QPainter, rect: QRectF, on: float, theme: Theme, *, enabled: bool = True) -> None:
    """A switch in its place; `on` goes from 0 to 1, so that it can be drawn on its way."""
    is_on = on > 0.5
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setOpacity(painter.opacity() * (1.0 if enabled else 0.5))
    track = rect.adjusted(0.75, 0.75, -0.75, -0.75)
    # Off is an outline and on is filled: the state is shown by shape, too, not by colour and place only.
    painter.setPen(Qt.PenStyle.NoPen if is_on else QPen(theme.color("control"), 1.5))
    painter.setBrush(theme.color("accent" if is_on else "surface"))
    painter.drawRoundedRect(rect if is_on else track, rect.height() / 2, rect.height() / 2)
    size = rect.height() - (6 if is_on else 9)
    travel = rect.width() - rect.height()
    center = rect.left() + rect.height() / 2 + travel * on
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(theme.color("on_accent" if is_on else "control"))
    painter.drawEllipse(QRectF(center - size / 2, rect.center().y() - size / 2, size, size))
    painter.restore()


class Toggle(QAbstractButton):
    """A switch. Space, Enter and clicks change it; signal `toggled` as of every checkable button."""

    def __init__(self, theme: Theme, name: str, parent: QWidget | None = None) -> None:
        """`name` is what screen readers say."""
        super().__init__(parent)
        self._theme = theme
        self._on = 0.0
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._motion = QPropertyAnimation(self, b"on", self)
        self._motion.setDuration(110)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self.toggled.connect(self._move)
        theme.changed.connect(self.updateGeometry)
        theme.changed.connect(self.update)

    def _get_on(self) -> float:
        return self._on

    def _set_on(self, value: float) -> None:
        self._on = value
        self.update()

    on = Property(float, _get_on, _set_on)

    def _move(self, checked: bool) -> None:
        self._motion.stop()
        if not self.isVisible():
            self._set_on(float(checked))
            return
        self._motion.setEndValue(float(checked))
        self._motion.start()

    def sizeHint(self) -> QSize:
        return toggle_size(self._theme) + QSize(8, 8)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.click()
        else:
            super().keyPressEvent(event)

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        size = toggle_size(self._theme)
        rect = QRectF(QPointF((self.width() - size.width()) / 2, (self.height() - size.height()) / 2), size)
        draw_toggle(painter, rect, self._on, self._theme, enabled=self.isEnabled())
        if self.hasFocus():
            draw_ring(painter, rect.adjusted(-4, -4, 4, 4), size.height() / 2 + 4, self._theme.color("accent"), 2)
        painter.end()
