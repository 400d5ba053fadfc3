"""A part of a screen that was captured, so that it can be captured again without choosing."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize
from PySide6.QtGui import QGuiApplication, QImage, QScreen

from desktop_vlm.api.errors import UserError
from desktop_vlm.ui.desktop.capture.sentences import tr
from desktop_vlm.ui.desktop.session import Session, current_session


@dataclass(frozen=True)
class Region:
    """Pixels of a screen.

    Attributes:
        screen: its name.
        left, top, width, height: in real pixels.
    """

    screen: str
    left: int
    top: int
    width: int
    height: int

    @classmethod
    def of(cls, screen: str, rect: QRect) -> Region:
        """The region of these pixels."""
        return cls(screen, rect.x(), rect.y(), rect.width(), rect.height())

    @property
    def rect(self) -> QRect:
        return QRect(self.left, self.top, self.width, self.height)

    def on(self, size: QSize) -> QRect:
        """Its pixels on a screen of this size now: moved, and then made smaller, where it would not fit."""
        width, height = min(self.width, size.width()), min(self.height, size.height())
        left = min(max(self.left, 0), size.width() - width)
        top = min(max(self.top, 0), size.height() - height)
        return QRect(left, top, width, height)


def can_grab() -> bool:
    """Whether a region can be taken without asking: no desktop with Wayland lets a program do that."""
    return current_session() not in {Session.WAYLAND, Session.NONE}


def screen_of(region: Region) -> QScreen:
    """The region's screen, or the main one where that is gone."""
    named = (one for one in QGuiApplication.screens() if one.name() == region.screen)
    return next(named, QGuiApplication.primaryScreen())


def grab_region(region: Region) -> QImage:
    """The pixels of a region as they are now. For the window's thread: it takes as long as its pixels need.

    Raises:
        UserError: the desktop gave none.
    """
    screen = screen_of(region)
    ratio = screen.devicePixelRatio()
    whole = screen.geometry().size()
    rect = region.on(QSize(round(whole.width() * ratio), round(whole.height() * ratio)))
    # Asked for in Qt's units, which hold several pixels: all that touch the region, and then what is more is cut off.
    left, top = int(rect.left() / ratio), int(rect.top() / ratio)
    right, bottom = -int(-(rect.right() + 1) // ratio), -int(-(rect.bottom() + 1) // ratio)
    image = screen.grabWindow(0, left, top, right - left, bottom - top).toImage()
    image.setDevicePixelRatio(1.0)
    cut = image.copy(QRect(rect.topLeft() - QPoint(round(left * ratio), round(top * ratio)), rect.size()))
    if image.isNull() or cut.isNull():
        raise UserError(
            tr("The desktop did not let the screen be read; take the screenshot with its own tool and paste it here.")
        )
    return cut


def is_covered(region: Region) -> bool:
    """Whether a window of this program lies over the region, so that it is what would be captured."""
    screen = screen_of(region)
    ratio, origin = screen.devicePixelRatio(), screen.geometry().topLeft()
    rect = region.rect
    for across in (0.1, 0.3, 0.5, 0.7, 0.9):
        for down in (0.1, 0.3, 0.5, 0.7, 0.9):
            x, y = rect.left() + rect.width() * across, rect.top() + rect.height() * down
            window = QGuiApplication.topLevelAt(origin + QPoint(int(x / ratio), int(y / ratio)))
            if window is not None and window.isVisible():
                return True
    return False
