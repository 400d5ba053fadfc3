"""What a view shows: its parts, its pixels, its menus."""

from __future__ import annotations

from typing import TypeVar

from PySide6.QtCore import QPoint
from PySide6.QtGui import QAction, QColor, QImage
from PySide6.QtWidgets import QApplication, QWidget

from desktop_vlm.ui.markdown import MarkdownView
from desktop_vlm.ui.markdown.prose import Prose
from desktop_vlm.ui.markdown.table_block import TableBlock
from tests.ui.markdown.settled_view import SettledView

T = TypeVar("T", bound=QWidget)

CODE = 'def f(x):\n\treturn "\U0001f600" + x  # note\n'
TABLE = "| a | b |\n|:--|--:|\n| `1` | $x$ |\n| 3 | 4 |"


def only(view: MarkdownView, kind: type[T]) -> T:
    (part,) = [part for part in view.parts() if isinstance(part, kind)]
    return part


def picture(view: MarkdownView) -> QImage:
    focus = QApplication.focusWidget()
    if focus is not None:
        focus.clearFocus()  # no caret in the picture
    assert isinstance(view, SettledView)
    view.settle()
    view.resize(view.width(), max(1, view.heightForWidth(view.width())))
    QApplication.processEvents()
    view.settle()
    image = QImage(view.size(), QImage.Format.Format_RGB32)
    image.fill(QColor("#808080"))
    view.render(image)
    return image


def counted(image: QImage, color: str) -> int:
    requested = QColor(color).rgb()
    return sum(image.pixel(x, y) == requested for y in range(image.height()) for x in range(image.width()))


def actions(part: Prose | TableBlock, at: QPoint) -> dict[str, QAction]:
    return {action.text(): action for action in part.context_menu(at).actions()}


def clipboard() -> str:
    return QApplication.clipboard().text()
