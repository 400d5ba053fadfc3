"""What the overlay draws over the frozen picture: scrim, frame, handles, labels, guides.

Always in the dark theme's colours: they lie on a dark scrim, whatever theme the window has.
"""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QRegion

from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.colors import DARK
from desktop_vlm.ui.widgets.grips import grip_points
from desktop_vlm.ui.widgets.painting import with_alpha

SCRIM = QColor(8, 12, 14, 125)
ACCENT = QColor(DARK.accent)
GROUND = with_alpha(QColor(DARK.sidebar), 0.94)
OUTLINE = QColor(255, 255, 255, 36)
TEXT = QColor(DARK.text)
MUTED = QColor(DARK.muted)

_HANDLE_RADIUS = 4.5
_FRAME_REACH = 8
"""How far frame and handles are drawn on both sides of an edge."""
_GAP = 8


def number_font(theme: Theme, scale: float, weight: QFont.Weight = QFont.Weight.Medium) -> QFont:
    """Digits of one width, so that a label does not tremble while it counts."""
    font = theme.font(scale, weight)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


def draw_card(painter: QPainter, rect: QRectF, radius: float) -> None:
    """The dark ground of every label."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(OUTLINE, 1))
    painter.setBrush(GROUND)
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)


def frame_region(frame: QRectF) -> QRegion:
    """What `draw_frame` may touch."""
    reach = _FRAME_REACH
    outer = QRegion(frame.adjusted(-reach, -reach, reach, reach).toAlignedRect())
    inner = frame.adjusted(reach, reach, -reach, -reach)
    return outer.subtracted(QRegion(inner.toAlignedRect())) if inner.isValid() else outer


def draw_frame(painter: QPainter, frame: QRectF, area: QRectF, *, with_handles: bool) -> None:
    """A thin line around the pixels, outside of them unless they end at the screen's edge."""
    line = frame.adjusted(-1, -1, 1, 1).intersected(area.adjusted(1, 1, -1, -1))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(_sharp(QColor(0, 0, 0, 90), 4))
    painter.drawRect(line)
    painter.setPen(_sharp(ACCENT, 2))
    painter.drawRect(line)
    if not with_handles:
        return
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(ACCENT, 2))
    painter.setBrush(QColor("#ffffff"))
    for grip, point in grip_points(line).items():
        across, along = grip.value
        is_corner = bool(across and along)
        room = line.height() if across else line.width()
        if is_corner or room > 12 * _HANDLE_RADIUS:  # on a small selection the corners are enough
            painter.drawEllipse(point, _HANDLE_RADIUS, _HANDLE_RADIUS)


def guide_region(at: QPointF, area: QRectF) -> QRegion:
    """What `draw_guides` may touch."""
    across = QRectF(area.left(), at.y() - 2, area.width(), 4).toAlignedRect()
    down = QRectF(at.x() - 2, area.top(), 4, area.height()).toAlignedRect()
    return QRegion(across).united(QRegion(down))


def draw_guides(painter: QPainter, at: QPointF, area: QRectF) -> None:
    """Lines through the pointer to the screen's edges, to align a region by."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(QColor(255, 255, 255, 70), 0))
    painter.drawLine(QPointF(area.left(), at.y()), QPointF(area.right(), at.y()))
    painter.drawLine(QPointF(at.x(), area.top()), QPointF(at.x(), area.bottom()))


def label_rect(text: str, font: QFont, frame: QRectF, area: QRectF) -> QRectF:
    """A place for the label of a frame: above it, else within it, else below."""
    metrics = QFontMetricsF(font)
    size = QSizeF(metrics.horizontalAdvance(text) + 20, metrics.height() + 8)
    top = frame.top() - size.height() - _GAP
    if top < area.top() + 4:
        fits_within = frame.height() > size.height() + 4 * _GAP
        top = frame.top() + _GAP if fits_within else frame.bottom() + _GAP
    inset = _GAP if top > frame.top() else 0
    left = min(max(frame.left() + inset, area.left() + 4), area.right() - size.width() - 4)
    top = min(max(top, area.top() + 4), area.bottom() - size.height() - 4)
    return QRectF(QPointF(round(left), round(top)), size)


def draw_label(painter: QPainter, rect: QRectF, text: str, font: QFont) -> None:
    """A short text on its card."""
    draw_card(painter, rect, rect.height() / 2)
    painter.setFont(font)
    painter.setPen(TEXT)
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def _sharp(color: QColor, width: float) -> QPen:
    pen = QPen(color, width)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen
