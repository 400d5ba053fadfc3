"""The icon in the desktop's panel: the model's state, the ways in, the latest conversations."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QObject, QRectF, Qt, Signal, SignalInstance
from PySide6.QtGui import QAction, QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from desktop_vlm.system.desktop_files.icons import SIZES_PX, drawing_for, icon_folder
from desktop_vlm.ui.theme import Theme

MOST_CONVERSATIONS = 5

_PANEL_SIZES_PX = (16, 20, 22, 24, 32, 40, 44, 48, 64)
_WITHOUT_PANELS = {"offscreen", "minimal", "linuxfb", "eglfs", "vnc"}
"""Platforms of Qt that have none and warn about it."""

_TITLE_LETTERS = 42
_MESSAGE_LETTERS = 120
_SHOWN_MS = 10_000

_DOTS = {"success": "#3fb950", "warning": "#f2a72e", "danger": "#f0524a", "accent": "#4aa8ff", "faint": "#9a9aa3"}
"""Panels have any colour, whatever the program's theme: these stand out from light, from dark and from the icon."""


class Tray(QObject):
    """The icon and its menu.

    Attributes:
        menu: as it is shown; entries that only tell something are disabled.

    Signals:
        show_requested: the window, also by a click on the icon or on a notification.
        capture_requested: a picture of the screen to ask about, also by a middle click.
        capture_again_requested: the same part of the screen as the last time.
        stop_watching_requested: no region of the screen is to be watched any more.
        copy_text_requested: the text of a part of the screen.
        settings_requested, quit_requested: as they say.
        conversation_requested: id of a conversation.
    """

    show_requested = Signal()
    capture_requested = Signal()
    capture_again_requested = Signal()
    stop_watching_requested = Signal()
    copy_text_requested = Signal()
    settings_requested = Signal()
    quit_requested = Signal()
    conversation_requested = Signal(int)

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._tone = "faint"
        self.menu = QMenu()
        self._state = self._tell("")
        self.menu.addSeparator()
        self._capture = self._offer(self.tr("Capture and ask"), self.capture_requested)
        self._offer(self.tr("Capture the same region again"), self.capture_again_requested)
        self._copy_text = self._offer(self.tr("Copy text from the screen"), self.copy_text_requested)
        self._show = self._offer(self.tr("Show the window"), self.show_requested)
        self._before_conversations = self.menu.addSeparator()
        self._before_hotkeys = self.menu.addSeparator()
        self._before_settings = self.menu.addSeparator()
        self._offer(self.tr("Settings"), self.settings_requested)
        self._offer(self.tr("Quit"), self.quit_requested)
        self._conversations: list[QAction] = []
        self._hotkeys: list[QAction] = []
        self._watching: list[QAction] = []
        self._icon = QSystemTrayIcon(self)
        self._icon.setContextMenu(self.menu)
        self._icon.activated.connect(self._clicked)
        self._icon.messageClicked.connect(self.show_requested)
        self.set_state(self.tr("The model is not loaded"), "faint")
        theme.changed.connect(self._draw)
        self.destroyed.connect(self.menu.deleteLater)  # a menu cannot be the child of what is no widget

    @property
    def available(self) -> bool:
        """Whether the desktop has a place for it now; at login it may come a little later."""
        return QSystemTrayIcon.isSystemTrayAvailable()

    def show(self) -> None:
        """Put the icon into the panel, at once or when there is one."""
        if QGuiApplication.platformName() not in _WITHOUT_PANELS:
            self._icon.show()

    def set_state(self, sentence: str, tone: str) -> None:
        """Tell the model's state; `tone` is one of success, warning, danger, accent and faint."""
        self._state.setText(_entry(sentence))
        self._icon.setToolTip(self.tr("Desktop VLM") + "\n" + sentence)
        self._tone = tone
        self._draw()

    def set_hotkeys(self, sentences: Sequence[str]) -> None:
        """Tell what is wrong with the keys: one sentence each."""
        self._drop(self._hotkeys)
        self._hotkeys = [self._tell(sentence, self._before_settings) for sentence in sentences]

    def set_keys(self, *, capture: str, copy_text: str, toggle: str) -> None:
        """Name the keys beside the entries that do the same; "" for none. They are only shown: the desktop has them."""
        for entry, words, keys in (
            (self._capture, self.tr("Capture and ask"), capture),
            (self._copy_text, self.tr("Copy text from the screen"), copy_text),
            (self._show, self.tr("Show the window"), toggle),
        ):
            entry.setText(_entry(f"{words} ({keys})" if keys else words))

    def set_watched(self, count: int) -> None:
        """How many regions of the screen are watched: one entry ends it."""
        self._drop(self._watching)
        self._watching = []
        if count:
            entry = QAction(self.tr("Stop watching the screen ({0})").format(count), self.menu)
            entry.triggered.connect(lambda _=False: self.stop_watching_requested.emit())
            self.menu.insertAction(self._before_conversations, entry)
            self._watching = [entry]

    def set_conversations(self, conversations: Sequence[tuple[int, str]]) -> None:
        """Offer the latest conversations: id and title, the latest first."""
        self._drop(self._conversations)
        shown = conversations[:MOST_CONVERSATIONS]
        self._conversations = [self._tell(self.tr("Recent"), self._before_hotkeys)] if shown else []
        for number, title in shown:
            entry = QAction(_entry(title), self.menu)
            entry.triggered.connect(partial(self._want, number))
            self.menu.insertAction(self._before_hotkeys, entry)
            self._conversations.append(entry)

    def notify(self, title: str, text: str = "") -> None:
        """Show a notification; a click on it wants the window.

        Everybody who looks at the screen reads it, so callers give no answers, only the titles of conversations.
        """
        message = shortened(text, _MESSAGE_LETTERS)
        self._icon.showMessage(shortened(title, _TITLE_LETTERS), message, self._icon.icon(), _SHOWN_MS)

    def _want(self, number: int) -> None:
        self.conversation_requested.emit(number)

    def _clicked(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.MiddleClick:
            self.capture_requested.emit()
        elif reason is QSystemTrayIcon.ActivationReason.Trigger and sys.platform != "darwin":  # opens the menu there
            self.show_requested.emit()

    def _offer(self, text: str, requested: SignalInstance) -> QAction:
        entry = self.menu.addAction(text)
        entry.triggered.connect(lambda _=False: requested.emit())
        return entry

    def _tell(self, text: str, before: QAction | None = None) -> QAction:
        """An entry that cannot be chosen."""
        entry = QAction(_entry(text), self.menu)
        entry.setEnabled(False)
        self.menu.insertAction(before, entry)  # type: ignore[arg-type]
        return entry

    def _drop(self, entries: Sequence[QAction]) -> None:
        for entry in entries:
            self.menu.removeAction(entry)
            entry.deleteLater()

    def _draw(self) -> None:
        self._icon.setIcon(tray_icon(self._theme, self._tone))


def shortened(text: str, letters: int) -> str:
    """On one line, cut at the end."""
    line = " ".join(text.split())
    return line if len(line) <= letters else line[: letters - 1].rstrip() + "…"


def program_icon() -> QIcon:
    """The program's icon, for windows; empty where it is not bundled."""
    icon = QIcon()
    folder = icon_folder()
    for size_px in SIZES_PX if folder else ():
        icon.addFile(f"{folder}/icon-{size_px}.png")
    return icon


def tray_icon(theme: Theme, tone: str) -> QIcon:
    """The program's icon with a dot in the colour of its state, at each size that panels use."""
    icon = QIcon()
    for size_px in _PANEL_SIZES_PX:
        icon.addPixmap(_with_dot(_picture(theme, size_px), _DOTS.get(tone, _DOTS["faint"])))
    return icon


def _picture(theme: Theme, size_px: int) -> QPixmap:
    folder = icon_folder()
    if folder is None:
        return theme.icon("scan-eye", "accent").pixmap(size_px)
    pixmap = QPixmap(size_px, size_px)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(drawing_for(folder, size_px))).render(painter, QRectF(pixmap.rect()))
    painter.end()
    return pixmap


def _with_dot(pixmap: QPixmap, color: str) -> QPixmap:
    """A dot at the bottom right, parted from the picture by a gap through which the panel shows."""
    side = pixmap.width()
    diameter = max(6.0, round(side * 0.34))
    gap = max(1.0, side / 20)
    dot = QRectF(side - diameter, side - diameter, diameter, diameter)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Clear)
    painter.setBrush(Qt.GlobalColor.black)
    painter.drawEllipse(dot.adjusted(-gap, -gap, gap, gap))
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    painter.setBrush(QColor(color))
    painter.drawEllipse(dot)
    painter.end()
    return pixmap


def _entry(text: str) -> str:
    """As a menu's entry, where & would mark a letter."""
    return shortened(text, _TITLE_LETTERS * 2).replace("&", "&&")
