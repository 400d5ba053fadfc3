"""Fills the lists, trees, tables and boxes of text of a Qt window that is laid out, as far as there is room."""

from __future__ import annotations

import random

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontDatabase, QFontMetricsF, QIcon, QTextCursor, QTextOption
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDockWidget,
    QFrame,
    QHeaderView,
    QListWidget,
    QMainWindow,
    QPlainTextEdit,
    QSplitter,
    QTableWidget,
    QTableWidgetItem,
    QTextBrowser,
    QTextEdit,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from training.interfaces.qt.columns import TABLES, column, named
from training.interfaces.qt.contents import lines, prose
from training.interfaces.qt.labels import group_of, is_inside, is_part, label_text, labels_of
from training.interfaces.qt.values import Filler, is_placeholder
from training.screens.phrases import Writer

FILLED = (QListWidget, QTableWidget, QTreeWidget, QPlainTextEdit, QTextEdit)
"""Widgets that are filled as far as there is room."""
_BLANK, _LARGE = (140, 70), (620, 330)
"""Px from which on an empty widget is filled, and is divided into several parts."""
_MOST_ROWS = 45
_COLUMN = 120
"""Px that a column may need, if it has no header of its own yet."""
_SPARE = ("Name", "Value", "Type", "Status", "Comment", "Date", "Unit", "Size", "Version", "Count", "Code", "Group",
          "Owner", "Minimum", "Maximum", "Mean", "Started", "Mode", "Amount", "Category")  # fmt: skip
"""For columns that have no header of their own beside those that have one."""
_CALLED = ("file", "name", "name", "title", "event", "host", "task", "city", "user", "")


# --- lists, tables, trees


def _rows_for(rng: random.Random, view: QAbstractItemView) -> int:
    """How many rows it gets: few, as many as fit, or more."""
    port = view.viewport().height()
    if isinstance(view, QTableWidget):
        row = view.verticalHeader().defaultSectionSize()
    else:
        row = max(view.fontMetrics().height() + 4, 16)
    fit = max(2, min(port // max(row, 1) - 1, _MOST_ROWS))
    draw = rng.random()
    if draw < 0.33:
        return rng.randint(2, min(12, fit))
    if draw < 0.85:
        return rng.randint(max(2, round(0.6 * fit)), fit)
    return fit + rng.randint(2, 14)


def _headers(filler: Filler, old: list[str], width: int) -> list[str]:
    if old and not all(is_placeholder(text) or not text for text in old):
        free = [name for name in _SPARE if name not in old]
        filler.rng.shuffle(free)
        return [text if text.strip() and not is_placeholder(text) else free.pop() for text in old[: len(_SPARE)]]
    fitting = [one for one in TABLES if len(one) * _COLUMN <= max(width, 2 * _COLUMN)]
    wide = max(map(len, fitting))
    return list(filler.rng.choice([one for one in fitting if len(one) >= wide - 1]))


def _fill_list(filler: Filler, view: QListWidget, icons: list[QIcon], called: str) -> None:
    rng = filler.rng
    if not view.count():
        rows = _rows_for(rng, view)
        make = column(filler, called if called and named(called) else rng.choice(_CALLED))
        if len({make() for _ in range(12)}) < 9:  # states and the like
            make = column(filler, rng.choice(_CALLED[:-1]))
        view.addItems(list(dict.fromkeys(make()[:48] for _ in range(rows))))
    if rng.random() < 0.3:
        for row in range(view.count()):
            view.item(row).setIcon(rng.choice(icons))
    for row in range(view.count()):
        view.item(row).setText(" ".join(view.item(row).text().split()))
    if rng.random() < 0.8 and view.count():
        seen = [row for row in range(view.count()) if view.visualItemRect(view.item(row)).bottom() < view.height()]
        view.setCurrentRow(rng.choice(seen or [0]))


def _spread(rng: random.Random, header: QHeaderView, width: int) -> None:
    """Give columns their contents' width, and often more, so that they take up the room."""
    header.setStretchLastSection(False)
    sizes = [header.sectionSize(place) for place in range(header.count())]
    free = width - sum(sizes)
    if free > 40 and rng.random() < 0.75:
        share = free * rng.uniform(0.5, 0.95) / len(sizes)
        for place, size in enumerate(sizes):
            header.resizeSection(place, round(size + share))
    header.setStretchLastSection(rng.random() < 0.6 and free > 0)


def _fill_table(filler: Filler, table: QTableWidget) -> None:
    rng = filler.rng
    items = [table.horizontalHeaderItem(place) for place in range(table.columnCount())]
    names = _headers(filler, [item.text() if item else "" for item in items], table.viewport().width())
    table.setColumnCount(len(names))
    table.setHorizontalHeaderLabels(names)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    if not (table.rowCount() > 0 and table.verticalHeaderItem(0) is not None):
        table.setRowCount(_rows_for(rng, table))
        table.verticalHeader().setVisible(rng.random() < 0.3)
    for place, name in enumerate(names):
        make = column(filler, name)
        for row in range(table.rowCount()):
            item = table.item(row, place)
            if item is None or not item.text():
                table.setItem(row, place, QTableWidgetItem(make()[:44]))
    table.resizeColumnsToContents()
    _spread(rng, table.horizontalHeader(), table.viewport().width())
    table.setAlternatingRowColors(rng.random() < 0.4)
    table.setShowGrid(rng.random() < 0.6)
    if rng.random() < 0.7 and table.rowCount():
        table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        table.selectRow(rng.randrange(min(table.rowCount(), max(1, table.viewport().height() // table.rowHeight(0)))))


def _fill_tree(filler: Filler, tree: QTreeWidget, icons: list[QIcon]) -> None:
    rng, header = filler.rng, tree.headerItem()
    shown = not tree.isHeaderHidden() and (
        tree.columnCount() > 1 or not is_placeholder(header.text(0)) or rng.random() < 0.6
    )
    old = [header.text(place) for place in range(tree.columnCount())]
    names = _headers(filler, old, tree.viewport().width()) if shown else ["Name"]
    if shown:
        tree.setColumnCount(len(names))
        tree.setHeaderLabels(names)
    tree.setHeaderHidden(not shown)
    if not tree.topLevelItemCount():
        makers = [column(filler, name if shown else rng.choice(_CALLED)) for name in names]
        nested = len(names) < 3 and rng.random() < 0.5
        icon = rng.choice(icons) if rng.random() < 0.4 else None
        left = _rows_for(rng, tree)
        while left > 0:
            item = QTreeWidgetItem(tree, [make()[:44] for make in makers])
            if icon is not None:
                item.setIcon(0, icon)
            children = rng.randint(1, 4) if nested and rng.random() < 0.4 else 0
            for _ in range(children):
                QTreeWidgetItem(item, [make()[:36] for make in makers])
            item.setExpanded(rng.random() < 0.8)
            left -= 1 + (children if item.isExpanded() else 0)
    for place in range(tree.columnCount()):
        tree.resizeColumnToContents(place)
    if shown and len(names) > 1:
        _spread(rng, tree.header(), tree.viewport().width())
    tree.setAlternatingRowColors(rng.random() < 0.3)
    tops = [tree.topLevelItem(place) for place in range(tree.topLevelItemCount())]
    seen = [one for one in tops if one and 0 < tree.visualItemRect(one).bottom() < tree.viewport().height()]
    if rng.random() < 0.75 and seen:
        tree.setCurrentItem(rng.choice(seen))


def _fill_box(filler: Filler, box: QPlainTextEdit | QTextEdit, called: str) -> None:
    """Prose that is wrapped, or lines that are not."""
    rng = filler.rng
    port = box.viewport().size()
    if box.toPlainText() and rng.random() < 0.5:
        return
    if rng.random() < (0.5 if port.height() < 160 else 0.2):
        metrics = QFontMetricsF(box.font())
        fit = port.width() * port.height() / (metrics.averageCharWidth() * metrics.height() * 60)  # sentences
        box.setPlainText(prose(filler, 1, max(1, min(round(fit), 9))))
    else:
        if rng.random() < 0.45:
            font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
            font.setPixelSize(max(box.font().pixelSize(), 10))
            box.setFont(font)
        metrics = QFontMetricsF(box.font())
        columns = int((port.width() - 16) / max(metrics.averageCharWidth() * 1.12, 4.0))
        fit = int((port.height() - 8) / max(metrics.lineSpacing(), 8.0))
        if columns < 16 or fit < 2:
            box.setPlainText(prose(filler, 1, 1))
            return
        count = rng.choice((rng.randint(2, min(12, fit)), rng.randint(max(2, fit // 2), fit), fit + rng.randint(1, 9)))
        box.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        box.setPlainText("\n".join(lines(filler, called, min(columns, 110), min(count, 60))))
    box.moveCursor(QTextCursor.MoveOperation.Start)


def fill_rooms(rng: random.Random, writer: Writer, window: QWidget, icons: list[QIcon]) -> None:
    """Rows for all lists, trees and tables that are seen, of which one may be selected, and texts for boxes."""
    filler, labels = Filler(rng, writer), labels_of(window)
    for widget in window.findChildren(QWidget):
        if not isinstance(widget, FILLED) or is_part(widget) or not widget.isVisible():
            continue
        if is_inside(widget, QAbstractItemView):
            continue
        own, group = labels.get(widget), group_of(widget)
        called = label_text(own) if own else group.title() if group else widget.objectName()
        if isinstance(widget, (QListWidget, QTreeWidget)):
            widget.setIconSize(QSize(16, 16))
        if isinstance(widget, QListWidget):
            _fill_list(filler, widget, icons, called if own or group else "")
        elif isinstance(widget, QTableWidget):
            _fill_table(filler, widget)
        elif isinstance(widget, QTreeWidget):
            _fill_tree(filler, widget, icons)
        else:
            _fill_box(filler, widget, called)


# --- empty places


def _is_blank(widget: QWidget) -> bool:
    if type(widget) not in {QWidget, QFrame} or is_part(widget) or not widget.isVisible():
        return False
    large = widget.width() >= _BLANK[0] and widget.height() >= _BLANK[1]
    return large and not any(isinstance(child, QWidget) for child in widget.children())


def _part(rng: random.Random) -> QWidget:
    return rng.choices((QListWidget, QTableWidget, QTreeWidget, QPlainTextEdit, QTextBrowser), (2, 4, 3, 3, 1))[0]()


def _parts(rng: random.Random, wide: int, high: int) -> QWidget:
    """One view, or several beside or above each other where there is much room."""
    if wide < _LARGE[0] or high < _LARGE[1] or rng.random() < 0.4:
        return _part(rng)
    across = QSplitter(Qt.Orientation.Horizontal)
    side = rng.choice((QListWidget, QTreeWidget, QTreeWidget))()
    main: QWidget = _part(rng)
    if high > 1.5 * _LARGE[1] and rng.random() < 0.5:
        main, upper = QSplitter(Qt.Orientation.Vertical), main
        main.addWidget(upper)
        main.addWidget(QPlainTextEdit() if isinstance(upper, QAbstractItemView) else QTableWidget())
        main.setSizes([round(0.6 * high), round(0.4 * high)])
    left = rng.random() < 0.75
    for one in (side, main) if left else (main, side):
        across.addWidget(one)
    share = round(rng.uniform(0.17, 0.32) * wide)
    across.setSizes([share, wide - share] if left else [wide - share, share])
    return across


def fill_docks(rng: random.Random, window: QWidget) -> None:
    """Put views into docks that have nothing in them."""
    for dock in window.findChildren(QDockWidget):
        inner = dock.widget()
        if inner is None or (type(inner) in {QWidget, QFrame} and not inner.findChildren(QWidget)):
            dock.setWidget(rng.choice((QListWidget, QTreeWidget, QTreeWidget, QTableWidget, QPlainTextEdit))())


def fill_blanks(rng: random.Random, window: QWidget) -> None:
    """Put lists, tables and texts where the program would put widgets of its own."""
    if isinstance(window, QMainWindow) and window.centralWidget() is None:
        window.setCentralWidget(_parts(rng, window.width(), window.height()))
    for widget in filter(_is_blank, window.findChildren(QWidget)):
        down = widget.layout()
        if down is None:
            down = QVBoxLayout(widget)
            down.setContentsMargins(0, 0, 0, 0)
        elif down.count():
            continue
        down.addWidget(_parts(rng, widget.width(), widget.height()))
