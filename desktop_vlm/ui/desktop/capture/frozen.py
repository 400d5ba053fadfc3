"""What was on the screens when the key was pressed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QCursor, QGuiApplication, QImage, QScreen

from desktop_vlm.api.errors import UserError
from desktop_vlm.ui.desktop.capture.sentences import tr
from desktop_vlm.ui.desktop.session import Session, current_session


class Grabbed(Protocol):
    """Reads a screen; the tests have one of their own."""

    def __call__(self, screen: QScreen) -> QImage: ...


@dataclass(frozen=True)
class FrozenScreen:
    """A screen and the picture of it.

    Attributes:
        screen: where the overlay goes.
        name: of the screen, "HDMI-1"; the last region is remembered by it.
        geometry: in Qt's coordinates.
        image: in real pixels; its own device pixel ratio is 1.
        ratio: device pixel ratio that Qt has for the screen.
    """

    screen: QScreen
    name: str
    geometry: QRect
    image: QImage
    ratio: float

    @property
    def bounds(self) -> QRect:
        """All of the picture."""
        return self.image.rect()

    @property
    def scale(self) -> float:
        """Real pixels per pixel of Qt.

        Measured on the picture, because the device pixel ratio is wrong on some desktops. Where both agree but for
        the rounding of the screen's size to whole pixels (1366 at 150 % is 910.67), the ratio is the exact one.
        """
        measured = self.image.width() / max(1, self.geometry.width())
        rounded = abs(self.image.width() - self.geometry.width() * self.ratio) < self.ratio
        return self.ratio if rounded else measured

    def pixel(self, at: QPointF) -> QPoint:
        """The pixel under a point of the overlay, at the picture's edge if the point is outside."""
        # A little more than nothing: at 175 % a whole pixel may come back as 6.9999999.
        x, y = (math.floor(value * self.scale + 1e-6) for value in (at.x(), at.y()))
        return QPoint(
            min(max(x, 0), self.image.width() - 1),
            min(max(y, 0), self.image.height() - 1),
        )

    def shown(self, rect: QRect) -> QRectF:
        """Where pixels appear on the overlay."""
        return QRectF(
            rect.x() / self.scale, rect.y() / self.scale, rect.width() / self.scale, rect.height() / self.scale
        )

    def point(self, pixel: QPoint) -> QPointF:
        """The middle of a pixel on the overlay."""
        return QPointF((pixel.x() + 0.5) / self.scale, (pixel.y() + 0.5) / self.scale)

    def pointer(self) -> QPoint | None:
        """The pixel under the mouse pointer, None while it is on another screen or not known."""
        if current_session() is Session.WAYLAND:
            return None  # a program sees it over its own windows only
        at = QCursor.pos(self.screen)
        return self.pixel(QPointF(at - self.geometry.topLeft())) if self.geometry.contains(at) else None

    def own_part(self, native: QRect) -> QRect:
        """The part of a rectangle of the whole desktop (real pixels) that lies on this screen, in its pixels.

        Qt keeps the real position of every screen's corner and scales only its size.
        """
        return native.translated(-self.geometry.topLeft()).intersected(self.bounds)


def grab(screen: QScreen) -> QImage:
    """The pixels of a screen. X11, Windows and macOS (there after the person allowed it); no Wayland."""
    image = screen.grabWindow(0).toImage()
    image.setDevicePixelRatio(1.0)
    return image


def freeze(screen: QScreen, read: Grabbed = grab) -> FrozenScreen:
    """Take the picture of a screen.

    Raises:
        UserError: the desktop gave none.
    """
    image = read(screen)
    if image.isNull():
        raise UserError(
            tr("The desktop did not let the screen be read; take the screenshot with its own tool and paste it here.")
        )
    return FrozenScreen(screen, screen.name(), screen.geometry(), image, screen.devicePixelRatio())


def cut_apart(desktop: QImage, screens: Sequence[QScreen]) -> list[FrozenScreen]:
    """The screens of one picture of all of them, as the desktop portal gives it.

    It has the scale of the finest screen; a coarser one is made smaller again. Empty where the picture cannot be
    that of these screens.
    """
    whole = QRect()
    for screen in screens:
        whole = whole.united(screen.geometry())
    if desktop.isNull() or whole.isEmpty():
        return []
    scale = desktop.width() / whole.width()
    if abs(desktop.height() - whole.height() * scale) > max(2.0, scale):
        return []
    return [_cut(desktop, screen, screen.geometry().translated(-whole.topLeft()), scale) for screen in screens]


def _cut(desktop: QImage, screen: QScreen, place: QRect, scale: float) -> FrozenScreen:
    """One screen; Qt knows scales like 1.5 as 2 here, so that it never becomes too small."""
    left, top = round(place.x() * scale), round(place.y() * scale)
    right, bottom = round((place.x() + place.width()) * scale), round((place.y() + place.height()) * scale)
    image = desktop.copy(QRect(left, top, right - left, bottom - top).intersected(desktop.rect()))
    ratio = screen.devicePixelRatio()
    if scale > ratio * 1.01:
        image = image.scaled(
            place.size() * ratio, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
        )
    image.setDevicePixelRatio(1.0)
    return FrozenScreen(screen, screen.name(), screen.geometry(), image, ratio)


def screen_under_pointer() -> QScreen:
    """The screen that the person looks at."""
    return QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()
