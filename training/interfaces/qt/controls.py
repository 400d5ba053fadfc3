"""What is seen of a Qt window: its controls, each checked against the characters that the window drew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDockWidget,
    QGroupBox,
    QHeaderView,
    QLabel,
    QLineEdit,
    QListWidget,
    QMenuBar,
    QPlainTextEdit,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QStatusBar,
    QTabBar,
    QTableWidget,
    QTextEdit,
    QToolBar,
    QToolBox,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItemIterator,
    QWidget,
)

from training.interfaces.qt.boxes import seen_lines
from training.interfaces.qt.labels import (
    group_of,
    is_beside,
    is_inside,
    is_part,
    is_value,
    label_text,
    labels_of,
    plain,
    without_colon,
)
from training.interfaces.qt.order import in_reading_order
from training.interfaces.records import Control, Role
from training.screens.records import Box
from training.screens.webpages import Line

_LINKING = frozenset({"to", "and", "by", "of", "in", "at", "x", "from", "until", "for", "on", "or", "with", "-", "/"})
"""Between two fields, and no name of the second."""
_MESSAGE = 46
"""Letters from which on a label is a message."""
_NAMED = (QAbstractButton, QLabel, QLineEdit, QComboBox, QGroupBox)
"""Widgets of which one that is scrolled out of sight matters."""
_SLACK = 2.0
"""Px by which a text may leave its control's box."""


_WITH_PARTS = (QLineEdit, QComboBox, QAbstractSpinBox, QTabBar, QDockWidget, QMenuBar)
"""They have small buttons of their own."""


def _shows_icon_alone(button: QAbstractButton) -> bool:
    only = Qt.ToolButtonStyle.ToolButtonIconOnly
    return isinstance(button, QToolButton) and button.toolButtonStyle() == only and not button.icon().isNull()


def _same(one: str, other: str) -> bool:
    return "".join(one.split()) == "".join(other.split())


