"""Fills the lists, trees and tables of a Qt window, and places where its program would put widgets of its own."""

from __future__ import annotations

import random

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QFrame,
    QListWidget,
    QPlainTextEdit,
    QTableWidget,
    QTableWidgetItem,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from training.interfaces.qt.labels import is_part
from training.interfaces.qt.values import Filler, is_placeholder
from training.screens.phrases import Writer

_HEADERS = (
    ("Name", "Size", "Modified"), ("Name", "Type", "Value"), ("Title", "Author", "Year"), ("Key", "Value"),
    ("Date", "Description", "Amount"), ("Host", "Port", "User"), ("File", "Path"), ("Name", "Version", "Status"),
    ("Action", "Shortcut"), ("Time", "Event", "Source"), ("Name", "Email", "City"),
)  # fmt: skip
_BLANK = (140, 70)
"""Px from which on an empty widget is filled."""
_ROW = 24
"""Px that a row may need."""
_CALLED = ("file", "name", "name", "title", "event", "host", "")


def fill_view(filler: Filler, view: QWidget, icons: list[QIcon], called: str) -> None:
    """Rows for a list, a tree or a table that is `called` so, of which one may be selected."""
    rng = filler.rng
    if isinstance(view, (QListWidget, QTreeWidget)):
        view.setIconSize(QSize(16, 16))
    if isinstance(view, QListWidget):
        if not view.count():
            view.addItems(
                list(dict.fromkeys(filler.value(called)[:40] for _ in range(rng.randint(2, filler.most + 2))))
            )
        if rng.random() < 0.4:
            for row in range(view.count()):
                view.item(row).setIcon(rng.choice(icons))
        if rng.random() < 0.7:
            view.setCurrentRow(rng.randrange(view.count()))
        for row in range(view.count()):
            view.item(row).setText(" ".join(view.item(row).text().split()))
    elif isinstance(view, QTableWidget):
        _fill_table(filler, view)
    elif isinstance(view, QTreeWidget):
        _fill_tree(filler, view, icons)


def _headers(filler: Filler, old: list[str]) -> list[str]:
    if old and not all(is_placeholder(text) or not text for text in old):
        return [text if text.strip() and not is_placeholder(text) else filler.words(1, 1).capitalize() for text in old]
    return list(filler.rng.choice(_HEADERS))


def _fill_table(filler: Filler, table: QTableWidget) -> None:
    rng = filler.rng
    items = [table.horizontalHeaderItem(column) for column in range(table.columnCount())]
    names = _headers(filler, [item.text() if item else "" for item in items])
    table.setColumnCount(len(names))
    table.setHorizontalHeaderLabels(names)
    named = table.rowCount() > 0 and table.verticalHeaderItem(0) is not None
    if not named:
        table.setRowCount(rng.randint(2, filler.most))
        table.verticalHeader().setVisible(rng.random() < 0.4)
    for row in range(table.rowCount()):
        for column, name in enumerate(names):
            item = table.item(row, column) or table.itemPrototype()
            if item is None or not item.text():
                table.setItem(row, column, QTableWidgetItem(filler.value(name)[:32]))
    table.resizeColumnsToContents()
    table.setAlternatingRowColors(rng.random() < 0.4)
    table.setShowGrid(rng.random() < 0.6)
    if rng.random() < 0.5:
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        table.selectRow(rng.randrange(table.rowCount()))


def _fill_tree(filler: Filler, tree: QTreeWidget, icons: list[QIcon]) -> None:
    rng, header = filler.rng, tree.headerItem()
    shown = not tree.isHeaderHidden() and (
        tree.columnCount() > 1 or not is_placeholder(header.text(0)) or rng.random() < 0.4
    )
    old = [header.text(column) for column in range(tree.columnCount())]
    names = _headers(filler, old) if shown else ["Name"]
    if shown:
        tree.setColumnCount(len(names))
        tree.setHeaderLabels(names)
    tree.setHeaderHidden(not shown)
    if not tree.topLevelItemCount():
        nested = not shown or rng.random() < 0.25
        with_icons = rng.random() < 0.5
        for _ in range(rng.randint(2, filler.most)):
            item = QTreeWidgetItem(tree, [filler.value(name)[:32] for name in names])
            children = rng.randint(0, 3) if nested and rng.random() < 0.4 else 0
            for child in range(children):
                QTreeWidgetItem(item, [filler.value(name)[:28] for name in names])
                item.setExpanded(child >= 0 and rng.random() < 0.8)
            if with_icons:
                item.setIcon(0, rng.choice(icons))
    for column in range(tree.columnCount()):
        tree.resizeColumnToContents(column)
    tree.setAlternatingRowColors(rng.random() < 0.3)
    if rng.random() < 0.6 and tree.topLevelItemCount():
        chosen = tree.topLevelItem(rng.randrange(tree.topLevelItemCount()))
        if chosen is not None:
            tree.setCurrentItem(chosen)


def _is_blank(widget: QWidget) -> bool:
    if type(widget) not in {QWidget, QFrame} or is_part(widget) or not widget.isVisible():
        return False
    large = widget.width() >= _BLANK[0] and widget.height() >= _BLANK[1]
    return large and not any(isinstance(child, QWidget) for child in widget.children())


def fill_blanks(rng: random.Random, writer: Writer, window: QWidget, icons: list[QIcon]) -> None:
    """Put lists, tables and texts where the program would put widgets of its own."""
    filler = Filler(rng, writer)
    for widget in filter(_is_blank, window.findChildren(QWidget)):
        down = widget.layout()
        if down is None:
            down = QVBoxLayout(widget)
            down.setContentsMargins(0, 0, 0, 0)
        elif down.count():
            continue
        filler.most = max(5, min(widget.height() // _ROW, 30))
        made = rng.choices((QListWidget, QTableWidget, QTreeWidget, QPlainTextEdit), (3, 3, 4, 3))[0]()
        down.addWidget(made)
        if isinstance(made, QPlainTextEdit):
            made.setPlainText(filler.paragraphs())
        else:
            fill_view(filler, made, icons, rng.choice(_CALLED))
