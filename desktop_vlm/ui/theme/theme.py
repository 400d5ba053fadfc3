"""The active theme: one object that every view gets, and that tells them when it changes."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from time import thread_time

from PySide6.QtCore import QObject, Qt, QTemporaryDir, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QFontDatabase, QGuiApplication, QIcon, QPalette
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from desktop_vlm.ui.theme.colors import DARK, LIGHT, Colors
from desktop_vlm.ui.theme.icons import icon, svg
from desktop_vlm.ui.theme.restyling import Restyling
from desktop_vlm.ui.theme.stylesheet import stylesheet

_FAMILIES = (
    "Inter",
    "SF Pro Text",
    "Segoe UI Variable",
    "Segoe UI",
    "Adwaita Sans",
    "Cantarell",
    "Ubuntu",
    "Noto Sans",
)
_MONO_FAMILIES = ("JetBrains Mono", "SF Mono", "Cascadia Mono", "Ubuntu Mono", "Noto Sans Mono", "DejaVu Sans Mono")

TEXT_SIZES_PX = (12, 13, 14, 15, 16, 18, 20, 24)
_ALTERNATES = QFont.Tag("calt")
"""Contextual forms: an x between digits would be shown as a multiplication sign, and -> as an arrow."""
DEFAULT_TEXT_PX = 14
MONO_SCALE = 0.93
"""Of code, in text sizes."""

_MOST_S = 0.009
"""Of the thread's time, for widgets that are styled in one turn of the event loop."""


