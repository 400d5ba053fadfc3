"""Menus of Qt's main windows, opened below their names."""

from __future__ import annotations

import itertools
import random
from dataclasses import dataclass

from PIL import Image
from PySide6.QtCore import QRect
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QAbstractItemView, QMainWindow, QMenu

from training.interfaces.qt.labels import plain
from training.interfaces.qt.texts import lines_of, overlap, parts_of, photograph, texts_of
from training.interfaces.records import Control
from training.screens.records import Box
from training.screens.webpages import Line

_LEAST, _MOST = 3, 24
"""Entries of menus that are opened."""


@dataclass(frozen=True)
class OpenMenu:
    """A menu as it lies on the window: `box` and all places are the window's, px."""

    name: str
    image: Image.Image
    box: tuple[int, int, int, int]
    lines: list[Line]
    controls: list[Control]


def meet(one: Box, other: Box) -> bool:
    """Whether two boxes have px in common."""
    return min(one[2], other[2]) > max(one[0], other[0]) and min(one[3], other[3]) > max(one[1], other[1])


def beside(line: Line, box: Box) -> list[Line]:
    """The parts of a line that a box does not cover."""
    if not meet(line.box, box):
        return [line]
    free = [right <= box[0] + 1 or left >= box[2] - 1 for left, right in itertools.pairwise(line.edges)]
    return parts_of(line, free)


def _moved(line: Line, x: int, y: int) -> Line:
    return Line(line.text, tuple(edge + x for edge in line.edges), line.top + y, line.bottom + y)


def _entry(
    menu: QMenu, action: QAction, lines: list[Line], x: int, y: int, container: str, called: str
) -> Control | None:
    rect = menu.actionGeometry(action)
    inside = [line for line in lines if rect.top() <= (line.top + line.bottom) / 2 <= rect.bottom()]
    text = " ".join(plain(action.text().split("\t")[0]).split())
    own = [line for line in inside if line.text == text]
    if not own or not text.isascii():
        return None
    box = (rect.left() + x, rect.top() + y, rect.left() + rect.width() + x, rect.top() + rect.height() + y)
    on = action.isChecked() if action.isCheckable() else None
    return Control("entry", text, box, own[0].bottom - own[0].top, is_on=on, selected=menu.activeAction() is action,
                   enabled=action.isEnabled(), container=container, called=called)  # fmt: skip


def _entries(menu: QMenu) -> list[QAction]:
    return [one for one in menu.actions() if one.text() and not one.isSeparator() and one.isVisible()]


def open_menu(rng: random.Random, window: QMainWindow, size: QRect) -> OpenMenu | None:
    """One of a window's menus as if it were open; None where none fits within the window."""
    bar = window.menuBar()
    fitting = [(action, menu, _entries(menu)) for action in bar.actions()
               if isinstance(menu := action.menu(), QMenu) and bar.actionGeometry(action).isValid()]  # fmt: skip
    fitting = [one for one in fitting if _LEAST <= len(one[2]) <= _MOST]
    if not fitting:
        return None
    action, menu, entries = rng.choice(fitting)
    for one in entries:
        one.setEnabled(rng.random() < 0.85)
        if one.isCheckable():
            one.setChecked(rng.random() < 0.5)
    menu.ensurePolished()
    menu.resize(menu.sizeHint())
    place = bar.mapTo(window, bar.actionGeometry(action).bottomLeft())
    x, y = place.x(), place.y() + 1
    if not size.contains(QRect(x, y, menu.width(), menu.height())):
        return None
    rows = [view for view in window.findChildren(QAbstractItemView) if view.isVisible()]
    if not rows and rng.random() < 0.6:  # or two entries look selected
        menu.setActiveAction(rng.choice(entries))
    texts = texts_of(menu)
    drawn = lines_of(texts, menu.rect())
    if texts.turned or overlap(drawn):
        return None
    image, name = photograph(menu), plain(action.text())
    controls = [_entry(menu, one, drawn, x, y, f"menu of {name}", name) for one in entries]
    known = [one for one in controls if one is not None]
    if len(known) < len(entries):
        return None
    box = (x, y, x + image.width, y + image.height)
    return OpenMenu(name, image, box, [_moved(line, x, y) for line in drawn], known)
