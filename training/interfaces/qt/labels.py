"""Which text of a Qt window belongs to which of its fields."""

from __future__ import annotations

import re
from typing import cast

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QBoxLayout,
    QCheckBox,
    QComboBox,
    QFormLayout,
    QGridLayout,
    QGroupBox,
    QLabel,
    QLayout,
    QLayoutItem,
    QLineEdit,
    QPlainTextEdit,
    QProgressBar,
    QRadioButton,
    QTextEdit,
    QWidget,
)

FIELDS = (QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit, QTextEdit, QAbstractSlider, QProgressBar,
          QAbstractItemView)  # fmt: skip
"""Widgets that a label may stand for."""
_LONGEST = 60
_TAG = re.compile(r"<[a-z!][^<>]*>", re.IGNORECASE)
"""By which Qt takes a text for HTML."""


def plain(text: str) -> str:
    """A text as it is seen: without the marks of shortcuts."""
    return re.sub(r"&(.)", r"\1", text)


def label_text(label: QLabel) -> str:
    """What a label shows."""
    text = label.text()
    if label.textFormat() == Qt.TextFormat.RichText or (
        label.textFormat() == Qt.TextFormat.AutoText and _TAG.search(text)
    ):
        document = QTextDocument()
        document.setHtml(text)
        text = document.toPlainText()
        return text.strip()
    return (plain(text) if label.buddy() else text).strip()


def without_colon(text: str) -> str:
    """As people call what a label stands for."""
    return " ".join(text.split()).rstrip(" :")


def _items(layout: QLayout) -> list[QLayoutItem]:
    found = [layout.itemAt(place) for place in range(layout.count())]
    return [one for one in found if one is not None]


def _first_field(layout: QLayout) -> QWidget | None:
    """The field that a row begins with; None where a label, a button or the like comes before it."""
    for item in _items(layout):
        inner, widget = item.layout(), item.widget()
        if inner is not None:
            return _first_field(inner)
        if widget is not None:
            return widget if isinstance(widget, FIELDS) else None
    return None


def _label_at(grid: QGridLayout, row: int, column: int) -> QLabel | None:
    item = grid.itemAtPosition(row, column) if row >= 0 and column >= 0 else None
    widget = item.widget() if item is not None else None
    return widget if isinstance(widget, QLabel) else None


def _position(grid: QGridLayout, place: int) -> tuple[int, int]:
    row, column, *_ = cast("tuple[int, int, int, int]", grid.getItemPosition(place))
    return row, column


def _of_grid(grid: QGridLayout, found: dict[QWidget, QLabel]) -> None:
    for place, item in enumerate(_items(grid)):
        inner = item.layout()
        field = item.widget() or (_first_field(inner) if inner is not None else None)
        if not isinstance(field, FIELDS) or field in found:
            continue
        row, column = _position(grid, place)
        label = _label_at(grid, row, column - 1)
        above = _label_at(grid, row - 1, column)
        if label is None and above is not None and column == 0:
            label = above
        if label is not None:
            found[field] = label


def _of_box(box: QBoxLayout, found: dict[QWidget, QLabel]) -> None:
    before: QLabel | None = None
    for item in _items(box):
        inner = item.layout()
        widget = item.widget() or (_first_field(inner) if isinstance(inner, QBoxLayout) else None)
        if isinstance(widget, FIELDS) and before is not None:
            found.setdefault(widget, before)
        if item.spacerItem() is None:
            before = widget if isinstance(widget, QLabel) else None


def labels_of(window: QWidget) -> dict[QWidget, QLabel]:
    """The label of every field that has one."""
    found: dict[QWidget, QLabel] = {}
    for label in window.findChildren(QLabel):
        buddy = label.buddy()
        if isinstance(buddy, FIELDS):
            found[buddy] = label
    for form in window.findChildren(QFormLayout):
        for row in range(form.rowCount()):
            first = form.itemAt(row, QFormLayout.ItemRole.LabelRole)
            second = form.itemAt(row, QFormLayout.ItemRole.FieldRole)
            text = first.widget() if first is not None else None
            if second is None or not isinstance(text, QLabel):
                continue
            inner = second.layout()
            field = second.widget() or (_first_field(inner) if inner is not None else None)
            if isinstance(field, FIELDS):
                found.setdefault(field, text)
    for grid in window.findChildren(QGridLayout):
        _of_grid(grid, found)
    for box in window.findChildren(QBoxLayout):
        _of_box(box, found)
    used: dict[QLabel, QWidget] = {}
    for field, label in found.items():
        used.setdefault(label, field)
    return {field: label for field, label in found.items()
            if used[label] is field and 0 < len(label_text(label)) <= _LONGEST}  # fmt: skip


def is_beside(label: QWidget, field: QWidget) -> bool:
    """Whether a label that is laid out stands in the row of a field, or above or below it."""
    one, other = (QRect(widget.mapToGlobal(QPoint()), widget.size()) for widget in (label, field))
    return min(one.bottom(), other.bottom()) > max(one.top(), other.top()) or (
        min(one.right(), other.right()) > max(one.left(), other.left())
    )


def is_value(label: QLabel) -> bool:
    """Whether a label, laid out, is what another with a colon in its row stands for."""
    row = label.y() + label.height() / 2
    above = label.parentWidget()
    others = above.findChildren(QLabel, options=Qt.FindChildOption.FindDirectChildrenOnly) if above else []
    return any(one is not label and one.isVisible() and one.y() <= row <= one.y() + one.height()
               and one.x() < label.x() and label_text(one).endswith(":") for one in others)  # fmt: skip


def ticked_for(widget: QWidget) -> str:
    """What the check box or radio button says that comes directly before a field; "" where there is none."""
    above = widget.parentWidget()
    if above is None:
        return ""
    siblings = [one for one in above.children() if isinstance(one, QWidget)]
    before = siblings[max(siblings.index(widget) - 1, 0)]
    return plain(before.text()) if isinstance(before, (QCheckBox, QRadioButton)) else ""


def group_of(widget: QWidget) -> QGroupBox | None:
    """The innermost captioned frame around a widget."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, QGroupBox) and above.title():
            return above
        above = above.parentWidget()
    return None


def is_inside(widget: QWidget, *kinds: type[QWidget]) -> bool:
    """Whether it is a part of another control, such as the editor of a spin box."""
    above = widget.parentWidget()
    while above is not None:
        if isinstance(above, kinds):
            return True
        above = above.parentWidget()
    return False


def is_part(widget: QWidget) -> bool:
    """Whether Qt made it as a part of a control."""
    return widget.objectName().startswith("qt_") and not isinstance(widget, QAbstractButton)
