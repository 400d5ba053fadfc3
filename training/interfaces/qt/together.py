"""Several of a program's Qt Designer forms in one large window, in columns and each in a frame with its name."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QGroupBox,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QToolBar,
    QVBoxLayout,
    QWidget,
    QWizard,
)

from training.interfaces.qt.loading import load_form
from training.interfaces.qt.values import is_placeholder

_WIDE, _HIGH = (1300, 1740), (780, 980)
"""Px that the frames fill."""
_ROOM = 40
"""Px that a frame takes around its form."""
_WORDS_LEFT_OUT = re.compile(r"\b(ui|base|form|frm|dlg|widget|kcm|page|q|k|qgs|dialog|window|main)\b", re.IGNORECASE)
_JOINTS = re.compile(r"(?<=[a-z])(?=[A-Z])|_+|-+|\W+")
_MENUS = (
    ("File", ("New", "Open...", "Save", "Save As...", "Import...", "Export...", "Print...", "Close", "Quit")),
    ("Edit", ("Undo", "Redo", "Cut", "Copy", "Paste", "Select All", "Find...")),
    ("View", ("Zoom In", "Zoom Out", "Full Screen", "Toolbar", "Status Bar")),
    ("Data", ("Refresh", "Sort...", "Filter...", "Validate")), ("Record", ("First", "Previous", "Next", "Last")),
    ("Tools", ("Options...", "Plugins...", "Check", "Calculate")), ("Window", ("Next", "Previous", "Close All")),
    ("Help", ("Contents", "Tip of the Day", "About")),
)  # fmt: skip


def called(window: QWidget, name: str) -> str:
    """What a frame around a form says: its title, or words of its name; "" where neither says anything."""
    title = " ".join(window.windowTitle().replace("[*]", "").split())
    if title and title.isascii() and not is_placeholder(title) and len(title) <= 40 and " " in title:
        return title
    words = _WORDS_LEFT_OUT.sub(" ", _JOINTS.sub(" ", name.rsplit("::", maxsplit=1)[-1])).split()
    made = " ".join(words[:4])
    return made[:1].upper() + made[1:].lower() if len(made) > 3 and made.isascii() else ""


def columns_of(sizes: Sequence[QSize], wide: int, high: int) -> list[list[int]]:
    """Which forms stand in which column, by their places; those for which there is no room are left out."""
    columns: list[list[int]] = []
    used, width, height = 0, 0, 0
    for place, size in enumerate(sizes):
        own = size.height() + _ROOM
        if columns and height + own <= high and used + max(width, size.width() + _ROOM) <= wide:
            columns[-1].append(place)
            width, height = max(width, size.width() + _ROOM), height + own
        elif used + width + size.width() + _ROOM <= wide and own <= high:
            used += width
            columns.append([place])
            width, height = size.width() + _ROOM, own
    return columns


def load_together(paths: Sequence[Path], rng: random.Random) -> QMainWindow:
    """A main window with the forms that fit. Raises ValueError where that is but one."""
    forms: list[tuple[str, QWidget]] = []
    for path in paths:
        try:
            widget, name = load_form(path, rng)
        except ValueError:
            continue
        title = called(widget, name)
        if isinstance(widget, (QMainWindow, QMenu, QWizard)) or not title or title in [said for said, _ in forms]:
            widget.deleteLater()
            continue
        forms.append((title, widget))
    for _, widget in forms:
        _without_buttons(rng, widget)
        widget.ensurePolished()
    sizes = [widget.sizeHint().expandedTo(widget.minimumSizeHint()) for _, widget in forms]
    columns = columns_of(sizes, rng.randint(*_WIDE), rng.randint(*_HIGH))
    kept = [place for column in columns for place in column]
    for place, (_, widget) in enumerate(forms):
        if place not in kept or len(kept) < 2:
            widget.deleteLater()
    if len(kept) < 2:
        raise ValueError("too few forms that fit")
    window = QMainWindow()
    window.setCentralWidget(_framed(rng, [[forms[place] for place in column] for column in columns]))
    _add_bars(rng, window)
    return window


def _without_buttons(rng: random.Random, widget: QWidget) -> None:
    for box in widget.findChildren(QDialogButtonBox):
        if rng.random() < 0.85:
            box.hide()


def _framed(rng: random.Random, columns: Sequence[Sequence[tuple[str, QWidget]]]) -> QWidget:
    inner = QWidget()
    across = QHBoxLayout(inner)
    across.setSpacing(rng.choice((4, 6, 9, 12)))
    for column in columns:
        down = QVBoxLayout()
        for title, widget in column:
            frame = QGroupBox(title.replace("&", "&&"))
            inside = QVBoxLayout(frame)
            inside.setContentsMargins(*(rng.choice((2, 4, 6)),) * 4)
            widget.setParent(frame)
            widget.setWindowFlags(Qt.WindowType.Widget)
            inside.addWidget(widget)
            widget.show()
            down.addWidget(frame)
        across.addLayout(down)
    return inner


def _add_bars(rng: random.Random, window: QMainWindow) -> None:
    chosen: list[tuple[str, tuple[str, ...]]] = []
    if rng.random() < 0.7:
        chosen = [one for one in _MENUS if one[0] in ("File", "Help") or rng.random() < 0.5]
    for name, entries in chosen:
        menu = window.menuBar().addMenu(name)
        act: Callable[[str], object] = menu.addAction
        for entry in entries:
            if rng.random() < 0.8:
                act(entry)
    if chosen and rng.random() < 0.5:
        window.addToolBar(QToolBar(window))
