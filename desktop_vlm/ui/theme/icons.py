"""Icons: the open set Lucide (ISC licence), as the package python-lucide brings it, in the theme's colours.

An icon that the installed package lacks is drawn blank, and the log says so once: names also come from files that
people edit (quick actions), and another version of the package may have renamed one.
"""

from __future__ import annotations

import logging
import sqlite3
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap, QPixmapCache
from PySide6.QtSvg import QSvgRenderer

from desktop_vlm.ui.theme.safe_paint import safe_paint, safe_result

_LOG = logging.getLogger(__name__)

_BLANK = '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24"></svg>'


@lru_cache(maxsize=1)
def _database() -> sqlite3.Connection:
    """The package's table of icons, read without importing the package: that takes 60 ms, for its search."""
    package = find_spec("lucide")
    if package is None or package.origin is None:
        raise ImportError("the package python-lucide is not installed")
    file = Path(package.origin).parent / "data" / "lucide-icons.db"
    return sqlite3.connect(f"{file.as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


@lru_cache(maxsize=256)
def _drawing(name: str) -> str | None:
    """The icon as Lucide has it, None where there is no such icon; the log says so."""
    try:
        row = _database().execute("SELECT svg FROM icons WHERE name = ?", (name,)).fetchone()
    except (ImportError, sqlite3.Error) as error:
        _LOG.error("No icons: %s; install python-lucide again.", error)
        return None
    if row is None:
        _LOG.warning("There is no icon named %r; it is drawn blank.", name)
        return None
    drawing: str = row[0]
    return drawing


def has_icon(name: str) -> bool:
    """Whether the installed package has an icon of that name."""
    return _drawing(name) is not None


@lru_cache(maxsize=256)
def svg(name: str, color: str) -> str:
    """The icon as an SVG document in one colour (#rrggbb); blank where there is no icon of that name."""
    drawing = _drawing(name) or _BLANK
    return drawing.replace("currentColor", color).replace('stroke-width="2"', 'stroke-width="1.75"')


@lru_cache(maxsize=256)
def _renderer(name: str, color: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(svg(name, color).encode()))


class _SvgIconEngine(QIconEngine):
    """Draws at the size and scale that is asked for, so that icons are sharp on every screen."""

    def __init__(self, name: str, normal: str, disabled: str) -> None:
        super().__init__()
        self._name = name
        self._normal = normal
        self._disabled = disabled

    @safe_paint
    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, _state: QIcon.State) -> None:
        color = self._disabled if mode == QIcon.Mode.Disabled else self._normal
        _renderer(self._name, color).render(painter, QRectF(rect))

    @safe_result(QPixmap)
    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        color = self._disabled if mode == QIcon.Mode.Disabled else self._normal
        key = f"lucide {self._name} {color} {size.width()} {size.height()}"
        known = QPixmap()
        if QPixmapCache.find(key, known):
            return known
        pixmap = QPixmap(size)
        if pixmap.isNull():  # asked for by a button that is not laid out yet
            return pixmap
        pixmap.fill(Qt.GlobalColor.transparent)
        with QPainter(pixmap) as painter:
            self.paint(painter, pixmap.rect(), mode, state)
        QPixmapCache.insert(key, pixmap)
        return pixmap

    def clone(self) -> QIconEngine:
        return _SvgIconEngine(self._name, self._normal, self._disabled)


def icon(name: str, color: str, disabled: str) -> QIcon:
    """The Lucide icon of that name; blank where there is none.

    Args:
        name: as on the set's own pages, "paperclip".
        color: #rrggbb when the control can be used.
        disabled: #rrggbb when it cannot.
    """
    _drawing(name)  # a missing one is logged even if it is never painted
    return QIcon(_SvgIconEngine(name, color, disabled))