class ThemeChoice(StrEnum):
    """What the settings say; SYSTEM follows the desktop."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Theme(QObject):
    """The active colours, fonts and icons.

    Attributes:
        colors: of the active theme.
        text_px: size of running text in pixels; other sizes follow it.
        is_dark: whether the dark colours are active.

    Signals:
        changing: before any of these changes; who keeps widgets that nobody sees lets them go, since each costs time.
        changed: after any of these changed; views that paint themselves or hold icons take them again.
    """

    changing = Signal()
    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._choice = ThemeChoice.SYSTEM
        self.text_px = DEFAULT_TEXT_PX
        self.is_dark = False
        self.colors: Colors = LIGHT
        families = set(QFontDatabase.families())
        self._family = next((name for name in _FAMILIES if name in families), "")
        self._mono = next((name for name in _MONO_FAMILIES if name in families), "")
        self._drawings = QTemporaryDir()
        # So many turns of the event loop as it takes, so that none of them blocks the window for long.
        self._restyling = Restyling(app)
        self._steps: Iterator[None] = iter(())
        self._restyle_soon = QTimer(self, singleShot=True, interval=0)
        self._restyle_soon.timeout.connect(self._restyle_some)
        self._tell_soon = QTimer(self, singleShot=True, interval=0)
        self._tell_soon.timeout.connect(self._tell)
        self._show_soon = QTimer(self, singleShot=True, interval=0)
        self._show_soon.timeout.connect(self._show)
        self._resting: list[QWidget] = []
        self._sheet = ""
        app.setStyle("Fusion")
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)
        self.apply_now(self._choice, self.text_px)

    @property
    def choice(self) -> ThemeChoice:
        return self._choice

    def apply(self, choice: ThemeChoice, text_px: int) -> None:
        """Apply a theme to the whole program: its values at once, what is on the screen within the next moments.

        Windows keep what they show until all of it is ready, and then change in one go.
        """
        shown = [widget for widget in self._app.topLevelWidgets() if widget.isVisible()]
        if not shown:
            self.apply_now(choice, text_px)
            return
        self._take(choice, text_px)
        self._tell_soon.stop()
        self._show_soon.stop()
        for window in shown:
            if window.updatesEnabled():
                window.setUpdatesEnabled(False)
                self._resting.append(window)
        self._steps = self._restyling.steps(self._set_sheet)
        self._restyle_soon.start()

    def apply_now(self, choice: ThemeChoice, text_px: int) -> None:
        """Apply a theme before this returns: where nothing is shown yet."""
        self._take(choice, text_px)
        self._restyle_soon.stop()
        for _ in self._restyling.steps(self._set_sheet):
            pass
        self._tell()

    def _take(self, choice: ThemeChoice, text_px: int) -> None:
        self.changing.emit()
        self._choice = choice
        self.text_px = text_px
        self.is_dark = choice is ThemeChoice.DARK or (choice is ThemeChoice.SYSTEM and _system_is_dark())
        self.colors = DARK if self.is_dark else LIGHT

    def _restyle_some(self) -> None:
        """For a turn of the event loop; setting the sheet has one of its own."""
        end = thread_time() + _MOST_S
        sheet = self._sheet
        for _ in self._steps:
            if thread_time() > end or self._sheet is not sheet:
                self._restyling.rest_layouts()
                self._restyle_soon.start()
                return
        self._tell_soon.start()

    def _set_sheet(self) -> None:
        # Qt styles each widget once for each of its ancestors where one sheet follows another, but once where none did.
        self._app.setStyleSheet("")
        self._app.setFont(self.font())
        self._app.setPalette(_palette(self.colors))
        self._sheet = stylesheet(self.colors, self.text_px, self.mono_font().family(), self._drawing)
        self._app.setStyleSheet(self._sheet)

    def _tell(self) -> None:
        self._tell_soon.stop()
        self.changed.emit()
        if self._resting:
            self._show_soon.start()

    def _show(self) -> None:
        """Show what rested."""
        resting, self._resting = self._resting, []
        for window in resting:
            if isValid(window):
                window.setUpdatesEnabled(True)
                # An update that was asked for before it rested can be lost, and then all later ones would wait for it.
                window.repaint()

    def scaled(self, px: int) -> int:
        """A length that is `px` with text of the usual size, and follows it."""
        return round(px * self.text_px / DEFAULT_TEXT_PX)

    def font(self, scale: float = 1.0, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """The text font at `scale` times the size of running text."""
        font = QFont(self._family) if self._family else QFont()
        font.setPixelSize(round(self.text_px * scale))
        font.setWeight(weight)
        font.setFeature(_ALTERNATES, 0)
        return font

    def mono_font(self, scale: float = MONO_SCALE) -> QFont:
        """The font of code."""
        font = QFont(self._mono) if self._mono else QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setStyleHint(QFont.StyleHint.Monospace)
        font.setPixelSize(round(self.text_px * scale))
        font.setFeature(_ALTERNATES, 0)
        return font

    def icon(self, name: str, tone: str = "muted") -> QIcon:
        """A Lucide icon in one of the theme's colours; `tone` is a field of `Colors`."""
        return icon(name, getattr(self.colors, tone), self.colors.control)

    def color(self, tone: str) -> QColor:
        """A colour to paint with; `tone` is a field of `Colors`."""
        return QColor(getattr(self.colors, tone))

    def _drawing(self, name: str, color: str) -> str:
        """Path of an icon's file: style sheets take pictures from files only."""
        file = Path(self._drawings.path()) / f"{name}-{color.removeprefix('#')}.svg"
        if not file.exists():
            file.write_text(svg(name, color), encoding="utf-8")
        return file.as_posix()

    def _system_changed(self) -> None:
        if self._choice is ThemeChoice.SYSTEM and _system_is_dark() != self.is_dark:
            self.apply(self._choice, self.text_px)


def set_kind(widget: QWidget, kind: str) -> None:
    """Give a widget another look of the style sheet (see `stylesheet`), also after it was shown."""
    widget.setProperty("kind", kind)
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):  # else the style has yet to look at it
        widget.style().unpolish(widget)
        widget.style().polish(widget)


def _system_is_dark() -> bool:
    return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark


def _palette(colors: Colors) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: colors.window,
        QPalette.ColorRole.WindowText: colors.text,
        QPalette.ColorRole.Base: colors.surface,
        QPalette.ColorRole.AlternateBase: colors.sidebar,
        QPalette.ColorRole.Text: colors.text,
        QPalette.ColorRole.PlaceholderText: colors.faint,
        QPalette.ColorRole.Button: colors.surface,
        QPalette.ColorRole.ButtonText: colors.text,
        QPalette.ColorRole.ToolTipBase: colors.surface,
        QPalette.ColorRole.ToolTipText: colors.text,
        QPalette.ColorRole.Highlight: colors.selection,
        QPalette.ColorRole.HighlightedText: colors.text,
        QPalette.ColorRole.Link: colors.link,
        QPalette.ColorRole.LinkVisited: colors.link,
        QPalette.ColorRole.Accent: colors.accent,
    }
    for role, value in roles.items():
        palette.setColor(role, QColor(value))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colors.faint))
    return palette
