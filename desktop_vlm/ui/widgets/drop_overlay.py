"""What covers the window while something is dragged over it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QMimeData, QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.widgets.painting import draw_icon, with_alpha


class DropOverlay(QWidget):
    """An invitation, or a calm refusal. The drag's events go to what lies below: this only shows."""

    def __init__(
        self,
        theme: Theme,
        parent: QWidget,
        refusal: Callable[[QMimeData], str],
        is_model: Callable[[QMimeData], bool] = lambda _mime: False,
    ) -> None:
        """`refusal` says why something cannot be dropped here, "" where it can; `is_model` whether it is no picture."""
        super().__init__(parent)
        self._refusal_of = refusal
        self._is_model_in = is_model
        self._is_model = False
        self._theme = theme
        self._refusal = ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        parent.installEventFilter(self)
        theme.changed.connect(self.update)

    @property
    def sentence(self) -> str:
        """What is written large."""
        invitation = self.tr("Drop the model here") if self._is_model else self.tr("Drop pictures or PDFs here")
        return self._refusal or invitation

    def offer(self, mime: QMimeData) -> bool:
        """Show what a drop of this would do; returns whether it is welcome."""
        self._is_model = self._is_model_in(mime)
        sentence = "" if self._is_model else self._refusal_of(mime)
        self._show(sentence)
        return not sentence

    def refuse(self, sentence: str) -> None:
        """Something is over the window that cannot be used."""
        self._show(sentence)

    def dismiss(self) -> None:
        """The drag ended or left."""
        self.hide()

    def _show(self, refusal_sentence: str) -> None:
        self._refusal = refusal_sentence
        self.setAccessibleName(self.sentence)
        self.setGeometry(self.parentWidget().rect())  # type: ignore[union-attr] # it was made with one
        self.raise_()
        self.show()
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        parent = self.parentWidget()
        if event.type() == QEvent.Type.Resize and watched is parent and parent is not None and self.isVisible():
            self.setGeometry(parent.rect())
        return False

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), with_alpha(self._theme.color("window"), 0.96))
        frame = QRectF(self.rect()).adjusted(16.5, 16.5, -16.5, -16.5)
        tone, ground = ("control", "sidebar") if self._refusal else ("accent", "accent_soft")
        pen = QPen(self._theme.color(tone), 2)
        pen.setDashPattern([5, 4])
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.setBrush(with_alpha(self._theme.color(ground), 0.55))
        painter.drawRoundedRect(frame, 20, 20)
        self._paint_message(painter, frame)
        painter.end()

    def _paint_message(self, painter: QPainter, frame: QRectF) -> None:
        font = self._theme.font(1.15 if self._refusal else 1.35, weight=QFont.Weight.DemiBold)
        center = frame.center()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("hover" if self._refusal else "accent"))
        disc = QPointF(center.x(), center.y() - 44)
        painter.drawEllipse(disc, 34, 34)
        welcome = "boxes" if self._is_model else "image-plus"
        name, tone = ("image-off", "muted") if self._refusal else (welcome, "on_accent")
        draw_icon(painter, self._theme.icon(name, tone), disc, 32)
        painter.setFont(font)
        painter.setPen(self._theme.color("text"))
        width = min(frame.width() - 32, 520.0)
        box = QRectF(center.x() - width / 2, center.y() + 6, width, frame.bottom() - center.y() - 6)
        flags = int(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop) | int(Qt.TextFlag.TextWordWrap)
        used = painter.boundingRect(box, flags, self.sentence)
        painter.drawText(box, flags, self.sentence)
        if self._refusal:
            return
        painter.setFont(self._theme.font())
        painter.setPen(self._theme.color("muted"))
        hint = self.tr("PNG, JPEG, WebP, GIF, BMP, TIFF or PDF, several at once")
        if self._is_model:
            hint = self.tr("It is looked at first; nothing is changed")
        painter.drawText(box.translated(0, used.height() + 8), flags, hint)