class Reader:
    """Takes down the controls of one window, whose drawn `lines` are known."""

    def __init__(self, window: QWidget, lines: Sequence[Line]) -> None:
        self.window, self.lines = window, lines
        boxes = [line.box for line in lines]
        self.middles = [(round((left + right) / 2), round((top + bottom) / 2), left, right)
                        for left, top, right, bottom in boxes]  # fmt: skip
        self.labels = {field: label for field, label in labels_of(window).items() if is_beside(label, field)}
        self.captions = {label: field for field, label in self.labels.items()}
        self.ids: dict[QWidget, str] = {}
        self.found: list[Control] = []
        self.cut: set[str] = set()
        """Containers that have more than was taken down, "" for the window: as in `Interface`."""
        self.readers: tuple[tuple[Any, Callable[[Any], None]], ...] = (
            (QAbstractButton, self.read_button), (QLabel, self.read_label), (QLineEdit, self.read_line),
            ((QAbstractSpinBox, QComboBox, QProgressBar), self.read_value), (QGroupBox, self.read_group),
            (QTabBar, self.read_tabs), (QMenuBar, self.read_menus), (QStatusBar, self.read_status),
            (QDockWidget, self.read_dock), ((QListWidget, QTreeWidget, QTableWidget), self.read_view),
            ((QPlainTextEdit, QTextEdit), self.read_text),
        )  # fmt: skip

    # --- places

    def rect(self, widget: QWidget, inner: QRect | None = None) -> QRect:
        """A widget's rectangle in the window, or that of a part of it."""
        rect = inner or widget.rect()
        return QRect(widget.mapTo(self.window, rect.topLeft()), rect.size())

    def whole(self, widget: QWidget, inner: QRect | None = None) -> bool:
        """Whether all of it is seen."""
        rect = inner or widget.rect()
        return bool(rect.width() > 0 and widget.visibleRegion().boundingRect().contains(rect))

    def places_in(self, rect: QRect) -> list[int]:
        """Lines whose middle lies in a rectangle."""
        least, most = rect.left() - _SLACK, rect.right() + 1 + _SLACK
        found = [place for place, (x, y, left, right) in enumerate(self.middles)
                 if least <= left and right <= most and rect.top() <= y <= rect.bottom()
                 and rect.left() <= x <= rect.right()]  # fmt: skip
        return sorted(found, key=lambda place: (round(self.lines[place].bottom), self.lines[place].edges[0]))

    def identify(self, widget: QWidget | None) -> str:
        """An id for a container."""
        widget = widget or self.window
        return self.ids.setdefault(widget, f"{type(widget).__name__[1:].lower()}{len(self.ids)}")

    def called(self, widget: QWidget) -> str:
        """What people call a container: by the label of it or the caption of the frame around it."""
        label = self.labels.get(widget)
        if label is not None and self.shown(label):
            return without_colon(label_text(label))
        group = group_of(widget)
        if group is not None and len(group.findChildren(type(widget))) == 1 and self.captioned(group):
            return without_colon(plain(group.title()))
        return ""

    def shown(self, label: QLabel) -> bool:
        """Whether a label's text is seen as a whole."""
        drawn = "".join(self.lines[place].text for place in self.places_in(self.rect(label)))
        return label.isVisible() and _same(drawn, label_text(label))

    def captioned(self, group: QGroupBox) -> bool:
        """Whether a frame's caption is seen as a whole."""
        return self.caption_of(group) is not None

    def caption_of(self, group: QGroupBox) -> int | None:
        """The line that is a frame's caption."""
        rect = self.rect(group)
        top = QRect(
            rect.left(), rect.top() - 2, rect.width(), group.contentsRect().top() + group.fontMetrics().height() + 6
        )
        title = plain(group.title())
        return next((place for place in self.places_in(top) if _same(self.lines[place].text, title)), None)

    # --- taking down

    def add(self, role: Role, text: str, widget: QWidget, inner: QRect | None = None, **more: object) -> bool:
        """A control that shows this text and no other; whether it was taken down."""
        text = " ".join(text.split()) if role != "text" else text.strip()
        if not text:
            return False
        rect = self.rect(widget, inner)
        places = self.places_in(rect)
        whole = text.isascii() and self.whole(widget, inner) and places
        if not whole or not _same("".join(self.lines[place].text for place in places), text):
            self.miss(widget, str(more.get("container", "")))
            return False
        box = self.tight(role, rect, places)
        self.put(role, text, box, places[0], widget, **more)
        return True

    def miss(self, widget: QWidget, container: str = "") -> None:
        """Something is there that was not taken down."""
        self.cut.add(container)
        group = group_of(widget)
        if group is not None and not container:
            self.cut.add(self.identify(group))

    def tight(self, role: Role, rect: QRect, places: Sequence[int]) -> Box:
        """The box of a control; of texts and check boxes without the empty ground around the text."""
        left, top, right, bottom = self.box(rect)
        if role not in {"label", "heading", "message", "checkbox", "radio", "status"}:
            return left, top, right, bottom
        boxes = [self.lines[place].box for place in places]
        if role not in {"checkbox", "radio"}:
            left = max(left, min(box[0] for box in boxes) - 2)
        return (left, max(top, min(box[1] for box in boxes) - 4), min(right, max(box[2] for box in boxes) + 3),
                min(bottom, max(box[3] for box in boxes) + 4))  # fmt: skip

    def put(self, role: Role, text: str, box: Box, place: int, widget: QWidget, **more: object) -> None:
        """Without a check."""
        group = group_of(widget)
        if "container" not in more and group is not None and self.captioned(group):
            more |= {"container": self.identify(group), "called": without_colon(plain(group.title()))}
        line = self.lines[place]
        made = Control(role, text, box, line.bottom - line.top, enabled=widget.isEnabled())
        self.found.append(replace(made, **more))  # type: ignore[arg-type]

    @staticmethod
    def box(rect: QRect) -> Box:
        """As a box, px."""
        return rect.left(), rect.top(), rect.left() + rect.width(), rect.top() + rect.height()

    def label_of(self, widget: QWidget) -> str:
        """The visible label of a field."""
        label = self.labels.get(widget)
        text = without_colon(label_text(label)) if label is not None and self.shown(label) else ""
        return "" if text in _LINKING else text

    # --- kinds of controls

    def read(self) -> list[Control]:
        """All controls that are seen as a whole, in reading order."""
        for widget in self.window.findChildren(QWidget):
            if not widget.isVisible():
                continue
            if widget.visibleRegion().isEmpty():
                if isinstance(widget, _NAMED) and not is_part(widget):
                    self.miss(widget)
            else:
                self.read_one(widget)
        return in_reading_order(self.found)

    def read_one(self, widget: QWidget) -> None:
        """What one widget is."""
        for kinds, read in self.readers:
            if isinstance(widget, kinds):
                read(widget)
                return

    def read_value(self, widget: QAbstractSpinBox | QComboBox | QProgressBar) -> None:
        if isinstance(widget, QComboBox):
            self.add("combo", widget.currentText(), widget, label=self.label_of(widget))
        else:
            role: Role = "spin" if isinstance(widget, QAbstractSpinBox) else "progress"
            self.add(role, widget.text(), widget, label=self.label_of(widget))

    def read_text(self, widget: QPlainTextEdit | QTextEdit) -> None:
        port, text = widget.viewport().geometry(), widget.toPlainText()
        if "\n" not in text.strip():
            self.add("text", text, widget, port, label=self.label_of(widget))
            return
        places = self.places_in(self.rect(widget, port))
        seen = seen_lines([self.lines[place] for place in places], text)
        if not seen or not self.whole(widget, port) or not text.isascii():
            self.miss(widget)
            return
        more: dict[str, object] = {"label": self.label_of(widget)}
        if "".join(seen.split()) != "".join(text.split()):
            more["container"] = self.identify(widget)
            self.cut.add(self.identify(widget))
        self.put("text", seen, self.box(self.rect(widget, port)), places[0], widget, **more)

    def read_status(self, bar: QStatusBar) -> None:
        places = [one.x() for one in bar.findChildren(QLabel) if one.isVisible()]  # they stand on the right
        self.add("status", bar.currentMessage(), bar, QRect(0, 0, min([bar.width(), *places]), bar.height()))

    def read_button(self, button: QAbstractButton) -> None:
        text, kind = plain(button.text()), type(button).__name__
        on = button.isChecked() if button.isCheckable() else None
        if not text.strip() or _shows_icon_alone(button):
            self.read_icon(button)
            return
        if isinstance(button, QCheckBox):
            self.add("checkbox", text, button, is_on=on)
        elif isinstance(button, QRadioButton):
            group = group_of(button)
            called = without_colon(plain(group.title())) if group is not None and self.captioned(group) else ""
            self.add("radio", text, button, is_on=on, container=self.identify(button.parentWidget()), called=called)
        elif isinstance(box := button.parentWidget(), QToolBox):
            chosen = plain(box.itemText(max(box.currentIndex(), 0))) == text
            self.add("tab", text, button, selected=chosen, container=self.identify(box))
        elif isinstance(button, QToolButton) and isinstance(bar := button.parentWidget(), QToolBar):
            self.add("tool", text, button, is_on=on, selected=bool(on), container=self.identify(bar))
        elif isinstance(button, QToolButton) or (isinstance(button, QPushButton) and kind != "QCommandLinkButton"):
            self.add("button", text, button, is_on=on, selected=bool(on))

    def read_icon(self, button: QAbstractButton) -> None:
        """A button without a text, so that buttons and boxes are not counted where there are more than have a name."""
        bar = button.parentWidget()
        if isinstance(button, (QCheckBox, QRadioButton)):
            self.miss(button)
        elif isinstance(button, (QPushButton, QToolButton)) and not is_inside(button, QAbstractItemView, *_WITH_PARTS):
            role: Role = "tool" if isinstance(bar, QToolBar) else "button"
            self.found.append(Control(role, "", self.box(self.rect(button)), enabled=button.isEnabled(),
                                      container=self.identify(bar) if role == "tool" else ""))  # fmt: skip

    def read_label(self, label: QLabel) -> None:
        if is_inside(label, QAbstractItemView, QAbstractButton):
            return
        text = label_text(label)
        if isinstance(label.parent(), QStatusBar):
            self.add("status", text, label)
            return
        font, usual = label.font(), self.window.font()
        bold = font.bold() or "<b>" in label.text() or "font-weight:600" in label.text().replace(" ", "")
        role: Role = "label"
        if len(text) > _MESSAGE and label not in self.captions and not text.endswith(":"):
            role = "message"
        elif label not in self.captions and (bold or font.pixelSize() > usual.pixelSize() + 2):
            role = "label" if is_value(label) else "heading"
        self.add(role, text, label)

    def read_line(self, line: QLineEdit) -> None:
        if (
            isinstance(line.parent(), (QAbstractSpinBox, QComboBox))
            or is_part(line)
            or is_inside(line, QAbstractItemView)
        ):
            return
        label = self.label_of(line)
        if line.text() and line.echoMode() == QLineEdit.EchoMode.Normal:
            self.add("field", line.text(), line, label=label)
        elif label and not line.text() and not line.placeholderText() and self.whole(line):
            rect = self.rect(line)
            above = self.places_in(self.rect(self.labels[line]))
            if not self.places_in(rect) and above:
                self.put("field", "", self.box(rect), above[0], line, label=label)

    def read_group(self, group: QGroupBox) -> None:
        place = self.caption_of(group)
        if place is None or not plain(group.title()).isascii() or not self.whole(group):
            if group.title():
                self.miss(group)
            return
        on = group.isChecked() if group.isCheckable() else None
        self.put("group", " ".join(plain(group.title()).split()), self.box(self.rect(group)), place, group, is_on=on,
                 container=self.identify(group))  # fmt: skip

    def read_tabs(self, bar: QTabBar) -> None:
        for at in range(bar.count()):
            rect = bar.tabRect(at)
            self.add("tab", plain(bar.tabText(at)), bar, rect, selected=at == bar.currentIndex(),
                     container=self.identify(bar), enabled=bar.isTabEnabled(at))  # fmt: skip

    def read_menus(self, bar: QMenuBar) -> None:
        for action in bar.actions():
            if action.isVisible() and action.text():
                self.add("menu", plain(action.text()), bar, bar.actionGeometry(action), container=self.identify(bar),
                         enabled=action.isEnabled())  # fmt: skip

    def read_dock(self, dock: QDockWidget) -> None:
        inner = dock.widget()
        title = QRect(0, 0, dock.width(), inner.geometry().top() if inner else dock.height())
        self.add("heading", plain(dock.windowTitle()), dock, title)

    # --- lists, trees, tables

    def read_view(self, view: QListWidget | QTreeWidget | QTableWidget) -> None:
        called, port = self.called(view), view.viewport()
        common = {"container": self.identify(view), "called": called}
        headers: list[QHeaderView] = []
        if isinstance(view, QTreeWidget) and not view.isHeaderHidden():
            headers = [view.header()]
        elif isinstance(view, QTableWidget):
            headers = [head for head in (view.horizontalHeader(), view.verticalHeader()) if head.isVisible()]
        for head in headers:
            self.read_header(head, common)
        many = not isinstance(view, QListWidget) and view.columnCount() > 1
        for row, column, text, rect, selected in _cells(view):
            if text and not port.rect().contains(rect):
                self.cut.add(common["container"])
            elif text:
                more = {"row": row, "column": column} if many else {}
                self.add(
                    "cell" if many else "entry",
                    text,
                    port,
                    rect,
                    selected=selected,
                    enabled=view.isEnabled(),
                    **more,
                    **common,
                )

    def read_header(self, head: QHeaderView, common: dict[str, str]) -> None:
        model = head.model()
        if model is None or head.orientation() != Qt.Orientation.Horizontal:
            return
        for at in range(head.count()):
            text = str(model.headerData(at, head.orientation()) or "")
            rect = QRect(head.sectionViewportPosition(at), 0, head.sectionSize(at), head.height())
            self.add("header", text, head.viewport(), rect, column=at, **common)


_Cell = tuple[int, int, str, QRect, bool]


def _cells(view: QListWidget | QTreeWidget | QTableWidget) -> Iterator[_Cell]:
    """Rows, columns, texts, rectangles in the viewport, and whether selected."""
    if isinstance(view, QListWidget):
        for row in range(view.count()):
            item = view.item(row)
            yield row, 0, item.text(), view.visualItemRect(item), item.isSelected()
    elif isinstance(view, QTableWidget):
        for row in range(view.rowCount()):
            for column in range(view.columnCount()):
                cell = view.item(row, column)
                if cell is not None:
                    yield row, column, cell.text(), view.visualItemRect(cell), cell.isSelected()
    else:
        walker, row = QTreeWidgetItemIterator(view), -1
        while walker.value():
            entry = walker.value()
            rect = view.visualItemRect(entry)
            if not rect.isEmpty():
                row += 1
                for column in range(view.columnCount()):
                    index = view.indexFromItem(entry, column)
                    yield row, column, entry.text(column), view.visualRect(index), entry.isSelected()
            walker += 1
